"""Guides as files: out of one requisition, through a preview, into the drafts of another."""

from __future__ import annotations

import io
import json
import re

import pytest
import yaml

from recruit.core import guide_file
from recruit.core.faults import Faults
from recruit.database import db
from recruit.guides import imports
from recruit.guides.models import GuideVersion
from tests.features.test_builder import profile_form


def versions(world):
    """Return state and content of every version, by round and number."""
    with world.app.app_context():
        found = db.session.query(GuideVersion).all()
        return {(v.guide.position, v.number): (v.state, v.content) for v in found}


def exported(world, number=0):
    return versions(world)[number + 1, 1][1]


def send(world, data, name="guide.yaml"):
    if not isinstance(data, bytes):
        data = yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode()
    answer = world["recruiter"].post(
        f"{world.path}/guides/import/", {"file": (io.BytesIO(data), name)}
    )
    # What the test client itself keeps of a large request.
    answer.request.environ["wsgi.input"].close()
    return answer


def kept(world, data, name="guide.yaml"):
    """Send a file that can be read, and return the address of its preview."""
    answer = send(world, data, name)
    assert answer.status_code == 302, answer.text
    return answer.location


def confirm(world, place, **form):
    mark = re.search(r'name="mark"[^>]*value="([0-9a-f]+)"', world["recruiter"].get(place).text)
    return world["recruiter"].post(place, {"mark": mark[1], **form})


def kept_imports(world):
    with world.app.app_context():
        return db.session.query(imports.GuideImport).count()


@pytest.mark.parametrize("ending", ["json", "yaml"])
def test_a_version_comes_out_as_a_file_and_goes_in_again(world, recruiter, ending):
    path = f"{world.path}/guides/{world.versions[0]}/guide.{ending}"
    answer = recruiter.get(path)
    assert answer.status_code == 200
    guide = guide_file.read(answer.data, f"guide.{ending}")
    before = versions(world)
    assert guide.as_json() == before[1, 1][1] | {"title": "Enhetschef"}

    place = kept(world, answer.data, f"guide.{ending}")
    page = recruiter.get(place).text
    assert page.count("Som i biblioteket") == sum(
        len(section.questions) for section in guide.rounds[0].sections
    )
    assert "Finns inte i biblioteket" not in page
    assert versions(world) == before

    done = confirm(world, place, round_0="1")
    assert done.location == f"{world.path}/guides/"
    after = versions(world)
    assert after.pop((1, 2))[0] == "draft"
    assert after == before
    assert kept_imports(world) == 0


def test_what_is_asked_is_the_files_and_what_is_hired_for_the_requisitions(world, recruiter):
    content = exported(world)
    content |= {
        "title": "En annan titel",
        "weights": {"autonomy": 5},
        "must_have": {"support": 5},
        "optimal": True,
        "coverage_value": 7,
    }
    round_ = content["rounds"][0]
    round_ |= {"name": "Helt annat", "minutes": 400, "planned_minutes": 1, "interviewers": 9}
    question = round_["sections"][0]["questions"][0]
    question |= {"id": "own-1", "text": "Berätta om en gång då du ändrade dig.", "minutes": 3}
    place = kept(world, content)
    assert "Finns inte i biblioteket" in recruiter.get(place).text
    confirm(world, place, round_0="2")
    before, draft = versions(world)[2, 1][1], versions(world)[2, 2][1]
    for key in ("title", "weights", "must_have", "level", "sector"):
        assert draft[key] == before[key]
    (now,) = draft["rounds"]
    assert [now[k] for k in ("name", "minutes", "interviewers")] == [
        before["rounds"][0][k] for k in ("name", "minutes", "interviewers")
    ]
    assert now["sections"] == round_["sections"]
    asked = [q["minutes"] for section in now["sections"] for q in section["questions"]]
    assert now["planned_minutes"] == 15 + sum(asked)
    assert draft["optimal"] is False
    assert 0 < draft["coverage_value"] < 1
    assert "inlästa från en fil" in draft["explanations"][0]


def test_preview_says_what_differs_and_what_does_not_fit(world, recruiter):
    content = exported(world) | {"language": "en", "level": "executive", "sector": "private"}
    first, second = content["rounds"][0]["sections"][:2]
    first["questions"][0]["probes"] = ["Vad hände sedan?"]
    first["anchors"]["5"] = "Allt gick bra."
    second |= {"competency": "juggling", "name": "Jonglering"}
    page = recruiter.get(kept(world, content)).text
    for line in (
        "Filen är på ett annat språk än rekryteringsuppdraget.",
        "Filen är gjord för en annan chefsnivå än rollprofilens.",
        "Filen är gjord för en annan sektor än rollprofilens.",
        "”Jonglering” finns inte i rollprofilen. Avsnittet tas inte med.",
    ):
        assert line in page
    assert "Filen prövar inte" not in page
    assert page.count("Tas inte med") == len(second["questions"])
    # In another language every text differs.
    assert "Skiljer sig: formulering" in page


