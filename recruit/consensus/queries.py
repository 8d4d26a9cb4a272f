"""Reads of consensus meetings.

Ratings come from ``recruit.scorecards.queries`` only, which gives a reader nothing about a
candidate whom they have yet to rate. On top of that rule nobody gets a topic before everybody
concerned has submitted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask import abort
from sqlalchemy import exists, select
from sqlalchemy.orm import selectinload

from recruit.access import Permission, candidates_met, may, participants
from recruit.candidates.models import CandidateState
from recruit.candidates.queries import candidates
from recruit.consensus.models import Agreement, ConsensusMeeting
from recruit.consensus.topics import Topic, topics
from recruit.database import db
from recruit.interviews.queries import rounds_of_candidates
from recruit.scorecards import queries as scorecards
from recruit.scorecards.independence import withheld_candidates

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from recruit.accounts.models import User
    from recruit.candidates.models import Candidate
    from recruit.interviews.models import Interview
    from recruit.scorecards.models import Scorecard

WHOLE = 0
"""The place of the whole process among a candidate's rounds."""
NOBODY = 0
"""A reader who sits on no panel: nothing is withheld from what is computed for no person."""
FEWEST = 2
"""People of the panel below which there is nothing to agree on, and nobody to agree with."""


@dataclass(frozen=True)
class Agreed:
    """What the panel holds about a candidate on one topic after discussion.

    ``topic`` is a competency or ``topics.RECOMMENDATION``; ``round_name`` is empty for the whole
    process. With neither ``score`` nor ``recommendation`` they did not agree. ``changed_since``
    tells that the independent ratings are no longer those that the panel had before it.
    """

    candidate_id: int
    round_position: int
    round_name: str
    topic: str
    version: int
    score: int | None
    recommendation: str | None
    rationale: str
    present: tuple[str, ...]
    saved_at: datetime
    saved_by: str
    changed_since: bool


@dataclass(frozen=True)
class Meeting:
    """The meeting about a candidate in one round, or in the whole process, for one reader.

    ``panel`` are those who have a seat now. ``topics`` is empty unless the meeting ``is_open``.
    ``waiting`` names those who have yet to submit; ``withheld`` tells that the reader is one of
    them, in this round or another.
    """

    candidate: Candidate
    round_position: int
    round_name: str
    panel: tuple[User, ...]
    waiting: tuple[str, ...]
    withheld: bool
    raters: int
    topics: tuple[Topic, ...]
    agreed: tuple[Agreed, ...]
    stored: ConsensusMeeting | None

    @property
    def is_open(self) -> bool:
        """Whether the panel may meet: everybody has submitted, and there are at least two."""
        return (
            not self.waiting
            and not self.withheld
            and self.raters >= FEWEST
            and not self.panel_is_too_small
        )

    @property
    def panel_is_too_small(self) -> bool:
        """Whether fewer have a seat now than an agreement needs."""
        return len(self.panel) < FEWEST

    def present(self, people: Iterable[int]) -> list[User]:
        """Return those of the people (user ids) who have a seat now, by name."""
        wanted = set(people)
        return [user for user in self.panel if user.id in wanted]

    def topic(self, key: str) -> Topic:
        """Return one topic. Raises a 404 error when there is none."""
        return next((topic for topic in self.topics if topic.key == key), None) or abort(404)

    def agreed_on(self, key: str) -> Agreed | None:
        """Return what holds on the topic."""
        return next((agreed for agreed in self.agreed if agreed.topic == key), None)

    @property
    def undiscussed(self) -> list[Topic]:
        """The topics on which the interviewers differ and nothing is agreed yet."""
        return [topic for topic in self.topics if topic.differs and not self.agreed_on(topic.key)]

    def history(self, key: str) -> list[Agreement]:
        """Return what was agreed on the topic before it was changed, first to last."""
        if self.stored is None or self.agreed_on(key) is None:
            return []
        return [a for a in self.stored.agreements if a.topic == key][:-1]


@dataclass(frozen=True)
class Meetings:
    """The meetings about one candidate: about the whole process and, when several, each round."""

    whole: Meeting
    rounds: tuple[Meeting, ...]

    @property
    def with_minutes(self) -> list[Meeting]:
        """Those in which something is agreed, the whole first."""
        return [meeting for meeting in (self.whole, *self.rounds) if meeting.agreed]


def meetings(reader: Any, requisition_id: int) -> list[Meetings]:
    """Return the meetings that the reader may hold or follow, candidate by candidate.

    Who has withdrawn is left out, unless something was agreed before.
    """
    met = None
    if not may(reader, Permission.CONSENSUS_HOLD, requisition_id):
        met = candidates_met(reader, requisition_id)
    found = _meetings(
        reader.id,
        requisition_id,
        [c for c in candidates(requisition_id) if met is None or c.id in met],
    )
    by_candidate = [
        Meetings(whole, tuple(rounds))
        for _candidate, (whole, *rounds) in groupby(found, lambda one: one.candidate)
    ]
    return [
        one
        for one in by_candidate
        if one.whole.candidate.state == CandidateState.ACTIVE or one.with_minutes
    ]


