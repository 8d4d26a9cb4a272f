"""What others wrote and somebody has opened is known, and told of the ratings made after that."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from recruit.audit.models import AuditEvent
from recruit.database import db
from recruit.interviews.models import PanelDeparture
from recruit.scorecards.models import Scorecard, Submission
from tests.features import test_interviews as interviews
from tests.features.test_api import Program
from tests.features.test_submissions import submit
from tests.security.test_noninterference import addresses

SECRET = "Det här hörde bara kollegan"
MARK = "Gjorda efter att andras bedömningar av kandidaten hade öppnats"


def marked(world, number, name):
    """Tell whether the latest submission is marked as made after others' ratings were open."""
    with world.app.app_context():
        found = db.session.scalars(
            db.select(Submission.after_others)
            .join(Submission.scorecard)
            .where(
                Scorecard.interview_id == world.interviews[number],
                Scorecard.user_id == world[name].id,
            )
            .order_by(Submission.number.desc())
        ).first()
        db.session.remove()
    return found


def opened(world, name):
    """Return about whom the person has opened others' ratings, by the trail."""
    with world.app.app_context():
        details = db.session.scalars(
            db.select(AuditEvent.detail).where(AuditEvent.actor_id == world[name].id)
        ).all()
        db.session.remove()
    return {
        candidate
        for detail in details
        for candidate in (detail.get("candidates") or ())
        if isinstance(detail.get("candidates"), list)
    }


def panel_form(world, page, *people):
    """Return the form of a page that gives an interview another panel, and nothing else new."""
    fields = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
    zone = re.search(r'<option selected value="([^"]+)"', page)
    form = {key: fields[key] for key in ("date", "time", "sequence") if key in fields}
    return form | {
        "timezone": zone[1] if zone else "Europe/Stockholm",
        "place": fields.get("place", ""),
        "panel": [str(world[name].id) for name in people],
    }


def seat(world, number, *people):
    """Give an interview the panel; return what the page asked first, if it asked."""
    path = f"{world.path}/interviews/{world.interviews[number]}/change"
    form = panel_form(world, world["recruiter"].get(path).text, *people)
    answer = world["recruiter"].post(path, form)
    if answer.status_code != 302:
        accept = re.search(r'name="accept" value="(\w+)"', answer.text)
        assert accept, answer.text
        assert world["recruiter"].post(path, form | {"accept": accept[1]}).status_code == 302
    # The form has no seconds.
    world.starts[number] = interviews.rows(world)[number]["starts"]
    return "" if answer.status_code == 302 else answer.text


@pytest.fixture
def colleague_has_rated(world):
    """Both candidates are rated by the colleague; the hiring manager is to rate the first only."""
    submit(world, "colleague", 0, evidence=f"{SECRET} om Amina")
    submit(world, "colleague", 2, evidence=f"{SECRET} om Björn")
    world["recruiter"].sign_in()
    world["hiring_manager"].sign_in()
    return world


def test_a_recruiter_who_reads_before_she_sits_again(colleague_has_rated):
    world = colleague_has_rated
    recruiter = world["recruiter"]
    person = {"name": recruiter.name, "email": recruiter.email, "role": "interviewer"}
    assert recruiter.post(f"{world.path}/members", person).status_code == 302
    assert seat(world, 0, "interviewer", "colleague", "recruiter") == ""
    comparison = f"{world.path}/comparison/"
    assert f"{SECRET} om Amina" not in recruiter.get(comparison).text
    assert seat(world, 0, "interviewer", "colleague") == ""
    assert f"{SECRET} om Amina" in recruiter.get(comparison).text
    warned = seat(world, 0, "interviewer", "colleague", "recruiter")
    assert "har öppnat andras bedömningar av Amina" in warned
    submit(world, "recruiter", 0)
    assert marked(world, 0, "recruiter") is True
    assert marked(world, 0, "colleague") is False
    with world.app.app_context():
        kinds = db.session.scalars(db.select(PanelDeparture.kind)).all()
        db.session.remove()
    assert kinds == ["changed"]


def test_a_hiring_manager_who_reads_one_round_and_rates_in_the_next(colleague_has_rated):
    world = colleague_has_rated
    manager = world["hiring_manager"]
    assert SECRET in manager.get(f"{world.path}/comparison/").text
    assert opened(world, "hiring_manager") == {world.candidates[1]}
    path = f"{world.path}/interviews/new"
    form = interviews.form(
        world,
        candidate=str(world.candidates[1]),
        version=str(world.versions[1]),
        panel=[str(manager.id)],
    )
    warned = world["recruiter"].post(path, form)
    assert f"{manager.name} har öppnat andras bedömningar av Björn" in warned.text
    accept = re.search(r'name="accept" value="(\w+)"', warned.text)[1]
    assert world["recruiter"].post(path, form | {"accept": accept}).status_code == 302
    planned = interviews.rows(world)[-1]
    world.interviews.append(planned["id"])
    world.starts.append(planned["starts"])
    world.competencies.append(world.competencies[1])
    submit(world, "hiring_manager", 3)
    assert marked(world, 3, "hiring_manager") is True


