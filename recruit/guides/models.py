"""Tables of interview guides."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruit.database import Model, UTCDateTime, now
from recruit.requisitions.models import Requisition


class GuideState(StrEnum):
    """A version is worked on, then in force, then replaced by the next one."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Guide(Model):
    """The plan of one interview round; its text is in its versions."""

    __tablename__ = "guide"
    __table_args__ = (UniqueConstraint("requisition_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    requisition_id: Mapped[int] = mapped_column(
        ForeignKey("requisition.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int] = mapped_column()

    requisition: Mapped[Requisition] = relationship()
    versions: Mapped[list[GuideVersion]] = relationship(
        back_populates="guide", cascade="all, delete-orphan", order_by="GuideVersion.number"
    )


class GuideVersion(Model):
    """One version of a guide; ``content`` is a ``recruit.core.guide.Guide`` with one round.

    Once published the content never changes.
    """

    __tablename__ = "guide_version"
    __table_args__ = (UniqueConstraint("guide_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    guide_id: Mapped[int] = mapped_column(ForeignKey("guide.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), default=GuideState.DRAFT)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    guide: Mapped[Guide] = relationship(back_populates="versions")
    asked: Mapped[list[AskedQuestion]] = relationship(cascade="all, delete-orphan")


class AskedQuestion(Model):
    """A question of the library that a version asks: ``content``'s questions, to search by."""

    __tablename__ = "asked_question"

    guide_version_id: Mapped[int] = mapped_column(
        ForeignKey("guide_version.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)
