"""Table of deviations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruit.accounts.models import User
from recruit.database import Model, UTCDateTime, now
from recruit.interviews.models import Interview


class Deviation(Model):
    """One thing that was done otherwise than the guide says; it is never changed or removed.

    ``question`` is the id of a question of the guide; empty for the interview as a whole.
    """

    __tablename__ = "deviation"

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), index=True
    )
    question: Mapped[str] = mapped_column(String(80), default="")
    what: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    interview: Mapped[Interview] = relationship()
    recorded_by: Mapped[User] = relationship()
