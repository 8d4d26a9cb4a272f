"""Flask-Security's own mails."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_security import MailUtil

from recruit.database import begin_write, db, now
from recruit.mail.actions import put
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
        del recipient, sender, html
        user = context["user"]
        life = current_app.config["SECURITY_RESET_PASSWORD_WITHIN"]
        begin_write()
        put(
            Letter(
                to=user.address,
                kind=template.rpartition("/")[2],
                text=Text(str(subject), body or ""),
                about=user.recipient,
                recipient=user.recipient,
                # A link that no longer works would only puzzle.
                lasts_until=now() + life if "reset_link" in context else None,
            )
        )
        # Not in a transaction of its own: that would begin by taking back what the view has
        # changed, such as the password that the mail tells of.
        db.session.commit()
