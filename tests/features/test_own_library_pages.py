"""An organisation's own library: written on pages, laid over the shipped one, out as files."""

from __future__ import annotations

import io
import re
import threading
import zipfile

import pytest

from recruit.config import BadSettings
from recruit.core import own_library
from recruit.database import db
from recruit.guides.models import GuideVersion
from recruit.library import library, of_files
from recruit.library.models import LibraryEntry
from tests.conftest import Person, make_app, settings_for

QUESTION = {
    "kind": "past_behaviour",
    "minutes": "6",
    "levels": "any",
    "sectors": "any",
    "text_sv": "Berätta om ett beslut som du lämnade över i din kommun.",
    "text_en": "Tell us about a decision that you handed over in your municipality.",
    "background_sv": "",
    "background_en": "",
    "probes_sv": "Vad hände sedan?\r\n\r\nVem märkte det?",
    "probes_en": "What happened then?\r\nWho noticed?",
    "practice_sv": "Namnger beslutet.",
    "practice_en": "Names the decision.",
    "talk_sv": "Talar allmänt.",
    "talk_en": "Speaks in general.",
}
INDICATOR = of_files().competencies["autonomy"].indicators[0].id
NEW = "/library/own/autonomy/questions/new"
OVERRIDE = "/library/own/autonomy/questions/autonomy-pb-1"
TEXTS = "/library/own/autonomy/texts"


@pytest.fixture
def recruiter(world):
    return world["recruiter"].sign_in()


def version_in(person, path):
    return re.search(r'name="version"[^>]*value="(\d+)"', person.get(path).text)[1]


def add(person, path=NEW, **changes):
    """Send a question on the page's version, or the one given."""
    form = QUESTION | {"elicits": INDICATOR, "version": version_in(person, path)} | changes
    return person.post(path, form)


def texts_of(competency, **changes):
    form = {}
    for language in ("sv", "en"):
        form[f"name_{language}"] = competency.name.in_(language)
        form[f"definition_{language}"] = competency.definition.in_(language)
        for point, text in competency.anchors.items():
            form[f"anchor_{point}_{language}"] = text.in_(language)
    return form | changes


def here(world):
    """Return the library as the application has it now."""
    with world.app.app_context():
        return library()


def stored(world):
    with world.app.app_context():
        return {e.competency: (e.version, e.content) for e in db.session.query(LibraryEntry).all()}


def test_a_question_is_added_and_found(world, recruiter):
    answer = add(recruiter)
    assert answer.location == "/library/questions/autonomy-own-1"
    page = recruiter.get(answer.location).text
    assert QUESTION["text_sv"] in page
    assert "Egen fråga" in page
    question = here(world).competencies["autonomy"].questions[-1]
    assert question.id == "autonomy-own-1"
    assert [probe.model_dump() for probe in question.probes] == [
        {"sv": "Vad hände sedan?", "en": "What happened then?"},
        {"sv": "Vem märkte det?", "en": "Who noticed?"},
    ]
    assert "autonomy-own-1" in recruiter.get("/library/?q=din+kommun").text


def test_a_shipped_question_is_reworded_and_put_back(world, recruiter):
    before = here(world)
    form = recruiter.get(OVERRIDE).text
    words = [
        len(re.findall(rf'<textarea[^>]*lang="{language}"', form)) for language in ("sv", "en")
    ]
    assert words == [5, 5]
    assert add(recruiter, OVERRIDE).location == "/library/questions/autonomy-pb-1"
    changed = here(world).competencies["autonomy"]
    places = [q.id for q in before.competencies["autonomy"].questions]
    assert [q.id for q in changed.questions] == places
    assert changed.questions[places.index("autonomy-pb-1")].text.sv == QUESTION["text_sv"]
    assert "Egen formulering" in recruiter.get("/library/questions/autonomy-pb-1").text
    page = recruiter.get("/library/autonomy").text
    assert "Återställ den ursprungliga frågan" in page
    form = {"part": "autonomy-pb-1", "version": "1"}
    assert recruiter.post("/library/own/autonomy/restore", form).location == "/library/autonomy"
    assert here(world) == before
    assert "Egen formulering" not in recruiter.get("/library/autonomy").text


