"""Assembles everything a comparison shows; page, PDF and JSON all render this one object."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from recruit.core import agreement, ranking, scores

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recruit.core.ratings import RatingTable, Scale, Score

NOT_COMPARABLE = "candidates-share-no-interviewer"
NOT_YET = "not-computed-in-this-version"
INCOMPLETE_BELOW = 0.5
"""A candidate with less than this share of the weight assessed is not ranked."""


@dataclass(frozen=True)
class Cell:
    """One candidate, one competency; figures in scale points, None where they have no meaning."""

    n: int
    mean: float | None
    sd: float | None
    minimum: float | None
    maximum: float | None
    ad: float | None
    rwg: float | None
    adjusted: float | None
    se: float | None
    flag: str


@dataclass(frozen=True)
class Overall:
    """One candidate over all competencies; ``n`` counts interviewers, ``reason`` names a gap."""

    n: int
    mean: float | None
    adjusted: float | None
    se: float | None
    ci95: tuple[float, float] | None
    reason: str | None


@dataclass(frozen=True)
class CandidateResult:
    """One candidate; ``rank`` is None when incomplete or not comparable."""

    id: str
    rank: int | None
    incomplete: bool
    overall: Overall
    competencies: dict[str, Cell]


@dataclass(frozen=True)
class InterviewerResult:
    """One interviewer; positive ``severity`` is generous, in scale points."""

    id: str
    n: int
    severity: float | None
    se: float | None


@dataclass(frozen=True)
class Pair:
    """Two ranked candidates; ``p_higher`` is the probability (0 to 1) that a is above b."""

    a: str
    b: str
    p_higher: float
    verdict: str


@dataclass(frozen=True)
class Design:
    """Who rated whom; ``groups`` are candidates that share interviewers, directly or not."""

    candidates: int
    interviewers: int
    competencies: int
    scores: int
    missing: int
    complete: bool
    components: int
    comparable: bool
    df: int
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Comparison:
    """Everything that is known from one rating table. Weights sum to 1."""

    scale: Scale
    weights: dict[str, float]
    design: Design
    candidates: tuple[CandidateResult, ...]
    interviewers: tuple[InterviewerResult, ...]
    pairs: tuple[Pair, ...] | None
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
        return {
            "schema": "recruit.comparison/1",
            "scale": {"min": self.scale.minimum, "max": self.scale.maximum},
            "weights": self.weights,
            "design": {
                "candidates": self.design.candidates,
                "interviewers": self.design.interviewers,
                "competencies": self.design.competencies,
                "scores": self.design.scores,
                "missing": self.design.missing,
                "complete": self.design.complete,
                "components": self.design.components,
                "comparable": self.design.comparable,
                "df": self.design.df,
            },
            "candidates": [_candidate_json(candidate) for candidate in self.candidates],
            "interviewers": [vars(interviewer) for interviewer in self.interviewers],
            "agreement": {
                "overall": dict.fromkeys(
                    (
                        "method",
                        "k",
                        "icc_a1",
                        "icc_c1",
                        "icc_ak",
                        "icc_ck",
                        "alpha_interval",
                    )
                )
                | {"reason": NOT_YET},
                "competencies": {competency: {"reason": NOT_YET} for competency in self.weights},
            },
            "pairs": None if self.pairs is None else [vars(pair) for pair in self.pairs],
            "weight_sensitivity": {"leader": None, "competencies": None, "reason": NOT_YET},
        }


def _candidate_json(candidate: CandidateResult) -> dict[str, Any]:
    overall = vars(candidate.overall) | {
        "ci95": None if candidate.overall.ci95 is None else list(candidate.overall.ci95)
    }
    return {
        "id": candidate.id,
        "rank": candidate.rank,
        "incomplete": candidate.incomplete,
        "overall": overall,
        "rank_acceptability": None,
        "competencies": {
            competency: {
                {"minimum": "min", "maximum": "max"}.get(key, key): value
                for key, value in vars(cell).items()
            }
            for competency, cell in candidate.competencies.items()
        },
    }


def build(table: RatingTable, weights: Mapping[str, float] | None = None) -> Comparison:
    """Return the comparison of a table; without weights every competency counts the same.

    Raises ValueError when a competency has no weight, or all weights are 0.
    """
    share = _shares(table, weights)
    given: dict[tuple[str, str], list[float]] = defaultdict(list)
    repeated: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    overall: dict[str, list[float]] = defaultdict(list)
    for row in table.rows:
        if row.score is not None:
            given[row.candidate, row.competency].append(row.score)
            repeated[row.candidate, row.interviewer, row.competency].append(row.score)
            overall[row.competency].append(row.score)
    # Several interviews of one candidate by one interviewer enter the models as their mean.
    single = {key: float(np.mean(values)) for key, values in repeated.items()}
    means = {key: float(np.mean(values)) for key, values in overall.items()}
    composite = scores.composites(single, means, share)
    fit = scores.fit(composite)
    by_competency: dict[str, dict[tuple[str, str], float]] = {key: {} for key in share}
    for (candidate, interviewer, competency), score in single.items():
        by_competency[competency][candidate, interviewer] = score
    fits = {key: scores.fit(values) for key, values in by_competency.items()}

    comparable = len(fit.groups) <= 1
    incomplete = {
        candidate: sum(share[key] for key in share if (candidate, key) in given) < INCOMPLETE_BELOW
        for candidate in table.candidates
    }
    rank = ranking.ranks(
        {name: value for name, value in fit.adjusted.items() if comparable and not incomplete[name]}
    )
    composites: dict[str, list[float]] = defaultdict(list)
    for (candidate, _), value in composite.items():
        composites[candidate].append(value)
    results = [
        CandidateResult(
            id=candidate,
            rank=rank.get(candidate),
            incomplete=incomplete[candidate],
            overall=_overall(candidate, composites[candidate], fit),
            competencies={
                key: _cell(given.get((candidate, key), []), candidate, fits[key], table.scale)
                for key in share
            },
        )
        for candidate in table.candidates
    ]
    results.sort(key=lambda found: (found.rank is None, found.rank or 0, found.id))
    ranked = [found.id for found in results if found.rank is not None]
    rated = len(_pairs_rated(single))
    return Comparison(
        scale=table.scale,
        weights=share,
        design=Design(
            candidates=len(table.candidates),
            interviewers=len(table.interviewers),
            competencies=len(share),
            scores=sum(len(values) for values in repeated.values()),
            missing=len(table.candidates) * len(table.interviewers) * len(share) - len(single),
            complete=rated == len(table.candidates) * len(table.interviewers)
            and len(single) == rated * len(share),
            components=len(fit.groups),
            comparable=comparable,
            df=fit.df,
            groups=fit.groups,
        ),
        candidates=tuple(results),
        interviewers=tuple(
            InterviewerResult(
                id=interviewer,
                n=sum(1 for _, other in composite if other == interviewer),
                severity=fit.severity.get(interviewer),
                se=fit.severity_se.get(interviewer),
            )
            for interviewer in table.interviewers
        ),
        pairs=_pairs(ranked, fit),
        table=table,
    )


def _pairs_rated(single: Mapping[tuple[str, str, str], float]) -> set[tuple[str, str]]:
    """Return the pairs of candidate and interviewer that have any score."""
    return {(candidate, interviewer) for candidate, interviewer, _ in single}


def _shares(table: RatingTable, weights: Mapping[str, float] | None) -> dict[str, float]:
    if weights is None:
        return {key: 1 / len(table.competencies) for key in table.competencies}
    missing = [key for key in table.competencies if key not in weights]
    total = sum(weights[key] for key in table.competencies if key in weights)
    if missing or total <= 0:
        raise ValueError(f"no weight for {', '.join(missing)}" if missing else "only zero weights")
    return {key: weights[key] / total for key in weights if key in table.competencies}


def _overall(candidate: str, own: list[float], fit: scores.Fit) -> Overall:
    if not own:
        return Overall(0, None, None, None, None, scores.NOT_ASSESSED)
    interval = fit.interval(candidate)
    return Overall(
        n=len(own),
        mean=float(np.mean(own)),
        adjusted=fit.adjusted[candidate],
        se=fit.se.get(candidate),
        ci95=interval,
        reason=scores.NO_DEGREES_OF_FREEDOM if interval is None else None,
    )


def _cell(values: list[float], candidate: str, fit: scores.Fit, scale: Scale) -> Cell:
    if not values:
        return Cell(0, None, None, None, None, None, None, None, None, "none")
    return Cell(
        n=len(values),
        mean=float(np.mean(values)),
        sd=float(np.std(values, ddof=1)) if len(values) > 1 else None,
        minimum=min(values),
        maximum=max(values),
        ad=agreement.average_deviation(values),
        rwg=agreement.within_group_agreement(values, scale),
        adjusted=fit.adjusted[candidate],
        se=fit.se.get(candidate),
        flag=agreement.flag(values, scale),
    )


def _pairs(ranked: list[str], fit: scores.Fit) -> tuple[Pair, ...] | None:
    if fit.covariance is None:
        return None
    pairs = []
    for number, first in enumerate(ranked):
        for second in ranked[number + 1 :]:
            probability = ranking.probability_higher(fit, first, second)
            assert probability is not None
            pairs.append(Pair(first, second, probability, ranking.verdict(probability)))
    return tuple(pairs)
