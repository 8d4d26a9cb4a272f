"""What any choice of questions is worth, what it breaks, and what could replace a question."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from recruit.core import draft_guide, planner
from recruit.core.draft import Draft, DraftRound, NotAsked
from recruit.core.planner.assessment import (
    AskedAlone,
    AskedTwice,
    NotInLibrary,
    OutsideProfile,
    OverTime,
    TooFewAsked,
    TwoCases,
    Unfit,
)
from tests.core.planning import (
    as_rounds,
    competency,
    every_plan,
    library_of,
    problems,
    profile_of,
    question,
    worth,
)


@settings(max_examples=50)
@given(problems(), st.data())
def test_what_is_broken_is_no_plan_and_what_is_not_is_one(problem, data):
    library, profile = problem
    plans = {as_rounds(library, profile, part): part for part in every_plan(library, profile)}
    count = len(profile.rounds)
    ids = [q.id for item in library.competencies.values() for q in item.questions]
    if plans and data.draw(st.booleans()):
        rounds = data.draw(st.sampled_from(sorted(plans)))
    else:
        places = [data.draw(st.integers(-1, count - 1)) for _ in ids]
        rounds = tuple(
            tuple(key for key, place in zip(ids, places, strict=True) if place == number)
            for number in range(count)
        )
    found = planner.assess(library, profile, rounds)
    assert found.rounds == rounds
    assert (found.broken == ()) == (rounds in plans)
    assert len(found.messages("sv")) == len(found.messages("en")) == len(found.broken)
    if rounds in plans:
        part = plans[rounds]
        total = sum(item.weight for item in profile.competencies.values())
        assert found.coverage_value == pytest.approx(float(part.share / total), abs=1e-12)
        assert found.kinds == part.kinds
        assert found.minutes == tuple(taken + 15 for taken in part.minutes)
        asked = [
            (key, q)
            for key, item in library.competencies.items()
            for q in item.questions
            if any(q.id in keys for keys in rounds)
        ]
        for key, shown in found.elicited.items():
            there = {indicator for owner, q in asked if owner == key for indicator in q.elicits}
            assert set(shown) == there


@settings(max_examples=50)
@given(problems(), st.data())
def test_options_are_those_that_keep_every_rule_best_first(problem, data):
    library, profile = problem
    plans = {as_rounds(library, profile, part): part for part in every_plan(library, profile)}
    assume(plans)
    before = data.draw(st.sampled_from(sorted(plans)))
    plan = planner.assess(library, profile, before)
    ids = [q.id for item in library.competencies.values() for q in item.questions]
    asked = [key for keys in before for key in keys]
    taken = data.draw(st.sampled_from(asked))
    expected = []
    for place, key in enumerate(ids):
        after = tuple(
            tuple(sorted((key if old == taken else old for old in keys), key=ids.index))
            for keys in before
        )
        if key not in asked and after in plans:
            share, kinds, minutes, *_ = worth(plans[after])
            expected.append((-share, -kinds, -minutes, place, key, after))
    found = allowed(library, profile, before, taken)
    assert [item.question.id for item in found] == [item[-2] for item in sorted(expected)]
    total = sum(item.weight for item in profile.competencies.values())
    for item, (*_, key, after) in zip(found, sorted(expected), strict=True):
        assert key in {q.id for q in library.competencies[item.competency].questions}
        change = float((plans[after].share - plans[before].share) / total)
        assert item.coverage_change == pytest.approx(change, abs=1e-12)
        assert item.minutes_change == sum(plans[after].minutes) - sum(plans[before].minutes)
        then = planner.assess(library, profile, after)
        had = {(key, i) for key, shown in plan.elicited.items() for i in shown}
        has = {(key, i) for key, shown in then.elicited.items() for i in shown}
        assert (set(item.gained), set(item.lost)) == (has - had, had - has)


def allowed(library, profile, rounds, question_id):
    """What may take the question's place without breaking another rule."""
    asked = tuple(DraftRound(questions=tuple(keys)) for keys in rounds)
    draft = Draft(profile=profile, rounds=asked)
    return [o for o in draft_guide.replacements(draft, library, question_id) if not o.breaches]


