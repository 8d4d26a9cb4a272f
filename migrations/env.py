"""Runs the migrations within the application, on whichever database its settings name."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection, TypeDecorator

extension = current_app.extensions["migrate"]
database = extension.db


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    """Write dressed-up column types as what they store: a migration must not need later code."""
    del autogen_context
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Leave out the tables of the job queue, which makes its own."""
    del parents
    return kind != "table" or not (name or "").startswith("huey_")


def keep_foreign_keys(connection: Connection, *, on: bool) -> None:
    """Turn SQLite's foreign keys on or off; it listens only outside a transaction.

    A table that is changed is copied and the old one dropped: with foreign keys on, every row that
    refers to it with ``ON DELETE CASCADE`` would go too.
    """
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def check_foreign_keys(connection: Connection) -> None:
    """Raise RuntimeError when a row refers to one that is not there, before anything is kept."""
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if orphans:
            tables = ", ".join(sorted({str(orphan[0]) for orphan in orphans}))
            raise RuntimeError(f"rows of {tables} refer to rows that are not there")


with database.engine.connect() as connection:
    keep_foreign_keys(connection, on=False)
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_item=render_item,
        include_name=include_name,
        **extension.configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
        check_foreign_keys(connection)
    keep_foreign_keys(connection, on=True)
