"""Tables of the rater training."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from recruit.database import Model, UTCDateTime, now


class CalibrationRating(Model):
    """How a person rated one written answer of the library; never changed or deleted.

    ``exercise`` counts from 1 within the competency. ``text_hash`` tells which text was rated, and
    ``attempt`` how many times the person had then rated that text. ``expert`` is the expert's
    rating at the time.
    """

    __tablename__ = "calibration_rating"
    __table_args__ = (
        UniqueConstraint("user_id", "competency", "exercise", "text_hash", "attempt"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_on_scale"),
        CheckConstraint("expert BETWEEN 1 AND 5", name="expert_on_scale"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    competency: Mapped[str] = mapped_column(String(80))
    exercise: Mapped[int] = mapped_column()
    text_hash: Mapped[str] = mapped_column(String(64))
    attempt: Mapped[int] = mapped_column()
    rating: Mapped[int] = mapped_column()
    expert: Mapped[int] = mapped_column()
    why: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    @property
    def repeated(self) -> bool:
        """Whether the person had seen the expert's rating of this text before."""
        return self.attempt > 1

    @property
    def difference(self) -> int:
        """Steps above (positive) or below the expert."""
        return self.rating - self.expert


class TrainingRequirement(Model):
    """What a requisition asks of its interviewers before they submit ratings.

    ``exercises`` is how many, of any competency; None stands for all exercises of the competencies
    that the interviewer's round asks about. A requisition without a row requires nothing.
    """

    __tablename__ = "training_requirement"
    __table_args__ = (CheckConstraint("exercises >= 1", name="exercises_asked_for"),)

    requisition_id: Mapped[int] = mapped_column(
        ForeignKey("requisition.id", ondelete="CASCADE"), primary_key=True
    )
    exercises: Mapped[int | None] = mapped_column()
