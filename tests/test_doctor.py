"""The doctor finds what is wrong with an installation, says how to mend it, and changes nothing."""

from __future__ import annotations

import secrets
import shutil
import tempfile
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import flask_migrate
import pytest
from flask_babel import force_locale

from recruit import doctor
from recruit.accounts.actions import add_user
from recruit.accounts.models import RoleName, User
from recruit.app import create_app
from recruit.database import db, now, write
from recruit.doctor import examine
from recruit.extensions import security
from recruit.findings import Health
from recruit.jobs.queue import jobs
from recruit.library.models import LibraryEntry
from recruit.mail.jobs import send
from recruit.mail.models import Delivery, DeliveryState
from tests.conftest import settings_for
from tests.mail import PATIENCE, certificate, free_port, mail_server
from tests.openid import Provider


@contextmanager
def installed(database, **changes):
    app = create_app(settings_for(database, **{"secret_key": secrets.token_hex(32)} | changes))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.extensions["recruit_renderer"].close()


def administer(app):
    with app.app_context():
        add_user(name="Alva Prov", email="alva@example.org", roles=[RoleName.ADMINISTRATOR])
        db.session.remove()


def work(app):
    """Let a worker run a job."""
    worker = jobs.start(app)
    jobs.wake(app, send)
    until = time.monotonic() + PATIENCE
    while jobs.last_run(app) is None:
        assert time.monotonic() < until, "no job has run"
        time.sleep(0.05)
    jobs.stop(worker)


def ask(app, check, *given, language="en"):
    """Return what one check finds; all together take long, for the library is read anew."""
    with app.app_context(), force_locale(language):
        found = check(*given)
        db.session.remove()
    return found


def by_part(findings):
    return {finding.part: finding for finding in findings}


def test_a_healthy_installation(database):
    with mail_server() as box:
        settings = {
            "mail_server": "127.0.0.1",
            "mail_port": box.port,
            "mail_sender": "rekrytering@kommunen.example",
            "https": True,
            "base_url": "https://rekrytering.example.org",
        }
        with installed(database, **settings) as app:
            administer(app)
            work(app)
            findings = examine(app, "sv")
        assert box.letters == []
    assert [f for f in findings if f.health != Health.OK or f.remedy] == []
    assert [f.part for f in findings if f.part != "Disk"] == [
        "Databas",
        "Klocka",
        "Administratör",
        "Bakgrundsjobb",
        "Utkorg",
        "Inloggning i två steg",
        "Logg",
        "Hemlig nyckel",
        "Adress",
        "Mejlserver",
        "Färdiga dokument",
        "PDF",
        "Bibliotek",
    ]


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
            "there is nobody who can sign in",
            "Run: recruit user add ADDRESS --name NAME --role administrator",
        ),
        "Outbox": (
            "1 email should have gone long ago",
            "Run recruit worker, or recruit serve without --no-jobs.",
        ),
        "Address": (
            "http://rekrytering.example.org, but people are kept signed in over HTTPS only",
            "Set RECRUIT_BASE_URL to an address that begins with https://.",
        ),
        "Mail server": (
            f"no contact with 127.0.0.1:{port}: [Errno 111] Connection refused",
            "Check RECRUIT_MAIL_SERVER, RECRUIT_MAIL_PORT and RECRUIT_MAIL_TLS.",
        ),
    }


def test_what_will_be_wrong_is_a_warning(database):
    with installed(database) as app:
        administer(app)
        findings = examine(app, "sv")
    warnings = {f.part: f.found for f in findings if f.health == Health.WARNING}
    assert warnings == {
        "Bakgrundsjobb": "har aldrig körts här",
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
    assert (
        found["Database"].remedy
        == "Make a backup (recruit backup FILE), then run: recruit db upgrade"
    )
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
        "Öppna kompetensen i biblioteket och spara den på nytt, eller välj ”Återställ”."
    )


