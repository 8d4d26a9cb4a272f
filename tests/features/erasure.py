"""What is to be erased: something of every kind, a mark in every column, and where it is found."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from recruit.candidates.models import CandidateImport, Cv
from recruit.database import db, write
from recruit.privacy.reach import tables_of_requisition
from recruit.requisitions.models import Requisition

MARK = "qzplant"
LONG_AGO = datetime(2023, 5, 4, 9, tzinfo=UTC)
LATER = datetime.now(UTC).year + 5


def reached():
    """Return the tables whose rows go with a requisition, by name."""
    found = {table.name for table in tables_of_requisition()} | {"delivery"}
    return with_what_hangs_on(found)


def with_what_hangs_on(found):
    while True:
        more = {
            table.name
            for table in db.metadata.sorted_tables
            for key in table.foreign_keys
            if key.column.table.name in found and key.ondelete == "CASCADE"
        } - found
        if not more:
            return found
        found |= more


def grow_old(world, moment=LONG_AGO):
    with world.app.app_context(), write():
        db.session.get_one(Requisition, world.requisition).created_at = moment
    with world.app.app_context():
        db.session.remove()


def fill(world):
    """Let there be something of every kind."""
    for name in ("interviewer", "colleague"):
        form = world.ratings(0, evidence=MARK)
        assert world[name].sign_in().post(world.scorecard(0), form).status_code == 302
    draft = world.ratings(2, action="draft")
    assert world["colleague"].post(world.scorecard(2), draft).status_code == 302
    with world.app.app_context():
        candidate = world.candidates[0]
        with write():
            db.session.add(
                Cv(
                    candidate_id=candidate,
                    kind="pdf",
                    size=300_000,
                    content=(MARK.encode() + b" ") * 40_000,
                    attached_by_id=world["recruiter"].id,
                )
            )
        with write():
            db.session.add(
                CandidateImport(
                    requisition_id=world.requisition,
                    created_by_id=world["recruiter"].id,
                    file_name="lista.csv",
                    notes=[],
                    head=["Namn"],
                    rows=[[2, ["Amina"], ""]],
                )
            )
        db.session.remove()


def plant(names, only=()):
    """Write the mark into every column that holds text or bytes of the tables, whatever they are.

    A table without rows gets one, so that a new table is tried too.
    """
    with write():
        for table in db.metadata.sorted_tables:
            if table.name not in names:
                continue
            if not db.session.scalar(sa.select(sa.func.count()).select_from(table)):
                db.session.execute(sa.insert(table).values(_a_row(table)))
            for column in table.columns:
                if column.foreign_keys or (only and column.name not in only):
                    continue
                value = _marked(column)
                if value is not None:
                    db.session.execute(sa.update(table).values({column.name: value}))


def _marked(column):
    kind = column.type
    if isinstance(kind, sa.JSON):
        return [MARK]
    if isinstance(kind, sa.LargeBinary):
        return (MARK.encode() + b" ") * 40_000
    if isinstance(kind, sa.String):
        if column.primary_key or any(column.name in key.columns for key in _unique(column.table)):
            # The same for all rows would not be let in; without a number of its own it is left.
            own = column.table.columns.get("id")
            return None if own is None else sa.literal(MARK) + sa.cast(own, sa.String)
        return MARK if kind.length is None or kind.length >= len(MARK) else None
    return None


def _unique(table):
    found = [key for key in table.constraints if isinstance(key, sa.UniqueConstraint)]
    return [*found, *(index for index in table.indexes if index.unique)]


def _a_row(table):
    row = {}
    for column in table.columns:
        if column.foreign_keys:
            other = next(iter(column.foreign_keys)).column
            row[column.name] = db.session.scalar(sa.select(other).limit(1))
        elif column.primary_key and column.name == "id":
            continue
        elif isinstance(column.type, sa.JSON):
            row[column.name] = [MARK]
        elif isinstance(column.type, sa.String):
            row[column.name] = MARK[: column.type.length]
        elif isinstance(column.type, sa.LargeBinary):
            row[column.name] = MARK.encode()
        elif isinstance(column.type, sa.Boolean):
            row[column.name] = False
        elif isinstance(column.type, sa.Integer):
            row[column.name] = 1
        elif isinstance(column.type, sa.Date):
            row[column.name] = date(2026, 1, 1)
        else:
            row[column.name] = LONG_AGO
    return row


def occurrences(app, database):
    """Count the mark in everything that the database has on disk, or in a dump of all tables."""
    if database.startswith("sqlite"):
        path = Path(database.removeprefix("sqlite:///"))
        return sum(file.read_bytes().count(MARK.encode()) for file in path.parent.glob("*sqlite3*"))
    found = 0
    with app.app_context():
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(sa.text(f'SELECT t::text FROM "{table.name}" t')):
                found += row[0].count(MARK) + row[0].count(MARK.encode().hex())
        db.session.remove()
    return found


def run_job(app):
    from recruit.privacy.jobs import erase_what_is_due

    with app.app_context():
        erase_what_is_due()
        db.session.remove()


def states(app):
    with app.app_context():
        found = list(db.session.scalars(sa.select(Requisition.state)))
        db.session.remove()
    return found
