"""What erasure reaches: every table that hangs on a requisition or a candidate, known or new.

The rule is read from the foreign keys, so that a table which somebody adds is erased unless it is
named here as kept. A test fails for a table that is reached by no rule.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from recruit.database import db

if TYPE_CHECKING:
    from sqlalchemy import Column, Table

KEPT = {
    "guide": "what was asked, the same for all; its versions hold the guide and no person",
    "privacy_record": "how long and why; its free texts are emptied by name",
}
"""Tables of a requisition that stay when it is erased, each with the reason."""


def key_to(table: Table, other: str) -> Column[int] | None:
    """Return the column by which the table's rows belong to a row of the other table, or None."""
    return next(
        (
            column
            for column in table.columns
            for key in column.foreign_keys
            if key.column.table.name == other
        ),
        None,
    )


@cache
def tables_of_requisition() -> tuple[Table, ...]:
    """Return the tables whose rows are erased with a requisition, those that refer to others first.

    Only those that name the requisition themselves: the database takes what hangs on their rows.
    """
    return tuple(
        table
        for table in reversed(db.metadata.sorted_tables)
        if table.name not in KEPT and key_to(table, "requisition") is not None
    )
