"""Candidates: editing, finding, and CVs that only some may read."""

from __future__ import annotations

import io
import zipfile
from urllib.parse import unquote

import pikepdf
import pytest

from recruit.audit.models import AuditEvent
from recruit.candidates import actions
from recruit.candidates.models import Candidate, Cv
from recruit.database import db
from tests.locks import at_once


def candidate_rows(world):
    with world.app.app_context():
        found = db.session.execute(
            db.select(Candidate.name, Candidate.email, Candidate.internal, Candidate.state)
            .where(Candidate.requisition_id == world.requisition)
            .order_by(Candidate.id)
        ).all()
        db.session.remove()
    return [tuple(row) for row in found]


def path(world, number=0):
    return f"{world.path}/candidates/{world.candidates[number]}"


def test_editing(world, recruiter):
    form = {"name": " Amina  Ny ", "email": "amina@example.org", "internal": "y"}
    assert recruiter.post(path(world), form).status_code == 302
    assert candidate_rows(world)[0] == ("Amina Ny", "amina@example.org", True, "active")
    page = recruiter.get(path(world)).text
    assert 'value="amina@example.org"' in page


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\r\n\t"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "Amina", "email": "fel"}, "email"),
        ({"name": "BJÖRN FIKTIV"}, "name"),
    ],
)
def test_a_faulty_edit_changes_nothing(world, recruiter, form, field):
    before = candidate_rows(world)
    answer = recruiter.post(path(world), form)
    assert answer.status_code == 400
    assert f'href="#{field}"' in answer.text
    assert candidate_rows(world) == before


def test_the_same_candidate_added_twice_at_once(world):
    def add():
        return actions.add(
            world.requisition,
            name="Cleo Påhitt",
            email="",
            internal=False,
            actor_id=world["recruiter"].id,
        ).name

    found = at_once(world, "requisition", add, add)
    assert sorted(map(str, found)) == ["", "Cleo Påhitt"]
    assert {type(one) for one in found} == {str, actions.CandidateExists}


def test_names_are_the_same_whatever_their_case(world, recruiter):
    form = {"name": "Åsa Öberg", "email": ""}
    assert recruiter.post(f"{world.path}/candidates/", form).status_code == 302
    again = {"name": "ÅSA ÖBERG", "email": ""}
    assert recruiter.post(f"{world.path}/candidates/", again).status_code == 400


def test_finding_and_leafing(world, recruiter):
    from recruit.candidates.queries import PAGE

    with world.app.app_context():
        db.session.add_all(
            Candidate(
                requisition_id=world.requisition, name=f"Åsa {n:03}", email=f"a{n}@example.org"
            )
            for n in range(PAGE + 5)
        )
        db.session.commit()
        db.session.remove()
    index = f"{world.path}/candidates/"
    page = recruiter.get(index).text
    assert f"{PAGE + 7} kandidater" in page
    assert "Sida 1 av 2" in page
    assert "Åsa 054" not in page
    assert "Åsa 054" in recruiter.get(f"{index}?page=2").text
    assert "Sida 2 av 2" in recruiter.get(f"{index}?page=999").text
    found = recruiter.get(f"{index}?q=åSA+01").text
    assert found.count("Åsa 01") >= 10
    assert "10 av 57 kandidater" in found
    assert "Inga kandidater hittades" in recruiter.get(f"{index}?q=%25").text
    assert "1 av 57" in recruiter.get(f"{index}?q=A33@example").text
    assert recruiter.get(f"{index}?page=x&q=%00").status_code == 200


def pdf():
    content = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(content)
    return content.getvalue()


def locked_pdf():
    content = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(content, encryption=pikepdf.Encryption(owner="a", user="b"))
    return content.getvalue()


def packed(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


TYPES = '<Types><Override ContentType="application/vnd.ms-word.document{}+xml"/></Types>'
DOCX = packed(**{"[Content_Types].xml": TYPES.format(".main"), "word/document.xml": "<w/>"})
MACROS = packed(
    **{"[Content_Types].xml": TYPES.format(".macroEnabled"), "word/document.xml": "<w/>"}
)
HIDDEN_MACROS = packed(
    **{
        "[Content_Types].xml": TYPES.format(".main"),
        "word/document.xml": "<w/>",
        "word/vbaProject.bin": "x",
    }
)


def attach(world, data, name="cv.pdf", number=0):
    answer = world["recruiter"].post(
        f"{path(world, number)}/cv", {"file": (io.BytesIO(data), name)}
    )
    # What the test client itself keeps of a large request.
    answer.request.environ["wsgi.input"].close()
    return answer


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (pdf(), "cv.pdf", "application/pdf"),
        (pdf(), "what.ever", "application/pdf"),
        (
            DOCX,
            "cv.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_a_cv_comes_back_as_a_file_to_save(world, recruiter, data, name, kind):
    assert attach(world, data, name).status_code == 302
    answer = recruiter.get(f"{path(world)}/cv")
    assert answer.data == data
    assert answer.mimetype == kind
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_name_of_the_file_is_the_candidates(world, recruiter):
    recruiter.post(path(world), {"name": 'Åsa "../Öberg"\r\n; x', "email": ""})
    attach(world, pdf(), '../../"evil\r\nname".html')
    disposition = recruiter.get(f"{path(world)}/cv").headers["Content-Disposition"]
    name = unquote(disposition.partition("filename*=UTF-8''")[2])
    assert name == "CV Åsa Öberg x.pdf"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Filen är tom"),
        (b"<html><script>alert(1)</script>", "varken PDF eller Word"),
        (b"%PDF-1.7 but no more", "skadad"),
        (locked_pdf(), "låst med lösenord"),
        (packed(**{"xl/workbook.xml": "x"}), "varken PDF eller Word"),
        (DOCX[:-30], "skadad"),
        (MACROS, "makron"),
        (HIDDEN_MACROS, "makron"),
        (pdf() + b"\x00" * (10 * 1024 * 1024), "större än 10 megabyte"),
    ],
    ids=[
        "empty",
        "html",
        "broken-pdf",
        "locked",
        "xlsx",
        "broken-docx",
        "macros",
        "hidden-macros",
        "large",
    ],
)
def test_a_file_that_is_no_cv_is_refused_by_its_content(world, recruiter, data, said):
    answer = attach(world, data)
    assert answer.status_code == 400
    assert said in answer.text
    with world.app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Cv)) == 0
        db.session.remove()


