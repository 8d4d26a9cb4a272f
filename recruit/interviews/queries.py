"""Reads of interviews."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from recruit.access import takes_part
from recruit.candidates.models import Candidate
from recruit.database import db, now
from recruit.guides.models import GuideVersion
from recruit.guides.queries import content_of
from recruit.interviews.letters import about
from recruit.interviews.models import (
    OF_OWN_ACCORD,
    DepartureKind,
    Interview,
    InterviewState,
    PanelDeparture,
    PanelMember,
)
from recruit.mail.models import Delivery, DeliveryState
from recruit.mail.queries import deliveries_about
from recruit.requisitions.models import Requisition, RequisitionState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from recruit.accounts.models import User
    from recruit.core.guide import Guide

_WHOLE = (
    joinedload(Interview.candidate),
    joinedload(Interview.guide_version).joinedload(GuideVersion.guide),
    selectinload(Interview.panel).joinedload(PanelMember.user),
)


@dataclass(frozen=True)
class Told:
    """How the mails about an interview as it now stands went: person and mail."""

    waiting: tuple[tuple[str, Delivery], ...]
    failed: tuple[tuple[str, Delivery], ...]
    sent: int
    elsewhere: Delivery | None
    """What the candidate got at an address that is no longer theirs, and at no other."""


def interviews(requisition_id: int, *, reader_id: int | None = None) -> Sequence[Interview]:
    """Return the interviews of a requisition with candidate, round and panel, by time.

    Those whose panel ``reader_id`` has left of their own accord are not among them.
    """
    left = select(PanelDeparture.interview_id).where(
        PanelDeparture.user_id == reader_id, PanelDeparture.kind.in_(OF_OWN_ACCORD)
    )
    return db.session.scalars(
        select(Interview)
        .where(Interview.requisition_id == requisition_id, Interview.id.not_in(left))
        .options(*_WHOLE)
        .order_by(Interview.starts_at, Interview.id)
    ).all()


def interview(requisition_id: int, interview_id: int) -> Interview:
    """Return one interview. Raises a 404 error when it is not the requisition's."""
    found = db.session.scalar(
        select(Interview)
        .where(Interview.id == interview_id, Interview.requisition_id == requisition_id)
        .options(*_WHOLE)
    )
    if found is None:
        abort(404)
    return found


def requisition_of(interview_id: int) -> int:
    """Return the number of the interview's requisition. Raises NoResultFound."""
    return db.session.scalars(
        select(Interview.requisition_id).where(Interview.id == interview_id)
    ).one()


@dataclass(frozen=True)
class Submitted:
    """How many seats of an interview there are, and from how many ratings are submitted."""

    submitted: int
    seats: int


def submitted(interviews: Iterable[Interview]) -> Mapping[int, Submitted]:
    """Return how many have submitted, by interview id; a scorecard that is reopened has not."""
    # By table name, not by class: scorecards stand above this module.
    scorecard = db.metadata.tables["scorecard"]
    interviews = list(interviews)
    cards = defaultdict[int, set[int]](set)
    for interview_id, user_id in db.session.execute(
        select(scorecard.c.interview_id, scorecard.c.user_id).where(
            scorecard.c.interview_id.in_([interview.id for interview in interviews]),
            scorecard.c.state == "submitted",
        )
    ):
        cards[interview_id].add(user_id)
    return {
        interview.id: Submitted(
            submitted=sum(seat.user_id in cards[interview.id] for seat in interview.panel),
            seats=len(interview.panel),
        )
        for interview in interviews
    }


def erased(numbers: Collection[int]) -> list[int]:
    """Return those of the numbers that no interview has; none is given twice."""
    kept = set(db.session.scalars(select(Interview.id).where(Interview.id.in_(numbers))))
    return sorted(set(numbers) - kept)


def guide_of(requisition_id: int, interview_id: int) -> Guide:
    """Return what an interview asks. Raises a 404 error when it is not the requisition's."""
    version = db.session.execute(
        select(GuideVersion.id, GuideVersion.published_at)
        .join(Interview, Interview.guide_version_id == GuideVersion.id)
        .where(Interview.id == interview_id, Interview.requisition_id == requisition_id)
    ).one_or_none()
    if version is None:
        abort(404)
    return content_of(*version)


def interviews_of(user_id: int) -> Sequence[Interview]:
    """Return the interviews, not cancelled, on whose panel the person sits, by time.

    Seats in a requisition in which the person no longer takes part do not count.
    """
    return db.session.scalars(
        select(Interview)
        .join(Interview.panel)
        .where(
            PanelMember.user_id == user_id,
            Interview.state != InterviewState.CANCELLED,
            takes_part(user_id, Interview.requisition_id),
        )
        .options(*_WHOLE, joinedload(Interview.candidate).joinedload(Candidate.requisition))
        .order_by(Interview.starts_at, Interview.id)
    ).all()


def to_come(interviews: Iterable[Interview]) -> list[Interview]:
    """Return those that are planned and not over."""
    moment = now()
    return [i for i in interviews if i.state == InterviewState.PLANNED and i.ends_at > moment]


