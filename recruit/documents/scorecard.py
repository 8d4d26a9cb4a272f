"""One interviewer's completed scorecard for one interview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recruit.documents.report import Report

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class ScorecardRating:
    """One rating; ``anchor`` is the text of the point that was chosen, empty when none was."""

    competency: str
    score: int | None
    anchor: str
    level: str
    evidence: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CompletedScorecard(Report):
    """What one interviewer handed in.

    ``marks`` are the phrases of what sets it apart: typed in from paper, reopened. ``notes`` are
    (question, text); ``recommendation`` is "yes", "yes_with_doubts", "no" or empty.
    """

    template = "pdf/scorecard.html"
    kind = "completed scorecard"

    candidate: str
    interviewer: str
    round: str
    guide_version: str
    held: str
    submitted_at: datetime
    ratings: tuple[ScorecardRating, ...]
    notes: tuple[tuple[str, str], ...]
    recommendation: str
    summary: str
    marks: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The candidate's name."""
        return self.candidate

    def facts(self) -> list[tuple[str, str]]:
        """Return who rated whom, where and when."""
        return [
            (self.interviewer, self.words("interviewer")),
            (self.round, self.guide_version),
            (self.held, self.words("s.held")),
            (self.words.date(self.submitted_at), self.words("s.submitted")),
            (self.identity.title, self.short_hash),
        ]

    def content(self) -> dict[str, Any]:
        """Return the ratings with their level in words."""
        t = self.words
        return {
            "rows": [
                {
                    "competency": rating.competency,
                    "score": "–" if rating.score is None else t.point(rating.score),
                    "anchor": rating.anchor,
                    "level": t(f"level.{rating.level}") if rating.level else "",
                    "evidence": rating.evidence.strip(),
                    "reason": rating.reason.strip(),
                }
                for rating in self.ratings
            ],
            "written": [(question, text) for question, text in self.notes if text.strip()],
        }
