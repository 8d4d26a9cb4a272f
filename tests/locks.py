"""A second connection that holds what a write needs, and writes that wait for it."""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from recruit.database import db

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import World


@contextmanager
def held(world: World, table: str = "scorecard") -> Iterator[None]:
    """Let another connection hold the database, or on PostgreSQL the rows of a table."""
    with world.app.app_context():
        engine = sa.create_engine(db.engine.url)
        with engine.connect() as other:
            if engine.dialect.name == "sqlite":
                other.exec_driver_sql("ROLLBACK")
                other.connection.dbapi_connection.execute("BEGIN IMMEDIATE")
            else:
                other.execute(sa.text(f'SELECT id FROM "{table}" FOR UPDATE'))
            yield
            if engine.dialect.name == "sqlite":
                other.connection.dbapi_connection.execute("ROLLBACK")
            else:
                other.rollback()
        engine.dispose()


@contextmanager
def sent(world: World, pattern: str) -> Iterator[threading.Semaphore]:
    """Count the application's statements that match, in the moment in which they are sent."""
    counted = threading.Semaphore(0)

    def look(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if re.search(pattern, statement):
            counted.release()

    with world.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", look)
    yield counted
    sa.event.remove(engine, "before_cursor_execute", look)
