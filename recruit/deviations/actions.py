"""Writes of deviations: one verb, one transaction, one audit event."""

from __future__ import annotations

from sqlalchemy import func, select

from recruit.audit.actions import record
from recruit.database import db, write
from recruit.deviations.models import Deviation
from recruit.interviews.models import Interview, InterviewState
from recruit.interviews.queries import requisition_of
from recruit.requisitions.models import Work
from recruit.requisitions.work import locked_for
from recruit.scorecards.actions import InterviewIsCancelled

MOST_OF_ONE_PERSON = 40
"""Deviations of one person in one interview. Others' do not count: their number is withheld."""


class TooManyDeviations(ValueError):
    """The person has noted as many deviations of the interview as there is room for."""


def note(interview_id: int, *, question: str, what: str, reason: str, actor_id: int) -> Deviation:
    """Note what was done otherwise than the guide says.

    Raises InterviewIsCancelled, TooManyDeviations or RequisitionHasEnded.
    """
    with write():
        locked_for(requisition_of(interview_id), Work.CORRECT)
        # Held, so that two that come at once are counted one after the other.
        interview = db.session.get_one(Interview, interview_id, with_for_update=True)
        if interview.state == InterviewState.CANCELLED:
            raise InterviewIsCancelled(interview_id)
        own = select(func.count()).where(
            Deviation.interview_id == interview_id, Deviation.recorded_by_id == actor_id
        )
        if (db.session.scalar(own) or 0) >= MOST_OF_ONE_PERSON:
            raise TooManyDeviations(interview_id)
        deviation = Deviation(
            interview_id=interview_id,
            question=question,
            what=what,
            reason=reason,
            recorded_by_id=actor_id,
        )
        db.session.add(deviation)
        db.session.flush()
        record(
            "deviation.record",
            actor_id=actor_id,
            subject=f"interview:{interview_id}",
            requisition_id=interview.requisition_id,
            deviation=deviation.id,
        )
    return deviation
