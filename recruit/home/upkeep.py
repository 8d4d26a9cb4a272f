"""What waits for whoever looks after the installation and the data in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import String, cast, literal, select

from recruit.accounts.models import User
from recruit.accounts.queries import recruiters
from recruit.audit.models import AuditEvent
from recruit.database import db
from recruit.mail.queries import mail_is_configured, stuck_mails
from recruit.privacy.queries import retentions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


@dataclass(frozen=True)
class Upkeep:
    """What an administrator sees to; everything in order is false, zero or empty.

    ``strangers`` are the names of people who were given an account and have never signed in.
    """

    no_mail: bool
    stuck_mails: int
    no_https: bool
    no_recruiter: bool
    strangers: Sequence[str]


@dataclass(frozen=True)
class Erasures:
    """How many requisitions are to be erased, and how many soon, the first of them when."""

    due: int
    near: int
    first: date | None


def upkeep() -> Upkeep:
    """Return what the administrator has to see to."""
    return Upkeep(
        no_mail=not mail_is_configured(),
        stuck_mails=stuck_mails() if mail_is_configured() else 0,
        no_https=not current_app.config["SESSION_COOKIE_SECURE"],
        no_recruiter=not recruiters(),
        strangers=_strangers(),
    )


def erasures() -> Erasures:
    """Return which requisitions' time has passed or soon will; held ones wait for nobody."""
    waiting = [r for r in retentions() if r.is_near and not r.is_held]
    days = [r.until for r in waiting if not r.is_due]
    return Erasures(due=len(waiting) - len(days), near=len(days), first=min(days, default=None))


def _strangers() -> Sequence[str]:
    # Who signs in by links alone has no password, and the trail of the link that was used.
    used = select(AuditEvent.id).where(
        AuditEvent.action == "account.link_used",
        AuditEvent.subject == literal("user:") + cast(User.id, String),
    )
    return db.session.scalars(
        select(User.name)
        .where(User.active, User.password.is_(None), ~used.exists())
        .order_by(User.name, User.id)
    ).all()
