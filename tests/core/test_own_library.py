"""Own documents over shipped ones: what is merged, what is replaced, what is refused."""

from __future__ import annotations

import pytest

from recruit.core import own_library
from recruit.core.faults import Faults
from recruit.core.library import load
from recruit.resources import interview_guides_folder


@pytest.fixture(scope="module")
def shipped():
    return load(interview_guides_folder())


@pytest.mark.parametrize(
    ("base", "own", "merged"),
    [
        ({"a": 1, "b": 2}, {"b": 3, "c": 4}, {"a": 1, "b": 3, "c": 4}),
        ({"t": {"sv": "x", "en": "y"}}, {"t": {"sv": "z"}}, {"t": {"sv": "z", "en": "y"}}),
        ({"1": "x"}, {1: "y"}, {"1": "y"}),
        (["a", "b"], ["c"], ["c"]),
        (
            [{"id": "a", "n": 1}, {"id": "b", "n": 2}],
            [{"id": "b", "n": 3}, {"id": "c"}],
            [{"id": "a", "n": 1}, {"id": "b", "n": 3}, {"id": "c"}],
        ),
        ([{"sv": "x"}], [{"sv": "y"}], [{"sv": "y"}]),
        ({"a": {"b": 1}}, {"a": None}, {"a": None}),
        ({}, {"a": [{"id": "x"}]}, {"a": [{"id": "x"}]}),
    ],
)
def test_mappings_by_key_parts_by_id_and_all_else_replaced(base, own, merged):
    assert own_library.merge(base, own) == merged


def test_nothing_over_the_library_is_the_library(shipped):
    assert own_library.overlay(shipped, {}) == shipped
    assert own_library.overlay(shipped, {"competencies/autonomy.yaml": {}}) == shipped
    assert own_library.check(shipped, {"competencies/autonomy.yaml": {}}) == []


def test_scripts_and_roles_can_be_own_too(shipped):
    words = {"sv": "Hej och välkommen.", "en": "Hello and welcome."}
    own = own_library.overlay(
        shipped,
        {
            "scripts/opening.yaml": {"paragraphs": [words]},
            "roles/plant-manager.yaml": {"title": {"sv": "Fabrikschef hos oss"}},
        },
    )
    assert [p.model_dump() for p in own.scripts["opening"].paragraphs] == [words]
    assert own.scripts["opening"].title == shipped.scripts["opening"].title
    assert own.roles["plant-manager"].title_in("sv") == "Fabrikschef hos oss"
    assert own.roles["plant-manager"].title_in("en") == shipped.roles["plant-manager"].title_in(
        "en"
    )
    assert own.competencies == shipped.competencies


@pytest.mark.parametrize(
    ("name", "document", "place"),
    [
        ("competencies/autonomy.yaml", {"colour": "green"}, "colour"),
        ("competencies/autonomy.yaml", {"id": "other"}, "id"),
        ("competencies/autonomy.yaml", {"anchors": {"6": {"sv": "x", "en": "y"}}}, "anchors"),
        ("competencies/autonomy.yaml", {"name": {"sv": " "}}, "name.sv"),
        ("competencies/autonomy.yaml", {"questions": [{"id": "new"}]}, "questions.{last}.kind"),
        ("competencies/other.yaml", {"id": "other"}, "name"),
        (
            "roles/plant-manager.yaml",
            {"competencies": {"none": {"weight": 1}}},
            "competencies.none",
        ),
        ("scripts/opening.yaml", {"id": "closing"}, "id"),
    ],
)
def test_what_does_not_fit_is_named_by_the_messages_of_any_library(shipped, name, document, place):
    with pytest.raises(Faults) as raised:
        own_library.overlay(shipped, {name: document})
    faults = raised.value.faults
    assert {fault.file for fault in faults} == {name}
    wanted = place.format(last=len(shipped.competencies["autonomy"].questions))
    assert wanted in {fault.place for fault in faults}


def test_a_question_of_another_competency_is_not_taken_over(shipped):
    question = shipped.competencies["feedback"].questions[0].model_dump(mode="json")
    indicator = shipped.competencies["autonomy"].indicators[0].id
    document = {"questions": [question | {"elicits": [indicator]}]}
    (fault,) = own_library.check(shipped, {"competencies/autonomy.yaml": document})
    assert fault.place == f"questions.{question['id']}"
    assert fault.found.en == "the same id in competencies/feedback.yaml"


def test_files_give_back_what_they_were_made_of(shipped, tmp_path):
    documents = {
        "competencies/autonomy.yaml": {
            "id": "autonomy",
            "anchors": {"3": {"sv": "Så är det, ja: så.", "en": "Yes"}},
        }
    }
    for name, data in own_library.as_files(documents).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert own_library.is_own(tmp_path)
    read = own_library.read_folder(tmp_path)
    assert own_library.overlay(shipped, read) == own_library.overlay(shipped, documents)


def test_a_folder_is_read_whole_or_refused_with_every_fault(tmp_path):
    (tmp_path / "roles").mkdir()
    (tmp_path / own_library.MARKER).write_text("schema: other/9\n")
    (tmp_path / "roles" / "broken.yaml").write_text("title: [")
    (tmp_path / "roles" / "list.yaml").write_text("- a\n")
    with pytest.raises(Faults) as raised:
        own_library.read_folder(tmp_path)
    assert [(fault.file, fault.row, fault.place) for fault in raised.value.faults] == [
        (own_library.MARKER, None, "schema"),
        ("roles/broken.yaml", 1, None),
        ("roles/list.yaml", None, None),
    ]
    with pytest.raises(Faults) as raised:
        own_library.read_folder(tmp_path / "nowhere")
    assert [fault.expected.en for fault in raised.value.faults] == ["a folder"]


def test_the_shipped_library_with_an_own_folder_or_without(shipped, tmp_path):
    assert own_library.load_with(interview_guides_folder(), None) == shipped
    (tmp_path / "roles").mkdir()
    role = tmp_path / "roles" / "plant-manager.yaml"
    role.write_text("title: {sv: Fabrikschef hos oss}\n")
    found = own_library.load_with(interview_guides_folder(), tmp_path)
    assert found.roles["plant-manager"].title_in("sv") == "Fabrikschef hos oss"


@pytest.mark.parametrize(
    ("name", "document", "place"),
    [
        ("roles/team-lead.yaml", {"title": {}}, "title"),
        ("competencies/autonomy.yaml", {"questions": [{"id": "own-1"}]}, "questions.own-1.id"),
        ("competencies/autonomy.yaml", {"questions": [{"id": "of-ours", "probes": 11}]}, "probes"),
        ("competencies/autonomy.yaml", {"questions": [{"id": "of-ours", "text": 2001}]}, "text"),
        ("competencies/autonomy.yaml", {"questions": [{"id": "o", "background": 2001}]}, "backgr"),
    ],
)
def test_what_the_pages_could_not_show_is_refused_by_the_checker(shipped, name, document, place):
    shipped_question = shipped.competencies["autonomy"].questions[0].model_dump(mode="json")
    for question in document.get("questions", []):
        for part, size in list(question.items()):
            if part == "probes":
                question[part] = [{"sv": "Hur?", "en": "How?"}] * size
            elif part != "id":
                question[part] = {"sv": "x" * size, "en": "x"}
        document = {"questions": [shipped_question | question]}
    if name.startswith("roles"):
        role = next(iter(shipped.roles.values()))
        document = role.model_dump(mode="json") | {"id": "team-lead"} | document
        name = "roles/team-lead.yaml"
    faults = own_library.check(shipped, {name: document})
    assert any(place in (fault.place or "") for fault in faults), faults
