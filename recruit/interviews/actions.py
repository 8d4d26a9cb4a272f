"""Writes of interviews: one verb, one transaction, one audit event."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from recruit.audit.actions import record
from recruit.database import db, now, write
from recruit.guides.models import GuideState, GuideVersion
from recruit.interviews.models import (
    DepartureKind,
    Interview,
    InterviewState,
    PanelDeparture,
    PanelMember,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class GuideIsNotPublished(ValueError):
    """An interview needs a published guide."""


class InterviewIsNotPlanned(ValueError):
    """Only a planned interview can be changed or cancelled."""


class SeatIsLeft(ValueError):
    """The person does not sit on the panel, or has left it already."""


class SeatIsTaken(ValueError):
    """Somebody else has taken the seat already, or the person sits on the panel."""


class HasConflict(ValueError):
    """The person has declared a conflict of interest or stepped down for the candidate."""


def plan(
    requisition_id: int,
    *,
    candidate_id: int,
    guide_version_id: int,
    starts_at: datetime,
    timezone: str,
    place: str,
    panel: Sequence[int],
    actor_id: int,
) -> Interview:
    """Plan an interview with its panel (user ids). Raises GuideIsNotPublished and HasConflict."""
    with write():
        version = db.session.get_one(GuideVersion, guide_version_id)
        if version.state != GuideState.PUBLISHED:
            raise GuideIsNotPublished(guide_version_id)
        _check_no_conflict(candidate_id, panel)
        interview = Interview(
            requisition_id=requisition_id,
            candidate_id=candidate_id,
            guide_version_id=version.id,
            starts_at=starts_at,
            timezone=timezone,
            minutes=version.guide.minutes,
            place=place.strip(),
            uid=f"{uuid.uuid4()}@recruit",
            panel=[PanelMember(user_id=user_id) for user_id in dict.fromkeys(panel)],
        )
        db.session.add(interview)
        db.session.flush()
        record(
            "interview.plan",
            actor_id=actor_id,
            subject=f"interview:{interview.id}",
            requisition_id=requisition_id,
            panel=list(panel),
        )
    return interview


def cancel(requisition_id: int, interview_id: int, *, actor_id: int) -> Interview:
    """Cancel a planned interview. Raises InterviewIsNotPlanned."""
    with write():
        interview = db.session.get_one(Interview, interview_id)
        if interview.state != InterviewState.PLANNED:
            raise InterviewIsNotPlanned(interview_id)
        interview.state = InterviewState.CANCELLED
        interview.sequence += 1
        record(
            "interview.cancel",
            actor_id=actor_id,
            subject=f"interview:{interview_id}",
            requisition_id=requisition_id,
        )
    return interview


def step_down(
    interview_id: int, user_id: int, *, kind: DepartureKind, reason: str
) -> list[PanelDeparture]:
    """Leave the panel; a conflict of interest leaves every panel of the candidate.

    The departures stay as the panel's history. Raises SeatIsLeft.
    """
    with write():
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
        departures = []
        for seat in seats:
            departures.append(
                PanelDeparture(
                    interview_id=seat.interview_id,
                    user_id=user_id,
                    kind=kind.value,
                    reason=reason.strip(),
                )
            )
            seat.interview.sequence += 1
            db.session.delete(seat)
        db.session.add_all(departures)
        db.session.flush()
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

    Raises SeatIsTaken, HasConflict, and InterviewIsNotPlanned for a cancelled interview.
    """
    with write():
        departure = db.session.get_one(PanelDeparture, departure_id, with_for_update=True)
        interview = db.session.get_one(Interview, interview_id)
        if departure.interview_id != interview_id or departure.replaced_at is not None:
            raise SeatIsTaken(departure_id)
        if interview.state == InterviewState.CANCELLED:
            raise InterviewIsNotPlanned(interview_id)
        if user_id in {member.user_id for member in interview.panel}:
            raise SeatIsTaken(user_id)
        _check_no_conflict(interview.candidate_id, [user_id])
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
    return departure


def _check_no_conflict(candidate_id: int, panel: Sequence[int]) -> None:
    if db.session.scalar(
        select(PanelDeparture.id)
        .join(PanelDeparture.interview)
        .where(Interview.candidate_id == candidate_id, PanelDeparture.user_id.in_(panel))
        .limit(1)
    ):
        raise HasConflict(candidate_id)
