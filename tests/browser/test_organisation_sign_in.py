"""From the sign-in page to the organisation's provider and back, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.conftest import world_with
from tests.gunicorn import Gunicorn
from tests.openid import Provider

pytestmark = pytest.mark.xdist_group("browser")

PEOPLE = {"one": {"email": "interviewer@example.org", "email_verified": True}}


def test_an_interviewer_comes_to_the_page_that_was_asked_for(chromium, sqlite_template, tmp_path):
    path = tmp_path / "recruit.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    provider = Provider(PEOPLE)
    with world_with(f"sqlite:///{path}") as world:
        wanted = world.scorecard(0)
    with (
        Gunicorn(f"sqlite:///{path}", **provider.settings) as server,
        provider.serving(server.address),
        chromium.new_context(base_url=server.address, locale="sv-SE") as context,
    ):
        page = context.new_page()
        page.goto(wanted)
        page.click("text=Logga in med Exempelkommunen")
        page.fill("[name=login]", "one")
        page.fill("[name=password]", "any")
        page.click("button[type=submit]")
        page.click("button[type=submit]")
        page.wait_for_url(f"**{wanted}")
        expect(page.locator("h1")).to_contain_text("Amina Exempel")
