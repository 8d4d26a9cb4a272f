"""Who is to be reminded of what.

Of scorecards only their state is read here, never what they say.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload, selectinload

from recruit.access import takes_part
from recruit.candidates.models import Candidate, CandidateState
from recruit.database import db
from recruit.guides.models import GuideVersion
from recruit.interviews.models import Interview, InterviewState, PanelMember
from recruit.requisitions.models import Requisition, RequisitionState
from recruit.scorecards.models import Scorecard
from recruit.scorecards.states import ScorecardState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select

FORGOTTEN = timedelta(days=30)
"""Ratings that are missing for so long are no longer asked for."""


def interviews_ahead(moment: datetime, ahead: timedelta) -> Sequence[PanelMember]:
    """Return who is on the panel of an interview that begins within the time, by interview."""
    return db.session.scalars(
        _members().where(
            Interview.state == InterviewState.PLANNED,
            Interview.starts_at > moment,
            Interview.starts_at <= moment + ahead,
        )
    ).all()


def ratings_missing(moment: datetime, since: timedelta) -> Sequence[PanelMember]:
    """Return who has not submitted, that long after the end of the interview, by interview."""
    submitted = exists().where(
        Scorecard.interview_id == PanelMember.interview_id,
        Scorecard.user_id == PanelMember.user_id,
        Scorecard.state == ScorecardState.SUBMITTED,
    )
    members = db.session.scalars(
        _members().where(
            Interview.state != InterviewState.CANCELLED,
            Interview.starts_at <= moment - since,
            Interview.starts_at > moment - since - FORGOTTEN,
            ~submitted,
        )
    )
    return [member for member in members if member.interview.ends_at <= moment - since]


def _members() -> Select[PanelMember]:
    return (
        select(PanelMember)
        .join(PanelMember.interview)
        .join(Candidate, Candidate.id == Interview.candidate_id)
        .where(
            Candidate.state == CandidateState.ACTIVE,
            Candidate.requisition.has(Requisition.state == RequisitionState.OPEN),
            PanelMember.user.has(active=True),
            takes_part(PanelMember.user_id, Interview.requisition_id),
        )
        .options(
            joinedload(PanelMember.user),
            joinedload(PanelMember.interview).options(
                joinedload(Interview.candidate).joinedload(Candidate.requisition),
                joinedload(Interview.planned_by),
                joinedload(Interview.guide_version).joinedload(GuideVersion.guide),
                selectinload(Interview.panel).joinedload(PanelMember.user),
            ),
        )
        .order_by(Interview.starts_at, PanelMember.id)
    )