@pytest.fixture
def file(sqlite_template, tmp_path):
    """A database for what asks nothing of it."""
    path = tmp_path / "database" / "recruit.sqlite3"
    path.parent.mkdir()
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.mark.parametrize("key", ["k" * 64, "change-me-" * 4, f"Hemligt{'0123456789abcdef' * 4}"])
def test_a_secret_that_can_be_guessed(file, key):
    with installed(file, secret_key=key) as app:
        found = ask(app, doctor._secret)
    assert found.health == Health.FAULT
    assert found.found == "it can be guessed, and whoever does can sign in as anybody"
    assert found.remedy.startswith("Put what openssl rand -hex 32 prints in RECRUIT_SECRET_KEY.")
    assert key not in found.found + found.remedy


def test_a_worker_that_has_stopped(database, monkeypatch):
    with installed(database) as app:
        work(app)
        before = ask(app, doctor._worker, app)
        late = now() + timedelta(minutes=16)
        monkeypatch.setattr(doctor, "now", lambda: late)
        after = ask(app, doctor._worker, app)
    assert before.health == Health.OK
    assert after.health == Health.WARNING
    assert after.found.startswith("last run ")
    assert after.remedy == "Run recruit worker, or recruit serve without --no-jobs."


def test_asking_makes_no_queue(file):
    """One made by an administrator's account would shut the workers out."""
    with installed(file) as app:
        found = ask(app, doctor._worker, app)
    assert found.found == "never run here yet"
    folder = Path(file.removeprefix("sqlite:///")).parent
    assert [path.name for path in folder.iterdir() if path.name.endswith(".jobs")] == []


def test_clocks_that_differ(database, monkeypatch):
    with installed(database) as app:
        early = now() - timedelta(hours=2)
        monkeypatch.setattr(doctor, "now", lambda: early)
        found = ask(app, doctor._clock, language="sv")
    assert found.health == Health.FAULT
    seconds = int(found.found.removeprefix("den här datorn och databasen går ").split()[0])
    assert seconds >= 2 * 3600 - 1
    assert found.remedy == "Låt båda datorerna hämta tiden från samma server (NTP)."


def test_mail_that_could_be_encrypted(file, tmp_path, monkeypatch):
    context, authority = certificate(tmp_path)
    with mail_server(tls_context=context) as box:
        settings = {"mail_server": "127.0.0.1", "mail_port": box.port}
        with installed(file, **settings) as app:
            server, sender = ask(app, lambda: list(doctor._mail()))
        with installed(file, **settings, mail_tls=True) as app:
            unknown, _sender = ask(app, lambda: list(doctor._mail()))
            monkeypatch.setenv("SSL_CERT_FILE", str(authority))
            encrypted, _sender = ask(app, lambda: list(doctor._mail()))
    place = f"127.0.0.1:{box.port}"
    assert server.health == Health.WARNING
    assert (server.found, server.remedy) == (
        f"{place} can encrypt (STARTTLS), but email goes to it in the clear",
        "Set RECRUIT_MAIL_TLS to true.",
    )
    assert sender.found == "recruit@example.org is only an example of an address"
    assert unknown.health == Health.FAULT
    assert unknown.found.startswith(f"the certificate of {place} cannot be trusted: self-signed")
    assert (encrypted.health, encrypted.found) == (Health.OK, place)


def test_a_mail_server_that_cannot_encrypt(file):
    with mail_server() as box:
        settings = {"mail_server": "127.0.0.1", "mail_port": box.port, "mail_tls": True}
        with installed(file, **settings) as app:
            found, _sender = ask(app, lambda: list(doctor._mail()))
    assert found.health == Health.FAULT
    assert "STARTTLS" in found.found
    assert found.remedy.endswith("RECRUIT_MAIL_TLS.")


