"""How far a weight could move before another candidate leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recruit.core.arrays import NEGLIGIBLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recruit.core.arrays import Floats
    from recruit.core.reasons import Reason


@dataclass(frozen=True)
class WeightSensitivity:
    """How much a weight would have to change for the leader to lose.

    ``leader`` has the highest ``Σ w_c · adjusted_pc``, which with gaps need not be rank 1.
    ``competencies`` holds for each the interval of its weight (a share, 0 to 1), the others
    rescaled in proportion, around its present value, in which nobody passes the leader. Both are
    None, with ``reason``, when nobody is ranked.
    """

    leader: str | None
    competencies: dict[str, tuple[float, float]] | None
    reason: Reason | None


def weight_sensitivity(
    ranked: Sequence[str],
    adjusted: Mapping[str, Mapping[str, float]],
    weights: Mapping[str, float],
) -> WeightSensitivity:
    """Return the leader and each weight's interval.

    ``ranked`` are candidates in order of rank, at least one; ``adjusted`` are scores by competency
    and candidate, in scale points; ``weights`` sum to 1. A candidate without scores in a competency
    is judged on the others, their weights rescaled. Of several in the lead, the first is taken.
    """
    keys = sorted(weights)
    weight = np.array([weights[key] for key in keys])
    scores = np.array([[adjusted[key].get(name, np.nan) for key in keys] for name in ranked])
    has = ~np.isnan(scores)
    scores = np.where(has, scores, 0.0)
    now = (scores @ weight) / (has @ weight)
    leader = int(np.argmax(now > now.max() - NEGLIGIBLE))
    return WeightSensitivity(
        ranked[leader],
        {
            key: _interval(scores, has.astype(float), weight, number, leader)
            for number, key in enumerate(keys)
        },
        None,
    )


def _interval(
    scores: Floats, has: Floats, weight: Floats, number: int, leader: int
) -> tuple[float, float]:
    """Return the interval of one weight in which nobody passes the leader.

    With weight w, a candidate's score is ``(w·h·x + (1-w)·B) / (w·h + (1-w)·q)``: h is 1 where the
    candidate has a score x in the competency, B and q are the others' weighted scores and weights.
    The leader's lead over another, times both denominators, is a polynomial of second degree in w
    (of first degree when both have every score), so its roots are where the lead is lost.
    """
    others = weight.copy()
    others[number] = 0.0
    if others.any():
        others /= others.sum()
    base, share = scores @ others, has @ others
    score, there = scores[:, number] * has[:, number], has[:, number]
    first = base[leader] * share - base * share[leader]
    last = score[leader] * there - score * there[leader]
    middle = score[leader] * share + base[leader] * there
    middle -= score * share[leader] + base * there[leader]
    roots = _roots(first - middle + last, middle - 2 * first, first)
    breaks = np.sort(np.column_stack((np.zeros(len(first)), roots, np.ones(len(first)))), axis=1)
    starts, ends = breaks[:, :-1], breaks[:, 1:]

    w = (starts + ends) / 2
    lead = first[:, None] * (1 - w) ** 2 + middle[:, None] * w * (1 - w) + last[:, None] * w**2
    denominators = (w * there[:, None] + (1 - w) * share[:, None]) * (
        w * there[leader] + (1 - w) * share[leader]
    )
    passed = (ends > starts) & (lead < -NEGLIGIBLE * denominators)
    present = weight[number]
    before = np.where(passed & (ends <= present + NEGLIGIBLE), ends, 0.0).max()
    after = np.where(passed & (starts >= present - NEGLIGIBLE), starts, 1.0).min()
    return min(float(before), float(present)), max(float(after), float(present))


def _roots(a: Floats, b: Floats, c: Floats) -> Floats:
    """Return the roots in [0, 1] of each ``a·w² + b·w + c``, with 0 in place of any other."""
    with np.errstate(divide="ignore", invalid="ignore"):
        q = -(b + np.copysign(np.sqrt(b * b - 4 * a * c), b)) / 2
        roots = np.column_stack((q / a, c / q))
    return np.where((roots >= 0) & (roots <= 1), roots, 0.0)
