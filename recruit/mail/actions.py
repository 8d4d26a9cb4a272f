"""Writes of mails: put in the outbox with what they tell of, then send, retry, give up.

A mail that the server has taken but whose sending is not yet written down when the process dies is
sent again: losing it would be worse. It has the same Message-ID, by which mailboxes know it.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from recruit.core.text import one_line
from recruit.database import db, now, write
from recruit.mail.models import Delivery, DeliveryState
from recruit.mail.transport import Refused, ServerTrouble, Undeliverable, transmit

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from recruit.mail.letters import Letter

log = structlog.get_logger()

PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 480, 720))
"""How long to wait after each attempt that did not succeed; one more, and the mail has failed."""
ABANDONED = timedelta(minutes=10)
"""A mail claimed so long ago by a process that has not finished it is sent by another."""
KEPT = timedelta(days=14)
"""How long the text of a mail that failed is kept for another try, and that there was a mail about
nothing but an account."""
UNSENT = (DeliveryState.WAITING, DeliveryState.FAILED)
"""What can still be taken back or go to another address."""
NEWS = "mail_is_waiting"
"""Set in the session's ``info`` when the running transaction puts something in the outbox."""


class _Claimed(NamedTuple):
    id: int
    key: str
    address: str
    message: dict[str, str]


def put(letter: Letter) -> bool:
    """Put a letter in the outbox, within the running write transaction.

    Return False when a letter with the same key was put there before, or when it goes to nobody:
    whoever has no address or a closed account gets none. A letter with a calendar entry replaces
    what still waits for the same person about the same thing.
    """
    if letter.calendar is not None:
        drop(letter.about, letter.recipient)
    if not letter.to:
        return False
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    calendar = letter.calendar
    added = db.session.scalar(
        insert(Delivery)
        .values(
            key=letter.key or str(uuid.uuid4()),
            about=letter.about,
            recipient=letter.recipient,
            kind=letter.kind,
            sequence=None if calendar is None else calendar.sequence,
            requisition_id=letter.requisition_id,
            address=one_line(letter.to),
            message={
                "subject": letter.text.subject,
                "body": letter.text.body,
                "reply_to": one_line(letter.reply_to),
                "calendar": "" if calendar is None else calendar.content,
                "method": "" if calendar is None else calendar.method,
            },
            lasts_until=letter.lasts_until,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Delivery.id)
    )
    db.session.info[NEWS] = True
    return added is not None


def drop(about: str, recipient: str | None = None, kind: str | None = None) -> None:
    """Take back mails that have not gone, within the running write transaction."""
    wanted = [Delivery.about == about]
    if recipient is not None:
        wanted.append(Delivery.recipient == recipient)
    if kind is not None:
        wanted.append(Delivery.kind == kind)
    _drop(*wanted)


def drop_to(recipient: str) -> None:
    """Take back what has not gone to somebody, within the running write transaction."""
    _drop(Delivery.recipient == recipient)


def drop_kinds(requisition_id: int, kinds: Collection[str]) -> None:
    """Take back what has not gone about a requisition, within the running write transaction."""
    _drop(Delivery.requisition_id == requisition_id, Delivery.kind.in_(kinds))


def readdress(recipient: str, address: str) -> None:
    """Let what has not gone to somebody go to another address, within the running transaction.

    Without an address it is taken back.
    """
    if not address:
        drop_to(recipient)
    db.session.execute(
        update(Delivery)
        .where(Delivery.recipient == recipient, Delivery.state.in_(UNSENT))
        .values(address=address)
    )


def _drop(*wanted: ColumnElement[bool]) -> None:
    db.session.execute(
        update(Delivery)
        .where(Delivery.state.in_(UNSENT), *wanted)
        .values(state=DeliveryState.DROPPED, message=None, finished_at=now())
    )


def hold_unsent() -> int:
    """Let what waits be sent only when somebody asks; return how many mails.

    Within the caller's transaction: after a restore nobody knows which of them have gone.
    """
    held = db.session.execute(
        update(Delivery)
        .where(Delivery.state.in_((DeliveryState.WAITING, DeliveryState.SENDING)))
        .values(state=DeliveryState.FAILED, fault="restored", finished_at=now())
    )
    return int(held.rowcount)  # type: ignore[attr-defined]


