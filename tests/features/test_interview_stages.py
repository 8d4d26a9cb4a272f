"""An interview's state follows the clock, and submitting ahead of it asks first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from recruit.database import db, write
from recruit.interviews.models import Interview, InterviewStage, PanelDeparture
from recruit.scorecards.models import Scorecard, Submission
from tests.features import test_interviews as interviews
from tests.features.test_paper import paper
from tests.features.test_training import text_of
from tests.locks import at_once


def place(world, number, **begins):
    """Let an interview begin that long from now."""
    starts_at = datetime.now(UTC) + timedelta(**begins)
    with world.app.app_context():
        with write():
            db.session.get_one(Interview, world.interviews[number]).starts_at = starts_at
        db.session.remove()
    world.starts[number] = starts_at


def card(world, number, name):
    with world.app.app_context():
        row = db.session.execute(
            sa.select(Scorecard.state, Scorecard.version, Submission.before_start)
            .outerjoin(Submission, Submission.scorecard_id == Scorecard.id)
            .where(
                Scorecard.interview_id == world.interviews[number],
                Scorecard.user_id == world[name].id,
            )
        ).one_or_none()
        db.session.remove()
    return row


@pytest.mark.parametrize(
    ("begins", "stage"),
    [
        ({"days": 1}, InterviewStage.PLANNED),
        ({"minutes": -1}, InterviewStage.UNDER_WAY),
        ({"days": -1}, InterviewStage.HELD),
    ],
)
@pytest.mark.parametrize("submitted", [True, False])
def test_only_the_clock_holds_an_interview(world, begins, stage, submitted):
    place(world, 0, **begins)
    if submitted:
        panel = world["interviewer"].sign_in()
        assert panel.post(world.scorecard(0), world.ratings(0)).status_code == 302
    with world.app.app_context():
        assert db.session.get_one(Interview, world.interviews[0]).stage == stage
        db.session.remove()
    page = text_of(world["recruiter"].sign_in().get(f"{world.path}/interviews/").text)
    assert ("Genomförd" in page) == (stage == InterviewStage.HELD)
    assert ("1 av 2 inlämnade" in page) == submitted


@pytest.mark.parametrize("by", ["interviewer", "recruiter"])
def test_submitting_ahead_asks_first_and_keeps_every_text(world, by):
    place(world, 0, days=2)
    person = world[by].sign_in()
    address = world.scorecard(0) if by == "interviewer" else paper(world, 0, "interviewer")
    form = world.ratings(0, evidence="Ännu inte hört.")
    mark = form.pop("ahead_of")
    for wrong in ({}, {"ahead_of": ""}, {"ahead_of": "x"}, {"ahead_of": str(int(mark) + 60)}):
        answer = person.post(address, form | wrong)
        assert answer.status_code == 409
        assert "Vill du lämna in ändå?" in answer.text
        assert "Ännu inte hört." in answer.text
        state, version, _before = card(world, 0, "interviewer")
        assert state == "draft"
    answer = person.post(address, form | {"version": str(version), "ahead_of": mark})
    assert answer.status_code == 302
    assert card(world, 0, "interviewer")[::2] == ("submitted", True)


def test_an_interview_that_has_begun_asks_nothing(world):
    place(world, 0, minutes=-1)
    form = world.ratings(0)
    form.pop("ahead_of")
    panel = world["interviewer"].sign_in()
    assert panel.post(world.scorecard(0), form).status_code == 302
    assert card(world, 0, "interviewer")[::2] == ("submitted", False)


def test_a_draft_is_saved_ahead_without_a_question(world):
    place(world, 0, days=2)
    panel = world["interviewer"].sign_in()
    form = world.ratings(0, evidence="Förberett.")
    form.pop("ahead_of")
    assert panel.post(f"{world.scorecard(0)}draft", form).status_code == 200
    again = form | {"action": "draft", "version": "1"}
    assert panel.post(world.scorecard(0), again).status_code == 302
    assert card(world, 0, "interviewer").state == "draft"


def change(world, **changes):
    form = interviews.form(world, panel=[str(m) for m in panel_of(world)]) | changes
    form["sequence"] = str(interviews.rows(world)[0]["sequence"])
    path = f"{world.path}/interviews/{world.interviews[0]}/change"
    answer = world["recruiter"].post(path, form)
    if answer.status_code == 409 and 'name="accept"' in answer.text:
        answer = interviews.accept(world, path, answer, form)
    return answer


def panel_of(world):
    return interviews.rows(world)[0]["panel"]


@pytest.mark.parametrize("reopened", [True, False])
def test_after_one_submission_the_interview_can_still_be_mended(world, reopened):
    recruiter = world["recruiter"].sign_in()
    panel = world["interviewer"].sign_in()
    assert panel.post(world.scorecard(0), world.ratings(0)).status_code == 302
    here = f"{world.path}/interviews/{world.interviews[0]}"
    if reopened:
        path = f"{here}/panel/{panel.id}/reopen"
        assert recruiter.post(path, {"reason": "Fel."}).status_code == 302
    seated = [str(panel.id), str(world["bystander"].id)]
    assert change(world, panel=seated, place="Rum 9").status_code == 302
    row = interviews.rows(world)[0]
    assert (row["place"], row["panel"]) == ("Rum 9", [panel.id, world["bystander"].id])
    with world.app.app_context():
        left = db.session.scalars(sa.select(PanelDeparture)).one()
        assert left.user_id == world["colleague"].id
        db.session.remove()
    page = text_of(recruiter.get(f"{world.path}/interviews/").text)
    assert ("1 av 2 inlämnade" in page) == (not reopened)
    # Who has submitted stays attributed, and so stays on the panel.
    assert change(world, panel=[str(world["bystander"].id)]).status_code == 409
    assert "bekräft" not in recruiter.get(f"{here}/cancel").text
    assert recruiter.post(f"{here}/cancel").status_code == 302
    assert card(world, 0, "interviewer").state == ("reopened" if reopened else "submitted")


def test_a_cancelled_interview_says_so_and_gives_the_text_back(world):
    panel = world["interviewer"].sign_in()
    here = f"{world.path}/interviews/{world.interviews[0]}"
    assert world["recruiter"].sign_in().post(f"{here}/cancel").status_code == 302
    answer = panel.post(world.scorecard(0), world.ratings(0, evidence="Skrivet förgäves."))
    assert answer.status_code == 409
    assert "Skrivet förgäves." in answer.text
    assert "Intervjun är inställd" in answer.text
    assert "hann före" not in answer.text


def test_cancelling_while_somebody_submits_has_one_outcome(world):
    panel, recruiter = world["interviewer"].sign_in(), world["recruiter"].sign_in()
    here = f"{world.path}/interviews/{world.interviews[0]}"
    submitted, cancelled = at_once(
        world,
        "requisition",
        partial(panel.post, world.scorecard(0), world.ratings(0, evidence="Samtidigt.")),
        partial(recruiter.post, f"{here}/cancel"),
    )
    assert cancelled.status_code == 302
    assert submitted.status_code in {302, 409}
    stored = card(world, 0, "interviewer")
    if submitted.status_code == 302:
        assert stored.state == "submitted"
    else:
        assert stored is None
        assert "Samtidigt." in submitted.text


def test_moving_while_somebody_submits_asks_for_the_new_time(world):
    place(world, 0, days=2)
    panel = world["interviewer"].sign_in()
    world["recruiter"].sign_in()
    form = world.ratings(0)
    submitted, moved = at_once(
        world,
        "requisition",
        partial(panel.post, world.scorecard(0), form),
        partial(change, world),
    )
    assert moved.status_code == 302
    assert submitted.status_code in {302, 409}
    stored = card(world, 0, "interviewer")
    assert stored.state == ("submitted" if submitted.status_code == 302 else "draft")
