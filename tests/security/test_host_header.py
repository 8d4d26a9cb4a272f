"""Whoever sends a request chooses its Host header; nothing that others get may follow it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from recruit.config import Settings, trusted_hosts
from recruit.database import db
from tests.conftest import build_world, csrf_token, shared_app
from tests.mail import deliver, text_of

ROOT = Path(__file__).parent.parent.parent
BASE = "https://rekrytering.example.org/hr"
OTHER = "gamla-namnet.example.org"
FORGED = {
    "X-Forwarded-Host": "evil.example",
    "X-Host": "evil.example",
    "Forwarded": "host=evil.example",
    "X-Forwarded-Prefix": "/evil.example",
}
LINK = re.compile(r"https?://\S+")


@pytest.fixture
def two_names(database, mailbox):
    """A world under two names, in front of which nothing takes forged headers away."""
    app = shared_app(
        database,
        base_url=BASE,
        hosts=OTHER,
        proxies=1,
        mail_server="127.0.0.1",
        mail_port=mailbox.port,
    )
    try:
        world = build_world(app)
        deliver(app)
        invitations = [link for letter in mailbox.letters for link in links(letter)]
        assert invitations
        assert all(link.startswith(f"{BASE}/") for link in invitations)
        mailbox.letters.clear()
        yield world
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def links(letter):
    """Return every address in a mail, its calendar entry too."""
    parts = [text_of(letter)] + [
        part.get_payload(decode=True).decode().replace("\r\n ", "")
        for part in letter.walk()
        if part.get_content_type() == "text/calendar"
    ]
    return [link for part in parts for link in LINK.findall(part)]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:443", "rekrytering.example.org.evil.example"]
)
@pytest.mark.parametrize(
    "path",
    ["/password/reset", "/sign-in/link", "/", "/sign-in", "/api/v1/requisitions", "/nowhere"],
)
def test_other_hosts_are_refused(two_names, mailbox, host, path):
    world = two_names
    token = csrf_token(world.app.test_client())
    for method in ("GET", "POST"):
        answer = world.app.test_client().open(
            path,
            method=method,
            base_url=f"http://{host}",
            data={"email": world["administrator"].email, "csrf_token": token},
        )
        assert answer.status_code == 400
        assert "evil" not in answer.text
        assert "Recruit" in answer.text
    deliver(world.app)
    assert mailbox.letters == []


@pytest.mark.parametrize("path", ["/password/reset", "/sign-in/link"])
def test_a_link_for_somebody_else_leads_here(two_names, mailbox, path):
    world = two_names
    client = world.app.test_client()
    host = f"http://{OTHER}"
    page = client.get(path, base_url=host, headers=FORGED).text
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    answer = client.post(
        path,
        data={"email": world["administrator"].email, "csrf_token": token},
        base_url=host,
        headers=FORGED,
    )
    assert answer.status_code in {200, 302}
    assert "evil" not in answer.headers.get("Location", "")
    deliver(world.app)
    (letter,) = mailbox.to(world["administrator"].email)
    assert links(letter)
    assert all(link.startswith(f"{BASE}/") for link in links(letter))


def test_no_address_is_made_of_what_a_request_says(two_names):
    app = two_names.app
    with app.test_request_context("/", base_url=f"http://{OTHER}", headers=FORGED):
        assert app.url_for("home.start", _external=True) == f"{BASE}/"
        assert app.url_for("home.start") == "/"


def test_nothing_reads_the_host():
    """Every letter's addresses come from one place: no code asks a request for its own name."""
    asked = {"host", "host_url", "url_root", "base_url", "root_url", "url", "server", "get_host"}
    faults = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "recruit").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in asked
        and isinstance(node.value, ast.Name)
        and node.value.id == "request"
    ]
    assert faults == []
    pages = sorted((ROOT / "templates").rglob("*.*"))
    assert len(pages) > 100
    assert [str(page) for page in pages if "_external" in page.read_text("utf-8")] == []


def test_this_machine_and_the_names_of_the_settings_are_trusted():
    settings = Settings(base_url="https://Recruit.example:8443/x", hosts="a.example b.example")
    assert trusted_hosts(settings) == [
        "127.0.0.1",
        "a.example",
        "b.example",
        "localhost",
        "recruit.example",
    ]


@pytest.mark.parametrize("host", ["rekrytering.example.org", OTHER, "127.0.0.1:8000", "localhost"])
def test_ours_are_answered(two_names, host):
    assert two_names.app.test_client().get("/sign-in", base_url=f"http://{host}").status_code == 200
