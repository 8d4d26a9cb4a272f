"""Handing one mail to the SMTP server."""

from __future__ import annotations

import re
import smtplib
import ssl
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_mailman import EmailMultiAlternatives
from flask_mailman.backends.smtp import EmailBackend

from recruit.mail.letters import sender_address

if TYPE_CHECKING:
    from collections.abc import Mapping

PERMANENT = 500
CLOSING = 421


class CheckingSMTP(smtplib.SMTP):
    """Encrypts only towards a server whose certificate can be trusted, which Python leaves out."""

    def starttls(self, *given: Any, **named: Any) -> Any:
        """Encrypt. Raises SSLCertVerificationError."""
        named["context"] = named.get("context") or ssl.create_default_context()
        return super().starttls(*given, **named)


class _Backend(EmailBackend):
    connection_class = CheckingSMTP


class Undeliverable(Exception):
    """The mail will never go as it is; the text is a code for the reason."""


class Refused(Exception):
    """The server does not take this mail now, but may later."""


class ServerTrouble(Exception):
    """There is no talking to the server; the text is a code for the reason."""


def transmit(address: str, message: Mapping[str, str], *, key: str) -> None:
    """Send one mail, whose Message-ID is made of its key.

    Raises Undeliverable, Refused or ServerTrouble.
    """
    if not current_app.config["MAIL_SERVER"]:
        raise Undeliverable("not_configured")
    domain = sender_address().rpartition("@")[2]
    mail = EmailMultiAlternatives(
        subject=message["subject"],
        body=message["body"],
        to=[address],
        reply_to=[message["reply_to"]] if message["reply_to"] else None,
        headers={
            "Message-ID": f"<{re.sub('[^0-9A-Za-z]+', '-', key)}@{domain}>",
        },
    )
    if message["calendar"]:
        # A part of its own for programs that read invitations, a file for those that do not.
        mail.attach_alternative(message["calendar"], f"text/calendar; method={message['method']}")
        mail.attach("interview.ics", message["calendar"].encode(), "application/ics")
    try:
        _send(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, _reason = next(iter(error.recipients.values()))
        raise _answer(code) from error
    except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
        raise _answer(error.smtp_code) from error
    except smtplib.SMTPAuthenticationError as error:
        raise ServerTrouble("password") from error
    except ssl.SSLCertVerificationError as error:
        raise ServerTrouble("certificate") from error
    except OSError as error:
        raise ServerTrouble("unreachable") from error
    except ValueError as error:
        raise Undeliverable("address") from error


def _send(mail: EmailMultiAlternatives) -> None:
    server = _Backend(mailman=current_app.extensions["mailman"])
    try:
        server.open()
        if not server.send_messages([mail]):
            raise ValueError("nobody to send it to")
    finally:
        # The library leaves the connection open when something goes wrong.
        server.close()


def _answer(code: int) -> Exception:
    if code >= PERMANENT:
        return Undeliverable("refused")
    return ServerTrouble("unreachable") if code == CLOSING else Refused()
