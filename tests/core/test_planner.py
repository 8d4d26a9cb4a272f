"""The best plan against every plan there is, and against dynamic programming."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from recruit.core import planner
from recruit.core.planner.program import Program
from recruit.core.profile import Profile
from tests.core.planning import (
    EMPTY,
    as_rounds,
    competency,
    every_plan,
    fits,
    joined,
    library_of,
    parts,
    problems,
    profile_of,
    question,
    worth,
)
from tests.shipped import shipped


@settings(max_examples=60)
@given(problems())
def test_nothing_is_better(problem):
    library, profile = problem
    plans = every_plan(library, profile)
    if not plans:
        with pytest.raises(planner.Infeasible):
            planner.plan(library, profile)
        return
    best = max(plans, key=worth)
    assert [plan for plan in plans if worth(plan) == worth(best)] == [best]
    found = planner.plan(library, profile)
    assert found.rounds == as_rounds(library, profile, best)
    total = sum(item.weight for item in profile.competencies.values())
    assert found.coverage_value == pytest.approx(float(best.share / total), abs=1e-12)
    assert found.kinds == best.kinds
    assert found.minutes == tuple(taken + 15 for taken in best.minutes)
    assert found.optimal
    assessed = planner.assess(library, profile, found.rounds)
    assert assessed.broken == ()
    assert (assessed.rounds, assessed.minutes) == (found.rounds, found.minutes)
    assert (assessed.coverage_value, assessed.kinds) == (found.coverage_value, found.kinds)


@settings(max_examples=10)
@given(problems())
def test_the_order_of_the_profile_does_not_matter(problem):
    library, profile = problem
    turned = dict(reversed(profile.competencies.items()))
    answers = []
    for wanted in (profile, profile.model_copy(update={"competencies": turned})):
        try:
            answers.append(planner.plan(library, wanted))
        except planner.Infeasible:
            answers.append(None)
    assert answers[0] == answers[1]


def by_dynamic_programming(library, profile):
    """Return the best plan from the best part per use of the rounds, competency by competency.

    What is best for given minutes and cases per round stays best whatever comes after, for every
    objective adds up or compares place by place.
    """
    table = {(): EMPTY}
    for key in library.competencies:
        if key not in profile.competencies:
            continue
        own = {}
        for part in parts(library, profile, key):
            if fits(profile, part):
                _keep_best(own, part)
        longer = {}
        for first in table.values():
            for part in own.values():
                whole = joined(first, part)
                if fits(profile, whole):
                    _keep_best(longer, whole)
        table = longer
    return max(table.values(), key=worth, default=None)


def _keep_best(table, part):
    use = (part.minutes, part.cases)
    if use not in table or worth(table[use]) < worth(part):
        table[use] = part


SHIPPED = {
    "one round": ("first_line", "public", [(75, 2)], 2),
    "two rounds": ("executive", "public", [(40, 2), (37, 1)], 2),
    "one question each": ("manager_of_managers", "private", [(35, 1), (35, 1)], 1),
    "alone first": ("project_lead", "nonprofit", [(36, 1), (41, 2)], 2),
    "barely": ("first_line", "private", [(57, 1)], 2),
    "too little": ("executive", "nonprofit", [(36, 2), (32, 1)], 2),
}


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_questions_by_another_method(name):
    level, sector, rounds, least = SHIPPED[name]
    weights = {"feedback": 2, "clear-frames": 3, "autonomy": 5}
    library = shipped()
    profile = profile_of(weights, rounds, level=level, sector=sector, min_questions=least)
    best = by_dynamic_programming(library, profile)
    if best is None:
        with pytest.raises(planner.Infeasible):
            planner.plan(library, profile)
        return
    assert planner.plan(library, profile).rounds == as_rounds(library, profile, best)


def test_every_shipped_profile_fits():
    library = shipped()
    assert library.roles
    for role in library.roles.values():
        found = planner.plan(library, role)
        assert planner.assess(library, role, found.rounds).broken == ()


def three(*kinds, minutes=6, **more):
    """Return three competencies with the same kinds of question, and a profile that asks for them.

    Each question elicits an indicator of its own.
    """
    library = library_of(
        *(
            competency(
                key,
                len(kinds),
                [
                    question(f"{key}-q{n}", kind, minutes, [f"{key}-i{n}"])
                    for n, kind in enumerate(kinds)
                ],
            )
            for key in "abc"
        )
    )
    return library, profile_of(dict.fromkeys("abc", 1), **more)


def test_the_earliest_questions_are_compared_one_by_one():
    """First and last, or the two between: the first question decides, not the sum of places."""
    a = competency(
        "a",
        2,
        [
            question("a-q0", "past_behaviour", 5, ["a-i0"]),
            question("a-q1", "past_behaviour", 5, ["a-i1"]),
            question("a-q2", "reflection", 5, ["a-i0"]),
            question("a-q3", "reflection", 5, ["a-i1"]),
        ],
    )
    library, _ = three("past_behaviour", "reflection", rounds=[(75, 2)])
    library = library_of(a, library.competencies["b"], library.competencies["c"])
    profile = profile_of(dict.fromkeys("abc", 1), [(49, 2)])
    assert planner.plan(library, profile).rounds[0][:2] == ("a-q0", "a-q3")


def test_one_question_each_and_no_more_when_time_is_short():
    library, profile = three("reflection", "past_behaviour", rounds=[(15 + 18, 2)], min_questions=1)
    assert planner.plan(library, profile).rounds == (("a-q0", "b-q0", "c-q0"),)


def test_some_question_is_asked_by_two_even_if_most_are_not():
    library, profile = three("past_behaviour", "case", rounds=[(15 + 18, 1), (15 + 18, 2)])
    with pytest.raises(planner.Infeasible):
        planner.plan(library, profile)
    library, profile = three("past_behaviour", "reflection", rounds=[(15 + 18, 1), (15 + 18, 2)])
    assert planner.plan(library, profile).rounds == (
        ("a-q0", "b-q0", "c-q0"),
        ("a-q1", "b-q1", "c-q1"),
    )
    _, alone = three("past_behaviour", "reflection", rounds=[(15 + 18, 1), (15 + 18, 1)])
    assert planner.plan(library, alone).rounds == (
        ("a-q0", "a-q1", "b-q0"),
        ("b-q1", "c-q0", "c-q1"),
    )


def test_what_fits_in_all_but_in_no_round():
    """Three long questions fit the minutes of two rounds together, but only one fits each."""
    library = library_of(
        *(
            competency(
                key,
                2,
                [
                    question(f"{key}-long", "past_behaviour", 6, [f"{key}-i0", f"{key}-i1"]),
                    question(f"{key}-short", "past_behaviour", 4, [f"{key}-i0"]),
                ],
            )
            for key in "abc"
        )
    )
    profile = profile_of({"a": 3, "b": 2, "c": 1}, [(25, 2), (25, 2)], min_questions=1)
    assert planner.plan(library, profile).rounds == (("a-long", "c-short"), ("b-long",))


def test_many_indicators_are_weighed_without_rounding():
    """Least common multiple 360360: a unit is a millionth of the whole, and still decides."""
    sizes = {"a": 11, "b": 13, "c": 7, "d": 9, "e": 8, "f": 5}
    library = library_of(
        *(
            competency(
                key,
                size,
                [
                    question(f"{key}-q{n}", kind, 5, [f"{key}-i{i}" for i in range(n, size, 2)])
                    for n, kind in enumerate(("past_behaviour", "reflection", "situational"))
                ],
            )
            for key, size in sizes.items()
        )
    )
    profile = profile_of(dict.fromkeys(sizes, 5), [(15 + 30, 2), (15 + 45, 2)])
    best = by_dynamic_programming(library, profile)
    assert planner.plan(library, profile).rounds == as_rounds(library, profile, best)


def test_a_profile_has_three_to_eight_competencies_of_weight_one_to_five():
    with pytest.raises(ValueError, match="at most 8"):
        profile_of({f"c{n}": 1 for n in range(9)}, [(60, 2)])
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        profile_of(dict.fromkeys("abc", 0), [(60, 2)])


def test_an_unknown_competency_is_named_in_both_languages():
    library = shipped()
    profile = profile_of({"autonomy": 1, "feedback": 1, "ghost": 1}, [(90, 2)])
    with pytest.raises(planner.UnknownCompetency) as caught:
        planner.plan(library, profile)
    known = ", ".join(list(library.competencies)[:-1])
    last = list(library.competencies)[-1]
    assert caught.value.keys == ("ghost",)
    assert caught.value.messages("sv") == [
        f"Biblioteket har ingen kompetens som heter ghost. De som finns: {known} och {last}."
    ]
    assert caught.value.messages("en") == [
        f"The library has no competency called ghost. Those there are: {known} and {last}."
    ]


def test_an_id_that_two_questions_share_is_refused():
    library, profile = three("past_behaviour", "reflection", rounds=[(60, 2)])
    own = library.competencies["b"].questions[0]
    a = library.competencies["a"]
    library = library_of(
        a.model_copy(update={"questions": [*a.questions, own]}),
        library.competencies["b"],
        library.competencies["c"],
    )
    for ask in (
        lambda: planner.plan(library, profile),
        lambda: planner.assess(library, profile, [["a-q0"]]),
    ):
        with pytest.raises(planner.DoubleQuestion) as caught:
            ask()
        assert caught.value.question_id == "b-q0"


def test_a_new_role_needs_no_new_code():
    """What a recruiter's own library holds is planned like the shipped one."""
    library, profile = three("past_behaviour", "case", "situational", rounds=[(90, 2)])
    own = question("own-1", "reflection", 1, ["a-i0", "a-i1", "a-i2"])
    a = library.competencies["a"]
    mine = competency("a", 3, [own, *(q.model_dump() for q in a.questions)])
    library = library_of(mine, library.competencies["b"], library.competencies["c"])
    assert planner.plan(library, Profile.model_validate(profile.model_dump())).rounds[0][0] == (
        "own-1"
    )


def test_a_program_without_an_end_is_no_answer():
    program = Program()
    column = program.column(high=float("inf"))
    program.row({column: 1}, low=0)
    with pytest.raises(RuntimeError):
        program.minimise({column: -1})