def test_who_has_read_nothing_is_not_marked(colleague_has_rated):
    world = colleague_has_rated
    interviewer = world["interviewer"].sign_in()
    for path in ("/", world.path, f"{world.path}/interviews/", f"{world.path}/comparison/"):
        assert SECRET not in interviewer.get(path).text
    assert opened(world, "interviewer") == set()
    submit(world, "interviewer", 0)
    assert marked(world, 0, "interviewer") is False


def test_ones_own_scorecard_is_not_others(colleague_has_rated):
    world = colleague_has_rated
    with world.app.app_context():
        card = db.session.scalars(
            db.select(Scorecard.id).where(Scorecard.interview_id == world.interviews[0])
        ).one()
        db.session.remove()
    here = f"{world.path}/interviews/{world.interviews[0]}"
    assert world["colleague"].get(f"{here}/scorecards/{card}.pdf").status_code == 200
    assert world["colleague"].get(world.scorecard(0)).status_code == 200
    assert opened(world, "colleague") == set()
    assert world["recruiter"].get(f"{here}/scorecards/{card}.pdf").status_code == 200
    assert opened(world, "recruiter") == {world.candidates[0]}


def test_paper_of_somebody_who_has_read(colleague_has_rated):
    world = colleague_has_rated
    manager = world["hiring_manager"]
    assert SECRET in manager.get(f"{world.path}/comparison/").text
    seat(world, 2, "interviewer", "colleague", "hiring_manager")
    path = f"{world.path}/interviews/{world.interviews[2]}/panel/{manager.id}/paper"
    assert world["recruiter"].post(path, world.ratings(2)).status_code == 302
    assert marked(world, 2, "hiring_manager") is True


def test_a_replacement_is_told_of_before_the_seat_is_given(colleague_has_rated):
    world = colleague_has_rated
    here = f"{world.path}/interviews/{world.interviews[2]}"
    world["interviewer"].sign_in().post(f"{here}/step-down", {"kind": "conflict", "reason": ""})
    manager = world["hiring_manager"]
    manager.get(f"{world.path}/comparison/")
    page = world["recruiter"].get(f"{here}/panel/").text
    assert f"{manager.name} (har öppnat andras bedömningar)" in page
    assert f"{world['bystander'].name} (har" not in page
    departure = re.search(r"departures/(\d+)/replace", page)[1]
    answer = world["recruiter"].post(
        f"{here}/departures/{departure}/replace", {"user": str(manager.id)}
    )
    assert answer.status_code == 302
    submit(world, "hiring_manager", 2)
    assert marked(world, 2, "hiring_manager") is True


def test_whatever_shows_others_ratings_leaves_a_reading(colleague_has_rated):
    """Every address that answers with what the colleague wrote, whatever it is for."""
    world = colleague_has_rated
    submit(world, "colleague", 1, evidence=SECRET)
    submit(world, "hiring_manager", 1, evidence="Annat")
    submit(world, "interviewer", 0, evidence="Något")
    submit(world, "interviewer", 1, evidence="Något")
    recruiter = world["recruiter"]
    silent = []
    for method, path in addresses(world.app, world):
        if method != "GET" or path.startswith("/api"):
            continue
        with world.app.app_context():
            before = db.session.scalar(db.select(db.func.count(AuditEvent.id)))
            db.session.remove()
        answer = recruiter.get(path)
        shows = SECRET in answer.get_data().decode("utf-8", "replace")
        answer.close()
        if not shows:
            continue
        with world.app.app_context():
            later = db.session.scalars(
                db.select(AuditEvent.detail).where(AuditEvent.id > before)
            ).all()
            db.session.remove()
        if not any(detail.get("candidates") for detail in later):
            silent.append(path)
    assert silent == []


@pytest.mark.parametrize(
    "path", ["comparison/comparison.pdf", "documents/panel-agreement.pdf", "report.pdf", "api"]
)
def test_documents_and_programs_leave_a_reading_too(colleague_has_rated, path):
    world = colleague_has_rated
    recruiter, first = world["recruiter"], world.candidates[0]
    assert opened(world, "recruiter") == set()
    if path == "api":
        answer = Program(world).get(f"{world.path}/comparison")
    elif path == "report.pdf":
        answer = recruiter.get(f"{world.path}/candidates/{first}/report.pdf")
    else:
        answer = recruiter.get(f"{world.path}/{path}")
    assert answer.status_code == 200
    everybody = {first} if path == "report.pdf" else set(world.candidates)
    assert opened(world, "recruiter") == everybody


