"""Sending letters, in the reader's language, with an optional calendar entry."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from flask import current_app, render_template
from flask_babel import force_locale
from flask_mailman import EmailMessage

log = structlog.get_logger()


@dataclass(frozen=True)
class Letter:
    """A mail to be sent.

    ``template`` is a folder-less name under ``templates/mail/``; its first line is the subject.
    ``calendar`` is an iCalendar object with its method ("REQUEST", "CANCEL"), or None.
    """

    to: str
    language: str
    template: str
    values: dict[str, object]
    calendar: bytes | None = None
    calendar_method: str = "REQUEST"


def send(letter: Letter) -> bool:
    """Send one letter. Return False, and log the fault without the address, if it did not go."""
    with force_locale(letter.language):
        text = render_template(f"mail/{letter.template}.txt", **letter.values)
    subject, _, body = text.partition("\n")
    message = EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=[letter.to])
    if letter.calendar is not None:
        message.attach(
            "interview.ics",
            letter.calendar.decode(),
            f"text/calendar; method={letter.calendar_method}",
        )
    if not current_app.config["MAIL_SERVER"]:
        log.warning("mail.not_configured", template=letter.template)
        return False
    try:
        message.send()
    except OSError as error:
        log.warning("mail.failed", template=letter.template, error=type(error).__name__)
        return False
    log.info("mail.sent", template=letter.template)
    return True
