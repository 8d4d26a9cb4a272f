"""Rater training: exercises, one's own figures, and what a recruiter may ask for and see."""

from __future__ import annotations

import re
import threading

import pytest
from sqlalchemy import select

from recruit.audit.models import AuditEvent
from recruit.database import db
from recruit.library import library
from recruit.scorecards.models import Scorecard
from recruit.training.exercises import exercises
from recruit.training.models import CalibrationRating
from tests.features.test_queries import queries

FIRST = "/training/exercises/autonomy/1"


@pytest.fixture
def rater(world):
    return world["interviewer"].sign_in()


def stored(world, person):
    with world.app.app_context():
        rows = db.session.scalars(
            select(CalibrationRating)
            .where(CalibrationRating.user_id == person.id)
            .order_by(CalibrationRating.id)
        ).all()
        found = [(r.competency, r.exercise, r.attempt, r.rating, r.expert, r.why) for r in rows]
        db.session.remove()
    return found


def rate(person, path=FIRST, rating="2", seen="0", why=""):
    return person.post(path, {"rating": rating, "seen": seen, "why": why})


def do_all(person, competencies, rating="3"):
    for competency in competencies:
        for number in (1, 2):
            answer = rate(person, f"/training/exercises/{competency}/{number}", rating)
            assert answer.status_code == 302, answer.text


def text_of(page):
    """Return what a page says, in one line and without marks."""
    main = page.partition("<main")[2].partition("</main>")[0].partition(">")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def require(world, demand, exercises=""):
    recruiter = world["recruiter"]
    if not recruiter.token:
        recruiter.sign_in()
    answer = recruiter.post(f"{world.path}/training", {"demand": demand, "exercises": exercises})
    assert answer.status_code == 302, answer.text
    return recruiter


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_course_tells_scale_notes_and_errors(rater, language):
    rater.post("/language", {"language": language})
    course = text_of(rater.get("/training/").text)
    for part, key in (
        ("scale", "rater-instructions"),
        ("notes", "note-taking"),
        ("errors", "rating-errors"),
    ):
        script = library().scripts[key]
        assert script.title.in_(language) in course
        page = text_of(rater.get(f"/training/read/{part}").text)
        assert [i.id for i in script.items if i.text.in_(language) not in page] == []
    assert rater.get("/training/read/nothing").status_code == 404


@pytest.mark.parametrize("language", ["sv", "en"])
def test_an_answer_is_rated_before_the_experts_rating_is_told(world, rater, language):
    rater.post("/language", {"language": language})
    content = library().competencies["autonomy"].calibration[0]
    anchors = library().competencies["autonomy"].anchors
    page = text_of(rater.get(FIRST).text)
    assert content.answer.in_(language) in page
    assert all(anchor.in_(language) in page for anchor in anchors.values())
    assert content.reasons.in_(language) not in page
    answer = rate(rater, rating="4", why="Hon nämner  en person.\r\nOch ett datum.")
    assert answer.status_code == 302
    assert stored(world, rater) == [
        ("autonomy", 1, 1, 4, 2, "Hon nämner  en person.\nOch ett datum.")
    ]
    feedback = text_of(rater.get(answer.location).text)
    assert {"sv": "2 steg högre än experten", "en": "2 steps higher than the expert"}[
        language
    ] in feedback
    assert content.reasons.in_(language) in feedback
    assert anchors[4].in_(language) in feedback
    assert anchors[2].in_(language) in feedback
    assert anchors[3].in_(language) not in feedback


def test_a_repeated_try_is_kept_and_the_first_counts(world, rater):
    rate(rater, rating="5")
    again = rate(rater, rating="2", seen="1")
    assert stored(world, rater) == [
        ("autonomy", 1, 1, 5, 2, ""),
        ("autonomy", 1, 2, 2, 2, ""),
    ]
    assert "räknas inte" in text_of(rater.get(again.location).text)
    figures = text_of(rater.get("/training/own").text)
    assert "3 steg högre än experten" in figures
    assert "Samma som experten" not in figures


def test_the_same_page_sent_twice_is_stored_once(world, rater):
    first, again = rate(rater, rating="4"), rate(rater, rating="4")
    assert first.location == again.location
    assert len(stored(world, rater)) == 1