def test_what_no_page_showed_is_not_opened(colleague_has_rated):
    """The comparison leaves out what stands in an interview that was cancelled."""
    world = colleague_has_rated
    cancelled = f"{world.path}/interviews/{world.interviews[2]}"
    assert world["recruiter"].post(f"{cancelled}/cancel").status_code == 302
    page = world["hiring_manager"].get(f"{world.path}/comparison/").text
    assert f"{SECRET} om Björn" not in page
    assert opened(world, "hiring_manager") == set()
    read = f"{cancelled}/panel/{world['colleague'].id}/submissions"
    assert f"{SECRET} om Björn" in world["recruiter"].get(read).text
    assert opened(world, "recruiter") == {world.candidates[1]}


@pytest.fixture
def informed(colleague_has_rated):
    """The hiring manager has rated after having read what the colleague wrote."""
    world = colleague_has_rated
    world["hiring_manager"].get(f"{world.path}/comparison/")
    seat(world, 2, "interviewer", "colleague", "hiring_manager")
    submit(world, "hiring_manager", 2, score=5)
    return world


def leaving_out(world, name="hiring_manager"):
    return f"{world.path}/interviews/{world.interviews[2]}/panel/{world[name].id}/leave-out"


def test_it_is_told_on_page_and_in_every_document(informed):
    world = informed
    recruiter, manager = world["recruiter"], world["hiring_manager"]
    here = f"{world.path}/comparison"
    assert MARK in recruiter.get(f"{here}/").text
    told = recruiter.get(f"{here}/comparison.json").json["made_after_others"]
    assert [(one["interviewer"], one["left_out"]) for one in told] == [(manager.name, "")]
    book = openpyxl.load_workbook(io.BytesIO(recruiter.get(f"{here}/comparison.xlsx").data))
    rows = list(book["Efter andras bedömningar"].values)
    assert rows[1][1] == manager.name


def test_left_out_with_a_reason_and_counted_again(informed):
    world = informed
    recruiter = world["recruiter"]
    here = f"{world.path}/comparison"
    assert recruiter.post(leaving_out(world), {"reason": "  "}).status_code == 400
    raters = recruiter.get(f"{here}/comparison.json").json["interviewers"]
    assert len(raters) == 2
    answer = recruiter.post(leaving_out(world), {"reason": "Läste före intervjun."})
    assert answer.status_code == 302
    figures = recruiter.get(f"{here}/comparison.json").json
    assert [one["id"] for one in figures["interviewers"]] == [world["colleague"].name]
    assert "Läste före intervjun." in figures["made_after_others"][0]["left_out"]
    page = recruiter.get(f"{here}/").text
    assert f"räknas inte in i siffrorna, enligt {recruiter.name}" in page
    read = leaving_out(world).replace("leave-out", "submissions")
    assert "Läste före intervjun." in recruiter.get(read).text
    assert recruiter.post(leaving_out(world).replace("leave-out", "count-again")).status_code == 302
    assert len(recruiter.get(f"{here}/comparison.json").json["interviewers"]) == 2
    with world.app.app_context():
        actions = db.session.scalars(db.select(AuditEvent.action)).all()
        db.session.remove()
    assert actions.count("scorecard.leave_out") == actions.count("scorecard.count_again") == 1


def test_independent_ratings_are_not_left_out(informed):
    world = informed
    answer = world["recruiter"].post(leaving_out(world, "colleague"), {"reason": "Passar inte."})
    assert answer.status_code == 409
    assert (
        len(world["recruiter"].get(f"{world.path}/comparison/comparison.json").json["interviewers"])
        == 2
    )


def test_nobody_else_leaves_ratings_out(informed):
    world = informed
    for name in ("hiring_manager", "colleague", "bystander"):
        person = world[name] if world[name].token else world[name].sign_in()
        answer = person.post(leaving_out(world), {"reason": "Vill inte."})
        assert answer.status_code in {403, 404}, name
    assert marked(world, 2, "hiring_manager") is True


def test_opened_again_it_is_judged_anew_and_counts(informed):
    world = informed
    recruiter = world["recruiter"]
    recruiter.post(leaving_out(world), {"reason": "Läste före intervjun."})
    path = leaving_out(world).replace("leave-out", "reopen")
    assert recruiter.post(path, {"reason": "Fel rad."}).status_code == 302
    form = world.ratings(2, score=4) | {"version": "1"}
    assert world["hiring_manager"].post(world.scorecard(2), form).status_code == 302
    assert marked(world, 2, "hiring_manager") is True
    assert len(recruiter.get(f"{world.path}/comparison/comparison.json").json["interviewers"]) == 2
