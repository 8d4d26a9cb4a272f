"""Composites, severity-adjusted scores and their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.stats import t as student

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

NO_DEGREES_OF_FREEDOM = "no-residual-degrees-of-freedom"
"""Why a standard error is missing: there are as many unknowns as scores."""

NOT_ASSESSED = "not-assessed"
"""Why a candidate has no score: nobody rated them."""


@dataclass(frozen=True)
class Fit:
    """Least squares on ``y_pi = α_p + s_i + e_pi``, Σ s_i = 0 within each component.

    ``adjusted`` is α by candidate, ``severity`` is s by interviewer (positive = generous), both in
    scale points. ``se`` and ``severity_se`` are standard errors, empty when ``df`` is 0.
    ``covariance`` is that of α in the order of ``candidates``. ``groups`` are the candidates of
    each connected component of the candidate-interviewer graph.
    """

    candidates: tuple[str, ...]
    adjusted: dict[str, float]
    severity: dict[str, float]
    se: dict[str, float]
    severity_se: dict[str, float]
    covariance: NDArray[np.float64] | None
    df: int
    groups: tuple[tuple[str, ...], ...]

    @cached_property
    def place(self) -> dict[str, int]:
        """Number of each candidate's row in ``covariance``."""
        return {candidate: number for number, candidate in enumerate(self.candidates)}

    def interval(self, candidate: str) -> tuple[float, float] | None:
        """Return the 95 % interval of the adjusted score (Student's t), or None."""
        if candidate not in self.se:
            return None
        half = float(student.ppf(0.975, self.df)) * self.se[candidate]
        return self.adjusted[candidate] - half, self.adjusted[candidate] + half


def composites(
    scores: Mapping[tuple[str, str, str], float],
    means: Mapping[str, float],
    weights: Mapping[str, float],
) -> dict[tuple[str, str], float]:
    """Return one number per candidate and interviewer, in scale points.

    ``scores`` is by (candidate, interviewer, competency), ``means`` by competency over the whole
    table, ``weights`` sum to 1. ``y_pi = m + Σ w_c (x_pic - m_c) / Σ w_c`` over the competencies
    that i rated for p, with ``m`` the weighted mean of the competency means. A pair that rated
    nothing of weight has no composite.
    """
    total = sum(weights[c] for c in means)
    if not total:
        return {}
    centre = sum(weights[c] * mean for c, mean in means.items()) / total
    above: dict[tuple[str, str], float] = {}
    weight: dict[tuple[str, str], float] = {}
    for (candidate, interviewer, competency), score in scores.items():
        pair = (candidate, interviewer)
        above[pair] = above.get(pair, 0.0) + weights[competency] * (score - means[competency])
        weight[pair] = weight.get(pair, 0.0) + weights[competency]
    return {pair: centre + above[pair] / weight[pair] for pair in above if weight[pair] > 0}


def fit(values: Mapping[tuple[str, str], float]) -> Fit:
    """Fit candidates and interviewers to values by (candidate, interviewer)."""
    candidates = tuple(dict.fromkeys(candidate for candidate, _ in values))
    interviewers = tuple(dict.fromkeys(interviewer for _, interviewer in values))
    if not values:
        return Fit((), {}, {}, {}, {}, None, 0, ())
    p, i, n = len(candidates), len(interviewers), len(values)
    row = {candidate: number for number, candidate in enumerate(candidates)}
    column = {interviewer: number for number, interviewer in enumerate(interviewers)}
    place_p = np.array([row[candidate] for candidate, _ in values])
    place_i = np.array([column[interviewer] for _, interviewer in values])
    y = np.array(list(values.values()), dtype=float)
    graph = sparse.csr_array((np.ones(n), (place_p, p + place_i)), shape=(p + i, p + i))
    count, label = connected_components(graph, directed=False)

    # Candidates are eliminated: what is left is one equation per interviewer.
    rated = np.bincount(place_p, minlength=p).astype(float)
    given = np.bincount(place_i, minlength=i).astype(float)
    incidence = sparse.csr_array((np.ones(n), (place_p, place_i)), shape=(p, i))
    shares = sparse.diags_array(1 / rated) @ incidence
    left = np.diag(given) - (incidence.T @ shares).toarray()
    right = np.bincount(place_i, weights=y, minlength=i) - shares.T @ np.bincount(
        place_p, weights=y, minlength=p
    )
    # One row per component fixes its severities to sum to 0.
    members = np.zeros((i, count))
    members[np.arange(i), label[p:]] = 1
    inverse = np.linalg.inv(left + members @ members.T)
    severity = inverse @ right
    severity -= (members @ (members.T @ severity)) / (members @ members.sum(axis=0))
    alpha = np.bincount(place_p, weights=y - severity[place_i], minlength=p) / rated

    df = n - p - i + int(count)
    covariance = None
    se: dict[str, float] = {}
    severity_se: dict[str, float] = {}
    if df > 0:
        residual = y - alpha[place_p] - severity[place_i]
        variance = float(residual @ residual) / df
        centring = np.eye(i) - (members @ members.T) / (members @ members.sum(axis=0))[:, None]
        of_severity = variance * (centring @ inverse @ centring.T)
        spread = shares.toarray()
        covariance = variance * np.diag(1 / rated) + spread @ of_severity @ spread.T
        se = _roots(candidates, covariance)
        severity_se = _roots(interviewers, of_severity)
    groups = tuple(
        tuple(name for name, group in zip(candidates, label[:p], strict=True) if group == number)
        for number in range(count)
    )
    return Fit(
        candidates,
        dict(zip(candidates, map(float, alpha), strict=True)),
        dict(zip(interviewers, map(float, severity), strict=True)),
        se,
        severity_se,
        covariance,
        df,
        groups,
    )


def _roots(names: tuple[str, ...], covariance: NDArray[np.float64]) -> dict[str, float]:
    variances = np.maximum(np.diag(covariance), 0.0)
    return dict(zip(names, map(float, np.sqrt(variances)), strict=True))
