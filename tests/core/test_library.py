"""A library is read whole or refused with the place of each fault; the checker asks for more."""

from __future__ import annotations

import shutil
from typing import get_args

import pytest
import yaml

from recruit.core import guide, library, library_check, library_stats, planner, profile
from recruit.core.faults import Faults
from recruit.resources import interview_guides_folder


@pytest.fixture(scope="module")
def shipped():
    return library.load(interview_guides_folder())


def test_the_shipped_library_has_no_fault():
    assert [str(fault) for fault in library_check.check(interview_guides_folder())] == []


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


KEEPS_FROM_USE = {
    "another name": (
        lambda c: c.update(id="other"),
        "id: hittade other, väntade filens namn autonomy",
        "id: found other, expected the file's name autonomy",
    ),
    "unknown key": (
        lambda c: c.update(colour="green"),
        "colour: hittade green, väntade ingen sådan nyckel",
        "colour: found green, expected no such key",
    ),
    "one language": (
        lambda c: c["name"].pop("sv"),
        "name.sv: hittade inget, väntade ett värde",
        "name.sv: found nothing, expected a value",
    ),
    "empty text": (
        lambda c: c["name"].update(sv="  "),
        'name.sv: hittade "", väntade ett värde',
        'name.sv: found "", expected a value',
    ),
    "no such claim": (
        lambda c: c["indicators"][0].update(source=["S99"]),
        "indicators.moves-decisions.source: hittade S99, väntade ett id i claims.yaml",
        "indicators.moves-decisions.source: found S99, expected an id of claims.yaml",
    ),
    "no such indicator": (
        lambda c: c["questions"][0]["elicits"].append("ghost"),
        "questions.autonomy-pb-1.elicits: hittade ghost, väntade ett id bland indicators",
        "questions.autonomy-pb-1.elicits: found ghost, expected an id of the indicators",
    ),
    "a background too many": (
        lambda c: c["questions"][0].update(background={"sv": "x", "en": "x"}),
        "questions.autonomy-pb-1.background: hittade en bakgrund, väntade ingen",
        "questions.autonomy-pb-1.background: found a background, expected none",
    ),
    "a background too few": (
        lambda c: c["questions"][0].update(kind="case"),
        "questions.autonomy-pb-1.background: hittade inget, väntade en bakgrund",
        "questions.autonomy-pb-1.background: found nothing, expected a background",
    ),
    "the same question twice": (
        lambda c: c["questions"].append(dict(c["questions"][0])),
        "questions: hittade autonomy-pb-1 två gånger, väntade varje id en gång",
        "questions: found autonomy-pb-1 twice, expected each id once",
    ),
    "a question of another file": (
        lambda c: c["questions"][0].update(id="feedback-pb-1"),
        # The files are read in the order of their names: the later one has the fault.
        (
            "questions.feedback-pb-1: hittade samma id i competencies/autonomy.yaml, "
            "väntade ett eget id"
        ),
        (
            "questions.feedback-pb-1: found the same id in competencies/autonomy.yaml, "
            "expected an id of its own"
        ),
    ),
    "four anchors": (
        lambda c: c["anchors"].pop(3),
        "anchors: hittade 1, 2, 4, 5, väntade 1, 2, 3, 4, 5",
        "anchors: found 1, 2, 4, 5, expected 1, 2, 3, 4, 5",
    ),
    "minutes in words": (
        lambda c: c["questions"][0].update(minutes="åtta"),
        "questions.0.minutes: hittade åtta, väntade ett heltal",
        "questions.0.minutes: found åtta, expected a whole number",
    ),
    "no such kind": (
        lambda c: c["questions"][0].update(kind="quiz"),
        (
            "questions.0.kind: hittade quiz, "
            "väntade 'past_behaviour', 'situational', 'case' eller 'reflection'"
        ),
        (
            "questions.0.kind: found quiz, "
            "expected 'past_behaviour', 'situational', 'case' or 'reflection'"
        ),
    ),
}


@pytest.mark.parametrize("fault", KEEPS_FROM_USE)
def test_what_keeps_a_library_from_use(copy, fault):
    edit, *said = KEEPS_FROM_USE[fault]
    change(copy, edit)
    file = "feedback" if fault == "a question of another file" else "autonomy"
    with pytest.raises(Faults) as caught:
        library.load(copy)
    for language, line in zip(("sv", "en"), said, strict=True):
        assert [f.in_(language) for f in caught.value.faults] == [
            f"competencies/{file}.yaml, {line}"
        ]
    assert library_check.check(copy)[0] == caught.value.faults[0]


LONG = "Verksamhetsutvecklingsperspektivet förutsätter organisationsövergripande samordning " * 12

