"""Jobs of accounts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import force_locale
from flask_security.recoverable import send_reset_password_instructions
from sqlalchemy import delete, event, func, select

from recruit.accounts import queries
from recruit.accounts.invitations import mail_sign_in_link
from recruit.accounts.models import LinkPurpose, LinkRequest
from recruit.database import db, now, write
from recruit.jobs.queue import jobs

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

ASKED = "a link is asked for"
LONGEST_WAIT = timedelta(minutes=30)
"""Whoever asked longer ago has asked again, or waits no more."""


@jobs.job(minutes=1)
def send_links() -> None:
    """Send the links that were asked for, and forget who asked."""
    while (request := _taken()) is not None:
        address, purpose, asked_at = request
        user = queries.user_by_email(address)
        if user is None or not user.active or asked_at < now() - LONGEST_WAIT:
            continue
        if purpose == LinkPurpose.SIGN_IN:
            mail_sign_in_link(user)
            continue
        with force_locale(user.language):
            send_reset_password_instructions(user)  # type: ignore[no-untyped-call]


def _taken() -> tuple[str, str, datetime] | None:
    """Take the oldest request away and return it; None when there is none.

    Taken away first, and one by one: of two workers one sends, and a link that cannot be made takes
    no other with it.
    """
    oldest = select(func.min(LinkRequest.id)).scalar_subquery()
    with write():
        row = db.session.execute(
            delete(LinkRequest)
            .where(LinkRequest.id == oldest)
            .returning(LinkRequest.address, LinkRequest.purpose, LinkRequest.asked_at)
        ).one_or_none()
    return None if row is None else (row.address, row.purpose, row.asked_at)


@event.listens_for(LinkRequest, "after_insert")
def _note(mapper: Any, connection: Any, request: LinkRequest) -> None:
    del mapper, connection, request
    db.session.info[ASKED] = True


@event.listens_for(db.session, "after_commit")
def _wake(session: Session) -> None:
    if session.info.pop(ASKED, False):
        jobs.wake(current_app._get_current_object(), send_links)  # type: ignore[attr-defined]  # noqa: SLF001


@event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(ASKED, None)
