"""What fixed values are called, in the reader's language, and how pages write moments and sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask_babel import format_datetime, format_decimal
from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask
    from flask_babel.speaklater import LazyString

ROLES: dict[str, LazyString] = {
    "administrator": _l("Administrator"),
    "recruiter": _l("Recruiter"),
    "hiring_manager": _l("Hiring manager"),
    "interviewer": _l("Interviewer"),
}
KINDS: dict[str, LazyString] = {
    "past_behaviour": _l("Past behaviour"),
    "situational": _l("Situational"),
    "case": _l("Case"),
    "reflection": _l("Reflection"),
}
LEVELS: dict[str, LazyString] = {
    "any": _l("All levels"),
    "first_line": _l("First-line manager"),
    "manager_of_managers": _l("Manager of managers"),
    "executive": _l("Executive"),
    "project_lead": _l("Project lead"),
}
SECTORS: dict[str, LazyString] = {
    "any": _l("All sectors"),
    "public": _l("Public sector"),
    "private": _l("Private sector"),
    "nonprofit": _l("Non-profit sector"),
}
PRINCIPLES: dict[str, LazyString] = {
    "trust": _l("Trust"),
    "citizen-focus": _l("Citizen focus"),
    "whole-system-view": _l("Whole-system view"),
    "room-for-action": _l("Room for action"),
    "support": _l("Support"),
    "knowledge": _l("Knowledge"),
    "openness": _l("Openness"),
}
EVIDENCE_LEVELS: dict[str, LazyString] = {
    "talk": _l("Talk"),
    "example": _l("Example"),
    "pattern": _l("Pattern"),
}
RECOMMENDATIONS: dict[str, LazyString] = {
    "yes": _l("Yes"),
    "yes_with_doubts": _l("Yes, with doubts"),
    "no": _l("No"),
}
OUTCOMES: dict[str, LazyString] = {
    "offered": _l("Offered the job"),
    "reserve": _l("In reserve"),
    "declined": _l("Not offered"),
}
DEPARTURES: dict[str, LazyString] = {
    "conflict": _l("conflict of interest"),
    "stepped_down": _l("stepped down"),
    "changed": _l("the panel was changed"),
    "removed": _l("no longer takes part in the requisition"),
}
MAIL_FAULTS: dict[str, LazyString] = {
    "": _l("not yet tried"),
    "not_configured": _l("no mail server is set up"),
    "unreachable": _l("the mail server does not answer"),
    "certificate": _l("the mail server's certificate cannot be trusted"),
    "password": _l("the mail server does not accept the password"),
    "deferred": _l("the mail server asks to try later"),
    "refused": _l("the mail server refuses the address"),
    "address": _l("the address cannot be used"),
}


def clock_at(moment: datetime, timezone: str, pattern: str = "HH:mm") -> str:
    """Return a moment as the clock of the zone shows it."""
    return str(format_datetime(moment.astimezone(ZoneInfo(timezone)), pattern, rebase=False))


def file_size(size: int) -> str:
    """Return a number of bytes in kilobytes or megabytes."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} kB"
    return f"{format_decimal(round(size / 1024 / 1024, 1))} MB"


def local_time(interview: Any) -> str:
    """Return when an interview begins, on the clock of the place where it is held."""
    return clock_at(interview.starts_at, interview.timezone, "EEE d MMM y HH:mm")


def register(app: Flask) -> None:
    """Give the pages their filters."""
    app.jinja_env.filters.update(
        role_label=ROLES.__getitem__,
        kind_label=KINDS.__getitem__,
        level_label=LEVELS.__getitem__,
        sector_label=SECTORS.__getitem__,
        principle_label=PRINCIPLES.__getitem__,
        evidence_label=EVIDENCE_LEVELS.__getitem__,
        recommendation_label=RECOMMENDATIONS.__getitem__,
        departure_label=DEPARTURES.__getitem__,
        outcome_label=OUTCOMES.__getitem__,
        mail_fault_label=MAIL_FAULTS.__getitem__,
        local_time=local_time,
        clock_at=clock_at,
        file_size=file_size,
    )