def test_two_windows_at_once_leave_one_first_rating(world, rater):
    barrier = threading.Barrier(2)
    clients = [world.app.test_client() for _ in range(2)]
    for client in clients:
        client.set_cookie("recruit", rater.client.get_cookie("recruit").value)
    answers = []

    def send(number):
        barrier.wait()
        form = {"rating": str(number + 1), "seen": "0", "why": "", "csrf_token": rater.token}
        answers.append(clients[number].post(FIRST, data=form).status_code)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302]
    assert [row[2] for row in stored(world, rater)] == [1, 2]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"rating": "", "seen": "0"},
        {"rating": "0", "seen": "0"},
        {"rating": "6", "seen": "0"},
        {"rating": "3.5", "seen": "0"},
        {"rating": "1; DROP TABLE calibration_rating", "seen": "0"},
        {"rating": "3", "seen": "-1"},
        {"rating": "3", "seen": "many"},
        {"rating": "3", "seen": "0", "why": "x" * 2001},
    ],
)
def test_what_no_page_sends_is_not_stored(world, rater, form):
    answer = rater.post(FIRST, form)
    assert answer.status_code == 400
    assert stored(world, rater) == []
    assert library().competencies["autonomy"].calibration[0].reasons.sv not in answer.text


def test_a_fault_loses_nothing(rater):
    page = rater.post(FIRST, {"seen": "0", "why": "<b>Tänkte</b> \x00länge"}).text
    assert "&lt;b&gt;Tänkte&lt;/b&gt; länge" in page
    assert "Välj ett steg från 1 till 5." in page


@pytest.mark.parametrize(
    "path", ["nothing/1", "autonomy/0", "autonomy/3", "autonomy/99999999999999999999"]
)
def test_exercises_that_do_not_exist(rater, path):
    assert rater.get(f"/training/exercises/{path}").status_code == 404
    assert rate(rater, f"/training/exercises/{path}").status_code == 404


def test_others_ratings_are_not_there(world, rater):
    mine = rate(rater, why="Mitt eget skäl").location
    for name in ("colleague", "recruiter", "administrator", "hiring_manager"):
        person = world[name].sign_in()
        assert person.get(mine).status_code == 404
        assert "Mitt eget skäl" not in person.get("/training/own").text


def test_too_few_exercises_say_nothing_and_six_say_something(rater):
    keys = [item.key for item in exercises()]
    for competency, number in keys[:5]:
        expert = library().competencies[competency].calibration[number - 1].rating
        rate(rater, f"/training/exercises/{competency}/{number}", str(min(5, expert + 1)))
    page = text_of(rater.get("/training/own").text)
    assert "5 övningar är för få" in page
    assert "I snitt" not in page
    competency, number = keys[5]
    rate(rater, f"/training/exercises/{competency}/{number}", "5")
    page = text_of(rater.get("/training/own").text)
    rows = [
        min(5, library().competencies[c].calibration[n - 1].rating + 1)
        - library().competencies[c].calibration[n - 1].rating
        for c, n in keys[:5]
    ]
    competency, number = keys[5]
    rows.append(5 - library().competencies[competency].calibration[number - 1].rating)
    mean = f"{sum(rows) / 6:.1f}".replace(".", ",")
    assert f"I snitt bedömer du {mean} steg högre än experten." in page
    assert "95 %" in page


def test_an_unhurried_rater_is_told_that_it_may_be_chance(rater):
    for number, item in enumerate(exercises()[:8]):
        off = (1, -1)[number % 2]
        path = f"/training/exercises/{item.competency.id}/{item.number}"
        rate(rater, path, str(min(5, max(1, item.content.rating + off))))
    assert "kan mycket väl vara slump" in text_of(rater.get("/training/own").text)


def test_the_recruiter_sees_whether_and_when_and_nothing_else(world, rater):
    do_all(rater, world.competencies[0], "5")
    recruiter = require(world, "round")
    page = text_of(recruiter.get(f"{world.path}/interviews/").text)
    assert page.count("Interviewer Prov gick utbildningen") == 2
    # Colleague and interviewer share three panels; the second round asks about more.
    assert page.count("Colleague Prov har inte gått utbildningen") == 3
    assert page.count("Interviewer Prov har inte gått utbildningen") == 1
    with world.app.app_context():
        trail = db.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "training.rate")
        ).all()
        assert len(trail) == 2 * len(world.competencies[0])
        assert {key for event in trail for key in event.detail} == {
            "competency",
            "exercise",
            "attempt",
        }
        db.session.remove()
    for path in ("/", f"{world.path}/interviews/", f"{world.path}/training", "/training/own"):
        assert "steg högre" not in recruiter.get(path).text
    panel = text_of(rater.get(f"{world.path}/interviews/").text)
    assert "utbildningen" not in panel


def test_nothing_is_required_until_asked_for(world, rater):
    assert rater.post(world.scorecard(0), world.ratings(0)).status_code == 302
    assert "övningar kvar" not in text_of(rater.get("/").text)


