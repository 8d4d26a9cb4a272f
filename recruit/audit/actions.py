"""Writing the trail."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import func, select

from recruit.audit.models import AuditEvent
from recruit.database import db, now

START = "0" * 64
CHAIN_LOCK = 4711


def digest_of(event: AuditEvent) -> str:
    """Return the SHA-256 (hexadecimal) of an event and the digest before it."""
    line = json.dumps(
        [
            event.at.isoformat(),
            event.actor_id,
            event.action,
            event.subject,
            event.requisition_id,
            event.detail,
            event.previous_digest,
        ],
        sort_keys=True,
        ensure_ascii=False,
    )
    return hashlib.sha256(line.encode()).hexdigest()


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
    last = db.session.scalar(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1))
    event = AuditEvent(
        at=now(),
        actor_id=actor_id,
        action=action,
        subject=subject,
        requisition_id=requisition_id,
        detail=detail,
        previous_digest=last.digest if last else START,
    )
    event.digest = digest_of(event)
    db.session.add(event)
    db.session.flush()
