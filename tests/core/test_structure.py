"""The fifteen components of structure: what a guide shows, and what no guide can know."""

from __future__ import annotations

import pytest

from recruit.core import guide, planner
from recruit.core.profile import Profile
from recruit.core.structure import structure
from tests.shipped import shipped

ALWAYS = {
    "same-questions": "met",
    "other-information": "depends",
    "several-scales": "met",
    "detailed-notes": "depends",
    "same-interviewers": "depends",
    "no-discussion": "depends",
    "training": "depends",
    "statistical-combination": "met",
}


@pytest.fixture(scope="module")
def library():
    return shipped()


THREE = {"autonomy": {"weight": 1}, "feedback": {"weight": 1}, "clear-frames": {"weight": 1}}


def made(library, language="sv", **changes):
    role = library.roles["head-of-unit-home-care"]
    profile = Profile.model_validate(role.model_dump() | changes)
    return profile, guide.compose(library, profile, planner.plan(library, profile), language)


def states(profile, content):
    return {component.key: component for component in structure(profile, content)}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_shipped_profile_meets_all_that_a_guide_can_show(library, language):
    found = states(*made(library, language))
    assert list(found) == [
        "job-analysis",
        "same-questions",
        "limited-prompting",
        "question-types",
        "enough-questions",
        "other-information",
        "candidate-questions-last",
        "several-scales",
        "anchored-scales",
        "detailed-notes",
        "several-interviewers",
        "same-interviewers",
        "no-discussion",
        "training",
        "statistical-combination",
    ]
    for key, component in found.items():
        assert component.state == ALWAYS.get(key, "met"), key
        assert component.about == ()
        assert component.name.sv != component.name.en
        assert component.reason.sv != component.reason.en
    asked = sum(len(section.questions) for r in made(library)[1].rounds for section in r.sections)
    assert found["enough-questions"].reason == (
        f"{asked} frågor, minst två om varje kompetens.",
        f"{asked} questions, at least two about each competency.",
    )


def test_a_competency_without_a_reason_depends_on_you(library):
    profile, content = made(library, reasons={})
    found = states(profile, content)["job-analysis"]
    count = len(profile.competencies)
    assert found.state == "depends"
    assert found.about == tuple(profile.competencies)
    assert found.reason.sv.startswith(
        f"Rollprofilen säger inte varför arbetet kräver {count} av {count} kompetenser."
    )
    assert found.reason.en.startswith(
        f"The role profile does not say why the job needs {count} of {count} competencies."
    )


def test_what_one_question_each_costs(library):
    short = [{"name": "Kort", "minutes": 33, "interviewers": 2}]
    found = states(*made(library, competencies=THREE, rounds=short, min_questions=1))
    for key in ("question-types", "enough-questions"):
        assert found[key].state == "missing"
        assert found[key].about == tuple(THREE)
    assert found["enough-questions"].reason == (
        "3 av 3 kompetenser har färre än två frågor: bedömningen vilar då på högst ett svar.",
        (
            "Competencies with fewer than two questions: 3 of 3. Their rating rests on one answer "
            "at most."
        ),
    )
    assert found["question-types"].reason == (
        (
            "3 av 3 kompetenser saknar antingen en fråga om en upplevd situation eller en av annat "
            "slag."
        ),
        (
            "Competencies without a question about past behaviour, or without one of another kind: "
            "3 of 3."
        ),
    )


def test_a_single_interviewer(library):
    alone = [{"name": "Ensam", "minutes": 90, "interviewers": 1}]
    profile, content = made(library, competencies=THREE, rounds=alone)
    found = states(profile, content)["several-interviewers"]
    assert (found.state, found.about) == ("missing", tuple(THREE))
    assert found.reason == (
        "3 av 3 kompetenser prövas inte där minst två intervjuar.",
        "Competencies that are tested nowhere with at least two interviewers: 3 of 3.",
    )


def changed(content, edit_round):
    first, *rest = content.rounds
    return content.model_copy(update={"rounds": (edit_round(first), *rest)})


def first_section(round_, **update):
    section, *rest = round_.sections
    return round_.model_copy(update={"sections": (section.model_copy(update=update), *rest)})


def test_a_question_without_probes(library):
    profile, content = made(library)
    section = content.rounds[0].sections[0]
    bare, *rest = section.questions
    questions = (bare.model_copy(update={"probes": ()}), *rest)
    content = changed(content, lambda round_: first_section(round_, questions=questions))
    found = states(profile, content)["limited-prompting"]
    assert (found.state, found.about) == ("missing", (bare.id,))
    assert found.reason.sv.startswith("Antal frågor utan följdfrågor: 1.")
    assert found.reason.en.startswith("Questions without probes: 1.")


def test_a_competency_that_is_no_longer_asked_about(library):
    one = [{"name": "En", "minutes": 90, "interviewers": 2}]
    profile, content = made(library, competencies=THREE, rounds=one)
    gone = content.rounds[0].sections[0].competency
    content = changed(
        content, lambda round_: round_.model_copy(update={"sections": round_.sections[1:]})
    )
    found = states(profile, content)
    for key in ("question-types", "enough-questions", "several-interviewers"):
        assert (found[key].state, found[key].about) == ("missing", (gone,))


@pytest.mark.parametrize("anchors", [{}, {"1": "a", "2": "b", "3": " ", "4": "d", "5": "e"}])
def test_a_scale_with_a_point_that_is_not_described(library, anchors):
    profile, content = made(library)
    section = content.rounds[0].sections[0]
    content = changed(content, lambda round_: first_section(round_, anchors=anchors))
    found = states(profile, content)["anchored-scales"]
    assert (found.state, found.about) == ("missing", (section.competency,))
    assert found.reason == (
        "Antal kompetenser där något steg på skalan saknar beskrivning: 1.",
        "Competencies with a point of the scale that is not described: 1.",
    )


def test_a_round_without_a_closing(library):
    profile, content = made(library)
    content = changed(
        content,
        lambda round_: round_.model_copy(
            update={"closing": round_.closing.model_copy(update={"paragraphs": ()})}
        ),
    )
    found = states(profile, content)["candidate-questions-last"]
    assert (found.state, found.about) == ("missing", (content.rounds[0].name,))
    assert found.reason == (
        "En omgång saknar avslutning, och därmed en plats för kandidatens frågor.",
        "A round has no closing, and so no place for the candidate’s questions.",
    )
