"""Whether an address has an account is told by no answer, and by no work that the answer takes."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import low_level

from recruit.accounts import actions, jobs
from recruit.accounts.jobs import LONGEST_WAIT, send_links
from recruit.accounts.models import LinkRequest, User
from recruit.database import db, now, write
from recruit.mail.models import Delivery
from tests.conftest import csrf_token

ADDRESSES = {
    "known": "interviewer@example.org",
    "without a password": "colleague@example.org",
    "closed": "bystander@example.org",
    "unknown": "nobody@example.org",
}


@pytest.fixture
def people(world):
    """One has no password, and one's account is closed."""
    world["administrator"].sign_in()
    with world.app.app_context():
        with write():
            theirs = User.email == ADDRESSES["without a password"]
            db.session.execute(sa.update(User).where(theirs).values(password=None))
        db.session.remove()
        actions.close_account(world["bystander"].id, actor_id=world["administrator"].id)
        with write():
            db.session.execute(sa.delete(Delivery))
        db.session.remove()
    return world


@contextmanager
def work(world, monkeypatch):
    """Note every statement to the database and every computation of a password's hash."""
    done = []

    def note(connection, cursor, statement, *rest):
        del connection, cursor, rest
        done.append(re.sub(r"\s+", " ", statement))

    for name in ("hash_secret", "verify_secret"):
        original = getattr(low_level, name)

        def counted(*args, _original=original, **more):
            done.append("argon2")
            return _original(*args, **more)

        monkeypatch.setattr(low_level, name, counted)
    with world.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield done
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
        monkeypatch.undo()


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/link", "/password/reset"])
def test_the_same_work_for_every_address(people, monkeypatch, path):
    found = {}
    for kind, address in ADDRESSES.items():
        client = people.app.test_client()
        form = {"email": address, "password": "fel lösenord", "csrf_token": csrf_token(client)}
        with work(people, monkeypatch) as done:
            reply = client.post(path, data=form)
        page = re.sub(r'name="csrf_token"[^>]*>', "", reply.text).replace(address, "")
        found[kind] = (reply.status_code, page, done)
    assert found["unknown"][0] == 200
    assert found["unknown"][2].count("argon2") == (1 if path == "/sign-in" else 0)
    for kind in ADDRESSES:
        assert found[kind] == found["unknown"], kind


def waiting(world):
    with world.app.app_context():
        mails = db.session.execute(sa.select(Delivery.address, Delivery.kind)).all()
        asked = db.session.scalars(sa.select(LinkRequest.address)).all()
        db.session.remove()
    return [tuple(mail) for mail in mails], asked


def ask(world, path, address):
    client = world.app.test_client()
    form = {"email": address, "csrf_token": csrf_token(client)}
    assert client.post(path, data=form).status_code == 200


def work_off(world):
    with world.app.app_context():
        send_links()
        db.session.remove()


@pytest.mark.parametrize(
    ("path", "kind"), [("/sign-in/link", "sign_in_link"), ("/password/reset", "reset_instructions")]
)
def test_a_job_sends_the_link_and_forgets_who_asked(people, path, kind):
    for address in ADDRESSES.values():
        ask(people, path, address.upper())
    assert len(waiting(people)[1]) == len(ADDRESSES)
    work_off(people)
    work_off(people)
    mails, asked = waiting(people)
    assert asked == []
    assert sorted(mails) == [("colleague@example.org", kind), ("interviewer@example.org", kind)]


def test_a_link_that_cannot_be_made_takes_no_other_with_it(people, monkeypatch):
    for name in ("known", "without a password"):
        ask(people, "/sign-in/link", ADDRESSES[name])
    made = jobs.mail_sign_in_link

    def fails_for_the_first(user):
        if user.email == ADDRESSES["known"]:
            raise OSError("the disk is full")
        made(user)

    monkeypatch.setattr(jobs, "mail_sign_in_link", fails_for_the_first)
    with pytest.raises(OSError, match="full"):
        work_off(people)
    work_off(people)
    mails, asked = waiting(people)
    assert [address for address, _kind in mails] == [ADDRESSES["without a password"]]
    assert asked == []


def test_nobody_waits_for_a_link_of_yesterday(people):
    ask(people, "/sign-in/link", ADDRESSES["known"])
    with people.app.app_context():
        with write():
            old = now() - LONGEST_WAIT - timedelta(seconds=1)
            db.session.execute(sa.update(LinkRequest).values(asked_at=old))
        db.session.remove()
    work_off(people)
    assert waiting(people) == ([], [])


def test_the_mail_is_in_the_language_of_whoever_gets_it(people):
    client = people.app.test_client()
    form = {"email": ADDRESSES["known"], "csrf_token": csrf_token(client)}
    client.post("/password/reset", data=form, headers={"Accept-Language": "en"})
    work_off(people)
    with people.app.app_context():
        text = db.session.scalars(sa.select(Delivery.message)).one()
        db.session.remove()
    assert "Välj ett nytt lösenord" in text["body"]
