"""Whoever's account is closed gets no mail; somebody else does, or the page says where to look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from recruit.accounts import actions
from recruit.accounts.models import OneTimeLink, RoleName, User
from recruit.database import db, now, write
from recruit.interviews import actions as interviews
from recruit.interviews.letters import about
from recruit.mail.models import Delivery, DeliveryState
from recruit.privacy.actions import warn
from recruit.reminders.actions import remind
from recruit.requisitions.models import Requisition
from tests.conftest import csrf_token
from tests.features.test_departures import leave
from tests.features.test_submissions import submit


def close(world, *names):
    with world.app.app_context():
        for name in names:
            actions.close_account(world[name].id, actor_id=world["administrator"].id)
        db.session.remove()


def promote(world, name):
    """Make somebody another recruiter."""
    with world.app.app_context():
        actions.set_roles(world[name].id, [RoleName.RECRUITER], actor_id=world["administrator"].id)
        db.session.remove()


def empty_outbox(world):
    with world.app.app_context():
        with write():
            db.session.execute(db.delete(Delivery))
        db.session.remove()


def waiting(world):
    """Return to whom what waits goes, and what it is."""
    with world.app.app_context():
        found = [
            (delivery.address.partition("@")[0], delivery.kind)
            for delivery in db.session.scalars(
                db.select(Delivery)
                .where(Delivery.state == DeliveryState.WAITING)
                .order_by(Delivery.id)
            )
        ]
        db.session.remove()
    return found


def test_what_waits_is_taken_back(world):
    assert ("interviewer", "interview_invitation") in waiting(world)
    before = waiting(world)
    close(world, "interviewer")
    assert waiting(world) == [mail for mail in before if mail[0] != "interviewer"]


def test_a_panel_with_a_closed_account(world):
    """Moved, cancelled, reminded: the colleague is told, and who cannot sign in is not."""
    close(world, "interviewer")
    empty_outbox(world)
    with world.app.app_context():
        interview = db.session.get_one(interviews.Interview, world.interviews[2])
        interviews.change(
            world.requisition,
            interview.id,
            sequence=interview.sequence,
            starts_at=now() + timedelta(hours=1),
            setting=interviews.Setting(
                timezone="Europe/Stockholm",
                place="Rum 4",
                panel=(world["interviewer"].id, world["colleague"].id),
            ),
            actor_id=world["recruiter"].id,
        )
        remind()
        interviews.cancel(world.requisition, interview.id, actor_id=world["recruiter"].id)
        told = db.session.scalars(
            db.select(Delivery.recipient).where(Delivery.about == about(interview.id))
        ).all()
        assert {world["colleague"].id} == {int(one.partition(":")[2]) for one in told}
        db.session.remove()


def test_opened_again_ratings_of_a_closed_account(world):
    submit(world, "interviewer", 0)
    close(world, "interviewer")
    empty_outbox(world)
    path = f"{world.path}/interviews/{world.interviews[0]}/panel/{world['interviewer'].id}/reopen"
    answer = world["recruiter"].sign_in().post(path, {"reason": "Fel kandidat."})
    assert answer.status_code == 302
    assert waiting(world) == []


def test_a_departure_is_told_to_another_recruiter(world):
    promote(world, "stranger")
    close(world, "recruiter")
    empty_outbox(world)
    interviewer = leave(world, "interviewer", 0)
    assert "rekryteraren får mejl" not in interviewer.get("/").text
    assert ("stranger", "panel_departure") in waiting(world)
    assert "recruiter" not in {name for name, _kind in waiting(world)}


def test_a_departure_is_told_to_who_made_the_requisition_when_another_planned(world):
    promote(world, "stranger")
    with world.app.app_context():
        with write():
            interview = db.session.get_one(interviews.Interview, world.interviews[0])
            interview.planned_by_id = world["stranger"].id
        db.session.remove()
    close(world, "stranger")
    empty_outbox(world)
    leave(world, "interviewer", 0)
    assert ("recruiter", "panel_departure") in waiting(world)


def test_where_a_departure_shows_when_nobody_can_be_told(mailing):
    close(mailing, "recruiter")
    interviewer = leave(mailing, "interviewer", 0)
    assert "under ”Platser att fylla”" in interviewer.get("/").text


def test_a_candidate_is_given_somebody_who_answers(world):
    """And the information on privacy names the same person."""
    promote(world, "stranger")
    close(world, "recruiter")
    empty_outbox(world)
    with world.app.app_context():
        with write():
            candidate = db.session.get_one(interviews.Candidate, world.candidates[0])
            candidate.email = "amina@example.org"
        interviews.plan_several(
            world.requisition,
            [interviews.Slot(world.candidates[0], datetime.now(UTC) + timedelta(days=9))],
            interviews.Setting("Europe/Stockholm", "", (world["colleague"].id,), invite=True),
            guide_version_id=world.versions[0],
            actor_id=world["recruiter"].id,
        )
        letter = db.session.scalars(
            db.select(Delivery).where(Delivery.kind == "candidate_invitation")
        ).one()
        assert "Stranger Prov, stranger@example.org" in letter.message["body"]
        assert letter.message["reply_to"] == "stranger@example.org"
        url = letter.message["body"].partition("http://127.0.0.1:5000")[2].split()[0]
        db.session.remove()
    page = world.app.test_client().get(url).text
    assert "Stranger Prov, stranger@example.org" in page
    assert "recruiter@example.org" not in page


def test_a_warning_of_erasure_goes_to_another_recruiter(world):
    promote(world, "stranger")
    close(world, "recruiter")
    empty_outbox(world)
    with world.app.app_context():
        with write():
            db.session.execute(
                db.update(Requisition).values(created_at=now() - timedelta(days=2 * 365 - 9))
            )
        warn()
        warn()
        db.session.remove()
    assert waiting(world) == [("stranger", "retention_warning")]


@pytest.mark.parametrize("path", ["/sign-in/link", "/password/reset"])
def test_no_way_in_by_mail(world, path):
    close(world, "interviewer")
    empty_outbox(world)
    client = world.app.test_client()
    form = {"email": world["interviewer"].email, "csrf_token": csrf_token(client, path)}
    assert client.post(path, data=form).status_code in {200, 302}
    assert waiting(world) == []


def test_a_closed_account_is_not_invited_again(world):
    alva = world["administrator"].sign_in()
    close(world, "interviewer")
    empty_outbox(world)
    answer = alva.post(f"/users/{world['interviewer'].id}/invitation")
    assert answer.status_code == 409
    assert "Kontot är stängt" in answer.text
    assert waiting(world) == []
    with world.app.app_context():
        with pytest.raises(actions.AccountIsClosed), write():
            actions.one_time_link_token(
                db.session.get_one(User, world["interviewer"].id), "invitation"
            )
        assert db.session.scalars(db.select(OneTimeLink)).all() == []
        db.session.remove()


def test_a_closed_account_is_not_taken_into_a_requisition(world):
    close(world, "stranger")
    form = {"name": "Stranger", "email": "stranger@example.org", "role": "interviewer"}
    answer = world["recruiter"].sign_in().post(f"{world.path}/members", form)
    assert answer.status_code == 409
    assert "Kontot med den adressen är stängt" in answer.text
    assert answer.text.count("stranger@example.org") == 1


def test_a_requisition_whose_people_cannot_sign_in_says_so(world):
    """And asks for others, who can sit on a panel."""
    recruiter = world["recruiter"].sign_in()
    ask = "Lägg till rekryterande chef och intervjuare"
    assert ask not in recruiter.get("/").text
    close(world, "interviewer", "colleague", "bystander", "hiring_manager")
    assert recruiter.get(world.path).text.count("Stängt konto") == 4
    assert ask in recruiter.get("/").text
