"""Writing the trail."""

from __future__ import annotations

from hmac import compare_digest
from typing import Any

from sqlalchemy import func, select

from recruit.audit.chain import START, end_seal, key_mark, keyed_digest
from recruit.audit.models import AuditEnd, AuditEvent
from recruit.database import db, now

CHAIN_LOCK = 4711


def record(
    action: str,
    *,
    actor_id: int | None,
    subject: str,
    requisition_id: int | None = None,
    **detail: Any,
) -> None:
    """Add one event to the running write transaction.

    ``action`` is "feature.verb", ``subject`` is "kind:id". ``detail`` must hold no personal data.
    """
    if db.engine.dialect.name == "postgresql":
        # Two events at once would otherwise both follow the same one; SQLite has one writer.
        db.session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))
    end = db.session.scalar(select(AuditEnd).execution_options(populate_existing=True)) or _begun()
    # It follows what the end says, not the last line that is there: a cut leaves a gap for good.
    is_intact = compare_digest(end.seal, end_seal(end.count, end.digest))
    event = AuditEvent(
        at=now(),
        actor_id=actor_id,
        action=action,
        subject=subject,
        requisition_id=requisition_id,
        detail=detail,
        previous_digest=end.digest,
    )
    event.digest = keyed_digest(event, end.count + 1)
    end.count, end.digest = end.count + 1, event.digest
    if is_intact:
        # A seal that does not hold is not made good by the next line.
        end.seal = end_seal(end.count, end.digest)
    db.session.add(event)
    db.session.flush()


def _begun() -> AuditEnd:
    """Return the end of a trail that has none yet; one whose end was removed gets no good seal."""
    last = db.session.scalar(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1))
    count = db.session.scalar(select(func.count(AuditEvent.id))) or 0
    end = AuditEnd(id=1, count=count, digest=last.digest if last else START, key_mark=key_mark())
    end.seal = "" if last else end_seal(0, START)
    db.session.add(end)
    return end
