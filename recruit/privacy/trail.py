"""The audit trail as administrators read it: who did what, in words, and as a file."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from recruit.accounts.models import User
from recruit.audit.models import AuditEvent
from recruit.core.text import harmless
from recruit.database import db
from recruit.requisitions.models import Requisition
from recruit.scorecards.independence import withheld_requisitions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from flask_babel.speaklater import LazyString

PAGE = 50
ABOUT_RATINGS = ("scorecard.", "ratings.", "consensus.")
"""How the actions begin that tell when somebody rates or reads ratings."""
DRAFT = "guide.*"
"""What the filter calls every edit of a guide's draft, which have one name together."""
COLUMNS = ("number", "at", "person_id", "person", "action", "subject", "requisition", "detail")

ACTIONS: dict[str, LazyString] = {
    "account.add": _l("Added an account"),
    "account.language": _l("Changed their language"),
    "account.link": _l("Asked for a one-time link"),
    "account.link_used": _l("Used a one-time link"),
    "account.password": _l("Chose a new password"),
    "account.role": _l("Changed a role in the organisation"),
    "account.close": _l("Closed an account"),
    "account.open": _l("Opened an account again"),
    "account.two_steps_on": _l("Turned on two-step sign-in"),
    "account.two_steps_off": _l("Turned off two-step sign-in"),
    "account.recovery_codes": _l("Made new recovery codes"),
    "account.recovery_code_used": _l("Used a recovery code"),
    "account.passkey_made": _l("Made a passkey"),
    "account.passkey_removed": _l("Removed a passkey"),
    "account.token_made": _l("Made a token for a program"),
    "account.token_ended": _l("Ended a token of a program"),
    "account.sign_out": _l("Signed themselves out elsewhere"),
    "account.sign_in": _l("Signed in"),
    "account.sign_in_failed": _l("Tried to sign in and failed"),
    "account.sign_in_failed_often": _l("Too many tried to sign in and failed"),
    "account.sign_out_here": _l("Signed out"),
    "account.single_sign_on": _l("Signed in with the organisation"),
    "account.tie": _l("Signed in with the organisation for the first time"),
    "account.untie": _l("Allowed a new sign-in with the organisation"),
    "audit.export": _l("Exported the trail"),
    "candidate.add": _l("Added a candidate"),
    "candidate.edit": _l("Changed a candidate"),
    "candidate.erase": _l("Erased a candidate"),
    "candidate.import": _l("Imported candidates"),
    "candidate.reinstate": _l("Took back a withdrawal"),
    "candidate.withdraw": _l("Noted a withdrawal"),
    "comparison.view": _l("Saw the comparison"),
    "consensus.agree": _l("Wrote down what the panel agreed"),
    "consensus.note_presence": _l("Noted who was at the meeting"),
    "consensus.view": _l("Saw the panel's disagreements"),
    "cv.attach": _l("Attached a CV"),
    "cv.read": _l("Read a CV"),
    "cv.remove": _l("Deleted a CV"),
    "database.restored": _l("Restored a backup of the database"),
    "decision.make": _l("Made the decision"),
    "deviation.record": _l("Noted a deviation from the guide"),
    "guide.generate": _l("Generated guides"),
    "guide.import": _l("Imported a guide"),
    "guide.import.read": _l("Read a guide from a file"),
    "guide.publish": _l("Published guides"),
    "guide.recover": _l("Began the draft of the guides anew"),
    "guide.publish.flagged": _l("Published flagged wording with a reason"),
    "interview.cancel": _l("Cancelled an interview"),
    "interview.invite_anew": _l("Sent an invitation to a new address"),
    "interview.change": _l("Changed an interview"),
    "interview.plan": _l("Planned an interview"),
    "interview.replace": _l("Replaced an interviewer"),
    "interview.step_down": _l("Left a panel"),
    "library.change": _l("Changed the library"),
    "merits.write": _l("Wrote down qualifications"),
    "privacy.hold": _l("Set a legal hold"),
    "privacy.inform": _l("Changed the information to candidates"),
    "privacy.keep_until": _l("Changed how long data is kept"),
    "privacy.release": _l("Lifted a legal hold"),
    "ratings.view": _l("Saw others' ratings"),
    "report.view": _l("Saw a document"),
    "requisition.add_member": _l("Added somebody to the requisition"),
    "requisition.remove_member": _l("Removed somebody from the requisition"),
    "requisition.create": _l("Created a requisition"),
    "requisition.erase": _l("Erased the candidates of a requisition"),
    "requisition.set_pseudonymous": _l("Chose letters or names in comparisons"),
    "scorecard.begin": _l("Began a scorecard"),
    "scorecard.count_again": _l("Let ratings that were left out count again"),
    "scorecard.leave_out": _l("Left ratings out of the figures"),
    "scorecard.reopen": _l("Reopened a scorecard"),
    "scorecard.submit": _l("Submitted a scorecard"),
    "trail.seal": _l("Sealed the trail with a key"),
    "training.rate": _l("Did an exercise"),
    "training.require": _l("Asked for training"),
    "training.stop_requiring": _l("No longer asked for training"),
}


