"""Writes of comparisons: that somebody saw one."""

from __future__ import annotations

from recruit.audit.actions import record
from recruit.database import write


def note_view(requisition_id: int, *, kind: str, actor_id: int) -> None:
    """Record who saw the comparison, and in which form (page, pdf, json)."""
    with write():
        record(
            "comparison.view",
            actor_id=actor_id,
            subject=f"requisition:{requisition_id}",
            requisition_id=requisition_id,
            kind=kind,
        )
