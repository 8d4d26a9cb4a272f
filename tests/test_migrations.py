"""Migrations go up and down, and say what the models say."""

from __future__ import annotations

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from recruit.database import db


def test_models_and_migrations_agree(app):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "target_metadata": db.metadata}
        )
        assert compare_metadata(context, db.metadata) == []


def test_down_and_up_again(app):
    with app.app_context():
        flask_migrate.downgrade(revision="base")
        left = set(sa.inspect(db.engine).get_table_names())
        assert left == {"alembic_version"}
        db.engine.dispose()
        flask_migrate.upgrade()
        assert "scorecard" in sa.inspect(db.engine).get_table_names()


def test_no_row_is_lost_on_the_way(world):
    """Back to the first tables and up again: what they hold stays, whatever is copied."""
    interviewer = world["interviewer"].sign_in()
    assert interviewer.post(world.scorecard(0), world.ratings(0)).status_code == 302
    with world.app.app_context():
        before = rows()
        db.session.remove()
        flask_migrate.downgrade(revision="0001")
        first = set(sa.inspect(db.engine).get_table_names()) & set(before)
        db.engine.dispose()
        flask_migrate.upgrade()
        after = rows()
    assert {"interview", "panel_member", "scorecard", "rating", "question_note"} <= first
    assert before["rating"] > 0
    assert {name: after[name] for name in first} == {name: before[name] for name in first}


def test_names_are_stored_as_they_read(world):
    taken = world["colleague"].email
    twice = ("\u200bny@example.org", "\ufeffny@example.org")
    with world.app.app_context():
        person = sa.table("user", sa.column("id"), sa.column("name"), sa.column("email"))
        candidate = sa.table("candidate", sa.column("id"), sa.column("name"))
        flask_migrate.downgrade(revision="0152")
        with db.engine.begin() as connection:
            odd = {"name": "A\u030asa\u00a0O\u0308\u200bberg", "email": f"\u200b{taken}"}
            theirs = person.c.id == world["interviewer"].id
            connection.execute(sa.update(person).where(theirs).values(**odd))
            connection.execute(sa.update(candidate).values(name="\ufeffBo\u200d  Ek\u3164"))
            for name, address in zip(("bystander", "stranger"), twice, strict=True):
                one = person.c.id == world[name].id
                connection.execute(sa.update(person).where(one).values(email=address))
        db.engine.dispose()
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            row = connection.execute(sa.select(person).where(theirs)).one()
            names = set(connection.execute(sa.select(candidate.c.name)).scalars())
            addresses = set(connection.execute(sa.select(person.c.email)).scalars())
    assert (row.name, names) == ("Åsa Öberg", {"Bo Ek"})
    # Two people do not get one address.
    assert row.email == f"\u200b{taken}"
    assert "ny@example.org" in addresses
    assert len(addresses & set(twice)) == 1


def rows():
    """Return how many rows each table holds."""
    return {
        name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
        for name, table in db.metadata.tables.items()
    }


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_is_opened_safely(app):
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    with app.app_context():
        pragmas = {name: db.session.execute(sa.text(f"PRAGMA {name}")).scalar() for name in names}
        orphan = sa.text(
            "INSERT INTO membership (requisition_id, user_id, role) VALUES (1, 1, 'x')"
        )
        with pytest.raises(sa.exc.IntegrityError):
            db.session.execute(orphan)
        db.session.remove()
    assert pragmas.pop("busy_timeout") >= 5000
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
    }
