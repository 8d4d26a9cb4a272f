"""Statistics against published figures and against independent computation."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recruit.core import comparison, scores
from recruit.core.agreement import average_deviation, flag, within_group_agreement
from recruit.core.ratings import RatingTable, Scale, Score

# Shrout & Fleiss 1979, table 2: six targets by four judges.
SHROUT_FLEISS = {
    "S1": (9, 2, 5, 8),
    "S2": (6, 1, 3, 2),
    "S3": (8, 4, 6, 8),
    "S4": (7, 1, 2, 6),
    "S5": (10, 5, 6, 9),
    "S6": (6, 2, 4, 7),
}


def table(rows, scale=None):
    return RatingTable(rows=tuple(Score(*row) for row in rows), scale=scale or Scale(1, 5))


def random_table(seed, candidates=5, interviewers=4, competencies=3, gaps=0.0):
    chance = random.Random(seed)
    return table(
        (f"K{p}", f"I{i}", f"c{c}", chance.randint(1, 5) if chance.random() >= gaps else None)
        for p, i, c in itertools.product(
            range(candidates), range(interviewers), range(competencies)
        )
    )


@pytest.fixture(scope="module")
def published():
    rows = [
        (target, f"J{judge}", "quality", score)
        for target, given_ in SHROUT_FLEISS.items()
        for judge, score in enumerate(given_, start=1)
    ]
    return comparison.build(table(rows, Scale(1, 10)))


def test_shrout_fleiss_residual_and_order(published):
    """Their analysis of variance: residual mean square 1.02, 15 degrees of freedom."""
    assert published.design.df == 15
    assert published.result("S5").overall.adjusted == pytest.approx(7.5)
    variance = published.result("S5").overall.se ** 2
    assert variance * 4 == pytest.approx(1.0194444, abs=1e-6)
    assert [c.id for c in published.candidates] == ["S5", "S3", "S1", "S6", "S4", "S2"]


def test_rwg_of_the_worked_example():
    """Five ratings 3, 4, 4, 5, 4 on five points: 1 - 0.5 / 2."""
    assert within_group_agreement([3, 4, 4, 5, 4], Scale(1, 5)) == pytest.approx(0.75)
    assert average_deviation([3, 4, 4, 5, 4]) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ([3], "single"),
        ([3, 4], "agree"),
        ([2, 4], "discuss"),
        ([1, 5, 3], "discuss"),
        ([4, 4, 4], "agree"),
    ],
)
def test_flags(given_, expected):
    assert flag(given_, Scale(1, 5)) == expected


@pytest.mark.parametrize("gaps", [0.0, 0.25])
@pytest.mark.parametrize("seed", range(6))
def test_adjusted_scores_are_least_squares(seed, gaps):
    """The same model by numpy's least squares with one column per candidate and interviewer."""
    found = comparison.build(random_table(seed, gaps=gaps))
    if not found.design.comparable:
        pytest.fail("the example should be connected")
    values = composites_by_hand(found.table, found.weights)
    people = [c.id for c in found.candidates]
    raters = list(found.table.interviewers)
    design = np.zeros((len(values) + 1, len(people) + len(raters)))
    answer = np.zeros(len(values) + 1)
    for row, ((candidate, interviewer), value) in enumerate(values.items()):
        design[row, people.index(candidate)] = 1
        design[row, len(people) + raters.index(interviewer)] = 1
        answer[row] = value
    design[-1, len(people) :] = 1
    solution, *_ = np.linalg.lstsq(design, answer, rcond=None)
    for number, candidate in enumerate(people):
        assert found.result(candidate).overall.adjusted == pytest.approx(solution[number])
    for number, interviewer in enumerate(found.interviewers):
        assert interviewer.severity == pytest.approx(solution[len(people) + number], abs=1e-9)


def composites_by_hand(rated, weights):
    by_competency = {
        c: [r.score for r in rated.rows if r.competency == c and r.score is not None]
        for c in weights
    }
    means = {c: sum(v) / len(v) for c, v in by_competency.items()}
    centre = sum(weights[c] * means[c] for c in weights)
    values = {}
    for candidate, interviewer in itertools.product(rated.candidates, rated.interviewers):
        own = [
            r
            for r in rated.rows
            if (r.candidate, r.interviewer) == (candidate, interviewer) and r.score is not None
        ]
        if own:
            total = sum(weights[r.competency] for r in own)
            above = sum(weights[r.competency] * (r.score - means[r.competency]) for r in own)
            values[candidate, interviewer] = centre + above / total
    return values


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_a_generous_interviewer_changes_no_order(seed, amount):
    """Adding a constant to everything that one interviewer gave moves nobody past anybody."""
    before = random_table(seed)
    generous = RatingTable(
        rows=tuple(
            Score(
                r.candidate,
                r.interviewer,
                r.competency,
                r.score + amount if r.interviewer == "I0" else r.score,
            )
            for r in before.rows
        ),
        scale=Scale(1, 9),
    )
    wide = RatingTable(rows=before.rows, scale=Scale(1, 9))
    first, second = comparison.build(wide), comparison.build(generous)
    assert [c.id for c in first.candidates] == [c.id for c in second.candidates]
    for pair, other in zip(first.pairs, second.pairs, strict=True):
        assert pair.p_higher == pytest.approx(other.p_higher)


