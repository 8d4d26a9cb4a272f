"""Scorecards: saving, gaps, locking, and two at once."""

from __future__ import annotations

import threading

import pytest

from recruit.database import db
from recruit.scorecards.models import Rating, Scorecard
from recruit.scorecards.queries import labels


@pytest.fixture
def interviewer(world):
    return world["interviewer"].sign_in()


def stored(world, interview, person):
    with world.app.app_context():
        card = db.session.scalar(
            db.select(Scorecard).where(
                Scorecard.interview_id == world.interviews[interview],
                Scorecard.user_id == person.id,
            )
        )
        found = None if card is None else (card.state, card.version, card.summary)
        db.session.remove()
    return found


def test_submitting_twice_changes_nothing_and_says_so(world, interviewer):
    form = world.ratings(0, summary="Först")
    assert interviewer.post(world.scorecard(0), form).status_code == 302
    again = interviewer.post(world.scorecard(0), form | {"summary": "Sedan"})
    assert again.status_code == 409
    assert stored(world, 0, interviewer) == ("submitted", 1, "Först")
    late = interviewer.post(f"{world.scorecard(0)}draft", form | {"summary": "Sedan"})
    assert late.status_code == 409
    assert stored(world, 0, interviewer) == ("submitted", 1, "Först")


@pytest.mark.parametrize(
    ("change", "link"),
    [
        ({"score": ""}, ""),
        ({"score": "4", "evidence_level": "talk"}, "-evidence_level"),
        ({"score": "5", "evidence": ""}, "-evidence"),
        ({"evidence_level": ""}, "-evidence_level"),
        ({"not_assessed_reason": "Tiden tog slut."}, ""),
    ],
)
def test_an_incomplete_scorecard_stays_a_draft(world, interviewer, change, link):
    competency = world.competencies[0][0]
    form = world.ratings(0)
    form |= {f"rating-{competency}-{name}": value for name, value in change.items()}
    answer = interviewer.post(world.scorecard(0), form)
    assert answer.status_code == 422
    assert f'href="#rating-{competency}{link}"' in answer.text
    assert f'id="rating-{competency}{link}"' in answer.text
    assert stored(world, 0, interviewer)[:2] == ("draft", 1)


def test_not_assessed_with_a_reason_is_complete(world, interviewer):
    competency = world.competencies[0][0]
    form = world.ratings(0)
    form |= {
        f"rating-{competency}-score": "",
        f"rating-{competency}-evidence_level": "",
        f"rating-{competency}-evidence": "",
        f"rating-{competency}-not_assessed_reason": "Tiden tog slut.",
    }
    assert interviewer.post(world.scorecard(0), form).status_code == 302
    with world.app.app_context():
        found = db.session.scalar(db.select(Rating.score).where(Rating.competency == competency))
        db.session.remove()
    assert found is None


def test_a_recommendation_is_asked_for(world, interviewer):
    answer = interviewer.post(world.scorecard(0), world.ratings(0, recommendation=""))
    assert answer.status_code == 422
    assert 'href="#recommendation"' in answer.text


def test_autosave_answers_with_version_and_repeats_safely(world, interviewer):
    form = world.ratings(0, summary="Utkast")
    first = interviewer.post(f"{world.scorecard(0)}draft", form)
    assert first.status_code == 200
    assert first.json["version"] == 1
    missed = interviewer.post(f"{world.scorecard(0)}draft", form)
    assert missed.json["version"] == 1
    other = interviewer.post(
        f"{world.scorecard(0)}draft",
        form | {"summary": "Annat fönster"},
        headers={"Accept": "application/json"},
    )
    assert other.status_code == 409
    assert other.json["code"] == "ScorecardConflict"
    assert other.json["version"] == 1
    assert other.json["fields"]["summary"] == "Utkast"
    assert stored(world, 0, interviewer) == ("draft", 1, "Utkast")
    assert interviewer.get(f"{world.scorecard(0)}draft").json["fields"] == other.json["fields"]


def test_a_conflict_without_the_script_shows_both_versions(world, interviewer):
    """What was sent stays in the fields, what is stored stands above; a second send decides."""
    interviewer.post(f"{world.scorecard(0)}draft", world.ratings(0, summary="Sparat här ifrån"))
    late = world.ratings(0, summary="Skickat senare", version="0", action="draft")
    answer = interviewer.post(world.scorecard(0), late)
    assert answer.status_code == 409
    assert "Sparat här ifrån" in answer.text.partition('name="summary"')[0]
    assert "Skickat senare" in answer.text.partition('name="summary"')[2]
    assert stored(world, 0, interviewer) == ("draft", 1, "Sparat här ifrån")
    assert 'name="version" value="1"' in answer.text
    again = interviewer.post(world.scorecard(0), late | {"version": "1"})
    assert again.status_code == 302
    assert stored(world, 0, interviewer) == ("draft", 2, "Skickat senare")


