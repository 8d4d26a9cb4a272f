"""Mean squares of a fit, and the variance that they give a linear form of the scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from recruit.core.arrays import Floats
    from recruit.core.statistics.fit import Fit

HALO, ERROR = 0.35, 0.45
"""Assumed standard deviations, in quarters of the scale; worth two degrees of freedom."""
ASSUMED_DF = 2
HALO_SHARE = 0.6
"""Part of the variance taken for halo where the scores cannot tell it from error."""


@dataclass(frozen=True)
class Form:
    """Sums of squares of linear forms' coefficients: of scores, of pairs, of cells."""

    scores: Floats
    pairs: Floats
    cells: Floats


@dataclass(frozen=True)
class Variance:
    """Variances and their degrees of freedom, with the terms that these rest on."""

    total: Floats
    df: Floats


@dataclass(frozen=True)
class MeanSquares:
    """What is left of the scores, told apart into halo and error where they can be.

    ``halo`` and ``error`` are mean squares with their degrees of freedom; ``halo_df`` is 0 and
    ``halo`` None where nothing tells of halo. ``rounding`` is added for each cell: people who agree
    round the same way.
    """

    df: int
    error: float
    error_df: int
    halo: float | None
    halo_df: int
    kappa: float
    assumed_halo: float
    pooled: float
    rounding: float

    @property
    def told(self) -> bool:
        """Return whether any uncertainty can be told."""
        return self.df > 0

    @property
    def cautious(self) -> bool:
        """Return whether halo is only assumed, so that nothing is called clear."""
        return self.halo is None and self.error_df > 0

    def terms(self, form: Form) -> list[tuple[Floats, float]]:
        """Return the parts of forms' variances, each with its degrees of freedom."""
        if not self.error_df:
            factor = HALO_SHARE * np.maximum(form.pairs, form.scores)
            factor = factor + (1 - HALO_SHARE) * form.scores
            return [(factor * self.pooled, self.df + ASSUMED_DF)]
        if self.halo is None:
            return [
                (form.pairs * self.assumed_halo, ASSUMED_DF),
                (form.scores * self.error, self.error_df),
            ]
        share = form.pairs / self.kappa
        return [
            (share * self.halo, self.halo_df),
            (np.maximum(form.scores - share, 0.0) * self.error, self.error_df),
        ]

    def variance(self, form: Form, *more: tuple[Floats, float]) -> Variance:
        """Return the variances of forms; ``more`` are further parts with their df."""
        terms = [*self.terms(form), *more]
        return combined(terms).plus(self.rounding * form.cells)


def combined(terms: list[tuple[Floats, float]]) -> Combined:
    """Return the sum of independent parts with Satterthwaite's degrees of freedom."""
    total = np.asarray(sum(part for part, _ in terms))
    with np.errstate(divide="ignore", invalid="ignore"):
        df = total**2 / sum(part**2 / max(of, 1) for part, of in terms)
    return Combined(total, np.where(np.isfinite(df), df, 1.0))


class Combined(Variance):
    """Variances before what is added without changing degrees of freedom."""

    def plus(self, more: Floats) -> Variance:
        """Return the variances with more, their degrees of freedom unchanged."""
        return Variance(self.total + more, self.df)

    def or_larger(self, other: Variance) -> Combined:
        """Return the larger of each two, with its own degrees of freedom."""
        larger = other.total > self.total
        return Combined(
            np.where(larger, other.total, self.total), np.where(larger, other.df, self.df)
        )


def mean_squares(fit: Fit) -> MeanSquares:
    """Return the mean squares of a fit."""
    ratings = fit.ratings
    least = ratings.step**2 / 12
    halo, error = (HALO * ratings.spread) ** 2, (ERROR * ratings.spread) ** 2
    q1, df1 = float(fit.residual @ fit.residual), fit.df
    q2, df2 = _with_pairs(fit)
    df3 = df1 - df2
    kappa, ms_halo = 0.0, None
    ms_error = max(q2 / df2, least) if df2 else least
    if df3 and df2:
        square = (fit.within @ fit.within.T).toarray()
        kappa = (len(ratings.score) - fit.cells - float(np.sum(fit.inverse * square))) / df3
        ms_halo = (max(q1 - q2, 0.0) + ASSUMED_DF * (kappa * halo + ms_error)) / (df3 + ASSUMED_DF)
    pooled = (q1 + ASSUMED_DF * (halo + error + least)) / (df1 + ASSUMED_DF)
    return MeanSquares(
        df=df1,
        error=ms_error,
        error_df=df2,
        halo=ms_halo,
        halo_df=df3 + ASSUMED_DF,
        kappa=kappa,
        assumed_halo=halo,
        pooled=pooled,
        rounding=max(0.0, least - q1 / df1) if df1 else 0.0,
    )


def _with_pairs(fit: Fit) -> tuple[float, int]:
    """Return the residual sum of squares and df when each pair has an effect of its own.

    Within each candidate that is a table of interviewers by competencies.
    """
    ratings = fit.ratings
    order = np.argsort(ratings.candidate, kind="stable")
    ends = np.cumsum(np.bincount(ratings.candidate))
    rest, df = 0.0, 0
    for rows in np.split(order, ends[:-1]):
        score = ratings.score[rows]
        people, i = np.unique(ratings.interviewer[rows], return_inverse=True)
        topics, c = np.unique(ratings.competency[rows], return_inverse=True)
        if len(score) == len(people) * len(topics):
            table = np.empty((len(people), len(topics)))
            table[i, c] = score
            left = table - table.mean(0) - table.mean(1)[:, None] + table.mean()
            rest += float(np.sum(left**2))
            df += (len(people) - 1) * (len(topics) - 1)
            continue
        there = np.zeros((len(people), len(topics)))
        there[i, c] = 1
        each = there.sum(1)
        centred = score - (np.bincount(i, weights=score) / each)[i]
        normal = np.diag(there.sum(0)) - there.T @ (there / each[:, None])
        effect, _, rank, _ = np.linalg.lstsq(normal, np.bincount(c, weights=centred), rcond=1e-10)
        left = centred - effect[c] + ((there @ effect) / each)[i]
        rest += float(left @ left)
        df += len(score) - len(people) - int(rank)
    return rest, df
