"""Runs the migrations within the application, on whichever database its settings name."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import TypeDecorator

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


with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_item=render_item,
        include_name=include_name,
        **extension.configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
