"""How sure the order is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student

if TYPE_CHECKING:
    from recruit.core.scores import Fit

CLEAR = 0.95
LIKELY = 0.80
TIE = 1e-9
"""Scores nearer than this share a rank."""


def probability_higher(fit: Fit, first: str, second: str) -> float | None:
    """Return the probability that the first candidate is above the second, 0 to 1.

    ``T_df((α_a - α_b) / se_diff)``; None when the fit has no standard errors. With no residual at
    all the answer is 0, 0.5 or 1.
    """
    if fit.covariance is None:
        return None
    a, b = fit.place[first], fit.place[second]
    difference = fit.adjusted[first] - fit.adjusted[second]
    variance = fit.covariance[a, a] + fit.covariance[b, b] - 2 * fit.covariance[a, b]
    if variance <= TIE**2:
        return 0.5 if abs(difference) < TIE else float(difference > 0)
    return float(student.cdf(difference / np.sqrt(variance), fit.df))


def verdict(probability: float) -> str:
    """Return "clear", "likely" or "too close to call"."""
    if probability >= CLEAR:
        return "clear"
    return "likely" if probability >= LIKELY else "too close to call"


def ranks(scores: dict[str, float]) -> dict[str, int]:
    """Return the rank of each candidate, 1 being the highest score; ties share a rank."""
    order = sorted(scores, key=lambda name: (-scores[name], name))
    result: dict[str, int] = {}
    for number, name in enumerate(order, start=1):
        before = order[number - 2] if number > 1 else None
        tied = before is not None and abs(scores[before] - scores[name]) < TIE
        result[name] = result[before] if tied and before is not None else number
    return result
