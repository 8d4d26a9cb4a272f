"""Writes of the rater training: one verb, one transaction, one audit event.

The trail tells that somebody rated an exercise, never how: their figures are theirs alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from recruit.accounts.models import User
from recruit.audit.actions import record
from recruit.database import db, write
from recruit.requisitions.models import Work
from recruit.requisitions.work import locked_for
from recruit.training import queries
from recruit.training.models import CalibrationRating, TrainingRequirement

if TYPE_CHECKING:
    from recruit.training.exercises import Exercise


class TrainingIsLeft(ValueError):
    """The requisition requires exercises that the person has yet to do.

    ``competencies`` are those of their round, ``left`` is how many exercises remain.
    """

    def __init__(self, competencies: tuple[str, ...], left: int) -> None:
        super().__init__(f"{left} exercises left")
        self.competencies = competencies
        self.left = left


def rate(user_id: int, exercise: Exercise, *, rating: int, why: str, seen: int) -> int:
    """Store how the person rated the exercise, and return the rating's number.

    ``seen`` is how many ratings of the text the person had when the page was opened. The same
    rating sent twice from one page is stored once; every other is kept as a new attempt.
    """
    with write():
        # One at a time per person, so that no two ratings are both the first.
        db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
        stored = queries.attempts(user_id, exercise)
        if stored == seen + 1:
            latest = db.session.scalars(
                select(CalibrationRating).where(
                    CalibrationRating.user_id == user_id,
                    CalibrationRating.competency == exercise.competency.id,
                    CalibrationRating.exercise == exercise.number,
                    CalibrationRating.text_hash == exercise.text_hash,
                    CalibrationRating.attempt == stored,
                )
            ).one()
            if (latest.rating, latest.why) == (rating, why):
                return latest.id
        entry = CalibrationRating(
            user_id=user_id,
            competency=exercise.competency.id,
            exercise=exercise.number,
            text_hash=exercise.text_hash,
            attempt=stored + 1,
            rating=rating,
            expert=exercise.content.rating,
            why=why,
        )
        db.session.add(entry)
        record(
            "training.rate",
            actor_id=user_id,
            subject=f"user:{user_id}",
            competency=exercise.competency.id,
            exercise=exercise.number,
            attempt=entry.attempt,
        )
        return entry.id


def require(requisition_id: int, *, exercises: int | None, actor_id: int) -> None:
    """Require so many exercises, or with None all of each interviewer's own round.

    Raises RequisitionHasEnded.
    """
    with write():
        locked_for(requisition_id, Work.RECRUIT)
        found = db.session.get(TrainingRequirement, requisition_id, with_for_update=True)
        if found is None:
            found = TrainingRequirement(requisition_id=requisition_id)
            db.session.add(found)
        found.exercises = exercises
        record(
            "training.require",
            actor_id=actor_id,
            subject=f"requisition:{requisition_id}",
            requisition_id=requisition_id,
            exercises=exercises,
        )


def stop_requiring(requisition_id: int, *, actor_id: int) -> None:
    """Require no training any longer. Raises RequisitionHasEnded."""
    with write():
        locked_for(requisition_id, Work.RECRUIT)
        found = db.session.get(TrainingRequirement, requisition_id, with_for_update=True)
        if found is None:
            return
        db.session.delete(found)
        record(
            "training.stop_requiring",
            actor_id=actor_id,
            subject=f"requisition:{requisition_id}",
            requisition_id=requisition_id,
        )
