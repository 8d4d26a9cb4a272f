"""Variance components of candidates, interviewers and what is left, by REML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize
from scipy.linalg import lapack

from recruit.core.arrays import NEGLIGIBLE
from recruit.core.sides import Sides

if TYPE_CHECKING:
    from recruit.core.arrays import Crossed, Floats
    from recruit.core.scores import Fit

HIGHEST = 25.0
"""Bound on log(1 + variance ratio), well above that of 1/NEGLIGIBLE, which is never passed."""


@dataclass(frozen=True)
class VarianceComponents:
    """Variances in squared scale points: between candidates, between interviewers, and the rest."""

    candidate: float
    interviewer: float
    residual: float


def variance_components(data: Crossed, fit: Fit) -> VarianceComponents:
    """Return the variances of ``y = μ + a_p + b_i + e``, all three random.

    Restricted maximum likelihood (Patterson & Thompson 1971), so none is below 0. ``fit`` is the
    least-squares fit of the same data, of two candidates and two interviewers at least, with
    residual degrees of freedom. Without a residual the likelihood has no maximum; its limit
    is at the variances of the fitted effects, which stand in from where rounding would decide.
    """
    severity = np.array(list(fit.severity.values()))
    candidate = float(np.var(list(fit.adjusted.values()), ddof=1))
    interviewer = float(severity @ severity) / (len(severity) - len(fit.groups))
    if fit.variance <= NEGLIGIBLE * max(candidate, interviewer):
        return VarianceComponents(candidate, interviewer, fit.variance)
    likelihood = _Likelihood(data)
    found = optimize.minimize(
        likelihood.at,
        x0=likelihood.point(candidate / fit.variance, interviewer / fit.variance),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0.0, HIGHEST * scale) for scale in likelihood.scales],
        options={"ftol": 1e-13, "gtol": 1e-6},
    )
    residual = likelihood.residual(found.x)
    larger, smaller = (residual * np.expm1(found.x / likelihood.scales)).tolist()
    candidate, interviewer = (smaller, larger) if likelihood.sides.swapped else (larger, smaller)
    return VarianceComponents(candidate, interviewer, residual)


class _Likelihood:
    """-2 times the restricted log-likelihood, up to a constant, at the best residual variance.

    A point is ``scales`` times log(1 + σ²/σe²), of the larger side and of the smaller. At 0, a
    variance of 0, the slope still tells whether to leave it; large ratios lie close together; and
    the curvature is of the order of 1. The larger side is eliminated, so every step solves a dense
    system of the smaller side's size.
    """

    def __init__(self, data: Crossed) -> None:
        self.sides = sides = Sides(data)
        self.scales = np.sqrt([len(sides.count), len(sides.smaller_count)])
        y = data.y - data.y.mean()
        larger = np.bincount(sides.larger, weights=y)
        smaller = np.bincount(sides.smaller, weights=y)
        # What is left when the larger side's means are taken out, and these means: large variances
        # are then told from the residual without subtracting one large number from another.
        self._n = len(y)
        self._means = np.column_stack((np.ones(len(larger)), larger / sides.count))
        within = float(np.sum((y - self._means[sides.larger, 1]) ** 2))
        self._within = np.diag([0.0, within])
        left = smaller - sides.incidence.T @ self._means[:, 1]
        self._left = np.column_stack((np.zeros(len(left)), left))
        self._inner = np.diag(sides.smaller_count) - sides.crossproduct(1 / sides.count)

    def point(self, candidate: float, interviewer: float) -> Floats:
        """Return the point of two variances in units of the residual's."""
        ratios = (interviewer, candidate) if self.sides.swapped else (candidate, interviewer)
        return np.asarray(self.scales * np.log1p(ratios))

    def at(self, point: Floats) -> tuple[float, Floats]:
        """Return the value and the gradient."""
        value, gradient, _ = self._at(point)
        return value, gradient

    def residual(self, point: Floats) -> float:
        """Return the residual variance that is most likely at this point."""
        return self._at(point)[2]

    def _at(self, point: Floats) -> tuple[float, Floats, float]:
        # Below V = I + a·ZZ' + b·WW' is the variance in units of the residual's, Z and W the
        # indicators of the larger and the smaller side; V⁻¹ follows from Woodbury's identity twice.
        a, b = np.expm1(point / self.scales)
        one, response = 0, 1
        count, incidence = self.sides.count, self.sides.incidence
        shrunk = 1 / (1 + a * count)
        of_means = shrunk[:, None] * self._means
        inner = self._inner + self.sides.crossproduct(shrunk / count)
        factor, _ = lapack.dpotrf(np.eye(len(inner)) + b * inner, lower=1)
        half, _ = lapack.dpotri(factor, lower=1)
        inverse = np.tril(half) + np.tril(half, -1).T

        left = self._left + incidence.T @ of_means
        of_smaller, _ = lapack.dpotrs(factor, left, lower=1)
        of_larger = count[:, None] * of_means - b * shrunk[:, None] * (incidence @ of_smaller)
        products = self._within + self._means.T @ (count[:, None] * of_means)
        products -= b * left.T @ of_smaller
        weight = products[one, one]
        mean = products[one, response] / weight
        rss = products[response, response] - mean * products[one, response]

        log_determinant = 2 * np.log(np.diag(factor)).sum() - np.log(shrunk).sum()
        value = log_determinant + np.log(weight) + (self._n - 1) * np.log(rss)
        traces = np.array(
            [
                count @ shrunk - b * np.sum(inverse * self.sides.crossproduct(shrunk**2)),
                np.sum(inverse * inner),
            ]
        )
        effects = (of_larger, of_smaller)
        means = np.array([effect[:, one] @ effect[:, one] for effect in effects]) / weight
        explained = np.array(
            [np.sum((effect[:, response] - mean * effect[:, one]) ** 2) for effect in effects]
        )
        slope = traces - means - (self._n - 1) * explained / rss
        slope *= (1 + np.array([a, b])) / self.scales
        return float(value), slope, float(rss / (self._n - 1))
