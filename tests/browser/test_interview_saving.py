"""Nothing that an interviewer writes is lost: network, sessions, windows and devices that fail."""

from __future__ import annotations

import re
import socket

import pytest
from playwright.sync_api import expect

from recruit.database import db
from recruit.privacy import actions as privacy
from recruit.privacy.models import ErasureGround
from tests.browser.conftest import sign_in
from tests.browser.interviews import (
    first_question,
    kept_for_offline,
    note_on_server,
    notes,
    notice,
    open_interview,
    ready,
    saved_state,
    state,
    stored,
    wait_until,
)
from tests.conftest import PASSWORD, build_world

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def world(served):
    return build_world(served[0])


@pytest.fixture
def page(world, visitor):
    found = visitor()
    open_interview(found, world)
    return found


def another_window(page, world):
    """Open the same interview in another window of the same browser."""
    other = page.context.new_page()
    other.set_default_timeout(30_000)
    other.goto(page.url)
    ready(other)
    return other


def sign_out_behind(page):
    """End the session as if it had run out."""
    page.context.clear_cookies()


def test_saves_within_two_seconds_while_somebody_goes_on_writing(world, visitor):
    """A pause in writing is not waited for."""
    page = visitor()
    page.clock.install()
    open_interview(page, world)
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    saves = []
    page.on("request", lambda request: saves.append(request) if request.method == "POST" else None)
    text = "Tjugo tecken skrivs "
    for number in (1, 2, 3):
        for letter in text:
            notes(page).press_sequentially(letter)
            page.clock.run_for(100)
        wait_until(page, lambda least=number: len(saves) >= least, "two seconds without a save")
    page.clock.run_for(1000)
    state(page, "saved")
    assert note_on_server(world) == text * 3


def test_saved_is_said_only_of_what_the_server_has(world, page):
    notes(page).fill("Först")
    state(page, "saved")
    assert re.fullmatch(r"Sparat \d\d:\d\d", saved_state(page))
    held = []

    def hold(route):
        if held:
            route.continue_()
        held.append(route)

    page.route("**/scorecard/draft", hold)
    notes(page).fill("Först, sedan mer")
    wait_until(page, lambda: held, "no save was tried")
    assert saved_state(page) == "Sparar …"
    assert note_on_server(world) == "Först"
    held[0].continue_()
    state(page, "saved")
    assert note_on_server(world) == "Först, sedan mer"


def test_five_minutes_without_network(world, visitor):
    """Written all the while, told all the while, saved when the network is back."""
    page = visitor()
    page.clock.install()
    open_interview(page, world)
    page.context.set_offline(True)
    for minute in range(5):
        notes(page).press_sequentially(f"Minut {minute}. ")
        page.clock.run_for(60_000)
        state(page, "offline")
    assert saved_state(page) == "Utan nät – sparas när nätet är tillbaka"
    assert note_on_server(world) is None
    page.context.set_offline(False)
    page.clock.run_for(11_000)
    state(page, "saved")
    assert note_on_server(world) == "Minut 0. Minut 1. Minut 2. Minut 3. Minut 4. "


def test_what_is_entered_before_the_page_is_ready_stays(world, visitor):
    """A slow network holds up the scripts while somebody writes and rates already."""
    page = visitor(width=820, height=1180)
    sign_in(page, "interviewer@example.org", PASSWORD)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/interview/store*", hold)
    with page.expect_request("**/interview/store*"):
        page.goto(world.scorecard(0), wait_until="commit")
    field = page.locator("textarea.notes").first
    field.evaluate("(field) => { field.value = 'Skrivet i förväg.' }")
    rated = page.locator('[data-rating] input[value="4"]').first
    rated.evaluate("(radio) => radio.click()")
    held[0].continue_()
    ready(page)
    expect(field).to_have_value("Skrivet i förväg.")
    expect(rated).to_be_checked()
    state(page, "saved")
    assert note_on_server(world) == "Skrivet i förväg."
    assert stored(world).ratings[world.competencies[0][0]].score == 4


