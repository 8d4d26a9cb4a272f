"""Flask-Security's own mails."""

from __future__ import annotations

from typing import Any

from flask_security import MailUtil

from recruit.mail.actions import post
from recruit.mail.letters import Letter, Text


class SecurityMail(MailUtil):  # type: ignore[misc]
    """Lets Flask-Security's mails wait in the outbox with the others."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: object,
        body: str | None,
        html: str | None,
        **context: Any,
    ) -> None:
        """Put a mail that Flask-Security has written in the outbox."""
        del sender, html, context
        address = recipient if isinstance(recipient, str) else recipient[1]
        post(Letter(to=address, kind=template, text=Text(str(subject), body or "")))
