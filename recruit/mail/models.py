"""Table of mails on their way and mails that went."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from recruit.database import Model, UTCDateTime, now


class DeliveryState(StrEnum):
    """A mail waits, is being sent, and then is sent, has failed, or was no longer wanted."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class Delivery(Model):
    """One mail to one person.

    ``key`` says what it is: a second mail with the same key is never made. ``about``
    ("interview:3") and ``recipient`` ("user:4") are plain text, not foreign keys: mail knows no
    features.
    ``sequence`` is the calendar entry's, or None for a mail without one. ``message`` holds
    subject, body, reply_to, calendar and method until the mail is sent or dropped, and no longer.
    """

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    about: Mapped[str] = mapped_column(String(80), default="", index=True)
    recipient: Mapped[str] = mapped_column(String(80), default="")
    kind: Mapped[str] = mapped_column(String(40))
    sequence: Mapped[int | None] = mapped_column()
    requisition_id: Mapped[int | None] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(String(255))
    message: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[str] = mapped_column(String(20), default=DeliveryState.WAITING, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    lasts_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
