"""Tables of interviews and their panels."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruit.accounts.models import User
from recruit.candidates.models import Candidate
from recruit.database import Model, UTCDateTime, now
from recruit.guides.models import GuideVersion


class InterviewState(StrEnum):
    """An interview is planned until somebody cancels it; the clock says what comes of it."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class InterviewStage(StrEnum):
    """Where an interview stands by the clock."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    HELD = "held"
    CANCELLED = "cancelled"


class Interview(Model):
    """One candidate, one round, a time and a place.

    It keeps the guide version that it was planned with. ``uid`` and ``sequence`` name it, and count
    its changes, in calendars. ``message`` is the recruiter's own words to the candidate.
    """

    __tablename__ = "interview"
    # Browsers keep drafts by its number: after an erasure no other interview may get it.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    requisition_id: Mapped[int] = mapped_column(
        ForeignKey("requisition.id", ondelete="CASCADE"), index=True
    )
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True
    )
    guide_version_id: Mapped[int] = mapped_column(ForeignKey("guide_version.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    timezone: Mapped[str] = mapped_column(String(64), default="Europe/Stockholm")
    minutes: Mapped[int] = mapped_column()
    place: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(20), default=InterviewState.PLANNED)
    uid: Mapped[str] = mapped_column(String(120), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    candidate_invited: Mapped[bool] = mapped_column(default=False)
    message: Mapped[str] = mapped_column(Text, default="")
    planned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    candidate: Mapped[Candidate] = relationship()
    guide_version: Mapped[GuideVersion] = relationship()
    planned_by: Mapped[User | None] = relationship()
    panel: Mapped[list[PanelMember]] = relationship(
        back_populates="interview", cascade="all, delete-orphan", order_by="PanelMember.id"
    )

    @property
    def stage(self) -> InterviewStage:
        """Where it stands now: held only when its time has passed."""
        if self.state == InterviewState.CANCELLED:
            return InterviewStage.CANCELLED
        moment = now()
        if moment < self.starts_at:
            return InterviewStage.PLANNED
        return InterviewStage.UNDER_WAY if moment < self.ends_at else InterviewStage.HELD

    @property
    def ends_at(self) -> datetime:
        """The moment when it is planned to end."""
        return self.starts_at + timedelta(minutes=self.minutes)


class PanelMember(Model):
    """An interviewer of one interview."""

    __tablename__ = "panel_member"
    __table_args__ = (UniqueConstraint("interview_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    interview: Mapped[Interview] = relationship(back_populates="panel")
    user: Mapped[User] = relationship()


class DepartureKind(StrEnum):
    """Why somebody left a panel: of their own accord, or by what a recruiter did."""

    CONFLICT = "conflict"
    STEPPED_DOWN = "stepped_down"
    CHANGED = "changed"
    REMOVED = "removed"


OF_OWN_ACCORD = (DepartureKind.CONFLICT, DepartureKind.STEPPED_DOWN)
"""Whoever left so comes on no panel of the candidate again, and never reads others' ratings."""


class PanelDeparture(Model):
    """Somebody who left a panel. The line stays when another person takes the seat."""

    __tablename__ = "panel_departure"

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    left_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    replaced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    interview: Mapped[Interview] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)
    replaced_by: Mapped[User | None] = relationship(foreign_keys=replaced_by_id)