FALLS_SHORT = {
    "no probes": (
        lambda c: c["questions"][0].update(probes=[]),
        "questions.autonomy-pb-1.probes: hittade inget, väntade följdfrågor",
    ),
    "nobody asks": (
        lambda c: c["indicators"].append(
            {"id": "unasked", "source": ["S5"], "text": {"sv": "Gör x.", "en": "Does x."}}
        ),
        "indicators.unasked: hittade ingen fråga som prövar den, väntade minst en",
    ),
    "a short anchor": (
        lambda c: [c["anchors"][p].update(en="x" * (100 if p == 1 else 200)) for p in range(1, 6)],
        (
            "anchors.en: hittade från 100 till 200 tecken, väntade det längsta högst 1,5 gånger "
            "det kortaste"
        ),
    ),
    "hard to read": (
        lambda c: c["definition"].update(sv=LONG),
        "definition.sv: hittade LIX 148, väntade högst 45",
    ),
    "a question about health": (
        lambda c: c["questions"][0]["probes"].append({"sv": "Är du ofta sjuk?", "en": "How?"}),
        "questions.autonomy-pb-1.probes.3.sv: ",
    ),
}


@pytest.mark.parametrize("fault", FALLS_SHORT)
def test_what_the_checker_asks_for_beyond_that(copy, fault):
    edit, said = FALLS_SHORT[fault]
    change(copy, edit)
    library.load(copy)
    (line,) = [f.in_("sv") for f in library_check.check(copy)]
    assert line.startswith(f"competencies/autonomy.yaml, {said}")


def test_every_claim_needs_an_indicator(copy):
    (copy / "competencies" / "feedback.yaml").unlink()
    for path in (copy / "roles").iterdir():
        path.unlink()
    assert "claims.yaml, S26: found no indicator that stands for it, expected at least one" in [
        str(fault) for fault in library_check.check(copy)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 0), ("Hej du.", 2), ("En katt sov. Den vaknade!", 2.5 + 20), ("Utvecklingsarbete", 101)],
)
def test_readability(text, expected):
    assert library_check.lix(text) == expected


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a: &x 1\nb: *x\n", ", rad 2: hittade en hänvisning med *, väntade enkel YAML"),
        ("a: 1\na: 2\n", ", rad 2: hittade nyckeln a två gånger, väntade varje nyckel en gång"),
        ("a: [", ", rad 1: hittade något som inte går att tyda, väntade enkel YAML"),
        ("!!python/x 1", ", rad 1: hittade en typ som !!binary, väntade enkel YAML"),
        ("", ": hittade inget, väntade nycklar med värden"),
        ("[" * 5000, ": hittade listor i listor utan slut, väntade enkel YAML"),
        ("[" * 101 + "]" * 101, ": hittade listor i listor utan slut, väntade enkel YAML"),
    ],
    ids=["alias", "key twice", "open", "python", "empty", "endless", "deep"],
)
def test_yaml_that_is_not_plain(copy, content, said):
    (copy / "competencies" / "bad.yaml").write_text(content)
    (fault,) = library_check.check(copy)
    assert fault.in_("sv") == f"competencies/bad.yaml{said}"


def test_an_empty_folder(tmp_path):
    (fault,) = library_check.check(tmp_path)
    assert fault.in_("en").endswith("found nothing, expected a competency in competencies/")


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


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"- just\n- a list\n", "p.yaml: hittade ['just', 'a list'], väntade nycklar med värden"),
        (b"\xff\xfe", "p.yaml, rad 1: hittade byte 0xff, väntade text i UTF-8"),
        (b"a" * 2_000_000, "p.yaml: hittade 2000000 byte, väntade högst 1000000 byte"),
    ],
    ids=["list", "bytes", "huge"],
)
def test_profiles_from_strangers(data, said):
    with pytest.raises(Faults) as caught:
        profile.read(data, "p.yaml")
    assert [fault.in_("sv") for fault in caught.value.faults] == [said]


def test_a_round_that_its_scripts_fill_is_refused(shipped):
    content = shipped.roles["plant-manager"].model_dump(mode="json", exclude_none=True)
    content["rounds"][0]["minutes"] = 15
    with pytest.raises(Faults) as caught:
        profile.read(yaml.safe_dump(content).encode(), "p.yaml")
    assert [fault.expected.en for fault in caught.value.faults] == [
        "more than 15 minutes: opening and closing take 15"
    ]


def test_a_list_where_a_number_belongs_is_told_by_its_length(shipped):
    content = shipped.roles["plant-manager"].model_dump(mode="json", exclude_none=True)
    content["rounds"][0]["minutes"] = [45, 60]
    with pytest.raises(Faults) as caught:
        profile.read(yaml.safe_dump(content).encode(), "p.yaml")
    (fault,) = caught.value.faults
    assert fault.in_("sv").startswith("p.yaml, rounds.0.minutes: hittade 2 poster, väntade")
    assert fault.in_("en").startswith("p.yaml, rounds.0.minutes: found 2 entries, expected")


def test_every_claim_has_its_source(shipped):
    sources = shipped.claims.sources
    assert {claim.source for claim in shipped.claims.claims} == set(sources)


def test_questions_are_counted_by_kind_level_and_sector(shipped):
    counts = library_stats.counts(shipped)
    assert set(counts) == set(shipped.competencies)
    for key, competency in shipped.competencies.items():
        count = counts[key]
        assert count["questions"] == len(competency.questions)
        assert sum(count[kind] for kind in get_args(library.Kind)) == count["questions"]
        for level in get_args(profile.Level):
            fitting = [q for q in competency.questions if q.fits(level, None)]
            assert count[level] == len(fitting)
        for sector in get_args(profile.Sector):
            fitting = [q for q in competency.questions if q.fits(None, sector)]
            assert count[sector] == len(fitting)
