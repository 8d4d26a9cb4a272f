"""What candidates are told, who may manage their data, and what the trail says of it."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import zipfile

import pytest
import sqlalchemy as sa

from recruit.accounts.models import Role, RoleName, User
from recruit.audit.models import AuditEvent
from recruit.database import db, write
from recruit.interviews.models import DepartureKind
from recruit.privacy import actions, notice, trail, trail_words
from recruit.privacy.models import ErasureGround
from recruit.privacy.writings import tables
from recruit.requisitions.models import Requisition
from recruit.resources import PACKAGE
from tests.conftest import world_with
from tests.features import test_reports as documents
from tests.features.erasure import MARK, fill, grow_old
from tests.features.test_queries import counted, grow

INFORMATION = {
    "purpose": "Vi väljer chef.\nInget annat.",
    "legal_basis": "legitimate_interest",
    "readers": "Bara rekryteraren.",
    "addition": "Facket läser också.",
}


def address(world):
    with world.app.app_context():
        found = notice.address_of(world.requisition)
        db.session.remove()
    assert found.startswith("http://127.0.0.1:5000/information/")
    return found.removeprefix("http://127.0.0.1:5000")


def test_the_information_is_good_enough_as_it_is(database):
    contact = "Doris Data, dataskydd@exempel.se"
    with world_with(database, privacy_contact=contact) as world:
        visitor = world.app.test_client()
        page = visitor.get(address(world), headers={"Accept-Language": "en"}).text
        for text in (
            '<html lang="sv"',
            "Exempelkommunen använder det du skickar in",
            "uppdrag av allmänt intresse (artikel 6.1 e i GDPR)",
            "den rekryterande chefen",
            "Normalt två år efter beslutet",
            "ingen artificiell intelligens",
            "be om radering",
            f"Dataskyddsombud: {contact}",
            "recruiter@example.org",
        ):
            assert text in page, text
        assert "Amina" not in page


def test_the_recruiter_changes_the_information(world):
    recruiter = world["recruiter"].sign_in()
    form = recruiter.get(f"{world.path}/privacy/information").text
    assert "Exempelkommunen använder det du skickar in" in form
    answer = recruiter.post(f"{world.path}/privacy/information", INFORMATION)
    assert answer.status_code == 302
    page = world.app.test_client().get(address(world)).text
    for text in ("Vi väljer chef.\nInget annat.", "berättigat intresse", "Bara rekryteraren."):
        assert text in page, text
    assert "Facket läser också." in page
    assert "Vi väljer chef." in recruiter.get(f"{world.path}/privacy/").text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"purpose": " "}, "Skriv vad uppgifterna"),
        ({"readers": ""}, "Skriv vilka som läser"),
        ({"legal_basis": "consent"}, "inte ett giltigt val"),
        ({"addition": "x" * 4001}, "högst 4 000"),
    ],
)
def test_faulty_information_is_shown_again(world, change, message):
    recruiter = world["recruiter"].sign_in()
    answer = recruiter.post(f"{world.path}/privacy/information", INFORMATION | change)
    assert answer.status_code == 400
    assert message in answer.text.lower() or message in answer.text
    assert "Facket läser också." in answer.text or "addition" in change
    assert "Vi väljer chef" not in world.app.test_client().get(address(world)).text


def test_no_script_gets_into_the_information(world):
    hostile = INFORMATION | {"addition": "<script>alert(1)</script>"}
    recruiter = world["recruiter"].sign_in()
    assert recruiter.post(f"{world.path}/privacy/information", hostile).status_code == 302
    page = world.app.test_client().get(address(world)).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_an_address_that_was_made_up_leads_nowhere(world):
    visitor = world.app.test_client()
    right = address(world)
    for path in ("/information/1", "/information/x.y", right[:-1], right + "A"):
        assert visitor.get(path).status_code == 404, path
    grow_old(world)
    with world.app.app_context():
        actions.erase(world.requisition, actor_id=None)
        db.session.remove()
    assert visitor.get(right).status_code == 410


def test_the_invitation_links_to_the_information(mailing, mailbox):
    from recruit.candidates.models import Candidate
    from recruit.interviews.letters import candidate_letter
    from recruit.interviews.models import Interview

    path = address(mailing)
    with mailing.app.app_context():
        with write():
            db.session.get_one(Candidate, mailing.candidates[0]).email = "amina@example.org"
        interview = db.session.get_one(Interview, mailing.interviews[0])
        body = candidate_letter(interview, "candidate_invitation").text.body
        db.session.remove()
    assert f"Läs mer: http://127.0.0.1:5000{path}\n" in body


def test_who_may_manage_privacy(world):
    for name, status in (
        ("administrator", 200),
        ("recruiter", 200),
        ("hiring_manager", 403),
        ("interviewer", 403),
        ("stranger", 403),
    ):
        person = world[name].sign_in()
        assert person.get("/privacy/").status_code == status, name
        assert ("Dataskydd</a>" in person.get("/").text) == (status == 200), name
    assert "sparas till och med" not in world["interviewer"].get(world.path).text
    assert "sparas till och med" in world["recruiter"].get(world.path).text


def test_every_visitor_may_read_how_scores_are_computed(app):
    visitor = app.test_client()
    page = visitor.get("/about/scores", headers={"Accept-Language": "sv"}).text
    assert "Ingen artificiell intelligens används" in page
    assert "aldrig som noll" in page
    page = visitor.get("/about/accessibility", headers={"Accept-Language": "en"}).text
    assert "WCAG 2.2 level AA" in page
    start = visitor.get("/sign-in").text
    assert 'href="/about/scores"' in start
    assert 'href="/about/accessibility"' in start


def test_a_candidate_gets_everything_and_nobody_elses_name(world):
    fill(world)
    recruiter = world["recruiter"].sign_in()
    path = f"{world.path}/candidates/{world.candidates[0]}/own-data.zip"
    answer = recruiter.get(path)
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert packed.namelist() == ["own-data.json", "cv.pdf", "own-data.pdf"]
        assert packed.testzip() is None
        assert packed.read("own-data.pdf").startswith(b"%PDF")
        text = packed.read("own-data.json").decode()
        assert len(packed.read("cv.pdf")) == 320_000
    data = json.loads(text)
    assert data["candidate"]["name"] == "Amina Exempel"
    assert len(data["scorecards"]) == 2
    assert MARK in text
    for name in ("Björn Fiktiv", "Interviewer Prov", "Colleague Prov", "@example.org"):
        assert name not in text, name
    subject = f"candidate:{world.candidates[0]}"
    seen = (
        recruiter.id,
        subject,
        {"kind": "own-data-zip", "candidates": [world.candidates[0]]},
    )
    assert events(world, "report.view") == [seen]
    assert events(world, "cv.read") == [(recruiter.id, subject, {})]


def test_the_archive_keeps_ratings_independent(world):
    """A recruiter who has yet to rate the candidate gets nothing of what others wrote."""
    from recruit.interviews.models import PanelMember

    fill(world)
    with world.app.app_context(), write():
        db.session.add(PanelMember(interview_id=world.interviews[0], user_id=world["recruiter"].id))
    recruiter = world["recruiter"].sign_in()
    answer = recruiter.get(f"{world.path}/candidates/{world.candidates[0]}/own-data.zip")
    assert answer.status_code == 409
    assert MARK not in answer.text
    assert events(world, "cv.read") == []


def events(world, action):
    with world.app.app_context():
        found = [
            (event.actor_id, event.subject, event.detail)
            for event in db.session.scalars(
                sa.select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id)
            )
        ]
        db.session.remove()
    return found


def test_who_saw_others_ratings_is_recorded(world):
    interviewer = world["interviewer"].sign_in()
    colleague = world["colleague"].sign_in()
    assert interviewer.post(world.scorecard(2), world.ratings(2)).status_code == 302
    assert colleague.post(world.scorecard(2), world.ratings(2)).status_code == 302
    subject = f"interview:{world.interviews[2]}"
    assert events(world, "ratings.view") == []
    interviewer.get(world.scorecard(2))
    about = {"candidates": [world.candidates[1]]}
    assert events(world, "ratings.view") == [(interviewer.id, subject, about)]
    path = f"{world.path}/interviews/{world.interviews[2]}/panel/{colleague.id}/submissions"
    recruiter = world["recruiter"].sign_in()
    assert recruiter.get(path).status_code == 200
    assert events(world, "ratings.view")[1:] == [(recruiter.id, subject, about)]
    manager = world["hiring_manager"].sign_in()
    refused = path.replace(str(world.interviews[2]), str(world.interviews[0]), 1)
    assert manager.get(refused).status_code in {404, 409}
    assert len(events(world, "ratings.view")) == 2


def test_nobody_is_said_to_have_seen_what_was_withheld(world):
    """The first candidate has two rounds: after one of them the others' ratings stay closed."""
    interviewer = world["interviewer"].sign_in()
    assert interviewer.post(world.scorecard(0), world.ratings(0)).status_code == 302
    assert interviewer.get(world.scorecard(0)).status_code == 200
    assert events(world, "ratings.view") == []


