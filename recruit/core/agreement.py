"""Agreement of interviewers: on one candidate and competency, and of the panel over candidates."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, sqrt
from typing import TYPE_CHECKING

import numpy as np

from recruit.core.arrays import NEGLIGIBLE
from recruit.core.reasons import Reason
from recruit.core.reliability import Intraclass, intraclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recruit.core.arrays import Codes, Crossed, Floats
    from recruit.core.ratings import Scale
    from recruit.core.scores import Fit


def standard_deviation(scores: Sequence[float]) -> float | None:
    """Return the n-1 standard deviation, in scale points; None for fewer than two scores."""
    if len(scores) < 2:
        return None
    mean = fsum(scores) / len(scores)
    return sqrt(fsum((score - mean) ** 2 for score in scores) / (len(scores) - 1))


def within_group_agreement(scores: Sequence[float], scale: Scale) -> float | None:
    """Return rwg, 0 to 1: 1 - s²/σ², σ² = step² (A²-1)/12, with s² the n-1 variance.

    A is the number of points. None for fewer than two scores; below 0 it is 0. James, Demaree &
    Wolf 1984, uniform null.
    """
    deviation = standard_deviation(scores)
    if deviation is None:
        return None
    chance = scale.step**2 * (scale.points**2 - 1) / 12
    return max(0.0, 1 - deviation**2 / chance)


def average_deviation(scores: Sequence[float]) -> float | None:
    """Return the mean distance from the mean, in scale points; None for fewer than two scores."""
    if len(scores) < 2:
        return None
    mean = fsum(scores) / len(scores)
    return fsum(abs(score - mean) for score in scores) / len(scores)


def flag(scores: Sequence[float], scale: Scale) -> str:
    """Return "none", "single", "discuss" or "agree".

    "discuss" when the range is half the scale or more, or the average deviation is above A/6 steps
    of the scale, A its number of points (Burke & Dunlap 2002).
    """
    if not scores:
        return "none"
    deviation = average_deviation(scores)
    if deviation is None:
        return "single"
    wide = max(scores) - min(scores) >= (scale.maximum - scale.minimum) / 2
    if wide or deviation > scale.step * scale.points / 6:
        return "discuss"
    return "agree"


@dataclass(frozen=True)
class Agreement(Intraclass):
    """Intraclass correlations and Krippendorff's alpha of one table, composites or a competency.

    Alpha is 1 for full agreement, 0 for what chance gives, below 0 for less than that.
    ``alpha_interval`` counts squared distances; ``alpha_ordinal`` counts ranks, so it asks nothing
    of the distances between points: it is for scores as given, None for composites. ``reason``
    names the first gap, the intraclass correlations' before alpha's.
    """

    alpha_interval: float | None = None
    alpha_ordinal: float | None = None


@dataclass(frozen=True)
class PanelAgreement:
    """Agreement on the composites (``overall``) and on each competency's scores, by its key."""

    overall: Agreement
    competencies: dict[str, Agreement]


def of_table(data: Crossed, fit: Fit, *, complete: bool, composite: bool = False) -> Agreement:
    """Return the agreement in a table of numbers by candidate and interviewer.

    ``fit`` is its least-squares fit; ``complete`` as for ``intraclass``. Alpha needs fewer scores
    than the intraclass correlations do: some candidates with scores from two interviewers.
    """
    correlations = intraclass(data, fit, complete=complete)
    reason = correlations.reason
    if reason in {Reason.ONE_CANDIDATE, Reason.ONE_INTERVIEWER}:
        return Agreement(reason=reason)
    whole = bool(np.all(data.y == np.floor(data.y)))
    interval = alpha_interval(data.row, data.y)
    ordinal = alpha_ordinal(data.row, data.y) if whole and not composite else None
    # Where nobody is rated twice there is no residual either: the correlations have told it.
    if interval is None:
        reason = reason or Reason.NO_VARIATION
    elif not whole and not composite:
        reason = reason or Reason.NOT_WHOLE
    found = vars(correlations) | {"reason": reason}
    return Agreement(**found, alpha_interval=interval, alpha_ordinal=ordinal)


def alpha_interval(unit: Codes, values: Floats) -> float | None:
    """Return Krippendorff's alpha with squared distances, at most 1.

    ``unit[n]`` numbers what ``values[n]`` was given to. A unit with one value counts for nothing.
    None when no unit has two values, or all that count are equal. Krippendorff 2011, in sums of
    squares: 1 - Σ_u m_u/(m_u-1) SS_u / n ÷ SS/(n-1).
    """
    unit, values = _pairable(unit, values)
    n = len(values)
    total = np.sum((values - values.mean()) ** 2) if n else 0.0
    if total < n * NEGLIGIBLE**2 or not n:
        return None
    count = np.bincount(unit)
    means = np.bincount(unit, weights=values) / np.maximum(count, 1)
    share = count[unit] / (count[unit] - 1)
    observed = np.sum(share * (values - means[unit]) ** 2) / n
    return float(1 - observed / (total / (n - 1)))


def alpha_ordinal(unit: Codes, values: Floats) -> float | None:
    """Return Krippendorff's alpha with ordinal distances; as ``alpha_interval``.

    The ordinal distance of two values, Σ n_g from one to the other less half of both ends, is the
    distance between their midranks.
    """
    unit, values = _pairable(unit, values)
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return alpha_interval(unit, (np.cumsum(count) - count / 2)[place])


def _pairable(unit: Codes, values: Floats) -> tuple[Codes, Floats]:
    """Return the values of units that have more than one."""
    several = np.bincount(unit)[unit] > 1
    return unit[several], values[several]
