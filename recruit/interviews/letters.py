"""Letters about an interview: to its panel and, if the recruiter chooses, to the candidate."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from recruit.accounts.queries import in_charge
from recruit.addresses import external_url
from recruit.mail.calendar import Appointment, calendar_entry
from recruit.mail.letters import Letter, compose, sender_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from recruit.accounts.models import User
    from recruit.interviews.models import Interview, PanelDeparture


INVITATIONS = frozenset(
    {
        "interview_invitation",
        "interview_changed",
        "candidate_invitation",
        "candidate_changed",
        "reminder_interview",
        "reminder_overdue",
    }
)
"""Mails that ask somebody to come, or to rate."""


def about(interview_id: int) -> str:
    """Return how mails name an interview."""
    return f"interview:{interview_id}"


def panel_letter(interview: Interview, user: User, kind: str) -> Letter:
    """Return the letter to one of the panel.

    ``kind`` is "interview_invitation", "interview_changed", "interview_cancelled", or
    "interview_left" for somebody who is no longer on the panel.
    """
    leaving = kind in {"interview_cancelled", "interview_left"}
    url = _scorecard(interview)
    with force_locale(user.language):
        summary = _(
            "Interview: %(candidate)s, %(round)s",
            candidate=interview.candidate.name,
            round=interview.guide_version.guide.name,
        )
        guide = "" if leaving else _("Guide and scorecard: %(url)s", url=url)
    description = "\n".join(filter(None, (interview.candidate.requisition.post, guide)))
    people = [user] if leaving else [member.user for member in interview.panel]
    return Letter(
        to=user.address,
        kind=kind,
        text=compose(
            kind,
            user.language,
            name=user.name,
            url=url,
            **_facts(interview),
        ),
        calendar=calendar_entry(
            Appointment(
                uid=interview.uid,
                summary=summary,
                description=description,
                url="" if leaving else url,
                attendees=_named(people),
                cancelled=leaving,
                **_occasion(interview),
            )
        ),
        **_address(interview, user.recipient),
    )


def candidate_letter(interview: Interview, kind: str) -> Letter:
    """Return the letter to the candidate, in the requisition's language; it holds no question.

    ``kind`` is "candidate_invitation", "candidate_changed" or "candidate_cancelled".
    """
    candidate = interview.candidate
    requisition = candidate.requisition
    organisation = current_app.config["RECRUIT_ORGANISATION"]
    cancelled = kind == "candidate_cancelled"
    with force_locale(requisition.language):
        summary = _(
            "Interview: %(title)s, %(organisation)s",
            title=requisition.title,
            organisation=organisation,
        )
    contact = contact_of(interview)
    return Letter(
        to=candidate.email,
        kind=kind,
        text=compose(
            kind,
            requisition.language,
            name=candidate.name,
            requisition_id=requisition.id,
            message=interview.message,
            contact=f"{contact.name}, {contact.email}" if contact else "",
            **_facts(interview),
        ),
        calendar=calendar_entry(
            Appointment(
                # Another entry than the panel's: an internal candidate may see both calendars.
                uid=f"candidate-{interview.uid}",
                summary=summary,
                description=requisition.post,
                url="",
                attendees=((candidate.name, candidate.email),),
                cancelled=cancelled,
                **_occasion(interview),
            )
        ),
        **_address(interview, f"candidate:{candidate.id}"),
    )


def in_charge_of(interview: Interview) -> Sequence[User]:
    """Return who sees to the interview: who planned it, or else who made the requisition.

    Where both accounts are closed, every recruiter; nobody when there is none.
    """
    return in_charge(interview.planned_by, interview.candidate.requisition.created_by)


def contact_of(interview: Interview) -> User | None:
    """Return to whom the candidate and the panel write, or None when nobody is there."""
    return next(iter(in_charge_of(interview)), None)


def departure_letter(departures: Sequence[PanelDeparture], recruiter: User) -> Letter:
    """Return the letter that tells a recruiter that somebody has left a panel.

    ``departures`` are one person's from panels of one candidate, the first of them chosen by the
    person.
    """
    first = departures[0]
    interview = first.interview
    return Letter(
        to=recruiter.address,
        kind="panel_departure",
        text=compose(
            "panel_departure",
            recruiter.language,
            name=recruiter.name,
            who=first.user.name,
            post=interview.candidate.requisition.post,
            candidate=interview.candidate.name,
            kind=first.kind,
            rounds=[departure.interview.guide_version.guide.name for departure in departures],
            url=external_url(
                "panels.show",
                requisition_id=interview.requisition_id,
                interview_id=interview.id,
            ),
        ),
        about=about(interview.id),
        recipient=recruiter.recipient,
        key=f"departure:{first.id}:{recruiter.recipient}",
        requisition_id=interview.requisition_id,
    )


def reminder(interview: Interview, user: User) -> Letter:
    """Return the reminder that an interview comes; moved, it comes anew."""
    return _reminder(
        interview,
        user,
        kind="reminder_interview",
        key=f"at:{int(interview.starts_at.timestamp())}",
        lasts_until=interview.starts_at,
    )


def overdue_reminder(interview: Interview, user: User, number: int, moment: datetime) -> Letter:
    """Return the ``number``-th reminder that ratings are missing."""
    return _reminder(
        interview,
        user,
        kind="reminder_overdue",
        key=f"overdue:{number}",
        lasts_until=moment + timedelta(days=1),
    )


def _reminder(
    interview: Interview, user: User, *, kind: str, key: str, lasts_until: datetime
) -> Letter:
    url = _scorecard(interview)
    return Letter(
        to=user.address,
        kind=kind,
        text=compose(
            kind,
            user.language,
            name=user.name,
            url=url,
            **_facts(interview),
        ),
        lasts_until=lasts_until,
        **(
            _address(interview, user.recipient)
            | {"key": f"{about(interview.id)}:{user.recipient}:{key}"}
        ),
    )


def _scorecard(interview: Interview) -> str:
    return external_url(
        "scorecards.fill", requisition_id=interview.requisition_id, interview_id=interview.id
    )


def _facts(interview: Interview) -> dict[str, Any]:
    return {
        "panel": [member.user.name for member in interview.panel],
        "title": interview.candidate.requisition.title,
        "unit": interview.candidate.requisition.unit,
        "candidate": interview.candidate.name,
        "round": interview.guide_version.guide.name,
        "starts_at": interview.starts_at.astimezone(ZoneInfo(interview.timezone)),
        "timezone": interview.timezone,
        "minutes": interview.minutes,
        "place": interview.place,
    }


def _occasion(interview: Interview) -> dict[str, Any]:
    return {
        "sequence": interview.sequence,
        "starts_at": interview.starts_at,
        "timezone": interview.timezone,
        "minutes": interview.minutes,
        "place": interview.place,
        "organizer": (
            current_app.config["RECRUIT_ORGANISATION"],
            sender_address(),
        ),
    }


def _address(interview: Interview, recipient: str) -> dict[str, Any]:
    subject = about(interview.id)
    contact = contact_of(interview)
    return {
        "about": subject,
        "recipient": recipient,
        "key": f"{subject}:{recipient}:{interview.sequence}",
        "requisition_id": interview.requisition_id,
        "reply_to": contact.email if contact else "",
    }


def _named(people: Iterable[User]) -> tuple[tuple[str, str], ...]:
    return tuple((person.name, person.email) for person in people)
