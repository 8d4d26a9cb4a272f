"""Writes of deviations: one verb, one transaction, one audit event."""

from __future__ import annotations

from recruit.audit.actions import record
from recruit.database import db, write
from recruit.deviations.models import Deviation
from recruit.interviews.models import Interview, InterviewState
from recruit.scorecards.actions import InterviewIsCancelled


def note(interview_id: int, *, question: str, what: str, reason: str, actor_id: int) -> Deviation:
    """Note what was done otherwise than the guide says. Raises InterviewIsCancelled."""
    with write():
        interview = db.session.get_one(Interview, interview_id)
        if interview.state == InterviewState.CANCELLED:
            raise InterviewIsCancelled(interview_id)
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
