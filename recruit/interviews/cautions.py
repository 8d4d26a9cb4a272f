"""What a planner should know before saving; none of it stops the one who has read it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from recruit.accounts.models import User
from recruit.candidates.models import Candidate
from recruit.database import db, now
from recruit.interviews import queries
from recruit.interviews.clashes import Clash, Planned, clashes
from recruit.interviews.readings import readings

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from recruit.interviews.models import Interview


@dataclass(frozen=True)
class Cautions:
    """What stands against interviews as they are planned.

    Clashes; interviews that candidates have in the round already; how many of the times are over;
    and by name each (person, candidate) of whom the person has opened others' ratings.
    """

    clashes: tuple[Clash, ...]
    doubles: tuple[Interview, ...]
    past: int
    readers: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        """Tell whether there is anything to know."""
        return bool(self.clashes or self.doubles or self.past or self.readers)

    @property
    def digest(self) -> str:
        """A short mark of exactly these cautions: accepting others does not accept them."""
        told = [
            *(
                (c.person, c.planned.candidate_id, c.planned.starts_at, c.moment)
                for c in self.clashes
            ),
            *((i.id, i.starts_at) for i in self.doubles),
            self.past,
            *self.readers,
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    def accepted(self, answer: str | None) -> bool:
        """Tell whether there is nothing to know or the answer is the mark of these cautions."""
        return not self or answer == self.digest


def cautions(
    reader: Any,
    requisition_id: int,
    planned: Sequence[Planned],
    *,
    guide_id: int | None = None,
    seated: Collection[int] = (),
) -> Cautions:
    """Return what the reader should know about interviews about to be planned in a round.

    ``seated`` are the people who sit on the panels already.
    """
    doubles: Sequence[Interview] = ()
    if guide_id is not None:
        doubles = queries.in_round(guide_id, [one.candidate_id for one in planned])
    moment = now()
    return Cautions(
        tuple(clashes(reader, planned)),
        tuple(doubles),
        sum(one.ends_at <= moment for one in planned),
        _readers(requisition_id, planned, seated),
    )


def _readers(
    requisition_id: int, planned: Sequence[Planned], seated: Collection[int]
) -> tuple[tuple[str, str], ...]:
    joining = {
        (user_id, one.candidate_id)
        for one in planned
        for user_id in one.panel
        if user_id not in seated
    }
    opened = joining & readings(requisition_id, {user_id for user_id, _ in joining})
    if not opened:
        return ()
    rows = db.session.execute(
        select(User.id, Candidate.id, User.name, Candidate.name)
        .join(Candidate, Candidate.requisition_id == requisition_id)
        .where(User.id.in_({user_id for user_id, _ in opened}))
        .order_by(Candidate.name, User.name)
    )
    return tuple(
        (person, candidate)
        for user_id, candidate_id, person, candidate in rows
        if (user_id, candidate_id) in opened
    )
