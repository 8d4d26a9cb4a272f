"""Drafts: every edit gives another draft and leaves the rest as it was."""

from __future__ import annotations

import itertools

import pytest

from recruit.core import draft as drafts
from recruit.core import draft_edits as edits
from recruit.core import draft_guide, planner
from recruit.core.draft import AlreadyAsked, NotAsked, OwnQuestion, OwnSigns, RoundIsLocked, Wording
from recruit.core.guide import compose
from tests.shipped import shipped

LIBRARY = shipped()
PROFILE = LIBRARY.roles["head-of-unit-home-care"]


@pytest.fixture(scope="module")
def draft():
    return drafts.replan(drafts.blank(PROFILE), LIBRARY)


def ids(draft):
    return {key for keys in draft.questions for key in keys}


def own(competency="autonomy", minutes=5):
    indicator = LIBRARY.competencies[competency].indicators[0].id
    wording = Wording(text="Hur gör du?", probes=("Och sedan?",))
    return OwnQuestion(
        id="",
        competency=competency,
        kind="reflection",
        minutes=minutes,
        elicits=(indicator,),
        wording=wording,
    )


def test_a_proposal_asks_what_the_planner_plans(draft):
    plan = planner.plan(LIBRARY, PROFILE)
    assert [set(keys) for keys in draft.questions] == [set(keys) for keys in plan.rounds]
    assert draft.best == plan.coverage_value
    assert draft.optimal


def test_the_guide_of_a_proposal_is_the_one_that_the_command_writes(draft):
    """One way to plan, one way to compose: what the builder shows is what `recruit guide` gives."""
    plan = planner.plan(LIBRARY, PROFILE)
    assert draft_guide.compose(draft, LIBRARY, "sv") == compose(LIBRARY, PROFILE, plan, "sv")


def test_a_guide_lists_what_it_asks_about_once_and_every_question_in_order():
    made = compose(LIBRARY, PROFILE, planner.plan(LIBRARY, PROFILE), "sv")
    sections = [section for round_ in made.rounds for section in round_.sections]
    asked_about = [section.competency for section in sections]
    assert sorted(made.competencies) == sorted(set(asked_about))
    places = [asked_about.index(competency) for competency in made.competencies]
    assert places == sorted(places)
    assert [question.id for question in made.questions] == [
        question.id for section in sections for question in section.questions
    ]


def test_swapping_puts_the_other_in_the_same_place(draft):
    number, key = 0, draft.questions[0][0]
    option = draft_guide.replacements(draft, LIBRARY, key)[0]
    after = edits.swap(draft, key, option.question.id, LIBRARY)
    assert option.question.id in after.questions[number]
    assert key not in ids(after)
    assert after.questions[1] == draft.questions[1]
    assert not after.optimal
    with pytest.raises(NotAsked):
        edits.swap(after, key, option.question.id, LIBRARY)
    with pytest.raises(AlreadyAsked):
        edits.swap(draft, key, draft.questions[1][0], LIBRARY)
    with pytest.raises(NotAsked):
        edits.swap(draft, key, "no-such-question", LIBRARY)


def test_what_is_excluded_is_no_option(draft):
    for key in draft.questions[0][:4]:
        found = draft_guide.replacements(draft, LIBRARY, key)
        without = draft.model_copy(update={"excluded": (found[0].question.id,)})
        assert draft_guide.replacements(without, LIBRARY, key) == found[1:]


def test_a_note_goes_with_the_own_question_that_it_is_about(draft):
    """The next own question has the same id, and is another."""
    asked = edits.add_own(draft, 0, own(), LIBRARY)
    noted = edits.reword(asked, "own-1", None, "Fråga lugnt.")
    fewer = {key: item for key, item in PROFILE.competencies.items() if key != "autonomy"}
    without = drafts.with_profile(
        noted, PROFILE.model_copy(update={"competencies": fewer}), LIBRARY
    )
    again = edits.add_own(drafts.with_profile(without, PROFILE, LIBRARY), 0, own(), LIBRARY)
    assert [item.id for item in again.own] == ["own-1"]
    assert again.notes == {}


