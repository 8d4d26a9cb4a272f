"""Who signed in, signed out and failed is in the trail, without what was typed."""

from __future__ import annotations

import sqlalchemy as sa

from recruit.audit.actions import record
from recruit.audit.models import AuditEvent
from recruit.audit.queries import verdict
from recruit.database import db, write
from recruit.privacy import trail as pages
from tests.conftest import PASSWORD, csrf_token
from tests.features.test_two_steps import turn_on


def told(world, since=0):
    """Return what the trail has about sign-ins beyond the first lines."""
    with world.app.app_context():
        found = [
            (e.action.removeprefix("account."), e.actor_id, e.subject, e.detail.get("way"))
            for e in db.session.scalars(
                sa.select(AuditEvent)
                .where(AuditEvent.action.startswith("account.sign_"))
                .order_by(AuditEvent.id)
            )
        ]
        db.session.remove()
    return found[since:]


def attempt(client, email, password):
    fields = {"email": email, "password": password, "csrf_token": csrf_token(client)}
    return client.post("/sign-in", data=fields)


def test_in_and_out(world):
    person = world["interviewer"].sign_in()
    person.post("/sign-out")
    number, subject = person.id, f"user:{person.id}"
    assert told(world) == [
        ("sign_in", number, subject, "password"),
        ("sign_out_here", number, subject, None),
    ]


def test_a_wrong_password_names_the_account_and_nothing_typed(world):
    number = world["interviewer"].id
    client = world.app.test_client()
    for email in ("interviewer@example.org", "nobody@secret.example"):
        attempt(client, email, "a password that is wrong")
    assert told(world) == [
        ("sign_in_failed", None, f"user:{number}", "password"),
        ("sign_in_failed", None, "sign-in:", "password"),
    ]
    with world.app.app_context():
        everything = str(db.session.execute(sa.select(AuditEvent.__table__)).all())
        assert verdict().flaw is None
        db.session.remove()
    assert "secret.example" not in everything
    assert "that is wrong" not in everything


def test_wrong_codes_links_and_tokens(world):
    turn_on(world)
    before = len(told(world))
    client = world.app.test_client()
    assert attempt(client, "interviewer@example.org", PASSWORD).status_code == 302
    subject = f"user:{world['interviewer'].id}"
    for path in ("/sign-in/code", "/sign-in/recovery-code"):
        client.post(path, data={"code": "000000", "csrf_token": csrf_token(client, path)})
    stranger = world.app.test_client()
    token = csrf_token(stranger)
    stranger.post("/sign-in/sign_in/forged", data={"csrf_token": token})
    stranger.post("/sign-in/passkey/forged", data={"csrf_token": token})
    stranger.get("/api/v1/requisitions", headers={"Authorization": "Bearer recruit_forged"})
    assert told(world, before) == [
        ("sign_in_failed", None, subject, "code"),
        ("sign_in_failed", None, subject, "recovery_code"),
        ("sign_in_failed", None, "sign-in:", "link"),
        ("sign_in_failed", None, "sign-in:", "passkey"),
        ("sign_in_failed", None, "sign-in:", "token"),
    ]


def test_a_flood_fills_no_disk(world):
    client = world.app.test_client()
    for _ in range(150):
        client.get("/api/v1/requisitions", headers={"Authorization": "Bearer recruit_forged"})
    actions = [line[0] for line in told(world)]
    # A minute may end in between.
    assert 60 <= actions.count("sign_in_failed") <= 120
    assert 1 <= actions.count("sign_in_failed_often") <= 2


def test_the_page_has_words_and_lists_no_event_twice(world):
    with world.app.app_context(), write():
        for edit in ("guide.pin", "guide.move"):
            record(edit, actor_id=None, subject="requisition:1", requisition_id=1)
    client = world.app.test_client()
    attempt(client, "nobody@example.org", "a password that is wrong")
    administrator = world["administrator"].sign_in()
    page = administrator.get("/trail/").text
    assert "Försökte logga in utan att lyckas" in page
    assert "lösenord" in page
    assert "Loggade in" in page
    with world.app.app_context(), world.app.test_request_context():
        labels = [str(pages.label(action)) for action in pages.actions()]
        db.session.remove()
    assert len(labels) == len(set(labels))
    drafts = administrator.get("/trail/trail.json?action=guide.*").json
    assert [event["action"] for event in drafts] == ["guide.move", "guide.pin"]
