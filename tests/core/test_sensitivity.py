"""Weight intervals against a fine grid, and by hand."""

from __future__ import annotations

import random

import numpy as np
import pytest

from recruit.core.sensitivity import weight_sensitivity

GRID = 4001


def leads(name, ranked, adjusted, weights, key, w):
    """Whether nobody is ahead of a candidate when one weight is w and the others share the rest."""
    others = sum(weights[c] for c in weights if c != key)
    changed = {c: (1 - w) * weights[c] / others if others else 0.0 for c in weights} | {key: w}
    totals = {}
    for candidate in ranked:
        own = [c for c in weights if candidate in adjusted[c]]
        share = sum(changed[c] for c in own)
        if share > 0:
            totals[candidate] = sum(changed[c] * adjusted[c][candidate] for c in own) / share
    return name not in totals or totals[name] > max(totals.values()) - 1e-9


@pytest.mark.parametrize("gaps", [0.0, 0.3])
@pytest.mark.parametrize("seed", range(25))
def test_intervals_agree_with_a_fine_grid(seed, gaps):
    chance = random.Random(seed)
    ranked = [f"K{n}" for n in range(chance.randint(1, 6))]
    keys = [f"c{n}" for n in range(chance.randint(1, 4))]
    raw = [chance.choice([0, 1, 2, 3]) or 0.5 * (n == 0) for n in range(len(keys))]
    weights = {key: weight / sum(raw) for key, weight in zip(keys, raw, strict=True)}
    adjusted = {
        key: {
            name: chance.choice([chance.uniform(1, 5), float(chance.randint(1, 5))])
            for name in ranked
            if key == "c0" or chance.random() >= gaps
        }
        for key in keys
    }
    found = weight_sensitivity(ranked, adjusted, weights)
    assert found.reason is None
    assert found.competencies.keys() == weights.keys()
    for key, (low, high) in found.competencies.items():
        assert 0 <= low <= weights[key] <= high <= 1
        grid = np.linspace(0, 1, GRID)[1:-1]
        inside = [leads(found.leader, ranked, adjusted, weights, key, w) for w in grid]
        step = 1 / (GRID - 1)
        for w, leading in zip(grid, inside, strict=True):
            if low + step < w < high - step:
                assert leading, (key, w)
        # Just outside, somebody else leads: the interval could not be wider.
        if low > 0:
            assert not leads(found.leader, ranked, adjusted, weights, key, low - 1e-6)
        if high < 1:
            assert not leads(found.leader, ranked, adjusted, weights, key, high + 1e-6)


def test_two_candidates_and_two_competencies_by_hand():
    """A leads while 5w + 2(1-w) is at least 3w + 4(1-w), that is from w = 1/2."""
    adjusted = {"c": {"A": 5.0, "B": 3.0}, "d": {"A": 2.0, "B": 4.0}}
    found = weight_sensitivity(["A", "B"], adjusted, {"c": 0.75, "d": 0.25})
    assert found.leader == "A"
    assert found.competencies == {
        "c": (pytest.approx(0.5), 1.0),
        "d": (0.0, pytest.approx(0.5)),
    }


def test_others_keep_their_proportions():
    """Weights 2 : 1 of the others stay 2 : 1: A's 1 + 4w is B's 7/3 - w/3 at w = 4/13."""
    adjusted = {
        "c": {"A": 5.0, "B": 2.0},
        "d": {"A": 1.0, "B": 2.0},
        "e": {"A": 1.0, "B": 3.0},
    }
    found = weight_sensitivity(["A", "B"], adjusted, {"c": 0.4, "d": 0.4, "e": 0.2})
    assert found.leader == "A"
    assert found.competencies["c"] == (pytest.approx(4 / 13), 1.0)


def test_a_missing_competency_is_left_out_of_that_candidates_score():
    """B has c only and stays at 3; A has 5w + 1(1-w), which is 3 at w = 1/2."""
    adjusted = {"c": {"A": 5.0, "B": 3.0}, "d": {"A": 1.0}}
    found = weight_sensitivity(["A", "B"], adjusted, {"c": 0.6, "d": 0.4})
    assert found.competencies == {
        "c": (pytest.approx(0.5), 1.0),
        "d": (0.0, pytest.approx(0.5)),
    }


def test_one_who_leads_everywhere():
    adjusted = {"c": {"A": 5.0, "B": 3.0}, "d": {"A": 4.0, "B": 4.0}}
    found = weight_sensitivity(["A", "B"], adjusted, {"c": 0.5, "d": 0.5})
    assert found.competencies == {"c": (0.0, 1.0), "d": (0.0, 1.0)}


def test_two_who_lead_together():
    """Either way the weight goes, one of them passes; the first ranked counts as leader."""
    adjusted = {"c": {"A": 5.0, "B": 3.0}, "d": {"A": 3.0, "B": 5.0}}
    found = weight_sensitivity(["A", "B"], adjusted, {"c": 0.5, "d": 0.5})
    assert found.leader == "A"
    assert found.competencies == {
        "c": (pytest.approx(0.5), 1.0),
        "d": (0.0, pytest.approx(0.5)),
    }
    alike = {"c": {"A": 3.0, "B": 3.0}, "d": {"A": 4.0, "B": 4.0}}
    found = weight_sensitivity(["B", "A"], alike, {"c": 0.5, "d": 0.5})
    assert found.leader == "B"
    assert found.competencies == {"c": (0.0, 1.0), "d": (0.0, 1.0)}


def test_a_single_competency_decides_alone():
    found = weight_sensitivity(["A", "B"], {"c": {"A": 5.0, "B": 3.0}}, {"c": 1.0})
    assert found.competencies == {"c": (0.0, 1.0)}
    zero = {"c": {"A": 5.0, "B": 3.0}, "d": {"A": 1.0, "B": 5.0}}
    found = weight_sensitivity(["A", "B"], zero, {"c": 1.0, "d": 0.0})
    assert found.leader == "A"
    assert found.competencies == {"c": (0.0, 1.0), "d": (0.0, pytest.approx(1 / 3))}


def test_a_competency_that_nobody_has():
    adjusted = {"c": {"A": 5.0, "B": 3.0}, "d": {}}
    found = weight_sensitivity(["A", "B"], adjusted, {"c": 0.5, "d": 0.5})
    assert found.competencies == {"c": (0.0, 1.0), "d": (0.0, 1.0)}
