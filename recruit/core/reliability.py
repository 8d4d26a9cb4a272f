"""Intraclass correlations: how far the panel tells the candidates apart, and how alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import fdtri

from recruit.core.arrays import NEGLIGIBLE
from recruit.core.reasons import Reason
from recruit.core.variance import VarianceComponents, variance_components

if TYPE_CHECKING:
    from recruit.core.arrays import Crossed, Floats
    from recruit.core.scores import Fit

Interval = tuple[float, float]


@dataclass(frozen=True)
class Intraclass:
    """Share of the variance in what interviewers gave that lies between the candidates.

    1 is full agreement, 0 none; an estimate by analysis of variance can be below 0, which means
    none. ``icc1`` is for one interviewer drawn anew for each candidate; ``icc_a1`` for one who
    rates all, severity counting as error (absolute agreement); ``icc_c1`` for the same with
    severity set aside (consistency); ``icc1_k``, ``icc_ak`` and ``icc_ck`` for the mean of ``k``
    interviewers. McGraw & Wong 1996 call them ICC(1), ICC(A,1), ICC(C,1), ICC(1,k), ICC(A,k) and
    ICC(C,k).

    ``method`` is "anova" for a complete table, with the 95 % intervals that exist in ``ci95`` by
    coefficient; "reml" with gaps, without intervals and one-way forms, from ``components``; None
    when nothing is estimable. ``k`` is the number of interviewers, with gaps the harmonic mean of
    ratings per candidate. ``reason`` says why figures are missing or, when it is CANDIDATES_EQUAL,
    why the forms for k interviewers mean nothing: show it in their place.
    """

    method: str | None = None
    k: float | None = None
    icc1: float | None = None
    icc_a1: float | None = None
    icc_c1: float | None = None
    icc1_k: float | None = None
    icc_ak: float | None = None
    icc_ck: float | None = None
    ci95: dict[str, Interval] = field(default_factory=dict)
    components: VarianceComponents | None = None
    reason: Reason | None = None


def intraclass(data: Crossed, fit: Fit, *, complete: bool) -> Intraclass:
    """Return the coefficients of a two-way table and its least-squares fit.

    ``complete`` says that nothing is missing behind the numbers; else the table has gaps, though
    every interviewer may have a number for every candidate.
    """
    reason = _why_not(fit)
    if reason:
        return Intraclass(reason=reason)
    if complete:
        return _by_anova(data)
    ratings = np.bincount(data.row)
    harmonic_mean = len(ratings) / float(np.sum(1 / ratings))
    return _by_reml(variance_components(data, fit), harmonic_mean)


def _why_not(fit: Fit) -> Reason | None:
    """Return why agreement cannot be estimated, or None."""
    if len(fit.candidates) < 2:
        return Reason.ONE_CANDIDATE
    if len(fit.severity) < 2:
        return Reason.ONE_INTERVIEWER
    return None if fit.df > 0 else Reason.NO_DEGREES_OF_FREEDOM


def _by_reml(components: VarianceComponents, k: float) -> Intraclass:
    """Return the coefficients as ratios of variance components."""
    candidate, interviewer, residual = (
        components.candidate,
        components.interviewer,
        components.residual,
    )
    if candidate + interviewer + residual < NEGLIGIBLE**2:
        return Intraclass(reason=Reason.NO_VARIATION)
    told = candidate + residual >= NEGLIGIBLE**2
    return Intraclass(
        method="reml",
        k=k,
        icc_a1=candidate / (candidate + interviewer + residual),
        icc_c1=candidate / (candidate + residual) if told else None,
        icc_ak=candidate / (candidate + (interviewer + residual) / k),
        icc_ck=candidate / (candidate + residual / k) if told else None,
        components=components,
        reason=None if told else Reason.CANDIDATES_EQUAL,
    )


def _by_anova(data: Crossed) -> Intraclass:
    """Return the coefficients and intervals of Shrout & Fleiss 1979 and McGraw & Wong 1996."""
    n, k = len(data.candidates), len(data.interviewers)
    table = np.empty((n, k))
    table[data.row, data.column] = data.y
    between, raters, rest, within = _mean_squares(table)
    largest = max(between, raters, rest)
    if not largest:
        return Intraclass(reason=Reason.NO_VARIATION)

    def ratio(part: float, whole: float) -> float | None:
        return None if abs(whole) <= NEGLIGIBLE * largest else part / whole

    mean_of_k = between + (raters - rest) / n
    found = {
        "icc1": ratio(between - within, between + (k - 1) * within),
        "icc_a1": ratio(between - rest, between + (k - 1) * rest + k * (raters - rest) / n),
        "icc_c1": ratio(between - rest, between + (k - 1) * rest),
        "icc1_k": ratio(between - within, between),
        "icc_ak": ratio(between - rest, mean_of_k),
        "icc_ck": ratio(between - rest, between),
    }
    intervals: dict[str, Interval] = {}
    intervals["icc1"], intervals["icc1_k"] = _one_way(between, within, n - 1, n * (k - 1), k)
    df = (n - 1) * (k - 1)
    intervals["icc_c1"], intervals["icc_ck"] = _one_way(between, rest, n - 1, df, k)
    intervals["icc_a1"], intervals["icc_ak"] = _absolute(
        between, raters, rest, n, k, found["icc_a1"]
    )
    told = mean_of_k > 0 and all(value is not None for value in found.values())
    return Intraclass(
        method="anova",
        k=float(k),
        icc1=found["icc1"],
        icc_a1=found["icc_a1"],
        icc_c1=found["icc_c1"],
        icc1_k=found["icc1_k"],
        icc_ak=found["icc_ak"],
        icc_ck=found["icc_ck"],
        ci95={
            name: interval
            for name, interval in intervals.items()
            if found[name] is not None and np.all(np.isfinite(interval))
        },
        reason=None if told else Reason.CANDIDATES_EQUAL,
    )


def _mean_squares(table: Floats) -> tuple[float, float, float, float]:
    """Return the mean squares of candidates, interviewers, residual, and within candidates.

    What is no more than rounding is 0.
    """
    n, k = table.shape
    rows = table.mean(axis=1, keepdims=True)
    columns = table.mean(axis=0, keepdims=True)
    mean = table.mean()
    between = k * float(np.sum((rows - mean) ** 2)) / (n - 1)
    raters = n * float(np.sum((columns - mean) ** 2)) / (k - 1)
    rest = float(np.sum((table - rows - columns + mean) ** 2)) / ((n - 1) * (k - 1))
    between, raters, rest = (0.0 if x < NEGLIGIBLE**2 else x for x in (between, raters, rest))
    return between, raters, rest, (raters + (n - 1) * rest) / n


def _one_way(
    between: float, within: float, df: int, df_within: int, k: int
) -> tuple[Interval, Interval]:
    """Return the intervals for one and for k interviewers when F = between / within."""
    low = fdtri(df, df_within, 0.975) * within
    high = within / fdtri(df_within, df, 0.975)
    with np.errstate(divide="ignore", invalid="ignore"):
        # In this form they hold for a within of 0 too: both ends are then 1.
        bounds = np.array([low, high])
        one = (between - bounds) / (between + (k - 1) * bounds)
        mean = (between - bounds) / np.float64(between)
    return (float(one[0]), float(one[1])), (float(mean[0]), float(mean[1]))


def _absolute(
    between: float, raters: float, rest: float, n: int, k: int, icc: float | None
) -> tuple[Interval, Interval]:
    """Return the intervals of absolute agreement, with Satterthwaite's degrees of freedom."""
    if raters == rest == 0:
        return (1.0, 1.0), (1.0, 1.0)
    a = k * raters * (icc or 0.0)
    b = rest * (n + (icc or 0.0) * (k * n - k - n))
    below = a**2 / (k - 1) + b**2 / ((n - 1) * (k - 1))
    if icc is None or not below:
        return (np.nan, np.nan), (np.nan, np.nan)
    v = (a + b) ** 2 / below
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        bounds = np.array([fdtri(n - 1, v, 0.975), 1 / fdtri(v, n - 1, 0.975)])
        part = n * (between - bounds * rest)
        one = part / (bounds * (k * raters + (k * n - k - n) * rest) + n * between)
        mean = part / (bounds * (raters - rest) + n * between)
    return (float(one[0]), float(one[1])), (float(mean[0]), float(mean[1]))
