"""Who has opened what others wrote about a candidate, as the trail tells it.

Every page and document with others' ratings leaves an event that names, in its detail
``candidates``, those about whom others' ratings were open to its reader at that moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from recruit.audit.models import AuditEvent
from recruit.database import db

if TYPE_CHECKING:
    from collections.abc import Collection

READINGS = ("comparison.view", "consensus.view", "ratings.view", "report.view")
"""Actions of the trail by which others' ratings are opened."""


def readings(requisition_id: int, user_ids: Collection[int]) -> frozenset[tuple[int, int]]:
    """Return (person, candidate) for everything that the people have opened in a requisition."""
    rows = db.session.execute(
        select(AuditEvent.actor_id, AuditEvent.detail).where(
            AuditEvent.requisition_id == requisition_id,
            AuditEvent.actor_id.in_(user_ids),
            AuditEvent.action.in_(READINGS),
        )
    )
    return frozenset(
        (user_id, candidate_id)
        for user_id, detail in rows
        for candidate_id in detail.get("candidates", ())
    )
