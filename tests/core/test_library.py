"""The shipped library meets its bar, and the checker finds what does not."""

from __future__ import annotations

import shutil
from collections import Counter

import pytest
import yaml

from recruit.core import guide, library, planner, profile
from recruit.resources import interview_guides_folder


@pytest.fixture(scope="module")
def shipped():
    return library.load(interview_guides_folder())


def test_the_shipped_library_has_no_fault():
    assert library.check(interview_guides_folder()) == []


@pytest.mark.parametrize("key", ["clear-frames", "autonomy", "feedback"])
def test_the_bar_for_a_competency(shipped, key):
    found = shipped.competencies[key]
    assert 6 <= len(found.indicators) <= 8
    for failures in (found.failures.over_control, found.failures.laissez_faire):
        assert 3 <= len(failures) <= 4
    kinds = Counter(question.kind for question in found.questions)
    assert kinds["past_behaviour"] >= 5
    assert kinds["situational"] >= 3
    assert kinds["case"] >= 1
    assert kinds["reflection"] >= 1
    for question in found.questions:
        assert 3 <= len(question.probes) <= 5, question.id
    assert len(found.calibration) >= 2
    for exercise in found.calibration:
        for language in ("sv", "en"):
            assert 115 <= len(exercise.answer.in_(language).split()) <= 205
    for language in ("sv", "en"):
        for text in found.anchors.values():
            assert 3 <= text.in_(language).count(". ") + 1 <= 5, text


def test_every_claim_of_a_competency_is_covered(shipped):
    expected = {
        "clear-frames": {"S4", "S10", "S11", "S14", "S23", "S30"},
        "autonomy": {"S2", "S5", "S24", "S22"},
        "feedback": {"S26"},
    }
    for key, claims in expected.items():
        cited = {c for i in shipped.competencies[key].indicators for c in i.source}
        assert claims <= cited, key


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(interview_guides_folder(), tmp_path / "library")
    return tmp_path / "library"


class Plain(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True


def change(folder, edit):
    path = folder / "competencies" / "autonomy.yaml"
    content = yaml.safe_load(path.read_text())
    edit(content)
    path.write_text(yaml.dump(content, Dumper=Plain, allow_unicode=True))


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (lambda c: c.update(id="other"), "id"),
        (lambda c: c.update(colour="green"), "colour"),
        (lambda c: c["name"].pop("sv"), "name.sv"),
        (lambda c: c["indicators"][0].update(source=["S99"]), "source"),
        (lambda c: c["questions"][0].update(elicits=["ghost"]), "elicits"),
        (lambda c: c["questions"][0].update(probes=[]), "probes"),
        (lambda c: c["questions"][0].update(background={"sv": "x", "en": "x"}), "background"),
        (lambda c: c["questions"].append(dict(c["questions"][0])), "questions"),
        (lambda c: c["anchors"].pop(3), "anchors"),
        (lambda c: c["anchors"].update({1: {"sv": "Kort.", "en": "Short."}}), "anchors"),
        (
            lambda c: c["indicators"].append(
                {"id": "unasked", "source": ["S5"], "text": {"sv": "x", "en": "x"}}
            ),
            "indicators.unasked",
        ),
    ],
)
def test_each_fault_is_found_at_its_place(copy, edit, place):
    change(copy, edit)
    found = library.check(copy)
    assert any(f.file == "competencies/autonomy.yaml" and place in f.path for f in found), found
    with pytest.raises(library.LibraryFaults):
        library.load(copy)


@pytest.mark.parametrize(
    "content", ["a: &x 1\nb: *x\n", "a: 1\na: 2\n", "a: [", "!!python/x 1", ""]
)
def test_yaml_that_is_not_plain(copy, content):
    (copy / "competencies" / "bad.yaml").write_text(content)
    assert [f.file for f in library.check(copy)] == ["competencies/bad.yaml"] * len(
        library.check(copy)
    )
    assert library.check(copy)


def test_an_empty_folder(tmp_path):
    assert library.check(tmp_path)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_guide_holds_what_was_planned(shipped, language):
    role = shipped.roles["head-of-unit-home-care"]
    plan = planner.plan(shipped, role)
    made = guide.compose(shipped, role, plan, language)
    asked = [
        [question.id for section in round_.sections for question in section.questions]
        for round_ in made.rounds
    ]
    assert [sorted(ids) for ids in asked] == [sorted(ids) for ids in plan.rounds]
    assert guide.Guide.model_validate(made.as_json()) == made
    written = guide.as_markdown(made)
    for round_ in made.rounds:
        assert round_.name in written
        for section in round_.sections:
            assert set(section.anchors) == set("12345")
            assert all(question.text in written for question in section.questions)
            if any(question.kind == "case" for question in section.questions):
                assert section.questions[-1].kind == "case"


def test_profiles_from_strangers():
    with pytest.raises(profile.ProfileFaults) as caught:
        profile.read(b"- just\n- a list\n", "p.yaml")
    assert "p.yaml" in str(caught.value.faults[0])
    with pytest.raises(profile.ProfileFaults):
        profile.read(b"\xff\xfe", "p.yaml")
    with pytest.raises(profile.ProfileFaults):
        profile.read(b"a" * 2_000_000, "p.yaml")
