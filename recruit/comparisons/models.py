"""Tables of decisions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruit.accounts.models import User
from recruit.candidates.models import Candidate
from recruit.database import Model, UTCDateTime, now


class Outcome(StrEnum):
    """What was decided about one candidate."""

    OFFERED = "offered"
    RESERVE = "reserve"
    DECLINED = "declined"


class Decision(Model):
    """Who was offered the job and who was not, and why; made by people.

    A decision is never changed: a later one with a higher ``number`` takes its place, and says in
    ``reason`` why it had to.
    """

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("requisition_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    requisition_id: Mapped[int] = mapped_column(
        ForeignKey("requisition.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int] = mapped_column()
    rationale: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    decided_by: Mapped[User] = relationship()
    outcomes: Mapped[list[DecidedOutcome]] = relationship(
        back_populates="decision", cascade="all, delete-orphan", order_by="DecidedOutcome.id"
    )


class DecidedOutcome(Model):
    """What one decision says of one candidate."""

    __tablename__ = "decided_outcome"
    __table_args__ = (UniqueConstraint("decision_id", "candidate_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(
        ForeignKey("decision.id", ondelete="CASCADE"), index=True
    )
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True
    )
    outcome: Mapped[str] = mapped_column(String(20))
    rationale: Mapped[str] = mapped_column(Text, default="")

    decision: Mapped[Decision] = relationship(back_populates="outcomes")
    candidate: Mapped[Candidate] = relationship()
    grounds: Mapped[list[DecidedGround]] = relationship(
        back_populates="outcome", cascade="all, delete-orphan", order_by="DecidedGround.id"
    )


class DecidedGround(Model):
    """Evidence that an outcome rests on, as it read when the decision was made."""

    __tablename__ = "decided_ground"

    id: Mapped[int] = mapped_column(primary_key=True)
    outcome_id: Mapped[int] = mapped_column(
        ForeignKey("decided_outcome.id", ondelete="CASCADE"), index=True
    )
    rating_id: Mapped[int | None] = mapped_column(
        ForeignKey("rating.id", ondelete="SET NULL"), index=True
    )
    interviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    competency: Mapped[str] = mapped_column(String(80))
    score: Mapped[int | None] = mapped_column()
    evidence: Mapped[str] = mapped_column(Text)

    outcome: Mapped[DecidedOutcome] = relationship(back_populates="grounds")
    interviewer: Mapped[User] = relationship()
