"""Why there is no plan, and what would help, against trying every change."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from recruit.core import planner
from recruit.core.planner import Exclusion, Lock, Pin
from recruit.core.planner.verdict import (
    EditedUnfit,
    EditsClash,
    ExtraMinutes,
    FewerCompetencies,
    Release,
    SecondInterviewer,
    TooFewQuestions,
    TooLittleTime,
    TooLittleTimeTogether,
    TooManyCases,
)
from tests.core.planning import (
    competency,
    edits,
    every_use,
    library_of,
    names,
    over,
    possible,
    problems,
    profile_of,
    question,
)
from tests.shipped import shipped


def refusal(library, profile, decided=()):
    with pytest.raises(planner.Infeasible) as caught:
        planner.plan(library, profile, decided)
    return caught.value


def only(kind, found):
    one = [item for item in found if isinstance(item, kind)]
    assert len(one) <= 1
    return one[0] if one else None


def least_minutes(library, profile, decided):
    """Return the fewest extra minutes and the first round in which they are enough."""
    found = []
    for minutes, _ in every_use(library, profile, decided):
        more = over(profile, minutes)
        found += [
            (more[number], number)
            for number in range(len(more))
            if not any(more[:number] + more[number + 1 :])
        ]
    return min(found, default=None)


def heaviest(library, profile, decided):
    keys = list(profile.competencies)
    subsets = [keep for n in range(1, len(keys)) for keep in combinations(keys, n)]

    def weight(keep):
        total = sum(profile.competencies[key].weight for key in keep)
        return total, len(keep), [key in keep for key in keys]

    return next(
        (
            keep
            for keep in sorted(subsets, key=weight, reverse=True)
            if possible(library, profile, decided, keys=keep)
        ),
        None,
    )


def fewest_released(library, profile, decided):
    for count in range(1, len(decided) + 1):
        # Late edits go first: the earliest kept decide, in the order of the edits.
        for released in sorted(combinations(range(len(decided)), count), reverse=True):
            kept = [edit for n, edit in enumerate(decided) if n not in released]
            if possible(library, profile, kept):
                return tuple(decided[n] for n in released)
    return None


def binding(library, profile, decided):
    """Return the rules to let go: the fewest that are enough, 4 before cases before time."""
    rules = ("together", "cases", "time")
    for count in range(1, 4):
        for released in combinations(rules, count):
            if possible(library, profile, decided, **dict.fromkeys(released, False)):
                return released
    return ()


RULE = {TooLittleTimeTogether: "together", TooManyCases: "cases", TooLittleTime: "time"}


@settings(max_examples=60)
@given(problems(), st.data())
def test_reasons_and_ways_out(problem, data):
    library, profile = problem
    decided = data.draw(st.one_of(st.just(()), edits(library, len(profile.rounds))))
    assume(not possible(library, profile, decided))
    found = refusal(library, profile, decided)

    clash = only(EditsClash, found.reasons)
    assert (clash is not None) == possible(library, profile)
    blamed = clash.edits if clash else ()
    if clash:
        assert set(blamed) <= set(decided)
        assert not possible(library, profile, blamed)
        for edit in blamed:
            assert possible(library, profile, [other for other in blamed if other != edit])
    rules = [RULE[type(reason)] for reason in found.reasons if type(reason) in RULE]
    unmendable = [
        reason for reason in found.reasons if isinstance(reason, TooFewQuestions | EditedUnfit)
    ]
    assert tuple(rules) == (() if unmendable else binding(library, profile, blamed))
    for reason in unmendable:
        check_unmendable(library, profile, blamed, reason)

    longer = only(ExtraMinutes, found.ways_out)
    assert (longer and (longer.minutes, longer.round_index)) == least_minutes(
        library, profile, decided
    )
    fewer = only(FewerCompetencies, found.ways_out)
    assert (fewer and fewer.keep) == heaviest(library, profile, decided)
    if fewer:
        assert set(fewer.keep) | set(fewer.drop) == set(profile.competencies)
        assert not fewer.enough
    release = only(Release, found.ways_out)
    assert (release and release.edits) == fewest_released(library, profile, decided)
    second = only(SecondInterviewer, found.ways_out)
    if second:
        changed = two_in(profile, second.round_index)
        assert not any(
            possible(library, two_in(profile, number), decided)
            for number in range(second.round_index)
        )
        assert possible(library, changed, decided)
    assert len(found.reason_lines) == len(found.reasons)
    assert len(found.way_lines) == len(found.ways_out)
    for language in ("sv", "en"):
        said = found.messages(language)
        assert said[: len(found.reasons)] == [line.in_(language) for line in found.reason_lines]
        assert said[len(found.reasons) + 1 :] == [line.in_(language) for line in found.way_lines]


def check_unmendable(library, profile, blamed, reason):
    if isinstance(reason, EditedUnfit):
        asked = [key for edit in blamed if not isinstance(edit, Exclusion) for key in names(edit)]
        assert reason.question_id in asked
        own = [q for item in library.competencies.values() for q in item.questions]
        lost = next(q for q in own if q.id == reason.question_id)
        assert not lost.fits(profile.level, profile.sector)
        return
    excluded = [edit.question_id for edit in blamed if isinstance(edit, Exclusion)]
    kinds = [
        q.kind == "past_behaviour"
        for q in library.competencies[reason.competency].questions
        if q.fits(profile.level, profile.sector) and q.id not in excluded
    ]
    if not kinds:
        assert reason.kind == "any"
    else:
        assert profile.min_questions == 2
        assert len(set(kinds)) == 1
        assert reason.kind == ("other" if kinds[0] else "past_behaviour")


def two_in(profile, number):
    rounds = list(profile.rounds)
    rounds[number] = rounds[number].model_copy(update={"interviewers": 2})
    return profile.model_copy(update={"rounds": rounds})


def simple(key, minutes, *kinds):
    """Return a competency whose questions all elicit its one indicator."""
    return competency(
        key,
        1,
        [question(f"{key}-q{n}", kind, minutes, [f"{key}-i0"]) for n, kind in enumerate(kinds)],
    )


BOTH = ("past_behaviour", "reflection")


def five(minutes=5, **kinds):
    return library_of(*(simple(key, minutes, *kinds.get(key, BOTH)) for key in "abcde"))


WEIGHTS = {"c": 2, "a": 1, "b": 1, "e": 3, "d": 1}


def test_time_is_named_with_both_ways_out():
    library = five()
    found = refusal(library, profile_of(WEIGHTS, [(35, 2), (40, 2)]))
    assert found.reasons == (TooLittleTime(needed=50, available=45),)
    assert found.ways_out == (
        ExtraMinutes(0, 5),
        FewerCompetencies(("c", "a", "b", "e"), ("d",)),
    )
    assert found.messages("sv") == [
        (
            "Frågorna får inte plats: de behöver minst 50 minuter, och omgångarna har 45 minuter "
            "för frågor."
        ),
        "Något av detta hjälper:",
        "Förläng ”R0” med 5 minuter, till 40 minuter.",
        "Behåll ”C”, ”A”, ”B” och ”E” och ta bort ”D”.",
    ]
    assert found.messages("en") == [
        (
            "The questions do not fit: they need at least 50 minutes, and the rounds have "
            "45 minutes for questions."
        ),
        "Any one of these would help:",
        "Lengthen “R0” by 5 minutes, to 40 minutes.",
        "Keep “C”, “A”, “B” and “E” and drop “D”.",
    ]


def test_minutes_that_cannot_be_divided():
    library = five(7)
    weights = dict.fromkeys("abc", 1)
    found = refusal(library, profile_of(weights, [(15 + 20, 2), (15 + 25, 2)]))
    assert found.reasons == (TooLittleTime(needed=42, available=45),)
    assert found.ways_out == (ExtraMinutes(0, 1), FewerCompetencies(("a", "b"), ("c",)))
    assert found.messages("sv")[0] == (
        "Frågorna får inte plats: de behöver minst 42 minuter. Omgångarna har 45 minuter "
        "tillsammans, men frågorna går inte att fördela så att varje omgång håller tiden."
    )
    assert found.messages("en")[0] == (
        "The questions do not fit: they need at least 42 minutes. The rounds have 45 minutes "
        "together, but no way to divide the questions keeps each round within its time."
    )
    assert found.messages("sv")[-1] == (
        "Behåll ”A” och ”B” och byt ”C” mot annat: en rollprofil har minst 3 kompetenser."
    )
    assert found.messages("en")[-1] == (
        "Keep “A” and “B” and put others in place of “C”: a role profile has at least 3 "
        "competencies."
    )


def test_of_equally_heavy_sets_the_largest_is_kept():
    library = library_of(simple("a", 5, *BOTH), simple("b", 5, *BOTH), simple("c", 10, *BOTH))
    found = refusal(library, profile_of({"c": 2, "a": 1, "b": 1}, [(35, 2)]))
    assert only(FewerCompetencies, found.ways_out).keep == ("a", "b")


def test_nothing_is_kept_where_no_competency_fits_alone():
    library = library_of(*(simple(key, 60, *BOTH) for key in "abc"))
    found = refusal(library, profile_of(dict.fromkeys("abc", 1), [(35, 2)]))
    assert found.reasons == (TooLittleTime(needed=360, available=20),)
    assert found.ways_out == (ExtraMinutes(0, 340),)


def test_no_round_is_made_longer_than_a_round_may_be():
    library = library_of(*(simple(key, 60, *BOTH) for key in "abcde"))
    found = refusal(library, profile_of(WEIGHTS, [(440, 2)]))
    assert found.reasons == (TooLittleTime(needed=600, available=425),)
    assert found.ways_out == (FewerCompetencies(("c", "a", "e"), ("b", "d")),)


@pytest.mark.parametrize(
    ("kinds", "kind", "sv", "en"),
    [
        (
            ("reflection", "case"),
            "past_behaviour",
            "”B” har ingen fråga om en upplevd situation att välja på för nivån och sektorn.",
            "“B” has no question about past behaviour to choose from for the level and the sector.",
        ),
        (
            ("past_behaviour", "past_behaviour"),
            "other",
            "”B” har bara frågor om upplevda situationer att välja på för nivån och sektorn.",
            (
                "“B” has only questions about past behaviour to choose from for the level and the "
                "sector."
            ),
        ),
    ],
)
def test_a_kind_of_question_that_the_library_lacks(kinds, kind, sv, en):
    found = refusal(five(b=kinds), profile_of(WEIGHTS, [(90, 2)]))
    assert found.reasons == (TooFewQuestions("b", kind),)
    assert found.ways_out == (FewerCompetencies(("c", "a", "e", "d"), ("b",)),)
    assert found.messages("sv") == [
        sv,
        "Det här hjälper:",
        "Behåll ”C”, ”A”, ”E” och ”D” och ta bort ”B”.",
    ]
    assert found.messages("en") == [
        en,
        "This would help:",
        "Keep “C”, “A”, “E” and “D” and drop “B”.",
    ]
    assert planner.plan(five(b=kinds), profile_of(WEIGHTS, [(90, 2)], min_questions=1))


def test_a_competency_without_any_question_for_the_level():
    library = five()
    b = library.competencies["b"]
    higher = [q.model_copy(update={"levels": ["executive"]}) for q in b.questions]
    library.competencies["b"] = b.model_copy(update={"questions": higher})
    for least in (1, 2):
        found = refusal(library, profile_of(WEIGHTS, [(90, 2)], min_questions=least))
        assert found.reasons == (TooFewQuestions("b", "any"),)
        assert found.messages("sv")[0] == (
            "”B” har ingen fråga att välja på för nivån och sektorn."
        )
        assert found.messages("en")[0] == (
            "“B” has no question to choose from for the level and the sector."
        )


@pytest.mark.parametrize(
    ("rounds", "expected"),
    [
        # The second round has no room for a question, the third has.
        ([(30, 2), (19, 1), (60, 1)], SecondInterviewer(2)),
        # Three competencies are short, and each of the others has room for two questions.
        ([(20, 2), (25, 1), (25, 1), (25, 1), (25, 1)], None),
    ],
)
def test_a_second_interviewer_helps_where_there_is_room(rounds, expected):
    found = refusal(five(), profile_of(dict.fromkeys("abcd", 1), rounds))
    assert [type(reason) for reason in found.reasons] == [TooLittleTimeTogether]
    assert only(SecondInterviewer, found.ways_out) == expected


def test_the_rounds_with_two_interviewers_are_too_short():
    library = five()
    weights = dict.fromkeys("abcd", 1)
    found = refusal(library, profile_of(weights, [(90, 1), (30, 2), (60, 1)]))
    assert found.reasons == (TooLittleTimeTogether(("d",)),)
    assert found.ways_out == (
        ExtraMinutes(1, 5),
        SecondInterviewer(0),
        FewerCompetencies(("a", "b", "c"), ("d",)),
    )
    assert found.messages("sv") == [
        (
            "Varje kompetens ska tas upp i en omgång med minst två intervjuare, men i de "
            "omgångarna ryms inte ”D”."
        ),
        "Något av detta hjälper:",
        "Förläng ”R1” med 5 minuter, till 35 minuter.",
        "Låt två intervjua i ”R0”.",
        "Behåll ”A”, ”B” och ”C” och ta bort ”D”.",
    ]
    assert found.messages("en") == [
        (
            "Every competency is to be asked about in a round with at least two interviewers, but "
            "those rounds have no room for “D”."
        ),
        "Any one of these would help:",
        "Lengthen “R1” by 5 minutes, to 35 minutes.",
        "Have two interviewers in “R0”.",
        "Keep “A”, “B” and “C” and drop “D”.",
    ]


def test_more_cases_than_rounds():
    library = five(a=("past_behaviour", "case"), b=("past_behaviour", "case"))
    found = refusal(library, profile_of(WEIGHTS, [(120, 2)]))
    assert found.reasons == (TooManyCases(1),)
    assert found.ways_out == (FewerCompetencies(("c", "a", "e", "d"), ("b",)),)
    assert found.messages("sv")[0] == (
        "Högst ett fall ryms i varje omgång, men här skulle det behövas 1 till."
    )
    assert found.messages("en")[0] == (
        "At most one case fits in a round, but 1 more would be needed here."
    )


def test_two_rules_that_bind_together():
    library = five(a=("past_behaviour", "case"), b=("past_behaviour", "case"))
    found = refusal(library, profile_of(WEIGHTS, [(60, 2)]))
    assert found.reasons == (TooManyCases(1), TooLittleTime(needed=50, available=45))
    assert found.ways_out == (FewerCompetencies(("c", "a", "e", "d"), ("b",)),)


@pytest.fixture
def roomy():
    return five(**dict.fromkeys("abcde", BOTH * 2)), profile_of(WEIGHTS, [(90, 2), (90, 2)])


CLASHES = {
    "asked and not asked": [Pin("a-q0"), Pin("b-q0"), Exclusion("a-q0")],
    "in two rounds": [Pin("b-q0"), Pin("a-q0", 0), Pin("a-q0", 1)],
    "in a locked round": [Lock(0, ("b-q0", "b-q1")), Pin("b-q1"), Pin("a-q0", 0)],
    "locked in two ways": [Lock(0, ("b-q0",)), Lock(0, ("a-q0",)), Pin("c-q0")],
    "locked twice over": [Lock(0, ("b-q0",)), Lock(1, ("b-q0", "a-q0")), Pin("c-q0")],
}


@pytest.mark.parametrize("name", CLASHES)
def test_pins_that_clash_are_named(roomy, name):
    library, profile = roomy
    decided = CLASHES[name]
    found = refusal(library, profile, decided)
    (clash,) = found.reasons
    assert not possible(library, profile, clash.edits)
    for edit in clash.edits:
        assert possible(library, profile, [other for other in clash.edits if other != edit])
    assert found.ways_out == (Release(fewest_released(library, profile, decided)),)
    rest = [edit for edit in decided if edit not in found.ways_out[0].edits]
    assert planner.plan(library, profile, rest)


def test_a_clash_in_words(roomy):
    found = refusal(*roomy, [Pin("a-q0", 1), Lock(1, ("b-q0",)), Exclusion("b-q1")])
    assert found.reasons == (EditsClash((Pin("a-q0", 1), Lock(1, ("b-q0",)))),)
    assert found.messages("sv") == [
        (
            "Dina val går inte att förena: ”Fråga a-q0?” ska ställas i ”R1” och ”R1” är låst som "
            "den är."
        ),
        "Det här hjälper:",
        "Ändra ditt val: ”R1” är låst som den är.",
    ]
    assert found.messages("en") == [
        (
            "Your choices cannot be kept together: “Fråga a-q0?” is to be asked in “R1” and “R1” "
            "is locked as it is."
        ),
        "This would help:",
        "Change your choice: “R1” is locked as it is.",
    ]


def test_a_clash_names_the_rule_that_it_meets(roomy):
    library, profile = roomy
    found = refusal(library, profile, [Exclusion(key) for key in ("b-q1", "b-q3", "c-q0", "c-q2")])
    assert found.reasons == (
        EditsClash((Exclusion("c-q0"), Exclusion("c-q2"))),
        TooFewQuestions("c", "past_behaviour"),
    )
    assert found.ways_out == (
        FewerCompetencies(("a", "e", "d"), ("c", "b")),
        Release((Exclusion("b-q3"), Exclusion("c-q2"))),
    )
    assert found.messages("sv")[0] == (
        "Dina val går inte att förena: ”Fråga c-q0?” ska inte ställas och ”Fråga c-q2?” ska inte "
        "ställas."
    )


def test_two_cases_pinned_in_one_round():
    more = ("past_behaviour", "reflection", "case")
    library = five(a=more, b=more)
    profile = profile_of(WEIGHTS, [(90, 2), (90, 2)])
    found = refusal(library, profile, [Pin("a-q2", 0), Pin("b-q2", 0)])
    assert found.reasons == (EditsClash((Pin("a-q2", 0), Pin("b-q2", 0))), TooManyCases(1))
    assert found.ways_out[-1] == Release((Pin("b-q2", 0),))


def test_a_pin_of_a_question_that_is_not_meant_for_the_profile():
    library = shipped()
    weights = {"feedback": 2, "clear-frames": 3, "autonomy": 5}
    profile = profile_of(weights, [(90, 2), (90, 2)])
    unfit = next(
        q
        for q in library.competencies["autonomy"].questions
        if not q.fits(profile.level, profile.sector)
    )
    found = refusal(library, profile, [Pin(unfit.id)])
    assert found.reasons == (EditsClash((Pin(unfit.id),)), EditedUnfit(unfit.id))
    assert found.ways_out == (Release((Pin(unfit.id),)),)
    assert found.messages("sv")[0].startswith("Ett av dina val går inte att hålla: ”")
    assert found.messages("en")[0].startswith("One of your choices cannot be kept: “")
    assert found.messages("sv")[1].endswith("är inte avsedd för nivån eller sektorn.")
    assert found.messages("en")[1].endswith("is not meant for the level or the sector.")


def test_a_pin_of_a_question_outside_the_profile():
    library = five()
    profile = profile_of(dict.fromkeys("abc", 1), [(90, 2)])
    found = refusal(library, profile, [Pin("d-q0"), Lock(0, ("e-q0",))])
    assert found.ways_out == (Release((Pin("d-q0"), Lock(0, ("e-q0",)))),)
    assert found.messages("sv")[-3:-2] == [
        "”Fråga e-q0?” hör till ”E”, som inte ingår i rollprofilen."
    ]
    assert found.messages("en")[-3:-2] == [
        "“Fråga e-q0?” belongs to “E”, which is not in the role profile."
    ]


def test_when_no_single_change_is_enough():
    library = five(b=("reflection",))
    profile = profile_of(WEIGHTS, [(90, 2)])
    found = refusal(library, profile, [Pin("b-q0")])
    assert found.reasons == (TooFewQuestions("b", "past_behaviour"),)
    assert found.ways_out == ()
    assert found.messages("sv")[-1] == (
        "Ingen enskild ändring räcker: se över kompetenser, omgångar och egna val."
    )
    assert found.messages("en")[-1] == (
        "No single change is enough: look over competencies, rounds and choices."
    )
