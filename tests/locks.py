"""A second connection that holds what a write needs, and writes that wait for it."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from recruit.database import db

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


def at_once(world: World, table: str, *works: Callable[[], object]) -> list[object]:
    """Do the works at the same time: all have asked for the rows of a table before one gets them.

    Return what each returned or raised.
    """
    with (
        ThreadPoolExecutor(len(works)) as pool,
        sent(world, r"^BEGIN IMMEDIATE|FOR UPDATE(?: OF \w+)?$") as asked,
        held(world, table),
    ):
        doing = [pool.submit(_done, world, work) for work in works]
        assert [asked.acquire(timeout=60) for _ in works] == [True] * len(works)
    return [one.result() for one in doing]


def _done(world: World, work: Callable[[], object]) -> object:
    with world.app.app_context():
        try:
            return work()
        except ValueError as error:
            return error
        finally:
            db.session.remove()
