"""Tables of interview guides."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, event, inspect
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruit.core.remarks import GROUNDS, ReasonedWording, place_said
from recruit.database import Model, UTCDateTime, now
from recruit.requisitions.models import Requisition

if TYPE_CHECKING:
    from recruit.core.remarks import Part
    from recruit.core.wording import Ground


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
    flagged: Mapped[list[FlaggedWording]] = relationship(
        cascade="all, delete-orphan", order_by="FlaggedWording.position"
    )


class AskedQuestion(Model):
    """A question of the library that a version asks: ``content``'s questions, to search by."""

    __tablename__ = "asked_question"

    guide_version_id: Mapped[int] = mapped_column(
        ForeignKey("guide_version.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)


class FlaggedWording(Model):
    """Words that were published though the wording check flagged them, and why they were.

    ``key``, ``part``, ``question``, ``number`` and ``ground`` are those of a
    ``recruit.core.remarks.Remark``. ``law`` is what was told of the ground when it was published:
    rules that change later leave it as it is.
    """

    __tablename__ = "flagged_wording"

    guide_version_id: Mapped[int] = mapped_column(
        ForeignKey("guide_version.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(16), primary_key=True)
    position: Mapped[int] = mapped_column()
    part: Mapped[str] = mapped_column(String(40))
    question: Mapped[str] = mapped_column(String(80), default="")
    number: Mapped[int | None] = mapped_column()
    ground: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    law: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)

    @property
    def told(self) -> ReasonedWording:
        """What a guide's record says of it."""
        return ReasonedWording(
            place=place_said(cast("Part", self.part), self.number),
            ground=GROUNDS[cast("Ground", self.ground)],
            words=self.words,
            law=self.law,
            reason=self.reason,
        )


class GuideDraft(Model):
    """Where the building of a requisition's guides stands: the step that is shown.

    ``revision`` grows with every change, undoing too, so that an edit made from an outdated page
    is told. Steps after ``step`` have been undone.
    """

    __tablename__ = "guide_draft"

    requisition_id: Mapped[int] = mapped_column(
        ForeignKey("requisition.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(default=0)
    step: Mapped[int] = mapped_column()


class DraftStep(Model):
    """The draft after one edit; ``content`` is a ``recruit.core.draft.Draft``.

    ``edit`` is the verb of the edit that led to it.
    """

    __tablename__ = "draft_step"

    requisition_id: Mapped[int] = mapped_column(
        ForeignKey("guide_draft.requisition_id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    edit: Mapped[str] = mapped_column(String(40))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class GuideIsPublished(ValueError):
    """A published version was about to be changed."""


@event.listens_for(GuideVersion, "before_update")
def _refuse_change(mapper: object, connection: object, version: GuideVersion) -> None:
    del mapper, connection
    facts = inspect(version).attrs
    former = facts.state.history.deleted or [version.state]
    if former[0] != GuideState.DRAFT and facts.content.history.has_changes():
        raise GuideIsPublished(version.id)
