"""Reads of interview guides."""

from __future__ import annotations

import contextlib
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import abort
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from recruit.access import own_requisitions
from recruit.accounts.models import User
from recruit.core import draft as drafts
from recruit.core import draft_guide
from recruit.core.draft import Draft
from recruit.core.guide import Guide as GuideContent
from recruit.core.profile import Profile
from recruit.core.remarks import remarks
from recruit.database import db
from recruit.guides.models import (
    AskedQuestion,
    DraftStep,
    FlaggedWording,
    Guide,
    GuideDraft,
    GuideState,
    GuideVersion,
)
from recruit.requisitions.models import Requisition

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from recruit.core.library import Library
    from recruit.core.remarks import Remark


@dataclass(frozen=True)
class Working:
    """The draft that is worked on; ``revision`` is 0 and ``is_stored`` false before any edit.

    ``undo`` and ``redo`` are the verbs of the edits that could be taken back or made again.
    """

    draft: Draft
    language: str
    revision: int = 0
    is_stored: bool = False
    undo: str | None = None
    redo: str | None = None


def working(requisition_id: int, library: Library) -> Working:
    """Return the draft of the requisition's guides, for its profile as it is now.

    Before the first edit it is what the guides say, or blank when there are none. Raises a 404
    error when there is no such requisition, and GuideIsUnreadable.
    """
    requisition = db.get_or_404(Requisition, requisition_id)
    try:
        return _working(requisition, library)
    except ValidationError as error:
        raise draft_guide.GuideIsUnreadable from error


def readable(requisition_id: int, library: Library) -> Draft:
    """Return as much of the newest versions as a draft may hold, blank when that is nothing."""
    requisition = db.get_or_404(Requisition, requisition_id)
    newest = {}
    for guide in guides(requisition_id):
        with contextlib.suppress(ValidationError):
            newest[guide.position] = content(guide.versions[-1])
    profile = Profile.model_validate(requisition.profile)
    return draft_guide.read_back(newest, profile, library, whole=False)


def _working(requisition: Requisition, library: Library) -> Working:
    requisition_id = requisition.id
    profile = Profile.model_validate(requisition.profile)
    stored = db.session.get(GuideDraft, requisition_id, populate_existing=True)
    if stored is None:
        newest = {
            guide.position: content(guide.versions[-1])
            for guide in guides(requisition_id)
            if guide.versions
        }
        draft = draft_guide.read_back(newest, profile, library)
        return Working(draft, requisition.language)
    steps = {
        step.number: step
        for step in db.session.scalars(
            select(DraftStep).where(
                DraftStep.requisition_id == requisition_id,
                DraftStep.number.between(stored.step - 1, stored.step + 1),
            )
        )
    }
    now, later = steps[stored.step], steps.get(stored.step + 1)
    return Working(
        drafts.with_profile(Draft.model_validate(now.content), profile, library),
        requisition.language,
        stored.revision,
        is_stored=True,
        undo=now.edit if stored.step - 1 in steps else None,
        redo=later.edit if later else None,
    )


def has_drafts(requisition_id: int) -> bool:
    """Tell whether a round has a version that is not published."""
    return (
        db.session.scalar(
            select(GuideVersion.id)
            .join(GuideVersion.guide)
            .where(Guide.requisition_id == requisition_id, GuideVersion.state == GuideState.DRAFT)
            .limit(1)
        )
        is not None
    )


def latest_publication(requisition_id: int) -> tuple[str, datetime] | None:
    """Return who published last, and when; None before that."""
    row = db.session.execute(
        select(User.name, GuideVersion.published_at)
        .join(GuideVersion.guide)
        .join(User, User.id == GuideVersion.published_by_id)
        .where(Guide.requisition_id == requisition_id, GuideVersion.published_at.is_not(None))
        .order_by(GuideVersion.published_at.desc())
        .limit(1)
    ).first()
    return None if row is None else (row.name, row.published_at)


def predecessor(version: GuideVersion) -> GuideVersion | None:
    """Return the version of the same guide that came before, None for the first."""
    return db.session.scalar(
        select(GuideVersion)
        .where(GuideVersion.guide_id == version.guide_id, GuideVersion.number < version.number)
        .order_by(GuideVersion.number.desc())
        .limit(1)
    )


def to_publish(guides_: Iterable[Guide]) -> list[GuideVersion]:
    """Return the drafts that publishing would put in force: those that say something new."""
    drafts_ = []
    for guide in guides_:
        draft, in_force = in_state(guide, GuideState.DRAFT), in_state(guide, GuideState.PUBLISHED)
        if draft is not None and not (in_force is not None and _says_the_same(draft, in_force)):
            drafts_.append(draft)
    return drafts_


