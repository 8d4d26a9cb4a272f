"""Tables of scorecards."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruit.accounts.models import User
from recruit.database import Model, UTCDateTime, now
from recruit.interviews.models import Interview


class ScorecardState(StrEnum):
    """A draft belongs to its author alone; a submitted scorecard is locked."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REOPENED = "reopened"


class EvidenceLevel(StrEnum):
    """What a rating rests on."""

    TALK = "talk"
    EXAMPLE = "example"
    PATTERN = "pattern"


class Recommendation(StrEnum):
    """The interviewer's own advice, kept apart from the ratings."""

    YES = "yes"
    YES_WITH_DOUBTS = "yes_with_doubts"
    NO = "no"


class Scorecard(Model):
    """One interviewer's ratings, evidence and recommendation for one interview.

    ``version`` counts saves: a save that names an older version than the stored one is a conflict.
    """

    __tablename__ = "scorecard"
    __table_args__ = (UniqueConstraint("interview_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=ScorecardState.DRAFT)
    version: Mapped[int] = mapped_column(default=0)
    recommendation: Mapped[str | None] = mapped_column(String(20))
    summary: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    interview: Mapped[Interview] = relationship()
    user: Mapped[User] = relationship()
    ratings: Mapped[list[Rating]] = relationship(
        back_populates="scorecard", cascade="all, delete-orphan", order_by="Rating.id"
    )
    notes: Mapped[list[QuestionNote]] = relationship(
        back_populates="scorecard", cascade="all, delete-orphan", order_by="QuestionNote.id"
    )


class Rating(Model):
    """A score 1-5, or "not assessed" with a reason, for one competency."""

    __tablename__ = "rating"
    __table_args__ = (
        UniqueConstraint("scorecard_id", "competency"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score_on_scale"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(
        ForeignKey("scorecard.id", ondelete="CASCADE"), index=True
    )
    competency: Mapped[str] = mapped_column(String(80))
    score: Mapped[int | None] = mapped_column()
    evidence_level: Mapped[str | None] = mapped_column(String(20))
    evidence: Mapped[str] = mapped_column(Text, default="")
    not_assessed_reason: Mapped[str] = mapped_column(Text, default="")

    scorecard: Mapped[Scorecard] = relationship(back_populates="ratings")


class QuestionNote(Model):
    """What the interviewer wrote while one question was answered."""

    __tablename__ = "question_note"
    __table_args__ = (UniqueConstraint("scorecard_id", "question"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(
        ForeignKey("scorecard.id", ondelete="CASCADE"), index=True
    )
    question: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text, default="")

    scorecard: Mapped[Scorecard] = relationship(back_populates="notes")