def meeting(
    reader_id: int, requisition_id: int, candidate: Candidate, round_position: int
) -> Meeting:
    """Return one meeting. Raises a 404 error when the candidate has no interview in the round."""
    found = _meetings(reader_id, requisition_id, [candidate])
    return next((m for m in found if m.round_position == round_position), None) or abort(404)


def agreed(reader_id: int, requisition_id: int) -> tuple[Agreed, ...]:
    """Return all that is agreed in a requisition on candidates whom the reader may compare.

    It stands beside the independent ratings and never replaces them.
    """
    if not db.session.scalar(
        select(exists().where(ConsensusMeeting.requisition_id == requisition_id))
    ):
        return ()
    return tuple(
        item
        for found in _meetings(reader_id, requisition_id, candidates(requisition_id))
        for item in found.agreed
    )


def fingerprints(requisition_id: int) -> dict[tuple[int, str], str]:
    """Return what tells the independent ratings apart now, by number of meeting and topic."""
    cards = scorecards.visible_scorecards(NOBODY, requisition_id)
    stored = db.session.scalars(
        select(ConsensusMeeting).where(ConsensusMeeting.requisition_id == requisition_id)
    )
    return {
        (found.id, topic.key): topic.fingerprint
        for found in stored
        for topic in topics(
            [
                card
                for card in cards
                if card.interview.candidate_id == found.candidate_id
                and found.round_position in {WHOLE, _position(card.interview)}
            ]
        )
    }


def _meetings(reader_id: int, requisition_id: int, people: Sequence[Candidate]) -> list[Meeting]:
    interviews = rounds_of_candidates(requisition_id)
    withheld = withheld_candidates(reader_id, requisition_id)
    outstanding = scorecards.outstanding(requisition_id)
    here = participants(requisition_id)
    cards = [
        card
        for card in scorecards.visible_scorecards(reader_id, requisition_id)
        if card.interview.candidate_id not in withheld
    ]
    stored = {
        (found.candidate_id, found.round_position): found
        for found in db.session.scalars(
            select(ConsensusMeeting)
            .where(ConsensusMeeting.requisition_id == requisition_id)
            .options(selectinload(ConsensusMeeting.agreements).joinedload(Agreement.saved_by))
        )
    }
    return [
        _meeting(
            candidate,
            scope,
            [one for one in interviews[candidate.id] if scope in {WHOLE, _position(one)}],
            [pair for pair in outstanding if pair[0].candidate_id == candidate.id],
            [card for card in cards if card.interview.candidate_id == candidate.id],
            stored.get((candidate.id, scope)),
            here,
            withheld=candidate.id in withheld,
        )
        for candidate in people
        if candidate.id in interviews
        for scope in _scopes(interviews[candidate.id])
    ]


def _position(interview: Interview) -> int:
    return interview.guide_version.guide.position


def _scopes(interviews: Sequence[Interview]) -> list[int]:
    rounds = sorted({_position(one) for one in interviews})
    return [WHOLE, *rounds] if len(rounds) > 1 else [WHOLE]


def _meeting(
    candidate: Candidate,
    scope: int,
    interviews: list[Interview],
    outstanding: list[tuple[Interview, User]],
    cards: list[Scorecard],
    stored: ConsensusMeeting | None,
    here: frozenset[int],
    *,
    withheld: bool,
) -> Meeting:
    ids = {one.id for one in interviews}
    cards = [card for card in cards if card.interview_id in ids]
    panel = {m.user_id: m.user for one in interviews for m in one.panel if m.user_id in here}
    # Whoever sits in the room must have submitted everything about the candidate, not this round
    # only: they would hear what others think before they rate in the next.
    waiting = dict.fromkeys(user.name for _, user in outstanding if user.id in panel)
    raters = len({card.user_id for card in cards})
    found = topics(cards)
    name = interviews[0].guide_version.guide.name if scope != WHOLE else ""
    meeting = Meeting(
        candidate=candidate,
        round_position=scope,
        round_name=name,
        panel=tuple(sorted(panel.values(), key=lambda user: (user.name, user.id))),
        waiting=tuple(waiting),
        withheld=withheld,
        raters=raters,
        topics=(),
        agreed=() if stored is None or withheld else _agreed(stored, found, name),
        stored=stored,
    )
    return replace(meeting, topics=found) if meeting.is_open else meeting


def _agreed(
    stored: ConsensusMeeting, found: tuple[Topic, ...], round_name: str
) -> tuple[Agreed, ...]:
    now = {topic.key: topic.fingerprint for topic in found}
    latest = {agreement.topic: agreement for agreement in stored.agreements}
    order = [key for key in now if key in latest]
    order += [key for key in latest if key not in now]
    return tuple(
        Agreed(
            candidate_id=stored.candidate_id,
            round_position=stored.round_position,
            round_name=round_name,
            topic=key,
            version=latest[key].version,
            score=latest[key].score,
            recommendation=latest[key].recommendation,
            rationale=latest[key].rationale,
            present=tuple(latest[key].present),
            saved_at=latest[key].saved_at,
            saved_by=latest[key].saved_by.name,
            changed_since=now.get(key) != latest[key].fingerprint,
        )
        for key in order
    )
