"""The interview page under strain: no network, two windows, no mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.conftest import PASSWORD, build_world

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def interview(served, visitor):
    world = build_world(served[0])
    page = visitor()
    sign_in(page, "interviewer@example.org", PASSWORD)
    page.goto(f"{world.scorecard(0)}#step-{world.competencies[0][0]}")
    return world, page


def state(page, name):
    expect(page.locator("[data-saved-state]")).to_have_attribute("data-state", name)


def notes(page):
    return page.locator("textarea.notes:visible").first


def test_rating_by_keyboard_alone(interview):
    world, page = interview
    competency = world.competencies[0][0]
    page.locator(f'[name="rating-{competency}-score"]').first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator(f'[name="rating-{competency}-score"][value="3"]')).to_be_checked()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.name") != f"rating-{competency}-evidence_level":
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    state(page, "saved")


def test_works_as_one_long_page_without_script(served, chromium):
    world = build_world(served[0])
    context = chromium.new_context(base_url=served[1], java_script_enabled=False, locale="sv-SE")
    page = context.new_page()
    sign_in(page, "interviewer@example.org", PASSWORD)
    page.goto(world.scorecard(0))
    expect(page.locator("[data-step]").first).to_be_visible()
    expect(page.locator("[data-step]").last).to_be_visible()
    page.fill("#summary", "Utan skript.")
    page.click("button[value=draft]")
    expect(page.locator("#summary")).to_have_value("Utan skript.")
    context.close()