def test_an_own_question_has_its_own_signs_or_those_of_its_indicators(draft):
    signs = OwnSigns(practice=("Berättar vad som hände.",), talk=("Talar i allmänhet.",))
    item = own().model_copy(update={"signs": signs})
    asked = edits.add_own(edits.add_own(draft, 0, own(), LIBRARY), 0, item, LIBRARY)
    known = drafts.library_of(asked, LIBRARY).competencies["autonomy"]
    usual, given = (question.listen_for for question in known.questions[-2:])
    assert usual.practice == [known.indicators[0].text]
    assert usual.talk == [drafts.TALK]
    assert [sign.sv for sign in (*given.practice, *given.talk)] == [
        "Berättar vad som hände.",
        "Talar i allmänhet.",
    ]


def test_what_is_dropped_is_not_proposed_again(draft):
    key = draft.questions[0][0]
    after = edits.drop(draft, key)
    assert key not in ids(after)
    again = drafts.replan(after, LIBRARY)
    assert key not in ids(again)
    allowed = edits.allow(again, key)
    assert drafts.replan(allowed, LIBRARY).questions == draft.questions
    with pytest.raises(NotAsked):
        edits.allow(allowed, key)


def test_what_is_pinned_stays_in_its_round(draft):
    other = next(
        o for o in draft_guide.replacements(draft, LIBRARY, draft.questions[0][0]) if not o.breaches
    )
    swapped = edits.swap(draft, draft.questions[0][0], other.question.id, LIBRARY)
    pinned = drafts.replan(edits.pin(swapped, other.question.id), LIBRARY)
    assert other.question.id in pinned.questions[0]


def test_a_locked_round_stays_as_it_is(draft):
    key = draft.questions[0][0]
    locked = edits.lock(edits.drop(draft, key), 0, locked=True)
    again = drafts.replan(locked, LIBRARY)
    assert again.questions[0] == locked.questions[0]
    first = locked.questions[0][0]
    for edit in (
        lambda: edits.drop(locked, first),
        lambda: edits.swap(locked, first, key, LIBRARY),
        lambda: edits.move(locked, locked.questions[1][0], 0, LIBRARY),
        lambda: edits.shift(locked, first, 1, LIBRARY),
        lambda: edits.add(locked, 0, key, LIBRARY),
    ):
        with pytest.raises(RoundIsLocked):
            edit()


def test_moving_keeps_the_questions_about_a_competency_together(draft):
    where = drafts.places(LIBRARY)
    for key in draft.questions[0]:
        after = edits.move(draft, key, 1, LIBRARY)
        sections = [where[k].competency for k in after.questions[1]]
        assert len([a for a, b in itertools.pairwise(sections) if a != b]) == (
            len(set(sections)) - 1
        )
        assert ids(after) == ids(draft)


def test_order_changes_within_a_section_and_between_sections(draft):
    where = drafts.places(LIBRARY)
    keys = draft.questions[0]
    first, second = keys[0], keys[1]
    assert where[first].competency == where[second].competency
    assert edits.shift(draft, first, 1, LIBRARY).questions[0][:2] == (second, first)
    assert edits.shift(draft, first, -1, LIBRARY) == draft
    section = where[first].competency
    later = edits.shift_section(draft, 0, section, 1, LIBRARY)
    assert where[later.questions[0][0]].competency != section
    assert edits.shift_section(later, 0, section, -1, LIBRARY) == draft
    guide = draft_guide.compose(later, LIBRARY, "sv")
    asked = [q.id for s in guide.rounds[0].sections for q in s.questions]
    assert tuple(asked) == later.questions[0]


def test_a_question_of_ones_own_counts_and_stays(draft):
    after = edits.add_own(draft, 0, own(), LIBRARY)
    assert "own-1" in after.questions[0]
    guide = draft_guide.compose(after, LIBRARY, "sv")
    asked = {q.id: q for s in guide.rounds[0].sections for q in s.questions}
    assert asked["own-1"].text == "Hur gör du?"
    before = draft_guide.assess(draft, LIBRARY)
    assert draft_guide.assess(after, LIBRARY).minutes[0] == before.minutes[0] + 5
    again = drafts.replan(after, LIBRARY)
    assert "own-1" in again.questions[0]
    assert "own-1" not in ids(edits.drop(again, "own-1"))
    assert edits.drop(again, "own-1").own == ()


