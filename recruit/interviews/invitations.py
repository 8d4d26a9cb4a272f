"""Invitation mails to a panel, with a calendar entry that updates and cancels."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from recruit.accounts.invitations import external_url
from recruit.database import now
from recruit.interviews.models import InterviewState
from recruit.mail.letters import Letter, send

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recruit.accounts.models import User
    from recruit.interviews.models import Interview, PanelDeparture


def calendar_entry(interview: Interview, language: str, *, cancelled: bool) -> bytes:
    """Return the interview as an iCalendar object that asks for the time or gives it back."""
    with force_locale(language):
        summary = _(
            "Interview: %(candidate)s, %(round)s",
            candidate=interview.candidate.name,
            round=interview.guide_version.guide.name,
        )
    starts = interview.starts_at.astimezone(ZoneInfo(interview.timezone))
    event = Event()
    event.add("uid", interview.uid)
    event.add("sequence", interview.sequence)
    event.add("dtstamp", now())
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(minutes=interview.minutes))
    event.add("summary", summary)
    event.add("location", interview.place)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("organizer", vCalAddress(f"mailto:{current_app.config['MAIL_DEFAULT_SENDER']}"))
    for member in interview.panel:
        attendee = vCalAddress(f"mailto:{member.user.email}")
        attendee.params["CN"] = vText(member.user.name)
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        event.add("attendee", attendee, encode=False)
    calendar = Calendar()
    calendar.add("prodid", "-//Recruit//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def mail_panel(interview: Interview) -> int:
    """Mail everybody on the panel; return how many mails did not go."""
    cancelled = interview.state == InterviewState.CANCELLED
    template = "interview_cancelled" if cancelled else "interview_invitation"
    return sum(
        not _mail(interview, member.user, template, cancelled=cancelled)
        for member in interview.panel
    )


def mail_new_member(interview: Interview, user: User) -> bool:
    """Invite somebody who has taken a seat. Return whether the mail went."""
    return _mail(interview, user, "interview_invitation", cancelled=False)


def mail_departures(departures: Sequence[PanelDeparture]) -> bool:
    """Give the time back to whoever left, and tell the recruiter who has a seat to fill.

    Return whether the recruiter's mail went.
    """
    for departure in departures:
        _mail(departure.interview, departure.user, "interview_left", cancelled=True)
    first = departures[0]
    recruiter = first.interview.candidate.requisition.created_by
    return send(
        Letter(
            to=recruiter.email,
            language=recruiter.language,
            template="panel_departure",
            values={
                "name": recruiter.name,
                "who": first.user.name,
                "candidate": first.interview.candidate.name,
                "kind": first.kind,
                "rounds": [d.interview.guide_version.guide.name for d in departures],
                "url": external_url(
                    "panels.show",
                    requisition_id=first.interview.requisition_id,
                    interview_id=first.interview_id,
                ),
            },
        )
    )


def _mail(interview: Interview, user: User, template: str, *, cancelled: bool) -> bool:
    return send(
        Letter(
            to=user.email,
            language=user.language,
            template=template,
            values={
                "name": user.name,
                "candidate": interview.candidate.name,
                "round": interview.guide_version.guide.name,
                "starts_at": interview.starts_at.astimezone(ZoneInfo(interview.timezone)),
                "timezone": interview.timezone,
                "minutes": interview.minutes,
                "place": interview.place,
                "url": external_url(
                    "scorecards.fill",
                    requisition_id=interview.requisition_id,
                    interview_id=interview.id,
                ),
            },
            calendar=calendar_entry(interview, user.language, cancelled=cancelled),
            calendar_method="CANCEL" if cancelled else "REQUEST",
        )
    )
