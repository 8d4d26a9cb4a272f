"""Changing a stored draft in the shortest write transaction there is.

A draft is saved every other second by everybody who interviews, and on SQLite all writers stand in
one queue. So everything is read and compared before the transaction begins; within it, the first
statement holds only as long as nothing has changed since: no version, no lock, no seat and no
cancellation. The rest follows or nothing does.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table, bindparam, exists, insert, update

from recruit.access import takes_part
from recruit.database import db
from recruit.interviews.models import Interview, InterviewState, PanelMember
from recruit.scorecards.entries import entries_of
from recruit.scorecards.models import QuestionNote, Rating, Scorecard
from recruit.scorecards.states import EDITABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import CursorResult
    from sqlalchemy.sql.dml import UpdateBase

    from recruit.scorecards.entries import Entries

CARD = cast("Table", Scorecard.__table__)
RATING = cast("Table", Rating.__table__)
NOTE = cast("Table", QuestionNote.__table__)
SEAT = cast("Table", PanelMember.__table__)
INTERVIEW = cast("Table", Interview.__table__)

# Built once: composing statements takes longer than carrying them out.
TAKE_CARD = update(CARD).where(
    CARD.c.id == bindparam("card"),
    CARD.c.version == bindparam("known_version"),
    CARD.c.state.in_(sorted(EDITABLE)),
    exists().where(SEAT.c.interview_id == CARD.c.interview_id, SEAT.c.user_id == CARD.c.user_id),
    exists().where(
        INTERVIEW.c.id == CARD.c.interview_id,
        INTERVIEW.c.state != InterviewState.CANCELLED,
        takes_part(CARD.c.user_id, INTERVIEW.c.requisition_id),
    ),
)
SET_RATING = update(RATING).where(
    RATING.c.scorecard_id == bindparam("card"), RATING.c.competency == bindparam("key")
)
SET_NOTE = update(NOTE).where(
    NOTE.c.scorecard_id == bindparam("card"), NOTE.c.question == bindparam("key")
)

Step = tuple["UpdateBase", dict[str, Any]]


def changes(scorecard: Scorecard, entries: Entries, **columns: Any) -> list[Step]:
    """Return the statements that turn the stored draft into the entries.

    ``columns`` are the new values of the scorecard's own columns.
    """
    card = {"card": scorecard.id}
    stored = entries_of(scorecard)
    steps: list[Step] = [
        (TAKE_CARD, card | {"known_version": scorecard.version} | columns),
    ]
    for competency, entry in entries.ratings.items():
        if stored.ratings.get(competency) == entry:
            continue
        if competency in stored.ratings:
            steps.append((SET_RATING, card | {"key": competency} | asdict(entry)))
        else:
            known = {"scorecard_id": scorecard.id, "competency": competency}
            steps.append((insert(RATING), known | asdict(entry)))
    for question, text in entries.notes.items():
        if stored.notes.get(question) == text:
            continue
        if question in stored.notes:
            steps.append((SET_NOTE, card | {"key": question, "text": text}))
        else:
            known = {"scorecard_id": scorecard.id, "question": question}
            steps.append((insert(NOTE), known | {"text": text}))
    return steps


def apply(steps: Sequence[Step]) -> bool:
    """Carry out the statements, or none of them when the first no longer holds."""
    (first, values), *rest = steps
    taken = cast("CursorResult[Any]", db.session.execute(first, values))
    if not taken.rowcount:
        return False
    for statement, parameters in rest:
        db.session.execute(statement, parameters)
    return True
