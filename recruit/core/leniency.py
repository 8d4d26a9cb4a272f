"""How one rater's scores differ from an expert's on the same written answers."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, variance
from typing import TYPE_CHECKING, Literal

from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST = 6
"""Differences below which no tendency is told: the interval would span most of the scale."""
ROUNDING = 1 / 12
"""Variance of a score that can only be a whole step (uniform within half a step either way)."""

Tendency = Literal["lenient", "strict", "neither"]


@dataclass(frozen=True)
class Leniency:
    """The mean difference to the expert and its uncertainty, in steps of the scale.

    ``mean`` is positive for a rater who gives more than the expert. ``ci95`` is Student's interval
    for it. ``mean_absolute`` is how far off the rater is either way. ``tendency`` is "lenient" or
    "strict" when the interval lies on one side of nought.
    """

    n: int
    mean: float
    ci95: tuple[float, float]
    mean_absolute: float
    tendency: Tendency


def leniency(differences: Sequence[int]) -> Leniency | None:
    """Return the leniency that differences (own score minus the expert's) show.

    None below six of them. The variance is never taken to be less than that of rounding to whole
    steps, so that six equal differences do not pass for certainty.
    """
    n = len(differences)
    if n < FEWEST:
        return None
    mean = fmean(differences)
    error = (max(variance(differences), ROUNDING) / n) ** 0.5
    reach = float(stats.t.ppf(0.975, n - 1)) * error
    tendency: Tendency = "neither"
    if mean - reach > 0:
        tendency = "lenient"
    elif mean + reach < 0:
        tendency = "strict"
    return Leniency(
        n, mean, (mean - reach, mean + reach), fmean(abs(d) for d in differences), tendency
    )
