"""Composites, severity-adjusted scores and their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.linalg import lapack
from scipy.sparse.csgraph import connected_components
from scipy.special import stdtrit

from recruit.core.arrays import NEGLIGIBLE, Codes, Crossed, Floats, LongScores
from recruit.core.sides import Sides

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class SamplingError:
    """The error of the adjusted scores, in scale points, before division by Student's scale.

    It is ``own * z + loadings @ u`` with z and u standard normal: ``own`` (P) is each candidate's
    alone, ``loadings`` (P × m) is shared through the interviewers' severities, m at most P + K.
    """

    own: Floats
    loadings: Floats

    @property
    def variances(self) -> Floats:
        """Variance of each candidate's adjusted score (P)."""
        return self.own**2 + _squares(self.loadings)

    @property
    def covariance(self) -> Floats:
        """Covariance of the adjusted scores (P × P)."""
        return np.diag(self.own**2) + self.loadings @ self.loadings.T

    def of(self, places: Codes) -> SamplingError:
        """Return the error of some candidates only, in the order given."""
        return SamplingError(self.own[places], self.loadings[places])


@dataclass(frozen=True)
class Fit:
    """Least squares on ``y_pi = α_p + s_i + e_pi``, Σ s_i = 0 within each connected component.

    ``adjusted`` is α by candidate, ``severity`` is s by interviewer (positive = generous), both in
    scale points. ``se`` and ``severity_se`` are standard errors and ``error`` is the joint error of
    α; they are empty, and ``error`` is None, when ``df`` is 0. ``variance`` is RSS/df, 0 when it is
    no more than rounding. ``groups`` are the candidates of each connected component of the
    candidate-interviewer graph. Everything is in the order of ``candidates``, which is sorted.
    """

    candidates: tuple[str, ...]
    adjusted: dict[str, float]
    severity: dict[str, float]
    se: dict[str, float]
    severity_se: dict[str, float]
    variance: float
    error: SamplingError | None
    df: int
    groups: tuple[tuple[str, ...], ...]

    @cached_property
    def place(self) -> dict[str, int]:
        """Number of each candidate in ``candidates``."""
        return {candidate: number for number, candidate in enumerate(self.candidates)}

    @cached_property
    def _t(self) -> float:
        return float(stdtrit(self.df, 0.975))

    def interval(self, candidate: str) -> tuple[float, float] | None:
        """Return the 95 % interval of the adjusted score (Student's t), or None."""
        if candidate not in self.se:
            return None
        half = self._t * self.se[candidate]
        return self.adjusted[candidate] - half, self.adjusted[candidate] + half


def composites(scores: LongScores, weights: Mapping[str, float]) -> Crossed:
    """Return one number per candidate and interviewer, in scale points.

    ``scores`` are averaged, ``weights`` by competency sum to 1. ``y_pi = m + Σ w_c (x_pic - m_c) /
    Σ w_c`` over the competencies that i rated for p, with ``m_c`` the mean of the competency's
    scores and ``m`` the weighted mean of these. A pair that rated nothing of weight has none.
    """
    weight = np.array([weights[competency] for competency in scores.competencies])
    count = np.bincount(scores.competency, minlength=len(weight))
    total = np.bincount(scores.competency, weights=scores.score, minlength=len(weight))
    means = total / np.maximum(count, 1)
    scored = weight * (count > 0)
    own = weight[scores.competency]
    pair = scores.candidate * len(scores.interviewers) + scores.interviewer
    pairs, place = np.unique(pair, return_inverse=True)
    above = np.bincount(place, weights=own * (scores.score - means[scores.competency]))
    share = np.bincount(place, weights=own)
    rated = share > 0
    centre = scored @ means / scored.sum() if rated.any() else 0.0
    candidate, interviewer = np.divmod(pairs[rated], max(len(scores.interviewers), 1))
    return scores.crossed(candidate, interviewer, centre + above[rated] / share[rated])


