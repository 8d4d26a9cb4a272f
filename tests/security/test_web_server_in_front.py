"""The application behind a real nginx, set up by the README's own lines."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from recruit.database import db
from tests.conftest import build_world, shared_app
from tests.gunicorn import Gunicorn
from tests.mail import free_port, text_of

README = Path(__file__).parent.parent.parent / "README.md"
NGINX = "/usr/sbin/nginx"


@contextmanager
def nginx(folder, behind):
    """Serve, with the README's lines, on this machine; yield the address."""
    (lines,) = re.findall(r"```nginx\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert "http://127.0.0.1:8000" in lines
    port = free_port()
    folder.chmod(0o755)
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # The user is the one who runs the test; nginx alone would become another.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"""{user} daemon off; master_process off; pid {folder}/pid; error_log stderr;
        events {{}}
        http {{
            access_log off;
            {temporary}
            server {{
                listen 127.0.0.1:{port};
                {lines.replace("http://127.0.0.1:8000", behind)}
            }}
        }}"""
    )
    process = subprocess.Popen([NGINX, "-e", "stderr", "-c", folder / "nginx.conf"])
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def served(database, mailbox, tmp_path):
    """A world's server behind nginx, known as rekrytering.example.org."""
    app = shared_app(database)
    world = build_world(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    changes = {
        "base_url": "http://rekrytering.example.org",
        "proxies": 1,
        "sign_in_limit": "5 per minute",
        "mail_server": "127.0.0.1",
        "mail_port": mailbox.port,
    }
    with Gunicorn(database, **changes) as server, nginx(tmp_path, server.address) as address:
        yield world, address


def visit(address, host="rekrytering.example.org", **headers):
    session = requests.Session()
    session.headers.update({"Host": host, **headers})
    page = session.get(f"{address}/password/reset", timeout=30)
    token = page.text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    return session, page, token


def test_a_reset_for_somebody_else_leads_here_or_nowhere(served, mailbox):
    world, address = served
    email = world["administrator"].email
    session, page, token = visit(address, **{"X-Forwarded-Host": "evil.example"})
    assert page.status_code == 200
    form = {"email": email, "csrf_token": token}
    refused = session.post(
        f"{address}/password/reset", data=form, headers={"Host": "evil.example"}, timeout=30
    )
    assert refused.status_code == 400
    taken = session.post(f"{address}/password/reset", data=form, allow_redirects=False, timeout=30)
    assert taken.status_code in {200, 302}
    (letter,) = mailbox.wait_for(email)
    links = re.findall(r"https?://\S+", text_of(letter))
    assert links
    assert all(link.startswith("http://rekrytering.example.org/") for link in links)


def test_a_visitor_does_not_choose_the_address_that_attempts_are_counted_for(served):
    world, address = served
    answers = []
    for number in range(12):
        session, _, token = visit(address, **{"X-Forwarded-For": f"192.0.2.{number}"})
        answers.append(
            session.post(
                f"{address}/sign-in",
                data={"email": world["recruiter"].email, "password": "x", "csrf_token": token},
                timeout=30,
            ).status_code
        )
    # Each of the two processes counts for itself, five.
    assert answers[0] == 200
    assert answers.count(429) >= 2
