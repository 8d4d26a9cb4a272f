"""The doctor finds what is wrong with an installation, says how to mend it, and changes nothing."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import flask_migrate
import pytest

from recruit.accounts.actions import add_user
from recruit.accounts.models import RoleName, User
from recruit.app import create_app
from recruit.database import db, now, write
from recruit.doctor import Health, examine
from recruit.library.models import LibraryEntry
from recruit.mail.models import Delivery, DeliveryState
from tests.conftest import settings_for
from tests.mail import free_port, mail_server


@contextmanager
def installed(database, **changes):
    app = create_app(settings_for(database, **changes))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.extensions["recruit_renderer"].close()


def administer(app):
    with app.app_context():
        add_user(name="Alva Prov", email="alva@example.org", roles=[RoleName.ADMINISTRATOR])
        db.session.remove()


def by_part(findings):
    return {finding.part: finding for finding in findings}


def test_a_healthy_installation(database):
    with mail_server() as box:
        settings = {
            "mail_server": "127.0.0.1",
            "mail_port": box.port,
            "https": True,
            "base_url": "https://rekrytering.example.org",
        }
        with installed(database, **settings) as app:
            administer(app)
            findings = examine(app, "sv")
        assert box.letters == []
    assert [f for f in findings if f.health != Health.OK or f.remedy] == []
    parts = ["Databas", "Administratör", "Utkorg", "Adress", "Mejlserver", "PDF", "Bibliotek"]
    assert [f.part for f in findings if f.part != "Disk"] == parts


def test_what_is_wrong_is_told_with_its_remedy(database):
    port = free_port()
    settings = {
        "mail_server": "127.0.0.1",
        "mail_port": port,
        "https": True,
        "base_url": "http://rekrytering.example.org",
    }
    with installed(database, **settings) as app:
        with app.app_context():
            with write():
                db.session.add(
                    Delivery(
                        key="k",
                        about="",
                        recipient="",
                        kind="x",
                        address="a@example.org",
                        message={},
                        state=DeliveryState.WAITING,
                        due_at=now() - timedelta(hours=1),
                    )
                )
            db.session.remove()
        found = by_part(examine(app, "en"))
    faults = {part: (f.found, f.remedy) for part, f in found.items() if f.health == Health.FAULT}
    assert faults == {
        "Administrator": (
            "there is none who can sign in",
            "Run: recruit user add ADDRESS --name NAME --role administrator",
        ),
        "Outbox": (
            "1 mail should have gone long ago",
            "Run recruit worker, or recruit serve without --no-jobs.",
        ),
        "Address": (
            "http://rekrytering.example.org, but people are kept signed in over HTTPS only",
            "Set RECRUIT_BASE_URL to an address that begins with https://.",
        ),
        "Mail server": (
            f"no talking to 127.0.0.1:{port}: [Errno 111] Connection refused",
            "Check RECRUIT_MAIL_SERVER, RECRUIT_MAIL_PORT and RECRUIT_MAIL_TLS.",
        ),
    }


def test_what_will_be_wrong_is_a_warning(database):
    with installed(database) as app:
        administer(app)
        findings = examine(app, "sv")
    warnings = {f.part: f.found for f in findings if f.health == Health.WARNING}
    assert warnings == {
        "Adress": "http://127.0.0.1:5000, och inloggning fungerar utan HTTPS",
        "Mejlserver": (
            "ingen är inställd: inga inbjudningar, kalenderposter eller påminnelser skickas"
        ),
    }
    assert all(f.health != Health.FAULT for f in findings)


def test_tables_of_another_version(database):
    with installed(database) as app:
        with app.app_context():
            flask_migrate.downgrade(revision="0001")
            db.engine.dispose()
        found = by_part(examine(app, "en"))
    assert found["Database"].found.startswith("its tables are of version 0001, this program needs ")
    assert found["Database"].remedy == "Make a backup, then run: recruit db upgrade"
    assert "Outbox" not in found
    assert found["PDF"].health == Health.OK


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:////nowhere/at/all/recruit.sqlite3",
        "postgresql+psycopg://recruit:hemligt@127.0.0.1:1/recruit?connect_timeout=5",
    ],
)
def test_no_database_at_all(address):
    with installed(address) as app:
        found = by_part(examine(app, "en"))
    assert found["Database"].health == Health.FAULT
    assert found["Database"].found.startswith("no answer from ")
    assert "hemligt" not in found["Database"].found
    assert "Administrator" not in found
    assert found["Library"].health == Health.OK


def test_an_own_folder_is_read_anew(database, tmp_path):
    (tmp_path / "competencies").mkdir()
    own = tmp_path / "competencies" / "autonomy.yaml"
    own.write_text("name: {sv: Mandat, en: Mandate}\n")
    with installed(database, library=str(tmp_path)) as app:
        before = by_part(examine(app, "en"))["Own library"]
        own.write_text("colour: green\n")
        after = by_part(examine(app, "en"))["Own library"]
    assert (before.health, before.found, before.remedy) == (Health.OK, str(tmp_path), "")
    assert after.health == Health.FAULT
    assert after.found.startswith("competencies/autonomy.yaml, colour: ")
    assert after.remedy == f"Mend it in {tmp_path}, then run: recruit library check {tmp_path}"


def test_an_own_entry_that_no_longer_fits(database):
    with installed(database) as app:
        administer(app)
        with app.app_context():
            with write():
                db.session.add(
                    LibraryEntry(
                        competency="autonomy",
                        content={"colour": "green"},
                        changed_by_id=db.session.query(User).one().id,
                    )
                )
            db.session.remove()
        found = by_part(examine(app, "sv"))["Egen kompetens autonomy"]
    assert found.health == Health.FAULT
    assert found.found.startswith(
        "passar inte biblioteket och används inte: competencies/autonomy.yaml, colour: "
    )
    assert found.remedy == (
        "Öppna kompetensen i biblioteket och spara den på nytt, eller välj Ta tillbaka."
    )
