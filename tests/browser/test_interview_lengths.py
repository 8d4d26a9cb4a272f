"""A text that grows too long is told of while it is written, and no character of it is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from recruit.scorecards.limits import LONGEST_TEXT
from tests.browser.interviews import (
    note_on_server,
    notes,
    notice,
    open_interview,
    ready,
    state,
)
from tests.conftest import build_world

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def world(served):
    return build_world(served[0])


def test_the_count_comes_near_the_limit_and_nothing_is_lost_beyond_it(world, visitor):
    page = visitor()
    open_interview(page, world)
    field = notes(page)
    count = page.locator(f'[id="{field.get_attribute("id")}-length"]')
    field.fill("a" * (LONGEST_TEXT // 2))
    state(page, "saved")
    expect(count).to_be_hidden()
    near = "b" * (LONGEST_TEXT - 1)
    field.fill(near)
    expect(count).to_be_visible()
    assert "".join(filter(str.isdigit, count.inner_text())) == f"{LONGEST_TEXT - 1}{LONGEST_TEXT}"
    expect(page.locator("[data-announcer]")).to_have_text(count.inner_text())
    state(page, "saved")
    long = near + "😀ö"
    field.fill(long)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(count).to_contain_text("Korta texten")
    state(page, "trouble")
    expect(notice(page, "too-long")).to_be_visible()
    expect(notice(page, "too-long")).to_contain_text("Anteckningar")
    assert note_on_server(world) == near
    # The device holds every character, also without a network.
    page.reload()
    ready(page)
    expect(notes(page)).to_have_value(long)
    page.context.set_offline(True)
    notes(page).press("End")
    notes(page).press_sequentially("!")
    state(page, "offline")
    page.context.set_offline(False)
    state(page, "trouble")
    expect(notice(page, "too-long")).to_be_visible()
    assert note_on_server(world) == near
    notes(page).fill("kort")
    state(page, "saved")
    expect(notice(page, "too-long")).to_be_hidden()
    assert note_on_server(world) == "kort"