def test_the_trail_is_filtered(world):
    administrator = world["administrator"].sign_in()
    page = administrator.get("/trail/").text
    assert "Skapade en rekrytering" in page
    assert "Planerade en intervju" in page
    found = administrator.get("/trail/?action=interview.plan").text
    assert found.count("<tr>") - 1 == 3
    assert "requisition.create" not in found.partition("<tbody>")[2]
    nobody = world["stranger"].id
    assert "Inga händelser hittades" in administrator.get(f"/trail/?person={nobody}").text
    mine = administrator.get(f"/trail/?requisition={world.requisition}&since=2020-01-01").text
    assert "Skapade en rekrytering" in mine
    assert "Inga händelser" in administrator.get("/trail/?until=2020-01-01").text


@pytest.mark.parametrize(
    "query",
    [
        "requisition=99999999999999999999",
        "person=x",
        "action=drop+table",
        "since=i+g%C3%A5r",
        "until=2026-13-01",
        "until=9999-12-31",
        "since=0001-01-01",
        "before=99999999999999999999",
        "before=x",
    ],
)
def test_a_strange_filter_is_told_or_left_alone(world, query):
    administrator = world["administrator"].sign_in()
    answer = administrator.get(f"/trail/?{query}")
    usual = query.startswith("before")
    assert answer.status_code == (200 if usual else 400)
    assert ("Rätta en sak" in answer.text) == (not usual)
    for kind in ("json", "csv"):
        exported = administrator.get(f"/trail/trail.{kind}?{query}")
        assert exported.status_code == answer.status_code
        assert ("Rätta en sak" in exported.text) == (not usual)


