"""Assembles everything a comparison shows; page, PDF and JSON all render this one object."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from recruit.core import agreement, figures, ranking, scores
from recruit.core.agreement import Agreement, PanelAgreement
from recruit.core.arrays import NEGLIGIBLE, Crossed, LongScores, long_scores
from recruit.core.ranking import Pair, Pairs
from recruit.core.reasons import Reason
from recruit.core.results import CandidateResult, Cell, Design, InterviewerResult, Overall
from recruit.core.sensitivity import WeightSensitivity, weight_sensitivity

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from recruit.core.ratings import RatingTable, Scale, Score

__all__ = [
    "Agreement",
    "CandidateResult",
    "Cell",
    "Comparison",
    "Design",
    "InterviewerResult",
    "Overall",
    "Pair",
    "Pairs",
    "PanelAgreement",
    "Reason",
    "WeightSensitivity",
    "build",
    "shares",
]

INCOMPLETE_BELOW = 0.5
"""A candidate with less than this share of the weight assessed is not ranked."""
NOT_ASSESSED = Overall(0, None, None, None, None, Reason.NOT_ASSESSED)
CELLS_REMEMBERED = 4096
"""Descriptions kept: a few interviewers on a few points soon have given every set of scores."""


@dataclass(frozen=True)
class Comparison:
    """Everything that is known from one rating table. Weights are shares that sum to 1.

    ``candidates`` are in order of rank, then id; those without a rank come last. ``interviewers``
    are in order of id. ``agreement`` tells how far the panel agrees, ``weight_sensitivity`` how far
    a weight could move before another candidate leads. ``pairs`` are the ranked candidates two and
    two, the one ranked before first; None, with ``pairs_reason``, when the order is withheld or how
    sure it is cannot be estimated.
    """

    scale: Scale
    weights: dict[str, float]
    design: Design
    candidates: tuple[CandidateResult, ...]
    interviewers: tuple[InterviewerResult, ...]
    agreement: PanelAgreement
    pairs: Pairs | None
    pairs_reason: Reason | None
    weight_sensitivity: WeightSensitivity
    table: RatingTable

    def result(self, candidate: str) -> CandidateResult:
        """Return one candidate's results. Raises KeyError."""
        return self._results[candidate]

    @cached_property
    def _results(self) -> dict[str, CandidateResult]:
        return {found.id: found for found in self.candidates}

    def cell(self, candidate: str, competency: str) -> Cell:
        """Return what is known of one candidate and competency. Raises KeyError."""
        return self.result(candidate).competencies[competency]

    def scores(self, candidate: str, competency: str) -> tuple[Score, ...]:
        """Return the ratings of one candidate and competency, "not assessed" included."""
        return tuple(self._rows.get((candidate, competency), ()))

    @cached_property
    def _rows(self) -> dict[tuple[str, str], list[Score]]:
        rows: dict[tuple[str, str], list[Score]] = defaultdict(list)
        for row in self.table.rows:
            rows[row.candidate, row.competency].append(row)
        return rows

    @property
    def disagreements(self) -> tuple[tuple[str, str, Cell], ...]:
        """Candidate, competency and cell where the panel should talk, widest spread first."""
        found = [
            (candidate.id, competency, cell)
            for candidate in self.candidates
            for competency, cell in candidate.competencies.items()
            if cell.flag == "discuss"
        ]
        return tuple(
            sorted(
                found,
                key=lambda item: (
                    -((item[2].maximum or 0) - (item[2].minimum or 0)),
                    -(item[2].ad or 0),
                ),
            )
        )

    def below(self, must_have: Mapping[str, int]) -> list[tuple[str, str, float, int]]:
        """Return candidate, competency, mean and threshold where a must-have is not met."""
        return [
            (candidate.id, competency, cell.mean, must_have[competency])
            for candidate in self.candidates
            for competency, cell in candidate.competencies.items()
            if competency in must_have
            and cell.mean is not None
            and cell.mean < must_have[competency]
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain data, unrounded."""
        return figures.as_json(self)


def build(table: RatingTable, weights: Mapping[str, float] | None = None) -> Comparison:
    """Return the comparison of a table; without weights every competency counts the same.

    Raises ValueError as ``shares`` does.
    """
    share = shares(table, weights)
    given = long_scores(table)
    # Several interviews of one candidate by one interviewer enter the models as their mean.
    single = given.averaged()
    composite = scores.composites(single, share)
    fit = scores.fit(composite)
    tables = {key: single.of_competency(key) for key in share}
    fits = {key: scores.fit(data) for key, data in tables.items()}
    design = _design(table, given, single, fit)
    scale = replace(table.scale, step=table.scale.step_of(set(given.score.tolist())))
    cells = _cells(given, fits, share, scale)
    incomplete = incompletely_assessed(given, share)
    rank = ranks(fit, incomplete)
    ranked = sorted(rank, key=lambda candidate: (rank[candidate], candidate))
    unsure = _why_unsure(design, ranked)
    content: dict[str, list[tuple[str, tuple[float, ...]]]] = defaultdict(list)
    for candidate, competency, values in given.cells():
        content[candidate].append((competency, values))
    # Those who share a rank are drawn in the order of their scores, not of their names.
    drawn = sorted(ranked, key=lambda candidate: (rank[candidate], content[candidate]))
    acceptability = {} if unsure else ranking.rank_acceptability(fit, drawn)
    overall = _overall(composite, fit)

    def why_unsure(candidate: str) -> Reason | None:
        if candidate not in fit.adjusted:
            return Reason.NOT_ASSESSED
        return Reason.INCOMPLETE if design.comparable and candidate in incomplete else unsure

    return Comparison(
        scale=table.scale,
        weights=share,
        design=design,
        candidates=tuple(
            CandidateResult(
                id=candidate,
                rank=rank.get(candidate),
                incomplete=candidate in incomplete,
                overall=overall.get(candidate, NOT_ASSESSED),
                rank_acceptability=acceptability.get(candidate),
                rank_acceptability_reason=why_unsure(candidate),
                competencies=cells[candidate],
            )
            for candidate in (*ranked, *(name for name in given.candidates if name not in rank))
        ),
        interviewers=_interviewers(given, composite, fit),
        agreement=PanelAgreement(
            agreement.of_table(composite, fit, complete=design.complete, composite=True),
            {
                key: agreement.of_table(data, fits[key], complete=data.complete)
                for key, data in tables.items()
            },
        ),
        pairs=None if unsure else ranking.pairs(fit, ranked),
        pairs_reason=unsure,
        weight_sensitivity=weight_sensitivity(
            ranked, {key: found.adjusted for key, found in fits.items()}, share
        )
        if ranked
        else WeightSensitivity(None, None, unsure),
        table=table,
    )


def incompletely_assessed(given: LongScores, share: Mapping[str, float]) -> frozenset[str]:
    """Return the candidates of whom less than half of the weight is assessed."""
    assessed: dict[str, list[float]] = {name: [] for name in given.candidates}
    for candidate, competency, _ in given.cells():
        assessed[candidate].append(share[competency])
    return frozenset(
        name for name, found in assessed.items() if math.fsum(found) < INCOMPLETE_BELOW - NEGLIGIBLE
    )


def ranks(fit: scores.Fit, incomplete: Container[str]) -> dict[str, int]:
    """Return the rank of each candidate who has one; nobody has where groups share nobody."""
    if len(fit.groups) > 1:
        return {}
    return ranking.ranks(
        {name: score for name, score in fit.adjusted.items() if name not in incomplete}
    )


def shares(table: RatingTable, weights: Mapping[str, float] | None) -> dict[str, float]:
    """Return each competency's share of the weight; they sum to 1.

    Raises ValueError when a competency has no weight, a weight is below 0 or not finite, or all
    are 0.
    """
    wanted = table.competencies
    if weights is None:
        return dict.fromkeys(wanted, 1 / max(len(wanted), 1))
    missing = [key for key in wanted if key not in weights]
    if missing:
        raise ValueError(f"no weight for {', '.join(missing)}")
    given = {key: weight for key, weight in weights.items() if key in wanted}
    wrong = [key for key, weight in given.items() if not (math.isfinite(weight) and weight >= 0)]
    if wrong:
        raise ValueError(f"the weight of {', '.join(wrong)} is not a number from 0 upwards")
    largest = max(given.values(), default=0.0)
    if not largest:
        raise ValueError("only zero weights")
    # By the largest first: the sum of very large weights has no number.
    parts = {key: weight / largest for key, weight in given.items()}
    total = math.fsum(parts.values())
    return {key: part / total for key, part in parts.items()}


def _design(table: RatingTable, given: LongScores, single: LongScores, fit: scores.Fit) -> Design:
    sizes = (len(given.candidates), len(given.interviewers), len(given.competencies))
    candidates, interviewers, competencies = sizes
    return Design(
        candidates=candidates,
        interviewers=interviewers,
        competencies=competencies,
        scores=len(given.score),
        missing=table.missing,
        complete=len(single.score) == math.prod(sizes),
        components=len(fit.groups),
        comparable=len(fit.groups) <= 1,
        df=fit.df,
        groups=fit.groups,
    )


def _why_unsure(design: Design, ranked: Sequence[str]) -> Reason | None:
    """Return why the certainty of the order cannot be told, or None."""
    if not design.comparable:
        return Reason.NOT_COMPARABLE
    if not ranked:
        return Reason.NOBODY_RANKED
    return None if design.df else Reason.NO_DEGREES_OF_FREEDOM


def _overall(composite: Crossed, fit: scores.Fit) -> dict[str, Overall]:
    count = np.bincount(composite.row)
    mean = np.bincount(composite.row, weights=composite.y) / count
    return {
        candidate: Overall(
            n=n,
            mean=plain,
            adjusted=fit.adjusted[candidate],
            se=fit.se.get(candidate),
            ci95=fit.interval(candidate),
            reason=None if fit.df else Reason.NO_DEGREES_OF_FREEDOM,
        )
        for candidate, n, plain in zip(
            composite.candidates, count.tolist(), mean.tolist(), strict=True
        )
    }


def _interviewers(
    given: LongScores, composite: Crossed, fit: scores.Fit
) -> tuple[InterviewerResult, ...]:
    count = dict(zip(composite.interviewers, np.bincount(composite.column).tolist(), strict=True))
    return tuple(
        InterviewerResult(
            id=interviewer,
            n=count.get(interviewer, 0),
            severity=fit.severity.get(interviewer),
            se=fit.severity_se.get(interviewer),
        )
        for interviewer in given.interviewers
    )


def _cells(
    given: LongScores, fits: Mapping[str, scores.Fit], keys: Iterable[str], scale: Scale
) -> dict[str, dict[str, Cell]]:
    """Return the cells by candidate and competency, the competencies in the order of ``keys``."""
    described = {
        (candidate, key): _described(values, scale) for candidate, key, values in given.cells()
    }
    nothing = _described((), scale)
    return {
        candidate: {
            key: Cell(
                **described.get((candidate, key), nothing),
                adjusted=fits[key].adjusted.get(candidate),
                se=fits[key].se.get(candidate),
            )
            for key in keys
        }
        for candidate in given.candidates
    }


@lru_cache(CELLS_REMEMBERED)
def _described(values: tuple[float, ...], scale: Scale) -> dict[str, Any]:
    """Return what describes the scores of a cell, which are in rising order."""
    return {
        "n": len(values),
        "mean": math.fsum(values) / len(values) if values else None,
        "sd": agreement.standard_deviation(values),
        "minimum": _point(values[0]) if values else None,
        "maximum": _point(values[-1]) if values else None,
        "ad": agreement.average_deviation(values),
        "rwg": agreement.within_group_agreement(values, scale),
        "flag": agreement.flag(values, scale),
    }


def _point(score: float) -> float:
    """Return a point of the scale as the whole number it is."""
    return int(score) if score.is_integer() else score
