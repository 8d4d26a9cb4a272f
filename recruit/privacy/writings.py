"""What people have written within a requisition, in whichever table and column it stands.

Tables are found by their foreign keys, as erasure finds them, so that a table which somebody adds
is gone through; a column is left out only when it is named here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from icalendar.parser import Contentlines
from sqlalchemy import JSON, String, Text, null, select, update

from recruit.database import db
from recruit.privacy.queries import mails_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Column, ColumnElement, FromClause, Select, Table

LONG = 300
"""A column of so many characters holds more than a name or a heading."""
CALENDAR = "BEGIN:VCALENDAR"

NOT_GONE_THROUGH = {
    "candidate_import.head": "the file goes as a whole",
    "candidate_import.notes": "the file goes as a whole",
    "candidate_import.rows": "the file goes as a whole",
    "consensus_agreement.present": "who was there, by name",
    "consensus_meeting.others": "who else was there, by name",
    "consensus_meeting.present": "numbers of people",
    "draft_step.content": "what is to be asked of everybody",
    "flagged_wording.law": "what the law says",
    "flagged_wording.words": "what was asked of everybody",
    "guide_version.content": "what was asked of everybody; a published guide never changes",
    "privacy_record.statistics": "counts",
    "requisition.profile": "what the post asks for",
}
"""Columns that may hold texts and are left out, each with the reason."""


class Writing(NamedTuple):
    """What stands in one column of one row.

    ``candidate_id`` is whom it is about, ``card_id`` the scorecard that it is part of.
    """

    column: Column[Any]
    row: tuple[Any, ...]
    value: Any
    candidate_id: int | None
    card_id: int | None


def writings(requisition_id: int, candidate_id: int, *, lock: bool = False) -> Iterator[Writing]:
    """Go through what is written in a requisition, but for what goes with a candidate.

    ``lock`` keeps the rows as they are until the running transaction ends.
    """
    for table in tables():
        statement = _statement(table, requisition_id, candidate_id)
        if lock:
            statement = statement.with_for_update(of=table)
        keys = len(table.primary_key.columns)
        for row in db.session.execute(statement):
            for column, value in zip(columns(table), row[keys + 2 :], strict=True):
                if value:
                    yield Writing(column, tuple(row[:keys]), value, row[keys], row[keys + 1])


def rewrite(writing: Writing, value: Any) -> None:
    """Let something else stand in the place, within the running write transaction."""
    table = writing.column.table
    db.session.execute(
        update(table)
        .where(*(key == part for key, part in zip(table.primary_key, writing.row, strict=True)))
        .values({writing.column.name: value})
    )


def texts(value: Any) -> Iterator[str]:
    """Go through the texts in a value; a calendar entry has its lines unfolded."""
    if isinstance(value, str):
        yield _unfolded(value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def with_texts(value: Any, change: Callable[[str], str]) -> Any:
    """Return the value with each of its texts changed."""
    if isinstance(value, str):
        text = _unfolded(value)
        changed = change(text)
        if changed == text:
            return value
        if text.startswith(CALENDAR):
            lines = Contentlines.from_ical(changed)  # type: ignore[no-untyped-call]
            return str(lines.to_ical().decode())
        return changed
    if isinstance(value, dict):
        return {key: with_texts(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [with_texts(item, change) for item in value]
    return value


def columns(table: Table) -> list[Column[Any]]:
    """Return the columns of a table in which people write, or what they wrote is kept."""
    return [
        column
        for column in table.columns
        if f"{table.name}.{column.name}" not in NOT_GONE_THROUGH
        and (
            isinstance(column.type, (Text, JSON))
            or (isinstance(column.type, String) and (column.type.length or 0) >= LONG)
        )
    ]


@cache
def tables() -> tuple[Table, ...]:
    """Return the tables that hold something written within a requisition."""
    return tuple(
        table
        for table in db.metadata.sorted_tables
        if (way(table) or table.name == "delivery") and columns(table)
    )


@cache
def way(table: Table) -> tuple[Column[Any], ...]:
    """Return the foreign keys that lead from a table to its requisition, the shortest way."""
    ways: list[tuple[Table, tuple[Column[Any], ...]]] = [(table, ())]
    for here, keys in ways:
        for column in here.columns:
            for key in () if column.nullable else column.foreign_keys:
                other = key.column.table
                if other.name == "requisition":
                    return (*keys, column)
                if other.name != "user":
                    ways.append((other, (*keys, column)))
    return ()


def _statement(table: Table, requisition_id: int, candidate_id: int) -> Select[Any]:
    """Return what picks the key of each row, whom it is about, its scorecard, and its texts."""
    *keys, last = way(table) or (table.c.requisition_id,)
    joined: FromClause = table
    passed = [table]
    for column in keys:
        other = next(iter(column.foreign_keys)).column
        joined = joined.join(other.table, column == other)
        passed.append(other.table)
    about: ColumnElement[Any] | None = next(
        (
            here.c.id if here.name == "candidate" else here.c.candidate_id
            for here in passed
            if here.name == "candidate" or "candidate_id" in here.columns
        ),
        None,
    )
    card = next((here.c.id for here in passed if here.name == "scorecard"), None)
    mine = last == requisition_id
    if about is not None:
        mine &= about != candidate_id
    if table.name == "delivery":
        mine &= ~mails_of(requisition_id, candidate_id)
    return (
        select(
            *table.primary_key,
            null() if about is None else about,
            null() if card is None else card,
            *columns(table),
        )
        .select_from(joined)
        .where(mine)
        .order_by(*table.primary_key)
    )


def _unfolded(text: str) -> str:
    return re.sub(r"\r?\n[ \t]", "", text) if text.startswith(CALENDAR) else text
