"""How sure a plan will be, held to simulation and to formulas for simple plans."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import t

from recruit.core.foresight import (
    Deviations,
    NothingIsRated,
    PlannedRound,
    best_first,
    foresee,
)

COMPETENCIES = "abcdef"
EQUAL = dict.fromkeys(COMPETENCIES, 1.0)


def one_round(interviewers, weights=EQUAL):
    return [PlannedRound(frozenset(range(interviewers)), frozenset(weights))]


def two_rounds(interviewers):
    return [
        PlannedRound(frozenset((part, person) for person in range(interviewers)), frozenset(keys))
        for part, keys in enumerate(("abc", "def"))
    ]


@pytest.mark.parametrize(
    ("interviewers", "error", "reliability", "first"),
    [(4, 0.292, 0.873, 0.771), (2, 0.412, 0.774, 0.696)],
)
def test_known_plans(interviewers, error, reliability, first):
    foresight = foresee(one_round(interviewers), EQUAL, 5)
    assert round(foresight.standard_error, 3) == error
    assert round(foresight.reliability, 3) == reliability
    # The figures to compare with were integrated on a grid that is exact to 0.0003.
    assert foresight.best_first == pytest.approx(first, abs=0.0008)


def test_what_two_and_three_interviewers_a_round_tell_apart():
    apart = [round(foresee(two_rounds(n), EQUAL, 5).difference, 1) for n in (2, 3)]
    assert apart == [0.9, 0.7]


def simulated(rounds, weights, candidates, deviations, draws=40_000):
    """Draw true and measured totals from the model, score by score."""
    chance = np.random.default_rng(4711)
    total = sum(weights.values())
    shape = (draws, candidates)
    true = chance.normal(0, deviations.candidate, shape)
    measured = np.zeros(shape)
    profile = {key: chance.normal(0, deviations.profile, shape) for key in weights}
    people = {person for part in rounds for person in part.interviewers}
    halo = {person: chance.normal(0, deviations.impression, shape) for person in people}
    days = [chance.normal(0, deviations.day, shape) for _ in rounds]
    for key, weight in weights.items():
        by_person = {}
        for part, day in zip(rounds, days, strict=True):
            for person in part.interviewers if key in part.competencies else ():
                score = halo[person] + day + chance.normal(0, deviations.chance, shape)
                # Rounding to whole steps, as the model has it.
                score += chance.uniform(-0.5, 0.5, shape)
                by_person.setdefault(person, []).append(score)
        means = [np.mean(scores, axis=0) for scores in by_person.values()]
        true = true + weight / total * profile[key]
        measured = measured + weight / total * np.mean(means, axis=0)
    return true, true + measured


@pytest.mark.parametrize(
    ("rounds", "weights", "candidates", "deviations"),
    [
        (one_round(3), EQUAL, 5, Deviations()),
        (two_rounds(2), {"a": 5.0, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1}, 3, Deviations()),
        (
            [
                PlannedRound(frozenset({1, 2, 3}), frozenset("ab")),
                PlannedRound(frozenset({3, 4}), frozenset("bc")),
            ],
            {"a": 2.0, "b": 3.0, "c": 1.0},
            4,
            Deviations(day=0.3),
        ),
    ],
)
def test_what_is_foreseen_comes_true(rounds, weights, candidates, deviations):
    foresight = foresee(rounds, weights, candidates, deviations)
    true, measured = simulated(rounds, weights, candidates, deviations)
    errors = (measured - true)[:, 0] - (measured - true)[:, 1]
    assert errors.std() == pytest.approx(foresight.standard_error, rel=0.015)
    assert np.corrcoef(true[:, 0], measured[:, 0])[0, 1] ** 2 == pytest.approx(
        foresight.reliability, abs=0.01
    )
    hits = np.mean(true.argmax(axis=1) == measured.argmax(axis=1))
    assert hits == pytest.approx(foresight.best_first, abs=0.01)


def test_degrees_of_freedom_of_complete_rounds():
    """Held to the formula for rounds of different people, written out."""
    candidates, panels, asked = 5, (2, 3), (3, 3)
    rounds = [
        PlannedRound(frozenset({1, 2}), frozenset("abc")),
        PlannedRound(frozenset({3, 4, 5}), frozenset("def")),
    ]
    of_pairs = (candidates - 1) * sum(n - 1 for n in panels)
    of_rest = candidates * sum((n - 1) * (c - 1) for n, c in zip(panels, asked, strict=True))
    spread = sum((n - 1) * c for n, c in zip(panels, asked, strict=True)) / sum(
        n - 1 for n in panels
    )
    halo = sum(n * (0.5 / n) ** 2 for n in panels)
    scores = sum(n * c * (1 / 6 / n) ** 2 for n, c in zip(panels, asked, strict=True))
    chance = 0.45**2 + 1 / 12
    by_pairs = halo / spread * (spread * 0.35**2 + chance)
    by_rest = (scores - halo / spread) * chance
    expected = (by_pairs + by_rest) ** 2 / (by_pairs**2 / (of_pairs + 2) + by_rest**2 / of_rest)
    foresight = foresee(rounds, EQUAL, candidates)
    assert foresight.degrees_of_freedom == pytest.approx(expected)
    assert foresight.difference == pytest.approx(
        (t.ppf(0.95, expected) + t.ppf(0.8, expected)) * foresight.standard_error
    )


def test_one_interviewer_a_round_tells_nobody_apart():
    foresight = foresee(two_rounds(1), EQUAL, 5)
    assert foresight.difference is None
    assert foresight.degrees_of_freedom is None
    assert 0 < foresight.reliability < foresee(two_rounds(2), EQUAL, 5).reliability


def test_rounds_of_one_competency_have_the_candidates_by_interviewers_alone():
    rounds = [PlannedRound(frozenset({1, 2}), frozenset("a"))]
    assert foresee(rounds, {"a": 1}, 4).degrees_of_freedom == 3 + 2


def test_more_interviewers_never_make_it_less_sure():
    foresights = [foresee(two_rounds(n), EQUAL, 5) for n in range(2, 8)]
    for fewer, more in itertools.pairwise(foresights):
        assert more.standard_error < fewer.standard_error
        assert more.difference < fewer.difference
        assert more.best_first > fewer.best_first


def test_a_day_of_luck_makes_it_less_sure():
    with_luck = foresee(two_rounds(3), EQUAL, 5, Deviations(day=0.3))
    assert with_luck.best_first < foresee(two_rounds(3), EQUAL, 5).best_first


def test_another_scale_has_the_same_shares():
    five = foresee(one_round(3), EQUAL, 5)
    hundred = foresee(one_round(3), EQUAL, 5, Deviations().on(0, 100), step=25)
    assert hundred.standard_error == pytest.approx(25 * five.standard_error)
    assert hundred.best_first == pytest.approx(five.best_first)


def test_weights_of_what_no_round_rates_count_for_nothing():
    rounds = [PlannedRound(frozenset({1, 2}), frozenset("ab"))]
    assert foresee(rounds, {"a": 1, "b": 1, "z": 8}, 4) == foresee(rounds, {"a": 1, "b": 1}, 4)


@pytest.mark.parametrize(
    ("rounds", "weights"),
    [
        ([], EQUAL),
        ([PlannedRound(frozenset(), frozenset("a"))], EQUAL),
        ([PlannedRound(frozenset({1}), frozenset("z"))], EQUAL),
        (one_round(2), dict.fromkeys("abcdef", 0.0)),
    ],
)
def test_a_plan_that_rates_nothing_is_refused(rounds, weights):
    with pytest.raises(NothingIsRated):
        foresee(rounds, weights, 5)


def test_one_candidate_is_compared_with_nobody():
    with pytest.raises(ValueError, match="two candidates"):
        foresee(one_round(2), EQUAL, 1)


@pytest.mark.parametrize("candidates", [2, 3, 5, 12, 50])
def test_the_best_comes_first_by_luck_or_for_certain(candidates):
    assert best_first(candidates, 0.0) == pytest.approx(1 / candidates, abs=0.0003)
    assert best_first(candidates, 1.0) == pytest.approx(1.0)
    steps = [best_first(candidates, share) for share in np.linspace(0, 1, 400)]
    assert all(more >= less - 1e-4 for less, more in itertools.pairwise(steps))


def test_of_two_the_grid_agrees_with_the_exact_value():
    chance = np.random.default_rng(1)
    for reliability in (0.3, 0.7, 0.9):
        true = chance.normal(size=(400_000, 3))
        noise = chance.normal(size=true.shape) * np.sqrt((1 - reliability) / reliability)
        share = np.mean(true.argmax(axis=1) == (true + noise).argmax(axis=1))
        assert best_first(3, reliability) == pytest.approx(share, abs=0.003)