def fit(data: Crossed) -> Fit:
    """Fit candidates and interviewers to a two-way table.

    Time grows with the cube of the smaller of the two sides, memory with the product of both.
    """
    p, i, n = len(data.candidates), len(data.interviewers), len(data.y)
    if not n:
        return Fit((), {}, {}, {}, {}, 0.0, None, 0, ())
    graph = sparse.csr_array((np.ones(n), (data.row, p + data.column)), shape=(p + i, p + i))
    components, label = connected_components(graph, directed=False)
    df = n - p - i + int(components)
    half = _Half(data, label[:p], label[p:])
    alpha, severity = half.effects()
    rss = float(np.sum((data.y - alpha[data.row] - severity[data.column]) ** 2))
    variance = rss / df if df > 0 and rss > df * NEGLIGIBLE**2 else 0.0
    error = None
    se: dict[str, float] = {}
    severity_se: dict[str, float] = {}
    if df > 0:
        own, loadings, of_severity = half.errors()
        error = SamplingError(np.sqrt(variance) * own, np.sqrt(variance) * loadings)
        se = _named(data.candidates, np.sqrt(error.variances))
        severity_se = _named(data.interviewers, np.sqrt(variance * of_severity))
    groups: list[list[str]] = [[] for _ in range(components)]
    for name, group in zip(data.candidates, label[:p], strict=True):
        groups[group].append(name)
    return Fit(
        data.candidates,
        _named(data.candidates, alpha),
        _named(data.interviewers, severity),
        se,
        severity_se,
        variance,
        error,
        df,
        tuple(sorted(map(tuple, groups))),
    )


class _Half:
    """The normal equations with the larger side eliminated.

    ``root @ root.T`` is the covariance of the smaller side's effects, per unit of residual
    variance, while they sum to 0 in each component; ``shares`` (larger × smaller) holds the part
    that each on the smaller side has of the numbers of one on the larger.
    """

    def __init__(self, data: Crossed, candidate_group: Codes, interviewer_group: Codes) -> None:
        self._sides = sides = Sides(data)
        groups = (candidate_group, interviewer_group)
        self._larger_group, self._smaller_group = reversed(groups) if sides.swapped else groups
        self._means = np.bincount(sides.larger, weights=data.y) / sides.count
        self._shares = sides.scaled(1 / sides.count)
        totals = np.bincount(sides.smaller, weights=data.y)
        self._right = totals - sides.incidence.T @ self._means
        left = np.diag(sides.smaller_count) - sides.crossproduct(1 / sides.count)
        # A constant in each component is free; one row for each sets its smaller side's sum to 0.
        left += self._smaller_group[:, None] == self._smaller_group
        factor, _ = lapack.dtrtri(np.linalg.cholesky(left), lower=1)
        self._root = factor.T - _means(factor.T, self._smaller_group)[self._smaller_group]

    def effects(self) -> tuple[Floats, Floats]:
        """Return the effects of candidates and interviewers."""
        smaller = self._root @ (self._root.T @ self._right)
        larger = self._means - self._shares @ smaller
        if not self._sides.swapped:
            return larger, smaller
        shift = _means(larger, self._larger_group)
        return smaller + shift[self._smaller_group], larger - shift[self._larger_group]

    def errors(self) -> tuple[Floats, Floats, Floats]:
        """Return the candidates' own errors and loadings, and the variances of the severities.

        All per unit of residual variance, as in SamplingError.
        """
        own, loadings = 1 / np.sqrt(self._sides.count), -(self._shares @ self._root)
        if not self._sides.swapped:
            return own, loadings, _squares(self._root)
        # Here the interviewers were eliminated; their sum is moved to 0, the candidates follow.
        groups = np.bincount(self._larger_group)
        shift = _means(loadings, self._larger_group)
        own_shift = np.bincount(self._larger_group, weights=own**2) / groups**2
        of_severity = own**2 * (1 - 2 / groups[self._larger_group]) + own_shift[self._larger_group]
        of_severity += _squares(loadings - shift[self._larger_group])
        by_group = np.sqrt(np.diag(own_shift))[self._smaller_group]
        joined = np.hstack((self._root + shift[self._smaller_group], by_group))
        return np.zeros(len(joined)), joined, of_severity


def _means(values: Floats, group: Codes) -> Floats:
    """Return the mean of the rows of each group."""
    place = (group, np.arange(len(group)))
    return np.asarray(sparse.csr_array((1 / np.bincount(group)[group], place)) @ values)


def _squares(rows: Floats) -> Floats:
    return np.asarray(np.einsum("nm,nm->n", rows, rows))


def _named(names: tuple[str, ...], values: Floats) -> dict[str, float]:
    return dict(zip(names, values.tolist(), strict=True))
