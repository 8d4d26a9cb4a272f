"""A rater's leniency against published formulas, and what it never claims."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from recruit.core.leniency import FEWEST, leniency

differences = st.lists(st.integers(-4, 4), min_size=FEWEST, max_size=40)


def test_too_few_say_nothing():
    assert leniency([]) is None
    assert leniency([1] * (FEWEST - 1)) is None


def test_a_worked_example():
    found = leniency([0, 1, 1, 0, 1, -1, 1, 0])
    assert (found.n, found.mean, found.mean_absolute) == (8, 0.375, 0.625)
    # s = 0.7440238, s / sqrt 8 = 0.2630522, t(7) = 2.3646243.
    assert found.ci95 == pytest.approx((-0.2470196, 0.9970196), abs=1e-6)
    assert found.tendency == "neither"


def test_equal_differences_are_not_certain():
    found = leniency([1] * 6)
    assert found.mean == 1
    # t(5) = 2.5705818 times sqrt(1 / 72).
    assert found.ci95 == pytest.approx((1 - 0.3029460, 1 + 0.3029460), abs=1e-6)
    assert found.tendency == "lenient"


@given(differences)
def test_the_interval_is_students_or_wider(values):
    found = leniency(values)
    reference = stats.ttest_1samp(values, 0).confidence_interval() if len(set(values)) > 1 else None
    assert found.ci95[0] < found.mean < found.ci95[1]
    if reference is not None:
        assert found.ci95[0] <= reference.low + 1e-9
        assert found.ci95[1] >= reference.high - 1e-9


@given(differences)
def test_mirrored_scores_mirror_everything(values):
    found, mirrored = leniency(values), leniency([-value for value in values])
    assert mirrored.mean == pytest.approx(-found.mean)
    assert mirrored.ci95 == pytest.approx((-found.ci95[1], -found.ci95[0]))
    assert mirrored.mean_absolute == pytest.approx(found.mean_absolute)
    opposite = {"lenient": "strict", "strict": "lenient", "neither": "neither"}
    assert mirrored.tendency == opposite[found.tendency]
