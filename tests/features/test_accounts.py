"""Signing in and out, one-time links, language, rate limit."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from recruit.accounts import actions, tokens
from recruit.accounts.models import Role, RoleName, User
from recruit.audit.models import AuditEvent
from recruit.audit.queries import verdict
from recruit.database import db, write
from tests.conftest import PASSWORD, csrf_token, make_app, settings_for
from tests.locks import at_once, sent
from tests.mail import deliver, text_of

NEW = "blåbär tussilago regnbåge 42"


def link(world, name, purpose="sign_in"):
    with world.app.app_context():
        with write():
            user = db.session.get_one(User, world[name].id)
            token = actions.one_time_link_token(user, purpose)
        db.session.remove()
    return f"/sign-in/{purpose}/{token}"


def press(client, path):
    return client.post(path, data={"csrf_token": csrf_token(client)})


def test_a_link_signs_in_once(world):
    path = link(world, "interviewer")
    client = world.app.test_client()
    assert client.get(path).status_code == 200
    assert client.get("/").status_code == 302
    assert press(client, path).status_code == 302
    assert client.get("/").status_code == 200
    assert press(world.app.test_client(), path).status_code == 410


def test_a_link_that_is_asked_for_ends_no_other(world):
    """Whoever knows an address could keep somebody out otherwise."""
    invitation = link(world, "interviewer", "invitation")
    older, newer, newest = (link(world, "interviewer") for _ in range(3))
    visitor = world.app.test_client()
    for path in (invitation, older, newer, newest):
        assert visitor.get(path).status_code == 200, path
    assert press(visitor, newer).status_code == 302
    visitor = world.app.test_client()
    statuses = [visitor.get(path).status_code for path in (invitation, older, newer, newest)]
    assert statuses == [200, 410, 410, 200]


def choose_password(world, person):
    form = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    assert person.post("/password/change", form).status_code == 302


def another_address(world, person):
    with world.app.app_context():
        db.session.get_one(User, person.id).email = "another@example.org"
        db.session.commit()
        db.session.remove()


def close_and_open(world, person):
    alva = world["administrator"].sign_in()
    for change in ("close", "open"):
        assert alva.post(f"/users/{person.id}/{change}").status_code == 302


@pytest.mark.parametrize("change", [choose_password, another_address, close_and_open])
def test_what_changes_the_account_ends_every_link(world, change):
    paths = [link(world, "interviewer", purpose) for purpose in ("sign_in", "invitation")]
    change(world, world["interviewer"].sign_in())
    visitor = world.app.test_client()
    assert [visitor.get(path).status_code for path in paths] == [410, 410]


def test_a_new_password_ends_the_tokens_of_programs(world):
    person = world["recruiter"].sign_in()
    with world.app.app_context():
        token = tokens.make(person.id, name="Program", days=30, may_write=False)
        db.session.remove()
    program = world.app.test_client()
    shown = {"Authorization": f"Bearer {token}"}
    assert program.get("/api/v1/requisitions", headers=shown).status_code == 200
    choose_password(world, person)
    assert program.get("/api/v1/requisitions", headers=shown).status_code == 401


def test_a_link_of_another_kind_or_forged_leads_nowhere(world):
    token = link(world, "interviewer").rpartition("/")[2]
    client = world.app.test_client()
    assert client.get(f"/sign-in/invitation/{token}").status_code == 410
    assert client.get(f"/sign-in/sign_in/{token[:-3]}abc").status_code == 410
    assert client.get("/sign-in/sign_in/x").status_code == 410


def test_asking_for_a_link_tells_nothing(world):
    client = world.app.test_client()
    answers = [
        client.post("/sign-in/link", data={"email": address, "csrf_token": csrf_token(client)})
        for address in ("interviewer@example.org", "nobody@example.org")
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    # The token against forged requests holds the second in which it was made.
    pages = [re.sub(r'name="csrf_token"[^>]*>', "", answer.text) for answer in answers]
    assert pages[0] == pages[1]
    assert "Ingen mejlserver är inställd" in pages[0]


def test_wrong_sign_in_tells_nothing(world):
    """A wrong password reads as an address that nobody has."""
    pages = []
    for address, password in (
        ("interviewer@example.org", "fel lösenord"),
        ("nobody@example.org", PASSWORD),
        ("", ""),
    ):
        client = world.app.test_client()
        form = {"email": address, "password": password, "csrf_token": csrf_token(client)}
        answer = client.post("/sign-in", data=form)
        assert answer.status_code == 200
        assert "ds-error-summary" in answer.text
        assert client.get("/").status_code == 302
        page = re.sub(r'name="csrf_token"[^>]*>', "", answer.text)
        pages.append(page.replace(address, "") if address else page)
    assert pages[0] == pages[1]


def test_sign_in_leads_back_to_the_page_asked_for_and_never_away(world):
    client = world.app.test_client()
    asked = client.get(world.path)
    assert asked.status_code == 302
    form = {"email": "interviewer@example.org", "password": PASSWORD}
    answer = client.post(asked.location, data=form | {"csrf_token": csrf_token(client)})
    assert (answer.status_code, answer.location) == (302, world.path)
    other = world.app.test_client()
    answer = other.post(
        "/sign-in?next=https://evil.example/", data=form | {"csrf_token": csrf_token(other)}
    )
    assert (answer.status_code, answer.location) == (200, None)
    assert other.get("/").status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/"])
def test_who_is_to_be_led_away_signs_in_all_the_same(world, target):
    client = world.app.test_client()
    asked = client.get("/sign-in", query_string={"next": target})
    assert (asked.status_code, asked.location) == (302, "/sign-in")
    form = {"email": "interviewer@example.org", "password": PASSWORD}
    answer = client.post(asked.location, data=form | {"csrf_token": csrf_token(client)})
    assert (answer.status_code, answer.location) == (302, "/")


def test_sign_out_ends_the_session(world):
    person = world["interviewer"].sign_in()
    assert person.post("/sign-out").status_code == 302
    assert person.get("/").status_code == 302


def test_changing_needs_the_token(world):
    person = world["recruiter"].sign_in()
    for path in (
        "/sign-out",
        f"{world.path}/guides/generate",
        f"{world.path}/candidates/",
        f"{world.path}/members",
        "/language",
        "/requisitions/new",
    ):
        assert person.client.post(path, data={"name": "x"}).status_code == 400, path


def test_language_follows_the_person(world):
    person = world["interviewer"].sign_in()
    assert 'lang="sv"' in person.get("/").text
    assert person.post("/language", {"language": "en"}).status_code == 302
    assert 'lang="en"' in person.get("/").text
    assert person.post("/language", {"language": "xx"}).status_code == 302
    assert 'lang="en"' in person.get("/").text


@pytest.mark.parametrize(("asked", "spoken"), [("de", "en"), ("", "en"), ("de, sv;q=0.5", "sv")])
def test_the_organisations_language_before_one_is_chosen(database, asked, spoken):
    app = make_app(settings_for(database, language="en"))
    page = app.test_client().get("/sign-in", headers={"Accept-Language": asked}).text
    assert f'<html lang="{spoken}"' in page
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("http://localhost/search?q=anna", "/search?q=anna"),
        ("http://localhost//evil.example/x", "/evil.example/x"),
        ("https://evil.example/x", "/x"),
        ("", "/"),
    ],
)
def test_the_language_is_changed_on_the_page_one_came_from(world, before, after):
    person = world["interviewer"].sign_in()
    answer = person.post("/language", {"language": "en"}, headers={"Referer": before})
    assert answer.location == after


def test_sign_in_is_limited(database):
    app = make_app(settings_for(database, sign_in_limit="3 per minute"))
    client = app.test_client()
    token = csrf_token(client)
    form = {"email": "x@example.org", "password": "y", "csrf_token": token}
    statuses = [client.post("/sign-in", data=form).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(("proxies", "third"), [(0, 429), (1, 200)])
def test_attempts_behind_a_web_server(database, proxies, third):
    """With one web server in front, only the address that it has added itself counts."""
    app = make_app(settings_for(database, sign_in_limit="2 per hour", proxies=proxies))
    client = app.test_client()
    form = {"email": "x@example.org", "password": "fel lösenord", "csrf_token": csrf_token(client)}
    statuses = [
        client.post("/sign-in", data=form, headers={"X-Forwarded-For": seen}).status_code
        for seen in ("192.0.2.1", "192.0.2.1", "192.0.2.2", "198.51.100.9, 192.0.2.1")
    ]
    assert statuses == [200, 200, third, 429]
    with app.app_context():
        db.engine.dispose()


def test_a_switched_off_account_is_out(world):
    person = world["interviewer"].sign_in()
    with world.app.app_context():
        db.session.get(User, person.id).active = False
        db.session.commit()
        db.session.remove()
    assert person.get("/").status_code == 302


def test_an_administrator_invites(world):
    alva = world["administrator"].sign_in()
    form = {
        "name": "Ny Rekryterare",
        "email": "ny@example.org",
        "role": "recruiter",
        "language": "sv",
    }
    assert alva.post("/users", form).status_code == 302
    assert alva.post("/users", form).status_code == 400
    assert "ny@example.org" in alva.get("/users").text


def test_a_name_of_spaces_is_no_name(world):
    """And what a database cannot hold is left out, not answered with an error of ours."""
    alva = world["administrator"].sign_in()
    form = {"name": "  ", "email": "ny@example.org", "role": "", "language": "sv"}
    answer = alva.post("/users", form)
    assert answer.status_code == 400
    assert "Skriv personens namn." in answer.text
    assert alva.post("/users", form | {"name": "Ny\x00  Person"}).status_code == 302
    assert "Ny Person" in alva.get("/users").text


@pytest.mark.parametrize(
    ("name", "role", "status"), [("administrator", "", 400), ("recruiter", "interviewer", 302)]
)
def test_an_address_that_somebody_else_takes_meanwhile(world, name, role, status):
    """The other's account is written and not yet there when ours is asked for.

    Whoever invites is told; whoever adds to a requisition adds the one who is there.
    """
    person = world[name].sign_in()
    path = "/users" if name == "administrator" else f"{world.path}/members"
    form = {"name": "Ny", "email": "ny@example.org", "role": role, "language": "sv"}
    with world.app.app_context():
        others = sa.create_engine(db.engine.url)
    with others.connect() as other, ThreadPoolExecutor(1) as pool:
        other.execute(
            sa.insert(User).values(
                name="Annan", email="ny@example.org", active=True, fs_uniquifier="x"
            )
        )
        with sent(world, r"^BEGIN IMMEDIATE|^INSERT") as writes:
            answer = pool.submit(person.post, path, form)
            assert writes.acquire(timeout=60)
            other.commit()
            assert answer.result().status_code == status
    others.dispose()
    said = answer.result().text if status == 400 else person.get(world.path).text
    assert ("Någon har redan ett konto med den adressen" if status == 400 else "Annan") in said


def events_of(world, action):
    with world.app.app_context():
        found = list(
            db.session.scalars(db.select(AuditEvent.subject).where(AuditEvent.action == action))
        )
        db.session.remove()
    return found


def test_a_role_is_given_and_taken(world):
    alva, person = world["administrator"].sign_in(), world["stranger"].sign_in()
    place = f"/users/{person.id}"
    assert person.get("/requisitions/new").status_code == 403
    assert alva.post(place, {"role": "recruiter"}).status_code == 302
    assert person.get("/requisitions/new").status_code == 200
    assert alva.post(place, {"role": "emperor"}).status_code == 400
    both = {"role": "administrator recruiter"}
    assert alva.post(place, both).status_code == 302
    assert {person.get(path).status_code for path in ("/requisitions/new", "/users")} == {200}
    # Saved as it is shown, nothing is lost.
    assert re.findall(r'<option selected value="([^"]*)"', alva.get(place).text) == [both["role"]]
    assert alva.post(place, {"role": ""}).status_code == 302
    assert person.get("/requisitions/new").status_code == 403
    assert events_of(world, "account.role") == [f"user:{person.id}"] * 3
    assert alva.get("/users/999999").status_code == 404


def test_whoever_gives_up_the_role_comes_to_a_page_of_theirs(world):
    alva = world["administrator"].sign_in()
    assert alva.post(f"/users/{world['stranger'].id}", {"role": "administrator"}).location == (
        "/users"
    )
    assert alva.post(f"/users/{alva.id}", {"role": ""}).location == "/"


def test_a_closed_account_is_out_at_once_and_comes_in_again(world):
    alva, person = world["administrator"].sign_in(), world["interviewer"].sign_in()
    assert alva.post(f"/users/{person.id}/close").status_code == 302
    assert person.get("/").status_code == 302
    form = {"email": person.email, "password": PASSWORD, "csrf_token": csrf_token(person.client)}
    assert person.client.post("/sign-in", data=form).status_code == 200
    assert person.get("/").status_code == 302
    assert "Stängt konto" in alva.get("/users").text
    planning = world["recruiter"].sign_in().get(f"{world.path}/interviews/new").text
    assert "Interviewer Prov" not in planning
    assert "Colleague Prov" in planning
    assert alva.post(f"/users/{person.id}/open").status_code == 302
    person.sign_in()
    assert person.get("/").status_code == 200
    assert events_of(world, "account.close") == events_of(world, "account.open")


def test_the_last_administrator_stays(world):
    alva, person = world["administrator"].sign_in(), world["stranger"]
    place = f"/users/{alva.id}"
    for answer in (alva.post(place, {"role": "recruiter"}), alva.post(f"{place}/close")):
        assert answer.status_code == 409
        assert "Ingen annan är administratör" in answer.text
    assert alva.post(f"/users/{person.id}", {"role": "administrator"}).status_code == 302
    assert alva.post(f"{place}/close").status_code == 302
    assert alva.get("/").status_code == 302
    assert person.sign_in().get("/users").status_code == 200


def test_of_two_administrators_who_step_down_at_once_one_stays(world):
    """Both wait to write when the other has not yet written, and go on in the same moment."""
    with world.app.app_context():
        actions.set_roles(
            world["stranger"].id, [RoleName.ADMINISTRATOR], actor_id=world["administrator"].id
        )
    first, second = (world[name].sign_in() for name in ("administrator", "stranger"))
    answers = at_once(
        world,
        "user",
        lambda: first.post(f"/users/{first.id}", {"role": ""}),
        lambda: second.post(f"/users/{second.id}/close"),
    )
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    with world.app.app_context():
        administrators = db.select(User).where(
            User.active, User.roles.any(Role.name == RoleName.ADMINISTRATOR)
        )
        assert len(db.session.scalars(administrators).all()) == 1
        db.session.remove()


def test_an_invitation_says_from_whom_and_can_be_sent_again(mailing, mailbox):
    alva = mailing["administrator"].sign_in()
    mailbox.letters.clear()
    form = {"name": "Ny", "email": "ny@example.org", "role": "recruiter", "language": "sv"}
    assert alva.post("/users", form).status_code == 302
    deliver(mailing.app)
    first = text_of(mailbox.letters[-1])
    assert "Administrator Prov på Exempelkommunen har gett dig ett konto" in first
    (number,) = re.findall(r'href="/users/(\d+)">Ny<', alva.get("/users").text)
    assert alva.post(f"/users/{number}/invitation").status_code == 302
    deliver(mailing.app)
    second = text_of(mailbox.letters[-1])
    links = [re.search(r"/sign-in/invitation/\S+", text).group(0) for text in (first, second)]
    visitor = mailing.app.test_client()
    # The first one may be what lies on top in a full mailbox.
    assert [visitor.get(path).status_code for path in links] == [200, 200]
    member = {"name": "Chef", "email": "chef@example.org", "role": "hiring_manager"}
    assert mailing["recruiter"].sign_in().post(f"{mailing.path}/members", member)
    deliver(mailing.app)
    letter = text_of(mailbox.letters[-1])
    assert "Recruiter Prov på Exempelkommunen vill ha med dig" in letter
    assert "i rekryteringen av Enhetschef." in letter


def test_secure_headers_everywhere(world):
    person = world["recruiter"].sign_in()
    for path in (
        "/",
        "/requisitions/",
        world.path,
        "/nothing",
        "/health",
        "/password/change",
        "/password/reset",
    ):
        headers = person.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "script-src 'self'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store, private"


def test_pages_have_nothing_inline(world):
    person = world["recruiter"].sign_in()
    for path in ("/", world.path, f"{world.path}/interviews/new", f"{world.path}/guides/"):
        page = person.get(path).text
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count('<script type="module" src=')


def test_cookies_are_guarded(database):
    app = make_app(settings_for(database, https=True))
    answer = app.test_client().get("/sign-in", base_url="https://localhost")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("recruit="))
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    with app.app_context():
        db.engine.dispose()


def test_trouble_has_a_reference_and_no_trace(world, capsys):
    world.app.view_functions["home.health"] = lambda: 1 / 0
    answer = world.app.test_client().get("/health", headers={"Accept-Language": "sv"})
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "ZeroDivisionError" not in answer.text
    line = capsys.readouterr().out
    reference = answer.text.split("<strong>")[1].split("<")[0]
    assert reference in line


def test_the_trail_is_whole_and_tells_when_it_is_not(world):
    with world.app.app_context():
        assert verdict().flaw is None
        told = set(db.session.scalars(db.select(AuditEvent.action)))
        assert {"account.add", "guide.publish", "interview.plan"} <= told
        event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "candidate.add"))
        event.subject = "candidate:9"
        db.session.commit()
        assert verdict().event_id == event.id
        db.session.remove()


def test_names_do_not_reach_the_log(world, capsys):
    form = {"name": "Hemliga Namnet", "email": "hemlig@example.org", "role": "interviewer"}
    answer = world["recruiter"].sign_in().post(f"{world.path}/members", form)
    assert answer.status_code == 302
    captured = capsys.readouterr()
    assert "Hemliga" not in captured.out + captured.err
    assert "hemlig@" not in captured.out + captured.err
