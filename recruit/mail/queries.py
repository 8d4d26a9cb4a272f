"""Reads of mails."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import select

from recruit.database import db
from recruit.mail.models import Delivery, DeliveryState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


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