def try_again(about: str) -> int:
    """Let failed mails about something wait to be sent once more; return how many."""
    with write():
        changed = db.session.execute(
            update(Delivery)
            .where(
                Delivery.about == about,
                Delivery.state == DeliveryState.FAILED,
                Delivery.message.is_not(None),
            )
            .values(
                state=DeliveryState.WAITING,
                attempts=0,
                due_at=now(),
                fault="",
                finished_at=None,
            )
        )
        db.session.info[NEWS] = True
    return int(changed.rowcount)  # type: ignore[attr-defined]


def send_waiting() -> None:
    """Send every mail that is due; when the server cannot be reached the rest waits its turn."""
    _tidy()
    while (claimed := _claim()) is not None:
        try:
            transmit(claimed.address, claimed.message, key=claimed.key)
        except Undeliverable as trouble:
            _finish(claimed.id, DeliveryState.FAILED, str(trouble))
        except Refused:
            _postpone([claimed.id], "deferred")
        except ServerTrouble as trouble:
            _postpone([claimed.id, *_due()], str(trouble))
            return
        else:
            _finish(claimed.id, DeliveryState.SENT)


def _claim() -> _Claimed | None:
    """Return the next mail that is due, marked so that no other process takes it."""
    with write():
        delivery = db.session.scalar(
            select(Delivery)
            .where(Delivery.state == DeliveryState.WAITING, Delivery.due_at <= now())
            .order_by(Delivery.due_at, Delivery.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if delivery is None:
            return None
        delivery.state = DeliveryState.SENDING
        delivery.claimed_at = now()
        return _Claimed(delivery.id, delivery.key, delivery.address, delivery.message or {})


def _due() -> list[int]:
    return list(
        db.session.scalars(
            select(Delivery.id).where(
                Delivery.state == DeliveryState.WAITING, Delivery.due_at <= now()
            )
        )
    )


def _finish(delivery_id: int, state: DeliveryState, fault: str = "") -> None:
    values: dict[str, object] = {"state": state, "fault": fault, "finished_at": now()}
    if state == DeliveryState.SENT:
        values["message"] = None
    with write():
        db.session.execute(
            update(Delivery)
            .where(Delivery.id == delivery_id)
            .values(attempts=Delivery.attempts + 1, **values)
        )
    log.info("mail.finished", delivery=delivery_id, state=state.value, fault=fault)


def _postpone(ids: list[int], fault: str) -> None:
    with write():
        for delivery in db.session.scalars(select(Delivery).where(Delivery.id.in_(ids))):
            _put_off(delivery, fault, now())
    log.warning("mail.postponed", count=len(ids), fault=fault)


def _put_off(delivery: Delivery, fault: str, moment: datetime) -> None:
    delivery.fault = fault
    delivery.attempts += 1
    if delivery.attempts > len(PAUSES):
        delivery.state = DeliveryState.FAILED
        delivery.finished_at = moment
    else:
        delivery.state = DeliveryState.WAITING
        delivery.due_at = moment + PAUSES[delivery.attempts - 1]


def _tidy() -> None:
    """Take over what a dead process held, drop what came too late, forget what is old."""
    moment = now()
    with write():
        db.session.execute(
            update(Delivery)
            .where(
                Delivery.state == DeliveryState.SENDING, Delivery.claimed_at < moment - ABANDONED
            )
            .values(state=DeliveryState.WAITING)
        )
        db.session.execute(
            update(Delivery)
            .where(Delivery.state == DeliveryState.WAITING, Delivery.lasts_until < moment)
            .values(state=DeliveryState.DROPPED, message=None, finished_at=moment)
        )
        db.session.execute(
            update(Delivery)
            .where(
                Delivery.state == DeliveryState.FAILED,
                # What is in it may let somebody in, as long as it lives.
                (Delivery.finished_at < moment - KEPT) | (Delivery.lasts_until < moment),
            )
            .values(message=None)
        )
        # What concerns a requisition stays with it, so that its pages tell how the mail went.
        db.session.execute(
            delete(Delivery).where(
                Delivery.requisition_id.is_(None), Delivery.finished_at < moment - KEPT
            )
        )
