"""The rater training by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.conftest import PASSWORD, build_world

pytestmark = pytest.mark.xdist_group("browser")


def test_an_exercise_by_keyboard(served, visitor):
    build_world(served[0])
    page = visitor(width=820, height=1180)
    sign_in(page, "interviewer@example.org", PASSWORD)
    page.goto("/training/exercises/autonomy/1")
    page.locator("[name=rating]").first.focus()
    page.keyboard.press("4")
    expect(page.locator("[name=rating]:checked")).to_have_value("4")
    expect(page.locator("[name=rating]:checked")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Bara 1 beslut, i mars.")
    expect(page.locator("[name=rating]:checked")).to_have_value("4")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/training/ratings/*")
    expect(page.locator("h1")).to_have_text("2 steg högre än experten")
    expect(page.locator("main")).to_contain_text("Bara 1 beslut, i mars.")
    page.get_by_role("link", name="Nästa övning").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/training/exercises/autonomy/2")
