"""Letters: what a mail says, in the reader's language, with an optional calendar entry."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from typing import TYPE_CHECKING, NamedTuple

from flask import current_app, render_template
from flask_babel import force_locale

from recruit.core.text import one_line

if TYPE_CHECKING:
    from datetime import datetime


class Text(NamedTuple):
    """Subject and body of a mail."""

    subject: str
    body: str


class CalendarEntry(NamedTuple):
    """An iCalendar object with its method ("REQUEST", "CANCEL") and sequence number."""

    content: str
    method: str
    sequence: int


@dataclass(frozen=True)
class Letter:
    """A mail to be sent; without an address in ``to`` it is sent to nobody.

    ``kind`` is what sort of mail it is; ``about`` and ``recipient`` say what and whom it concerns
    ("interview:3", "user:4"), so that a page can tell how it went. No second letter with the same
    ``key`` is ever sent; without one the letter is its own. After ``lasts_until`` it is not sent.
    """

    to: str
    kind: str
    text: Text
    about: str = ""
    recipient: str = ""
    key: str = ""
    requisition_id: int | None = None
    reply_to: str = ""
    calendar: CalendarEntry | None = None
    lasts_until: datetime | None = None


def sender_address() -> str:
    """Return the address that every mail comes from, without the name that may stand before it."""
    return parseaddr(str(current_app.config["MAIL_DEFAULT_SENDER"]))[1]


def compose(template: str, language: str, **values: object) -> Text:
    """Return the text of ``templates/mail/<template>.txt``, whose first line is the subject."""
    with force_locale(language):
        text = render_template(f"mail/{template}.txt", **values)
    subject, _, body = text.partition("\n")
    return Text(one_line(subject), body.strip() + "\n")
