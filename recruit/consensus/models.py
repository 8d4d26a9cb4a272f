"""Tables of consensus meetings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruit.accounts.models import User
from recruit.database import Model, UTCDateTime, now


class ConsensusMeeting(Model):
    """The meeting about one candidate, and who is there.

    ``round_position`` is the place of the round's guide, or 0 for the whole process. ``present``
    holds ids of panel members, ``others`` further names, one a line. ``version`` counts saves of
    who is there.
    """

    __tablename__ = "consensus_meeting"
    __table_args__ = (UniqueConstraint("candidate_id", "round_position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    requisition_id: Mapped[int] = mapped_column(
        ForeignKey("requisition.id", ondelete="CASCADE"), index=True
    )
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"))
    round_position: Mapped[int] = mapped_column()
    present: Mapped[list[int]] = mapped_column(JSON)
    others: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    agreements: Mapped[list[Agreement]] = relationship(
        back_populates="meeting",
        cascade="all, delete-orphan",
        order_by="[Agreement.topic, Agreement.version]",
    )


class Agreement(Model):
    """What was agreed on one topic, once; a change is a new row with the next version.

    ``topic`` is a competency or ``topics.RECOMMENDATION``. With neither ``score`` nor
    ``recommendation`` the panel did not agree. ``present`` names those who were there, and
    ``fingerprint`` tells which independent ratings they had before them.
    """

    __tablename__ = "consensus_agreement"
    __table_args__ = (
        UniqueConstraint("meeting_id", "topic", "version"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score_on_scale"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("consensus_meeting.id", ondelete="CASCADE"), index=True
    )
    topic: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column()
    score: Mapped[int | None] = mapped_column()
    recommendation: Mapped[str | None] = mapped_column(String(20))
    rationale: Mapped[str] = mapped_column(Text)
    present: Mapped[list[str]] = mapped_column(JSON)
    fingerprint: Mapped[str] = mapped_column(String(64))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    meeting: Mapped[ConsensusMeeting] = relationship(back_populates="agreements")
    saved_by: Mapped[User] = relationship()
