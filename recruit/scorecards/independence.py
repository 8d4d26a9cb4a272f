"""The rule that keeps ratings independent.

As long as a person sits on a panel for a candidate and has not submitted, nothing that others have
written about that candidate is read for them, whatever their role. Whoever has stepped down from a
panel for the candidate never gets it, and whoever is a candidate in the requisition gets nothing
about anybody there. Who may read at all is told by ``recruit.access``.
``recruit.scorecards.queries`` reads by this rule, and ``recruit.scorecards.actions`` writes by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select, true, union

from recruit.access import applies_for
from recruit.database import db
from recruit.interviews.models import (
    OF_OWN_ACCORD,
    Interview,
    InterviewState,
    PanelDeparture,
    PanelMember,
)
from recruit.scorecards.models import Scorecard, Submission
from recruit.scorecards.states import ScorecardState

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, CompoundSelect
    from sqlalchemy.orm import InstrumentedAttribute


class MustSubmitFirst(ValueError):
    """Others' ratings of the candidate are withheld from the person."""


def withheld_candidates(reader_id: int, requisition_id: int) -> frozenset[int]:
    """Return the candidates about whom the reader must not see what others wrote."""
    return frozenset(
        db.session.scalars(
            _withheld(reader_id, Interview.candidate_id, Interview.requisition_id == requisition_id)
        )
    )


def withheld_requisitions(reader_id: int) -> frozenset[int]:
    """Return the requisitions in which something that others wrote is withheld from the reader."""
    return frozenset(db.session.scalars(_withheld(reader_id, Interview.requisition_id, true())))


def open_candidates(
    reader_id: int, requisition_id: int, about: Collection[int] | None = None
) -> frozenset[int]:
    """Return the candidates about whom others have submitted what the reader may see now.

    Those of the requisition as they are compared, without cancelled interviews; or, of the
    candidates ``about`` only, whatever is there.
    """
    here = Interview.requisition_id == requisition_id
    shown = (
        Interview.state != InterviewState.CANCELLED
        if about is None
        else Interview.candidate_id.in_(about)
    )
    return frozenset(
        db.session.scalars(
            select(Interview.candidate_id)
            .join(Scorecard, Scorecard.interview_id == Interview.id)
            .join(Submission, Submission.scorecard_id == Scorecard.id)
            .where(
                here,
                shown,
                Scorecard.user_id != reader_id,
                Interview.candidate_id.not_in(_withheld(reader_id, Interview.candidate_id, here)),
            )
            .distinct()
        )
    )


def _withheld(
    reader_id: int, column: InstrumentedAttribute[int], where: ColumnElement[bool]
) -> CompoundSelect[int]:
    submitted = exists().where(
        Scorecard.interview_id == Interview.id,
        Scorecard.user_id == reader_id,
        Scorecard.state == ScorecardState.SUBMITTED,
    )
    to_rate = (
        select(column)
        .join(PanelMember, PanelMember.interview_id == Interview.id)
        .where(
            where,
            Interview.state != InterviewState.CANCELLED,
            PanelMember.user_id == reader_id,
            ~submitted,
        )
    )
    left = (
        select(column)
        .join(PanelDeparture, PanelDeparture.interview_id == Interview.id)
        .where(
            where,
            PanelDeparture.user_id == reader_id,
            PanelDeparture.kind.in_(OF_OWN_ACCORD),
        )
    )
    competing = select(column).where(where, applies_for(reader_id, Interview.requisition_id))
    return union(to_rate, left, competing)


def check_may_read(reader_id: int, interview: Interview) -> None:
    """Raise MustSubmitFirst when others' ratings of the candidate are withheld from the reader."""
    if interview.candidate_id in withheld_candidates(reader_id, interview.requisition_id):
        raise MustSubmitFirst(interview.id)


def others_were_open(user_id: int, candidate_id: int, since: datetime, until: datetime) -> bool:
    """Tell whether others' ratings of the candidate could be read by the person in that time.

    ``since`` is when the person submitted, ``until`` when that was reopened.
    """
    theirs = exists().where(
        Submission.scorecard_id == Scorecard.id,
        Scorecard.interview_id == Interview.id,
        Interview.candidate_id == candidate_id,
        Scorecard.user_id != user_id,
        Submission.submitted_at < until,
    )
    own_submission = exists().where(
        Submission.scorecard_id == Scorecard.id,
        Scorecard.interview_id == Interview.id,
        Scorecard.user_id == user_id,
        Submission.submitted_at < until,
    )
    still_to_rate = exists().where(
        Interview.candidate_id == candidate_id,
        Interview.state != InterviewState.CANCELLED,
        PanelMember.interview_id == Interview.id,
        PanelMember.user_id == user_id,
        PanelMember.joined_at <= since,
        ~own_submission,
    )
    had_left = exists().where(
        Interview.candidate_id == candidate_id,
        PanelDeparture.interview_id == Interview.id,
        PanelDeparture.user_id == user_id,
        PanelDeparture.kind.in_(OF_OWN_ACCORD),
        PanelDeparture.left_at <= since,
    )
    return bool(db.session.scalar(select(theirs & ~or_(still_to_rate, had_left))))
