"""Tables of scorecards."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruit.accounts.models import User
from recruit.database import Model, UTCDateTime, now
from recruit.interviews.models import Interview
from recruit.scorecards.states import ScorecardState


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
    ``entered_by_id`` is the recruiter who types in the interviewer's paper, as long as only they
    have written in it.
    """

    __tablename__ = "scorecard"
    __table_args__ = (
        UniqueConstraint("interview_id", "user_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    state: Mapped[str] = mapped_column(String(20), default=ScorecardState.DRAFT)
    version: Mapped[int] = mapped_column(default=0)
    recommendation: Mapped[str | None] = mapped_column(String(20))
    summary: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    interview: Mapped[Interview] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)
    submissions: Mapped[list[Submission]] = relationship(
        back_populates="scorecard", cascade="all, delete-orphan", order_by="Submission.number"
    )
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


class Submission(Model):
    """What was handed in, kept as it was handed in.

    ``content`` (``Entries.as_json``) is written once. The first submission has number 1; a later
    one exists only after the earlier was reopened. ``after_others`` tells that others' ratings of
    the candidate had been open to the interviewer before this submission; a recruiter who has a
    reason may leave such a one out of the figures. ``before_start`` tells that the interview was
    yet to begin, and that whoever submitted was asked. ``entered_by_id`` is the recruiter who
    typed it in from paper.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("scorecard_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(
        ForeignKey("scorecard.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int] = mapped_column()
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    after_others: Mapped[bool] = mapped_column(default=False)
    before_start: Mapped[bool] = mapped_column(default=False, server_default=false())
    reopened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reopened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reopened_reason: Mapped[str] = mapped_column(Text, default="")
    left_out_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    left_out_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    left_out_reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    scorecard: Mapped[Scorecard] = relationship(back_populates="submissions")
    entered_by: Mapped[User | None] = relationship(foreign_keys=entered_by_id)
    reopened_by: Mapped[User | None] = relationship(foreign_keys=reopened_by_id)
    left_out_by: Mapped[User | None] = relationship(foreign_keys=left_out_by_id)

    @property
    def is_left_out(self) -> bool:
        """Whether a recruiter has left the ratings out of the independent figures."""
        return self.left_out_at is not None