def test_only_texts_that_differ_are_kept(world, recruiter):
    shipped = here(world).competencies["autonomy"]
    anchor = shipped.anchors[3].sv + " Så är det."
    form = texts_of(shipped, name_sv="Mandat", anchor_3_sv=anchor, version="0")
    assert recruiter.post(TEXTS, form).location == "/library/autonomy"
    assert stored(world)["autonomy"] == (
        1,
        {
            "name": {"sv": "Mandat", "en": shipped.name.en},
            "anchors": {"3": {"sv": anchor, "en": shipped.anchors[3].en}},
        },
    )
    now = here(world).competencies["autonomy"]
    assert now.name.sv == "Mandat"
    assert now.anchors[4] == shipped.anchors[4]
    assert now.questions == shipped.questions
    page = recruiter.get("/library/autonomy").text
    assert "Egna texter" in page
    recruiter.post("/library/own/autonomy/restore", {"part": "texts", "version": "1"})
    assert here(world).competencies["autonomy"] == shipped


NEW_COMPETENCY = QUESTION | {
    "version": "0",
    "name_sv": "Mod att stå kvar",
    "name_en": "Courage to stay",
    "definition_sv": "Ledaren står kvar när det blåser.",
    "definition_en": "The leader stays when it is windy.",
    "indicators_sv": "Står för ett beslut.\nSäger emot uppåt.",
    "indicators_en": "Stands by a decision.\nSpeaks up.",
    "over_control_sv": "Kör över andra.",
    "over_control_en": "Overrides others.",
    "laissez_faire_sv": "Tiger.",
    "laissez_faire_en": "Keeps quiet.",
    **{f"anchor_{n}_sv": f"Så ser steg {n} ut i vardagen." for n in range(1, 6)},
    **{f"anchor_{n}_en": f"This is what step {n} looks like." for n in range(1, 6)},
}


def test_a_competency_is_added_used_in_a_guide_and_removed(world, recruiter):
    from recruit.guides import actions as guides
    from recruit.requisitions import actions as requisitions

    answer = recruiter.post("/library/own/new", NEW_COMPETENCY)
    assert answer.location == "/library/courage-to-stay", answer.text
    assert "Egen kompetens" in recruiter.get(answer.location).text
    second = add(
        recruiter,
        "/library/own/courage-to-stay/questions/new",
        kind="reflection",
        elicits="stands-by-a-decision",
    )
    assert second.location == "/library/questions/courage-to-stay-own-2"
    with world.app.app_context():
        profile = library().roles["head-of-unit-home-care"]
        weights = dict(list(profile.competencies.items())[:3])
        weights["courage-to-stay"] = profile.competencies["autonomy"]
        wanted = profile.model_copy(update={"competencies": weights, "reasons": {}})
        made = requisitions.create(wanted, title="Chef", unit="", actor_id=recruiter.id).id
        guides.generate(made, library(), actor_id=recruiter.id)
        asked = [
            question["text"]
            for version in db.session.query(GuideVersion).filter_by(state="draft")
            for section in version.content["rounds"][0]["sections"]
            for question in section["questions"]
        ]
    assert asked.count(QUESTION["text_sv"]) == 2
    form = {"part": "all", "version": "2"}
    answer = recruiter.post("/library/own/courage-to-stay/restore", form)
    assert answer.location == "/library/own/"
    assert "courage-to-stay" not in here(world).competencies
    again = recruiter.post("/library/own/new", NEW_COMPETENCY)
    assert again.location == "/library/courage-to-stay"
    # Guides that asked the first question must not be named as asking this one.
    (question,) = here(world).competencies["courage-to-stay"].questions
    assert question.id == "courage-to-stay-own-4"


def test_published_guides_keep_their_words(world, recruiter):
    def contents():
        with world.app.app_context():
            return {v.id: v.content for v in db.session.query(GuideVersion).all()}

    before = contents()
    asked = next(
        question["id"]
        for section in before[world.versions[0]]["rounds"][0]["sections"]
        for question in section["questions"]
        if section["competency"] == "autonomy"
    )
    add(recruiter, f"/library/own/autonomy/questions/{asked}")
    assert contents() == before
    path = f"{world.path}/guides/{world.versions[0]}"
    assert QUESTION["text_sv"] not in recruiter.get(path).text


def test_two_editors_do_not_overwrite_each_other(world, recruiter):
    version = version_in(recruiter, OVERRIDE)
    assert add(recruiter, OVERRIDE, version=version).status_code == 302
    late = add(recruiter, OVERRIDE, version=version, text_sv="Berätta om något annat du gjorde.")
    assert late.status_code == 409
    assert "Recruiter Prov sparade något annat" in late.text
    assert "Berätta om något annat du gjorde." in late.text
    (kept,) = stored(world)["autonomy"][1]["questions"]
    assert kept["text"]["sv"] == QUESTION["text_sv"]
    shown = re.search(r'name="version"[^>]*value="(\d+)"', late.text)[1]
    again = add(recruiter, OVERRIDE, version=shown, text_sv="Berätta om något annat du gjorde.")
    assert again.status_code == 302
    late = recruiter.post("/library/own/autonomy/restore", {"part": "all", "version": version})
    assert late.status_code == 409
    assert stored(world)["autonomy"][0] == 2


