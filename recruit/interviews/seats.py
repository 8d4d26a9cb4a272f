"""Leaving a seat on a panel: whatever the cause, a record of it stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recruit.database import db
from recruit.interviews.models import DepartureKind, PanelDeparture, PanelMember

if TYPE_CHECKING:
    from collections.abc import Iterable


def vacate(
    seats: Iterable[PanelMember], kind: DepartureKind, *, reason: str = ""
) -> list[PanelDeparture]:
    """Empty the seats, within the caller's transaction, and return a record for each.

    Nobody is told here: the caller knows whom it concerns.
    """
    seats = list(seats)
    departures = [
        PanelDeparture(
            interview=seat.interview, user=seat.user, kind=kind.value, reason=reason.strip()
        )
        for seat in seats
    ]
    interviews = {seat.interview for seat in seats}
    for seat in seats:
        db.session.delete(seat)
    db.session.add_all(departures)
    db.session.flush()
    for interview in interviews:
        db.session.expire(interview, ["panel"])
    return departures
