"""Reads of interviews."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from recruit.database import db, now
from recruit.guides.models import GuideVersion
from recruit.interviews.letters import about
from recruit.interviews.models import Interview, InterviewState, PanelMember
from recruit.mail.models import Delivery, DeliveryState
from recruit.mail.queries import deliveries_about

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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


def interviews(requisition_id: int) -> Sequence[Interview]:
    """Return the interviews of a requisition with candidate, round and panel, by time."""
    return db.session.scalars(
        select(Interview)
        .where(Interview.requisition_id == requisition_id)
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


def interviews_of(user_id: int) -> Sequence[Interview]:
    """Return the interviews, not cancelled, on whose panel the person sits, by time."""
    return db.session.scalars(
        select(Interview)
        .join(Interview.panel)
        .where(PanelMember.user_id == user_id, Interview.state != InterviewState.CANCELLED)
        .options(*_WHOLE)
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
        names = {f"user:{m.user_id}": m.user.name for m in one.panel}
        names[f"candidate:{one.candidate_id}"] = one.candidate.name
        latest = [
            (names.get(delivery.recipient, delivery.address), delivery)
            for delivery in deliveries.get(about(one.id), ())
            if delivery.sequence == one.sequence
        ]
        states = DeliveryState
        found[one.id] = Told(
            waiting=tuple(p for p in latest if p[1].state in {states.WAITING, states.SENDING}),
            failed=tuple(p for p in latest if p[1].state == states.FAILED),
            sent=sum(d.state == states.SENT for _, d in latest),
        )
    return found