def test_a_draft_that_was_saved_with_an_old_token_is_not_lost(world, interviewer):
    """The token of an earlier session is refused by name, and a fresh one is to be had."""
    interviewer.token = "stale"
    form = world.ratings(0, summary="Utkast")
    json = {"Accept": "application/json"}
    answer = interviewer.post(f"{world.scorecard(0)}draft", form, headers=json)
    assert (answer.status_code, answer.json["code"]) == (400, "CSRFError")
    found = interviewer.get("/session").json
    assert found["person"] == interviewer.id
    interviewer.token = found["csrf_token"]
    assert interviewer.post(f"{world.scorecard(0)}draft", form, headers=json).status_code == 200


def test_a_save_without_a_session_is_told_to_sign_in(world):
    """Not that the token is wrong: it went with the session."""
    client = world.app.test_client()
    json = {"Accept": "application/json"}
    answer = client.post(f"{world.scorecard(0)}draft", data=world.ratings(0), headers=json)
    assert (answer.status_code, answer.json["code"]) == (401, "SignIn")
    assert client.get("/session").json["person"] is None
    page = client.post(world.scorecard(0), data=world.ratings(0))
    assert page.status_code == 302
    assert page.location.startswith("/sign-in?next=")


def test_two_first_saves_at_once_leave_one_scorecard(world):
    """Whichever comes second is told of a conflict; neither is lost without word."""
    world["interviewer"].sign_in()
    clients = [world.app.test_client(), world.app.test_client()]
    cookie = world["interviewer"].client.get_cookie("recruit").value
    for client in clients:
        client.set_cookie("recruit", cookie)
    barrier = threading.Barrier(2)
    answers = []

    def save(number):
        barrier.wait()
        form = world.ratings(0, summary=f"Fönster {number}")
        form["csrf_token"] = world["interviewer"].token
        answers.append(clients[number].post(f"{world.scorecard(0)}draft", data=form).status_code)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409]
    assert stored(world, 0, world["interviewer"])[1] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"version": "-1"},
        {"version": ""},
        {"version": "9" * 30},
        {"recommendation": "kanske"},
    ],
)
def test_values_that_no_page_sends(world, interviewer, change):
    assert interviewer.post(world.scorecard(0), world.ratings(0) | change).status_code == 400
    assert stored(world, 0, interviewer) is None


def test_no_two_people_go_by_one_label():
    """Not even when somebody's own name ends as the labels do: their ratings would be mixed."""
    names = {1: "Anna Ek", 2: "Anna Ek (1)", 3: "Bo Al", 4: "Anna Ek"}
    assert labels(names) == {1: "Anna Ek (2)", 2: "Anna Ek (1)", 3: "Bo Al", 4: "Anna Ek (3)"}


@pytest.mark.parametrize("score", ["0", "6", "4.5", "fyra", "1; DROP TABLE rating"])
def test_scores_off_the_scale(world, interviewer, score):
    competency = world.competencies[0][0]
    form = world.ratings(0) | {f"rating-{competency}-score": score}
    assert interviewer.post(world.scorecard(0), form).status_code == 400
    assert stored(world, 0, interviewer) is None


def test_hostile_text_comes_back_as_text(world, interviewer):
    text = "<script>alert(1)</script> \"' {{ 7*7 }} \x00 å🙂"
    interviewer.post(world.scorecard(0), world.ratings(0, evidence=text))
    page = interviewer.get(world.scorecard(0)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page


def test_a_cancelled_interview_takes_nothing(world, interviewer):
    recruiter = world["recruiter"].sign_in()
    recruiter.post(f"{world.path}/interviews/{world.interviews[0]}/cancel")
    assert interviewer.post(world.scorecard(0), world.ratings(0)).status_code == 409
    assert stored(world, 0, interviewer) is None


def test_only_the_panel_fills_in(world):
    for name in ("bystander", "recruiter", "hiring_manager", "administrator"):
        person = world[name].sign_in()
        assert person.get(world.scorecard(0)).status_code in {403, 404}
        assert person.post(world.scorecard(0), world.ratings(0)).status_code in {403, 404}
        assert stored(world, 0, person) is None
