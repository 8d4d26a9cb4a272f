"""How sure the order is: closed forms, small exact cases and independent draws."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from recruit.core import comparison, ranking, scores
from recruit.core.ranking import DRAWS, Pair, ranks, verdict
from recruit.core.ratings import RatingTable
from tests.core.tables import crossed, random_crossed, random_table, table

MONTE_CARLO = 4 * np.sqrt(0.25 / DRAWS)
"""Four standard errors of a share of a half."""


def order(fit):
    return sorted(fit.adjusted, key=lambda name: (-fit.adjusted[name], name))


def test_pairs_of_a_complete_table_in_closed_form():
    """se² = 2 MSE / k with (n-1)(k-1) degrees of freedom."""
    data = random_crossed(1, 5, 4)
    matrix = data.y.reshape(5, 4)
    rows, columns = matrix.mean(axis=1, keepdims=True), matrix.mean(axis=0)
    mse = np.sum((matrix - rows - columns + matrix.mean()) ** 2) / 12
    fit = scores.fit(data)
    found = ranking.pairs(fit, order(fit))
    assert [(pair.a, pair.b) for pair in found] == list(itertools.combinations(order(fit), 2))
    for pair in found:
        difference = fit.adjusted[pair.a] - fit.adjusted[pair.b]
        expected = stats.t.cdf(difference / np.sqrt(2 * mse / 4), 12)
        assert pair.p_higher == pytest.approx(expected, abs=1e-12)
        assert pair.verdict == verdict(expected)


@pytest.mark.parametrize("size", [(6, 4), (4, 6)])
@pytest.mark.parametrize("seed", range(4))
def test_pairs_with_gaps_use_the_covariance(seed, size):
    fit = scores.fit(random_crossed(seed, *size, gaps=0.3))
    covariance = fit.error.covariance
    for pair in ranking.pairs(fit, order(fit)[1:]):
        a, b = fit.place[pair.a], fit.place[pair.b]
        se = np.sqrt(covariance[a, a] + covariance[b, b] - 2 * covariance[a, b])
        difference = fit.adjusted[pair.a] - fit.adjusted[pair.b]
        assert pair.p_higher == pytest.approx(stats.t.cdf(difference / se, fit.df))


def test_pairs_are_a_sequence():
    fit = scores.fit(random_crossed(1, 4, 3))
    found = ranking.pairs(fit, order(fit))
    listed = list(found)
    assert len(found) == len(listed) == 6
    assert all(isinstance(pair, Pair) for pair in listed)
    assert found[-1] == listed[5]
    assert found[1:4] == listed[1:4]
    assert [found.of(a, b) for a, b in itertools.combinations(range(4), 2)] == listed
    assert listed[2] in found
    with pytest.raises(IndexError):
        found[6]
    assert not ranking.pairs(fit, order(fit)[:1])


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (1.0, "clear"),
        (0.95, "clear"),
        (0.9499, "likely"),
        (0.80, "likely"),
        (0.7999, "too close to call"),
        (0.2, "too close to call"),
    ],
)
def test_verdicts(probability, expected):
    assert verdict(probability) == expected


def test_without_a_residual_the_order_is_certain():
    fit = scores.fit(crossed([[5, 4], [4, 3], [4, 3], [2, 1]]))
    found = ranking.pairs(fit, order(fit))
    assert [pair.p_higher for pair in found] == [1.0, 1.0, 1.0, 0.5, 1.0, 1.0]
    assert [pair.verdict for pair in found].count("too close to call") == 1
    assert ranking.rank_acceptability(fit, order(fit)) == {
        "p000": (1.0, 0.0, 0.0, 0.0),
        "p001": (0.0, 1.0, 0.0, 0.0),
        "p002": (0.0, 1.0, 0.0, 0.0),
        "p003": (0.0, 0.0, 0.0, 1.0),
    }


@pytest.mark.parametrize(("size", "gaps"), [((2, 4), 0.0), ((2, 9), 0.2), ((9, 3), 0.2)])
@pytest.mark.parametrize("seed", range(3))
def test_acceptability_of_two_is_the_probability_of_their_pair(seed, size, gaps):
    fit = scores.fit(random_crossed(seed, *size, gaps=gaps, sd=(0.3, 0.3, 0.6)))
    two = order(fit)[:2]
    (pair,) = ranking.pairs(fit, two)
    found = ranking.rank_acceptability(fit, two)
    assert found[pair.a][0] == pytest.approx(pair.p_higher, abs=MONTE_CARLO)
    assert found[pair.a] == found[pair.b][::-1]
    assert sum(found[pair.a]) == pytest.approx(1)


@pytest.mark.parametrize("size", [(6, 3), (4, 9)])
def test_acceptability_is_that_of_the_multivariate_t(size):
    """Against scipy's draws from the same distribution, ranked one draw at a time."""
    fit = scores.fit(random_crossed(5, *size, gaps=0.25, sd=(0.4, 0.3, 0.5)))
    drawn = stats.multivariate_t.rvs(
        list(fit.adjusted.values()),
        fit.error.covariance,
        df=fit.df,
        size=DRAWS,
        random_state=np.random.default_rng(8),
    )
    place = stats.rankdata(-drawn, axis=1).astype(int)
    found = ranking.rank_acceptability(fit, order(fit))
    for number, name in enumerate(fit.candidates):
        shares = np.bincount(place[:, number], minlength=len(fit.candidates) + 1)[1:] / DRAWS
        assert found[name] == pytest.approx(shares, abs=np.sqrt(2) * MONTE_CARLO)
    by_rank = np.array(list(found.values())).sum(axis=0)
    assert by_rank == pytest.approx(np.ones(len(by_rank)))