def to_be_cancelled(candidate_id: int) -> Sequence[Interview]:
    """Return the planned interviews of a candidate that have not begun, by time."""
    return db.session.scalars(
        select(Interview)
        .where(
            Interview.candidate_id == candidate_id,
            Interview.state == InterviewState.PLANNED,
            Interview.starts_at > now(),
        )
        .options(*_WHOLE)
        .order_by(Interview.starts_at, Interview.id)
    ).all()


def in_round(guide_id: int, candidate_ids: Iterable[int]) -> Sequence[Interview]:
    """Return the interviews, not cancelled, that the candidates have in a round, by time."""
    return db.session.scalars(
        select(Interview)
        .join(Interview.guide_version)
        .where(
            GuideVersion.guide_id == guide_id,
            Interview.candidate_id.in_(list(candidate_ids)),
            Interview.state != InterviewState.CANCELLED,
        )
        .options(*_WHOLE)
        .order_by(Interview.starts_at, Interview.id)
    ).all()


def rounds_of_candidates(requisition_id: int) -> Mapping[int, Sequence[Interview]]:
    """Return the interviews, not cancelled, of each candidate by candidate id."""
    found: defaultdict[int, list[Interview]] = defaultdict(list)
    for one in interviews(requisition_id):
        if one.state != InterviewState.CANCELLED:
            found[one.candidate_id].append(one)
    return found


def told(interviews: Sequence[Interview]) -> Mapping[int, Told]:
    """Return how the mails about each interview, as it now stands, went; by interview id."""
    deliveries = deliveries_about(about(one.id) for one in interviews)
    found = {}
    for one in interviews:
        names = {m.user.recipient: m.user.name for m in one.panel}
        names[f"candidate:{one.candidate_id}"] = one.candidate.name
        latest = [
            (names.get(delivery.recipient, delivery.address), delivery)
            for delivery in deliveries.get(about(one.id), ())
            if delivery.sequence == one.sequence
        ]
        states = DeliveryState
        former = [d for _, d in latest if _went_elsewhere(d, one)]
        reached = any(
            d.recipient == _person(one) and d not in former and d.state != states.DROPPED
            for _, d in latest
        )
        found[one.id] = Told(
            waiting=tuple(p for p in latest if p[1].state in {states.WAITING, states.SENDING}),
            failed=tuple(p for p in latest if p[1].state == states.FAILED),
            sent=len(
                {d.recipient for _, d in latest if d.state == states.SENT and d not in former}
            ),
            elsewhere=former[-1] if former and not reached else None,
        )
    return found


def invitations_gone_elsewhere(candidate_id: int) -> list[tuple[Interview, Delivery]]:
    """Return the interviews to come that the candidate was told of at a former address only."""
    coming = [
        one
        for one in to_be_cancelled(candidate_id)
        if one.candidate_invited and one.candidate.email and one.ends_at > now()
    ]
    mails = told(coming)
    return [(one, mail) for one in coming if (mail := mails[one.id].elsewhere) is not None]


def _person(interview: Interview) -> str:
    return f"candidate:{interview.candidate_id}"


def _went_elsewhere(delivery: Delivery, interview: Interview) -> bool:
    return (
        delivery.recipient == _person(interview)
        and delivery.state == DeliveryState.SENT
        and delivery.address.lower() != interview.candidate.email.lower()
    )


def departures(interview_id: int) -> Sequence[PanelDeparture]:
    """Return who has left the interview's panel, first to last, with who took the seat."""
    return db.session.scalars(
        select(PanelDeparture)
        .where(PanelDeparture.interview_id == interview_id)
        .options(joinedload(PanelDeparture.user), joinedload(PanelDeparture.replaced_by))
        .order_by(PanelDeparture.id)
    ).all()


def replacements(interview: Interview, people: Sequence[User]) -> list[User]:
    """Return those of the people who can take a seat: neither on the panel nor gone from it.

    Whoever has left any panel of the candidate of their own accord is gone from all of them.
    """
    left = set(
        db.session.scalars(
            select(PanelDeparture.user_id)
            .join(PanelDeparture.interview)
            .where(
                Interview.candidate_id == interview.candidate_id,
                PanelDeparture.kind.in_(OF_OWN_ACCORD),
            )
        )
    )
    seated = {member.user_id for member in interview.panel}
    return [user for user in people if user.id not in left | seated]


def vacant_seats() -> Sequence[PanelDeparture]:
    """Return the seats of planned interviews that nobody has taken since they were left.

    Only in open requisitions. A recruiter who changed a panel knows of the seat.
    """
    return db.session.scalars(
        select(PanelDeparture)
        .join(PanelDeparture.interview)
        .join(Requisition, Requisition.id == Interview.requisition_id)
        .where(
            PanelDeparture.replaced_at.is_(None),
            PanelDeparture.kind != DepartureKind.CHANGED,
            Interview.state == InterviewState.PLANNED,
            Requisition.state == RequisitionState.OPEN,
        )
        .options(
            joinedload(PanelDeparture.user),
            joinedload(PanelDeparture.interview).joinedload(Interview.candidate),
            joinedload(PanelDeparture.interview)
            .joinedload(Interview.guide_version)
            .joinedload(GuideVersion.guide),
        )
        .order_by(Interview.starts_at, PanelDeparture.id)
    ).all()
