"""A consensus meeting on one shared screen, by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.conftest import PASSWORD, build_world

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def meeting(served, visitor):
    """The second candidate, rated by both: three apart on the third competency."""
    world = build_world(served[0])
    apart = world.competencies[2][2]
    for name, score in (("interviewer", "2"), ("colleague", "5")):
        form = world.ratings(2) | {f"rating-{apart}-score": score}
        assert world[name].sign_in().post(world.scorecard(2), form).status_code == 302
    page = visitor()
    sign_in(page, "colleague@example.org", PASSWORD)
    page.goto(f"{world.path}/consensus/{world.lot(1)}/0/")
    return world, page, apart


def turn(page, key, counter):
    """Go to another topic, once the page listens to keys."""
    page.wait_for_load_state()
    page.keyboard.press(key)
    expect(page.locator(".presented__counter")).to_have_text(counter)


def test_a_meeting_by_keyboard(meeting):
    world, page, apart = meeting
    page.locator("[name=others]").focus()
    page.keyboard.type("Petra Ordförande")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/topics/{apart}")
    foot = page.locator(".presented__foot")
    before = foot.bounding_box()
    total = len(world.competencies[2]) + 1
    expect(page.locator(".presented__counter")).to_have_text(f"1/{total}")
    turn(page, "ArrowRight", f"2/{total}")
    assert foot.bounding_box() == before
    turn(page, "ArrowLeft", f"1/{total}")
    page.wait_for_load_state()
    # Outside the form a figure chooses nothing; the arrows in a group choose and do not leave.
    page.keyboard.press("3")
    expect(page.locator("[name=outcome]:checked")).to_have_count(0)
    page.locator("[name=outcome]").first.focus()
    page.keyboard.press("3")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name=outcome]:checked")).to_have_value("4")
    page.keyboard.press("Tab")
    page.keyboard.type("Vi läste om ankaret för 4.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".presented__counter")).to_have_text(f"2/{total}")
    for number in range(3, total + 1):
        turn(page, "ArrowRight", f"{number}/{total}")
    page.wait_for_load_state()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/minutes")
    expect(page.locator("main")).to_contain_text("Vi läste om ankaret för 4.")
    expect(page.locator("main")).to_contain_text(
        "Närvarande: Colleague Prov, Interviewer Prov, Petra Ordförande."
    )
    expect(page.get_by_role("button", name="Skriv ut")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".site-header")).to_be_hidden()
    expect(page.locator(".minute").first).to_be_visible()


def test_two_screens_are_shown_side_by_side(meeting, visitor):
    _, page, apart = meeting
    page.get_by_role("button", name="Spara och börja med första punkten").click()
    page.wait_for_url(f"**/topics/{apart}")
    other = visitor(width=390, height=844)
    sign_in(other, "interviewer@example.org", PASSWORD)
    other.goto(page.url)
    for screen, outcome, why in ((page, "4", "Det första."), (other, "2", "Det andra.")):
        screen.check(f"[name=outcome][value='{outcome}']")
        screen.fill("[name=rationale]", why)
        screen.get_by_role("button", name="Spara och gå vidare").click()
    expect(other.locator("[role=alert]")).to_be_focused()
    expect(other.locator("section[aria-labelledby=theirs]")).to_contain_text("Det första.")
    expect(other.locator("section[aria-labelledby=yours]")).to_contain_text("Det andra.")
    expect(other.locator("[name=rationale]")).to_have_value("Det andra.")
    other.get_by_role("button", name="Spara och gå vidare").click()
    expect(other.locator(".presented__counter")).to_contain_text("2/")
    page.goto(page.url.partition("/topics/")[0] + "/minutes")
    expect(page.locator("main")).to_contain_text("Det första.")
    expect(page.locator("main")).to_contain_text("Det andra.")
