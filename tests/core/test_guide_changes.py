"""Differences between versions of a guide, in words."""

from __future__ import annotations

import pytest

from recruit.core import draft as drafts
from recruit.core import draft_edits as edits
from recruit.core import draft_guide
from recruit.core.draft import Wording
from recruit.core.guide_changes import changes
from tests.shipped import shipped

LIBRARY = shipped()
PROFILE = LIBRARY.roles["head-of-unit-home-care"]


@pytest.fixture(scope="module")
def draft():
    return drafts.replan(drafts.blank(PROFILE), LIBRARY)


def guide(draft):
    return draft_guide.single_round(draft_guide.compose(draft, LIBRARY, "sv"), 0)


def lines(before, after):
    return [change.line.sv for change in changes(guide(before), guide(after))]


def question(key):
    return next(q for c in LIBRARY.competencies.values() for q in c.questions if q.id == key)


def test_a_guide_does_not_differ_from_itself(draft):
    assert changes(guide(draft), guide(draft)) == ()


def test_a_swap_names_both_questions(draft):
    key = draft.questions[0][0]
    near = [
        option
        for option in draft_guide.replacements(draft, LIBRARY, key)
        if option.competency == drafts.places(LIBRARY)[key].competency
    ]
    found = lines(draft, edits.swap(draft, key, near[0].question.id, LIBRARY))
    assert len(found) == 1
    assert found[0].startswith("Fråga 1 om ”Tydliga mål och ramar” är bytt: ”")
    assert question(key).text.sv[:40] in found[0].partition("” mot ”")[0]
    assert near[0].question.text.sv[:40] in found[0].partition("” mot ”")[2]


def test_what_is_added_and_gone_is_named(draft):
    key = draft.questions[0][-1]
    number = len(draft.questions[0])
    name = LIBRARY.competencies[drafts.places(LIBRARY)[key].competency].name.sv
    dropped = edits.drop(draft, key)
    gone = lines(draft, dropped)
    assert gone[0].startswith(f"Fråga {number} i den förra versionen, om ”{name}”, är borttagen: ”")
    assert lines(dropped, draft)[0].startswith(f"Fråga {number} om ”{name}” är ny: ”")


def test_new_words_are_shown_whole(draft):
    key = draft.questions[0][0]
    words = Wording(text="Nya ord?", probes=("Först?", "Sedan?"))
    found = changes(guide(draft), guide(edits.reword(draft, key, words, "Viktigt")))
    assert [change.line.sv for change in found] == [
        "Fråga 1 har ny lydelse.",
        "Följdfrågorna till fråga 1 har ny lydelse.",
        "Anteckningen till fråga 1 har ny lydelse.",
    ]
    assert (found[0].before, found[0].after) == (question(key).text.sv, "Nya ord?")
    assert found[1].after == "Först?\nSedan?"
    assert (found[2].before, found[2].after) == ("", "Viktigt")
    assert found[0].line.en == "Question 1: the wording is changed."


def test_order_note_and_frame(draft):
    first, second = draft.questions[0][:2]
    assert lines(draft, edits.shift(draft, first, 1, LIBRARY)) == [
        "Frågorna ställs i annan ordning."
    ]
    assert second == edits.shift(draft, first, 1, LIBRARY).questions[0][0]
    assert lines(draft, edits.note_round(draft, 0, "Kom i tid.")) == [
        "Anteckningen till intervjuarna har ny lydelse."
    ]
    rounds = [
        PROFILE.rounds[0].model_copy(
            update={"name": "Samtal", "minutes": PROFILE.rounds[0].minutes + 15, "interviewers": 3}
        ),
        PROFILE.rounds[1],
    ]
    longer = drafts.with_profile(draft, PROFILE.model_copy(update={"rounds": rounds}), LIBRARY)
    assert lines(draft, longer) == [
        "Omgången heter nu ”Samtal”, förut ”Första intervjun”.",
        "Omgången är 15 minuter längre: 90 minuter.",
        "Antal intervjuare: 3, förut 2.",
    ]
    assert "15 minuter kortare" in lines(longer, draft)[1]


def test_weights_and_must_haves(draft):
    items = dict(PROFILE.competencies)
    items["clear-frames"] = items["clear-frames"].model_copy(update={"weight": 5, "must_have": 4})
    items["autonomy"] = items["autonomy"].model_copy(update={"must_have": None})
    other = drafts.with_profile(draft, PROFILE.model_copy(update={"competencies": items}), LIBRARY)
    assert lines(draft, other) == [
        "”Tydliga mål och ramar” har vikten 5, förut 3.",
        "”Tydliga mål och ramar” är skallkrav: minst 4.",
        "”Handlingsutrymme och mandat” är inte längre ett skallkrav.",
    ]


def test_changes_in_the_library_itself_are_told(draft):
    """A guide is whole in itself; a newer library gives other scales and scripts."""
    before = guide(draft)
    round_ = before.rounds[0]
    section = round_.sections[0]
    scale = section.model_copy(update={"anchors": section.anchors | {"3": "Annat."}})
    opening = round_.opening.model_copy(update={"paragraphs": ("Välkommen.",)})
    after = before.model_copy(
        update={
            "rounds": (
                round_.model_copy(
                    update={"sections": (scale, *round_.sections[1:]), "opening": opening}
                ),
            )
        }
    )
    assert [change.line.sv for change in changes(before, after)] == [
        f"Bedömningsgrunden för ”{section.name}” är ändrad.",
        "Inledningen har ny lydelse.",
    ]


def test_competencies_that_come_and_go(draft):
    before = guide(draft)
    round_ = before.rounds[0]
    name = round_.sections[0].name
    without = before.model_copy(
        update={"rounds": (round_.model_copy(update={"sections": round_.sections[1:]}),)}
    )
    assert f"”{name}” tas inte längre upp." in [c.line.sv for c in changes(before, without)]
    assert f"Ny kompetens: ”{name}”." in [c.line.sv for c in changes(without, before)]


def test_time_and_signs_of_a_question_and_the_instructions(draft):
    before = guide(draft)
    round_ = before.rounds[0]
    section = round_.sections[0]
    first = section.questions[0]
    other = first.model_copy(update={"minutes": first.minutes + 1, "elicits": ()})
    questions = (other, *section.questions[1:])
    sections = (section.model_copy(update={"questions": questions}), *round_.sections[1:])
    notes = before.notes.model_copy(update={"note_taking": ("Skriv ner vad som sägs.",)})
    after = before.model_copy(
        update={"rounds": (round_.model_copy(update={"sections": sections}),), "notes": notes}
    )
    assert [change.line.sv for change in changes(before, after)] == [
        f"Fråga 1 tar {first.minutes + 1} minuter, förut {first.minutes} minuter.",
        "Det som intervjuarna ska lyssna efter i fråga 1 är ändrat.",
        "Anvisningarna till intervjuarna är ändrade.",
    ]
