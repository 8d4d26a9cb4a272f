"""Moments on the clock of a place, where an hour may be missing or come twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

SEARCHED = timedelta(days=400)


class NoSuchTime(ValueError):
    """The clock was put forward past that time."""


class TimeTwice(ValueError):
    """The clock was put back, so that the time comes twice that day."""


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the moment that the clock of the zone shows. Raises NoSuchTime or TimeTwice."""
    first = datetime.combine(day, clock, tzinfo=zone)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != first.replace(tzinfo=None):
        raise NoSuchTime(first)
    if first.utcoffset() != first.replace(fold=1).utcoffset():
        raise TimeTwice(first)
    return first


class Transition(NamedTuple):
    """A change of a zone's clock; ``onset`` is read on the clock as it was before."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str
    daylight: bool


def last_transition(at: datetime, zone: ZoneInfo) -> Transition | None:
    """Return the latest change of the clock at or before a moment.

    None when the clock was not changed in the four hundred days before it.
    """
    late = at.astimezone(UTC).replace(second=0, microsecond=0)
    offset = late.astimezone(zone).utcoffset()
    early = late - SEARCHED
    # From one day to the next first: a halving search over the whole time could miss two changes.
    day = late
    while day > early and (day - timedelta(days=1)).astimezone(zone).utcoffset() == offset:
        day -= timedelta(days=1)
    if day <= early:
        return None
    low, high = day - timedelta(days=1), day
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        middle = middle.replace(second=0, microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    before, after = low.astimezone(zone), high.astimezone(zone)
    old, new = before.utcoffset(), after.utcoffset()
    assert old is not None
    assert new is not None
    return Transition(
        onset=(high + old).replace(tzinfo=None),
        before=old,
        after=new,
        name=after.tzname() or "",
        daylight=bool(after.dst()),
    )
