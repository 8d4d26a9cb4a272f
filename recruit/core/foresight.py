"""How sure a comparison will be, told before anybody has been interviewed.

What is expected of a plan under the model of the comparison's cells: a true score per candidate and
competency, an impression ("halo") that an interviewer has of a candidate and that colours every
score, and chance in each single score. Everybody on a round's panel meets every candidate, so
leniency falls out of every difference.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import integrate, sparse
from scipy.sparse.csgraph import connected_components
from scipy.stats import norm, t

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

POINTS = 5
"""Points of the scale for which the assumed variances are stated."""
PRIOR_DF = 2
"""Degrees of freedom that the assumption about impressions is worth in a comparison."""
GRID = np.linspace(-6.0, 6.0, 161)
"""Where the true and the measured place of a candidate are tried, in standard deviations."""
CLEAR, POWER = 0.95, 0.80
"""A difference is called clear from here; and a plan is asked how large one is so this often."""


@dataclass(frozen=True)
class Deviations:
    """Standard deviations in scale points of a five-point scale.

    ``candidate``: true totals of candidates; ``profile``: a candidate's true score in a competency
    around the own total; ``impression``: what an interviewer's impression of a candidate adds to
    every score; ``chance``: a single score; ``day``: the candidate's day in a round. The defaults
    are assumptions, not findings; the day's luck is left out unless it is asked for.
    """

    candidate: float = 0.50
    profile: float = 0.50
    impression: float = 0.35
    chance: float = 0.45
    day: float = 0.0

    def on(self, lowest: float, highest: float) -> Deviations:
        """Return the same share of the scale from ``lowest`` to ``highest``."""
        ratio = (highest - lowest) / (POINTS - 1)
        return Deviations(
            self.candidate * ratio,
            self.profile * ratio,
            self.impression * ratio,
            self.chance * ratio,
            self.day * ratio,
        )


@dataclass(frozen=True)
class PlannedRound:
    """Who rates what in one round: interviewers by any key, competencies by theirs."""

    interviewers: frozenset[Hashable]
    competencies: frozenset[str]


@dataclass(frozen=True)
class Foresight:
    """What can be expected of a plan.

    ``standard_error`` is that of a difference of two totals, in scale points; ``reliability`` the
    share of the variance of measured totals that is true; ``best_first`` the probability that the
    truly best of the candidates gets rank 1; ``difference`` the true difference, in scale points,
    that will be called clear four times of five, None where no verdict will be possible;
    ``degrees_of_freedom`` those of a difference, None likewise.
    """

    standard_error: float
    reliability: float
    best_first: float
    difference: float | None
    degrees_of_freedom: float | None


class NothingIsRated(ValueError):
    """No round of the plan rates a competency that has weight."""


def foresee(
    rounds: Sequence[PlannedRound],
    weights: Mapping[str, float],
    candidates: int,
    deviations: Deviations = Deviations(),
    step: float = 1.0,
) -> Foresight:
    """Return what can be expected of the plan when every panel meets all ``candidates``.

    ``weights`` are of any sum; competencies that no round rates are left out and the rest scaled to
    1. ``step`` is the smallest step of the scale, whose rounding is chance too. The degrees of
    freedom are those of section "Uncertainty" of the comparison with every mean square at its
    expectation. Raises NothingIsRated; ValueError for fewer than two candidates.
    """
    if candidates < 2:
        raise ValueError("at least two candidates are compared")
    design = _Design.of(rounds, weights)
    chance = deviations.chance**2 + step**2 / 12
    halo, scores = design.halo(), design.scores()
    variance = deviations.impression**2 * halo + chance * scores
    variance += deviations.day**2 * design.days()
    standard_error = float(np.sqrt(2 * variance))
    true = deviations.candidate**2 + deviations.profile**2 * design.squared_weights()
    reliability = float(true / (true + variance))
    freedom = _freedom(design, candidates, deviations.impression**2, chance)
    return Foresight(
        standard_error=standard_error,
        reliability=reliability,
        best_first=best_first(candidates, reliability),
        difference=None
        if freedom is None
        else float((t.ppf(CLEAR, freedom) + t.ppf(POWER, freedom)) * standard_error),
        degrees_of_freedom=freedom,
    )


def best_first(candidates: int, reliability: float) -> float:
    """Return the probability that the truly best of ``candidates`` is measured as the best.

    True and measured totals are bivariate normal, correlated by the square root of the reliability
    (0 to 1): ``n ∬ φ₂ Φ₂^(n-1)``, exact to 0.0003.
    """
    correlation = np.sqrt(reliability)
    if candidates == 2:
        return float(0.5 + np.arcsin(correlation) / np.pi)
    left = np.sqrt(1 - reliability)
    # A grid cannot see a ridge narrower than its mesh.
    if left < GRID[1] - GRID[0]:
        return _of_nearly_true(candidates, left)
    true, measured = GRID[:, None], GRID[None, :]
    around = (measured - correlation * true) / left
    density = norm.pdf(true) * norm.pdf(around) / left
    below = integrate.cumulative_trapezoid(
        norm.pdf(true) * norm.cdf(around), GRID, axis=0, initial=0.0
    )
    inner = integrate.trapezoid(density * below ** (candidates - 1), GRID, axis=0)
    return float(candidates * integrate.trapezoid(inner, GRID))


def _of_nearly_true(candidates: int, left: float) -> float:
    """Return the probability near a reliability of 1, on the line that ends at certainty there."""
    at_mesh = (GRID[1] - GRID[0]) * 1.0001
    return float(1 - (1 - best_first(candidates, 1 - at_mesh**2)) * left / at_mesh)


@dataclass(frozen=True)
class _Design:
    """Who rates what: ``times[i, c]`` rounds in which interviewer i rates competency c."""

    times: Mapping[tuple[Hashable, str], int]
    rounds: Sequence[PlannedRound]
    weights: Mapping[str, float]
    raters: Mapping[str, int]

    @classmethod
    def of(cls, rounds: Sequence[PlannedRound], weights: Mapping[str, float]) -> _Design:
        rated = {key for part in rounds if part.interviewers for key in part.competencies}
        total = sum(weights[key] for key in weights if key in rated)
        if total <= 0:
            raise NothingIsRated
        shares = {key: weight / total for key, weight in weights.items() if key in rated}
        times = Counter(
            (person, key)
            for part in rounds
            for person in part.interviewers
            for key in part.competencies
            if key in shares
        )
        return cls(times, rounds, shares, Counter(key for _, key in times))

    def part(self, key: str) -> float:
        """Return how much of the total each rater's score in the competency makes."""
        return self.weights[key] / self.raters[key]

    def halo(self) -> float:
        """Return the sum over interviewers of the squared part of the total that each makes."""
        parts: dict[Hashable, float] = defaultdict(float)
        for person, key in self.times:
            parts[person] += self.part(key)
        return sum(part**2 for part in parts.values())

    def scores(self) -> float:
        """Return the sum of squared parts of single scores."""
        return sum(self.part(key) ** 2 / times for (_, key), times in self.times.items())

    def days(self) -> float:
        """Return the sum over rounds of the squared part of the total that each round makes."""
        return sum(
            sum(
                self.part(key) / self.times[person, key]
                for person in part.interviewers
                for key in part.competencies
                if key in self.weights
            )
            ** 2
            for part in self.rounds
        )

    def squared_weights(self) -> float:
        return sum(weight**2 for weight in self.weights.values())

    def panels(self) -> int:
        """Return into how many parts, without a common interviewer, the plan falls."""
        people = {person: n for n, person in enumerate(dict.fromkeys(p for p, _ in self.times))}
        keys = {key: n for n, key in enumerate(self.weights, start=len(people))}
        rows = [people[person] for person, _ in self.times]
        columns = [keys[key] for _, key in self.times]
        size = len(people) + len(keys)
        graph = sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=(size, size))
        return int(connected_components(graph, directed=False, return_labels=False))

    def people(self) -> int:
        return len({person for person, _ in self.times})


def _freedom(design: _Design, candidates: int, impression: float, chance: float) -> float | None:
    """Return the degrees of freedom of a difference, or None when nothing could be told.

    ``impression`` and ``chance`` are variances. All meet the same people, so the residuals of cells
    and interviewers split into candidates × interviewers (df3) and what is left (df2).
    """
    scores, cells = len(design.times), len(design.weights)
    people, panels = design.people(), design.panels()
    of_pairs = (candidates - 1) * (people - panels)
    of_rest = candidates * (scores - cells - people + panels)
    if not of_pairs:
        return None
    if not of_rest:
        return float(of_pairs + PRIOR_DF)
    spread = (scores - cells) / (people - panels)
    halo, parts = design.halo(), design.scores()
    by_pairs = halo / spread * (spread * impression + chance)
    by_rest = max(parts - halo / spread, 0.0) * chance
    whole = by_pairs + by_rest
    return float(whole**2 / (by_pairs**2 / (of_pairs + PRIOR_DF) + by_rest**2 / of_rest))
