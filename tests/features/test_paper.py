"""What an interviewer wrote on paper, entered by the recruiter and marked as such."""

from __future__ import annotations

import pytest

from recruit.database import db
from recruit.interviews.models import PanelMember
from recruit.scorecards.models import Scorecard


def paper(world, number, name):
    return f"{world.path}/interviews/{world.interviews[number]}/panel/{world[name].id}/paper"


def card(world, number, name):
    with world.app.app_context():
        found = db.session.scalar(
            db.select(Scorecard).where(
                Scorecard.interview_id == world.interviews[number],
                Scorecard.user_id == world[name].id,
            )
        )
        marks = (
            None
            if found is None
            else (
                found.state,
                found.entered_by_id,
                [submission.entered_by_id for submission in found.submissions],
            )
        )
        db.session.remove()
    return marks


def test_entered_by_the_recruiter_and_marked(world):
    recruiter = world["recruiter"].sign_in()
    page = recruiter.get(paper(world, 0, "interviewer"))
    assert "Du matar in det Interviewer Prov har skrivit på papper." in page.text
    form = world.ratings(0, evidence="Från papperet.")
    assert recruiter.post(paper(world, 0, "interviewer"), form).status_code == 302
    assert card(world, 0, "interviewer") == ("submitted", recruiter.id, [recruiter.id])
    own = world["interviewer"].sign_in().get(world.scorecard(0)).text
    assert "Från papperet." in own
    assert "Inmatat från ditt papper av Recruiter Prov." in own
    kept = recruiter.get(paper(world, 0, "interviewer").replace("/paper", "/submissions")).text
    assert "Inmatat från papper av Recruiter Prov" in kept


def test_the_same_rules_hold_on_paper(world):
    recruiter = world["recruiter"].sign_in()
    competency = world.competencies[0][0]
    form = world.ratings(0) | {
        f"rating-{competency}-score": "4",
        f"rating-{competency}-evidence_level": "talk",
    }
    answer = recruiter.post(paper(world, 0, "interviewer"), form)
    assert answer.status_code == 422
    assert f'href="#rating-{competency}-evidence_level"' in answer.text
    assert card(world, 0, "interviewer") == ("draft", recruiter.id, [])


def test_an_interviewers_own_draft_is_not_shown_nor_overwritten(world):
    interviewer = world["interviewer"].sign_in()
    form = world.ratings(0, evidence="Bara min.", action="draft")
    assert interviewer.post(world.scorecard(0), form).status_code == 302
    recruiter = world["recruiter"].sign_in()
    for answer in (
        recruiter.get(paper(world, 0, "interviewer")),
        recruiter.get(f"{paper(world, 0, 'interviewer')}/draft"),
        recruiter.post(paper(world, 0, "interviewer"), world.ratings(0, version="1")),
        recruiter.post(f"{paper(world, 0, 'interviewer')}/draft", world.ratings(0, version="1")),
    ):
        assert answer.status_code == 409
        assert "Bara min." not in answer.text
    assert card(world, 0, "interviewer") == ("draft", None, [])


def test_the_interviewer_takes_over_what_was_begun_from_paper(world):
    recruiter = world["recruiter"].sign_in()
    form = world.ratings(0, summary="Inmatat")
    draft = f"{paper(world, 0, 'interviewer')}/draft"
    assert recruiter.post(draft, form).json["version"] == 1
    interviewer = world["interviewer"].sign_in()
    assert "Inmatat" in interviewer.get(world.scorecard(0)).text
    mine = world.ratings(0, summary="Mitt", version="1")
    assert interviewer.post(f"{world.scorecard(0)}draft", mine).status_code == 200
    late = recruiter.post(draft, world.ratings(0, summary="Sent", version="2"))
    assert late.status_code == 409
    assert card(world, 0, "interviewer") == ("draft", None, [])


def test_nothing_is_entered_over_a_submitted_scorecard(world):
    interviewer = world["interviewer"].sign_in()
    assert interviewer.post(world.scorecard(0), world.ratings(0)).status_code == 302
    recruiter = world["recruiter"].sign_in()
    assert recruiter.get(paper(world, 0, "interviewer")).status_code == 409
    answer = recruiter.post(paper(world, 0, "interviewer"), world.ratings(0, version="1"))
    assert answer.status_code == 409
    assert card(world, 0, "interviewer") == ("submitted", None, [None])


def test_whoever_is_not_on_the_panel_has_no_paper(world):
    recruiter = world["recruiter"].sign_in()
    for name in ("bystander", "stranger", "hiring_manager"):
        assert recruiter.get(paper(world, 0, name)).status_code == 404
        assert recruiter.post(paper(world, 0, name), world.ratings(0)).status_code == 404
        assert card(world, 0, name) is None


@pytest.fixture
def recruiter_on_panel(world):
    """The recruiter sits on the second panel of the first candidate."""
    with world.app.app_context():
        db.session.add(PanelMember(interview_id=world.interviews[1], user_id=world["recruiter"].id))
        db.session.commit()
        db.session.remove()
    return world["recruiter"].sign_in()


def test_the_blind_rule_holds_for_whoever_enters(world, recruiter_on_panel):
    """Paper is others' ratings: a recruiter who has yet to rate the candidate may not see it."""
    form = world.ratings(0, evidence="Från papperet.")
    for path in (paper(world, 0, "interviewer"), f"{paper(world, 0, 'interviewer')}/draft"):
        assert recruiter_on_panel.get(path).status_code == 409
        assert recruiter_on_panel.post(path, form).status_code == 409
    assert card(world, 0, "interviewer") is None
    own = recruiter_on_panel.post(world.scorecard(1), world.ratings(1))
    assert own.status_code == 302
    assert recruiter_on_panel.post(paper(world, 0, "interviewer"), form).status_code == 302