def test_a_provider_that_answers_and_one_that_does_not(file):
    provider = Provider({})
    with installed(file, **provider.settings) as app:
        (away,) = ask(app, lambda: list(doctor._provider()))
        with provider.serving("http://127.0.0.1:5000"):
            (there,) = ask(app, lambda: list(doctor._provider()))
    assert (away.health, away.found) == (
        Health.FAULT,
        f"no contact with {provider.issuer}: ConnectionError",
    )
    assert "RECRUIT_OIDC_ISSUER" in away.remedy
    assert (there.health, there.found) == (Health.OK, provider.issuer)


def test_a_folder_of_documents_that_cannot_be_used(file, tmp_path):
    with installed(file, pdf_cache="/proc/nowhere") as app:
        shut = ask(app, doctor._kept_documents)
    assert shut.health == Health.WARNING
    assert shut.found.startswith("/proc/nowhere cannot be written to: ")
    folder = tmp_path / "documents"
    folder.mkdir(mode=0o755)
    with installed(file, pdf_cache=str(folder)) as app:
        shared = ask(app, doctor._kept_documents)
        folder.chmod(0o700)
        private = ask(app, doctor._kept_documents)
    assert (shared.health, shared.found, shared.remedy) == (
        Health.WARNING,
        f"{folder} is open to other accounts, so it is not used",
        f"As the account that runs Recruit, run: chmod 700 {folder}",
    )
    assert (private.health, list(folder.iterdir())) == (Health.OK, [])


def test_a_database_that_everybody_can_read():
    # The folders above a test's own let nobody else pass.
    with tempfile.TemporaryDirectory(prefix="recruit-doctor-") as name:
        Path(name).chmod(0o755)
        path = Path(name) / "recruit.sqlite3"
        path.touch(mode=0o644)
        address = f"sqlite:///{path}"
        with installed(address) as app:
            seen = ask(app, doctor._file, path, address)
            path.chmod(0o640)
            unseen = ask(app, doctor._file, path, address)
    assert (seen.health, seen.found, seen.remedy) == (
        Health.WARNING,
        f"{address}: every account on this machine can read it",
        f"Run: chmod o-rwx {path}",
    )
    assert unseen.health == Health.OK


def test_a_new_secret_key_is_named_wherever_it_is_felt(database):
    with installed(database) as app:
        administer(app)
        work(app)
        with app.app_context(), write():
            user = db.session.scalar(db.select(User))
            user.tf_totp_secret = security.totp_factory.generate_totp_secret()
            user.tf_primary_method = "authenticator"
            security.mf_recovery_codes_util.create_recovery_codes(user)
    with installed(database) as app:
        found = by_part(examine(app, "en"))
        assert found["Background jobs"].found == "the queue was signed with another secret key"
        assert "RECRUIT_SECRET_KEY" in found["Background jobs"].remedy
        assert "another key" in found["Two-step sign-in"].found
        assert "RECRUIT_PASSWORD_SALT" in found["Two-step sign-in"].remedy
        assert found["Trail"].health == Health.FAULT
        assert "RECRUIT_TRAIL_KEY" in found["Trail"].remedy
        assert app.test_client().get("/sign-in").status_code == 200
        # The first job of a worker signs it anew.
        worker = jobs.start(app)
        jobs.wake(app, send)
        until = time.monotonic() + PATIENCE
        while ask(app, doctor._worker, app).health != Health.OK:
            assert time.monotonic() < until, "no job has run"
            time.sleep(0.05)
        jobs.stop(worker)


def test_a_check_that_breaks_ends_no_other(file, monkeypatch):
    def breaks():
        raise ZeroDivisionError("Amina Exempel")

    with installed(file) as app:
        monkeypatch.setattr(doctor, "_clock", breaks)
        monkeypatch.setattr(doctor, "_secret", breaks)
        found = examine(app, "en")
    parts = by_part(found)
    assert parts["Clock"].health == parts["Secret key"].health == Health.FAULT
    assert "ZeroDivisionError" in parts["Clock"].found
    assert "Amina" not in str(found)
    assert {"Outbox", "Address", "PDF", "Library"} <= set(parts)
