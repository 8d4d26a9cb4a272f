"""How sure the order is."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple, overload

import numpy as np
from scipy.special import stdtr

from recruit.core.arrays import NEGLIGIBLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recruit.core.arrays import Codes, Floats
    from recruit.core.scores import Fit

CLEAR = 0.95
LIKELY = 0.80
DRAWS = 20_000
"""Draws for rank acceptabilities: each is then known to within 0.7 per cent (two errors)."""
DRAWN_AT_ONCE = 2**19
"""Numbers drawn at a time in each strand, so that memory stays small."""
SEED = 1979
"""Fixed, so that neither names nor the order of rows nor the language moves a figure."""
STRANDS = 4
"""Parts of the draws that run side by side where there are processors for it. A fixed number, each
with a generator of its own, so that the figures do not depend on the machine."""


class Pair(NamedTuple):
    """Two ranked candidates; ``p_higher`` is the probability (0 to 1) that a is above b.

    ``verdict`` is "clear", "likely" or "too close to call".
    """

    a: str
    b: str
    p_higher: float
    verdict: str


class Pairs(Sequence[Pair]):
    """Every two of some ranked candidates once, the one ranked before first.

    The pairs of the first candidate come first, and so on. A thousand candidates have half a
    million pairs, so each is made when it is asked for.
    """

    def __init__(self, ranked: Sequence[str], p_higher: Floats) -> None:
        """Take the candidates in order of rank, and the probability of each pair."""
        self._ranked = ranked
        self._p_higher = p_higher
        self._a, self._b = np.triu_indices(len(ranked), 1)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self._p_higher)

    @overload
    def __getitem__(self, index: int) -> Pair: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Pair]: ...
    def __getitem__(self, index: int | slice) -> Pair | Sequence[Pair]:
        """Return one pair, or the pairs of a slice."""
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        return self._pair(self._a[index], self._b[index], float(self._p_higher[index]))

    def __iter__(self) -> Iterator[Pair]:
        """Yield the pairs; much faster than one after the other by its number."""
        columns = (self._a.tolist(), self._b.tolist(), self._p_higher.tolist())
        return map(self._pair, *columns)

    def _pair(self, a: int, b: int, p_higher: float) -> Pair:
        return Pair(self._ranked[a], self._ranked[b], p_higher, verdict(p_higher))

    def of(self, a: int, b: int) -> Pair:
        """Return the pair of the candidates in two places, counted from 0, the earlier first."""
        # The rows before that of a get shorter by one each.
        return self[a * (2 * len(self._ranked) - a - 1) // 2 + b - a - 1]

    def last_unclear(self) -> list[int]:
        """Return for each place the last one that it is not clearly ahead of, or itself."""
        unclear = self._p_higher < CLEAR
        last = np.arange(len(self._ranked))
        np.maximum.at(last, self._a[unclear], self._b[unclear])
        found: list[int] = last.tolist()
        return found


def pairs(fit: Fit, ranked: Sequence[str]) -> Pairs:
    """Return every two of the ranked candidates once, the one ranked before first.

    ``p_higher = T_df((α_a - α_b) / se_diff)``; with no residual at all it is 0, 0.5 or 1. The fit
    must have residual degrees of freedom.
    """
    assert fit.error is not None
    chosen = np.array([fit.place[name] for name in ranked], dtype=np.intp)
    adjusted = np.array([fit.adjusted[name] for name in ranked])
    a, b = np.triu_indices(len(ranked), 1)
    difference = adjusted[a] - adjusted[b]
    if fit.variance:
        covariance = fit.error.of(chosen).covariance
        variances = np.diag(covariance)
        se = np.sqrt(variances[a] + variances[b] - 2 * covariance[a, b])
        p_higher = stdtr(fit.df, difference / se)
    else:
        p_higher = np.where(np.abs(difference) < NEGLIGIBLE, 0.5, difference > 0)
    return Pairs(ranked, p_higher)


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
        tied = before is not None and abs(scores[before] - scores[name]) < NEGLIGIBLE
        result[name] = result[before] if tied and before is not None else number
    return result


def rank_acceptability(fit: Fit, ranked: Sequence[str]) -> dict[str, tuple[float, ...]]:
    """Return the share of draws (0 to 1) in which each ranked candidate takes each rank.

    One share for every rank, from the first; together they are 1. Lahdelma & Salminen 2001, over
    DRAWS draws from the multivariate t of α. The draws are fixed, and assigned to the candidates in
    the order of ``ranked``. With no residual at all every draw is the same, and ties share a rank.
    The fit must have residual degrees of freedom.
    """
    assert fit.error is not None
    adjusted = {name: fit.adjusted[name] for name in ranked}
    if not fit.variance:
        return {
            name: tuple(float(rank == place) for place in range(1, len(ranked) + 1))
            for name, rank in ranks(adjusted).items()
        }
    chosen = np.array([fit.place[name] for name in ranked], dtype=np.intp)
    centre = np.array(list(adjusted.values()))
    shares = _rank_counts(centre, fit.error.of(chosen).covariance, fit.df) / DRAWS
    return dict(zip(ranked, map(tuple, shares.tolist()), strict=True))


def _rank_counts(centre: Floats, covariance: Floats, df: int) -> Floats:
    """Return in how many draws each candidate (row) takes each rank (column)."""
    size = len(centre)
    # A draw's order does not change when all of it is multiplied by the same number, so the scale
    # that makes a normal draw one of Student's t is put on the centre. Sorted is from below; with
    # its sign turned the highest score comes first.
    # There is one triangular root of the covariance; the loadings follow the interviewers' names.
    factors = np.vstack((np.linalg.cholesky(covariance).T, -centre))
    # The lowest bits of a number do not matter to its order: the candidate's place is kept there,
    # so that the numbers themselves can be sorted, which is several times faster than their places.
    place_bits = (1 << (size - 1).bit_length()) - 1

    def counted(sequence: np.random.SeedSequence) -> Codes:
        generator = np.random.default_rng(sequence)
        counts = np.zeros(size * size, dtype=np.intp)
        remaining = DRAWS // STRANDS
        while remaining:
            draws = min(remaining, max(1, DRAWN_AT_ONCE // size))
            remaining -= draws
            drawn = generator.standard_normal((draws, len(factors)))
            drawn[:, -1] = np.sqrt(generator.chisquare(df, draws) / df)
            values = drawn @ factors
            bits = values.view(np.int64)
            bits &= ~place_bits
            bits |= np.arange(size)
            values.sort(axis=1)
            bits &= place_bits
            bits += size * np.arange(size)
            counts += np.bincount(bits.ravel(), minlength=size * size)
        return counts

    sequences = np.random.SeedSequence(SEED).spawn(STRANDS)
    with ThreadPoolExecutor(STRANDS) as pool:
        counts = sum(pool.map(counted, sequences))
    return np.asarray(counts, dtype=float).reshape(size, size).T
