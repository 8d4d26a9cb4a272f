"""What breaks for real while somebody interviews: server, browser, disk, database."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import expect

from recruit.database import db
from tests.browser.conftest import FLAGS, sign_in
from tests.browser.interviews import (
    note_on_server,
    notes,
    notice,
    open_interview,
    ready,
    saved_state,
    state,
    wait_until,
)
from tests.conftest import PASSWORD, build_world
from tests.features.test_storage_faults import no_more_pages, sqlite_only
from tests.gunicorn import Gunicorn

pytestmark = pytest.mark.xdist_group("browser")

LONG = "Hon berättade om schemat, om gruppen och om vad de kom överens om. " * 130


@pytest.fixture
def gunicorn(database, world):
    """A world, and the real server on its database, which can be killed and started."""
    with Gunicorn(database) as server:
        yield world, server
        # Told to stop, it would wait for the connections that a browser keeps open unused.
        server.kill()


@sqlite_only
def test_the_server_is_killed_while_somebody_writes(gunicorn, chromium):
    """What was called saved is on disk; the rest is on the device until the server is back."""
    world, server = gunicorn
    context = chromium.new_context(base_url=server.address, locale="sv-SE")
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.clock.install()
    open_interview(page, world)
    text = ""
    for number in range(3):
        part = f"Omgång {number}: hon gav gruppen schemat. "
        notes(page).press_sequentially(part, delay=30)
        text += part
        wait_until(page, lambda: note_on_server(world), "nothing was saved")
        server.kill()
        on_disk = note_on_server(world)
        assert text.startswith(on_disk)
        notes(page).press_sequentially("Utan server. ")
        text += "Utan server. "
        state(page, "offline")
        server.start()
        # The longest pause between two attempts.
        page.clock.fast_forward(10_000)
        state(page, "saved")
        assert note_on_server(world) == text
    expect(notice(page, "conflict")).to_be_hidden()
    context.close()


@sqlite_only
def test_the_browser_is_killed_while_somebody_writes(gunicorn, chromium, tmp_path):
    """Opened again with the same profile, without a network in between, the text is there."""
    world, server = gunicorn
    profile = tmp_path / "profile"
    with browser_of(chromium, profile, server) as (context, page):
        address = open_interview(page, world)
        notes(page).fill("Sparat.")
        state(page, "saved")
        context.set_offline(True)
        notes(page).press_sequentially(" Skrivet strax före haveriet.")
        state(page, "offline")
        kill_browser(profile)
    with browser_of(chromium, profile, server) as (_, page):
        sign_in(page, "interviewer@example.org", PASSWORD)
        page.goto(address)
        ready(page)
        expect(notes(page)).to_have_value("Sparat. Skrivet strax före haveriet.")
        state(page, "saved")
        assert note_on_server(world) == "Sparat. Skrivet strax före haveriet."


@contextmanager
def browser_of(chromium, profile, server):
    context = chromium.browser_type.launch_persistent_context(
        str(profile),
        executable_path=shutil.which("chromium"),
        args=FLAGS,
        base_url=server.address,
        locale="sv-SE",
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield context, page
    if processes_of(profile):
        context.close()


def processes_of(profile):
    """Return the numbers of the processes that were started with the profile, ours alone."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if f"--user-data-dir={profile}".encode() in command:
                found.append(int(entry.name))
    return found


def kill_browser(profile):
    """Kill the browser and whatever it starts meanwhile, and see that nothing of it is left."""
    assert processes_of(profile)
    while left := processes_of(profile):
        for process in left:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.01)


def test_a_full_disk_is_told_and_nothing_is_lost(served, visitor):
    world = build_world(served[0])
    page = visitor()
    open_interview(page, world)
    notes(page).fill("Före.")
    state(page, "saved")
    with no_more_pages(world):
        notes(page).fill(LONG)
        state(page, "trouble")
        expect(notice(page, "trouble")).to_contain_text("Serverns disk är full")
        assert saved_state(page) == "Inte sparat – allt finns kvar här"
        assert note_on_server(world) == "Före."
    notice(page, "trouble").get_by_role("button", name="Försök igen").click()
    state(page, "saved")
    assert note_on_server(world) == LONG


@pytest.mark.parametrize("served", [{"database_wait": 0.4}], indirect=True)
def test_a_locked_database_is_told_and_nothing_is_lost(served, visitor):
    app, _ = served
    world = build_world(app)
    page = visitor()
    open_interview(page, world)
    with app.app_context():
        path = db.engine.url.database
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    notes(page).fill("Skrivet medan databasen var låst.")
    state(page, "trouble")
    expect(notice(page, "trouble")).to_contain_text("Databasen är upptagen")
    assert note_on_server(world) is None
    other.execute("ROLLBACK")
    other.close()
    state(page, "saved")
    expect(notice(page, "trouble")).to_be_hidden()
    assert note_on_server(world) == "Skrivet medan databasen var låst."
