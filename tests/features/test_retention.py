"""When a requisition is erased: after two years, another day, or not as long as a dispute lasts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from recruit.audit.models import AuditEvent
from recruit.candidates.models import Candidate
from recruit.database import db, write
from recruit.mail.models import Delivery
from recruit.privacy import actions, queries
from recruit.privacy.models import PrivacyRecord
from tests.conftest import world_with
from tests.features.erasure import LATER, grow_old, run_job, states


def test_it_is_not_erased_before_its_time(world):
    recruiter = world["recruiter"].sign_in()
    answer = recruiter.post(f"{world.path}/privacy/erase")
    assert answer.status_code == 409
    assert "Uppgifterna ska sparas längre" in answer.text
    page = recruiter.get(f"{world.path}/privacy/erase").text
    assert "Radera för gott" not in page
    with world.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Candidate.id))) == 2
        db.session.remove()


def test_a_hold_set_meanwhile_stops_it(world):
    grow_old(world)
    recruiter = world["recruiter"].sign_in()
    assert "Radera för gott" in recruiter.get(f"{world.path}/privacy/erase").text
    administrator = world["administrator"].sign_in()
    told = administrator.post(f"{world.path}/privacy/hold", {"hold_reason": "Prövas i domstol."})
    assert told.status_code == 302
    answer = recruiter.post(f"{world.path}/privacy/erase")
    assert answer.status_code == 409
    assert "rättsligt stopp" in answer.text.lower()
    path = f"{world.path}/candidates/{world.candidates[0]}/erase"
    assert recruiter.post(path, {"ground": "objection"}).status_code == 409
    assert "Prövas i domstol." in recruiter.get(f"{world.path}/privacy/").text
    assert recruiter.post(f"{world.path}/privacy/release").status_code == 302
    assert recruiter.post(f"{world.path}/privacy/release").status_code == 302
    assert recruiter.post(f"{world.path}/privacy/erase").status_code == 302
    assert recruiter.post(f"{world.path}/privacy/erase").status_code == 410
    with world.app.app_context():
        done = [
            e.action
            for e in db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id))
            if e.action.startswith("privacy.") or e.action.endswith(".erase")
        ]
        db.session.remove()
    assert done == ["privacy.hold", "privacy.release", "requisition.erase"]


def test_it_is_erased_by_itself_a_month_after_the_warning(database):
    with world_with(database, erase_when_due=True) as world:
        grow_old(world)
        with world.app.app_context(), write():
            db.session.execute(sa.delete(Delivery))
        for _ in range(2):
            run_job(world.app)
        assert states(world.app) == ["open"]
        with world.app.app_context():
            letter = db.session.scalars(sa.select(Delivery)).one()
            assert letter.address == "recruiter@example.org"
            assert letter.message["subject"] == "Raderas snart: Enhetschef"
            assert "4 maj 2025" in letter.message["body"]
            assert f"{world.path}/privacy/" in letter.message["body"]
            with write():
                kept = db.session.get_one(PrivacyRecord, world.requisition)
                kept.warned_at -= timedelta(days=29)
            db.session.remove()
        run_job(world.app)
        assert states(world.app) == ["open"]
        with world.app.app_context(), write():
            db.session.get_one(PrivacyRecord, world.requisition).warned_at -= timedelta(days=2)
        run_job(world.app)
        run_job(world.app)
        assert states(world.app) == ["erased"]
        with world.app.app_context():
            event = db.session.scalar(
                sa.select(AuditEvent).where(AuditEvent.action == "requisition.erase")
            )
            assert event.actor_id is None
            assert db.session.scalar(sa.select(sa.func.count(Delivery.id))) == 0
            db.session.remove()


def test_another_day_is_warned_of_anew(database):
    with world_with(database, erase_when_due=True) as world:
        grow_old(world)
        run_job(world.app)
        with world.app.app_context():
            with write():
                kept = db.session.get_one(PrivacyRecord, world.requisition)
                kept.warned_at -= timedelta(days=40)
            actions.keep_until(
                world.requisition,
                queries.today() - timedelta(days=1),
                reason="Tidigare",
                actor_id=world["recruiter"].id,
            )
            db.session.remove()
        run_job(world.app)
        assert states(world.app) == ["open"]


def test_nothing_is_erased_by_itself_unless_it_is_wanted(world):
    grow_old(world)
    run_job(world.app)
    assert states(world.app) == ["open"]
    page = world["administrator"].sign_in().get("/privacy/").text
    assert "1 rekrytering ska raderas" in page
    assert "Öppna den" in page


@pytest.mark.parametrize(
    ("created", "decided", "until"),
    [
        (datetime(2024, 3, 1, 12, tzinfo=UTC), None, date(2026, 3, 1)),
        (datetime(2024, 2, 29, 12, tzinfo=UTC), None, date(2026, 3, 1)),
        # Half past eleven in the evening in London is the next day in Stockholm.
        (datetime(2024, 6, 30, 22, 30, tzinfo=UTC), None, date(2026, 7, 1)),
        (
            datetime(2024, 3, 1, 12, tzinfo=UTC),
            datetime(2024, 9, 9, 12, tzinfo=UTC),
            date(2026, 9, 9),
        ),
    ],
)
def test_two_years_after_the_decision_or_the_beginning(app, created, decided, until):
    with app.app_context():
        assert queries.rule(created, decided) == until


def test_a_decision_moves_the_day(world):
    from recruit.audit.actions import record

    grow_old(world)
    with world.app.app_context():
        assert queries.retention(world.requisition).until == date(2025, 5, 4)
        with write():
            record(
                "decision.make",
                actor_id=world["recruiter"].id,
                subject=f"requisition:{world.requisition}",
                requisition_id=world.requisition,
            )
        found = queries.retention(world.requisition)
        assert found.until.year == queries.today().year + 2
        assert not found.is_due
        db.session.remove()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"until": "", "reason": "Ja"}, "Välj en dag"),
        ({"until": "i morgon", "reason": "Ja"}, "Välj en dag"),
        ({"until": "2020-01-01", "reason": "Ja"}, "Välj i dag eller en senare dag"),
        ({"until": "9999-12-31", "reason": "Ja"}, "inom 30 år"),
        ({"until": f"{LATER}-01-01", "reason": "  "}, "Skriv varför"),
        ({"until": f"{LATER}-01-01", "reason": "x" * 1001}, "högst 1 000 tecken"),
    ],
)
def test_another_day_needs_a_day_and_a_reason(world, data, message):
    recruiter = world["recruiter"].sign_in()
    answer = recruiter.post(f"{world.path}/privacy/keep", data)
    assert answer.status_code == 400
    assert message in answer.text
    with world.app.app_context():
        assert db.session.get(PrivacyRecord, world.requisition) is None
        db.session.remove()


def test_another_day_is_shown_with_its_reason(world):
    recruiter = world["recruiter"].sign_in()
    data = {"until": f"{LATER}-02-03", "reason": "Facket har begärt det."}
    assert recruiter.post(f"{world.path}/privacy/keep", data).status_code == 302
    page = recruiter.get(f"{world.path}/privacy/").text
    assert f"3 februari {LATER}" in page
    assert "Facket har begärt det." in page
    assert f"3 februari {LATER}" in recruiter.get(world.path).text
    assert f"3 feb. {LATER}" in recruiter.get("/privacy/").text
