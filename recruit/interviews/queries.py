"""Reads of interviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from recruit.database import db
from recruit.guides.models import GuideVersion
from recruit.guides.queries import content_of
from recruit.interviews.models import Interview, InterviewState, PanelDeparture, PanelMember

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recruit.accounts.models import User
    from recruit.core.guide import Guide

_WHOLE = (
    joinedload(Interview.candidate),
    joinedload(Interview.guide_version).joinedload(GuideVersion.guide),
    selectinload(Interview.panel).joinedload(PanelMember.user),
)


def interviews(requisition_id: int, *, reader_id: int | None = None) -> Sequence[Interview]:
    """Return the interviews of a requisition with candidate, round and panel, by time.

    Those whose panel ``reader_id`` has left are not among them.
    """
    left = select(PanelDeparture.interview_id).where(PanelDeparture.user_id == reader_id)
    return db.session.scalars(
        select(Interview)
        .where(Interview.requisition_id == requisition_id, Interview.id.not_in(left))
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


def guide_of(requisition_id: int, interview_id: int) -> Guide:
    """Return what an interview asks. Raises a 404 error when it is not the requisition's."""
    version = db.session.execute(
        select(GuideVersion.id, GuideVersion.published_at)
        .join(Interview, Interview.guide_version_id == GuideVersion.id)
        .where(Interview.id == interview_id, Interview.requisition_id == requisition_id)
    ).one_or_none()
    if version is None:
        abort(404)
    return content_of(*version)


def interviews_of(user_id: int) -> Sequence[Interview]:
    """Return the interviews, not cancelled, on whose panel the person sits, by time."""
    return db.session.scalars(
        select(Interview)
        .join(Interview.panel)
        .where(PanelMember.user_id == user_id, Interview.state != InterviewState.CANCELLED)
        .options(*_WHOLE)
        .order_by(Interview.starts_at, Interview.id)
    ).all()


def departures(interview_id: int) -> Sequence[PanelDeparture]:
    """Return who has left the interview's panel, first to last, with who took the seat."""
    return db.session.scalars(
        select(PanelDeparture)
        .where(PanelDeparture.interview_id == interview_id)
        .options(joinedload(PanelDeparture.user), joinedload(PanelDeparture.replaced_by))
        .order_by(PanelDeparture.id)
    ).all()


def replacements(interview: Interview, people: Sequence[User]) -> list[User]:
    """Return those of the people who can take a seat: neither on the panel nor gone from it.

    Whoever has left any panel of the candidate is gone from all of them.
    """
    left = set(
        db.session.scalars(
            select(PanelDeparture.user_id)
            .join(PanelDeparture.interview)
            .where(Interview.candidate_id == interview.candidate_id)
        )
    )
    seated = {member.user_id for member in interview.panel}
    return [user for user in people if user.id not in left | seated]


def vacant_seats() -> Sequence[PanelDeparture]:
    """Return the seats of planned interviews that nobody has taken since they were left."""
    return db.session.scalars(
        select(PanelDeparture)
        .join(PanelDeparture.interview)
        .where(PanelDeparture.replaced_at.is_(None), Interview.state == InterviewState.PLANNED)
        .options(
            joinedload(PanelDeparture.user),
            joinedload(PanelDeparture.interview).joinedload(Interview.candidate),
            joinedload(PanelDeparture.interview)
            .joinedload(Interview.guide_version)
            .joinedload(GuideVersion.guide),
        )
        .order_by(Interview.starts_at, PanelDeparture.id)
    ).all()