def test_a_whole_process_that_leaves_a_competency_out_says_so(world, recruiter):
    whole = exported(world)
    whole["rounds"] += exported(world, 1)["rounds"]
    gone = whole["rounds"][0]["sections"][0]
    for round_ in whole["rounds"]:
        round_["sections"] = [
            section for section in round_["sections"] if section["competency"] != gone["competency"]
        ]
    page = recruiter.get(kept(world, whole)).text
    line = f"Filen prövar inte ”{gone['name']}”, som rollprofilen kräver."
    assert page.count("Filen prövar inte") == 1
    assert line in page


def test_changed_parts_are_named(world, recruiter):
    content = exported(world)
    section = content["rounds"][0]["sections"][0]
    section["questions"][0] |= {"probes": ["Vad hände sedan?"], "minutes": 9}
    section["anchors"]["5"] = "Allt gick bra."
    page = recruiter.get(kept(world, content)).text
    assert "Skiljer sig: följdfrågor, minuter." in page
    assert "Skiljer sig: bedömningsskala." in page


def test_unlawful_wording_is_flagged_with_its_reason(world, recruiter):
    content = exported(world)
    question = content["rounds"][0]["sections"][0]["questions"][0]
    question["text"] = "Är du gravid, eller planerar du att skaffa barn?"
    page = recruiter.get(kept(world, content)).text
    assert "Formuleringar att se över" in page
    assert "gravid" in page


def test_sections_outside_the_profile_are_left_out(world, recruiter):
    content = exported(world)
    sections = content["rounds"][0]["sections"]
    sections[0] |= {"competency": "juggling", "name": "Jonglering"}
    place = kept(world, content)
    confirm(world, place, round_0="1")
    (round_,) = versions(world)[1, 2][1]["rounds"]
    assert [s["competency"] for s in round_["sections"]] == [s["competency"] for s in sections[1:]]
    assert recruiter.get(f"{world.path}/comparison/").status_code == 200


def test_a_draft_is_replaced_and_not_added_to(world, recruiter):
    recruiter.post(f"{world.path}/guides/generate")
    before = versions(world)
    confirm(world, kept(world, exported(world, 1)), round_0="1")
    after = versions(world)
    assert set(after) == set(before)
    assert after[1, 2] != before[1, 2]
    assert after[2, 2] == before[2, 2]


def test_both_rounds_in_one_file(world, recruiter):
    whole = exported(world)
    whole["rounds"] += exported(world, 1)["rounds"]
    place = kept(world, json.dumps(whole).encode(), "guide.json")
    page = recruiter.get(place).text
    assert re.findall(r'<option selected value="(\d)"', page) == ["1", "2"]
    twice = confirm(world, place, round_0="1", round_1="1")
    assert twice.status_code == 400
    assert "kan inte gå till samma omgång" in twice.text
    none = confirm(world, place, round_0="0", round_1="0")
    assert none.status_code == 400
    assert "åtminstone en av omgångarna" in none.text
    assert len(versions(world)) == 2
    confirm(world, place, round_0="2", round_1="1")
    assert {v["rounds"][0]["name"] for _s, v in versions(world).values()} == {
        "Första intervjun",
        "Fördjupande intervju",
    }
    assert len(versions(world)) == 4


def test_a_place_that_is_not_offered_is_refused(world, recruiter):
    place = kept(world, exported(world))
    for value in ("3", "-1", "x", "99999999999999999999"):
        assert confirm(world, place, round_0=value).status_code == 400
    assert len(versions(world)) == 2


def test_drafts_changed_meanwhile_are_not_replaced(world, recruiter):
    place = kept(world, exported(world, 1))
    mark = re.search(r'name="mark"[^>]*value="([0-9a-f]+)"', recruiter.get(place).text)[1]
    confirm(world, kept(world, exported(world)), round_0="2")
    before = versions(world)
    late = recruiter.post(place, {"mark": mark, "round_0": "2"})
    assert late.status_code == 409
    assert "Någon ändrade utkasten" in late.text
    assert versions(world) == before
    assert confirm(world, place, round_0="2").status_code == 302


def test_confirmed_twice_or_thrown_away(world, recruiter):
    place = kept(world, exported(world))
    assert confirm(world, place, round_0="1").status_code == 302
    assert recruiter.post(place, {"mark": "x", "round_0": "1"}).status_code == 410
    assert recruiter.get(place).status_code == 410
    place = kept(world, exported(world))
    recruiter.post(place, {"action": "discard"})
    assert kept_imports(world) == 0
    assert len(versions(world)) == 3


