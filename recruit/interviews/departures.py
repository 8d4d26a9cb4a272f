"""Leaving a panel, and giving the seat to somebody else: one transaction, one audit event each.

Whoever has left a panel for a candidate of their own accord comes on none about them again:
``actions.check_no_conflict``.
"""

from __future__ import annotations

from sqlalchemy import select

from recruit.audit.actions import record
from recruit.database import db, now, write
from recruit.interviews.actions import InterviewIsNotPlanned, check_no_conflict, tell
from recruit.interviews.letters import departure_letter, in_charge_of
from recruit.interviews.models import (
    DepartureKind,
    Interview,
    InterviewState,
    PanelDeparture,
    PanelMember,
)
from recruit.interviews.queries import requisition_of
from recruit.interviews.seats import vacate
from recruit.mail.actions import put
from recruit.requisitions.models import Work
from recruit.requisitions.work import locked_for


class SeatIsLeft(ValueError):
    """The person does not sit on the panel, or has left it already."""


class SeatIsTaken(ValueError):
    """Somebody else has taken the seat already, or the person sits on the panel."""


def step_down(
    interview_id: int, user_id: int, *, kind: DepartureKind, reason: str
) -> list[PanelDeparture]:
    """Leave the panel; a conflict of interest leaves every panel of the candidate.

    The departures stay as the panel's history. Raises SeatIsLeft and RequisitionHasEnded.
    """
    with write():
        locked_for(requisition_of(interview_id), Work.CORRECT)
        interview = db.session.get_one(Interview, interview_id)
        seats = db.session.scalars(
            select(PanelMember)
            .join(PanelMember.interview)
            .where(
                PanelMember.user_id == user_id,
                Interview.state != InterviewState.CANCELLED,
                Interview.candidate_id == interview.candidate_id
                if kind == DepartureKind.CONFLICT
                else Interview.id == interview_id,
            )
            .order_by(PanelMember.id)
            .with_for_update(of=PanelMember)
        ).all()
        if interview_id not in {seat.interview_id for seat in seats}:
            raise SeatIsLeft(interview_id)
        departures = vacate(seats, kind, reason=reason)
        for departure in departures:
            departure.interview.sequence += 1
            tell(departure.interview, "changed", removed=[departure.user])
        for recruiter in in_charge_of(interview):
            put(departure_letter(departures, recruiter))
        record(
            "interview.step_down",
            actor_id=user_id,
            subject=f"interview:{interview_id}",
            requisition_id=interview.requisition_id,
            kind=kind.value,
            interviews=[departure.interview_id for departure in departures],
        )
    return departures


def replace(interview_id: int, departure_id: int, *, user_id: int, actor_id: int) -> PanelDeparture:
    """Give the seat that somebody left to another person.

    Raises SeatIsTaken, HasConflict, RequisitionHasEnded, and InterviewIsNotPlanned for a cancelled
    interview.
    """
    with write():
        locked_for(requisition_of(interview_id), Work.RECRUIT)
        departure = db.session.get_one(PanelDeparture, departure_id, with_for_update=True)
        interview = db.session.get_one(Interview, interview_id)
        if departure.interview_id != interview_id or departure.replaced_at is not None:
            raise SeatIsTaken(departure_id)
        if interview.state == InterviewState.CANCELLED:
            raise InterviewIsNotPlanned(interview_id)
        if user_id in {member.user_id for member in interview.panel}:
            raise SeatIsTaken(user_id)
        check_no_conflict([interview.candidate_id], [user_id])
        interview.panel.append(PanelMember(user_id=user_id))
        interview.sequence += 1
        departure.replaced_by_id = user_id
        departure.replaced_at = now()
        record(
            "interview.replace",
            actor_id=actor_id,
            subject=f"interview:{interview_id}",
            requisition_id=interview.requisition_id,
            left=departure.user_id,
            joined=user_id,
        )
        db.session.flush()
        db.session.expire(interview, ["panel"])
        tell(interview, "changed", added=[user_id])
    return departure
