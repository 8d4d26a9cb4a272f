"""The comparison as a whole: published figures, the JSON, and tables that hold too little."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recruit.core import comparison
from recruit.core.agreement import average_deviation, flag, within_group_agreement
from recruit.core.ratings import RatingTable, Scale, Score
from recruit.core.reasons import Reason
from tests.core import tables
from tests.core.tables import random_table, table


@pytest.fixture(scope="module")
def published():
    return comparison.build(tables.published("shrout-fleiss-1979.csv", Scale(1, 10)))


def as_strict_json(found):
    """The figures as another program reads them; NaN and Infinity are no JSON."""

    def refuse(name):
        raise AssertionError(name)

    return json.loads(json.dumps(found.as_json()), parse_constant=refuse)


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


@pytest.mark.parametrize(
    ("scale", "given_", "expected"),
    [
        (Scale(0, 100), [50, 52], "agree"),
        (Scale(0, 100), [20, 70], "discuss"),
        (Scale(0, 100, step=10.0), [50, 70], "agree"),
        (Scale(0, 100, step=10.0), [20, 60, 60, 20], "discuss"),
        (Scale(-2, 2), [-1, 1], "discuss"),
        (Scale(-2, 2), [-1, 0], "agree"),
        (Scale(1, 5, step=0.5), [3.0, 4.5], "agree"),
        (Scale(1, 7), [3, 5], "agree"),
        (Scale(1, 7), [3, 6], "discuss"),
    ],
)
def test_a_flag_is_half_the_scale_apart(scale, given_, expected):
    assert flag(given_, scale) == expected


@pytest.mark.parametrize(
    ("scale", "given_", "step"),
    [
        (Scale(1, 5), [1, 4, 5], 1.0),
        (Scale(1, 5), [1, 2.5], 0.5),
        (Scale(1, 5), [1, 2.3], 0.1),
        (Scale(1, 5), [1, 2.25], 0.1),
        (Scale(0, 100), [10, 60], 10.0),
        (Scale(0, 100), [10, 65], 5.0),
        (Scale(0, 100), [10, 66], 1.0),
        (Scale(0, 10), [0, 5, 10], 1.0),
        (Scale(-2, 2), [-2, 0], 1.0),
    ],
)
def test_the_step_is_the_greatest_that_leads_to_every_score(scale, given_, step):
    assert scale.step_of(given_) == step


def test_a_panel_two_points_apart_of_a_hundred_has_nothing_to_discuss():
    rows = [("A", "X", "c", 71), ("A", "Y", "c", 73), ("B", "X", "c", 20), ("B", "Y", "c", 80)]
    found = comparison.build(table(rows, Scale(0, 100)))
    assert (found.cell("A", "c").flag, found.cell("B", "c").flag) == ("agree", "discuss")
    assert found.cell("A", "c").rwg > 0.99


@settings(max_examples=40)
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


def test_equal_scores_share_a_rank():
    rows = [(p, i, "c", 3) for p in "ABC" for i in "XY"]
    assert [c.rank for c in comparison.build(table(rows)).candidates] == [1, 1, 1]


def test_weights_count():
    rows = [("A", i, "c1", 5) for i in "XY"] + [("A", i, "c2", 1) for i in "XY"]
    rows += [("B", i, "c1", 1) for i in "XY"] + [("B", i, "c2", 5) for i in "XY"]
    assert comparison.build(table(rows), {"c1": 3, "c2": 1}).candidates[0].id == "A"
    assert comparison.build(table(rows), {"c1": 1, "c2": 3}).candidates[0].id == "B"


def test_must_haves_that_are_not_met():
    rows = [("A", i, "c", 2) for i in "XY"] + [("B", i, "c", 4) for i in "XY"]
    assert comparison.build(table(rows)).below({"c": 3}) == [("A", "c", 2.0, 3)]


def test_disagreements_are_listed_by_spread():
    given = {
        ("A", "c"): (1, 5, 3),
        ("A", "d"): (2, 4, 3),
        ("B", "c"): (2, 4, 4),
        ("B", "d"): (3, 3, 4),
    }
    rows = [(p, i, c, x) for (p, c), own in given.items() for i, x in zip("XYZ", own, strict=True)]
    found = comparison.build(table(rows)).disagreements
    # Two points apart both: in B's c two differ from the third, in A's d the third is between.
    assert [(p, c) for p, c, _ in found] == [("A", "c"), ("B", "c"), ("A", "d")]
    assert [cell.maximum - cell.minimum for *_, cell in found] == [4, 2, 2]


CELL = {"n", "mean", "sd", "min", "max", "ad", "rwg", "adjusted", "se", "flag"}
WITH_GAPS = {"method", "k", "icc_a1", "icc_c1", "icc_ak", "icc_ck", "alpha_interval", "reason"}
BY_ANOVA = WITH_GAPS | {"icc1", "icc1_k", "ci95"}


def test_json_has_the_names_of_the_schema():
    """Three candidates, two interviewers, two competencies and one score missing."""
    rows = [
        (f"Candidate {p}", f"I{i}", c, 2 + (p == "A") + (i == 1) * (c == "autonomy"))
        for p, i, c in itertools.product("ABC", (1, 2), ("autonomy", "feedback"))
    ]
    rows[-1] = (*rows[-1][:3], None)
    figures = as_strict_json(comparison.build(table(rows)))
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
    assert figures["schema"] == "recruit.comparison/1"
    assert figures["scale"] == {"min": 1, "max": 5}
    assert figures["weights"] == {"autonomy": 0.5, "feedback": 0.5}
    assert figures["design"] == {
        "candidates": 3,
        "interviewers": 2,
        "competencies": 2,
        "scores": 11,
        "missing": 1,
        "complete": False,
        "components": 1,
        "comparable": True,
        "df": 2,
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
    assert (first["id"], first["rank"], first["incomplete"]) == ("Candidate A", 1, False)
    assert set(first["overall"]) == {"n", "mean", "adjusted", "se", "ci95", "reason"}
    assert len(first["overall"]["ci95"]) == 2
    assert len(first["rank_acceptability"]) == 3
    assert {frozenset(cell) for cell in first["competencies"].values()} == {frozenset(CELL)}
    assert [set(interviewer) for interviewer in figures["interviewers"]] == [
        {"id", "n", "severity", "se"}
    ] * 2
    assert set(figures["agreement"]) == {"overall", "competencies"}
    assert set(figures["agreement"]["overall"]) == WITH_GAPS
    assert figures["agreement"]["overall"]["method"] == "reml"
    assert figures["agreement"]["overall"]["k"] == 2
    competencies = figures["agreement"]["competencies"]
    assert set(competencies["autonomy"]) == BY_ANOVA | {"alpha_ordinal"}
    assert set(competencies["feedback"]) == WITH_GAPS | {"alpha_ordinal"}
    assert [(pair["a"], pair["b"]) for pair in figures["pairs"]] == list(
        itertools.combinations([c["id"] for c in figures["candidates"]], 2)
    )
    assert set(figures["pairs"][0]) == {"a", "b", "p_higher", "verdict"}
    assert set(figures["weight_sensitivity"]) == {"leader", "competencies"}
    assert figures["weight_sensitivity"]["leader"] == "Candidate A"
    assert set(figures["weight_sensitivity"]["competencies"]) == {"autonomy", "feedback"}


def test_json_of_the_published_table(published):
    figures = as_strict_json(published)
    quality = figures["agreement"]["competencies"]["quality"]
    assert set(quality["ci95"]) == {"icc1", "icc_a1", "icc_c1", "icc1_k", "icc_ak", "icc_ck"}
    assert quality["ci95"]["icc_a1"] == pytest.approx([0.01878651, 0.7610844], abs=5e-8)
    assert figures["weight_sensitivity"] == {"leader": "S5", "competencies": {"quality": [0, 1]}}
    assert figures["candidates"][0]["competencies"]["quality"]["min"] == 5


def test_candidates_are_listed_by_rank_then_id():
    rows = [
        (p, i, "c", score) for p, score in (("D", 4), ("C", 3), ("B", 3), ("A", 2)) for i in "XY"
    ]
    rows += [("F", "X", "c", None), ("E", "X", "c", None)]
    found = comparison.build(table(rows))
    assert [(c.id, c.rank) for c in found.candidates] == [
        ("D", 1),
        ("B", 2),
        ("C", 2),
        ("A", 4),
        ("E", None),
        ("F", None),
    ]
    assert [i.id for i in found.interviewers] == ["X", "Y"]


def everything_missing_of(figures):
    """The reasons that the JSON gives, by where they stand."""
    ranked = [c for c in figures["candidates"] if c["rank"] is not None]
    for candidate in figures["candidates"]:
        # Nothing is null without its reason, and nothing has a reason that is not null.
        overall = candidate["overall"]
        assert (overall["reason"] is None) == (overall["se"] is not None)
        assert (overall["ci95"] is None) == (overall["se"] is None)
        acceptability = candidate["rank_acceptability"]
        assert ("rank_acceptability_reason" in candidate) == (acceptability is None)
        if acceptability is not None:
            assert len(acceptability) == len(ranked)
            assert sum(acceptability) == pytest.approx(1)
    assert ("pairs_reason" in figures) == (figures["pairs"] is None)
    sensitivity = figures["weight_sensitivity"]
    assert ("reason" in sensitivity) == (sensitivity["leader"] is None)
    return {
        "overall": {c["id"]: c["overall"]["reason"] for c in figures["candidates"]},
        "acceptability": {
            c["id"]: c.get("rank_acceptability_reason") for c in figures["candidates"]
        },
        "agreement": figures["agreement"]["overall"]["reason"],
        "pairs": figures.get("pairs_reason"),
        "sensitivity": sensitivity.get("reason"),
    }


def test_one_candidate():
    found = comparison.build(table([("A", i, c, 4) for i in "XY" for c in "cd"]))
    assert everything_missing_of(as_strict_json(found)) == {
        "overall": {"A": Reason.NO_DEGREES_OF_FREEDOM},
        "acceptability": {"A": Reason.NO_DEGREES_OF_FREEDOM},
        "agreement": Reason.ONE_CANDIDATE,
        "pairs": Reason.NO_DEGREES_OF_FREEDOM,
        "sensitivity": None,
    }
    assert (found.candidates[0].rank, found.candidates[0].overall.adjusted) == (1, 4)


def test_one_interviewer():
    found = comparison.build(table([("A", "X", "c", 4), ("B", "X", "c", 2)]))
    assert everything_missing_of(as_strict_json(found)) == {
        "overall": dict.fromkeys("AB", Reason.NO_DEGREES_OF_FREEDOM),
        "acceptability": dict.fromkeys("AB", Reason.NO_DEGREES_OF_FREEDOM),
        "agreement": Reason.ONE_INTERVIEWER,
        "pairs": Reason.NO_DEGREES_OF_FREEDOM,
        "sensitivity": None,
    }
    assert [c.rank for c in found.candidates] == [1, 2]
    assert found.interviewers[0].severity == 0


def test_all_scores_equal():
    found = comparison.build(table([(p, i, c, 3) for p in "AB" for i in "XY" for c in "cd"]))
    reasons = everything_missing_of(as_strict_json(found))
    assert reasons.pop("agreement") == Reason.NO_VARIATION
    assert set(reasons["overall"].values()) == {None}
    assert [c.rank for c in found.candidates] == [1, 1]
    assert [c.rank_acceptability for c in found.candidates] == [(1.0, 0.0), (1.0, 0.0)]
    assert [(p.p_higher, p.verdict) for p in found.pairs] == [(0.5, "too close to call")]
    assert found.weight_sensitivity.competencies == {"c": (0.0, 1.0), "d": (0.0, 1.0)}
    assert found.cell("A", "c").rwg == 1


def test_groups_that_share_nobody_are_not_ranked():
    rows = [
        (p, i, "c", s) for p, i, s in (("A", "X", 5), ("B", "X", 4), ("A", "Y", 4), ("B", "Y", 4))
    ]
    rows += [("C", "Z", "c", 1), ("D", "Z", "c", 2)]
    found = comparison.build(table(rows))
    assert not found.design.comparable
    assert found.design.components == 2
    assert found.design.groups == (("A", "B"), ("C", "D"))
    assert {c.rank for c in found.candidates} == {None}
    reasons = everything_missing_of(as_strict_json(found))
    assert set(reasons["overall"].values()) == {None}
    assert set(reasons["acceptability"].values()) == {Reason.NOT_COMPARABLE}
    assert reasons["pairs"] == reasons["sensitivity"] == Reason.NOT_COMPARABLE
    assert reasons["agreement"] is None


def test_everything_missing():
    found = comparison.build(table([(p, "X", "c", None) for p in "AB"]))
    assert found.design.scores == 0
    assert everything_missing_of(as_strict_json(found)) == {
        "overall": dict.fromkeys("AB", Reason.NOT_ASSESSED),
        "acceptability": dict.fromkeys("AB", Reason.NOT_ASSESSED),
        "agreement": Reason.ONE_CANDIDATE,
        "pairs": Reason.NOBODY_RANKED,
        "sensitivity": Reason.NOBODY_RANKED,
    }
    assert vars(found.interviewers[0]) == {"id": "X", "n": 0, "severity": None, "se": None}


def test_a_table_without_rows():
    found = comparison.build(table([]))
    assert (found.candidates, found.weights) == ((), {})
    assert everything_missing_of(as_strict_json(found))["pairs"] == Reason.NOBODY_RANKED


def without_the_first(*weights):
    """A has everything, B all competencies but the first, by three interviewers."""
    keys = [f"c{number}" for number in range(len(weights))]
    rows = [
        (p, i, c, 3 + (i == "X") if p == "A" or c != "c0" else None)
        for p, i, c in itertools.product("AB", "XYZ", keys)
    ]
    return comparison.build(table(rows), dict(zip(keys, weights, strict=True)))


def test_less_than_half_assessed_is_not_ranked():
    found = without_the_first(0.51, 0.28, 0.21)
    assert found.result("B").incomplete
    assert found.result("B").rank is None
    assert found.result("B").overall.adjusted == pytest.approx(10 / 3)
    assert found.result("A").rank == 1
    reasons = everything_missing_of(as_strict_json(found))
    assert reasons["acceptability"] == {"A": None, "B": Reason.INCOMPLETE}
    assert found.result("A").rank_acceptability == (1.0,)
    assert list(found.pairs) == []
    assert found.weight_sensitivity.leader == "A"


@pytest.mark.parametrize("weights", [(0.8, 0.1, 0.1, 0.6), (2, 1, 1), (6e307, 3e307, 3e307)])
def test_half_assessed_is_enough_whatever_rounding_makes_of_it(weights):
    """0.1 + 0.1 + 0.6 is half of the first sum, but in floating point a little less."""
    found = without_the_first(*weights)
    assert not found.result("B").incomplete
    assert found.result("B").rank is not None


def test_rounding_does_make_less_of_a_half():
    share = comparison.shares(
        table([("A", "X", c, 3) for c in "abcd"]),
        dict(zip("abcd", (0.8, 0.1, 0.1, 0.6), strict=True)),
    )
    assert share["b"] + share["c"] + share["d"] < 0.5


def test_weights_of_zero_count_for_nothing():
    rows = [(p, i, c, s) for p, c, s in (("A", "c", 4), ("B", "c", 2), ("B", "d", 5)) for i in "XY"]
    rows += [("C", i, "d", 5) for i in "XY"]
    found = comparison.build(table(rows), {"c": 2, "d": 0})
    assert found.weights == {"c": 1.0, "d": 0.0}
    assert [(c.id, c.rank) for c in found.candidates] == [("A", 1), ("B", 2), ("C", None)]
    reasons = everything_missing_of(as_strict_json(found))
    assert reasons["overall"]["C"] == reasons["acceptability"]["C"] == Reason.NOT_ASSESSED
    assert found.result("C").incomplete
    assert found.cell("C", "d").adjusted == 5
    # With d at 2/3 B's 2 and 5 make 4; c has nobody to take weight from.
    assert found.weight_sensitivity.competencies == {
        "c": (0.0, 1.0),
        "d": (0.0, pytest.approx(2 / 3)),
    }


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"c": 1}, "no weight for d"),
        ({"c": 0, "d": 0}, "only zero weights"),
        ({"c": 1, "d": -1}, "the weight of d is not a number from 0"),
        ({"c": float("nan"), "d": 1}, "the weight of c is not a number from 0"),
        ({"c": 1, "d": float("inf")}, "the weight of d is not a number from 0"),
    ],
)
def test_weights_that_cannot_be_used(weights, said):
    with pytest.raises(ValueError, match=said):
        comparison.build(table([("A", "X", "c", 4), ("A", "X", "d", 2)]), weights)


def test_weights_of_competencies_that_nobody_rated_are_left_out():
    found = comparison.build(table([("A", "X", "c", 4)]), {"c": 1e308, "e": 1e308})
    assert found.weights == {"c": 1.0}


def test_several_interviews_by_one_interviewer():
    """Two rows in the description, their mean of 3 in the models: there X and Y agree on A."""
    rows = [("A", "X", "c", 2), ("A", "X", "c", 4), ("A", "Y", "c", 3)]
    rows += [("B", "X", "c", 2), ("B", "Y", "c", 2)]
    found = comparison.build(table(rows))
    cell = found.cell("A", "c")
    assert (cell.n, cell.minimum, cell.maximum, cell.mean) == (3, 2, 4, 3)
    assert cell.flag == "discuss"
    assert found.design.scores == 5
    assert (found.design.missing, found.design.complete) == (0, True)
    assert found.result("A").overall.n == 2
    assert [i.severity for i in found.interviewers] == [0, 0]
    assert [i.n for i in found.interviewers] == [2, 2]
    assert found.agreement.overall.icc_a1 == 1


@pytest.mark.parametrize("scale", [Scale(1, 10), Scale(0, 4), Scale(0, 1), Scale(0, 100)])
def test_other_scales(scale):
    rated = random_table(3, gaps=0.1, scale=scale)
    step = scale.step_of([row.score for row in rated.rows if row.score is not None])
    stepped = replace(scale, step=step)
    found = comparison.build(rated)
    figures = as_strict_json(found)
    assert figures["scale"] == {"min": scale.minimum, "max": scale.maximum}
    assert set(everything_missing_of(figures)["acceptability"].values()) == {None}
    for candidate in found.candidates:
        for key, cell in candidate.competencies.items():
            own = [s.score for s in found.scores(candidate.id, key) if s.score is not None]
            assert cell.rwg == within_group_agreement(own, stepped)
            assert cell.sd == pytest.approx(np.std(own, ddof=1))
            assert cell.flag == flag(own, stepped)
            assert (cell.minimum, cell.maximum) == (min(own), max(own))
            assert isinstance(cell.minimum, int)


def test_a_score_between_the_points_stays_one():
    rows = [("A", "X", "c", 2.5), ("A", "Y", "c", 4.0), ("B", "X", "c", 3.0), ("B", "Y", "c", 3.0)]
    cell = comparison.build(table(rows)).cell("A", "c")
    assert (cell.minimum, cell.maximum) == (2.5, 4)


@settings(max_examples=150)
@given(
    st.integers(0, 10**6),
    st.integers(1, 6),
    st.integers(1, 5),
    st.integers(1, 4),
    st.sampled_from([0.0, 0.3, 0.6, 0.9]),
    st.sampled_from([Scale(1, 5), Scale(0, 4), Scale(0, 1), Scale(1, 10)]),
)
def test_every_table_gives_valid_json_and_reasons(
    seed, candidates, interviewers, keys, gaps, scale
):
    rated = random_table(seed, candidates, interviewers, keys, gaps, scale)
    again = random_table(seed + 1, candidates, interviewers, keys, 0.9, scale)
    both = RatingTable((*rated.rows, *again.rows), scale)
    for found in (comparison.build(rated), comparison.build(both)):
        figures = as_strict_json(found)
        everything_missing_of(figures)
        ranks = [c["rank"] for c in figures["candidates"] if c["rank"] is not None]
        assert ranks == sorted(ranks)
        for block in (
            figures["agreement"]["overall"],
            *figures["agreement"]["competencies"].values(),
        ):
            missing = [name for name, value in block.items() if value is None and name != "reason"]
            assert block["reason"] is not None or not missing


def test_a_thousand_candidates():
    """Nothing drifts when there are many: adjusted is the plain mean, shares are whole."""
    found = comparison.build(random_table(1, candidates=1000, interviewers=5, competencies=2))
    assert len(found.pairs) == 499_500
    assert found.pairs[-1].b == found.candidates[-1].id
    for candidate in found.candidates:
        assert candidate.overall.adjusted == pytest.approx(candidate.overall.mean, abs=1e-9)
    shares = np.array([c.rank_acceptability for c in found.candidates])
    assert shares.sum(axis=1) == pytest.approx(np.ones(1000))
    assert shares.sum(axis=0) == pytest.approx(np.ones(1000))
    assert sum(i.severity for i in found.interviewers) == pytest.approx(0, abs=1e-9)
    assert found.agreement.overall.reason is None


def test_reasons_are_stable():
    """They are part of the JSON: a name may change here, an id never."""
    assert set(Reason) == {
        "not-assessed",
        "less-than-half-assessed",
        "candidates-share-no-interviewer",
        "no-residual-degrees-of-freedom",
        "fewer-than-two-candidates",
        "fewer-than-two-interviewers",
        "all-scores-equal",
        "candidates-do-not-differ",
        "scores-are-not-whole-numbers",
        "no-ranked-candidate",
    }
