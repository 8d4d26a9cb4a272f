"""Jobs of reports: the comparison is made before somebody asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import event

from recruit.audit.models import AuditEvent
from recruit.database import db
from recruit.documents.delivery import pdf_of
from recruit.jobs.queue import jobs
from recruit.reports import actions, queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SUBMITTED = "scorecard.submit"


@jobs.job(minutes=10)
def prepare() -> None:
    """Make the comparisons of rounds whose last scorecard has just arrived, and tell of them."""
    for requisition_id, document in queries.fresh_comparisons():
        pdf_of(document, requisition_id)
    actions.tell_complete()


@event.listens_for(AuditEvent, "after_insert")
def _notice(mapper: object, connection: object, inserted: AuditEvent) -> None:
    del mapper, connection
    session = db.session.object_session(inserted)
    if inserted.action == SUBMITTED and session is not None:
        session.info[SUBMITTED] = True


@event.listens_for(db.session, "after_commit")
def _wake(session: Session) -> None:
    if session.info.pop(SUBMITTED, False):
        app: Any = current_app
        jobs.wake(app._get_current_object(), prepare)  # noqa: SLF001 - Flask's own way


@event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(SUBMITTED, None)
