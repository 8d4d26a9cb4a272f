"""Reading a comparison in a browser: evidence in a drawer, weights that answer, a decision."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from recruit.comparisons.queries import decisions
from tests.browser.conftest import sign_in
from tests.conftest import PASSWORD, build_world

pytestmark = pytest.mark.xdist_group("browser")


def test_drawer_weights_and_decision(served, visitor):
    world = build_world(served[0])
    for name in ("interviewer", "colleague"):
        person = world[name].sign_in()
        for number, score in ((0, 4), (1, 4), (2, 2)):
            form = world.ratings(number, score=score, evidence=f"Det {name} hörde.")
            assert person.post(world.scorecard(number), form).status_code == 302
    page = visitor()
    sign_in(page, "recruiter@example.org", PASSWORD)
    page.goto(f"{world.path}/comparison/")

    page.locator("a[data-evidence]").first.click()
    drawer = page.locator("dialog[open]")
    expect(drawer).to_contain_text("Det interviewer hörde.")
    expect(page.locator("#drawer-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)

    one = world.competencies[0][0]
    page.click("[data-weights] > summary")
    page.fill(f"#w-{one}", "90")
    expect(page.locator("[data-tried] table")).to_be_visible()
    expect(page.locator("[data-tried]")).to_contain_text("Prövat, inte sparat.")
    page.fill(f"#w-{one}", "mycket")
    page.wait_for_selector("[data-tried] .ds-validation-message")
    page.click("[data-weights] button[type=reset]")
    page.wait_for_function("!document.querySelector('[data-tried]').children.length")

    page.click("text=Besluta …")
    first, second = world.candidates
    page.check(f"[name=outcome-{world.lot(0)}][value=offered]")
    page.check(f"[name=outcome-{world.lot(1)}][value=declined]")
    page.fill("#rationale", "Visade det i handling.")
    page.click("main form.decide button[type=submit]")
    page.wait_for_selector(".ds-error-summary")
    page.locator(f"[name=ground-{world.lot(0)}]").first.check()
    page.click("main form.decide button[type=submit]")
    page.wait_for_url("**/comparison/")
    expect(page.locator(".decision")).to_contain_text("Visade det i handling.")
    with served[0].app_context():
        (decision,) = decisions(world.requisition)
        assert {o.candidate_id: o.outcome for o in decision.outcomes} == {
            first: "offered",
            second: "declined",
        }
