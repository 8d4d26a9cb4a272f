"""Composites and severities against the definitions, computed densely and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import linalg, stats

from recruit.core import arrays, scores
from recruit.core.arrays import long_scores
from recruit.core.ratings import Scale
from tests.core.tables import connected_groups, crossed, random_crossed, random_table, table


def by_hand(rated, weights):
    """Composites by the definition, score by score; several interviews count as their mean."""
    rows = [row for row in rated.rows if row.score is not None]
    given = {}
    for row in rows:
        key = (row.candidate, row.interviewer, row.competency)
        given.setdefault(key, []).append(row.score)
    x = {key: sum(values) / len(values) for key, values in given.items()}
    m_c = {
        c: np.mean([value for key, value in x.items() if key[2] == c])
        for c in {row.competency for row in rows}
    }
    m = sum(weights[c] * m_c[c] for c in m_c) / sum(weights[c] for c in m_c)
    found = {}
    for p, i in {key[:2] for key in x}:
        own = {key[2]: value for key, value in x.items() if key[:2] == (p, i)}
        total = sum(weights[c] for c in own)
        if total:
            found[p, i] = m + sum(weights[c] * (own[c] - m_c[c]) for c in own) / total
    return found


def as_dict(data):
    return {
        (data.candidates[p], data.interviewers[i]): y
        for p, i, y in zip(data.row.tolist(), data.column.tolist(), data.y.tolist(), strict=True)
    }


@pytest.mark.parametrize("weights", [(1 / 3, 1 / 3, 1 / 3), (0.7, 0.3, 0.0), (0.0, 0.0, 1.0)])
@pytest.mark.parametrize("gaps", [0.0, 0.3, 0.7])
@pytest.mark.parametrize("seed", range(4))
def test_composites_are_what_the_definition_says(seed, gaps, weights):
    rated = random_table(seed, gaps=gaps)
    again = random_table(seed + 100, gaps=0.8)
    both = table([vars(row).values() for row in (*rated.rows, *again.rows)])
    share = dict(zip(("c0", "c1", "c2"), weights, strict=True))
    found = as_dict(scores.composites(long_scores(both).averaged(), share))
    expected = by_hand(both, share)
    assert found.keys() == expected.keys()
    for pair, value in expected.items():
        assert found[pair] == pytest.approx(value, abs=1e-12)


def test_nothing_missing_makes_the_weighted_mean():
    rated = table([("A", "X", "c", 5), ("A", "X", "d", 2), ("B", "X", "c", 1), ("B", "X", "d", 4)])
    found = as_dict(scores.composites(long_scores(rated).averaged(), {"c": 0.75, "d": 0.25}))
    assert found == pytest.approx({("A", "X"): 4.25, ("B", "X"): 1.75})


def least_squares(data):
    """Effects, their covariance per unit of variance, residual sum of squares and df, densely."""
    p, i = len(data.candidates), len(data.interviewers)
    x = np.hstack((np.eye(p)[data.row], np.eye(i)[data.column]))
    groups = connected_groups(data)
    of_interviewer = dict(zip(data.column.tolist(), data.row.tolist(), strict=True))
    sums = np.zeros((len(groups), p + i))
    for interviewer, candidate in of_interviewer.items():
        sums[[candidate in group for group in groups], p + interviewer] = 1
    zeros = np.zeros((len(groups), len(groups)))
    inverse = np.linalg.inv(np.block([[x.T @ x, sums.T], [sums, zeros]]))[: p + i, : p + i]
    effects = inverse @ x.T @ data.y
    rss = float(np.sum((data.y - x @ effects) ** 2))
    return effects, inverse, rss, len(data.y) - p - i + len(groups)


@pytest.mark.parametrize("gaps", [0.0, 0.3, 0.6, 0.85])
@pytest.mark.parametrize("size", [(5, 4), (4, 5), (12, 3), (3, 12), (9, 9), (40, 45)])
@pytest.mark.parametrize("seed", range(3))
def test_fit_is_constrained_least_squares(seed, size, gaps):
    assert_least_squares(random_crossed(seed, *size, gaps=gaps))


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_fit_of_panels_that_share_nobody(seed, turned):
    chance = np.random.default_rng(seed)
    matrix = linalg.block_diag(*(chance.uniform(1, 5, size) for size in ((6, 3), (3, 2), (1, 1))))
    matrix[matrix == 0] = np.nan
    matrix[0, 0] = np.nan
    data = crossed(matrix.T if turned else matrix)
    assert len(scores.fit(data).groups) == 3
    assert_least_squares(data)


def assert_least_squares(data):
    found = scores.fit(data)
    effects, inverse, rss, df = least_squares(data)
    p = len(data.candidates)
    assert found.df == df
    assert {frozenset(group) for group in found.groups} == {
        frozenset(data.candidates[place] for place in group) for group in connected_groups(data)
    }
    assert list(found.adjusted.values()) == pytest.approx(effects[:p])
    assert list(found.severity.values()) == pytest.approx(effects[p:], abs=1e-9)
    assert tuple(found.adjusted) == found.candidates == data.candidates
    if not df:
        assert (found.se, found.severity_se, found.error) == ({}, {}, None)
        assert found.interval(data.candidates[0]) is None
        return
    variance = rss / df
    assert found.variance == pytest.approx(variance)
    covariance = variance * inverse
    assert found.error.covariance == pytest.approx(covariance[:p, :p], abs=1e-9)
    se = np.sqrt(np.maximum(np.diag(covariance), 0))
    assert list(found.se.values()) == pytest.approx(se[:p])
    assert list(found.severity_se.values()) == pytest.approx(se[p:], abs=1e-7)
    half = stats.t.ppf(0.975, df) * se[0]
    interval = (effects[0] - half, effects[0] + half)
    assert found.interval(data.candidates[0]) == pytest.approx(interval)


def test_complete_design_adjusts_nothing():
    data = random_crossed(1, 6, 5)
    matrix = data.y.reshape(6, 5)
    assert list(scores.fit(data).adjusted.values()) == pytest.approx(matrix.mean(axis=1))


def test_severity_sums_to_zero_in_each_group():
    data = crossed([[5, 4, np.nan, np.nan], [3, 3, np.nan, np.nan], [np.nan, np.nan, 2, 1]])
    severity = scores.fit(data).severity
    assert severity["i000"] == pytest.approx(-severity["i001"]) == pytest.approx(0.25)
    assert severity["i002"] == pytest.approx(-severity["i003"]) == pytest.approx(0.5)


def test_no_residual_is_none_at_all():
    """Rounding must not pass for a spread: additive scores have a variance of 0, not of 1e-33."""
    data = crossed([[3.1, 2.7, 4.4], [2.1, 1.7, 3.4], [4.3, 3.9, np.nan]])
    found = scores.fit(data)
    assert (found.df, found.variance) == (3, 0.0)
    assert set(found.se.values()) == {0.0}
    low, high = found.interval("p000")
    assert low == high == found.adjusted["p000"]


def test_fit_of_nothing():
    found = scores.fit(arrays.crossed({}))
    assert (found.candidates, found.groups, found.df, found.error) == ((), (), 0, None)


def test_arrays_do_not_depend_on_the_order_of_rows():
    rated = random_table(4, gaps=0.3)
    turned = table([vars(row).values() for row in reversed(rated.rows)])
    one, other = long_scores(rated), long_scores(turned)
    for codes in ("candidate", "interviewer", "competency", "score"):
        assert np.array_equal(getattr(one, codes), getattr(other, codes))
    assert list(one.cells()) == list(other.cells())


def test_scores_of_several_interviews_are_averaged_for_the_models():
    rows = [("A", "X", "c", 2), ("A", "X", "c", 5), ("A", "Y", "c", 3), ("B", "X", "c", 1)]
    given = long_scores(table(rows, Scale(1, 5)))
    assert {(p, c): values for p, c, values in given.cells()} == {
        ("A", "c"): (2.0, 3.0, 5.0),
        ("B", "c"): (1.0,),
    }
    assert as_dict(given.averaged().of_competency("c")) == {
        ("A", "X"): 3.5,
        ("A", "Y"): 3.0,
        ("B", "X"): 1.0,
    }
