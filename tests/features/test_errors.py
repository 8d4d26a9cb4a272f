"""Every refusal says what happened, what is safe and what to do, to people and to programs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from werkzeug.exceptions import default_exceptions

from recruit.app import create_app
from recruit.database import db
from recruit.errors import STATUS
from tests.conftest import csrf_token, settings_for, world_with

JSON = {"Accept": "application/json"}


def check(answer, status, title, *, offers):
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert re.search(r"<h1[^>]*>([^<]+)<", answer.text)[1] == title
    links = re.findall(r'<div class="actions">(.*?)</div>', answer.text, re.DOTALL)[0]
    assert re.findall(r'href="([^"]+)"', links) == offers


def check_json(answer, status, said):
    assert answer.status_code == status
    assert answer.mimetype == "application/json"
    assert set(answer.json) == {"error", "code", "reference"}
    assert said in answer.json["error"]


def test_a_number_that_no_row_can_have_leads_nowhere(world):
    recruiter = world["recruiter"].sign_in()
    for number in (2**31, 2**70):
        for path in (f"/requisitions/{number}", f"{world.path}/interviews/{number}/panel/"):
            check(recruiter.get(path), 404, "Här finns inget", offers=["/", "/search"])


@pytest.mark.parametrize(
    ("path", "field", "more"),
    [
        ("privacy/hold", "hold_reason", {}),
        ("privacy/keep", "reason", {"until": f"{datetime.now(UTC).year + 5}-01-01"}),
        ("privacy/information", "purpose", {"legal_basis": "contract", "readers": "Vi"}),
        ("privacy/information", "addition", {"legal_basis": "contract", "readers": "Vi"}),
        ("interviews/{interview}/panel/{colleague}/reopen", "reason", {}),
        ("interviews/{interview}/step-down", "reason", {"kind": "stepped_down"}),
    ],
)
def test_what_a_database_cannot_hold_is_left_out(world, path, field, more):
    colleague = world["colleague"].sign_in()
    assert colleague.post(world.scorecard(0), world.ratings(0)).status_code == 302
    path = path.format(interview=world.interviews[0], colleague=colleague.id)
    person = colleague if "step-down" in path else world["recruiter"].sign_in()
    sent = {"purpose": "Ja", **more, field: "Skrivet\x00 så."}
    assert person.post(f"{world.path}/{path}", sent).status_code == 302
    with world.app.app_context():
        stored = [
            str(row)
            for table in db.metadata.sorted_tables
            for row in db.session.execute(db.select(table))
        ]
        db.session.remove()
    assert [row for row in stored if "Skrivet så." in row]
    assert [row for row in stored if r"\x00" in row] == []


def test_refusals_that_people_meet(world):
    person = world["interviewer"].sign_in()
    forged = person.client.post("/language", data={"language": "en"})
    check(forged, 400, "Det gick inte att förstå", offers=["/"])
    assert "ladda om" in forged.text
    check(person.get("/users"), 403, "Du har inte behörighet till sidan", offers=["/"])
    check(person.get("/nothing"), 404, "Här finns inget", offers=["/", "/search"])
    wrong = person.client.put("/search")
    check(wrong, 405, "Så fungerar inte den här sidan", offers=["/"])
    assert sorted(wrong.headers["Allow"].split(", ")) == ["GET", "HEAD", "OPTIONS"]
    check(person.get("/sign-in/sign_in/x"), 410, "Finns inte kvar", offers=["/"])
    recruiter = world["recruiter"].sign_in()
    path = f"{world.path}/candidates/{world.candidates[0]}/cv"
    form = {"content_type": "application/x-www-form-urlencoded"}
    large = recruiter.client.post(path, data=b"x" * (11 * 1024 * 1024), **form)
    check(large, 413, "För stort", offers=["/"])
    nothing = recruiter.post(f"{world.path}/guides/publish")
    check(nothing, 409, "Det går inte som det ser ut nu", offers=["/"])


def test_programs_get_json(world):
    visitor = world.app.test_client()
    check_json(visitor.get("/users", headers=JSON), 401, "Logga in")
    person = world["interviewer"].sign_in()
    check_json(person.client.post("/language", headers=JSON), 400, "ladda om")
    check_json(person.get("/users", headers=JSON), 403, "Inget ändrades")
    prefers = {"Accept": "application/json, text/plain;q=0.9, */*;q=0.1"}
    check_json(person.get("/nothing", headers=prefers), 404, "Sidan finns inte")
    wrong = person.client.put("/search", headers=JSON)
    check_json(wrong, 405, "Inget ändrades")
    assert sorted(wrong.headers["Allow"].split(", ")) == ["GET", "HEAD", "OPTIONS"]
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert person.get("/nothing", headers=browser).mimetype == "text/html"
    assert person.get("/nothing", headers={"Accept": "*/*"}).mimetype == "text/html"


def test_too_many_attempts_may_try_again(database):
    app = create_app(settings_for(database, sign_in_limit="1 per minute"))
    client = app.test_client()
    form = {"email": "x@example.org", "password": "y", "csrf_token": csrf_token(client)}
    client.post("/sign-in", data=form)
    check(client.post("/sign-in", data=form), 429, "För många försök", offers=["/"])
    check_json(client.post("/sign-in", data=form, headers=JSON), 429, "Vänta en minut")
    close(app)


def test_what_broke_has_a_reference_that_stands_in_the_log(world, capfd, monkeypatch):
    person = world["interviewer"].sign_in()

    def broken(*_arguments):
        raise RuntimeError("Hemlig text om Amina")

    monkeypatch.setattr("recruit.home.queries.progress", broken)
    answer = person.get("/?a=1")
    check(answer, 500, "Något gick fel hos oss", offers=["/?a=1", "/"])
    reference = re.search(r"<strong>([0-9a-f]{8})</strong>", answer.text)[1]
    (line,) = [json.loads(x) for x in capfd.readouterr().out.splitlines() if "broken" in x]
    assert (line["reference"], line["error"]) == (reference, "RuntimeError")
    assert "Amina" not in str(line)
    check_json(person.get("/", headers=JSON), 500, "Det du hade sparat")


def close(app):
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.extensions["recruit_renderer"].close()


def dead(database, tmp_path):
    """Return the address of a database of the same kind that cannot be reached."""
    if database.startswith("sqlite"):
        return f"sqlite:///{tmp_path}/gone/recruit.sqlite3"
    return "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.mark.parametrize("language", ["sv", "en"])
def test_without_a_database_the_page_is_whole(database, tmp_path, language):
    """Somebody is signed in, and not even that can be looked up."""
    with world_with(database) as world:
        person = world["interviewer"].sign_in()
        person.post("/language", {"language": language})
        person.get("/")
        name = world.app.config["SESSION_COOKIE_NAME"]
        cookie = person.client.get_cookie(name).value
    app = create_app(settings_for(dead(database, tmp_path)))
    client = app.test_client()
    client.set_cookie(name, cookie)
    titles = {"sv": "Inte tillgängligt just nu", "en": "Not available right now"}
    for path in ("/", "/search?q=a", "/requisitions/1", "/health", "/nothing"):
        check(client.get(path), 503, titles[language], offers=[path, "/"])
    said = {"sv": "Databasen", "en": "The database"}[language]
    check_json(client.get("/", headers=JSON), 503, said)
    visitor = app.test_client()
    check(visitor.get("/nothing"), 404, "Här finns inget", offers=["/"])
    close(app)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_status_has_words_of_its_own(app, language):
    """Of those that nothing provokes today, too; each says something to do."""
    texts = {}
    for status in sorted(set(STATUS) & set(default_exceptions) - {401, 500}):
        with app.test_request_context("/", headers={"Accept-Language": language}):
            answer = app.make_response(app.handle_user_exception(default_exceptions[status]()))
        assert answer.status_code == status
        main = answer.get_data(as_text=True).partition("<main")[2].partition("</main>")[0]
        texts[status] = re.findall(r"<(?:h1|p)[^>]*>([^<]+)<", main)
        assert len(texts[status]) == 2
    assert len({tuple(found) for found in texts.values()}) == len(texts) >= 11
