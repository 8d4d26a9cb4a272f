"""A guide as a file: what is written is read again, and what would not work is named by place."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from recruit.core import guide, guide_file, guide_review, planner
from recruit.core.faults import Faults
from tests.shipped import shipped

LIBRARY = shipped()
PROFILE = LIBRARY.roles["head-of-unit-home-care"]


@pytest.fixture(scope="module")
def made():
    return guide.compose(LIBRARY, PROFILE, planner.plan(LIBRARY, PROFILE), "sv")


@pytest.fixture
def content(made):
    return json.loads(guide_file.as_json(made))


def places(content):
    with pytest.raises(Faults) as caught:
        guide_file.read(json.dumps(content).encode(), "guide.json")
    return [fault.place for fault in caught.value.faults]


def test_what_is_written_is_read_again(made):
    assert guide_file.read(guide_file.as_json(made), "guide.json") == made


def test_what_would_not_work_in_a_round(content):
    first, second = content["rounds"]
    first |= {"name": "x" * 201, "sections": []}
    second["opening"]["paragraphs"] = []
    second["sections"].append(second["sections"][0] | {"questions": []})
    assert places(content) == [
        "rounds.0.name",
        "rounds.0.sections",
        "rounds.1.sections",
        "rounds.1.opening.paragraphs",
        f"rounds.1.sections.{len(second['sections']) - 1}.questions",
    ]


def test_what_would_not_work_in_a_section(content):
    section = content["rounds"][0]["sections"][0]
    section["anchors"]["3"] = " "
    section["questions"][0] |= {"id": "Fråga 1", "kind": "quiz", "elicits": ["ghost"]}
    assert places(content) == [
        "rounds.0.sections.0.anchors",
        "rounds.0.sections.0.questions.0.id",
        "rounds.0.sections.0.questions.0.kind",
        "rounds.0.sections.0.questions.0.elicits",
    ]


def test_rounds_without_a_place_are_not_measured_and_longer_ones_are_told(made):
    shorter = PROFILE.model_copy(
        update={"rounds": [PROFILE.rounds[0].model_copy(update={"minutes": 30})]}
    )
    found = guide_review.review(made, LIBRARY, shorter, "sv")
    assert [item.position for item in found.rounds] == [1, None]
    minutes = found.rounds[0].minutes
    assert f"”Första intervjun” tar {minutes} minuter. Omgången har 30." in [
        said.sv for said in found.misfits
    ]


def test_questions_for_another_level_are_counted(made):
    higher = PROFILE.model_copy(update={"level": "executive"})
    fits = {
        question.id: question.fits("executive", PROFILE.sector)
        for competency in LIBRARY.competencies.values()
        for question in competency.questions
    }
    count = sum(
        not fits[question.id]
        for round_ in made.rounds
        for section in round_.sections
        for question in section.questions
    )
    assert count
    found = guide_review.review(made, LIBRARY, higher, "sv")
    expected = f"Antal frågor som biblioteket inte har för nivån eller sektorn: {count}."
    assert expected in [said.sv for said in found.misfits]


def test_a_competency_that_the_library_has_lost_keeps_the_scale_of_the_file(made):
    section = made.rounds[0].sections[0]
    left = {k: item for k, item in LIBRARY.competencies.items() if k != section.competency}
    poorer = replace(LIBRARY, competencies=left)
    reviewed = guide_review.review(made, poorer, PROFILE, "sv")
    draft = guide_review.as_drafts(reviewed, {0: 1}, {}, poorer, PROFILE)[1]
    assert draft.rounds[0].sections[0] == section


def test_rounds_with_other_behaviours_are_counted_together(made):
    """Nothing is tested more than wholly, whatever one round of the file knows of it."""
    first, second = made.rounds
    section = first.sections[0]
    questions = tuple(
        question.model_copy(update={"id": f"{question.id}-b", "elicits": ("other",)})
        for question in section.questions
    )
    indicators = (guide.IndicatorText(id="other", text="Annat."),)
    foreign = section.model_copy(update={"indicators": indicators, "questions": questions})
    file = made.model_copy(
        update={"rounds": (first, second.model_copy(update={"sections": (foreign,)}))}
    )
    reviewed = guide_review.review(file, LIBRARY, PROFILE, "sv")
    draft = guide_review.as_drafts(reviewed, {0: 1, 1: 2}, {}, LIBRARY, PROFILE)[2]
    found = draft.coverage[section.competency]
    assert found.indicators == len(section.indicators) + 1
    assert 1 < found.elicited <= found.indicators
    assert draft.coverage_value <= 1
