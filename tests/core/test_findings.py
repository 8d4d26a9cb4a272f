"""Each sentence is chosen by its numbers, and only where they allow it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recruit.core import findings
from recruit.core.agreement import Agreement
from recruit.core.comparison import build
from recruit.core.findings import Finding
from recruit.core.ratings import RatingTable, Score
from recruit.core.reasons import Reason
from recruit.core.results import InterviewerResult


def compared(weights=None, /, **candidates):
    """Return the comparison of candidates given as rows by competency, a score per interviewer."""
    return build(
        RatingTable(
            tuple(
                Score(name, f"I{number}", f"c{key}", score)
                for name, rows in candidates.items()
                for key, row in enumerate(rows)
                for number, score in enumerate(row)
                if score is not None
            )
        ),
        weights,
    )


CLEAR = {"A": [(5, 5, 4)], "B": [(3, 3, 2)], "C": [(1, 1, 1)]}
LEVEL = {"A": [(4, 3, 4)], "B": [(3, 4, 4)], "C": [(4, 4, 3)]}
TWO_OF_FOUR = {
    "A": [(5, 4, 4), (4, 5, 4)],
    "B": [(4, 5, 4), (4, 4, 5)],
    "C": [(2, 1, 2), (1, 2, 2)],
    "D": [(1, 2, 1), (2, 2, 1)],
}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (CLEAR, Finding("order.all")),
        (LEVEL, Finding("order.nothing")),
        (TWO_OF_FOUR, Finding("order.group", {"names": ("A", "B"), "m": 2, "n": 4})),
        ({"A": [(5, 5)], "B": [(2, 3)], "C": [(3, 2)]}, Finding("order.leader", {"a": "A"})),
        ({"A": [(3, 4)]}, Finding("order.one")),
        ({"A": [(4,)], "B": [(3,)]}, Finding("reason.no-residual-degrees-of-freedom")),
        (
            {"A": [(4, None)], "B": [(None, 4)]},
            Finding("reason.candidates-share-no-interviewer"),
        ),
        (
            {"A": [(4, 4), (4, 3), (3, 4)], "B": [(3, 4), (None, None), (None, None)]},
            Finding("order.one ranked", {"a": "A"}),
        ),
    ],
)
def test_order(rows, expected):
    assert findings.order(compared(**rows)) == expected


def test_many_leaders_are_counted():
    rows = {name: [(5, 4, 5)] for name in "ABCDE"} | {"F": [(1, 1, 1)]}
    assert findings.order(compared(**rows)).key == "order.group.many"


scores = st.one_of(st.none(), st.integers(1, 5))
tables = st.builds(
    lambda sizes, values: {
        "ABCDEF"[name]: [
            tuple(values[(name * 9 + key * 3 + who) % len(values)] for who in range(sizes[1]))
            for key in range(sizes[2])
        ]
        for name in range(sizes[0])
    },
    st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(1, 3)),
    st.lists(scores, min_size=5, max_size=45).filter(any),
)


@settings(max_examples=150)
@given(rows=tables)
def test_nothing_said_goes_beyond_the_numbers(rows):
    made = compared(**rows)
    ranked = [found.id for found in made.candidates if found.rank is not None]
    groups = findings.tiers(made)
    p = {(pair.a, pair.b): pair.p_higher for pair in made.pairs or ()}
    assert tuple(itertools.chain(*groups)) == (tuple(ranked) if made.pairs is not None else ())
    for above, below in itertools.combinations(groups, 2):
        assert all(p[a, b] >= 0.95 for a in above for b in below)
    for group in groups:
        for cut in range(1, len(group)):
            assert any(p[a, b] < 0.95 for a in group[:cut] for b in group[cut:])
    beside = [(pair.a, pair.b) for pair in findings.neighbours(made)]
    assert beside == (list(itertools.pairwise(ranked)) if made.pairs is not None else [])
    if made.pairs is not None and ranked:
        expected = [ranked[0], *(b for b in ranked[1:] if p[ranked[0], b] < 0.95)]
        assert list(findings.contenders(made)) == expected


@settings(max_examples=100)
@given(rows=tables)
def test_places_agreement_and_weights_are_those_of_the_comparison(rows):
    made = compared(**rows)
    for candidate in made.candidates:
        found = findings.place(candidate)
        if candidate.rank_acceptability is None:
            assert found.key == f"reason.{candidate.rank_acceptability_reason}"
            continue
        first, last = found.values["first"], found.values["last"]
        assert sum(candidate.rank_acceptability[first - 1 : last]) >= 0.95 - 1e-9
    for agreement in (made.agreement.overall, *made.agreement.competencies.values()):
        found = findings.agreement(agreement)
        if not found.key.startswith("reason."):
            assert found.values["coefficient"][0] <= 1 + 1e-9
    for finding in findings.weights(made):
        if finding.key == "weights.nearest":
            low, high = made.weight_sensitivity.competencies[finding.values["x"]]
            assert finding.values["then"] in {low, high}


def test_places_are_the_fewest_neighbours_that_hold_95_of_100():
    made = compared(**CLEAR).candidates[0]
    shares = {
        (0.96, 0.03, 0.01): Finding("place.one", {"first": 1, "last": 1}),
        (0.55, 0.44, 0.01): Finding("place.two", {"first": 1, "last": 2}),
        (0.02, 0.5, 0.48): Finding("place.two", {"first": 2, "last": 3}),
        (0.4, 0.3, 0.3): Finding("place.span", {"first": 1, "last": 3}),
    }
    for given_, expected in shares.items():
        assert findings.place(replace(made, rank_acceptability=given_)) == expected


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (0.9, "strong"),
        (0.75, "strong"),
        (0.74, "fair"),
        (0.5, "fair"),
        (0.49, "weak"),
        (0.0, "none"),
        (-0.4, "none"),
    ],
)
def test_agreement_by_its_limits(value, key):
    found = Agreement(method="reml", icc_ak=value, icc_a1=value)
    assert findings.agreement(found) == Finding(f"agreement.{key}", {"coefficient": (value, None)})


def test_agreement_that_means_nothing_shows_its_reason_and_no_number():
    found = Agreement(
        method="anova", icc_ak=1.7, icc_a1=0.2, reason=Reason.CANDIDATES_EQUAL, ci95={}
    )
    assert findings.agreement(found) == Finding("reason.candidates-do-not-differ")
    assert findings.alone(found) is None
    found = Agreement(method="reml", icc_ak=0.8, icc_a1=0.5, reason=Reason.NOT_WHOLE)
    assert findings.agreement(found).key == "agreement.strong"


def test_leniency_that_turns_the_order():
    # Only the strict third interviewer met B, whose plain mean is therefore the lower one.
    rows = {
        "A": [(4, 4, None)],
        "B": [(5, None, 2)],
        "C": [(3, 3, 1)],
        "D": [(3, 2, 1)],
        "E": [(2, 3, 1)],
    }
    made = compared(**rows)
    found = findings.leniency(made)
    assert found.key == "leniency.order"
    a, b = (made.result(found.values[key]) for key in ("a", "b"))
    assert a.rank < b.rank
    assert a.overall.mean < b.overall.mean


def test_leniency_that_hits_all_alike_or_cannot_be_told():
    assert findings.leniency(compared(**CLEAR)) == Finding("leniency.same")
    assert findings.leniency(compared(A=[(4,)], B=[(2,)])) == Finding(
        "reason.fewer-than-two-interviewers"
    )
    apart = compared(A=[(4, None)], B=[(None, 2)])
    assert findings.leniency(apart) == Finding("reason.candidates-share-no-interviewer")


def test_severity_within_its_margin_is_level():
    person = InterviewerResult("I", 4, 0.3, 0.2)
    assert findings.severity(person, 9).key == "severity.level"
    assert findings.severity(replace(person, se=0.05), 9).key == "severity.generous"
    strict = replace(person, severity=-0.3, se=0.05)
    found = findings.severity(strict, 9)
    assert found.key == "severity.strict"
    assert found.values["margin"] == pytest.approx(2.262157 * 0.05)
    assert findings.severity(replace(strict, se=None), 0).key == "severity.strict.unsure"


def test_weights():
    # A is better on c0, B on c1; with w on c0 the lead is lost at w = 1/3.
    rows = {"A": [(5, 5), (3, 3)], "B": [(3, 3), (4, 4)]}
    made = compared(**rows)
    assert findings.weights(made) == (
        Finding("weights.nearest", {"a": "A", "x": "c0", "now": 0.5, "then": pytest.approx(1 / 3)}),
    )
    assert findings.weight(made, "c0") == Finding("weight.from", {"low": pytest.approx(1 / 3)})
    assert findings.weight(made, "c1") == Finding("weight.up to", {"high": pytest.approx(2 / 3)})
    # B is best where c0 weighs much, C where it weighs little.
    middle = compared(A=[(4, 4), (4, 4)], B=[(5, 5), (2, 2)], C=[(2, 2), (5, 5)])
    assert findings.weight(middle, "c0") == Finding(
        "weight.between", {"low": pytest.approx(1 / 3), "high": pytest.approx(2 / 3)}
    )
    firm = compared(A=[(5, 5), (5, 5)], B=[(3, 3), (4, 4)])
    assert findings.weights(firm) == (Finding("weights.firm", {"a": "A"}),)
    assert findings.weight(firm, "c0") == Finding("weight.any")
    tied = compared(A=[(5, 5), (3, 3)], B=[(3, 3), (5, 5)])
    assert findings.weights(tied)[0].key == "weights.tied"
    zero = compared({"c0": 1, "c1": 0}, A=[(5, 5), (3, 3)], B=[(3, 3), (3, 3)])
    assert findings.weights(zero) == (Finding("weights.firm", {"a": "A"}),)
    assert findings.weights(compared(A=[(4, 4)])) == (Finding("weights.one candidate"),)
    assert findings.weights(compared(**CLEAR)) == (Finding("weights.one competency"),)


def test_who_may_be_the_strongest():
    assert findings.contenders(compared(**CLEAR)) == ("A",)
    assert findings.contenders(compared(**TWO_OF_FOUR)) == ("A", "B")
    # A single interviewer gives no probabilities.
    assert findings.contenders(compared(A=[(4,)], B=[(4,)], C=[(3,)])) == ("A", "B")
    nobody = compared(A=[(None, 4), (3, None)], B=[(4, None), (None, 3)])
    unranked = replace(
        nobody, candidates=tuple(replace(found, rank=None) for found in nobody.candidates)
    )
    assert findings.contenders(unranked) == ()


def test_leniency_that_moves_the_scores_but_not_the_order():
    # The strict second interviewer did not meet A.
    found = findings.leniency(compared(A=[(5, None)], B=[(4, 1)], C=[(3, 1)], D=[(2, 1)]))
    assert found.key == "leniency.scores"
    assert found.values["amount"] >= findings.VISIBLE


def test_severity_of_whom_nobody_can_tell():
    person = InterviewerResult("I", 0, None, None)
    assert findings.severity(person, 9) == Finding(f"reason.{Reason.NOT_ASSESSED.value}")


def test_weights_have_their_reason_where_nothing_can_be_told():
    apart = compared(A=[(4, None)], B=[(None, 4)])
    assert apart.weight_sensitivity.competencies is None
    expected = findings.because(apart.weight_sensitivity.reason)
    assert findings.weights(apart) == (expected,)
    assert findings.weight(apart, "c0") == expected
