"""The keyboard goes through a page in its order with the focus in sight, and zoom hides nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.conftest import PASSWORD, build_world

pytestmark = pytest.mark.xdist_group("browser")

FOCUS = """() => {
    const element = document.activeElement, style = getComputedStyle(element);
    const all = [...document.querySelectorAll('*')];
    const seen = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)
        || style.boxShadow !== 'none';
    return [all.indexOf(element), element.textContent.trim().slice(0, 30) || element.name, seen];
}"""


def walk(page, most=80):
    """Return where the focus goes with Tab: place in the document, text, whether it is seen."""
    steps = []
    for _ in range(most):
        page.keyboard.press("Tab")
        place, text, seen = page.evaluate(FOCUS)
        if steps and place <= steps[0][0]:
            break
        steps.append((place, text, seen))
    return steps


def test_the_keyboard_goes_through_a_page_in_its_order(served, visitor):
    world = build_world(served[0])
    for width in (1366, 390):
        page = visitor(width=width)
        sign_in(page, "recruiter@example.org", PASSWORD)
        for path in ("/", "/requisitions/", world.path, f"{world.path}/candidates/", "/library/"):
            page.goto(path)
            steps = walk(page)
            assert steps[0][1] == "Hoppa till innehållet", path
            assert [place for place, _t, _s in steps] == sorted(place for place, _t, _s in steps)
            assert [text for _p, text, seen in steps if not seen] == [], path
            assert len(steps) > 5
        page.goto("/requisitions/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


def test_the_menu_of_a_phone_opens_without_a_script(served, visitor):
    world = build_world(served[0])
    page = visitor(width=390, height=844, scripts=False)
    sign_in(page, "recruiter@example.org", PASSWORD)
    page.goto(world.path)
    entry = page.get_by_role("link", name="Bibliotek")
    expect(entry).to_be_hidden()
    page.get_by_role("button", name="Meny").click()
    expect(entry).to_be_visible()
    current = page.locator(".site-nav [aria-current]")
    assert current.inner_text() == "Rekryteringar"
    for target in page.locator(".site-header :is(a, button, input):visible").all():
        box = target.bounding_box()
        assert box["height"] >= 44, target.inner_text()
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    page.locator("[data-search]").fill("amina")
    page.keyboard.press("Enter")
    expect(page.locator("main .todo__title")).to_have_text("Amina Exempel")


def test_slash_leads_to_the_search(served, visitor):
    build_world(served[0])
    page = visitor()
    sign_in(page, "recruiter@example.org", PASSWORD)
    field = page.locator("[data-search]")
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("a/b")
    expect(field).to_have_value("a/b")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=a%2Fb")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.goto("/library/")
    page.locator("main [name=q]").fill("")
    page.keyboard.press("/")
    expect(page.locator("main [name=q]")).to_have_value("/")
