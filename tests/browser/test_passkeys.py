"""Passkeys, in a browser with an authenticator of its own, against the real server."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from urllib.parse import parse_qsl

import pytest
from passlib.totp import TOTP
from playwright.sync_api import expect

from recruit.accounts import two_steps
from recruit.accounts.actions import close_account
from recruit.accounts.models import Passkey, SignIn, User
from recruit.audit.models import AuditEvent
from recruit.database import db, write
from recruit.extensions import security
from recruit.mail.models import Delivery
from tests.browser.conftest import sign_in
from tests.browser.interviews import wait_until
from tests.browser.test_accessibility import AXE, faults_of
from tests.conftest import PASSWORD, build_world, world_with
from tests.gunicorn import Gunicorn

pytestmark = pytest.mark.xdist_group("browser")


@contextmanager
def browser(chromium, address, **authenticator):
    """Open a browser with a device that keeps passkeys and knows its owner.

    A passkey belongs to a name: for an address of numbers there is none.
    """
    named = address.replace("127.0.0.1", "localhost")
    with chromium.new_context(base_url=named, locale="sv-SE") as context:
        page = context.new_page()
        device = context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        answer = device.send(
            "WebAuthn.addVirtualAuthenticator", {"options": options | authenticator}
        )
        yield page, device, answer["authenticatorId"]


def make(page, name):
    page.goto("/account")
    page.locator("section[aria-labelledby=passkeys] a").click()
    page.get_by_label("Namn").fill(name)
    page.get_by_role("button", name="Skapa en passnyckel").click()


def notice(page):
    return page.locator(".flash:not([hidden])")


def test_an_account_is_signed_in_to_by_a_passkey_until_it_is_removed(database, chromium):
    with world_with(database) as world, Gunicorn(database) as server:
        come_and_go(world, chromium, server.address)


def come_and_go(world, chromium, address):
    wanted = world.scorecard(0)
    with browser(chromium, address) as (page, device, authenticator):
        sign_in(page, "interviewer@example.org", PASSWORD)
        make(page, "Min telefon")
        expect(notice(page)).to_have_text(re.compile("Passnyckeln Min telefon är klar"))
        assert "Min telefon" in page.locator("table").inner_text()
        # The same device is not asked for a second one.
        make(page, "En till")
        expect(page.locator("[data-known]")).to_be_visible()
        page.context.clear_cookies()

        page.goto(wanted)
        page.get_by_role("button", name="Logga in med passnyckel").click()
        page.wait_for_url(f"**{wanted}")
        expect(page.locator("h1")).to_contain_text("Amina Exempel")

        kept = device.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})
        assert len(kept["credentials"]) == 1
        page.goto("/account/passkeys")
        page.get_by_role("button", name="Ta bort").click()
        expect(notice(page)).to_have_text(re.compile("Passnyckeln Min telefon är borttagen"))
        page.context.clear_cookies()
        page.goto("/sign-in")
        page.get_by_role("button", name="Logga in med passnyckel").click()
        expect(notice(page)).to_have_text(re.compile("Passnyckeln är inte känd här"))
    with world.app.app_context():
        assert db.session.query(Passkey).count() == 0
        ways = db.session.query(SignIn.way).order_by(SignIn.id).all()
        assert [way for (way,) in ways] == ["password", "webauthn"]
        actions = db.session.query(AuditEvent.action).filter(AuditEvent.action.like("%passkey%"))
        assert [action for (action,) in actions] == [
            "account.passkey_made",
            "account.passkey_removed",
        ]
        told = db.session.query(Delivery).filter(Delivery.kind == "sign_in_changed")
        assert told.count() == 2


def test_it_needs_no_code_and_shows_that_it_is_still_you(served, chromium):
    app, address = served
    world = build_world(app)
    with app.app_context():
        secret = two_steps.new_secret()
        code = security.totp_factory.generate_totp_password(secret)
        recovery = two_steps.turn_on(world["interviewer"].id, secret, code)
    with browser(chromium, address) as (page, _, _):
        page.goto("/sign-in")
        page.fill("[name=email]", "interviewer@example.org")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.get_by_role("link", name="Använd en reservkod i stället").click()
        page.fill("[name=code]", recovery[0].upper())
        page.click("main button[type=submit]")
        page.wait_for_url("**/")
        make(page, "Datorn")
        expect(notice(page)).to_have_text(re.compile("är klar"))
        page.context.clear_cookies()
        page.goto("/sign-in")
        page.get_by_role("button", name="Logga in med passnyckel").click()
        page.wait_for_url("**/")
        page.goto("/sign-in/again?next=/account/passkeys")
        page.get_by_role("button", name="Visa det med en passnyckel").click()
        page.wait_for_url("**/account/passkeys")
        expect(notice(page)).to_have_text(re.compile("Fortsätt där du var"))
        with app.app_context():
            close_account(world["interviewer"].id, actor_id=world["administrator"].id)
            db.session.remove()
        page.goto("/sign-in")
        page.get_by_role("button", name="Logga in med passnyckel").click()
        expect(notice(page)).to_have_text(re.compile("Kontot är avstängt"))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_pages_of_a_second_step_are_accessible(served, visitor, language):
    app, _ = served
    world = build_world(app)
    with app.app_context():
        with write():
            db.session.get_one(User, world["interviewer"].id).language = language
        db.session.remove()
    page = visitor(locale={"sv": "sv-SE", "en": "en-GB"}[language], width=390, height=844)
    page.add_init_script(path=AXE)
    sign_in(page, "interviewer@example.org", PASSWORD)
    page.goto("/account/two-steps")
    page.fill("[name=code]", "000000")
    page.click("main button[type=submit]")
    faults = faults_of(page, "two steps, a wrong code")
    key = page.locator("code.key").inner_text()
    page.fill("[name=code]", TOTP(key=key).generate().token)
    page.click("main button[type=submit]")
    faults += faults_of(page, "recovery codes")
    page.goto("/account")
    faults += faults_of(page, "account")
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.fill("[name=email]", "interviewer@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    faults += faults_of(page, "code")
    page.goto("/sign-in/recovery-code")
    faults += faults_of(page, "recovery code")
    page.goto("/sign-in/code")
    # Each is used once; the next is right already, as every clock is a bit wrong.
    page.fill("[name=code]", TOTP(key=key).generate(time.time() + 30).token)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    assert faults == []


def test_an_answer_is_of_no_use_to_another_browser_nor_twice(served, chromium):
    app, address = served
    build_world(app)
    with browser(chromium, address) as (page, _, _):
        sign_in(page, "interviewer@example.org", PASSWORD)
        make(page, "Min telefon")
        expect(notice(page)).to_have_text(re.compile("är klar"))
        page.context.clear_cookies()
        page.goto("/sign-in")
        caught = []
        page.route("**/sign-in/passkey/*", lambda route: (caught.append(route), route.abort()))
        page.get_by_role("button", name="Logga in med passnyckel").click()
        wait_until(page, lambda: caught, "nothing was sent")
        url, sent = caught[0].request.url, dict(parse_qsl(caught[0].request.post_data))

        def answer(request):
            form = {"credential": sent["credential"]} | token_of(request)
            request.post(url, form=form)
            return request.get("/session").json()["person"] is not None

        owner = page.context.request
        with chromium.new_context(base_url=address.replace("127.0.0.1", "localhost")) as other:
            assert not answer(other.request)
        assert answer(owner)
        owner.post("/sign-out", form=token_of(owner))
        assert not answer(owner)


def token_of(request):
    return {"csrf_token": request.get("/session").json()["csrf_token"]}


def test_a_device_that_does_not_know_its_owner_is_not_enough(served, chromium):
    app, address = served
    build_world(app)
    with browser(chromium, address, isUserVerified=False) as (page, _, _):
        sign_in(page, "interviewer@example.org", PASSWORD)
        make(page, "Min telefon")
        expect(page.locator("[data-failed]")).to_be_visible()
        expect(page.get_by_role("button", name="Försök igen")).to_be_visible()


def test_where_there_are_none_it_says_so(served, visitor):
    build_world(served[0])
    page = visitor()
    # As on an address that does not begin with https.
    page.add_init_script("delete window.PublicKeyCredential")
    sign_in(page, "interviewer@example.org", PASSWORD)
    make(page, "Min telefon")
    expect(page.locator("[data-unsupported]")).to_be_visible()
    expect(page.locator("[data-asking]")).to_be_hidden()
