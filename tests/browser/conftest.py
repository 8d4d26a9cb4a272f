"""A real browser, the running application, and a mailbox."""

from __future__ import annotations

import os
import shutil
import threading

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from recruit.database import db
from recruit.jobs.queue import jobs
from tests.conftest import build_world, has_world, shared_app

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Patience for a busy machine; what is there at once is not waited for.
expect.set_options(timeout=20_000)


class Quiet(WSGIRequestHandler):
    def log_request(self, *args):
        """Say nothing: requests are not what a failing test should print."""


@pytest.fixture
def served(request, sqlite_template, mailbox):
    """The application and its address; a test may ask for other settings by ``parametrize``."""
    folder = sqlite_template.parent / "served"
    path = folder / "recruit.sqlite3"

    def begin_anew():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copyfile(sqlite_template, path)

    begin_anew()
    changes = {"mail_server": "127.0.0.1", "mail_port": mailbox.port} | getattr(
        request, "param", {}
    )
    app = shared_app(f"sqlite:///{path}", **changes)
    if not has_world(app):
        # Before the worker runs, which would send the mails that each test is to begin with.
        build_world(app)
        with app.app_context():
            db.engine.dispose()
        begin_anew()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    # Asked often whether it is to stop: every test waits for that at its end.
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    worker = jobs.start(app)
    yield app, f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    jobs.stop(worker)
    server.server_close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        # A test of documents may have run before: their fonts alone are no use to a browser.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("FONTCONFIG")}
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS, env=environment
        )
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium, served):
    """Return a page of somebody's own browser; what goes wrong in it fails the test."""
    contexts, faults = [], []

    def open_page(locale="sv-SE", width=1366, height=900, scheme="light", *, scripts=True):
        context = chromium.new_context(
            base_url=served[1],
            locale=locale,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if is_fault(line) else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def is_fault(line):
    """Tell whether a line of the console is a fault, not a refusal that the test asked for."""
    return line.type == "error" and "Failed to load resource" not in line.text


def sign_in(page, person, password):
    page.goto("/sign-in")
    page.fill("[name=email]", person)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url("**/")