KINDS = ("past_behaviour", "reflection", "case", "past_behaviour")


@pytest.fixture
def example():
    library = library_of(
        *(
            competency(
                key,
                2,
                [
                    question(f"{key}-q{n}", kind, 5, [f"{key}-i{n % 2}"])
                    for n, kind in enumerate(KINDS)
                ]
                + [question(f"{key}-high", "reflection", 5, [f"{key}-i0"], ["executive"])],
            )
            for key in "abcd"
        )
    )
    return library, profile_of({"b": 1, "a": 2, "c": 1}, [(45, 2), (40, 1)])


GOOD = [["a-q0", "a-q1", "b-q0", "c-q0"], ["b-q1", "c-q1"]]


def test_a_choice_that_keeps_every_rule(example):
    found = planner.assess(*example, GOOD)
    assert found.broken == ()
    assert found.minutes == (35, 25)
    assert found.coverage_value == 1
    assert found.kinds == 6
    assert found.elicited == {
        "b": ("b-i0", "b-i1"),
        "a": ("a-i0", "a-i1"),
        "c": ("c-i0", "c-i1"),
    }
    assert list(found.elicited) == ["b", "a", "c"]


BROKEN = {
    "over time": (
        [[*GOOD[0], "a-q3", "b-q3", "c-q3"], GOOD[1]],
        OverTime(0, 50, 5),
        "”R0” blir 5 minuter för lång.",
        "“R0” runs 5 minutes over.",
    ),
    "nothing about b": (
        [["a-q0", "a-q1", "c-q0"], ["c-q1"]],
        TooFewAsked("b", "any"),
        "”B” har ingen fråga.",
        "“B” has no question.",
    ),
    "no past behaviour": (
        [["a-q1", "a-q2", "b-q0", "c-q0"], GOOD[1]],
        TooFewAsked("a", "past_behaviour"),
        "”A” har ingen fråga om en upplevd situation.",
        "“A” has no question about past behaviour.",
    ),
    "one question only": (
        [["a-q0", "b-q0", "c-q0"], GOOD[1]],
        TooFewAsked("a", "other"),
        "”A” har bara frågor om upplevda situationer; det behövs också en av annat slag.",
        "“A” has questions about past behaviour only; one of another kind is needed too.",
    ),
    "too high a level": (
        [GOOD[0], [*GOOD[1], "a-high"]],
        Unfit("a-high", 1),
        "”Fråga a-high?” är inte avsedd för nivån eller sektorn.",
        "“Fråga a-high?” is not meant for the level or the sector.",
    ),
    "outside the profile": (
        [GOOD[0], [*GOOD[1], "d-q0"]],
        OutsideProfile("d-q0", 1, "d"),
        "”Fråga d-q0?” hör till ”D”, som inte ingår i rollprofilen.",
        "“Fråga d-q0?” belongs to “D”, which is not in the role profile.",
    ),
    "gone from the library": (
        [GOOD[0], [*GOOD[1], "ghost"]],
        NotInLibrary("ghost", 1),
        "Frågan ghost finns inte längre i biblioteket.",
        "The question ghost is no longer in the library.",
    ),
    "two cases": (
        [GOOD[0], [*GOOD[1], "a-q2", "b-q2"]],
        TwoCases(1, ("a-q2", "b-q2")),
        "”R1” har 2 fall; högst ett ska ingå i en omgång.",
        "“R1” has 2 cases; there should be at most one in a round.",
    ),
    "asked alone": (
        [["a-q0", "a-q1", "c-q0"], ["b-q0", "b-q1", "c-q1"]],
        AskedAlone("b"),
        "”B” tas bara upp där intervjuaren är ensam.",
        "“B” is asked about only where there is a single interviewer.",
    ),
    "asked twice": (
        [GOOD[0], [*GOOD[1], "a-q0"]],
        AskedTwice("a-q0", (0, 1)),
        "”Fråga a-q0?” ställs mer än en gång.",
        "“Fråga a-q0?” is asked more than once.",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_broken_rule_is_named_in_both_languages(example, name):
    rounds, breach, sv, en = BROKEN[name]
    found = planner.assess(*example, rounds)
    assert found.broken == (breach,)
    assert found.messages("sv") == [sv]
    assert found.messages("en") == [en]


def test_one_minute_is_one_minute(example):
    library, profile = example
    short = profile_of({"b": 1, "a": 2, "c": 1}, [(34, 2), (40, 1)])
    found = planner.assess(library, short, GOOD)
    assert found.messages("sv") == ["”R0” blir 1 minut för lång."]
    assert found.messages("en") == ["“R0” runs 1 minute over."]
    assert planner.assess(library, profile, GOOD).broken == ()


def test_what_is_asked_twice_counts_once_but_takes_its_time_twice(example):
    found = planner.assess(*example, [[*GOOD[0], "a-q0"], GOOD[1]])
    assert found.broken == (AskedTwice("a-q0", (0, 0)),)
    assert found.minutes == (40, 25)
    assert found.kinds == 6
    twice = planner.assess(*example, [["a-q2", "a-q2", "a-q0", "b-q0", "c-q0"], GOOD[1]])
    assert twice.broken == (AskedTwice("a-q2", (0, 0)),)


def test_an_empty_choice(example):
    found = planner.assess(*example, [[], []])
    assert found.broken == tuple(TooFewAsked(key, "any") for key in "bac")
    assert (found.coverage_value, found.kinds, found.minutes) == (0, 0, (15, 15))


def test_a_choice_for_other_rounds_than_the_profile_has(example):
    with pytest.raises(planner.RoundsDiffer) as caught:
        planner.assess(*example, [*GOOD, []])
    assert (caught.value.found, caught.value.expected) == (3, 2)
    assert caught.value.messages("sv") == [
        "Frågorna är fördelade på ett annat antal omgångar (3) än rollprofilen har (2)."
    ]
    assert caught.value.messages("en") == [
        "The questions are divided into another number of rounds (3) than the role profile has (2)."
    ]


def test_an_option_says_what_is_gained_and_lost(example):
    library, profile = example
    (found,) = allowed(library, profile, GOOD, "a-q1")
    assert (found.question.id, found.competency) == ("a-q2", "a")
    assert (found.coverage_change, found.minutes_change) == (-0.25, 0)
    assert (found.gained, found.lost) == ((), (("a", "a-i1"),))
    (back,) = allowed(library, profile, [["a-q0", "a-q2", "b-q0", "c-q0"], GOOD[1]], "a-q2")
    assert (back.question.id, back.gained) == ("a-q1", (("a", "a-i1"),))


def test_a_question_about_another_competency_can_take_the_place(example):
    library, profile = example
    found = allowed(library, profile, [[*GOOD[0], "a-q3"], GOOD[1]], "a-q3")
    assert [(item.question.id, item.competency) for item in found] == [
        ("a-q2", "a"),
        ("b-q2", "b"),
        ("c-q2", "c"),
        ("b-q3", "b"),
        ("c-q3", "c"),
    ]


def test_a_question_that_is_gone_can_be_replaced(example):
    library, profile = example
    rounds = [["a-q0", "ghost", "b-q0", "c-q0"], GOOD[1]]
    found = allowed(library, profile, rounds, "ghost")
    assert [item.question.id for item in found if item.mended == 2] == ["a-q1", "a-q2"]


def test_options_for_a_question_that_is_not_asked(example):
    with pytest.raises(NotAsked):
        allowed(*example, GOOD, "a-q3")
