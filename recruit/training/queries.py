"""Reads of the rater training.

A person's ratings and figures are read for that person alone. What others may read is ``Standing``:
whether what a requisition asks for is done, and when.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from flask import abort
from sqlalchemy import func, select

from recruit.core.leniency import Leniency, leniency
from recruit.database import db
from recruit.training.exercises import Exercise, exercises
from recruit.training.models import CalibrationRating, TrainingRequirement

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime


class Seat(NamedTuple):
    """Somebody who is to rate, for a requisition, what a round asks about."""

    requisition_id: int
    user_id: int
    competencies: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """How far somebody is from what is asked for; ``done_at`` is None until nothing is left."""

    seat: Seat
    left: int
    done_at: datetime | None


@dataclass(frozen=True)
class OwnFigures:
    """What a person's own first ratings show; ``leniency`` is None when they are too few."""

    first: tuple[CalibrationRating, ...]
    repeated: int
    leniency: Leniency | None


def own_ratings(user_id: int) -> Sequence[CalibrationRating]:
    """Return everything the person has rated, first to last."""
    return db.session.scalars(
        select(CalibrationRating)
        .where(CalibrationRating.user_id == user_id)
        .order_by(CalibrationRating.at, CalibrationRating.id)
    ).all()


def own_rating(user_id: int, rating_id: int) -> CalibrationRating:
    """Return one of the person's own ratings. Raises a 404 error when it is not theirs."""
    found = db.session.get(CalibrationRating, rating_id)
    if found is None or found.user_id != user_id:
        abort(404)
    return found


def attempts(user_id: int, exercise: Exercise) -> int:
    """Return how many times the person has rated the exercise's text."""
    return (
        db.session.scalar(
            select(func.count(CalibrationRating.id)).where(
                CalibrationRating.user_id == user_id,
                CalibrationRating.competency == exercise.competency.id,
                CalibrationRating.exercise == exercise.number,
                CalibrationRating.text_hash == exercise.text_hash,
            )
        )
        or 0
    )


def own_figures(user_id: int) -> OwnFigures:
    """Return the person's leniency; the first rating of each text counts."""
    ratings = own_ratings(user_id)
    first = tuple(rating for rating in ratings if not rating.repeated)
    return OwnFigures(
        first, len(ratings) - len(first), leniency([rating.difference for rating in first])
    )


def next_exercise(
    user_id: int, competencies: Collection[str], after: tuple[str, int] | None = None
) -> Exercise | None:
    """Return what the person has yet to rate: of the competencies first, then of all.

    ``after`` names an exercise to go on from, so that one that was passed over comes last.
    """
    done = {(rating.competency, rating.exercise) for rating in own_ratings(user_id)}
    for offered in (exercises(competencies), exercises()):
        left = [item for item in offered if item.key not in done]
        keys = [item.key for item in offered]
        if after in keys:
            place = keys.index(after)
            left.sort(key=lambda item: keys.index(item.key) <= place)
        if left:
            return left[0]
    return None


def requirement(requisition_id: int) -> TrainingRequirement | None:
    """Return what the requisition requires, or None when it requires nothing."""
    return db.session.get(TrainingRequirement, requisition_id)


def requirements(requisition_ids: Collection[int]) -> dict[int, int | None]:
    """Return how many exercises are required, by requisition; None stands for the whole round.

    Requisitions that require nothing are left out.
    """
    rows = db.session.scalars(
        select(TrainingRequirement).where(TrainingRequirement.requisition_id.in_(requisition_ids))
    )
    return {row.requisition_id: row.exercises for row in rows}


def standings(seats: Collection[Seat], required: Mapping[int, int | None]) -> dict[Seat, Standing]:
    """Return how far each is from what ``requirements`` says; ``required`` must name them all."""
    done = _done({seat.user_id for seat in seats})
    return {
        seat: _standing(seat, required[seat.requisition_id], done[seat.user_id]) for seat in seats
    }


def left_of(requisition_id: int, user_id: int, competencies: tuple[str, ...]) -> int:
    """Return how many exercises the requisition requires that the person has yet to do."""
    required = requirements({requisition_id})
    if requisition_id not in required:
        return 0
    seat = Seat(requisition_id, user_id, competencies)
    return standings({seat}, required)[seat].left


def _done(user_ids: set[int]) -> defaultdict[int, dict[tuple[str, int], datetime]]:
    """Return when each person first rated each exercise."""
    rows = db.session.execute(
        select(
            CalibrationRating.user_id,
            CalibrationRating.competency,
            CalibrationRating.exercise,
            func.min(CalibrationRating.at).label("at"),
        )
        .where(CalibrationRating.user_id.in_(user_ids))
        .group_by(
            CalibrationRating.user_id, CalibrationRating.competency, CalibrationRating.exercise
        )
    )
    done: defaultdict[int, dict[tuple[str, int], datetime]] = defaultdict(dict)
    for row in rows:
        done[row.user_id][row.competency, row.exercise] = row.at
    return done


def _standing(seat: Seat, wanted: int | None, done: dict[tuple[str, int], datetime]) -> Standing:
    offered = {item.key for item in exercises(seat.competencies if wanted is None else None)}
    times = sorted(at for key, at in done.items() if key in offered)
    needed = len(offered) if wanted is None else min(wanted, len(offered))
    if len(times) < needed:
        return Standing(seat, needed - len(times), None)
    return Standing(seat, 0, times[needed - 1] if needed else None)
