"""Tables of candidates."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruit.database import Model, UTCDateTime, now
from recruit.requisitions.models import Requisition


class CandidateState(StrEnum):
    """Whether the person is still in the process."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class Candidate(Model):
    """A person who applies for one requisition."""

    __tablename__ = "candidate"

    id: Mapped[int] = mapped_column(primary_key=True)
    requisition_id: Mapped[int] = mapped_column(
        ForeignKey("requisition.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(255), default="")
    internal: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), default=CandidateState.ACTIVE)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    requisition: Mapped[Requisition] = relationship()
