"""Reading and verifying the trail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hmac import compare_digest
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from recruit.audit.chain import (
    SEALING,
    START,
    end_seal,
    key_mark,
    keyed_digest,
    plain_digest,
)
from recruit.audit.models import AuditEnd, AuditEvent
from recruit.database import db

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Flaw(StrEnum):
    """What can be wrong with the trail."""

    CHANGED = "changed"
    MISSING = "missing"
    WITHOUT_KEY = "without_key"
    OTHER_KEY = "other_key"
    CUT = "cut"
    OTHER_TRAIL = "other_trail"


@dataclass(frozen=True)
class Head:
    """Where a trail ended at some moment: how many lines, and the digest of the last."""

    count: int
    digest: str


@dataclass(frozen=True)
class Verdict:
    """What the trail was found to be; ``flaw`` is None when it is whole.

    ``event_id`` is the number of the first line that does not hold; None for a cut end.
    """

    head: Head
    flaw: Flaw | None = None
    event_id: int | None = None


def about(subjects: Iterable[str]) -> Sequence[AuditEvent]:
    """Return the events about the subjects ("candidate:3"), oldest first."""
    return db.session.scalars(
        select(AuditEvent).where(AuditEvent.subject.in_(list(subjects))).order_by(AuditEvent.id)
    ).all()


def head() -> Head:
    """Return where the trail says that it ends; what says so is not examined."""
    end = db.session.scalar(select(AuditEnd))
    return Head(end.count, end.digest) if end else Head(0, START)


def verdict(earlier: Head | None = None) -> Verdict:
    """Follow the whole trail from its first line to its end.

    ``earlier`` is where it once ended, as a log or a backup tells: it must have come by there.
    """
    options = {}
    if db.engine.dialect.name == "postgresql":
        # Lines and end as they were in the same moment, while others write; SQLite does so anyway.
        options = {"isolation_level": "REPEATABLE READ"}
    with Session(db.engine.execution_options(**options)) as session:
        return _verdict(session, earlier)


def _verdict(session: Session, earlier: Head | None) -> Verdict:
    there, is_keyed = Head(0, START), False
    came_by = earlier in {None, there}
    end = session.scalar(select(AuditEnd))
    has_other_key = end is not None and end.key_mark != key_mark()
    # Never all at once: the trail only grows.
    every = select(AuditEvent).order_by(AuditEvent.id).execution_options(yield_per=1000)
    with session.scalars(every) as events:
        for event in events:
            flaw = _flaw(event, there, is_keyed=is_keyed)
            there = Head(there.count + 1, event.digest)
            if flaw:
                return Verdict(there, Flaw.OTHER_KEY if has_other_key else flaw, event.id)
            is_keyed = is_keyed or event.digest != plain_digest(event)
            came_by = came_by or there == earlier
    if has_other_key:
        return Verdict(there, Flaw.OTHER_KEY)
    if there.count and not is_keyed:
        return Verdict(there, Flaw.WITHOUT_KEY)
    if not is_end(there, end) or (earlier and there.count < earlier.count):
        return Verdict(there, Flaw.CUT)
    return Verdict(there, None if came_by else Flaw.OTHER_TRAIL)


def _flaw(event: AuditEvent, before: Head, *, is_keyed: bool) -> Flaw | None:
    if event.previous_digest != before.digest:
        return Flaw.MISSING
    if compare_digest(event.digest, keyed_digest(event, before.count + 1)):
        # The first line under the key holds for those before it only if it was made to.
        unsealed = before.count and not is_keyed and event.action != SEALING
        return Flaw.WITHOUT_KEY if unsealed else None
    if compare_digest(event.digest, plain_digest(event)):
        return Flaw.WITHOUT_KEY if is_keyed else None
    return Flaw.CHANGED


def is_end(there: Head, end: AuditEnd | None) -> bool:
    """Tell whether the lines end where the sealed end says."""
    if end is None:
        return not there.count
    seal = end_seal(end.count, end.digest)
    return there == Head(end.count, end.digest) and compare_digest(end.seal, seal)
