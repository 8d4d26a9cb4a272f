"""The clock of a place: missing and repeated hours, and when the clock was last changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recruit.core.moments import NoSuchTime, TimeTwice, last_transition, moment

STOCKHOLM = ZoneInfo("Europe/Stockholm")
ZONES = ["Europe/Stockholm", "Europe/London", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]


@pytest.mark.parametrize("clock", [time(2, 0), time(2, 30), time(2, 59)])
def test_the_hour_that_is_skipped(clock):
    with pytest.raises(NoSuchTime):
        moment(date(2027, 3, 28), clock, STOCKHOLM)


@pytest.mark.parametrize("clock", [time(2, 0), time(2, 30), time(2, 59)])
def test_the_hour_that_comes_twice(clock):
    with pytest.raises(TimeTwice):
        moment(date(2027, 10, 31), clock, STOCKHOLM)


def test_the_hours_around_a_change_are_sure():
    assert moment(date(2027, 3, 28), time(1, 59), STOCKHOLM).astimezone(UTC).hour == 0
    assert moment(date(2027, 3, 28), time(3, 0), STOCKHOLM).astimezone(UTC).hour == 1
    assert moment(date(2027, 10, 31), time(3, 0), STOCKHOLM).astimezone(UTC).hour == 2


def test_the_spring_change_in_stockholm():
    found = last_transition(datetime(2027, 6, 1, tzinfo=UTC), STOCKHOLM)
    assert found is not None
    # On the clock as it was: at two, not at three.
    assert found.onset == datetime(2027, 3, 28, 2, 0)  # noqa: DTZ001 - local by definition
    assert (found.before, found.after) == (timedelta(hours=1), timedelta(hours=2))
    assert (found.name, found.daylight) == ("CEST", True)


def test_a_zone_that_never_changes_has_no_change():
    assert last_transition(datetime(2027, 6, 1, tzinfo=UTC), ZoneInfo("Asia/Kolkata")) is None


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001 - made aware below
    st.sampled_from(ZONES),
)
def test_between_a_change_and_the_moment_the_clock_is_steady(naive, name):
    zone = ZoneInfo(name)
    at = naive.replace(tzinfo=UTC)
    found = last_transition(at, zone)
    if found is None:
        assert (
            at.astimezone(zone).utcoffset()
            == (at - timedelta(days=300)).astimezone(zone).utcoffset()
        )
        return
    change = (found.onset - found.before).replace(tzinfo=UTC)
    assert change <= at
    assert (change - timedelta(minutes=1)).astimezone(zone).utcoffset() == found.before
    assert change.astimezone(zone).utcoffset() == found.after
    assert at.astimezone(zone).utcoffset() == found.after