def test_the_trail_is_exported_without_formulas(world):
    from recruit.accounts.models import User

    with world.app.app_context(), write():
        db.session.get_one(User, world["recruiter"].id).name = '=HYPERLINK("http://x")'
    administrator = world["administrator"].sign_in()
    answer = administrator.get("/trail/trail.csv?action=interview.plan")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="trail.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert {row["person"] for row in rows} == {'\'=HYPERLINK("http://x")'}
    assert {row["requisition"] for row in rows} == {str(world.requisition)}
    found = administrator.get("/trail/trail.json").json
    assert found[0]["action"] == "audit.export"
    assert found[0]["detail"] == {"kind": "json"}
    chain = [(event["previous_digest"], event["digest"]) for event in reversed(found)]
    assert chain[0][0] == "0" * 64
    assert [before for before, _ in chain[1:]] == [digest for _, digest in chain[:-1]]


def test_a_changed_trail_is_shown(world):
    administrator = world["administrator"].sign_in()
    assert "Alla händelser i loggen stämmer" in administrator.get("/trail/?check=1").text
    with world.app.app_context():
        third = db.session.scalar(sa.select(AuditEvent.id).order_by(AuditEvent.id).offset(2))
        with write():
            db.session.execute(
                sa.update(AuditEvent).where(AuditEvent.id == third).values(subject="user:99")
            )
        db.session.remove()
    page = administrator.get("/trail/?check=1").text
    assert f"Händelse {third} är den första som inte stämmer" in page
    assert "stämmer" not in administrator.get("/trail/").text


def test_the_trail_tells_nothing_of_others_to_whoever_has_yet_to_rate(world):
    """An administrator on a panel would else see when the others begin and submit."""
    with world.app.app_context():
        with write():
            user = db.session.get_one(User, world["interviewer"].id)
            role = db.session.scalar(sa.select(Role).where(Role.name == RoleName.ADMINISTRATOR))
            user.roles.append(role)
        db.session.remove()
    reader = world["interviewer"].sign_in()
    colleague = world["colleague"].sign_in()
    assert colleague.post(world.scorecard(0), world.ratings(0)).status_code == 302
    assert reader.post(world.scorecard(0), world.ratings(0)).status_code == 302
    assert reader.post(world.scorecard(1), world.ratings(1)).status_code == 302
    said = "har en egen bedömning kvar"

    def submitted():
        found = reader.get("/trail/trail.json?action=scorecard.submit").json
        return sorted(event["person"] for event in found)

    assert submitted() == ["Interviewer Prov", "Interviewer Prov"]
    page = reader.get("/trail/?action=scorecard.submit").text
    assert said in page
    assert page.count("Colleague Prov") == 1  # Among the people to choose from.
    assert reader.post(world.scorecard(2), world.ratings(2)).status_code == 302
    assert submitted() == ["Colleague Prov", *["Interviewer Prov"] * 3]
    assert said not in reader.get("/trail/").text
    unconcerned = world["administrator"].sign_in().get("/trail/?action=scorecard.submit").text
    assert unconcerned.count("Colleague Prov") == 3  # Chosen from, who, and whose.


