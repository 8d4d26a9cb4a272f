"""What an interviewer has filled in, as a value; and what is missing before it can be submitted."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from recruit.scorecards.models import EvidenceLevel, Recommendation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recruit.core.guide import Guide
    from recruit.scorecards.models import Scorecard

HIGH = 4
"""Scores from here up need evidence of something done."""


@dataclass(frozen=True)
class RatingEntry:
    """What an interviewer has filled in for one competency."""

    score: int | None = None
    evidence_level: EvidenceLevel | None = None
    evidence: str = ""
    not_assessed_reason: str = ""


@dataclass(frozen=True)
class Entries:
    """Everything that an interviewer has filled in; ratings by competency, notes by question."""

    ratings: Mapping[str, RatingEntry] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    recommendation: Recommendation | None = None
    summary: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the entries as plain data; ``from_json`` reads them back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Entries:
        """Return the entries that ``as_json`` wrote."""
        return cls(
            ratings={
                competency: RatingEntry(
                    score=rating["score"],
                    evidence_level=_level(rating["evidence_level"]),
                    evidence=rating["evidence"],
                    not_assessed_reason=rating["not_assessed_reason"],
                )
                for competency, rating in data["ratings"].items()
            },
            notes=dict(data["notes"]),
            recommendation=_recommendation(data["recommendation"]),
            summary=data["summary"],
        )


@dataclass(frozen=True)
class Gap:
    """Something that must be filled in before submission.

    ``competency`` is None for the recommendation. ``code`` is one of ``not_rated``,
    ``score_and_reason``, ``needs_example``, ``needs_note``, ``needs_level``,
    ``no_recommendation``.
    """

    competency: str | None
    code: str


def entries_of(scorecard: Scorecard) -> Entries:
    """Return what the scorecard holds."""
    return Entries(
        ratings={
            rating.competency: RatingEntry(
                score=rating.score,
                evidence_level=_level(rating.evidence_level),
                evidence=rating.evidence,
                not_assessed_reason=rating.not_assessed_reason,
            )
            for rating in scorecard.ratings
        },
        notes={note.question: note.text for note in scorecard.notes},
        recommendation=_recommendation(scorecard.recommendation),
        summary=scorecard.summary,
    )


def gaps(entries: Entries, guide: Guide) -> list[Gap]:
    """Return what is missing before the scorecard can be submitted, in the guide's order."""
    found: list[Gap] = []
    for competency in guide.competencies:
        entry = entries.ratings.get(competency, RatingEntry())
        reason = entry.not_assessed_reason.strip()
        if entry.score is None:
            if not reason:
                found.append(Gap(competency, "not_rated"))
            continue
        if reason:
            found.append(Gap(competency, "score_and_reason"))
        if entry.evidence_level is None:
            found.append(Gap(competency, "needs_level"))
        elif entry.score >= HIGH and entry.evidence_level == EvidenceLevel.TALK:
            found.append(Gap(competency, "needs_example"))
        if entry.score >= HIGH and not entry.evidence.strip():
            found.append(Gap(competency, "needs_note"))
    if entries.recommendation is None:
        found.append(Gap(None, "no_recommendation"))
    return found


def _level(value: str | None) -> EvidenceLevel | None:
    return EvidenceLevel(value) if value else None


def _recommendation(value: str | None) -> Recommendation | None:
    return Recommendation(value) if value else None
