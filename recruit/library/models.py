"""Tables of an organisation's own library."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruit.accounts.models import User
from recruit.database import Model, UTCDateTime, now


class LibraryEntry(Model):
    """What an organisation says of one competency in the interface.

    ``content`` has the format of a competency's file and may hold a part of it; empty, the
    competency is as in the files. Rows are never removed and ``version`` only grows, so that the
    sum of all versions tells whether anything has changed.
    """

    __tablename__ = "library_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    competency: Mapped[str] = mapped_column(String(80), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    changed_by: Mapped[User] = relationship()
