"""Reads of which kinds of user a person is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from recruit.database import db
from recruit.requisitions.models import Membership


def roles_of(user: Any) -> frozenset[str]:
    """Return the roles that somebody holds, in the organisation or in any requisition."""
    if not user.is_authenticated:
        return frozenset()
    held = select(Membership.role).where(Membership.user_id == user.id).distinct()
    return frozenset({role.name for role in user.roles} | set(db.session.scalars(held)))
