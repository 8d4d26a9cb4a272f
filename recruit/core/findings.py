"""What the figures of a comparison mean: which sentence holds, and the numbers that go into it.

Every function names a phrase and its values, and chooses it by a rule on the comparison alone; so
no text can say other than the numbers do. Values are raw: candidates' and interviewers' ids,
competencies' keys, unrounded numbers.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scipy.special import stdtrit

from recruit.core.arrays import NEGLIGIBLE
from recruit.core.ranking import CLEAR
from recruit.core.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recruit.core.agreement import Agreement
    from recruit.core.comparison import Comparison
    from recruit.core.ranking import Pair
    from recruit.core.results import CandidateResult, InterviewerResult

STRONG = 0.75
FAIR = 0.5
"""Limits for the reliability of a mean: Koo & Li 2016 (poor, moderate, good)."""
VISIBLE = 0.05
"""Scale points from which a difference shows when scores are read with one decimal."""
MOST_NAMES = 4
"""More candidates than these are counted, not named."""
WEIGHT_STEP = 0.005
"""A weight that may move by less than this, half a per cent, may not move at all."""


@dataclass(frozen=True)
class Finding:
    """One sentence: ``key`` is the phrase's name, ``values`` what it takes."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


def because(reason: Reason | None) -> Finding:
    """Return the sentence that says why a figure is missing."""
    return Finding(f"reason.{reason or Reason.NOT_ASSESSED}")


def tiers(comparison: Comparison) -> tuple[tuple[str, ...], ...]:
    """Return the ranked candidates in groups between which the order is clear.

    Every member of a group is clearly ahead of every member of the groups after it. Empty when how
    sure the order is cannot be told.
    """
    if comparison.pairs is None:
        return ()
    ranked = [found.id for found in comparison.candidates if found.rank is not None]
    found: list[tuple[str, ...]] = []
    start = furthest = 0
    for number, last in enumerate(comparison.pairs.last_unclear()):
        furthest = max(furthest, last)
        if number == furthest:
            found.append(tuple(ranked[start : number + 1]))
            start = furthest = number + 1
    return tuple(found)


def contenders(comparison: Comparison) -> tuple[str, ...]:
    """Return who may be the strongest: the first, and all who are not clearly behind.

    Without probabilities they are those who share the first rank.
    """
    ranked = [found for found in comparison.candidates if found.rank is not None]
    if not ranked:
        return ()
    if comparison.pairs is None:
        return tuple(found.id for found in ranked if found.rank == ranked[0].rank)
    pairs = (comparison.pairs.of(0, number) for number in range(1, len(ranked)))
    return (ranked[0].id, *(pair.b for pair in pairs if pair.p_higher < CLEAR))


def neighbours(comparison: Comparison) -> list[Pair]:
    """Return the pairs of those who stand next to each other, empty without probabilities."""
    if comparison.pairs is None:
        return []
    ranked = sum(found.rank is not None for found in comparison.candidates)
    return [comparison.pairs.of(number, number + 1) for number in range(ranked - 1)]


def order(comparison: Comparison) -> Finding:
    """Return what is sure about the order."""
    ranked = [found.id for found in comparison.candidates if found.rank is not None]
    if len(comparison.candidates) == 1:
        return Finding("order.one")
    if comparison.pairs is None:
        return because(comparison.pairs_reason)
    if len(ranked) == 1:
        return Finding("order.one ranked", {"a": ranked[0]})
    groups = tiers(comparison)
    if len(groups) == len(ranked):
        return Finding("order.all")
    if len(groups[0]) == 1:
        return Finding("order.leader", {"a": groups[0][0]})
    if len(groups) > 1:
        key = "order.group" if len(groups[0]) <= MOST_NAMES else "order.group.many"
        return Finding(key, {"names": groups[0], "m": len(groups[0]), "n": len(ranked)})
    return Finding("order.nothing")


def place(candidate: CandidateResult) -> Finding:
    """Return the fewest neighbouring places that the candidate takes in 95 draws of 100."""
    shares = candidate.rank_acceptability
    if shares is None:
        return because(candidate.rank_acceptability_reason)
    for width in range(1, len(shares) + 1):
        sums = [sum(shares[start : start + width]) for start in range(len(shares) - width + 1)]
        best = max(range(len(sums)), key=sums.__getitem__)
        if sums[best] >= CLEAR - NEGLIGIBLE:
            key = {1: "place.one", 2: "place.two"}.get(width, "place.span")
            return Finding(key, {"first": best + 1, "last": best + width})
    raise AssertionError("shares of all places sum to 1")


