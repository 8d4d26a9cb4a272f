"""Where requisitions stand, and what the next step of each is.

Of scorecards only whether they are submitted is read here, never what they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from recruit.access import takes_part
from recruit.accounts.models import User
from recruit.candidates.models import Candidate, CandidateState
from recruit.database import db, now
from recruit.guides.models import Guide, GuideState, GuideVersion
from recruit.interviews.models import Interview, InterviewState, PanelMember
from recruit.requisitions.models import MemberRole, Membership, RequisitionState
from recruit.scorecards.models import Scorecard
from recruit.scorecards.states import ScorecardState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from recruit.requisitions.models import Requisition


class NextStep(StrEnum):
    """What the recruiter does next in a requisition."""

    GENERATE = "generate"
    PUBLISH = "publish"
    ADD_CANDIDATES = "add_candidates"
    ADD_INTERVIEWERS = "add_interviewers"
    PLAN_INTERVIEWS = "plan_interviews"
    COLLECT_RATINGS = "collect_ratings"
    AWAIT_INTERVIEW = "await_interview"
    COMPARE = "compare"


@dataclass(frozen=True)
class Progress:
    """How far a requisition has come.

    ``interviewers`` are those who can sit on a panel, ``unplanned`` active candidates without an
    interview, ``missing`` the scorecards of past interviews that are not submitted, ``next_at`` the
    next interview's beginning.
    """

    published: int = 0
    drafts: int = 0
    candidates: int = 0
    interviewers: int = 0
    unplanned: int = 0
    missing: int = 0
    next_at: datetime | None = None

    @property
    def next_step(self) -> NextStep:
        """Return the first thing that holds up the rest."""
        if not self.published:
            return NextStep.PUBLISH if self.drafts else NextStep.GENERATE
        if not self.candidates:
            return NextStep.ADD_CANDIDATES
        if not self.interviewers:
            return NextStep.ADD_INTERVIEWERS
        if self.missing:
            return NextStep.COLLECT_RATINGS
        if self.unplanned:
            return NextStep.PLAN_INTERVIEWS
        if self.next_at is not None:
            return NextStep.AWAIT_INTERVIEW
        return NextStep.COMPARE


def progress(requisitions: Sequence[Requisition]) -> Mapping[int, Progress]:
    """Return how far each open requisition has come, by its number."""
    ids = [one.id for one in requisitions if one.state == RequisitionState.OPEN]
    moment = now()
    published = _numbers(_versions(GuideState.PUBLISHED), ids)
    drafts = _numbers(_versions(GuideState.DRAFT), ids)
    candidates = _numbers(_active_candidates(), ids)
    members = _numbers(_open_members(), ids)
    planned = _numbers(_active_candidates().where(_has_interview()), ids)
    missing = _numbers(_missing_scorecards(moment), ids)
    next_at = _numbers(_next_interviews(moment), ids)
    return {
        number: Progress(
            published=published.get(number, 0),
            drafts=drafts.get(number, 0),
            candidates=candidates.get(number, 0),
            interviewers=members.get(number, 0),
            unplanned=candidates.get(number, 0) - planned.get(number, 0),
            missing=missing.get(number, 0),
            next_at=next_at.get(number),
        )
        for number in ids
    }


def managed_by(user_id: int) -> set[int]:
    """Return the requisitions in which the person is the hiring manager."""
    return set(
        db.session.scalars(
            select(Membership.requisition_id).where(
                Membership.user_id == user_id, Membership.role == MemberRole.HIRING_MANAGER
            )
        )
    )


def _numbers(statement: Select[int, Any], ids: Sequence[int]) -> dict[int, Any]:
    """Return one value per requisition; the statement's first column is the requisition."""
    requisition_id = statement.selected_columns[0]
    rows = db.session.execute(statement.where(requisition_id.in_(ids)).group_by(requisition_id))
    return dict(iter(rows))


def _versions(state: GuideState) -> Select[int, Any]:
    return (
        select(Guide.requisition_id, func.count(GuideVersion.id))
        .join(GuideVersion.guide)
        .where(GuideVersion.state == state)
    )


def _open_members() -> Select[int, Any]:
    return (
        select(Membership.requisition_id, func.count(Membership.id))
        .join(Membership.user)
        .where(User.active)
    )


def _active_candidates() -> Select[int, Any]:
    return select(Candidate.requisition_id, func.count(Candidate.id)).where(
        Candidate.state == CandidateState.ACTIVE
    )


def _has_interview() -> Any:
    return (
        select(Interview.id)
        .where(Interview.candidate_id == Candidate.id, Interview.state != InterviewState.CANCELLED)
        .exists()
    )


def _missing_scorecards(moment: datetime) -> Select[int, Any]:
    submitted = and_(
        Scorecard.interview_id == PanelMember.interview_id,
        Scorecard.user_id == PanelMember.user_id,
        Scorecard.state == ScorecardState.SUBMITTED,
    )
    return (
        select(Interview.requisition_id, func.count(PanelMember.id))
        .join(PanelMember.interview)
        .join(Candidate, Candidate.id == Interview.candidate_id)
        .where(
            Interview.state != InterviewState.CANCELLED,
            Interview.starts_at <= moment,
            Candidate.state == CandidateState.ACTIVE,
            takes_part(PanelMember.user_id, Interview.requisition_id),
            ~select(Scorecard.id).where(submitted).exists(),
        )
    )


def _next_interviews(moment: datetime) -> Select[int, Any]:
    return select(Interview.requisition_id, func.min(Interview.starts_at)).where(
        Interview.state == InterviewState.PLANNED, Interview.starts_at > moment
    )