def test_acceptability_of_one():
    fit = scores.fit(random_crossed(1, 3, 3))
    assert ranking.rank_acceptability(fit, ["p001"]) == {"p001": (1.0,)}


def test_acceptability_does_not_depend_on_how_many_are_drawn_at_a_time(monkeypatch):
    """Every draw counts once, though the last portion is smaller."""
    fit = scores.fit(random_crossed(1, 3, 3))
    monkeypatch.setattr(ranking, "DRAWN_AT_ONCE", 3 * 777)
    found = ranking.rank_acceptability(fit, order(fit))
    assert np.array(list(found.values())).sum(axis=1) == pytest.approx(np.ones(3))
    counts = np.array(list(found.values())) * DRAWS
    assert counts == pytest.approx(np.round(counts), abs=1e-9)


def test_the_same_table_gives_the_same_figures_in_any_order_of_rows():
    rated = random_table(11, gaps=0.2)
    found = comparison.build(rated).as_json()
    for turned in (rated.rows[::-1], rated.rows[7:] + rated.rows[:7]):
        assert comparison.build(RatingTable(turned, rated.scale)).as_json() == found


@pytest.mark.parametrize("size", [(4, 3, 5), (4, 6, 5), (6, 3, 2)])
@pytest.mark.parametrize("seed", range(4))
def test_other_names_give_the_same_chances(seed, size):
    """The draws follow the order of the totals, neither the candidates' names nor the panel's."""
    rated = random_table(seed, *size)
    renamed = table(
        [
            (
                f"K{9 - int(r.candidate[1:])}",
                f"I{9 - int(r.interviewer[1:])}",
                r.competency,
                r.score,
            )
            for r in rated.rows
        ]
    )
    one, other = comparison.build(rated), comparison.build(renamed)
    chances = {f"K{9 - int(c.id[1:])}": c.rank_acceptability for c in one.candidates}
    assert {c.id: c.rank_acceptability for c in other.candidates} == chances


def test_names_do_not_decide_between_candidates_who_share_a_rank():
    """B and C have the same total and other scores: each keeps its chances when they swap names."""
    given = {
        "A": ((5, 4), (5, 5), (4, 5)),
        "B": ((3, 4), (3, 2), (3, 3)),
        "C": ((2, 3), (4, 3), (3, 3)),
    }

    def chances(names):
        rows = [
            (names[candidate], f"I{number}", competency, score)
            for candidate, cards in given.items()
            for number, card in enumerate(cards)
            for competency, score in zip(("c", "d"), card, strict=True)
        ]
        found = comparison.build(table(rows))
        assert found.result(names["B"]).rank == found.result(names["C"]).rank == 2
        return [found.result(names[candidate]).rank_acceptability for candidate in "ABC"]

    assert chances({"A": "A", "B": "B", "C": "C"}) == chances({"A": "Z", "B": "C", "C": "B"})


def test_ranks_share_a_place_when_scores_are_equal():
    assert ranks({"C": 3.0, "A": 3.0 + 1e-10, "B": 4.0, "D": 1.0}) == {
        "B": 1,
        "A": 2,
        "C": 2,
        "D": 4,
    }
    assert ranks({"A": 3.0, "B": 3.0 + 1e-8}) == {"B": 1, "A": 2}
    assert ranks({}) == {}