def test_what_is_left_is_in_the_to_do_list_and_on_the_interview_page(world, rater):
    require(world, "round")
    left = 2 * len(world.competencies[0])
    todo = text_of(rater.get("/").text)
    assert f"Bedömarutbildning: {left} övningar kvar" in todo
    assert "Gäller Första intervjun" in todo
    page = rater.get(world.scorecard(0))
    assert page.status_code == 200
    assert f"{left} övningar är kvar" in text_of(page.text)
    do_all(rater, world.competencies[0])
    todo = text_of(rater.get("/").text)
    assert "Gäller Första intervjun" not in todo
    assert "Gäller Fördjupande intervju" in todo
    assert "övningar är kvar" not in text_of(rater.get(world.scorecard(0)).text)


def test_submitting_waits_and_nothing_is_lost(world, rater):
    require(world, "round")
    refused = rater.post(world.scorecard(0), world.ratings(0, evidence="Sagt under samtalet."))
    assert refused.status_code == 409
    assert "Allt du skrev är sparat som utkast" in text_of(refused.text)
    with world.app.app_context():
        card = db.session.scalars(select(Scorecard)).one()
        assert (card.state, card.version) == ("draft", 1)
        assert {rating.evidence for rating in card.ratings} == {"Sagt under samtalet."}
        db.session.remove()
    assert "Sagt under samtalet." in rater.get(world.scorecard(0)).text
    saved = rater.post(f"{world.scorecard(0)}draft", world.ratings(0, summary="Mer", version="1"))
    assert saved.status_code == 200
    do_all(rater, world.competencies[0])
    form = world.ratings(0, summary="Mer", version="2")
    assert rater.post(world.scorecard(0), form).status_code == 302
    assert "Inlämnad" in text_of(rater.get(world.scorecard(0)).text)


def test_a_number_of_exercises_may_be_any(world, rater):
    require(world, "count", "3")
    do_all(rater, ["autonomy"])
    assert rater.post(world.scorecard(0), world.ratings(0)).status_code == 409
    rate(rater, "/training/exercises/support/2")
    assert rater.post(world.scorecard(0), world.ratings(0, version="1")).status_code == 302


def test_the_requirement_can_be_lifted(world, rater):
    require(world, "round")
    assert rater.post(world.scorecard(0), world.ratings(0)).status_code == 409
    require(world, "nothing")
    assert rater.post(world.scorecard(0), world.ratings(0, version="1")).status_code == 302


@pytest.mark.parametrize(
    ("demand", "number"),
    [
        ("", ""),
        ("all", ""),
        ("count", ""),
        ("count", "0"),
        ("count", "-3"),
        ("count", "2.5"),
        ("count", "tre"),
        ("count", "٣"),
        ("count", "9" * 400),
    ],
)
def test_a_requirement_that_cannot_be(world, demand, number):
    recruiter = world["recruiter"].sign_in()
    answer = recruiter.post(f"{world.path}/training", {"demand": demand, "exercises": number})
    assert answer.status_code == 400
    rater = world["interviewer"].sign_in()
    assert rater.post(world.scorecard(0), world.ratings(0)).status_code == 302


def test_exercises_of_the_round_come_first_and_the_passed_over_last(world, rater):
    wanted = "?competency=support&competency=nothing"
    page = rater.get(f"/training/{wanted}").text
    assert 'href="/training/exercises/support/1?competency=support"' in page
    assert "/training/exercises/autonomy/1" not in page
    second = rate(rater, f"/training/exercises/support/2{wanted}")
    assert second.location.endswith("?competency=support")
    assert "/training/exercises/support/1?competency=support" in rater.get(second.location).text
    first = rate(rater, f"/training/exercises/support/1{wanted}")
    # All of the round are done: on with the others, from where they are in the library.
    following = rater.get(first.location).text.partition('class="actions"')[2]
    keys = [item.key for item in exercises()]
    competency, number = keys[keys.index(("support", 2)) + 1]
    assert f"/training/exercises/{competency}/{number}?competency=support" in following


def test_as_many_queries_for_many_as_for_few(world, rater):
    recruiter = require(world, "round")
    rate(rater)
    paths = ["/training/", "/training/own", FIRST, "/", world.scorecard(0)]
    few = [queries(world, rater, path) for path in paths]
    few.append(queries(world, recruiter, f"{world.path}/interviews/"))
    do_all(rater, library().competencies)
    do_all(world["colleague"].sign_in(), library().competencies)
    many = [queries(world, rater, path) for path in paths]
    many.append(queries(world, recruiter, f"{world.path}/interviews/"))
    assert many == few
    assert max(few) <= 25