def test_the_first_words_of_two_at_once(world, recruiter):
    other = Person(recruiter.id, recruiter.name, recruiter.email, world.app.test_client())
    version_in(other.sign_in(), NEW)
    ready, statuses = threading.Barrier(2), []

    def send(person):
        form = QUESTION | {"elicits": INDICATOR, "version": "0"}
        ready.wait()
        statuses.append(person.post(NEW, form).status_code)

    threads = [threading.Thread(target=send, args=(person,)) for person in (recruiter, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302, 409]
    assert stored(world)["autonomy"][0] == 1


def test_another_process_sees_a_change_at_once(world, recruiter, database):
    other = make_app(settings_for(database))
    with other.app_context():
        assert library().competencies["autonomy"].questions[-1].id != "autonomy-own-1"
    add(recruiter)
    with other.app_context():
        assert library().competencies["autonomy"].questions[-1].id == "autonomy-own-1"
        db.session.remove()
        db.engine.dispose()


BAD = {
    "an empty text": ({"text_en": "  "}, "Skriv något här."),
    "lines that do not match": (
        {"probes_en": "Only one."},
        "Skriv lika många rader som på svenska: 2.",
    ),
    "no behaviour": ({"elicits": ""}, "Välj minst ett beteende."),
    "a behaviour of another": ({"elicits": "no-such"}, "no-such"),
    "another kind": ({"kind": "quiz"}, "val"),
    "no minutes": ({"minutes": "sju"}, "heltal"),
    "many minutes": ({"minutes": "61"}, "Mellan 1 och 60 minuter."),
    "a long text": ({"text_sv": "x" * 5001}, "Använd högst 5 000 tecken."),
    "a case without its text": (
        {"kind": "case"},
        "questions.autonomy-own-1.background: hittade inget, väntade en bakgrund",
    ),
}


@pytest.mark.parametrize("fault", BAD)
def test_what_cannot_be_used_is_refused_and_still_there(world, recruiter, fault):
    changes, message = BAD[fault]
    answer = add(recruiter, **changes)
    assert answer.status_code == 400
    assert message in answer.text
    assert "Who noticed?" in answer.text or "probes_en" in changes
    assert stored(world) == {}


def test_hostile_text_stays_text(world, recruiter):
    hostile = '<script>alert("x")</script> Berätta om ett beslut.\x00'
    answer = add(recruiter, text_sv=hostile)
    page = recruiter.get(answer.location).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_checker_advises_and_the_organisation_decides(world, recruiter):
    text = "Är du gravid, eller planerar du att skaffa barn?"
    answer = add(recruiter, text_sv=text)
    assert answer.status_code == 400
    assert "competencies/autonomy.yaml, questions.autonomy-own-1.text.sv: hittade" in answer.text
    assert "Spara fast granskningen avråder" in answer.text
    assert stored(world) == {}
    assert add(recruiter, text_sv=text, anyway="y").status_code == 302


@pytest.mark.parametrize("name", ["Autonomy", "Own", "Questions", "!!!"])
def test_a_name_that_is_taken_or_none(world, recruiter, name):
    answer = recruiter.post("/library/own/new", NEW_COMPETENCY | {"name_en": name})
    assert answer.status_code == 400
    assert "Välj ett engelskt namn som ingen kompetens har." in answer.text
    assert stored(world) == {}


def test_a_long_name_leaves_room_for_the_ids_of_questions(world, recruiter):
    answer = recruiter.post("/library/own/new", NEW_COMPETENCY | {"name_en": "Stay " * 40})
    assert answer.status_code == 302, answer.text
    assert recruiter.get(answer.location).status_code == 200


def test_a_competency_that_does_not_fit_any_more_is_not_written_over(world, recruiter):
    recruiter.post("/library/own/new", NEW_COMPETENCY)
    with world.app.app_context():
        entry = db.session.query(LibraryEntry).one()
        entry.content = broken = entry.content | {"definition": {"sv": "Utan engelska."}}
        entry.version += 1
        db.session.commit()
    page = recruiter.get("/library/own/").text
    assert "Används inte: competencies/courage-to-stay.yaml, definition.en" in page
    assert '/library/courage-to-stay"' not in page
    answer = recruiter.post("/library/own/new", NEW_COMPETENCY)
    assert answer.status_code == 400
    assert "Välj ett engelskt namn som ingen kompetens har." in answer.text
    assert stored(world)["courage-to-stay"] == (2, broken)


def test_as_files_that_the_checker_accepts_and_a_folder_gives_back(
    world, recruiter, tmp_path, database
):
    from click.testing import CliRunner

    from recruit.cli import main

    add(recruiter)
    add(recruiter, OVERRIDE)
    recruiter.post("/library/own/new", NEW_COMPETENCY)
    shipped = of_files().competencies["autonomy"]
    form = texts_of(shipped, name_sv="Mandat", version="2")
    recruiter.post(TEXTS, form)
    answer = recruiter.get("/library/own/library.zip")
    assert answer.mimetype == "application/zip"
    assert recruiter.get("/library/own/library.zip").data == answer.data
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "own-library"
    assert sorted(str(p.relative_to(folder)) for p in folder.rglob("*.yaml")) == [
        "competencies/autonomy.yaml",
        "competencies/courage-to-stay.yaml",
        "own-library.yaml",
    ]
    checked = CliRunner().invoke(main, ["library", "check", str(folder)])
    assert (checked.exit_code, checked.output) == (0, "")
    assert own_library.overlay(of_files(), own_library.read_folder(folder)) == here(world)
    other = make_app(settings_for(database, library=str(folder)))
    assert of_files(str(folder)) == here(world)
    with other.app_context():
        assert library() == here(world)
        db.session.remove()
        db.engine.dispose()


def test_list_tells_what_is_own_and_what_no_longer_fits(world, recruiter):
    assert "Inget eget än" in recruiter.get("/library/own/").text
    add(recruiter)
    page = recruiter.get("/library/own/").text
    assert "Recruiter Prov" in page
    assert "1 fråga" in page
    assert "Används inte" not in page
    with world.app.app_context():
        entry = db.session.query(LibraryEntry).one()
        (question,) = entry.content["questions"]
        entry.content = {"questions": [question | {"elicits": ["gone"]}]}
        entry.version += 1
        db.session.commit()
    assert here(world).competencies["autonomy"] == of_files().competencies["autonomy"]
    page = recruiter.get("/library/own/").text
    assert "Används inte: competencies/autonomy.yaml, questions.autonomy-own-1.elicits" in page


def test_readers_see_marks_and_no_buttons(world, recruiter):
    add(recruiter)
    reader = world["interviewer"].sign_in()
    page = reader.get("/library/autonomy").text
    assert "Egen fråga" in page
    assert "/library/own/" not in page
    assert "/library/own/" not in reader.get("/library/").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/library/own/nothing/texts", 404),
        ("/library/own/autonomy/questions/feedback-pb-1", 404),
        ("/library/own/autonomy/questions/none", 404),
    ],
)
def test_what_does_not_exist(recruiter, path, status):
    assert recruiter.get(path).status_code == status