@dataclass(frozen=True)
class Wanted:
    """Which events are wanted; None or "" wants all. Days are the organisation's, both included."""

    requisition_id: int | None = None
    person_id: int | None = None
    action: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Line:
    """One event, with the name of who did it ("" for the product itself)."""

    event: AuditEvent
    person: str

    @property
    def words(self) -> str:
        """What was done, in the reader's language."""
        return str(label(self.event.action))


def label(action: str) -> LazyString | str:
    """Return an action in words; the many edits of a guide's draft have one name."""
    if action == DRAFT or _is_of_draft(action):
        return _l("Changed the draft of the guides")
    return ACTIONS.get(action, action)


def _is_of_draft(action: str) -> bool:
    return action not in ACTIONS and action.startswith("guide.")


def lines(
    wanted: Wanted, reader_id: int, *, before: int | None = None, limit: int | None = None
) -> list[Line]:
    """Return the wanted events, newest first; ``before`` is the number to begin below.

    Whoever has ratings of their own to submit learns from nothing here when others rate.
    """
    statement = (
        select(AuditEvent, User.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    hidden = withheld_requisitions(reader_id)
    if hidden:
        about_ratings = or_(*(AuditEvent.action.startswith(part) for part in ABOUT_RATINGS))
        by_others = AuditEvent.actor_id.is_distinct_from(reader_id)
        statement = statement.where(
            ~(about_ratings & by_others & AuditEvent.requisition_id.in_(hidden))
        )
    if before is not None:
        statement = statement.where(AuditEvent.id < before)
    if wanted.requisition_id is not None:
        statement = statement.where(AuditEvent.requisition_id == wanted.requisition_id)
    if wanted.person_id is not None:
        statement = statement.where(AuditEvent.actor_id == wanted.person_id)
    if wanted.action == DRAFT:
        statement = statement.where(
            AuditEvent.action.startswith("guide."), AuditEvent.action.not_in(ACTIONS)
        )
    elif wanted.action:
        statement = statement.where(AuditEvent.action == wanted.action)
    if wanted.since is not None:
        statement = statement.where(AuditEvent.at >= _midnight(wanted.since))
    if wanted.until is not None:
        statement = statement.where(AuditEvent.at < _midnight(wanted.until + timedelta(days=1)))
    return [Line(found, name or "") for found, name in db.session.execute(statement)]


def people() -> Sequence[tuple[int, str]]:
    """Return everybody with an account, by name."""
    rows = db.session.execute(select(User.id, User.name).order_by(User.name, User.id))
    return [(number, name) for number, name in rows]


def requisitions() -> Sequence[tuple[int, str]]:
    """Return every requisition, newest first."""
    rows = db.session.execute(
        select(Requisition.id, Requisition.title).order_by(Requisition.id.desc())
    )
    return [(number, title) for number, title in rows]


def actions() -> list[str]:
    """Return every action that the trail holds; the many edits of a guide's draft are one."""
    found = db.session.scalars(select(AuditEvent.action).distinct())
    return sorted({DRAFT if _is_of_draft(action) else action for action in found})


def as_csv(found: Iterable[Line]) -> str:
    """Return the events as CSV that no spreadsheet takes for formulas."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in map(_row, found):
        writer.writerow(
            _plain(json.dumps(v, ensure_ascii=False, sort_keys=True) if isinstance(v, dict) else v)
            for v in (row[column] for column in COLUMNS)
        )
    return text.getvalue()


def as_json(found: Iterable[Line]) -> list[dict[str, Any]]:
    """Return the events with their digests, so that the chain can be followed elsewhere."""
    return [
        _row(line) | {"previous_digest": line.event.previous_digest, "digest": line.event.digest}
        for line in found
    ]


def _row(line: Line) -> dict[str, Any]:
    found = line.event
    return {
        "number": found.id,
        "at": found.at.isoformat(),
        "person_id": found.actor_id,
        "person": line.person,
        "action": found.action,
        "subject": found.subject,
        "requisition": found.requisition_id,
        "detail": found.detail,
    }


def _plain(value: object) -> str:
    return harmless("" if value is None else str(value))


def _midnight(day: date) -> datetime:
    zone = ZoneInfo(current_app.config["RECRUIT_TIMEZONE"])
    return datetime.combine(day, time.min, zone)
