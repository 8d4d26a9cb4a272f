"""The order under other weights, for trying them out: what the weights change and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recruit.core import ranking, scores
from recruit.core.arrays import long_scores
from recruit.core.comparison import incompletely_assessed, ranks, shares

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recruit.core.ranking import Pair
    from recruit.core.ratings import RatingTable


@dataclass(frozen=True)
class Trial:
    """Rank, adjusted score and its 95 % interval by candidate, as ``build`` would have them.

    ``order`` are the ranked candidates from the first; ``first_pair`` tells how sure the first is
    ahead of the second, None when that cannot be told. ``weights`` are shares that sum to 1.
    """

    weights: dict[str, float]
    order: tuple[str, ...]
    ranks: dict[str, int]
    adjusted: dict[str, float]
    intervals: dict[str, tuple[float, float] | None]
    first_pair: Pair | None


def tried(table: RatingTable, weights: Mapping[str, float]) -> Trial:
    """Return the order under the weights, without draws and agreement, which take their time.

    Raises ValueError as ``comparison.shares`` does.
    """
    share = shares(table, weights)
    given = long_scores(table)
    fit = scores.fit(scores.composites(given.averaged(), share))
    found = ranks(fit, incompletely_assessed(given, share))
    order = sorted(found, key=lambda name: (found[name], name))
    certain = len(order) > 1 and fit.df > 0
    return Trial(
        weights=share,
        order=tuple(order),
        ranks=found,
        adjusted=fit.adjusted,
        intervals={name: fit.interval(name) for name in fit.adjusted},
        first_pair=ranking.pairs(fit, order[:2])[0] if certain else None,
    )
