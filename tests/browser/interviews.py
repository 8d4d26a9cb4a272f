"""What tests of the interview page share: opening it, reading its state, reading the database."""

from __future__ import annotations

from playwright.sync_api import expect

from recruit.database import db
from recruit.scorecards.entries import entries_of
from recruit.scorecards.models import Scorecard
from tests.browser.conftest import sign_in
from tests.conftest import PASSWORD

LONGEST_PAUSE = 10_000
"""Milliseconds between two attempts to save, at most."""


def open_interview(page, world, who="interviewer", number=0, step=None):
    """Sign in and open an interview at the step of a competency; return that page's address."""
    page.clock.install()
    sign_in(page, f"{who}@example.org", PASSWORD)
    address = f"{world.scorecard(number)}#step-{step or world.competencies[number][0]}"
    page.goto(address)
    ready(page)
    return address


def ready(page):
    page.wait_for_selector("form[data-ready]")


def kept_for_offline(page):
    page.wait_for_selector("form[data-kept]")


def state(page, name):
    """Wait for a state, but not for the pauses before the page saves or tries again."""
    page.clock.fast_forward(LONGEST_PAUSE)
    expect(page.locator("[data-saved-state]")).to_have_attribute("data-state", name)


def saved_state(page):
    return page.locator("[data-saved-state]").inner_text()


def notice(page, name):
    return page.locator(f'[data-notice="{name}"]')


def notes(page):
    return page.locator("textarea.notes:visible").first


def note_on_server(world, number=0, who="interviewer", question=None):
    """Return the stored note of a question, by default the first one of the guide."""
    entries = stored(world, number, who)
    if entries is None:
        return None
    return entries.notes[question or first_question(world, number)]


def first_question(world, number=0):
    from recruit.guides.queries import content
    from recruit.interviews.models import Interview

    with world.app.app_context():
        interview = db.session.get_one(Interview, world.interviews[number])
        found = content(interview.guide_version).rounds[0].sections[0].questions[0].id
        db.session.remove()
    return found


def stored(world, number=0, who="interviewer"):
    """Return what the database holds of somebody's scorecard, as entries, or None."""
    with world.app.app_context():
        card = db.session.scalar(
            db.select(Scorecard).where(
                Scorecard.interview_id == world.interviews[number],
                Scorecard.user_id == world[who].id,
            )
        )
        found = None if card is None else entries_of(card)
        db.session.remove()
    return found


def wait_until(page, true, what, seconds=20):
    """Wait until something outside the browser is true."""
    for _ in range(seconds * 20):
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError(what)
