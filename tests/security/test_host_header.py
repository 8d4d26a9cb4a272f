"""Whoever sends a request chooses its Host header; nothing that others get may follow it."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask_security.changeable import send_password_changed_notice
from flask_security.recoverable import send_password_reset_notice

from recruit.accounts import actions as accounts
from recruit.accounts import notices
from recruit.accounts.invitations import invite
from recruit.accounts.jobs import send_links
from recruit.accounts.models import LinkPurpose, User
from recruit.candidates.models import Candidate
from recruit.config import Settings, trusted_hosts
from recruit.database import db, now, write
from recruit.interviews import actions as interviews
from recruit.interviews import departures
from recruit.interviews.models import DepartureKind, Interview
from recruit.mail.actions import send_waiting
from recruit.mail.models import Delivery
from recruit.privacy.actions import warn
from recruit.reminders.actions import remind
from recruit.reports.actions import tell_complete
from recruit.requisitions.models import Requisition
from recruit.scorecards import actions as scorecards
from tests.conftest import build_world, csrf_token, shared_app
from tests.mail import deliver, text_of
from tests.security.test_noninterference import entries_for

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


def letters_there_are():
    """Return every kind of letter that a template is there for."""
    folders = (ROOT / "templates" / "mail", ROOT / "templates" / "security" / "email")
    parts = {"facts", "candidate_facts"}
    return {path.stem for folder in folders for path in folder.glob("*.txt")} - parts


def write_every_letter(world):
    """Do whatever makes Recruit write, within one request."""
    recruiter, colleague = world["recruiter"].id, world["colleague"].id
    panel, soon = (world["interviewer"].id, colleague), now() + timedelta(hours=20)
    accounts.ask_for_link(world["colleague"].email, LinkPurpose.SIGN_IN)
    accounts.ask_for_link(world["colleague"].email, LinkPurpose.RESET)
    send_links()
    person = db.session.get_one(User, colleague)
    invite(person, db.session.get_one(User, recruiter))
    send_password_reset_notice(person)
    send_password_changed_notice(person)
    with write():
        notices.tell(person, "two_steps_on")
    setting = interviews.Setting("Europe/Stockholm", "Rum 1", panel, invite=True)
    candidate = db.session.get_one(Candidate, world.candidates[1])
    with write():
        candidate.email = "bjorn@example.org"
    first, second = (
        interviews.plan_several(
            world.requisition,
            [interviews.Slot(world.candidates[1], moment)],
            setting,
            guide_version_id=world.versions[1],
            actor_id=recruiter,
        )[0].id
        for moment in (soon, now() - timedelta(days=3))
    )
    send_waiting()
    with write():
        # Who was told within the time of a reminder needs none.
        told = now() - timedelta(days=2)
        db.session.execute(sa.update(Delivery).values(created_at=told))
    remind()
    other = interviews.Setting("Europe/Stockholm", "Rum 2", (*panel, world["bystander"].id), True)
    interviews.change(
        world.requisition,
        first,
        sequence=0,
        starts_at=soon + timedelta(hours=1),
        setting=other,
        actor_id=recruiter,
    )
    send_waiting()
    fewer = interviews.Setting("Europe/Stockholm", "Rum 2", panel, True)
    interviews.change(
        world.requisition,
        first,
        sequence=1,
        starts_at=soon + timedelta(hours=1),
        setting=fewer,
        actor_id=recruiter,
    )
    departures.step_down(first, panel[0], kind=DepartureKind.STEPPED_DOWN, reason="")
    send_waiting()
    interviews.cancel(world.requisition, first, actor_id=recruiter)
    for interview in {*world.interviews, second}:
        for member in list(db.session.get_one(Interview, interview).panel):
            number = world.interviews.index(interview) if interview in world.interviews else 1
            scorecards.submit(
                interview,
                member.user_id,
                entries_for(world, number, 3, "Hörde"),
                0,
                ahead_of=scorecards.start_mark(db.session.get_one(Interview, interview)),
            )
    tell_complete()
    scorecards.reopen(world.interviews[0], colleague, reason="Fel rad.", actor_id=recruiter)
    with write():
        long_ago = now() - timedelta(days=2 * 365 - 9)
        db.session.execute(sa.update(Requisition).values(created_at=long_ago))
    warn()
    send_waiting()


def test_every_letter_leads_here_whatever_the_host(two_names, mailbox):
    app = two_names.app
    with app.test_request_context("/", base_url=f"http://{OTHER}", headers=FORGED):
        write_every_letter(two_names)
        kinds = set(db.session.scalars(sa.select(Delivery.kind)))
        db.session.remove()
    assert letters_there_are() - kinds == set()
    assert len(mailbox.letters) > len(letters_there_are())
    for letter in mailbox.letters:
        whole = letter.as_bytes().decode("utf-8", "replace")
        assert "evil" not in whole
        assert OTHER not in whole
        for link in links(letter):
            assert link.startswith(f"{BASE}/"), (letter["Subject"], link)
