"""One candidate: every rating and what it rests on, without a word about the other candidates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recruit.documents import grounds
from recruit.documents.report import Report

if TYPE_CHECKING:
    from recruit.core.ratings import Score
    from recruit.documents.comparison import ComparisonDocument


@dataclass(frozen=True)
class Advice:
    """One interviewer's recommendation ("yes", "yes_with_doubts", "no") after one round."""

    interviewer: str
    round: str
    recommendation: str
    summary: str


@dataclass(frozen=True, kw_only=True)
class CandidateReport(Report):
    """``candidate`` is an id in the comparison, which holds what the reader may see."""

    template = "pdf/candidate_report.html"
    kind = "candidate report"

    comparison: ComparisonDocument
    candidate: str
    advice: tuple[Advice, ...]

    @property
    def subject(self) -> str:
        """The candidate's name."""
        return self.candidate

    def content(self) -> dict[str, Any]:
        """Return the candidate's figures and grounds."""
        t, shown = self.words, self.comparison
        result = shown.comparison.result(self.candidate)
        below = grounds.missed(shown, self.candidate)
        return {
            "scale": shown.comparison.scale,
            "lead": ", ".join(
                filter(None, (t("overall is", score=shown.overall(result)), shown.interval(result)))
            ),
            "unsure": result.overall.ci95 is None,
            "competencies": [
                self._competency(key, below.get(key, "")) for key in result.competencies
            ],
        }

    def _competency(self, key: str, below: str) -> dict[str, Any]:
        t, comparison = self.words, self.comparison.comparison
        cell = comparison.cell(self.candidate, key)
        rows = comparison.scores(self.candidate, key)
        given = [row for row in rows if row.score is not None]
        return {
            "name": self.comparison.name_of(key),
            "below": below,
            "mean": "–" if cell.mean is None else t.score(cell.mean),
            "discuss": cell.flag == "discuss",
            "span": self.comparison.span(cell),
            "strip": grounds.strip(self.comparison, key, given),
            "ground": grounds.ground(t, given),
            "voices": [self._voice(row) for row in rows],
        }

    def _voice(self, row: Score) -> dict[str, str]:
        t = self.words
        score = t("not assessed") if row.score is None else t.point(row.score)
        return {
            "interviewer": row.interviewer,
            "score": score,
            "level": t(row.evidence_level) if row.evidence_level else "",
            "text": row.evidence.strip(),
        }
