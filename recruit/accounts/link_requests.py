"""Links that are asked for by whoever knows an address, and the job that sends them.

The page stores what is asked for and nothing else. Whether there is an account is looked up later,
out of sight: neither the answer nor the time it takes tells whether there is one.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from flask_babel import force_locale
from flask_security.recoverable import send_reset_password_instructions
from sqlalchemy import delete

from recruit.accounts import queries
from recruit.accounts.invitations import mail_sign_in_link
from recruit.accounts.models import LinkPurpose, LinkRequest
from recruit.database import db, now, write
from recruit.jobs.queue import jobs

LONGEST_WAIT = timedelta(minutes=30)
"""Whoever asked longer ago has asked again, or waits no more."""


def ask(address: str, purpose: LinkPurpose) -> None:
    """Store that a link is asked for, and let it be sent soon, if there is an account."""
    with write():
        db.session.add(LinkRequest(address=address, purpose=purpose.value))
    jobs.wake(current_app._get_current_object(), answer)  # type: ignore[attr-defined]  # noqa: SLF001


@jobs.job(minutes=1)
def answer() -> None:
    """Send the links that were asked for, and forget who asked."""
    with write():
        # Taken away first: of two workers, one sends.
        taken = db.session.execute(
            delete(LinkRequest).returning(
                LinkRequest.address, LinkRequest.purpose, LinkRequest.asked_at
            )
        ).all()
    for address, purpose, asked_at in taken:
        user = queries.user_by_email(address)
        if user is None or not user.active or asked_at < now() - LONGEST_WAIT:
            continue
        if purpose == LinkPurpose.SIGN_IN:
            mail_sign_in_link(user)
            continue
        with force_locale(user.language):
            send_reset_password_instructions(user)  # type: ignore[no-untyped-call]