def test_words_and_notes_are_the_recruiters_until_the_librarys_are_wanted_back(draft):
    key = draft.questions[0][0]
    words = Wording(text="Egna ord?", probes=("Och?",))
    after = edits.reword(draft, key, words, "Lyssna efter ramarna.")
    guide = draft_guide.compose(after, LIBRARY, "sv")
    question = guide.rounds[0].sections[0].questions[0]
    assert (question.text, question.probes, question.note) == (
        "Egna ord?",
        ("Och?",),
        "Lyssna efter ramarna.",
    )
    assert after.optimal
    assert edits.reword(after, key, None, "") == draft
    with pytest.raises(NotAsked):
        edits.reword(draft, "no-such", words, "")


def test_another_profile_keeps_what_still_has_a_place(draft):
    fewer = PROFILE.model_copy(
        update={
            "competencies": dict(list(PROFILE.competencies.items())[:4]),
            "rounds": PROFILE.rounds[:1],
        }
    )
    after = drafts.with_profile(draft, fewer, LIBRARY)
    where = drafts.places(LIBRARY)
    assert after.questions == (
        tuple(k for k in draft.questions[0] if where[k].competency in fewer.competencies),
    )
    assert not after.optimal
    assert after.best is None
    more = PROFILE.model_copy(update={"rounds": [*PROFILE.rounds, PROFILE.rounds[0]]})
    assert drafts.with_profile(draft, more, LIBRARY).questions == (*draft.questions, ())


def test_every_way_out_that_is_enough_leads_to_a_plan():
    tight = PROFILE.model_copy(
        update={"rounds": [PROFILE.rounds[0].model_copy(update={"minutes": 60})]}
    )
    blank = drafts.blank(tight)
    with pytest.raises(planner.Infeasible) as refused:
        drafts.replan(blank, LIBRARY)
    taken = [
        edits.take(blank, way, LIBRARY)
        for way in refused.value.ways_out
        if getattr(way, "enough", True)
    ]
    assert len(taken) >= 2
    for way in taken:
        assert not draft_guide.assess(drafts.replan(way, LIBRARY), LIBRARY).broken


def test_letting_go_of_edits_that_clash(draft):
    past = tuple(
        q.id for q in LIBRARY.competencies["autonomy"].questions if q.kind == "past_behaviour"
    )
    bare = draft.model_copy(update={"excluded": past})
    with pytest.raises(planner.Infeasible) as refused:
        drafts.replan(bare, LIBRARY)
    release = next(w for w in refused.value.ways_out if isinstance(w, planner.Release))
    assert not draft_guide.assess(
        drafts.replan(edits.take(bare, release, LIBRARY), LIBRARY), LIBRARY
    ).broken


def test_a_guide_is_read_back_as_the_draft_that_it_came_from(draft):
    key = draft.questions[0][0]
    edited = edits.reword(draft, key, Wording(text="Egna ord?", probes=("Och?",)), "Obs")
    edited = edits.note_round(edits.add_own(edited, 1, own(), LIBRARY), 0, "Börja i tid.")
    guide = draft_guide.compose(edited, LIBRARY, "sv")
    parts = [draft_guide.single_round(guide, number) for number in range(2)]
    back = draft_guide.read_back(dict(enumerate(parts, start=1)), PROFILE, LIBRARY)
    assert back.questions == edited.questions
    assert back.wording == edited.wording
    assert back.notes == edited.notes
    assert back.own == edited.own
    assert draft_guide.compose(back, LIBRARY, "sv") == guide


