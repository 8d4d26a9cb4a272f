"""Reads of interviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from recruit.database import db
from recruit.guides.models import GuideVersion
from recruit.interviews.models import Interview, InterviewState, PanelMember

if TYPE_CHECKING:
    from collections.abc import Sequence

_WHOLE = (
    joinedload(Interview.candidate),
    joinedload(Interview.guide_version).joinedload(GuideVersion.guide),
    selectinload(Interview.panel).joinedload(PanelMember.user),
)


def interviews(requisition_id: int) -> Sequence[Interview]:
    """Return the interviews of a requisition with candidate, round and panel, by time."""
    return db.session.scalars(
        select(Interview)
        .where(Interview.requisition_id == requisition_id)
        .options(*_WHOLE)
        .order_by(Interview.starts_at, Interview.id)
    ).all()


def interview(requisition_id: int, interview_id: int) -> Interview:
    """Return one interview. Raises a 404 error when it is not the requisition's."""
    found = db.session.scalar(
        select(Interview)
        .where(Interview.id == interview_id, Interview.requisition_id == requisition_id)
        .options(*_WHOLE)
    )
    if found is None:
        abort(404)
    return found


def interviews_of(user_id: int) -> Sequence[Interview]:
    """Return the interviews, not cancelled, on whose panel the person sits, by time."""
    return db.session.scalars(
        select(Interview)
        .join(Interview.panel)
        .where(PanelMember.user_id == user_id, Interview.state != InterviewState.CANCELLED)
        .options(*_WHOLE)
        .order_by(Interview.starts_at, Interview.id)
    ).all()