def test_a_request_larger_than_a_cv_is_told_its_limit(world, recruiter):
    answer = attach(world, b"%PDF-" + b"x" * (11 * 1024 * 1024))
    assert answer.status_code == 413
    assert "10 megabyte" in answer.text


def test_no_file_at_all(world, recruiter):
    answer = recruiter.post(f"{path(world)}/cv", {})
    assert answer.status_code == 400
    assert "Välj en fil först." in answer.text


def test_a_new_cv_replaces_the_old_and_can_be_deleted(world, recruiter):
    attach(world, pdf())
    attach(world, DOCX)
    assert recruiter.get(f"{path(world)}/cv").data == DOCX
    assert recruiter.get(f"{path(world)}/cv/remove").status_code == 200
    assert recruiter.get(f"{path(world)}/cv").data == DOCX
    assert recruiter.post(f"{path(world)}/cv/remove").status_code == 302
    assert recruiter.post(f"{path(world)}/cv/remove").status_code == 302
    assert recruiter.get(f"{path(world)}/cv").status_code == 404


def test_who_may_read_a_cv(world, recruiter):
    """Recruiter, hiring manager, and the candidate's own panel; nobody else on the requisition."""
    attach(world, pdf())
    answers = {
        name: world[name].sign_in().get(f"{path(world)}/cv").status_code
        for name in (
            "hiring_manager",
            "interviewer",
            "colleague",
            "bystander",
            "administrator",
            "stranger",
        )
    }
    assert answers == {
        "hiring_manager": 200,
        "interviewer": 200,
        "colleague": 200,
        "bystander": 403,
        "administrator": 404,
        "stranger": 404,
    }
    link = f'href="{path(world)}/cv"'
    assert link in world["interviewer"].get(f"{world.path}/interviews/").text
    assert link not in world["bystander"].get(f"{world.path}/interviews/").text


def test_a_cancelled_interview_gives_no_cv(world, recruiter):
    attach(world, pdf(), number=1)
    interviewer = world["interviewer"].sign_in()
    assert interviewer.get(f"{path(world, 1)}/cv").status_code == 200
    recruiter.post(f"{world.path}/interviews/{world.interviews[2]}/cancel")
    assert interviewer.get(f"{path(world, 1)}/cv").status_code == 403


def test_every_reading_of_a_cv_is_in_the_trail(world, recruiter):
    attach(world, pdf())
    for name in ("interviewer", "hiring_manager", "bystander"):
        world[name].sign_in().get(f"{path(world)}/cv")
    with world.app.app_context():
        readings = db.session.execute(
            db.select(AuditEvent.actor_id, AuditEvent.subject)
            .where(AuditEvent.action == "cv.read")
            .order_by(AuditEvent.id)
        ).all()
        db.session.remove()
    subject = f"candidate:{world.candidates[0]}"
    assert [tuple(row) for row in readings] == [
        (world["interviewer"].id, subject),
        (world["hiring_manager"].id, subject),
    ]


@pytest.mark.parametrize("address", ["AMINA@example.org", "amina@ex\u200bample.org"])
def test_an_address_that_is_there_is_refused_with_who_has_it(world, address):
    recruiter = world["recruiter"].sign_in()
    path = f"{world.path}/candidates/"
    first = recruiter.get(path).text.count("/candidates/")
    recruiter.post(path, {"name": "Amina Ny", "email": "amina@example.org"})
    answer = recruiter.post(path, {"name": "Någon Annan", "email": address})
    assert answer.status_code == 400
    assert "är redan här, med samma adress" in answer.text
    assert "Någon Annan" not in recruiter.get(path).text
    assert first


def test_a_name_that_is_nearly_there_is_told_of(world):
    recruiter = world["recruiter"].sign_in()
    path = f"{world.path}/candidates/"
    answer = recruiter.post(path, {"name": "Exempel, AMÍNA"}, follow_redirects=True)
    assert "nästan samma namn här: Amina Exempel" in answer.text
    answer = recruiter.post(path, {"name": "Nils Helt-Annan"}, follow_redirects=True)
    assert "nästan samma namn" not in answer.text


def test_a_name_is_stored_as_it_reads(world):
    recruiter = world["recruiter"].sign_in()
    path = f"{world.path}/candidates/"
    answer = recruiter.post(
        path, {"name": "A\u030asa\u00a0O\u0308\u200bberg"}, follow_redirects=True
    )
    assert "Åsa Öberg" in answer.text
