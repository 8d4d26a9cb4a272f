"""Tables of requisitions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruit.accounts.models import User
from recruit.database import Model, UTCDateTime, now


class RequisitionState(StrEnum):
    """Where the recruitment stands."""

    OPEN = "open"
    DECIDED = "decided"
    CLOSED = "closed"
    ERASED = "erased"


TRANSITIONS: dict[RequisitionState, frozenset[RequisitionState]] = {
    # A decision may be made anew; nothing leads back to open. One that was forgotten half-way is
    # erased when its time has come, like any other.
    RequisitionState.OPEN: frozenset(
        {RequisitionState.DECIDED, RequisitionState.CLOSED, RequisitionState.ERASED}
    ),
    RequisitionState.DECIDED: frozenset(
        {RequisitionState.DECIDED, RequisitionState.CLOSED, RequisitionState.ERASED}
    ),
    RequisitionState.CLOSED: frozenset({RequisitionState.ERASED}),
    RequisitionState.ERASED: frozenset(),
}


class Work(StrEnum):
    """What is done in a requisition, told apart by how long it may be done.

    Recruiting is everything that leads to the decision: guides, candidates, interviews, ratings and
    meetings. Correcting takes back or puts right: an interview is cancelled, an address changed, a
    seat left, what somebody is writing is kept.
    """

    RECRUIT = "recruit"
    DECIDE = "decide"
    CORRECT = "correct"


ALLOWED: dict[Work, frozenset[RequisitionState]] = {
    Work.RECRUIT: frozenset({RequisitionState.OPEN}),
    Work.DECIDE: frozenset({RequisitionState.OPEN, RequisitionState.DECIDED}),
    Work.CORRECT: frozenset(
        {RequisitionState.OPEN, RequisitionState.DECIDED, RequisitionState.CLOSED}
    ),
}


class MemberRole(StrEnum):
    """Roles that are held per requisition."""

    INTERVIEWER = "interviewer"
    HIRING_MANAGER = "hiring_manager"


class Requisition(Model):
    """One vacancy being filled.

    While it is ``pseudonymous`` and open, comparisons call the candidates by letters.
    """

    __tablename__ = "requisition"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(200), default="")
    level: Mapped[str] = mapped_column(String(40))
    sector: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(20), default=RequisitionState.OPEN)
    pseudonymous: Mapped[bool] = mapped_column(default=False, server_default=false())
    profile: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    created_by: Mapped[User] = relationship()
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="requisition", cascade="all, delete-orphan"
    )

    @property
    def post(self) -> str:
        """What is hired for, and where."""
        return ", ".join(filter(None, (self.title, self.unit)))

    def allows(self, work: Work) -> bool:
        """Tell whether the work may be done in the requisition as it stands."""
        return self.state in ALLOWED[work]

    @property
    def veiled(self) -> bool:
        """Whether comparisons call the candidates by letters now."""
        return self.pseudonymous and self.state == RequisitionState.OPEN


class Membership(Model):
    """A person's role in one requisition."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("requisition_id", "user_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    requisition_id: Mapped[int] = mapped_column(
        ForeignKey("requisition.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))

    requisition: Mapped[Requisition] = relationship(back_populates="memberships")
    user: Mapped[User] = relationship()
