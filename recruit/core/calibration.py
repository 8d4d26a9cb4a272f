"""How generous each interviewer is, over every recruitment of an organisation at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recruit.core import scores
from recruit.core.arrays import long_scores
from recruit.core.comparison import shares
from recruit.core.variance import VarianceComponents, variance_components, why_not

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recruit.core.ratings import RatingTable
    from recruit.core.reasons import Reason


@dataclass(frozen=True)
class Calibration:
    """Severities and what the differences between scores come from.

    ``fit.severity`` is comparable within each of ``fit.groups`` only. ``components`` are the
    variances between candidates, between interviewers and the rest; None, with ``reason``, when
    they cannot be told apart.
    """

    fit: scores.Fit
    components: VarianceComponents | None
    reason: Reason | None


def calibrate(table: RatingTable, weights: Mapping[str, float] | None = None) -> Calibration:
    """Return the severity of every interviewer in a table that may span many recruitments.

    The same composites and fit as a comparison's, without what a comparison says of its candidates:
    with 3,000 interviewers and 1,100 candidates a matter of seconds. Raises ValueError as
    ``comparison.shares`` does.
    """
    single = long_scores(table).averaged()
    composite = scores.composites(single, shares(table, weights))
    fit = scores.fit(composite)
    return Calibration(fit, variance_components(composite, fit), why_not(fit))
