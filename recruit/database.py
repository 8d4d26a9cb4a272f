"""The database session: typed models, safe SQLite settings, one write transaction at a time."""

from __future__ import annotations

import functools
import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, MetaData, TypeDecorator, event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table; constraint names are fixed so that migrations can refer to them."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)

HIGHEST = 2**31 - 1
"""The highest number that a row can have: what is asked for by a higher one is not there."""


class DatabaseTrouble(Exception):
    """Nothing was changed, and nobody who asked can help it."""


class StorageIsFull(DatabaseTrouble):
    """The database has no room left; the write was not made."""


class DatabaseIsBusy(DatabaseTrouble):
    """Another write held the database longer than the time we wait; ours was not made."""


class DatabaseIsAway(DatabaseTrouble):
    """The database cannot be reached, or its disk fails; the write was not made."""


SQLITE_TROUBLE: dict[int, type[DatabaseTrouble]] = {
    sqlite3.SQLITE_FULL: StorageIsFull,
    sqlite3.SQLITE_BUSY: DatabaseIsBusy,
    sqlite3.SQLITE_LOCKED: DatabaseIsBusy,
    sqlite3.SQLITE_IOERR: DatabaseIsAway,
    sqlite3.SQLITE_CANTOPEN: DatabaseIsAway,
    sqlite3.SQLITE_READONLY: DatabaseIsAway,
}
POSTGRESQL_TROUBLE: dict[str, type[DatabaseTrouble]] = {
    "53100": StorageIsFull,  # disk_full
    "55P03": DatabaseIsBusy,  # lock_not_available: waited longer than lock_timeout
    "40001": DatabaseIsBusy,  # serialization_failure
    "40P01": DatabaseIsBusy,  # deadlock_detected
    "57P01": DatabaseIsAway,  # admin_shutdown
    "57P02": DatabaseIsAway,  # crash_shutdown
    "57P03": DatabaseIsAway,  # cannot_connect_now
}


def trouble(error: DBAPIError) -> DatabaseTrouble | None:
    """Return what went wrong with the database itself, or None when it is the statement."""
    original: Any = error.orig
    if isinstance(original, sqlite3.Error):
        # The low byte is the kind of fault, the rest says where it was met.
        kind = SQLITE_TROUBLE.get(getattr(original, "sqlite_errorcode", 0) & 0xFF)
    else:
        kind = POSTGRESQL_TROUBLE.get(getattr(original, "sqlstate", None) or "")
        # A server that does not answer at all has no state to tell.
        unanswered = isinstance(error, OperationalError) and not getattr(original, "sqlstate", None)
        if kind is None and (error.connection_invalidated or unanswered):
            kind = DatabaseIsAway
    return kind(str(original)) if kind else None


if TYPE_CHECKING:
    Model = Base
else:
    # What Flask-SQLAlchemy makes of the base at run time is no type that a checker can know.
    Model = db.Model


class UTCDateTime(TypeDecorator[datetime]):
    """A moment, always aware and in UTC; SQLite has no time zones, so it is stored naive."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment as naive UTC. Raises ValueError for a naive moment."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a moment needs a time zone"
            raise ValueError(msg)
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored moment as aware UTC."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


@event.listens_for(Engine, "connect")
def _set_sqlite_pragmas(connection: Any, record: object) -> None:
    del record
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver must not begin transactions by itself: SQLAlchemy's begin event does, below.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # What is deleted is overwritten, not only forgotten: erasure must hold on the disk too.
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    # SQLite's own knows A to Z only: Åsa and åsa would be two people.
    connection.create_function("lower", 1, _lower, deterministic=True)
    # PostgreSQL has it: the search folds letters by it on both.
    connection.create_function("translate", 3, _translate, deterministic=True)


def empty_log() -> None:
    """Leave nothing of deleted rows in SQLite's log, which keeps pages as they were.

    As far as those who read just now let it: whoever erases calls it again later. PostgreSQL's
    vacuum does the same by itself.
    """
    if db.engine.dialect.name != "sqlite":
        return
    db.session.rollback()
    # The driver's own connection: a log cannot be emptied within a transaction.
    connection = db.engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _translate(text: str | None, old: str, new: str) -> str | None:
    return None if text is None else text.translate(_table(old, new))


@functools.lru_cache(maxsize=4)
def _table(old: str, new: str) -> dict[int, int | None]:
    return str.maketrans(old[: len(new)], new, old[len(new) :])


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")


@contextmanager
def write() -> Iterator[None]:
    """Run one write transaction: everything inside is committed together, or nothing is.

    On SQLite the transaction is begun as IMMEDIATE, so that two writers queue instead of one
    failing when it turns from reader to writer. What was read before is read anew inside.

    Raises DatabaseTrouble.
    """
    db.session.rollback()
    try:
        db.session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        yield
        db.session.commit()
    except DBAPIError as error:
        db.session.rollback()
        raise (trouble(error) or error) from error
    except BaseException:
        db.session.rollback()
        raise


def begin_write() -> None:
    """Make a write transaction of the running one, for a library that changes what it has read.

    On SQLite a reader that turns writer does not wait: beside another writer it is told at once
    that the database is locked. So the reading ends here, before anything is written; what was
    read is not read anew.
    """
    connection = db.session.connection()
    mode = connection.get_execution_options().get("sqlite_begin")
    if connection.dialect.name == "sqlite" and mode != "IMMEDIATE":
        connection.exec_driver_sql("ROLLBACK")
        connection.execution_options(sqlite_begin="IMMEDIATE")
        _begin(connection)
