"""Tables of the trail: its events, and where it ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from recruit.database import Model, UTCDateTime


class AuditEvent(Model):
    """One line of the trail; ``digest`` covers the line and the digest before it.

    Actor and subject are plain numbers, not foreign keys: the trail outlives what it tells of.
    """

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(80))
    requisition_id: Mapped[int | None] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_digest: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class AuditEnd(Model):
    """The one row that tells how many lines the trail has and the last one's digest, sealed.

    Without the key, nobody can make one that fits a shorter trail.
    """

    __tablename__ = "audit_end"

    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column()
    digest: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))
    key_mark: Mapped[str] = mapped_column(String(16))