def in_state(guide: Guide, state: GuideState) -> GuideVersion | None:
    """Return the guide's version in the state; there is one draft and one in force at most."""
    return next((version for version in guide.versions if version.state == state), None)


def _says_the_same(one: GuideVersion, other: GuideVersion) -> bool:
    """Tell whether an interview would be the same; how the choice came about does not matter."""
    keys = ("rounds", "weights", "must_have", "language", "notes")
    return all(one.content[key] == other.content[key] for key in keys)


def pending_remarks(requisition_id: int) -> tuple[Remark, ...]:
    """Return what is flagged in the drafts that publishing would put in force, each once."""
    remarked = (
        remark for draft in to_publish(guides(requisition_id)) for remark in remarks(content(draft))
    )
    return tuple({remark.key: remark for remark in remarked}.values())


def earlier_reasons(requisition_id: int) -> dict[str, str]:
    """Return the latest reason that was given for each flagged wording, by its key."""
    rows = db.session.execute(
        select(FlaggedWording.key, FlaggedWording.reason)
        .join(GuideVersion, GuideVersion.id == FlaggedWording.guide_version_id)
        .join(GuideVersion.guide)
        .where(Guide.requisition_id == requisition_id)
        .order_by(GuideVersion.published_at)
    )
    return {row.key: row.reason for row in rows}


def guides(requisition_id: int) -> Sequence[Guide]:
    """Return the guides of a requisition with their versions, one per round, in order.

    What the versions say is read when it is asked for.
    """
    return db.session.scalars(
        select(Guide)
        .where(Guide.requisition_id == requisition_id)
        .options(selectinload(Guide.versions).defer(GuideVersion.content))
        .order_by(Guide.position)
    ).all()


def guide_version(requisition_id: int, version_id: int) -> GuideVersion:
    """Return one version with its guide. Raises a 404 error when it is not the requisition's."""
    version = db.session.scalar(
        select(GuideVersion)
        .join(GuideVersion.guide)
        .where(GuideVersion.id == version_id, Guide.requisition_id == requisition_id)
        .options(joinedload(GuideVersion.guide))
    )
    if version is None:
        abort(404)
    return version


def published_versions(requisition_id: int) -> Sequence[GuideVersion]:
    """Return the versions in force, one per round at most, in order."""
    return db.session.scalars(
        select(GuideVersion)
        .join(GuideVersion.guide)
        .where(Guide.requisition_id == requisition_id, GuideVersion.state == GuideState.PUBLISHED)
        .options(joinedload(GuideVersion.guide))
        .order_by(Guide.position)
    ).all()


def versions_asking(question: str, reader: Any) -> Sequence[GuideVersion]:
    """Return the versions that ask a question of the library, of requisitions the reader may view.

    With guide and requisition, newest first.
    """
    statement = (
        select(GuideVersion)
        .join(GuideVersion.asked)
        .join(GuideVersion.guide)
        .where(AskedQuestion.question == question)
        .options(joinedload(GuideVersion.guide).joinedload(Guide.requisition))
        .order_by(GuideVersion.created_at.desc(), GuideVersion.id.desc())
    )
    return db.session.scalars(own_requisitions(reader, statement, Guide.requisition_id)).all()


def content_of(version_id: int, published_at: datetime | None) -> GuideContent:
    """Return what a version says, by its number and when it was published.

    A published version never changes, so it is read and parsed once in a process; a draft is
    always read. Raises NoResultFound when there is no such version.
    """
    if published_at is None:
        return _read(version_id)
    return _published(str(db.engine.url), version_id, published_at)


@functools.lru_cache(maxsize=256)
def _published(database: str, version_id: int, published_at: datetime) -> GuideContent:
    # Database and moment are part of the key alone: another database has other versions.
    del database, published_at
    return _read(version_id)


def _read(version_id: int) -> GuideContent:
    statement = select(GuideVersion.content).where(GuideVersion.id == version_id)
    return GuideContent.model_validate(db.session.scalars(statement).one())


def content(version: GuideVersion) -> GuideContent:
    """Return what the version says, as the core's guide with one round.

    It carries the title of the post, whatever its role profile is called.
    """
    if version.published_at is not None:
        found = content_of(version.id, version.published_at)
    else:
        found = GuideContent.model_validate(version.content)
    return found.model_copy(update={"title": version.guide.requisition.title})
