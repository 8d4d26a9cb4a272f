"""What a panel has to talk about: the independent ratings of one candidate, topic by topic."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recruit.core.agreement import average_deviation
from recruit.guides.queries import content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recruit.guides.models import GuideVersion
    from recruit.scorecards.models import Rating, Scorecard

RECOMMENDATION = "_recommendation"
"""The topic that is no competency; no id of the library begins so."""


@dataclass(frozen=True)
class Voice:
    """What one interviewer gave, independently, on one topic in one interview."""

    user_id: int
    interview_id: int
    interviewer: str
    round_name: str
    score: int | None
    recommendation: str | None
    evidence_level: str | None
    evidence: str
    not_assessed_reason: str


@dataclass(frozen=True)
class Topic:
    """One thing to agree on; ``voices`` begin with the lowest score and end with those without.

    ``name`` and ``anchors`` are the guide's; both are empty for the recommendation. ``spread`` is
    the range of the scores in steps, None for fewer than two. ``differs`` tells whether there is
    anything to talk about.
    """

    key: str
    name: str
    anchors: Mapping[str, str]
    voices: tuple[Voice, ...]

    @property
    def scores(self) -> list[int]:
        """The scores that were given."""
        return [voice.score for voice in self.voices if voice.score is not None]

    @property
    def spread(self) -> int | None:
        """Steps between the lowest and the highest score."""
        return max(self.scores) - min(self.scores) if len(self.scores) > 1 else None

    @property
    def some_did_not_assess(self) -> bool:
        """Whether a competency was left unassessed by some or by all."""
        return self.key != RECOMMENDATION and len(self.scores) < len(self.voices)

    @property
    def differs(self) -> bool:
        """Whether the interviewers differ in score or recommendation, or some did not assess."""
        return bool(self.spread) or self.recommendations_differ or self.some_did_not_assess

    @property
    def recommendations_differ(self) -> bool:
        """Whether this is the recommendation and not all gave the same."""
        return len({voice.recommendation for voice in self.voices}) > 1

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hexadecimal) of the independent ratings: a change of any of them changes it."""
        rows = sorted(
            [
                voice.user_id,
                voice.interview_id,
                voice.score or 0,
                voice.recommendation or "",
                voice.evidence_level or "",
                voice.evidence,
                voice.not_assessed_reason,
            ]
            for voice in self.voices
        )
        return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def topics(scorecards: Sequence[Scorecard]) -> tuple[Topic, ...]:
    """Return the topics of the scorecards, all about one candidate, in the order to take them.

    First competencies by spread, the largest first, and by average deviation; then the
    recommendation, where it differs; then what some did not assess; last what all see alike, in the
    guide's order.
    """
    versions = {
        card.interview.guide_version_id: card.interview.guide_version for card in scorecards
    }
    sections = _sections(list(versions.values()))
    found = [
        Topic(
            key,
            name,
            anchors,
            tuple(
                sorted(
                    (
                        _voice(card, rating)
                        for card in scorecards
                        for rating in card.ratings
                        if rating.competency == key
                    ),
                    key=lambda voice: (voice.score is None, voice.score or 0, voice.interviewer),
                )
            ),
        )
        for key, (name, anchors) in sections.items()
    ]
    found = [topic for topic in found if topic.voices]
    if scorecards:
        order = ["no", "yes_with_doubts", "yes"]
        voices = sorted(
            (_advice(card) for card in scorecards),
            key=lambda voice: (order.index(voice.recommendation or "yes"), voice.interviewer),
        )
        found.append(Topic(RECOMMENDATION, "", {}, tuple(voices)))
    return tuple(sorted(found, key=_turn))


def _turn(topic: Topic) -> tuple[int, float, float]:
    spread = topic.spread or 0
    if spread:
        return 0, -spread, -(average_deviation(topic.scores) or 0)
    if topic.recommendations_differ:
        return 1, 0, 0
    return (2 if topic.some_did_not_assess else 3), 0, 0


def _sections(versions: list[GuideVersion]) -> dict[str, tuple[str, Mapping[str, str]]]:
    """Return name and anchors by competency, in the order of the guides."""
    return {
        section.competency: (section.name, section.anchors)
        for version in sorted(versions, key=lambda v: (v.guide.position, v.number))
        for round_ in content(version).rounds
        for section in round_.sections
    }


def _voice(card: Scorecard, rating: Rating) -> Voice:
    return Voice(
        user_id=card.user_id,
        interview_id=card.interview_id,
        interviewer=card.user.name,
        round_name=card.interview.guide_version.guide.name,
        score=rating.score,
        recommendation=None,
        evidence_level=rating.evidence_level,
        evidence=rating.evidence,
        not_assessed_reason=rating.not_assessed_reason,
    )


def _advice(card: Scorecard) -> Voice:
    return Voice(
        user_id=card.user_id,
        interview_id=card.interview_id,
        interviewer=card.user.name,
        round_name=card.interview.guide_version.guide.name,
        score=None,
        recommendation=card.recommendation,
        evidence_level=None,
        evidence=card.summary,
        not_assessed_reason="",
    )
