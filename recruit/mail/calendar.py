"""Calendar entries that calendar programs add, update and cancel (RFC 5545, RFC 5546)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vText,
)

from recruit.core.moments import Transition, last_transition
from recruit.core.text import one_line
from recruit.database import now
from recruit.mail.letters import CalendarEntry

PRODUCT = "-//Recruit//Recruit//EN"


@dataclass(frozen=True)
class Appointment:
    """What a calendar entry says.

    ``uid`` names it for ever; ``sequence`` counts its changes. ``organizer`` and ``attendees`` are
    (name, address). A cancelled appointment is taken out of the attendees' calendars.
    """

    uid: str
    sequence: int
    starts_at: datetime
    timezone: str
    minutes: int
    summary: str
    place: str
    description: str
    url: str
    organizer: tuple[str, str]
    attendees: tuple[tuple[str, str], ...]
    cancelled: bool


def calendar_entry(appointment: Appointment) -> CalendarEntry:
    """Return the appointment as an iCalendar object: a request, or a cancellation."""
    method = "CANCEL" if appointment.cancelled else "REQUEST"
    zone = ZoneInfo(appointment.timezone)
    starts = appointment.starts_at.astimezone(UTC if appointment.timezone == "UTC" else zone)
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", now())
    event.add("dtstart", starts)
    # By way of UTC: the clock may be changed during the interview.
    ends = starts.astimezone(UTC) + timedelta(minutes=appointment.minutes)
    event.add("dtend", ends.astimezone(starts.tzinfo))
    event.add("summary", one_line(appointment.summary))
    if appointment.place:
        event.add("location", one_line(appointment.place))
    if appointment.description:
        event.add("description", appointment.description)
    if appointment.url:
        event.add("url", appointment.url)
    event.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if appointment.cancelled else "OPAQUE")
    event.add("organizer", _person(*appointment.organizer), encode=False)
    for name, address in appointment.attendees:
        attendee = _person(name, address)
        attendee.params["CUTYPE"] = vText("INDIVIDUAL")
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        # Answers would reach a mailbox that nobody reads; the mail says whom to write to.
        attendee.params["RSVP"] = vText("FALSE")
        event.add("attendee", attendee, encode=False)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if appointment.timezone != "UTC":
        calendar.add_component(_timezone(appointment.timezone, starts))
    calendar.add_component(event)
    return CalendarEntry(calendar.to_ical().decode(), method, appointment.sequence)


def _person(name: str, address: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{one_line(address)}")
    # A quotation mark would need RFC 6868, which few calendar programs read.
    if label := one_line(name).replace('"', "'"):
        person.params["CN"] = vText(label)
    return person


def _timezone(name: str, starts: datetime) -> Timezone:
    """Return the time zone with the two latest changes of its clock before the appointment.

    The library's own reaches back to 1970, and has every spring's change an hour late.
    """
    zone = ZoneInfo(name)
    timezone = Timezone()
    timezone.add("tzid", name)
    latest = last_transition(starts, zone)
    if latest is None:
        offset = starts.utcoffset() or timedelta(0)
        onset = datetime(1970, 1, 1)  # noqa: DTZ001 - an onset is local time
        steady = Transition(onset, offset, offset, starts.tzname() or "", daylight=False)
        timezone.add_component(_observance(steady))
        return timezone
    moment = (latest.onset - latest.before).replace(tzinfo=UTC)
    earlier = last_transition(moment - timedelta(minutes=1), zone)
    for transition in (earlier, latest):
        if transition is not None:
            timezone.add_component(_observance(transition))
    return timezone


def _observance(transition: Transition) -> TimezoneDaylight | TimezoneStandard:
    observance = TimezoneDaylight() if transition.daylight else TimezoneStandard()
    observance.add("dtstart", transition.onset)
    observance.add("tzoffsetfrom", transition.before)
    observance.add("tzoffsetto", transition.after)
    observance.add("tzname", transition.name)
    return observance
