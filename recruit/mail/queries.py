"""Reads of mails."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import func, select

from recruit.database import db, now
from recruit.mail.models import Delivery, DeliveryState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

STUCK = timedelta(minutes=15)
"""A mail that has been due for so long waits for a worker that does not run."""


def mail_is_configured() -> bool:
    """Tell whether there is a server to send mail through."""
    return bool(current_app.config["MAIL_SERVER"])


def deliveries_about(subjects: Iterable[str]) -> Mapping[str, Sequence[Delivery]]:
    """Return the mails about each subject ("interview:3"), in the order they were written."""
    found: defaultdict[str, list[Delivery]] = defaultdict(list)
    for delivery in db.session.scalars(
        select(Delivery).where(Delivery.about.in_(list(subjects))).order_by(Delivery.id)
    ):
        found[delivery.about].append(delivery)
    return found


def waiting_of_kind(kind: str) -> Sequence[Delivery]:
    """Return the mails of a kind that have not been sent yet."""
    return db.session.scalars(
        select(Delivery).where(Delivery.kind == kind, Delivery.state == DeliveryState.WAITING)
    ).all()


def unsent_by_state() -> Mapping[DeliveryState, int]:
    """Return how many mails wait, are being sent, and have failed."""
    states = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.FAILED)
    found = db.session.execute(
        select(Delivery.state, func.count(Delivery.id))
        .where(Delivery.state.in_(states))
        .group_by(Delivery.state)
    )
    return dict.fromkeys(states, 0) | {DeliveryState(state): count for state, count in found}


def stuck_mails() -> int:
    """Return how many mails should have gone long ago."""
    return (
        db.session.scalar(
            select(func.count(Delivery.id)).where(
                Delivery.state == DeliveryState.WAITING, Delivery.due_at < now() - STUCK
            )
        )
        or 0
    )
