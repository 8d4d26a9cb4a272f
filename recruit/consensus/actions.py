"""Writes of consensus meetings: one verb, one transaction, one audit event.

Nothing here touches a rating: what is agreed stands beside what each interviewer gave.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from recruit.audit.actions import record
from recruit.consensus import queries
from recruit.consensus.models import Agreement, ConsensusMeeting
from recruit.database import db, write
from recruit.requisitions.models import Work
from recruit.requisitions.work import locked_for
from recruit.scorecards.actions import record_reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from recruit.accounts.models import User
    from recruit.candidates.models import Candidate
    from recruit.consensus.queries import Meeting


class MeetingIsNotOpen(ValueError):
    """Somebody concerned has yet to submit, or there are fewer than two to agree."""


class NobodyIsPresent(ValueError):
    """Nothing can be agreed on before it is written down who is there."""


class TooFewArePresent(ValueError):
    """Fewer than two of those who have a seat on the panel now are there."""


class ConsensusConflict(ValueError):
    """It was saved elsewhere after the version that this save builds on."""


@dataclass(frozen=True)
class Outcome:
    """What the panel says on a topic; with neither score nor recommendation, no agreement."""

    score: int | None
    recommendation: str | None
    rationale: str


@dataclass(frozen=True)
class Place:
    """The meeting that something is written in: a candidate and a round, or the whole process."""

    requisition_id: int
    candidate: Candidate
    round_position: int


def note_presence(
    place: Place, *, present: Sequence[int], others: str, version: int, actor_id: int
) -> None:
    """Write down who is there, building on ``version`` (0 before the first time).

    ``present`` are ids of panel members. Raises MeetingIsNotOpen, TooFewArePresent,
    ConsensusConflict, RequisitionHasEnded, and ValueError for somebody who is not on the panel.
    """
    with write():
        locked_for(place.requisition_id, Work.RECRUIT)
        found = _open(place, actor_id)
        if not set(present) <= {user.id for user in found.panel}:
            raise ValueError("not on the panel")
        _check_present(found, present)
        stored = found.stored
        if stored is not None:
            # One at a time: the second of two finds what the first wrote.
            db.session.refresh(stored, with_for_update=True)
        if stored is not None and (stored.present, stored.others) == (list(present), others):
            return
        if version != (stored.version if stored else 0):
            raise ConsensusConflict
        if stored is None:
            stored = ConsensusMeeting(
                requisition_id=place.requisition_id,
                candidate_id=place.candidate.id,
                round_position=place.round_position,
            )
            db.session.add(stored)
        stored.present = list(present)
        stored.others = others
        stored.version = version + 1
        _flush()
        record(
            "consensus.note_presence",
            actor_id=actor_id,
            subject=f"candidate:{place.candidate.id}",
            requisition_id=place.requisition_id,
            round=place.round_position,
        )


def agree(place: Place, topic: str, outcome: Outcome, *, version: int, actor_id: int) -> None:
    """Write down what is agreed on a topic, building on ``version`` (0 before the first time).

    What was agreed before stays, as an earlier version. A save that repeats what is stored is
    acknowledged again. Raises MeetingIsNotOpen, NobodyIsPresent, TooFewArePresent,
    ConsensusConflict, RequisitionHasEnded, and a 404 error for a topic that the meeting does not
    have.
    """
    with write():
        locked_for(place.requisition_id, Work.RECRUIT)
        found = _open(place, actor_id)
        fingerprint = found.topic(topic).fingerprint
        meeting = found.stored
        if meeting is None:
            raise NobodyIsPresent
        # One at a time: the second of two finds the first.
        db.session.execute(
            select(ConsensusMeeting.id).where(ConsensusMeeting.id == meeting.id).with_for_update()
        )
        latest = db.session.scalar(
            select(Agreement)
            .where(Agreement.meeting_id == meeting.id, Agreement.topic == topic)
            .order_by(Agreement.version.desc())
            .limit(1)
        )
        if (
            latest is not None
            and latest.fingerprint == fingerprint
            and outcome == Outcome(latest.score, latest.recommendation, latest.rationale)
        ):
            return
        if version != (latest.version if latest else 0):
            raise ConsensusConflict
        # Who was there may have lost the seat since it was written down.
        there = _check_present(found, meeting.present)
        db.session.add(
            Agreement(
                meeting_id=meeting.id,
                topic=topic,
                version=version + 1,
                score=outcome.score,
                recommendation=outcome.recommendation,
                rationale=outcome.rationale,
                present=[user.name for user in there] + meeting.others.splitlines(),
                fingerprint=fingerprint,
                saved_by_id=actor_id,
            )
        )
        _flush()
        record(
            "consensus.agree",
            actor_id=actor_id,
            subject=f"candidate:{place.candidate.id}",
            requisition_id=place.requisition_id,
            round=place.round_position,
            topic=topic,
            version=version + 1,
        )


def note_view(place: Place, *, kind: str, actor_id: int) -> None:
    """Record who saw where the ratings differ, and in which form (meeting, topics, minutes)."""
    record_reading(
        "consensus.view",
        actor_id=actor_id,
        subject=f"candidate:{place.candidate.id}",
        requisition_id=place.requisition_id,
        about={place.candidate.id},
        round=place.round_position,
        kind=kind,
    )


def _open(place: Place, actor_id: int) -> Meeting:
    found = queries.meeting(actor_id, place.requisition_id, place.candidate, place.round_position)
    if not found.is_open:
        raise MeetingIsNotOpen
    return found


def _check_present(found: Meeting, present: Iterable[int]) -> list[User]:
    there = found.present(present)
    if len(there) < queries.FEWEST:
        raise TooFewArePresent
    return there


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        # Another device came in between.
        raise ConsensusConflict from error


def renew_fingerprints(requisition_id: int, former: Mapping[tuple[int, str], str]) -> None:
    """Let agreements rest on the ratings as they now read, within the running transaction.

    For when a name was taken out of evidence, which changes no rating. Only agreements that rested
    on the ``former`` fingerprints (``queries.fingerprints``) do.
    """
    present = queries.fingerprints(requisition_id)
    for agreement in db.session.scalars(
        select(Agreement)
        .join(Agreement.meeting)
        .where(ConsensusMeeting.requisition_id == requisition_id)
    ):
        topic = (agreement.meeting_id, agreement.topic)
        if topic in present and former.get(topic) == agreement.fingerprint:
            agreement.fingerprint = present[topic]
