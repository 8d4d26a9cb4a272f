"""Reads of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from recruit.accounts.models import Identity, Role, RoleName, User
from recruit.core.text import one_line
from recruit.database import db

if TYPE_CHECKING:
    from collections.abc import Sequence


def users() -> Sequence[User]:
    """Return everybody with an account, by name."""
    return db.session.scalars(select(User).order_by(User.name, User.id)).all()


def user(user_id: int) -> User:
    """Return one person. Raises a 404 error when there is none."""
    return db.get_or_404(User, user_id)


def user_by_email(email: str) -> User | None:
    """Return the person with the address, whatever its case, or None."""
    return db.session.scalar(select(User).where(User.email == one_line(email).lower()))


def user_id_of(email: str) -> int | None:
    """Return the number of the person with the address, whatever its case, or None."""
    return db.session.scalar(select(User.id).where(User.email == one_line(email).lower()))


def identity(user_id: int, issuer: str) -> Identity | None:
    """Return who the person is at the provider, or None."""
    return db.session.scalar(
        select(Identity).where(Identity.user_id == user_id, Identity.issuer == issuer)
    )


def recruiters() -> Sequence[User]:
    """Return the recruiters whose account is open, by number."""
    recruits = User.roles.any(Role.name == RoleName.RECRUITER)
    return db.session.scalars(select(User).where(User.active, recruits).order_by(User.id)).all()


def in_charge(*people: User | None) -> Sequence[User]:
    """Return the first of the people whose account is open; without one, every recruiter."""
    found = next((person for person in people if person is not None and person.active), None)
    return recruiters() if found is None else [found]
