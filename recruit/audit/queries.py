"""Reading and verifying the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from recruit.audit.actions import START, digest_of
from recruit.audit.models import AuditEvent
from recruit.database import db

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def about(subjects: Iterable[str]) -> Sequence[AuditEvent]:
    """Return the events about the subjects ("candidate:3"), oldest first."""
    return db.session.scalars(
        select(AuditEvent).where(AuditEvent.subject.in_(list(subjects))).order_by(AuditEvent.id)
    ).all()


def first_broken() -> AuditEvent | None:
    """Return the first event whose digest does not hold, or None when the chain is whole."""
    previous = START
    # Never all at once: the trail only grows.
    every = select(AuditEvent).order_by(AuditEvent.id).execution_options(yield_per=1000)
    with db.session.scalars(every) as events:
        for event in events:
            if event.previous_digest != previous or event.digest != digest_of(event):
                return event
            previous = event.digest
    return None
