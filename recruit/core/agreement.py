"""Agreement of several interviewers on one candidate and competency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recruit.core.ratings import Scale

DISCUSS_RANGE = 2
"""Points between highest and lowest score from which a panel should talk."""


def within_group_agreement(scores: Sequence[float], scale: Scale) -> float | None:
    """Return rwg, 0 to 1: 1 - s²/σ², σ² = (A²-1)/12, with s² the n-1 variance.

    None for fewer than two scores; below 0 it is 0. James, Demaree & Wolf 1984, uniform null.
    """
    if len(scores) < 2:
        return None
    chance = (scale.points**2 - 1) / 12
    return max(0.0, 1 - float(np.var(scores, ddof=1)) / chance)


def average_deviation(scores: Sequence[float]) -> float | None:
    """Return the mean distance from the mean, in scale points; None for fewer than two scores."""
    if len(scores) < 2:
        return None
    values = np.asarray(scores, dtype=float)
    return float(np.mean(np.abs(values - values.mean())))


def flag(scores: Sequence[float], scale: Scale) -> str:
    """Return "none", "single", "discuss" or "agree".

    "discuss" when the range is two points or more, or the average deviation is above A/6
    (Burke & Dunlap 2002).
    """
    if not scores:
        return "none"
    deviation = average_deviation(scores)
    if deviation is None:
        return "single"
    if max(scores) - min(scores) >= DISCUSS_RANGE or deviation > scale.points / 6:
        return "discuss"
    return "agree"
