"""Table of what is decided about the personal data of a requisition."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruit.accounts.models import User
from recruit.database import Model, UTCDateTime
from recruit.requisitions.models import Requisition


class LegalBasis(StrEnum):
    """What lets the employer keep candidates' data (GDPR article 6.1).

    Consent is not among them: who applies for a job is not free to refuse.
    """

    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTEREST = "legitimate_interest"
    CONTRACT = "contract"


class ErasureGround(StrEnum):
    """Why one candidate's data is erased before its time (GDPR article 17.1)."""

    NOT_NEEDED = "not_needed"
    OBJECTION = "objection"
    UNLAWFUL = "unlawful"
    MISTAKE = "mistake"


class PrivacyRecord(Model):
    """What is decided about the personal data of one requisition; without a row the rules hold.

    ``keep_until`` is the last day that the data is kept, when somebody has chosen another than the
    rule gives. While ``held_at`` is set nothing is erased. ``warned_for`` is the day that the
    recruiter was told of, at ``warned_at``. Empty texts stand for the product's own words.
    ``statistics`` are the numbers that remain of an erased requisition, by kind.
    """

    __tablename__ = "privacy_record"

    requisition_id: Mapped[int] = mapped_column(
        ForeignKey("requisition.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    keep_until: Mapped[date | None] = mapped_column()
    keep_reason: Mapped[str] = mapped_column(Text, default="")
    held_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    hold_reason: Mapped[str] = mapped_column(Text, default="")
    warned_for: Mapped[date | None] = mapped_column()
    warned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    purpose: Mapped[str] = mapped_column(Text, default="")
    legal_basis: Mapped[str] = mapped_column(String(40), default="")
    readers: Mapped[str] = mapped_column(Text, default="")
    addition: Mapped[str] = mapped_column(Text, default="")
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    statistics: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    requisition: Mapped[Requisition] = relationship()
    held_by: Mapped[User | None] = relationship()
