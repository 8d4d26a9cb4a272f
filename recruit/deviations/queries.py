"""Reads of deviations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from recruit.database import db
from recruit.deviations.models import Deviation
from recruit.scorecards.independence import withheld_candidates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recruit.interviews.models import Interview


def visible_deviations(interview: Interview, reader_id: int) -> Sequence[Deviation]:
    """Return the deviations of an interview that the reader may see, oldest first.

    What others wrote about a candidate whom the reader has yet to rate is left out, as notes are.
    """
    statement = (
        select(Deviation)
        .where(Deviation.interview_id == interview.id)
        .options(joinedload(Deviation.recorded_by))
        .order_by(Deviation.recorded_at, Deviation.id)
    )
    withheld = withheld_candidates(reader_id, interview.requisition_id)
    if interview.candidate_id in withheld:
        statement = statement.where(Deviation.recorded_by_id == reader_id)
    return db.session.scalars(statement).all()