def test_pairs_are_probabilities_with_the_better_first():
    found = comparison.build(random_table(3))
    assert len(found.pairs) == 10
    for pair in found.pairs:
        assert 0.5 - 1e-9 <= pair.p_higher <= 1
        high, low = found.result(pair.a).overall, found.result(pair.b).overall
        assert high.adjusted >= low.adjusted - 1e-9


def test_missing_is_absent_never_zero():
    rows = [
        ("A", "X", "c1", 5),
        ("A", "X", "c2", None),
        ("A", "Y", "c1", 5),
        ("A", "Y", "c2", 5),
        ("B", "X", "c1", 1),
        ("B", "X", "c2", 1),
        ("B", "Y", "c1", 1),
        ("B", "Y", "c2", 1),
    ]
    found = comparison.build(table(rows))
    assert found.cell("A", "c2").mean == 5
    assert found.cell("A", "c2").n == 1
    assert found.design.missing == 1
    assert found.result("A").rank == 1


def test_groups_that_share_nobody_are_not_ranked():
    rows = [("A", "X", "c", 5), ("B", "X", "c", 4), ("C", "Y", "c", 1), ("D", "Y", "c", 2)]
    found = comparison.build(table(rows))
    assert not found.design.comparable
    assert found.design.components == 2
    assert {c.rank for c in found.candidates} == {None}


def test_less_than_half_assessed_is_not_ranked():
    rows = [
        (p, i, c, 4 if (p, c) in {("A", "c1"), ("A", "c2"), ("A", "c3"), ("B", "c1")} else None)
        for p in "AB"
        for i in "XY"
        for c in ("c1", "c2", "c3")
    ]
    found = comparison.build(table(rows))
    assert found.result("B").incomplete
    assert found.result("B").rank is None
    assert found.result("A").rank == 1


def test_one_interviewer_has_no_interval_and_says_why():
    found = comparison.build(table([("A", "X", "c", 4), ("B", "X", "c", 2)]))
    assert found.result("A").overall.ci95 is None
    assert found.result("A").overall.reason
    assert found.pairs is None


def test_equal_scores_share_a_rank():
    rows = [(p, i, "c", 3) for p in "ABC" for i in "XY"]
    assert [c.rank for c in comparison.build(table(rows)).candidates] == [1, 1, 1]


def test_weights_count():
    rows = [("A", i, "c1", 5) for i in "XY"] + [("A", i, "c2", 1) for i in "XY"]
    rows += [("B", i, "c1", 1) for i in "XY"] + [("B", i, "c2", 5) for i in "XY"]
    assert comparison.build(table(rows), {"c1": 3, "c2": 1}).candidates[0].id == "A"
    assert comparison.build(table(rows), {"c1": 1, "c2": 3}).candidates[0].id == "B"
    with pytest.raises(ValueError, match="c2"):
        comparison.build(table(rows), {"c1": 1})
    with pytest.raises(ValueError, match="zero"):
        comparison.build(table(rows), {"c1": 0, "c2": 0})


def test_must_haves_that_are_not_met():
    rows = [("A", i, "c", 2) for i in "XY"] + [("B", i, "c", 4) for i in "XY"]
    assert comparison.build(table(rows)).below({"c": 3}) == [("A", "c", 2.0, 3)]


def test_json_has_every_field_and_says_what_is_not_computed(published):
    figures = published.as_json()
    assert figures["schema"] == "recruit.comparison/1"
    assert set(figures) == {
        "schema",
        "scale",
        "weights",
        "design",
        "candidates",
        "interviewers",
        "agreement",
        "pairs",
        "weight_sensitivity",
    }
    first = figures["candidates"][0]
    assert set(first) == {
        "id",
        "rank",
        "incomplete",
        "overall",
        "rank_acceptability",
        "competencies",
    }
    assert set(first["overall"]) == {"n", "mean", "adjusted", "se", "ci95", "reason"}
    assert set(first["competencies"]["quality"]) == {
        "n",
        "mean",
        "sd",
        "min",
        "max",
        "ad",
        "rwg",
        "adjusted",
        "se",
        "flag",
    }
    assert figures["weight_sensitivity"]["reason"]
    assert figures["agreement"]["overall"]["reason"]


def test_numbers_are_finite_whatever_is_given():
    for seed in range(30):
        found = comparison.build(random_table(seed, gaps=0.6))
        for candidate in found.candidates:
            for value in (candidate.overall.adjusted, candidate.overall.se):
                assert value is None or math.isfinite(value)


def test_nothing_rated_at_all():
    found = comparison.build(table([("A", "X", "c", None), ("B", "X", "c", None)]))
    assert [c.rank for c in found.candidates] == [None, None]
    assert found.design.scores == 0


def test_fit_of_nothing():
    assert scores.fit({}).candidates == ()
