"""Where somebody is signed in: listed, and ended from anywhere."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from recruit.accounts import actions, sign_ins
from recruit.accounts.models import SignIn, User
from recruit.audit.models import AuditEvent
from recruit.database import db, now, write
from tests.conftest import PASSWORD, csrf_token

EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0 Safari/537.36 Edg/126.0"
)


def browser(world, name="interviewer", agent=EDGE):
    """Return the browser of somebody who has signed in with a password."""
    client = world.app.test_client()
    data = {"email": f"{name}@example.org", "password": PASSWORD, "csrf_token": csrf_token(client)}
    assert client.post("/sign-in", data=data, headers={"User-Agent": agent}).status_code == 302
    return client


def is_in(client):
    return client.get("/session").json["person"] is not None


def press(client, path):
    return client.post(path, data={"csrf_token": client.get("/session").json["csrf_token"]})


def kept(world):
    with world.app.app_context():
        found = list(db.session.scalars(sa.select(SignIn).order_by(SignIn.id)))
        db.session.remove()
    return found


def test_each_browser_is_listed_and_can_be_ended(world):
    here, lost, old = browser(world), browser(world, agent="curl/8"), browser(world, agent="")
    page = here.get("/account").text
    assert re.findall(r'<th scope="row">(.+?)</th>', page) == [
        "Okänd webbläsare",
        "curl",
        "Edge, Windows",
    ]
    assert page.count(">Här<") == 1
    assert page.count('<td data-label="Hur">med lösenord') == 3
    assert press(here, re.search(r"/account/sign-ins/\d+/end", page)[0]).status_code == 302
    assert [is_in(client) for client in (here, lost, old)] == [True, True, False]
    assert press(here, "/account/sign-ins/end").status_code == 302
    assert [is_in(client) for client in (here, lost)] == [True, False]
    assert lost.get("/account").location.startswith("/sign-in")
    with world.app.app_context():
        told = sa.select(sa.func.count()).where(AuditEvent.action == "account.sign_out")
        assert db.session.scalar(told) == 2


def test_nobody_ends_anothers(world):
    mine, theirs = browser(world), browser(world, "colleague")
    number = kept(world)[-1].id
    assert press(mine, f"/account/sign-ins/{number}/end").status_code == 302
    assert press(mine, "/account/sign-ins/end").status_code == 302
    assert is_in(theirs)


def test_a_page_that_waits_to_be_sent_is_told(world):
    here, lost = browser(world), browser(world)
    token = lost.get("/session").json["csrf_token"]
    press(here, "/account/sign-ins/end")
    answer = lost.post(
        world.scorecard(0), data=world.ratings(0) | {"csrf_token": token, "action": "draft"}
    )
    assert answer.status_code in {302, 400, 401}
    with world.app.app_context():
        assert db.session.scalar(sa.text("SELECT count(*) FROM scorecard")) == 0


def test_signing_out_ends_it_for_who_has_kept_the_cookie(world):
    client = browser(world)
    cookie = client.get_cookie(world.app.config["SESSION_COOKIE_NAME"]).value
    press(client, "/sign-out")
    thief = world.app.test_client()
    thief.set_cookie(world.app.config["SESSION_COOKIE_NAME"], cookie)
    assert not is_in(thief)
    assert kept(world) == []


def test_a_token_signs_in_nowhere(world):
    """Flask-Security gives one to whoever asks; it would hold when every sign-in is ended."""
    client = world.app.test_client()
    token = client.get("/session").json["csrf_token"]
    answer = client.post(
        "/sign-in?include_auth_token",
        json={"email": "interviewer@example.org", "password": PASSWORD},
        headers={"Accept": "application/json", "X-CSRFToken": token},
    )
    given = answer.json["response"]["user"]["authentication_token"]
    assert given
    for options in (
        {"headers": {"Authentication-Token": given}},
        {"query_string": {"auth_token": given}},
        {"json": {"auth_token": given}},
    ):
        thief = world.app.test_client()
        assert thief.get("/session", **options).json["person"] is None
        for path in ("/", world.scorecard(0), "/account/passkeys", "/password/change"):
            assert thief.get(path, **options).status_code in {302, 401}, path


def test_it_ends_by_itself(world):
    client = browser(world)
    with world.app.app_context(), write():
        db.session.execute(sa.update(SignIn).values(began_at=now() - sign_ins.LONGEST))
    assert not is_in(client)
    browser(world)
    assert len(kept(world)) == 1


def test_a_new_password_ends_all_others(world):
    here, other = browser(world), browser(world)
    data = {
        "password": PASSWORD,
        "new_password": "en annan lång mening",
        "new_password_confirm": "en annan lång mening",
        "csrf_token": csrf_token(here, "/password/change"),
    }
    assert here.post("/password/change", data=data).status_code == 302
    assert [is_in(here), is_in(other)] == [True, False]
    assert [one.way for one in kept(world)] == ["change"]


def test_a_closed_account_is_signed_in_nowhere(world):
    client = browser(world)
    person = world["interviewer"].id
    with world.app.app_context():
        actions.close_account(person, actor_id=world["administrator"].id)
        actions.open_account(person, actor_id=world["administrator"].id)
    assert not is_in(client)
    assert kept(world) == []


@pytest.mark.parametrize("has", [True, False])
def test_whoever_has_no_password_is_told_that_none_is_needed(world, has):
    client = browser(world)
    if not has:
        with world.app.app_context(), write():
            db.session.get_one(User, world["interviewer"].id).password = None
    page = client.get("/account").text
    assert ("Du har inget, och behöver inget" in page) is not has
    assert "/password/change" in page


def test_the_list_holds_no_more_than_a_person_needs(world):
    """The secret that the cookie holds is on no page, and the address of nobody is kept."""
    client = browser(world)
    (one,) = kept(world)
    assert one.secret not in client.get("/account").text
    assert {c.name for c in SignIn.__table__.columns} == {
        "id",
        "user_id",
        "secret",
        "way",
        "device",
        "began_at",
        "last_used_at",
    }
    assert now() - one.began_at < timedelta(minutes=5)


def idle(world, minutes):
    """Let so many minutes have passed since anybody used Recruit."""
    with world.app.app_context():
        with write():
            earlier = now() - timedelta(minutes=minutes)
            db.session.execute(sa.update(SignIn).values(last_used_at=earlier))
        db.session.remove()


def test_a_sign_in_that_is_not_used_ends_and_says_why(world):
    client = browser(world)
    longest = world.app.config["RECRUIT_IDLE_MINUTES"]
    idle(world, longest - 1)
    assert is_in(client)
    idle(world, longest + 1)
    answer = client.get(world.scorecard(0))
    assert answer.status_code == 302
    assert "next=" in answer.location
    assert "inte hade använts på ett tag" in client.get(answer.location).text
    assert "inte hade använts" not in client.get(answer.location).text
    assert kept(world) == []


def test_whatever_somebody_does_is_use(world):
    client = browser(world)
    token = csrf_token(client, "/account")
    for request in (
        lambda: client.get("/"),
        lambda: client.post(
            f"{world.scorecard(0)}draft", data=world.ratings(0) | {"csrf_token": token}
        ),
    ):
        idle(world, 60)
        assert request().status_code == 200
        (one,) = kept(world)
        assert now() - one.last_used_at < timedelta(minutes=1)


def test_what_a_page_asks_by_itself_is_no_use(world):
    client = browser(world)
    idle(world, 60)
    assert client.get("/session").json["person"] == world["interviewer"].id
    (one,) = kept(world)
    assert now() - one.last_used_at > timedelta(minutes=59)
