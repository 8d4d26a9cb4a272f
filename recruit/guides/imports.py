"""Guides that come from a file: kept until confirmed, then the drafts of the requisition."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from recruit.audit.actions import record
from recruit.core.guide import Guide as GuideContent
from recruit.core.guide_review import as_drafts, review
from recruit.core.profile import Profile
from recruit.database import Model, UTCDateTime, db, now, write
from recruit.guides import queries
from recruit.guides.actions import put_drafts, take_up
from recruit.guides.models import GuideState
from recruit.requisitions.models import Work
from recruit.requisitions.work import locked_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recruit.core.guide_review import Review
    from recruit.core.library import Library
    from recruit.guides.models import GuideVersion
    from recruit.requisitions.models import Requisition

KEPT = timedelta(days=1)


class GuideImport(Model):
    """A guide that is read from a file but not yet confirmed."""

    __tablename__ = "guide_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    requisition_id: Mapped[int] = mapped_column(
        ForeignKey("requisition.id", ondelete="CASCADE"), index=True
    )
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    file_name: Mapped[str] = mapped_column(String(120))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class GuideImportIsGone(ValueError):
    """The file is imported or thrown away already, or waited too long."""


class DraftsHaveChanged(ValueError):
    """The drafts are not those that the preview was shown for."""


def keep(requisition_id: int, guide: GuideContent, *, file_name: str, actor_id: int) -> GuideImport:
    """Keep a guide from a file until it is confirmed, for a day at most.

    Raises RequisitionHasEnded.
    """
    with write():
        locked_for(requisition_id, Work.RECRUIT)
        db.session.execute(delete(GuideImport).where(GuideImport.created_at < now() - KEPT))
        kept = GuideImport(
            requisition_id=requisition_id,
            created_by_id=actor_id,
            file_name=file_name[:120],
            content=guide.as_json(),
        )
        db.session.add(kept)
        db.session.flush()
        record(
            "guide.import.read",
            actor_id=actor_id,
            subject=f"requisition:{requisition_id}",
            requisition_id=requisition_id,
        )
    return kept


def kept_import(requisition_id: int, import_id: int) -> GuideImport:
    """Return a guide that waits for confirmation. Raises GuideImportIsGone."""
    found = db.session.scalar(
        select(GuideImport).where(
            GuideImport.id == import_id,
            GuideImport.requisition_id == requisition_id,
            GuideImport.created_at >= now() - KEPT,
        )
    )
    if found is None:
        raise GuideImportIsGone(import_id)
    return found


def reviewed(kept: GuideImport, requisition: Requisition, library: Library) -> Review:
    """Return what the file would bring to the requisition."""
    return review(
        GuideContent.model_validate(kept.content),
        library,
        Profile.model_validate(requisition.profile),
        requisition.language,
    )


def present(requisition_id: int) -> dict[int, GuideContent]:
    """Return what the rounds ask today by position: the draft, or else what is in force."""
    found = {}
    for guide in queries.guides(requisition_id):
        for state in (GuideState.DRAFT, GuideState.PUBLISHED):
            version = next((v for v in guide.versions if v.state == state), None)
            if version is not None:
                found[guide.position] = queries.content(version)
                break
    return found


def mark_of(guides: Mapping[int, GuideContent]) -> str:
    """Return a mark that differs when any of the guides does."""
    content = {str(position): guide.as_json() for position, guide in guides.items()}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def confirm(
    requisition_id: int,
    import_id: int,
    places: Mapping[int, int],
    mark: str,
    library: Library,
    *,
    actor_id: int,
) -> list[GuideVersion]:
    """Put rounds of the file (numbers from 0) in place of the drafts at positions (from 1).

    Versions that are published stay as they are. ``mark`` is that of the guides which the preview
    was shown for. Raises GuideImportIsGone, DraftsHaveChanged; nothing is changed then.
    """
    with write():
        requisition = locked_for(requisition_id, Work.RECRUIT)
        kept = kept_import(requisition_id, import_id)
        today = present(requisition_id)
        if mark_of(today) != mark:
            raise DraftsHaveChanged(requisition_id)
        contents = as_drafts(
            reviewed(kept, requisition, library),
            places,
            today,
            library,
            Profile.model_validate(requisition.profile),
        )
        drafts = put_drafts(requisition_id, contents)
        db.session.delete(kept)
        db.session.flush()
        take_up(requisition_id, "import", library, actor_id=actor_id)
        record(
            "guide.import",
            actor_id=actor_id,
            subject=f"requisition:{requisition_id}",
            requisition_id=requisition_id,
            versions=[draft.id for draft in drafts],
        )
    return drafts


def discard(requisition_id: int, import_id: int) -> None:
    """Throw a kept file away. Raises GuideImportIsGone."""
    with write():
        db.session.delete(kept_import(requisition_id, import_id))