def test_reload_and_closed_window_without_network(world, page):
    """The page, its parts and the text come back from the device; then the text is saved."""
    kept_for_offline(page)
    page.context.set_offline(True)
    notes(page).fill("Skrivet i en källare.")
    state(page, "offline")
    page.reload()
    ready(page)
    expect(notes(page)).to_have_value("Skrivet i en källare.")
    state(page, "offline")
    address = page.url
    page.close()
    again = page.context.new_page()
    again.set_default_timeout(30_000)
    again.goto(address)
    ready(again)
    expect(notes(again)).to_have_value("Skrivet i en källare.")
    assert again.evaluate("getComputedStyle(document.querySelector('.focus-head')).position") == (
        "sticky"
    )
    again.context.set_offline(False)
    state(again, "saved")
    assert note_on_server(world) == "Skrivet i en källare."


def test_a_saved_text_is_there_when_opened_without_network(world, page):
    """The kept page is older than the last save, and is not shown as if it were the newest."""
    kept_for_offline(page)
    notes(page).fill("Sparat efter att sidan hämtades.")
    state(page, "saved")
    page.context.set_offline(True)
    page.reload()
    ready(page)
    expect(notes(page)).to_have_value("Sparat efter att sidan hämtades.")
    notes(page).fill("Sparat efter att sidan hämtades. Och mer.")
    page.context.set_offline(False)
    state(page, "saved")
    assert note_on_server(world) == "Sparat efter att sidan hämtades. Och mer."


def test_only_the_interview_page_is_kept(world, page):
    kept_for_offline(page)
    path = world.scorecard(0)
    kept = page.evaluate(
        """async () => {
            const found = {};
            for (const name of await caches.keys()) {
                const requests = await (await caches.open(name)).keys();
                found[name] = requests.map((request) => new URL(request.url).pathname);
            }
            return found;
        }"""
    )
    person = world["interviewer"].id
    assert list(kept) == [f"interview:{person}:{path}"]
    pages = [one for one in kept[f"interview:{person}:{path}"] if not one.startswith("/static/")]
    assert pages == [path]
    scopes = page.evaluate(
        "async () => (await navigator.serviceWorker.getRegistrations())"
        ".map((one) => new URL(one.scope).pathname)"
    )
    assert scopes == [path]
    page.goto("/")
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(world.path)


def test_an_expired_login_keeps_everything_and_goes_on_in_a_new_tab(world, page):
    """The new session has another token; nothing is lost for that."""
    notes(page).fill("Före.")
    state(page, "saved")
    sign_out_behind(page)
    notes(page).fill("Före. Skrivet utan session.")
    state(page, "signed-out")
    assert saved_state(page) == "Du är utloggad – allt finns kvar här"
    assert note_on_server(world) == "Före."
    with page.context.expect_page() as opened:
        notice(page, "signed-out").get_by_role("link").click()
    tab = opened.value
    tab.fill("[name=email]", "interviewer@example.org")
    tab.fill("[name=password]", PASSWORD)
    tab.click("main button[type=submit]")
    tab.wait_for_url("**/signed-in")
    state(page, "saved")
    expect(notice(page, "signed-out")).to_be_hidden()
    assert note_on_server(world) == "Före. Skrivet utan session."
    expect(notes(page)).to_have_value("Före. Skrivet utan session.")