def test_a_kept_file_belongs_to_its_requisition(world, recruiter):
    from recruit.library import library
    from recruit.requisitions import actions

    place = kept(world, exported(world))
    with world.app.app_context():
        profile = library().roles["head-of-unit-home-care"]
        other = actions.create(profile, title="Annan", unit="", actor_id=recruiter.id).id
    number = place.rpartition("/")[2]
    assert recruiter.get(f"/requisitions/{other}/guides/import/{number}").status_code == 410


def test_imports_before_anything_is_generated(world, recruiter):
    from recruit.library import library
    from recruit.requisitions import actions

    content = exported(world)
    with world.app.app_context():
        profile = library().roles["head-of-unit-home-care"]
        other = actions.create(profile, title="Annan", unit="", actor_id=recruiter.id).id
    world.requisition = other
    confirm(world, kept(world, content), round_0="1")
    page = recruiter.get(f"{world.path}/guides/").text
    assert page.count("Utkast") >= 1
    assert recruiter.post(f"{world.path}/guides/publish").status_code == 302


def without(content, key):
    del content[key]


def deep(content):
    content["rounds"][0]["sections"][0]["questions"][0]["elicits"] = ["no-such"]


CHANGES = {
    "other schema": (
        lambda c: c.update(schema="recruit.guide/2"),
        "schema: hittade recruit.guide/2",
    ),
    "no schema": (lambda c: without(c, "schema"), "schema: hittade inget"),
    "unknown key": (lambda c: c.update(colour="green"), "colour: hittade green"),
    "missing key": (lambda c: without(c, "weights"), "weights: hittade inget"),
    "wrong type": (lambda c: c.update(rounds="none"), "rounds: hittade none"),
    "no rounds": (lambda c: c.update(rounds=[]), "rounds: hittade 0"),
    "six rounds": (lambda c: c.update(rounds=c["rounds"] * 6), "rounds: hittade 6"),
    "no sections": (lambda c: c["rounds"][0].update(sections=[]), "rounds.0.sections"),
    "same competency": (
        lambda c: c["rounds"][0]["sections"].append(c["rounds"][0]["sections"][0]),
        "varje kompetens en gång",
    ),
    "no such indicator": (deep, "elicits: hittade no-such"),
    "four anchors": (
        lambda c: without(c["rounds"][0]["sections"][0]["anchors"], "3"),
        "anchors: hittade 1, 2, 4, 5",
    ),
    "negative minutes": (
        lambda c: c["rounds"][0]["sections"][0]["questions"][0].update(minutes=-5),
        "minutes: hittade -5",
    ),
    "hostile id": (
        lambda c: c["rounds"][0]["sections"][0].update(competency='x"><script>alert(1)</script>'),
        "competency: hittade x&#34;&gt;&lt;script&gt;",
    ),
    "hidden direction": (lambda c: c.update(title="Chef\u202egnp.exe"), "title: hittade U+202E"),
    "null character": (lambda c: c.update(title="Chef\x00"), "title: hittade U+0000"),
    "long text": (lambda c: c.update(title="x" * 5001), "title: hittade 5001 tecken"),
    "empty text": (
        lambda c: c["rounds"][0]["sections"][0]["questions"][0].update(text="  "),
        "text: hittade inget",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_is_no_guide_of_ours_is_refused_whole(world, recruiter, change):
    alter, line = CHANGES[change]
    content = exported(world)
    alter(content)
    before = versions(world)
    for data, name in (
        (yaml.safe_dump(json.loads(json.dumps(content)), allow_unicode=True).encode(), "a.yaml"),
        (json.dumps(content).encode(), "a.json"),
    ):
        answer = send(world, data, name)
        assert answer.status_code == 400
        assert line in answer.text, answer.text
        assert "<script>alert" not in answer.text
    assert versions(world) == before
    assert kept_imports(world) == 0


BOMB = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (n, n, b", ".join([b"*%c" % (n - 1)] * 9)) for n in range(98, 108)
)
FILES = {
    "empty": (b"", "hittade inget"),
    "blank": (b" \n\n", "hittade inget"),
    "no yaml": (b"a: [1,\n", "något som inte går att tyda"),
    "no json": (b'{"schema": ', "något som inte går att tyda"),
    "a list": (b"[1, 2]", "väntade nycklar med värden"),
    "bomb": (BOMB, "en hänvisning med *"),
    "python": (b"!!python/object/apply:os.system ['true']", "en typ som !!binary"),
    "latin": ("schema: å".encode("latin-1"), "byte 0xe5"),
    "latin json": ('{"schema": "å"}'.encode("latin-1"), "byte 0xe5"),
    "two megabytes": (b"x" * 2_000_000, "2000000 byte"),
    "two megabytes of json": (b'{"a": "' + b"x" * 2_000_000 + b'"}', "2000009 byte"),
    "deep": (b"[" * 50_000, "väntade"),
    "deep yaml": (b"- " * 20_000 + b"x", "väntade"),
    "double key": (b'{"schema": "a", "schema": "b"}', "nyckeln schema två gånger"),
    "no number": (b'{"schema": NaN}', "hittade NaN"),
    "long number": (b'{"schema": ' + b"9" * 5000 + b"}", "högst 18 siffror"),
    "half a character": (b'{"schema": "recruit.guide/1", "title": "\\ud800"}', "U+D800"),
    "half a character as schema": (b'{"schema": "\\ud800"}', "schema: hittade"),
    "zip": (b"PK\x03\x04" + b"\x00" * 100, "väntade"),
}


@pytest.mark.parametrize("file", FILES)
def test_a_file_of_another_kind_is_refused(world, recruiter, file):
    data, line = FILES[file]
    answer = send(world, data, 'x"<b>.yaml')
    assert answer.status_code == 400
    assert line in answer.text, answer.text
    assert "<b>.yaml" not in answer.text
    assert kept_imports(world) == 0


def test_fifty_megabytes_are_refused(world, recruiter):
    answer = send(world, b"x" * 50_000_000)
    assert answer.status_code == 413
    assert "För stort" in answer.text
    assert kept_imports(world) == 0


def test_no_file(world, recruiter):
    answer = recruiter.post(f"{world.path}/guides/import/", {})
    assert answer.status_code == 400
    assert "Välj en fil först." in answer.text


def test_many_faults_are_counted(world, recruiter):
    content = exported(world)
    content |= {f"key{number}": 1 for number in range(100)}
    answer = send(world, content)
    assert answer.text.count("ingen sådan nyckel") == 2 * 30
    assert "och 70 till" in answer.text


def test_every_fault_is_named_at_once(world):
    content = exported(world)
    content["rounds"][0] |= {"name": "", "minutes": 0}
    content["rounds"][0]["sections"][0] |= {"definition": " "}
    with pytest.raises(Faults) as raised:
        guide_file.read(json.dumps(content).encode(), "x.json")
    assert [fault.place for fault in raised.value.faults] == [
        "rounds.0.name",
        "rounds.0.minutes",
        "rounds.0.sections.0.definition",
    ]


def test_an_import_is_a_step_of_the_builder(world, recruiter):
    """It can be undone, a page opened before it is outdated, and own questions keep their signs."""
    recruiter.post(f"{world.path}/guides/generate")
    before = versions(world)
    content = exported(world)
    asked = content["rounds"][0]["sections"][0]["questions"][0]
    signs = {"practice": ["Ritar en bild."], "talk": ["Byter ämne."]}
    asked |= {"id": "of-our-own", "text": "Berätta om en gång.", "listen_for": signs}
    page = recruiter.get(f"{world.path}/guides/builder/").text
    outdated = re.search(r'name="revision"[^>]*value="(\d+)"', page)[1]
    assert confirm(world, kept(world, content), round_0="1").status_code == 302

    def builder(verb, revision):
        form = {"verb": verb, "revision": revision}
        return recruiter.post(f"{world.path}/guides/builder/edit", form)

    assert builder("undo", outdated).status_code == 409
    page = recruiter.get(f"{world.path}/guides/builder/").text
    assert "Berätta om en gång." in page
    assert 'aria-label="Ångra: inläst fil"' in page
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', page)[1]
    assert builder("undo", revision).status_code == 303
    undone = versions(world)
    assert undone[1, 2][1]["rounds"] == before[1, 2][1]["rounds"]
    assert builder("redo", str(int(revision) + 1)).status_code == 303
    again = versions(world)[1, 2][1]["rounds"][0]["sections"]
    found = [q for s in again for q in s["questions"] if q["text"] == "Berätta om en gång."]
    assert [q["listen_for"] for q in found] == [signs]


def test_an_import_does_not_rename_a_round_in_force(world, recruiter):
    form = profile_form(world, recruiter) | {"rounds-0-name": "Lära känna"}
    assert recruiter.post(f"{world.path}/profile/", form).status_code == 303
    assert confirm(world, kept(world, exported(world)), round_0="1").status_code == 302
    assert "Lära känna" not in recruiter.get(f"{world.path}/interviews/").text
