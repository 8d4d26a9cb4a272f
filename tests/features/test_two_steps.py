"""Two-step sign-in: an app's codes, recovery codes, and the way back in for who lost both."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from functools import partial
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from passlib.totp import TOTP

from recruit.accounts import actions, two_steps
from recruit.accounts.models import SignIn, User
from recruit.audit.models import AuditEvent
from recruit.cli import main
from recruit.database import db, write
from recruit.extensions import security
from tests.conftest import PASSWORD, csrf_token, settings_for, world_with
from tests.locks import at_once
from tests.mail import deliver, text_of

NAME = "interviewer"


def press(client, path, **fields):
    token = client.get("/session").json["csrf_token"]
    return client.post(path, data=fields | {"csrf_token": token})


def password(world, name=NAME):
    """Return a browser in which the password was right, and the answer to it."""
    client = world.app.test_client()
    answer = press(client, "/sign-in", email=f"{name}@example.org", password=PASSWORD)
    return client, answer


def is_in(client):
    return client.get("/session").json["person"] is not None


class App:
    """An app for one-time codes, as a telephone has it: it knows nothing but the key."""

    def __init__(self, page):
        self.key = re.search(r'<code class="key">(.+?)</code>', page)[1]

    def code(self, later=0):
        """Return a code; the one after the present is right too, as every clock is a bit wrong."""
        return TOTP(key=self.key).generate(time.time() + later * 30).token


def turn_on(world, name=NAME):
    """Return the app and the recovery codes of somebody who has turned it on."""
    client, _ = password(world, name)
    app = App(client.get("/account/two-steps").text)
    page = press(client, "/account/two-steps", code=app.code())
    assert page.status_code == 200
    return app, re.findall(r'<code class="key">([0-9a-f-]+)</code>', page.text)


def trail(world):
    with world.app.app_context():
        found = sa.select(AuditEvent.action).order_by(AuditEvent.id)
        return [one for one in db.session.scalars(found) if re.search("two_steps|recovery", one)]


def test_a_password_alone_is_not_enough_once_it_is_on(world):
    app, _ = turn_on(world)
    client, answer = password(world)
    assert answer.location.startswith("/sign-in/code")
    assert not is_in(client)
    assert client.get(world.scorecard(0)).status_code == 302
    page = press(client, answer.location, code=app.code(-5))
    assert page.status_code == 200
    assert "Koden stämmer inte" in page.text
    assert not is_in(client)
    assert press(client, answer.location, code=app.code(1)).status_code == 302
    assert is_in(client)
    with world.app.app_context():
        assert db.session.scalars(sa.select(SignIn.way)).all()[-1] == "two_steps"
    assert trail(world) == ["account.two_steps_on"]


def test_one_comes_to_the_page_that_was_asked_for(world):
    app, _ = turn_on(world)
    client = world.app.test_client()
    wanted = world.scorecard(0)
    form = client.get(client.get(wanted).location)
    token = re.search(r'name="csrf_token" type="hidden" value="(.+?)"', form.text)[1]
    data = {"email": f"{NAME}@example.org", "password": PASSWORD, "csrf_token": token}
    answer = client.post(form.request.full_path, data=data | {"next": wanted})
    page = client.get(answer.location).text
    action = re.search(r'action="(/sign-in/code[^"]*)"', page)[1]
    assert press(client, action, code=app.code(1)).location == wanted


def test_a_code_is_used_once(world):
    app, _ = turn_on(world)
    code = app.code(1)
    first, answer = password(world)
    press(first, answer.location, code=code)
    second, answer = password(world)
    assert "Koden stämmer inte" in press(second, answer.location, code=code).text
    assert [is_in(first), is_in(second)] == [True, False]


def test_a_link_alone_is_not_enough_either(world):
    app, _ = turn_on(world)
    with world.app.app_context():
        with write():
            user = db.session.get_one(User, world[NAME].id)
            token = actions.one_time_link_token(user, "sign_in")
        db.session.remove()
    client = world.app.test_client()
    path = f"/sign-in/sign_in/{token}"
    answer = client.post(path, data={"csrf_token": csrf_token(client, path)})
    assert answer.location.startswith("/sign-in/code")
    assert not is_in(client)
    press(client, answer.location, code=app.code(1))
    assert is_in(client)


def test_a_recovery_code_stands_for_the_app_once(world):
    _, codes = turn_on(world)
    assert len(set(codes)) == 10
    client, _ = password(world)
    page = client.get("/sign-in/recovery-code")
    assert 'autocapitalize="none"' in page.text
    assert press(client, "/sign-in/recovery-code", code=codes[3]).status_code == 302
    assert is_in(client)
    assert "9 reservkoder kvar" in client.get("/account").text
    again, _ = password(world)
    page = press(again, "/sign-in/recovery-code", code=codes[3])
    assert "Reservkoden finns inte" in page.text
    assert not is_in(again)
    assert trail(world)[-1] == "account.recovery_code_used"


def test_new_recovery_codes_replace_the_old(world):
    app, old = turn_on(world)
    client, answer = password(world)
    press(client, answer.location, code=app.code(1))
    page = press(client, "/account/two-steps/recovery-codes").text
    new = re.findall(r'<code class="key">([0-9a-f-]+)</code>', page)
    assert len(new) == 10
    assert not set(new) & set(old)
    other, _ = password(world)
    press(other, "/sign-in/recovery-code", code=old[0])
    assert not is_in(other)
    press(other, "/sign-in/recovery-code", code=new[0])
    assert is_in(other)


def test_the_database_alone_gives_no_codes_away(world):
    app, codes = turn_on(world)
    with world.app.app_context():
        user = db.session.get_one(User, world[NAME].id)
        kept = f"{user.tf_totp_secret} {user.mf_recovery_codes}"
    assert app.key.replace("-", "") not in kept
    assert not any(code in kept for code in codes)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("organisation", "listed"),
    [("Recruit", "Recruit"), ("Ort: norra delen", "Recruit Ort norra delen"), ("", "Recruit")],
)
def test_an_app_lists_it_by_program_and_organisation(database, organisation, listed):
    with world_with(database, organisation=organisation) as world, world.app.test_request_context():
        secret = two_steps.new_secret()
        user = db.session.get_one(User, world[NAME].id)
        uri = security.totp_factory.fetch_setup_values(secret, user)["uri"]
        assert parse_qs(urlsplit(uri).query)["issuer"] == [listed]
        assert unquote(urlsplit(uri).path) == f"/{listed}:{NAME}@example.org"


def test_a_wrong_code_leaves_it_off_and_the_key_as_it_was(world):
    client, _ = password(world)
    app = App(client.get("/account/two-steps").text)
    for wrong in ("", "12345", "abcdef", "1" * 4000, app.code(-9)):
        page = press(client, "/account/two-steps", code=wrong)
        assert page.status_code == 400
        assert App(page.text).key == app.key
    assert password(world)[1].location == "/"
    assert press(client, "/account/two-steps", code=app.code()).status_code == 200
    # The page is there once: who goes back to it does not make another key.
    assert client.get("/account/two-steps").location == "/account"
    assert press(client, "/account/two-steps", code=app.code(1)).location == "/account"


def test_it_is_turned_off_again(world):
    app, _ = turn_on(world)
    client, answer = password(world)
    press(client, answer.location, code=app.code(1))
    assert press(client, "/account/two-steps/end").location == "/account"
    assert press(client, "/account/two-steps/end").location == "/account"
    assert password(world)[1].location == "/"
    with world.app.app_context():
        user = db.session.get_one(User, world[NAME].id)
        assert [user.tf_totp_secret, user.last_code_counter] == [None, None]
        assert not user.mf_recovery_codes
    assert trail(world) == ["account.two_steps_on", "account.two_steps_off"]
    assert press(client, "/account/two-steps/recovery-codes").location == "/account"


def test_an_administrator_lets_in_who_has_lost_both(mailing, mailbox):
    deliver(mailing.app)
    mailbox.letters.clear()
    turn_on(mailing)
    administrator, _ = password(mailing, "administrator")
    number = mailing[NAME].id
    assert "/two-steps/end" in administrator.get(f"/users/{number}").text
    answer = press(administrator, f"/users/{number}/two-steps/end")
    assert answer.location == f"/users/{number}"
    assert "/two-steps/end" not in administrator.get(f"/users/{number}").text
    assert password(mailing)[1].location == "/"
    deliver(mailing.app)
    told = [text_of(letter) for letter in mailbox.letters]
    assert ["i två steg" in text for text in told] == [True, False]
    assert "i ett steg" in told[1]
    assert all("/account" in text for text in told)


def test_whoever_is_the_only_administrator_has_the_command(world, database):
    turn_on(world, "administrator")
    environment = {
        f"RECRUIT_{name.upper()}": str(value)
        for name, value in settings_for(database).model_dump().items()
    }
    run = CliRunner()
    found = run.invoke(main, ["user", "one-step", "administrator@example.org"], env=environment)
    assert found.exit_code == 0
    assert found.output == "administrator@example.org signs in in one step.\n"
    assert password(world, "administrator")[1].location == "/"
    unknown = run.invoke(main, ["user", "one-step", "nobody@example.org"], env=environment)
    assert unknown.exit_code == 2
    assert "nobody@example.org" in unknown.output


def test_a_browser_left_open_does_not_change_it(world):
    client, _ = password(world)
    with client.session_transaction() as session:
        session["fs_paa"] = time.time() - timedelta(hours=2).total_seconds()
        session.pop("fs_gexp", None)
    asked = client.get("/account/two-steps")
    assert asked.location.startswith("/sign-in/again?next=/account/two-steps")
    assert press(client, "/account/two-steps/end").location == "/sign-in/again?next=/account"
    assert client.get("/account/passkeys").location.startswith("/sign-in/again")
    wrong = press(client, asked.location, password="fel mening att minnas")
    assert "Lösenordet stämmer inte" in wrong.text
    right = press(client, asked.location, password=PASSWORD)
    assert right.location.partition("?")[0] == "/account/two-steps"
    assert client.get("/account/two-steps").status_code == 200


def test_codes_cannot_be_guessed(world):
    turn_on(world)
    answers = []
    for number in range(12):
        # From another address each time, after the password each time.
        client = world.app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        press(client, "/sign-in", email=f"{NAME}@example.org", password=PASSWORD)
        answers.append(press(client, "/sign-in/code", code="000000").status_code)
    assert answers == [200] * 10 + [429] * 2
    assert password(world, "colleague")[1].location == "/"


def test_without_the_first_step_there_is_no_second(world):
    turn_on(world)
    client = world.app.test_client()
    for path in ("/sign-in/code", "/sign-in/recovery-code"):
        assert client.get(path).location == "/sign-in"
        assert press(client, path, code="000000").location == "/sign-in"
    assert "Börja om" in client.get("/sign-in").text


@pytest.mark.parametrize(
    "path", ["/tf-setup", "/tf-setup/x", "/tf-rescue", "/tf-select", "/mf-recovery-codes"]
)
def test_what_the_library_offers_and_we_do_not_is_not_there(world, path):
    client, _ = password(world)
    assert client.get(path).status_code in {404, 405}
    assert press(client, path).status_code in {404, 405}
    visitor, answer = password(world)
    assert press(visitor, path, setup="disable").status_code in {404, 405}
    assert answer.location == "/"


@pytest.mark.parametrize(("asked", "of"), [("roles", "recruiter"), ("everybody", NAME)])
def test_whom_the_organisation_asks_turns_it_on_before_anything_else(database, asked, of):
    with world_with(database, two_steps_required=asked) as world:
        client, _ = password(world, of)
        for path in ("/", world.path, "/library/", "/search?q=amina", "/account/tokens"):
            assert client.get(path).location == "/account/two-steps", path
        assert press(client, f"{world.path}/candidates/").location == "/account/two-steps"
        assert "kräver två steg" in client.get("/account/two-steps").text
        for path in ("/account", "/account/passkeys", "/help/", "/session"):
            assert client.get(path).status_code == 200, path
        app = App(client.get("/account/two-steps").text)
        assert press(client, "/account/two-steps", code=app.code()).status_code == 200
        assert client.get("/").status_code == 200
        assert "/account/two-steps/end" not in client.get("/account").text
        assert press(password(world, "administrator")[0], "/sign-out").location == "/sign-in"


def test_of_others_nothing_is_asked(database):
    with world_with(database, two_steps_required="roles") as world:
        interviewer, _ = password(world)
        assert interviewer.get("/").status_code == 200
        recruiter, _ = password(world, "recruiter")
        for way, status in (("link", 302), ("organisation", 200), ("webauthn", 200)):
            with world.app.app_context(), write():
                changed = sa.update(SignIn).where(SignIn.user_id == world["recruiter"].id)
                db.session.execute(changed.values(way=way))
            assert recruiter.get("/").status_code == status, way


def test_two_windows_turn_it_on_at_once(world):
    first, _ = password(world)
    second, _ = password(world)
    apps = [App(client.get("/account/two-steps").text) for client in (first, second)]
    answers = at_once(
        world,
        "user",
        *(
            partial(press, client, "/account/two-steps", code=app.code())
            for client, app in zip((first, second), apps, strict=True)
        ),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 302]