def test_nothing_to_put_back(world, recruiter):
    path = "/library/own/autonomy/restore"
    assert recruiter.post(path, {"part": "all", "version": "0"}).status_code == 404
    add(recruiter)
    assert recruiter.post(path, {"part": "no-such", "version": "1"}).status_code == 404
    assert recruiter.post(path, {"part": "all", "version": "x"}).status_code == 409
    assert stored(world)["autonomy"][0] == 1


def test_a_broken_folder_keeps_the_application_from_starting(tmp_path):
    (tmp_path / "competencies").mkdir()
    (tmp_path / "competencies" / "autonomy.yaml").write_text("name: {sv: Mandat}\ncolour: green\n")
    with pytest.raises(BadSettings, match=r"competencies/autonomy\.yaml, colour"):
        make_app(settings_for("sqlite://", library=str(tmp_path)))
    with pytest.raises(BadSettings, match=r"missing"):
        make_app(settings_for("sqlite://", library=str(tmp_path / "missing")))


@pytest.mark.parametrize(
    "changes",
    [
        {"text_sv": "x" * 2001},
        {"probes_sv": "\r\n".join(["Hur?"] * 11), "probes_en": "\r\n".join(["How?"] * 11)},
        {"probes_sv": "x" * 401, "probes_en": "x"},
        {"practice_sv": "x" * 2001, "practice_en": "x"},
    ],
)
def test_a_question_is_held_to_the_limits_of_a_guide_and_its_text_is_kept(recruiter, changes):
    answer = add(recruiter, **changes)
    assert answer.status_code == 400
    assert "högst" in answer.text
    assert next(iter(changes.values())).split("\r\n")[0] in answer.text
    with recruiter.client.application.app_context():
        assert db.session.query(LibraryEntry).count() == 0
        db.session.remove()
