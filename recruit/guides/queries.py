"""Reads of interview guides."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from recruit.access import own_requisitions
from recruit.core.guide import Guide as GuideContent
from recruit.database import db
from recruit.guides.models import AskedQuestion, Guide, GuideState, GuideVersion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


def guides(requisition_id: int) -> Sequence[Guide]:
    """Return the guides of a requisition with their versions, one per round, in order."""
    return db.session.scalars(
        select(Guide)
        .where(Guide.requisition_id == requisition_id)
        .options(selectinload(Guide.versions))
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
    """Return what the version says, as the core's guide with one round."""
    if version.published_at is not None:
        return content_of(version.id, version.published_at)
    return GuideContent.model_validate(version.content)
