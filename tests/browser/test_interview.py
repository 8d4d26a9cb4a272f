"""The interview page in use: on a tablet and a phone, by keyboard, without the script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from recruit.database import db
from recruit.guides.queries import content
from recruit.interviews.models import Interview
from tests.browser.conftest import sign_in
from tests.browser.interviews import (
    first_question,
    notes,
    notice,
    open_interview,
    ready,
    state,
    stored,
    wait_until,
)
from tests.browser.test_accessibility import AXE, SIZES, faults_of
from tests.conftest import PASSWORD, build_world

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def world(served):
    return build_world(served[0])


@pytest.fixture
def page(world, visitor):
    found = visitor(width=820, height=1180)
    open_interview(found, world)
    return found


def guide_of(world, number=0):
    with world.app.app_context():
        found = content(db.session.get_one(Interview, world.interviews[number]).guide_version)
        db.session.remove()
    return found


def turn_to(page, number):
    tab = page.locator("[data-steps] a").nth(number)
    tab.click()
    # The step changes only after the click has been answered.
    expect(tab).to_have_attribute("aria-current", "step")


def each_step_unfolded(page):
    """Turn to one step after the other, with everything open that can be."""
    for number in range(page.locator("[data-steps] a").count()):
        turn_to(page, number)
        for summary in page.locator("summary:visible, .step:visible summary").all():
            summary.evaluate("(one) => { one.parentElement.open = true }")
        yield number


def next_step(page):
    page.locator(".step:visible .step-actions a").last.click()


def on_top(page):
    """Tell whether the page is where a reader begins, with its head in sight."""
    return page.evaluate("window.scrollY") == 0


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_the_whole_interview(world, visitor, size):
    width, height = SIZES[size]
    page = visitor(width=width, height=height)
    dialogs = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    sign_in(page, "interviewer@example.org", PASSWORD)
    page.get_by_role("link", name="Amina Exempel").first.click()
    ready(page)
    guide = guide_of(world)
    round_ = guide.rounds[0]
    expect(page.locator(".step:visible h2")).to_have_text(round_.opening.title)
    expect(page.get_by_text(round_.opening.paragraphs[0])).to_be_visible()
    page.get_by_role("button", name="Starta klockan").click()
    next_step(page)
    for number, section in enumerate(round_.sections):
        expect(page.locator(f"#step-{section.competency}")).to_be_focused()
        assert on_top(page)
        for question in section.questions:
            expect(page.get_by_role("heading", name=question.text)).to_be_visible()
            expect(page.get_by_text(question.probes[0])).to_be_visible()
            page.fill(f"#note-{question.id}", f"Hon sade om {question.id}.")
        card = page.locator(f"#rating-{section.competency}")
        for score, anchor in section.anchors.items():
            expect(card.locator(".scale__step").nth(int(score) - 1)).to_contain_text(anchor)
        if number == 0:
            card.locator(".scale__step").nth(3).click()
            card.get_by_text("Mönster", exact=True).click()
            card.locator("textarea").fill("Två exempel, med följd.")
        else:
            card.get_by_text("Inte bedömt", exact=True).click()
            card.get_by_label("Varför är det inte bedömt?").fill("Tiden räckte inte.")
        next_step(page)
    expect(page.locator(".step:visible h2").first).to_have_text(round_.closing.title)
    next_step(page)
    expect(page.locator(".review li").nth(0)).to_contain_text("4 · Mönster")
    expect(page.locator(".review li").nth(1)).to_contain_text("inte bedömt")
    page.get_by_text("Ja, med tvekan").click()
    page.fill("#summary", "Nog för nästa omgång.")
    page.get_by_role("button", name="Lämna in och lås").click()
    expect(page.get_by_text("Din bedömning är inlämnad och låst. Tack!")).to_be_visible()
    expect(page.get_by_text("Två exempel, med följd.")).to_be_visible()
    assert dialogs == []
    entries = stored(world)
    first, *others = (section.competency for section in round_.sections)
    assert entries.ratings[first].score == 4
    assert {entries.ratings[key].not_assessed_reason for key in others} == {"Tiden räckte inte."}
    assert entries.notes[first_question(world)] == f"Hon sade om {first_question(world)}."
    assert entries.recommendation == "yes_with_doubts"


def press_until(page, key, selector, most=120):
    """Press a key until what is in focus matches the selector."""
    for _ in range(most):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} is not reached by {key}")


def test_one_interview_by_keyboard_alone(world, visitor):
    """From signing in to the locked scorecard; what is in focus is always in sight."""
    page = visitor(width=1280, height=800)
    page.goto("/sign-in")
    press_until(page, "Tab", "[name=email]")
    page.keyboard.type("interviewer@example.org")
    press_until(page, "Tab", "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    press_until(page, "Tab", "a.todo__title")
    page.keyboard.press("Enter")
    ready(page)
    press_until(page, "Tab", "button[data-clock]")
    page.keyboard.press("Enter")
    guide = guide_of(world)
    for section in guide.rounds[0].sections:
        press_until(page, "Tab", ".step-actions a:not([data-variant])")
        page.keyboard.press("Enter")
        expect(page.locator(f"#step-{section.competency}")).to_be_focused()
        for question in section.questions:
            press_until(page, "Tab", f"#note-{question.id}")
            assert in_sight(page)
            page.keyboard.type("Sagt 1, 2 och 3 gånger.")
        press_until(page, "Tab", "[type=radio][name$=-score]")
        page.keyboard.press("5")
        expect(notice(page, "rated")).to_contain_text(f"{section.name}: 5")
        press_until(page, "Tab", "[type=radio][name$=-evidence_level]")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        press_until(page, "Tab", f"#rating-{section.competency}-evidence")
        assert in_sight(page)
        page.keyboard.type("Flera exempel.")
    for _ in range(2):
        press_until(page, "Tab", ".step-actions a:not([data-variant])")
        page.keyboard.press("Enter")
    expect(page.locator("#step-summary")).to_be_focused()
    press_until(page, "Tab", "[name=recommendation]")
    page.keyboard.press("Space")
    press_until(page, "Tab", "button[type=submit]:not([name])")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Din bedömning är inlämnad och låst. Tack!")).to_be_visible()
    entries = stored(world)
    assert {rating.score for rating in entries.ratings.values()} == {5}
    assert set(entries.notes.values()) == {"Sagt 1, 2 och 3 gånger."}


def in_sight(page):
    """Tell whether what is in focus lies between the head and the notices."""
    return page.evaluate(
        """() => {
            const box = document.activeElement.getBoundingClientRect();
            const head = document.querySelector(".focus-head").getBoundingClientRect();
            const notices = document.querySelector("[data-notices]").getBoundingClientRect();
            return box.bottom > head.bottom && box.top < notices.top;
        }"""
    )


def test_number_keys_rate_only_outside_of_text(world, page):
    competency = world.competencies[0][0]
    scores = page.locator(f'[name="rating-{competency}-score"]')
    notes(page).fill("")
    notes(page).press_sequentially("3 av 5")
    assert scores.evaluate_all("(all) => all.filter((one) => one.checked).length") == 0
    page.locator(f"#step-{competency}").focus()
    page.keyboard.press("4")
    expect(scores.nth(3)).to_be_checked()
    page.keyboard.press("Control+2")
    expect(scores.nth(3)).to_be_checked()
    page.keyboard.press("0")
    expect(scores.nth(5)).to_be_checked()
    expect(page.locator(f"#rating-{competency}-not_assessed_reason")).to_be_focused()
    page.keyboard.type("2 minuter kvar")
    expect(scores.nth(5)).to_be_checked()
    page.locator(".keyboard-help summary").click()
    page.get_by_label("Siffertangenter sätter betyg").uncheck()
    page.locator(f"#step-{competency}").focus()
    page.keyboard.press("1")
    expect(scores.nth(5)).to_be_checked()
    page.reload()
    ready(page)
    page.locator(f"#step-{competency}").focus()
    page.keyboard.press("1")
    expect(scores.nth(0)).not_to_be_checked()
    turn_to(page, 0)
    page.keyboard.press("1")
    state(page, "saved")
    assert stored(world).ratings[competency].score is None
    assert stored(world).ratings[competency].not_assessed_reason == "2 minuter kvar"


def test_the_clock_tells_and_does_not_urge(world, visitor):
    page = visitor(width=820, height=1180)
    page.clock.install()
    open_interview(page, world)
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    turn_to(page, 0)
    clock = page.locator("button[data-clock]")
    expect(clock).to_contain_text("Starta klockan")
    clock.click()
    page.clock.run_for(4 * 60_000)
    expect(clock).to_contain_text("Del 4:00 av 5")
    turn_to(page, 1)
    look = clock.evaluate("(one) => getComputedStyle(one).cssText")
    page.clock.run_for(2 * 60_000 + 30_000)
    expect(page.locator("[data-clock-part-elapsed]")).to_have_text("2:30")
    expect(page.locator("[data-clock-elapsed]")).to_have_text("6:30")
    page.reload()
    ready(page)
    expect(page.locator("[data-clock-elapsed]")).to_have_text("6:30")
    spoken = listen(page)
    page.clock.run_for(90 * 60_000)
    assert clock.evaluate("(one) => getComputedStyle(one).cssText") == look
    assert spoken() == [
        "Den planerade tiden för den här delen har gått.",
        "Halva intervjun har gått.",
        "Den planerade tiden för intervjun har gått.",
    ]
    clock.click()
    paused = page.locator("[data-clock-elapsed]").inner_text()
    page.clock.run_for(5 * 60_000)
    expect(page.locator("[data-clock-elapsed]")).to_have_text(paused)
    clock.click()
    turn_to(page, -1)
    page.clock.run_for(5 * 60_000)
    expect(page.locator("[data-clock-elapsed]")).to_have_text(paused)


def write(page, text):
    """Write, and let the time pass that goes by before it is saved; the clock is installed."""
    notes(page).fill(text)
    page.clock.fast_forward(1000)


def listen(page):
    """Return a function that returns what a screen reader was given since."""
    page.evaluate(
        """() => {
            window.spoken = [];
            const place = document.querySelector("[data-announcer]");
            new MutationObserver(() => window.spoken.push(place.textContent.trim())).observe(
                place, { childList: true, characterData: true, subtree: true });
        }"""
    )
    return lambda: page.evaluate("window.spoken")


def test_a_screen_reader_hears_that_it_is_saved_once(world, visitor):
    """Ten saves are told as one; losing the network and getting it back are told."""
    page = visitor(width=820, height=1180)
    page.clock.install()
    open_interview(page, world)
    spoken = listen(page)
    for number in range(10):
        write(page, f"Anteckning {number}")
        state(page, "saved")
    assert len(spoken()) == 1
    assert spoken()[0].startswith("Sparat ")
    page.context.set_offline(True)
    write(page, "Utan nät")
    state(page, "offline")
    page.context.set_offline(False)
    state(page, "saved")
    assert len(spoken()) == 3
    assert spoken()[1] == "Utan nät – sparas när nätet är tillbaka"


def place_of(page):
    return page.evaluate(
        """() => ({
            step: document.querySelector("[data-step]:not([hidden])").id,
            scroll: Math.round(window.scrollY),
            field: document.activeElement.name,
            caret: document.activeElement.selectionStart,
        })"""
    )


KEPT_SCROLL = """() => new Promise((resolve) => {
    const opened = indexedDB.open("recruit-interviews");
    opened.onsuccess = () => {
        const asked = opened.result.transaction("places").objectStore("places").getAll();
        asked.onsuccess = () => resolve(asked.result[0]?.scroll);
    };
})"""
"""How far down the device remembers that one stood."""


def test_where_one_stood_is_found_again(world, visitor):
    """After a reload, and after the window was closed: part, scroll, field and caret."""
    page = visitor(width=390, height=844)
    address = open_interview(page, world, step=world.competencies[0][1])
    field = page.locator("textarea.notes:visible").last
    field.fill("Hon sade att gruppen bestämde.")
    field.press("Home")
    for _ in range(9):
        field.press("ArrowRight")
    still = place_of(page)["scroll"]
    page.mouse.wheel(0, 150)
    wait_until(
        page,
        lambda: still != page.evaluate(KEPT_SCROLL) == place_of(page)["scroll"],
        "the place is not kept",
    )
    before = place_of(page)
    assert before["scroll"] > 200
    assert before["caret"] == 9
    page.reload()
    ready(page)
    assert place_of(page) == before
    page.close()
    again = page.context.new_page()
    again.goto(address.partition("#")[0])
    ready(again)
    assert place_of(again) == before


def test_nothing_moves_when_a_message_comes(world, page):
    """Somebody writes while the network goes, the session ends and a conflict comes."""
    page.set_viewport_size({"width": 820, "height": 700})
    field = page.locator("textarea.notes:visible").last
    field.fill("Före.")
    state(page, "saved")
    place = field.bounding_box()
    page.context.clear_cookies()
    field.press_sequentially(" Efter.")
    expect(notice(page, "signed-out")).to_be_visible()
    assert field.bounding_box() == place
    expect(field).to_be_focused()
    assert in_sight(page)


def test_what_is_missing_is_linked_to(world, page):
    competency = world.competencies[0][0]
    page.locator(f'[name="rating-{competency}-score"][value="5"]').check()
    turn_to(page, -1)
    page.get_by_role("button", name="Lämna in och lås").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2 + len(world.competencies[0]))
    summary.locator(f'a[href="#rating-{competency}-evidence"]').click()
    expect(page.locator(f"#rating-{competency}-evidence")).to_be_focused()
    assert in_sight(page)
    page.go_back()
    expect(page.locator("#step-summary")).to_be_visible()
    summary.get_by_role("link", name="rekommendation").click()
    expect(page.locator("#recommendation")).to_be_focused()
    page.reload()
    ready(page)
    expect(page.locator(f'[name="rating-{competency}-score"][value="5"]')).to_be_checked()


TARGETS = """() => [...document.querySelectorAll(
    "a, button, summary, textarea, select, input[type=text], label:has(input)")]
    .filter((one) => one.checkVisibility() && !one.closest("p, .ds-skip-link, li > a:only-child p"))
    .filter((one) => !one.matches(".ds-skip-link"))
    .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
    .filter(([, box]) => box.width < 44 || box.height < 43.9)
    .map(([html, box]) => [html, Math.round(box.width), Math.round(box.height)])"""


@pytest.mark.parametrize("size", ["phone", "tablet"])
def test_everything_to_touch_is_large_enough(world, visitor, size):
    page = visitor(width=SIZES[size][0], height=SIZES[size][1])
    open_interview(page, world)
    small = []
    for _number in each_step_unfolded(page):
        small += page.evaluate(TARGETS)
    assert small == []


def test_works_as_one_long_page_without_the_script(world, visitor):
    """A draft, a refusal that links to what is missing, and a submission."""
    page = visitor(scripts=False)
    sign_in(page, "interviewer@example.org", PASSWORD)
    page.goto(world.scorecard(0))
    for step in page.locator("[data-step]").all():
        expect(step).to_be_visible()
    expect(page.locator("button[data-clock]")).to_be_hidden()
    expect(page.locator("[data-notices] .notice:visible")).to_have_count(0)
    page.fill("#summary", "Utan skript.")
    page.click("button[value=draft]")
    expect(page.locator("#summary")).to_have_value("Utan skript.")
    page.get_by_role("button", name="Lämna in och lås").click()
    expect(page.get_by_role("alert")).to_be_visible()
    for card in page.locator("[data-rating]").all():
        card.locator('input[value="3"]').check()
        card.locator('input[value="example"]').check()
    page.check('[name=recommendation][value="no"]')
    page.get_by_role("button", name="Lämna in och lås").click()
    expect(page.get_by_text("Din bedömning är inlämnad och låst. Tack!")).to_be_visible()
    assert stored(world).summary == "Utan skript."


@pytest.mark.parametrize(
    ("size", "scheme"),
    [("tablet", "light"), ("phone", "light"), ("laptop", "light"), ("tablet", "dark")],
)
def test_every_state_is_accessible(world, visitor, size, scheme):
    """axe-core finds nothing in any state that the page can get into."""
    width, height = SIZES[size]
    page = visitor(width=width, height=height, scheme=scheme)
    page.clock.install()
    open_interview(page, world)
    script = AXE.read_text()
    page.evaluate(script)
    faults = []

    def check(name):
        faults.extend(faults_of(page, f"{size} {scheme} {name}"))

    page.locator("button[data-clock]").click()
    for number in each_step_unfolded(page):
        check(f"step {number}")
    turn_to(page, 1)
    page.keyboard.press("4")
    expect(notice(page, "rated")).to_be_visible()
    check("rated")
    state(page, "saved")
    other = page.context.new_page()
    other.goto(page.url)
    ready(other)
    write(other, "Från ett annat fönster.")
    state(other, "saved")
    other.close()
    write(page, "Härifrån.")
    state(page, "conflict")
    check("conflict")
    page.locator("[data-show-conflict]").click()
    check("both versions")
    page.get_by_role("button", name="Behåll båda texterna").click()
    page.clock.fast_forward(1000)
    state(page, "saved")
    page.context.set_offline(True)
    write(page, "Utan nät.")
    state(page, "offline")
    check("offline")
    page.context.set_offline(False)
    state(page, "saved")
    turn_to(page, -1)
    page.get_by_role("button", name="Lämna in och lås").click()
    expect(page.get_by_role("alert")).to_be_visible()
    # The page is another one now, and answers only when its scripts have begun.
    ready(page)
    page.evaluate(script)
    check("gaps")
    turn_to(page, 2)
    check("step with gaps")
    page.context.clear_cookies()
    write(page, "Utan session.")
    state(page, "signed-out")
    check("signed out")
    assert faults == []