def agreement(found: Agreement) -> Finding:
    """Return how well the panel's mean tells the candidates apart.

    By ICC(A,k); where it means nothing, its reason instead.
    """
    if found.icc_ak is None or found.reason is Reason.CANDIDATES_EQUAL:
        return because(found.reason)
    values = {"coefficient": (found.icc_ak, found.ci95.get("icc_ak"))}
    if found.icc_ak <= NEGLIGIBLE:
        return Finding("agreement.none", values)
    if found.icc_ak < FAIR:
        return Finding("agreement.weak", values)
    return Finding("agreement.strong" if found.icc_ak >= STRONG else "agreement.fair", values)


def alone(found: Agreement) -> Finding | None:
    """Return how well a single interviewer tells them apart, by ICC(A,1); None when unknown."""
    if found.icc_a1 is None or found.reason is Reason.CANDIDATES_EQUAL:
        return None
    return Finding("agreement.alone", {"coefficient": (found.icc_a1, found.ci95.get("icc_a1"))})


def leniency(comparison: Comparison) -> Finding:
    """Return whether it matters how generous each interviewer is."""
    if comparison.design.interviewers < 2:
        return because(Reason.ONE_INTERVIEWER)
    if not comparison.design.comparable:
        return because(Reason.NOT_COMPARABLE)
    scored = [
        (found.id, found.overall.mean, found.overall.adjusted)
        for found in comparison.candidates
        if found.rank is not None
        and found.overall.mean is not None
        and found.overall.adjusted is not None
    ]
    for (a, mean, _), (b, other, _) in itertools.pairwise(scored):
        if mean < other - NEGLIGIBLE:
            return Finding("leniency.order", {"a": a, "b": b})
    moved = max((abs(adjusted - mean) for _, mean, adjusted in scored), default=0.0)
    if moved >= VISIBLE:
        return Finding("leniency.scores", {"amount": moved})
    return Finding("leniency.same" if moved < NEGLIGIBLE else "leniency.little")


def severity(interviewer: InterviewerResult, df: int) -> Finding:
    """Return how generous one interviewer is, with the 95 % margin where there is one."""
    amount = interviewer.severity
    if amount is None:
        return because(Reason.NOT_ASSESSED)
    side = "generous" if amount > 0 else "strict"
    if interviewer.se is None:
        return Finding(f"severity.{side}.unsure", {"amount": abs(amount)})
    margin = margin_of(interviewer, df)
    assert margin is not None
    values = {"amount": abs(amount), "margin": margin}
    return Finding("severity.level" if abs(amount) <= margin else f"severity.{side}", values)


def margin_of(interviewer: InterviewerResult, df: int) -> float | None:
    """Return half the 95 % interval of an interviewer's severity (Student's t), or None."""
    return None if interviewer.se is None else float(stdtrit(df, 0.975)) * interviewer.se


def weight(comparison: Comparison, competency: str) -> Finding:
    """Return between which weights of one competency the leader stays. Raises KeyError."""
    found = comparison.weight_sensitivity
    if found.competencies is None:
        return because(found.reason)
    low, high = found.competencies[competency]
    if low <= NEGLIGIBLE and high >= 1 - NEGLIGIBLE:
        return Finding("weight.any")
    if low <= NEGLIGIBLE:
        return Finding("weight.up to", {"high": high})
    if high >= 1 - NEGLIGIBLE:
        return Finding("weight.from", {"low": low})
    return Finding("weight.between", {"low": low, "high": high})


def weights(comparison: Comparison) -> tuple[Finding, ...]:
    """Return how much a weight must change for the leader to lose, in one or two sentences."""
    found = comparison.weight_sensitivity
    if found.competencies is None or found.leader is None:
        return (because(found.reason),)
    ranked = [candidate.id for candidate in comparison.candidates if candidate.rank is not None]
    if len(ranked) < 2:
        return (Finding("weights.one candidate"),)
    if len(found.competencies) < 2:
        return (Finding("weights.one competency"),)
    said = []
    if comparison.result(found.leader).rank != 1:
        said.append(Finding("weights.other leader", {"a": found.leader, "b": ranked[0]}))
    limits = [
        (round(abs(limit - comparison.weights[key]), 9), key, limit)
        for key, (low, high) in found.competencies.items()
        for limit in (low, high)
        if NEGLIGIBLE < limit < 1 - NEGLIGIBLE
    ]
    if not limits:
        return (*said, Finding("weights.firm", {"a": found.leader}))
    step, key, limit = min(limits)
    values = {"a": found.leader, "x": key, "now": comparison.weights[key], "then": limit}
    return (*said, Finding("weights.tied" if step < WEIGHT_STEP else "weights.nearest", values))