def test_every_action_has_its_words():
    found = set()
    for path in PACKAGE.rglob("*.py"):
        found |= set(
            re.findall(r'\b_?record\w*\(\s*"([a-z_]+\.[a-z_.]+)"', path.read_text("utf-8"))
        )
    assert "scorecard.submit" in found
    assert found - set(trail.ACTIONS) == set()
    assert str(trail.label("guide.swap")) != "guide.swap"


def test_every_event_says_in_words_what_it_is_about():
    """Every kind of subject and every detail that code records has a word."""
    subjects, details = set(), set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and re.match(r"_?record", ast.unparse(node.func)):
                named = {word.arg: ast.unparse(word.value) for word in node.keywords}
                subjects |= set(re.findall(r"^f?'([a-z]+):", named.get("subject", "")))
                details |= named.keys() - {None, "actor_id", "subject", "requisition_id", "about"}
    assert {"candidate", "scorecard"} <= subjects
    assert "owner" in details
    assert subjects - set(trail_words.SUBJECTS) == set()
    assert details - set(trail_words.DETAILS) == set()


def test_every_value_has_its_words(rated):
    """Grounds of erasure, reasons of leaving, and the kind of each document that can be seen."""
    assert {*ErasureGround, *DepartureKind} <= set(trail_words.VALUES)
    recruiter = rated["recruiter"]
    # The onboarding plan is for whom the decision offers the job.
    documents.decide(rated, ("offered", "declined"))
    for path in (*documents.paths(rated).values(), f"{rated.path}/comparison/comparison.pdf"):
        assert recruiter.get(path).status_code == 200, path
    with rated.app.app_context():
        events = db.session.scalars(sa.select(AuditEvent)).all()
        kinds = {event.detail["kind"] for event in events if "kind" in event.detail}
        db.session.remove()
    assert {"own-data", "comparison-xlsx", "plan", "pdf"} <= kinds
    assert kinds - set(trail_words.VALUES) == set()


def test_the_trail_names_competencies(world):
    from recruit.audit.actions import record

    with world.app.app_context(), write():
        for topic in ("autonomy", "_recommendation"):
            record("consensus.agree", actor_id=None, subject="candidate:1", topic=topic)
    page = world["administrator"].sign_in().get("/trail/?action=consensus.agree").text
    assert "punkt: Handlingsutrymme och mandat" in page
    assert "punkt: rekommendation" in page
    assert "autonomy" not in page


def test_the_trail_names_people_and_positions(rated):
    page = rated["administrator"].sign_in().get("/trail/?action=scorecard.submit").text
    assert re.search(r"bedömningsformulär \d+, Enhetschef", page)
    assert "för: Interviewer Prov" in page
    assert "owner" not in page


def test_the_trail_has_pages(world):
    from recruit.audit.actions import record

    with world.app.app_context(), write():
        for number in range(75):
            record("cv.read", actor_id=world["recruiter"].id, subject=f"candidate:{number}")
    administrator = world["administrator"].sign_in()
    first = administrator.get("/trail/?action=cv.read").text
    assert "kandidat 74<" in first
    assert "kandidat 25<" in first
    assert "kandidat 24<" not in first
    link = first.partition('href="/trail/?before=')[2].partition('"')[0].replace("&amp;", "&")
    second = administrator.get(f"/trail/?before={link}").text
    assert "kandidat 24<" in second
    assert "kandidat 25<" not in second
    assert "Äldre händelser" not in second


def test_lists_ask_the_database_as_often_for_many_as_for_few(world):
    from recruit.library import library
    from recruit.requisitions import actions as requisitions

    administrator = world["administrator"].sign_in()
    recruiter = world["recruiter"].sign_in()
    visits = [
        (administrator, "/privacy/"),
        (administrator, "/trail/"),
        (recruiter, f"{world.path}/privacy/"),
        (recruiter, f"{world.path}/privacy/erase"),
        (recruiter, f"{world.path}/candidates/{world.candidates[0]}/erase"),
    ]

    def asked():
        found = []
        for person, path in visits:
            person.get(path)
            with counted(world.app) as statements:
                assert person.get(path).status_code == 200, path
            found.append((path, len(statements)))
        return found

    few = asked()
    grow(world, range(4))
    with world.app.app_context():
        for number in range(5):
            requisitions.create(
                library().roles["head-of-unit-home-care"],
                title=f"Nummer {number}",
                unit="",
                actor_id=world["recruiter"].id,
            )
        assert db.session.scalar(sa.select(sa.func.count(Requisition.id))) == 6
        db.session.remove()
    assert asked() == few
    *others, (_erase_one, asked_of_texts) = few
    assert max(count for _, count in others) <= 25
    # The page before erasing one candidate goes through what is written, once for each table.
    assert asked_of_texts <= 28 + len(tables())
