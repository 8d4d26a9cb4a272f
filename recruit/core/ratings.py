"""The rating table: candidates x interviewers x competencies, with gaps."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recruit.core.faults import Fault, Faults, Said, said, short

if TYPE_CHECKING:
    from collections.abc import Collection

EVIDENCE_LEVELS = ("talk", "example", "pattern")
STEPS = (10.0, 5.0, 1.0, 0.5, 0.1)
COARSE = 5
WIDE = 50
"""From lowest to highest point of a scale that may have coarse steps."""


def _whole(number: float) -> bool:
    return abs(number - round(number)) < 1e-9


@dataclass(frozen=True)
class Scale:
    """Scores from ``minimum`` to ``maximum``, one ``step`` from each to the next."""

    minimum: int = 1
    maximum: int = 5
    step: float = 1.0

    def __post_init__(self) -> None:
        """Raise ValueError when the scale has fewer than two points."""
        if self.maximum <= self.minimum:
            raise ValueError("a scale goes from a low to a higher number")

    @property
    def points(self) -> int:
        """Number of points on the scale."""
        return round((self.maximum - self.minimum) / self.step) + 1

    def step_of(self, scores: Collection[float]) -> float:
        """Return the greatest step that leads from the lowest point to every score.

        Steps of 5 and 10 are for scales of 50 and more. Scores between the finest steps, as means
        are, count as scores of the finest.
        """
        return next(
            (
                step
                for step in STEPS
                if step < COARSE or self.maximum - self.minimum >= WIDE
                if all(_whole((score - self.minimum) / step) for score in scores)
            ),
            STEPS[-1],
        )

    @classmethod
    def parse(cls, text: str, name: str) -> Scale:
        """Return the scale written as ``1-5`` in what is called ``name``. Raises Faults."""
        match = re.fullmatch(r"(\d{1,3})\s{0,9}[-–]\s{0,9}(\d{1,3})", text.strip())
        if match is None or int(match[1]) >= int(match[2]):
            expected = Said(
                "två heltal, det lägre först, som i 1-5", "two whole numbers, low first, as in 1-5"
            )
            raise Faults([Fault(name, None, None, said(short(text)), expected)])
        return cls(int(match[1]), int(match[2]))


@dataclass(frozen=True)
class Score:
    """One rating; ``score`` is None for "not assessed", ``round`` empty when it is not told."""

    candidate: str
    interviewer: str
    competency: str
    score: float | None
    evidence: str = ""
    evidence_level: str | None = None
    round: str = ""


@dataclass(frozen=True)
class RatingTable:
    """Ratings in long form. A missing score is absent, never zero.

    Raises ValueError for a score outside the scale.
    """

    rows: tuple[Score, ...]
    scale: Scale = Scale()

    def __post_init__(self) -> None:
        """Check every score against the scale."""
        for row in self.rows:
            if row.score is not None and not (
                self.scale.minimum <= row.score <= self.scale.maximum
            ):
                raise ValueError(f"score {row.score} is outside the scale")

    @property
    def candidates(self) -> tuple[str, ...]:
        """Candidates in the order of their first row."""
        return tuple(dict.fromkeys(row.candidate for row in self.rows))

    @property
    def interviewers(self) -> tuple[str, ...]:
        """Interviewers in the order of their first row."""
        return tuple(dict.fromkeys(row.interviewer for row in self.rows))

    @property
    def competencies(self) -> tuple[str, ...]:
        """Competencies in the order of their first row."""
        return tuple(dict.fromkeys(row.competency for row in self.rows))

    @property
    def missing(self) -> int:
        """How many scores are missing of those that should be there.

        Who met a candidate in a round should have rated everything that the round asks about. A
        table that tells no rounds is one round in which everybody meets everybody.
        """
        given = {
            (row.round, row.candidate, row.interviewer, row.competency)
            for row in self.rows
            if row.score is not None
        }
        if not any(row.round for row in self.rows):
            met = len(self.candidates) * len(self.interviewers)
            return met * len(self.competencies) - len(given)
        asked: defaultdict[str, set[str]] = defaultdict(set)
        for row in self.rows:
            asked[row.round].add(row.competency)
        seats = {(row.round, row.candidate, row.interviewer) for row in self.rows}
        return sum(len(asked[name]) for name, _, _ in seats) - len(given)
