"""What a recruiter decides about single questions is kept, and the rest is still the best."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recruit.core import planner
from recruit.core.planner import Exclusion, Lock, Pin
from tests.core.planning import (
    as_rounds,
    competency,
    edits,
    every_plan,
    library_of,
    problems,
    profile_of,
    question,
    worth,
)
from tests.shipped import shipped


@settings(max_examples=60)
@given(problems(), st.data())
def test_nothing_is_better_among_what_keeps_to_the_edits(problem, data):
    library, profile = problem
    decided = data.draw(edits(library, len(profile.rounds)))
    plans = every_plan(library, profile, decided)
    if not plans:
        with pytest.raises(planner.Infeasible):
            planner.plan(library, profile, decided)
        return
    found = planner.plan(library, profile, decided)
    assert found.rounds == as_rounds(library, profile, max(plans, key=worth))
    assert planner.plan(library, profile, [*decided, *decided]) == found


@pytest.fixture
def case():
    library = shipped()
    weights = {"feedback": 2, "clear-frames": 3, "autonomy": 5}
    return library, profile_of(weights, [(50, 2), (50, 2)])


def place(plan, key):
    return [number for number, keys in enumerate(plan.rounds) if key in keys]


def test_each_edit_changes_the_plan_as_it_says(case):
    library, profile = case
    free = planner.plan(library, profile)
    asked = free.rounds[0][0]
    unasked = next(
        q.id
        for q in library.competencies["autonomy"].questions
        if q.fits(profile.level, profile.sector) and not place(free, q.id)
    )
    assert place(planner.plan(library, profile, [Pin(unasked)]), unasked)
    for number in (0, 1):
        pinned = planner.plan(library, profile, [Pin(unasked, number)])
        assert place(pinned, unasked) == [number]
    assert place(planner.plan(library, profile, [Exclusion(asked)]), asked) == []
    locked = planner.plan(library, profile, [Lock(1, free.rounds[0])])
    assert locked.rounds == (free.rounds[1], free.rounds[0])
    assert planner.plan(library, profile, [Lock(0, free.rounds[0])]) == free


def test_a_pin_without_a_round_takes_the_question_that_nothing_else_would():
    """A question that gives way to a better one is asked when it is pinned."""
    library = library_of(
        *(
            competency(
                key,
                1,
                [
                    question(f"{key}-good", "past_behaviour", 5, [f"{key}-i0"]),
                    question(f"{key}-long", "past_behaviour", 6, [f"{key}-i0"]),
                    question(f"{key}-other", "reflection", 5, [f"{key}-i0"]),
                ],
            )
            for key in "abc"
        )
    )
    profile = profile_of(dict.fromkeys("abc", 1), [(60, 2)])
    assert planner.plan(library, profile, [Pin("b-long")]).rounds == (
        ("a-good", "a-other", "b-long", "b-other", "c-good", "c-other"),
    )


@pytest.mark.parametrize("edit", [Pin("ghost"), Exclusion("ghost"), Lock(0, ("ghost",))])
def test_an_edit_of_a_question_that_is_gone(case, edit):
    with pytest.raises(planner.UnknownQuestion) as caught:
        planner.plan(*case, [edit])
    assert caught.value.question_id == "ghost"
    assert caught.value.messages("sv") == [
        "Det finns ingen fråga ghost här. Den kan ha tagits bort ur biblioteket."
    ]
    assert caught.value.messages("en") == [
        "There is no question ghost here. It may have been taken out of the library."
    ]


@pytest.mark.parametrize("edit", [Pin("autonomy-pb-1", 2), Lock(2, ()), Pin("autonomy-pb-1", -1)])
def test_an_edit_of_a_round_that_is_not_there(case, edit):
    with pytest.raises(planner.UnknownRound) as caught:
        planner.plan(*case, [edit])
    assert caught.value.round_index == edit.round_index
    number = edit.round_index + 1
    assert caught.value.messages("sv") == [f"Det finns ingen omgång {number}: rollprofilen har 2."]
    assert caught.value.messages("en") == [f"There is no round {number}: the role profile has 2."]
