"""Table of the merits of those who were hired."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruit.candidates.models import Candidate
from recruit.database import Model, UTCDateTime, now


class MeritStatement(Model):
    """Education, experience and other merits of a hired candidate, as the recruiter wrote them.

    Written once, given to every applicant who asks.
    """

    __tablename__ = "merit_statement"

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), unique=True
    )
    education: Mapped[str] = mapped_column(Text, default="")
    experience: Mapped[str] = mapped_column(Text, default="")
    other: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    candidate: Mapped[Candidate] = relationship()
