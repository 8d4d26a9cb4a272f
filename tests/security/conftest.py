"""A world served in earnest: two processes, behind nginx."""

from __future__ import annotations

import pytest

from recruit.database import db
from tests.conftest import build_world, shared_app
from tests.gunicorn import Gunicorn
from tests.nginx import nginx


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
