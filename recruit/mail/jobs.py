"""Jobs of mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import event

from recruit.database import db
from recruit.jobs.queue import jobs
from recruit.mail import actions

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@jobs.job(minutes=1)
def send() -> None:
    """Send the mails that are due."""
    actions.send_waiting()


@event.listens_for(db.session, "after_commit")
def _wake(session: Session) -> None:
    if session.info.pop(actions.NEWS, False):
        jobs.wake(current_app._get_current_object(), send)  # type: ignore[attr-defined]  # noqa: SLF001


@event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(actions.NEWS, None)