def test_rounds_and_sections_that_are_not_there_are_not_edited(draft):
    key = draft.questions[0][0]
    for edit in (
        lambda: edits.lock(draft, 2, locked=True),
        lambda: edits.note_round(draft, -1, "Kom i tid."),
        lambda: edits.move(draft, key, 2, LIBRARY),
        lambda: edits.shift_section(draft, 0, "juggling", 1, LIBRARY),
    ):
        with pytest.raises(NotAsked):
            edit()


def test_what_is_at_the_edge_or_in_its_place_stays(draft):
    where = drafts.places(LIBRARY)
    first = where[draft.questions[0][0]].competency
    assert edits.shift_section(draft, 0, first, -1, LIBRARY) == draft
    assert edits.move(draft, draft.questions[0][0], 0, LIBRARY) == draft


def test_there_is_a_limit_to_questions_of_ones_own(draft):
    many = tuple(own().model_copy(update={"id": f"own-{n}"}) for n in range(drafts.MOST_OWN))
    full = draft.model_copy(update={"own": many})
    with pytest.raises(drafts.TooManyOwn):
        edits.add_own(full, 0, own(), LIBRARY)


def test_an_own_question_is_reworded_in_itself(draft):
    after = edits.add_own(edits.add_own(draft, 0, own(), LIBRARY), 0, own(), LIBRARY)
    words = Wording(text="Hur gjorde du då?", probes=())
    reworded = edits.reword(after, "own-2", words, "")
    assert [item.wording.text for item in reworded.own] == ["Hur gör du?", "Hur gjorde du då?"]
    assert reworded.wording == {}
    noted = edits.reword(reworded, "own-2", None, "Lyssna.")
    assert noted.own == reworded.own
    assert noted.notes == {"own-2": "Lyssna."}


def test_an_own_question_about_what_the_library_lacks_changes_nothing_in_it(draft):
    strange = own().model_copy(update={"id": "own-1", "competency": "juggling"})
    assert drafts.library_of(draft.model_copy(update={"own": (strange,)}), LIBRARY) == LIBRARY


def test_each_way_out_changes_what_it_names(draft):
    together = edits.take(draft, planner.SecondInterviewer(1), LIBRARY)
    assert [round_.interviewers for round_ in together.profile.rounds] == [
        PROFILE.rounds[0].interviewers,
        2,
    ]
    too_few = planner.FewerCompetencies(keep=("autonomy",), drop=("feedback",))
    with pytest.raises(drafts.EditRefused):
        edits.take(draft, too_few, LIBRARY)
    key = draft.questions[0][1]
    held = edits.lock(edits.pin(edits.add_own(draft, 0, own(), LIBRARY), key), 1, locked=True)
    ways = (
        planner.Pin("own-1", 0),
        planner.Pin(key, 0),
        planner.Lock(1, held.questions[1]),
    )
    freed = edits.take(held, planner.Release(ways), LIBRARY)
    assert "own-1" not in ids(freed)
    assert freed.own == ()
    assert freed.pinned == ()
    assert not any(round_.locked for round_ in freed.rounds)
    assert ids(freed) == ids(draft)


def test_what_can_be_added_is_asked_nowhere_yet(draft):
    options = draft_guide.additions(draft, LIBRARY, 1)
    assert options
    assert not {option.question.id for option in options} & ids(draft)
    before = draft_guide.assess(draft, LIBRARY)
    for option in options[:3]:
        after = edits.add(draft, 1, option.question.id, LIBRARY)
        change = draft_guide.assess(after, LIBRARY).coverage_value - before.coverage_value
        assert change == pytest.approx(option.coverage_change)


def test_what_the_profile_no_longer_asks_for_is_not_read_back(draft):
    guide = draft_guide.compose(draft, LIBRARY, "sv")
    where = drafts.places(LIBRARY)
    gone = where[draft.questions[0][0]].competency
    fewer = PROFILE.model_copy(
        update={"competencies": {k: v for k, v in PROFILE.competencies.items() if k != gone}}
    )
    back = draft_guide.read_back({1: draft_guide.single_round(guide, 0)}, fewer, LIBRARY)
    assert back.questions == (
        tuple(key for key in draft.questions[0] if where[key].competency != gone),
        (),
    )
