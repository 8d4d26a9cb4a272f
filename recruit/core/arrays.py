"""A rating table as arrays, whose order does not depend on the order of the table's rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recruit.core.ratings import RatingTable

Codes = NDArray[np.intp]
Floats = NDArray[np.float64]

NEGLIGIBLE = 1e-9
"""Differences and standard deviations below this, in scale points, are rounding errors."""


@dataclass(frozen=True)
class Crossed:
    """One number per candidate and interviewer, in scale points: the data of a two-way model.

    ``interviewers[column[n]]`` gave ``candidates[row[n]]`` the number ``y[n]``; each pair occurs at
    most once, and each name at least once.
    """

    candidates: tuple[str, ...]
    interviewers: tuple[str, ...]
    row: Codes
    column: Codes
    y: Floats

    @property
    def complete(self) -> bool:
        """Whether every interviewer here has a number for every candidate here."""
        return len(self.y) == len(self.candidates) * len(self.interviewers)


@dataclass(frozen=True)
class LongScores:
    """Scores in long form; ``candidate[n]`` is a place in ``candidates``, and so on.

    Names and scores are sorted (by candidate, competency, interviewer, score), so equal tables give
    equal arrays. Missing scores are left out; names that have only missing scores are kept.
    """

    candidates: tuple[str, ...]
    interviewers: tuple[str, ...]
    competencies: tuple[str, ...]
    candidate: Codes
    interviewer: Codes
    competency: Codes
    score: Floats

    def cells(self) -> Iterator[tuple[str, str, tuple[float, ...]]]:
        """Yield candidate, competency and their scores in rising order, where there are any."""
        starts, ends = self._runs(self.candidate, self.competency)
        scores = self.score.tolist()
        for start, end, candidate, competency in zip(
            starts.tolist(),
            ends.tolist(),
            self.candidate[starts].tolist(),
            self.competency[starts].tolist(),
            strict=True,
        ):
            yield (
                self.candidates[candidate],
                self.competencies[competency],
                tuple(sorted(scores[start:end])),
            )

    def averaged(self) -> LongScores:
        """Return one score per candidate, interviewer and competency: the mean over interviews."""
        starts, ends = self._runs(self.candidate, self.competency, self.interviewer)
        means = np.add.reduceat(self.score, starts) / (ends - starts) if len(starts) else self.score
        return LongScores(
            self.candidates,
            self.interviewers,
            self.competencies,
            self.candidate[starts],
            self.interviewer[starts],
            self.competency[starts],
            means,
        )

    def of_competency(self, competency: str) -> Crossed:
        """Return the scores of one competency, which must be averaged."""
        chosen = self.competency == self.competencies.index(competency)
        return self.crossed(self.candidate[chosen], self.interviewer[chosen], self.score[chosen])

    def crossed(self, candidate: Codes, interviewer: Codes, y: Floats) -> Crossed:
        """Return numbers by candidate and interviewer without the names that do not occur."""
        candidates, row = _occurring(self.candidates, candidate)
        interviewers, column = _occurring(self.interviewers, interviewer)
        return Crossed(candidates, interviewers, row, column, y)

    def _runs(self, *keys: Codes) -> tuple[Codes, Codes]:
        """Return where runs of equal keys start and end."""
        new = np.ones(len(self.score), dtype=bool)
        new[1:] = np.any([key[1:] != key[:-1] for key in keys], axis=0)
        starts = np.flatnonzero(new)
        return starts, np.append(starts[1:], len(new)) if len(starts) else starts


def _occurring(names: tuple[str, ...], codes: Codes) -> tuple[tuple[str, ...], Codes]:
    used, places = np.unique(codes, return_inverse=True)
    return tuple(names[code] for code in used), places


def long_scores(table: RatingTable) -> LongScores:
    """Return the given scores of a table."""
    given = [row for row in table.rows if row.score is not None]
    candidates = tuple(sorted(table.candidates))
    interviewers = tuple(sorted(table.interviewers))
    competencies = tuple(sorted(table.competencies))
    candidate = _codes([row.candidate for row in given], candidates)
    interviewer = _codes([row.interviewer for row in given], interviewers)
    competency = _codes([row.competency for row in given], competencies)
    score = np.array([row.score for row in given], dtype=float)
    order = np.lexsort((score, interviewer, competency, candidate))
    return LongScores(
        candidates,
        interviewers,
        competencies,
        candidate[order],
        interviewer[order],
        competency[order],
        score[order],
    )


def crossed(values: Mapping[tuple[str, str], float]) -> Crossed:
    """Return numbers by (candidate, interviewer), in scale points, as arrays."""
    pairs = sorted(values)
    candidates = tuple(sorted({candidate for candidate, _ in pairs}))
    interviewers = tuple(sorted({interviewer for _, interviewer in pairs}))
    return Crossed(
        candidates,
        interviewers,
        _codes([candidate for candidate, _ in pairs], candidates),
        _codes([interviewer for _, interviewer in pairs], interviewers),
        np.array([values[pair] for pair in pairs], dtype=float),
    )


def _codes(given: list[str], names: tuple[str, ...]) -> Codes:
    place = {name: number for number, name in enumerate(names)}
    return np.array([place[name] for name in given], dtype=np.intp)