def test_an_expired_login_survives_a_reload(world, page):
    sign_out_behind(page)
    notes(page).fill("Skrivet utan session.")
    state(page, "signed-out")
    page.reload()
    page.fill("[name=email]", "interviewer@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    ready(page)
    state(page, "saved")
    assert note_on_server(world) == "Skrivet utan session."


def test_another_person_on_the_device_gets_nothing(world, page):
    """Nothing of the first person is saved in the second one's name, nor shown to them."""
    kept_for_offline(page)
    page.context.set_offline(True)
    notes(page).fill("Ivars hemliga text.")
    state(page, "offline")
    page.context.clear_cookies()
    page.context.set_offline(False)
    tab = page.context.new_page()
    sign_in(tab, "colleague@example.org", PASSWORD)
    state(page, "trouble")
    expect(notice(page, "another-person")).to_be_visible()
    assert stored(world, who="colleague") is None
    assert stored(world) is None
    tab.goto(world.scorecard(0))
    ready(tab)
    assert "Ivars hemliga text." not in tab.content()
    names = tab.evaluate("caches.keys()")
    assert all(name.startswith(f"interview:{world['colleague'].id}:") for name in names)
    tab.close()
    page.context.clear_cookies()
    again = page.context.new_page()
    sign_in(again, "interviewer@example.org", PASSWORD)
    again.goto("/signed-in")
    state(page, "saved")
    assert note_on_server(world) == "Ivars hemliga text."


def test_a_page_sent_in_another_persons_session_is_refused(world):
    """Without the script too: the form names its author."""
    colleague = world["colleague"].sign_in()
    form = world.ratings(0, person=str(world["interviewer"].id))
    for path in (world.scorecard(0), f"{world.scorecard(0)}draft"):
        assert colleague.post(path, form).status_code == 409
    assert stored(world, who="colleague") is None


def left_on_device(page):
    """Return the kept pages, and how many workers, drafts and places the browser holds."""
    return page.evaluate(
        """async () => {
            const database = await new Promise((resolve) => {
                const request = indexedDB.open("recruit-interviews");
                request.onsuccess = () => resolve(request.result);
            });
            const count = (name) => new Promise((resolve) => {
                const request = database.transaction(name).objectStore(name).count();
                request.onsuccess = () => resolve(request.result);
            });
            const workers = await navigator.serviceWorker.getRegistrations();
            const kept = [await count("drafts"), await count("places")];
            return [await caches.keys(), workers.length, ...kept];
        }"""
    )


def test_signing_out_leaves_nothing_on_the_device(world, page):
    kept_for_offline(page)
    notes(page).fill("Sparat.")
    state(page, "saved")
    page.goto("/")
    page.get_by_role("button", name="Logga ut").click()
    page.wait_for_url("**/sign-in")
    assert left_on_device(page) == [[], 0, 0, 0]
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(world.scorecard(0))


def test_signing_out_asks_before_unsaved_text_goes(world, page):
    kept_for_offline(page)
    page.context.set_offline(True)
    notes(page).fill("Inte sparat än.")
    state(page, "offline")
    page.close()
    start = page.context.new_page()
    start.context.set_offline(False)
    start.goto("/")
    expect(start.locator("[data-unsent]")).to_be_visible()
    start.get_by_role("button", name="Logga ut").click()
    expect(start.locator("[data-unsaved]")).to_be_visible()
    assert start.url.endswith("/")
    start.locator("[data-unsaved-link]").click()
    ready(start)
    state(start, "saved")
    assert note_on_server(world) == "Inte sparat än."


def test_of_an_erased_candidate_nothing_is_left_on_the_device(world, page):
    """Neither the page that was kept nor the text, saved or not; another candidate's stays."""
    kept_for_offline(page)
    notes(page).fill("Amina sa det här.")
    state(page, "saved")
    page.context.set_offline(True)
    notes(page).fill("Amina sa det här, och mer.")
    state(page, "offline")
    page.close()
    start = page.context.new_page()
    start.context.set_offline(False)
    other = f"{world.scorecard(2)}#step-{world.competencies[2][0]}"
    start.goto(other)
    ready(start)
    kept_for_offline(start)
    notes(start).fill("Björn sa något annat.")
    state(start, "saved")
    with world.app.app_context():
        privacy.erase_candidate(
            world.requisition,
            world.candidates[0],
            ground=ErasureGround.OBJECTION,
            actor_id=world["recruiter"].id,
        )
        db.session.remove()
    pages, _workers, drafts, places = left_on_device(start)
    assert (len(pages), drafts, places) == (2, 2, 2)
    start.goto("/")
    start.wait_for_load_state()
    # The kept page goes last.
    wait_until(start, lambda: len(left_on_device(start)[0]) == 1, "the kept page is gone")
    pages, _workers, drafts, places = left_on_device(start)
    assert (len(pages), drafts, places) == (1, 1, 1)
    assert pages[0].endswith(world.scorecard(2))
    expect(start.locator("[data-unsent]")).to_be_hidden()


def test_two_windows_show_both_versions(world, page):
    other = another_window(page, world)
    notes(page).fill("Från det första fönstret.")
    state(page, "saved")
    notes(other).fill("Från det andra fönstret.")
    state(other, "conflict")
    assert note_on_server(world) == "Från det första fönstret."
    expect(notes(other)).to_have_value("Från det andra fönstret.")
    notice(other, "conflict").get_by_role("button", name="Visa båda versionerna").click()
    both = other.locator(".conflict")
    expect(both).to_have_count(1)
    expect(both.locator("[data-conflict-mine]")).to_have_text("Från det andra fönstret.")
    expect(both.locator("[data-conflict-theirs]")).to_have_text("Från det första fönstret.")
    both.get_by_role("button", name="Behåll båda texterna").click()
    state(other, "saved")
    assert note_on_server(world) == "Från det andra fönstret.\n\nFrån det första fönstret."
    expect(notes(other)).to_have_value("Från det andra fönstret.\n\nFrån det första fönstret.")
    expect(notice(other, "conflict")).to_be_hidden()


@pytest.mark.parametrize(
    ("button", "kept"),
    [
        ("Behåll min", "Andra."),
        ("Ta den sparade", "Första."),
    ],
)
def test_one_version_is_chosen(world, page, button, kept):
    other = another_window(page, world)
    notes(page).fill("Första.")
    state(page, "saved")
    notes(other).fill("Andra.")
    state(other, "conflict")
    other.locator("[data-show-conflict]").click()
    other.get_by_role("button", name=button).click()
    state(other, "saved")
    assert note_on_server(world) == kept
    expect(notes(other)).to_have_value(kept)


def test_a_conflict_holds_up_nothing_else_and_survives_a_reload(world, page):
    """Everything but the disputed text goes on being saved; choosing can wait."""
    other = another_window(page, world)
    notes(page).fill("Första.")
    state(page, "saved")
    notes(other).fill("Andra.")
    state(other, "conflict")
    summary = other.locator("#summary")
    other.locator("[data-steps] a").last.click()
    summary.fill("Skrivet under konflikten.")
    wait_until(
        other, lambda: stored(world).summary == "Skrivet under konflikten.", "summary not saved"
    )
    assert note_on_server(world) == "Första."
    other.reload()
    ready(other)
    state(other, "conflict")
    other.get_by_role("button", name="Lämna in och lås").click()
    expect(other.locator("#step-conflict")).to_be_visible()
    expect(other.locator("[data-conflict-mine]")).to_have_text("Andra.")
    other.get_by_role("button", name="Behåll min").click()
    state(other, "saved")
    assert note_on_server(world) == "Andra."


def test_ratings_are_chosen_whole(world, page):
    """A score and its level are one choice; they are told in words."""
    competency = world.competencies[0][0]
    other = another_window(page, world)
    for window, score, level in ((page, "2", "talk"), (other, "4", "pattern")):
        window.locator(f'[name="rating-{competency}-score"][value="{score}"]').check()
        window.locator(f'[name="rating-{competency}-evidence_level"][value="{level}"]').check()
        state(window, "saved" if window is page else "conflict")
    other.locator("[data-show-conflict]").click()
    expect(other.locator("[data-conflict-theirs]")).to_contain_text("Prat")
    expect(other.locator("[data-conflict-mine]")).to_contain_text("Mönster")
    expect(other.get_by_role("button", name="Behåll båda texterna")).to_have_count(0)
    other.get_by_role("button", name="Ta den sparade").click()
    state(other, "saved")
    rating = stored(world).ratings[competency]
    assert (rating.score, rating.evidence_level) == (2, "talk")
    expect(other.locator(f'[name="rating-{competency}-score"][value="2"]')).to_be_checked()


def test_changes_in_different_places_are_put_together_and_told(world, page):
    other = another_window(page, world)
    notes(page).fill("Första fönstrets anteckning.")
    state(page, "saved")
    other.locator("[data-steps] a").last.click()
    other.locator("#summary").fill("Andra fönstrets sammanfattning.")
    state(other, "saved")
    expect(notice(other, "adopted")).to_contain_text("Anteckningar")
    entries = stored(world)
    assert entries.notes[first_question(world)] == "Första fönstrets anteckning."
    assert entries.summary == "Andra fönstrets sammanfattning."
    other.locator("[data-steps] a").nth(1).click()
    expect(notes(other)).to_have_value("Första fönstrets anteckning.")


def test_two_devices(world, page, visitor):
    """One is offline while the other saves; when it is back, both versions are there."""
    tablet = visitor(width=820, height=1180)
    open_interview(tablet, world)
    tablet.context.set_offline(True)
    notes(tablet).fill("På plattan.")
    state(tablet, "offline")
    notes(page).fill("På datorn.")
    state(page, "saved")
    tablet.context.set_offline(False)
    state(tablet, "conflict")
    assert note_on_server(world) == "På datorn."
    tablet.locator("[data-show-conflict]").click()
    expect(tablet.locator("[data-conflict-mine]")).to_have_text("På plattan.")
    expect(tablet.locator("[data-conflict-theirs]")).to_have_text("På datorn.")


def test_a_window_looked_at_again_shows_what_is_newest(world, page):
    other = another_window(page, world)
    notes(page).fill("Skrivet medan det andra låg underst.")
    state(page, "saved")
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(notes(other)).to_have_value("Skrivet medan det andra låg underst.")


def test_an_answer_that_never_came_is_no_conflict(world, page, monkeypatch):
    """The save reached the server, its answer did not: what is written next goes on from there."""
    serve, lost = world.app.wsgi_app, []

    def losing(environ, start_response):
        answer = serve(environ, start_response)
        if environ["REQUEST_METHOD"] == "POST" and not lost:
            lost.append(environ["PATH_INFO"])
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return answer

    monkeypatch.setattr(world.app, "wsgi_app", losing)
    notes(page).fill("Kom fram")
    wait_until(page, lambda: lost, "the save did not reach the server")
    assert lost == [f"{world.scorecard(0)}draft"]
    assert note_on_server(world) == "Kom fram"
    notes(page).fill("Kom fram, och mer")
    state(page, "saved")
    assert note_on_server(world) == "Kom fram, och mer"
    expect(notice(page, "conflict")).to_be_hidden()


def test_submitted_in_another_window_keeps_what_is_written_here(world, page):
    other = another_window(page, world)
    person = world["interviewer"].sign_in()
    version = page.locator("[name=version]").input_value()
    form = world.ratings(0, version=version, summary="Inlämnat.")
    assert person.post(world.scorecard(0), form).status_code == 302
    notes(other).fill("Skrivet för sent.")
    expect(notice(other, "refused")).to_contain_text("inlämnad och låst")
    state(other, "trouble")
    other.reload()
    expect(other.locator("[data-leftover]")).to_contain_text("Skrivet för sent.")
    other.get_by_role("button", name="Radera den från enheten").click()
    other.reload()
    expect(other.locator("[data-leftover]")).to_be_hidden()
    assert note_on_server(world) == ""


def test_leaving_the_panel_elsewhere_is_told(world, page):
    from recruit.interviews.departures import step_down
    from recruit.interviews.models import DepartureKind

    with world.app.app_context():
        step_down(
            world.interviews[0],
            world["interviewer"].id,
            kind=DepartureKind.STEPPED_DOWN,
            reason="",
        )
        db.session.remove()
    notes(page).fill("Efter att ha klivit av.")
    state(page, "trouble")
    expect(notice(page, "refused")).to_be_visible()
    assert stored(world) is None
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har inte behörighet till sidan")
