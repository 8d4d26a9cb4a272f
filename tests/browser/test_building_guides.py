"""The builder by mouse, by keyboard alone, in two windows, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.conftest import PASSWORD, build_world

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def builder(served, visitor):
    world = build_world(served[0])
    page = visitor()
    sign_in(page, "recruiter@example.org", PASSWORD)
    page.goto(f"{world.path}/guides/builder/")
    return world, page


def cards(page, number=0):
    return page.locator(f"#round-{number} article")


def names(page, number=0):
    return [card.get_attribute("id") for card in cards(page, number).all()]


def settled(page, revision):
    expect(page.locator("#builder")).to_have_attribute("data-revision", str(revision))


def revision(page):
    return int(page.locator("#builder").get_attribute("data-revision"))


def test_by_mouse_from_proposal_to_publication(builder):
    _world, page = builder
    now, before = revision(page), names(page)
    first = cards(page).first
    first.get_by_role("button", name="Ta bort").click()
    settled(page, now + 1)
    assert names(page) == before[1:]
    page.get_by_role("button", name="Ångra").click()
    settled(page, now + 2)
    assert names(page) == before
    page.locator(f"#down-{before[0].removeprefix('question-')}").click()
    settled(page, now + 3)
    assert names(page)[:2] == [before[1], before[0]]
    page.locator(f"#move-{before[0].removeprefix('question-')}").click()
    settled(page, now + 4)
    assert before[0] in names(page, 1)
    page.reload()
    assert before[0] in names(page, 1)

    cards(page).first.get_by_role("link", name="Byt").click()
    page.get_by_role("button", name="Välj den här").first.click()
    settled(page, now + 5)
    cards(page).first.get_by_role("link", name="Redigera").click()
    # Words are checked while they are written only once the script is there.
    page.wait_for_url("**/builder/questions/*")
    page.get_by_label("Fråga", exact=True).fill("Tänker du skaffa barn snart?")
    expect(page.locator("#flags li").first).to_be_visible()
    page.get_by_label("Fråga", exact=True).fill("Berätta om ett beslut som du lämnade över.")
    expect(page.locator("#flags li")).to_have_count(0)
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.locator("article").first).to_contain_text(
        "Berätta om ett beslut som du lämnade över."
    )
    expect(page.get_by_text("Omformulerad")).to_be_visible()
    page.get_by_role("button", name="Publicera").click()
    page.wait_for_url("**/guides/")
    page.get_by_role("link", name="Vad som är ändrat").first.click()
    expect(page.locator(".changes > li").first).to_be_visible()


def test_by_keyboard_alone(builder):
    """Focus stays on the button that was pressed, or on the question when the button is gone."""
    _world, page = builder
    now, before = revision(page), names(page)
    key = before[0].removeprefix("question-")

    def focused():
        return page.evaluate("document.activeElement.id")

    def tab_to(target):
        for _ in range(400):
            if focused() == target:
                return
            page.keyboard.press("Tab")
        raise AssertionError(target)

    tab_to(f"pin-{key}")
    page.keyboard.press("Enter")
    settled(page, now + 1)
    expect(page.locator(f"#pin-{key}")).to_be_focused()
    expect(page.locator(f"#pin-{key}")).to_have_text("Lossa")
    tab_to(f"down-{key}")
    page.keyboard.press("Space")
    settled(page, now + 2)
    assert names(page)[:2] == [before[1], before[0]]
    expect(page.locator(f"#down-{key}")).to_be_focused()
    page.locator(f"#drop-{key}").focus()
    page.keyboard.press("Enter")
    settled(page, now + 3)
    assert before[0] not in names(page)
    page.keyboard.press("Control+Home")
    tab_to("undo")
    page.keyboard.press("Enter")
    settled(page, now + 4)
    expect(page.locator("#undo")).to_be_focused()
    assert before[0] in names(page)
    expect(page.locator("[data-announce]")).to_contain_text("av beteendena prövas")


def test_two_windows_overwrite_nothing(builder):
    _world, page = builder
    other = page.context.new_page()
    other.goto(page.url)
    now, before = revision(page), names(page)
    cards(page).first.get_by_role("button", name="Ta bort").click()
    settled(page, now + 1)
    other.locator("#round-0 details:has(textarea) summary").click()
    other.locator("#note-0").fill("Från det andra fönstret.")
    other.locator("#save-note-0").click()
    expect(other.get_by_role("alert").filter(has_text="Inget skrevs över")).to_be_focused()
    expect(other.locator("#builder")).to_contain_text("Från det andra fönstret.")
    settled(other, now + 1)
    assert names(other) == before[1:]


def test_without_scripts(served, visitor):
    world = build_world(served[0])
    page = visitor(scripts=False)
    sign_in(page, "recruiter@example.org", PASSWORD)
    page.goto(f"{world.path}/guides/builder/")
    now, before = revision(page), names(page)
    page.locator(f"#pin-{before[0].removeprefix('question-')}").click()
    settled(page, now + 1)
    assert page.url.endswith(f"#{before[0]}")
    expect(page.locator(f"#{before[0]}")).to_contain_text("Lossa")
    page.locator("#undo").click()
    settled(page, now + 2)
    expect(page.locator(f"#{before[0]}")).not_to_contain_text("Lossa")


def test_a_lost_session_is_told_and_the_page_stays(builder):
    _world, page = builder
    before = names(page)
    page.context.clear_cookies()
    page.locator(f"#pin-{before[0].removeprefix('question-')}").click()
    expect(page.locator("[data-edit-lost]")).to_be_visible()
    assert names(page) == before
