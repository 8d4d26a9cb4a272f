"""Writes of an organisation's own library: one verb, one transaction, one audit event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from recruit.audit.actions import record
from recruit.database import db, now, write
from recruit.library import forget
from recruit.library.models import LibraryEntry

if TYPE_CHECKING:
    from collections.abc import Mapping


class LibraryHasChanged(ValueError):
    """Somebody else changed the competency after the page was opened."""


def save(
    competency_id: str, content: Mapping[str, Any], version: int, *, actor_id: int
) -> LibraryEntry:
    """Store what the organisation says of a competency, in place of what it said before.

    ``version`` is that of the page on which it was written, 0 where there was nothing. Published
    guides are not touched: they hold their own words. Raises LibraryHasChanged.
    """
    with write():
        entry = db.session.scalar(
            select(LibraryEntry).where(LibraryEntry.competency == competency_id).with_for_update()
        )
        if (entry.version if entry else 0) != version:
            raise LibraryHasChanged(competency_id)
        if entry is None:
            entry = LibraryEntry(competency=competency_id, version=0)
            db.session.add(entry)
        entry.content = dict(content)
        entry.version += 1
        entry.changed_at, entry.changed_by_id = now(), actor_id
        try:
            db.session.flush()
        except IntegrityError as error:
            # Somebody else's first words on the competency came in between.
            raise LibraryHasChanged(competency_id) from error
        record(
            "library.change",
            actor_id=actor_id,
            subject=f"competency:{competency_id}",
            version=entry.version,
        )
    forget()
    return entry
