"""What a planner should know before saving; none of it stops the one who has read it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recruit.database import now
from recruit.interviews import queries
from recruit.interviews.clashes import Clash, Planned, clashes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recruit.interviews.models import Interview


@dataclass(frozen=True)
class Cautions:
    """Clashes, candidates who have an interview in the round already, and times that are over."""

    clashes: tuple[Clash, ...]
    doubles: tuple[Interview, ...]
    past: int

    def __bool__(self) -> bool:
        """Tell whether there is anything to know."""
        return bool(self.clashes or self.doubles or self.past)

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
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    def accepted(self, answer: str | None) -> bool:
        """Tell whether there is nothing to know or the answer is the mark of these cautions."""
        return not self or answer == self.digest


def cautions(reader: Any, planned: Sequence[Planned], *, guide_id: int | None = None) -> Cautions:
    """Return what the reader should know about interviews about to be planned in a round."""
    doubles: Sequence[Interview] = ()
    if guide_id is not None:
        doubles = queries.in_round(guide_id, [one.candidate_id for one in planned])
    moment = now()
    return Cautions(
        tuple(clashes(reader, planned)),
        tuple(doubles),
        sum(one.ends_at <= moment for one in planned),
    )
