"""Reads of requisitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from recruit.access import applies_for, is_appointed, own_requisitions, participants
from recruit.accounts.models import User
from recruit.database import db
from recruit.requisitions.models import Membership, Requisition

if TYPE_CHECKING:
    from collections.abc import Sequence


def requisitions_for(user: Any) -> Sequence[Requisition]:
    """Return the requisitions that the user may view, newest first."""
    statement = select(Requisition).order_by(Requisition.created_at.desc(), Requisition.id.desc())
    return db.session.scalars(own_requisitions(user, statement, Requisition.id)).all()


def requisition(requisition_id: int) -> Requisition:
    """Return one requisition. Raises a 404 error when there is none."""
    return db.get_or_404(Requisition, requisition_id)


def locked(requisition_id: int) -> Requisition:
    """Return a requisition that nobody else changes in the running write transaction.

    What is asked for after that stays so until the end. Raises NoResultFound.
    """
    return db.session.get_one(Requisition, requisition_id, with_for_update=True)


def members(requisition_id: int) -> Sequence[Membership]:
    """Return who takes part, with their accounts, by role and name."""
    return db.session.scalars(
        select(Membership)
        .join(Membership.user)
        .where(Membership.requisition_id == requisition_id)
        .options(selectinload(Membership.user))
        .order_by(Membership.role, User.name, Membership.id)
    ).all()


def interviewers(requisition_id: int) -> list[User]:
    """Return those who can sit on a panel: interviewers and hiring managers, each once."""
    here = participants(requisition_id)
    people = (member.user for member in members(requisition_id))
    return list(dict.fromkeys(person for person in people if person.active and person.id in here))


def applicants_among_staff(requisition_id: int) -> Sequence[User]:
    """Return, by name, who was to take part in the requisition and is a candidate in it."""
    return db.session.scalars(
        select(User)
        .where(
            User.active,
            is_appointed(User.id, requisition_id),
            applies_for(User.id, requisition_id),
        )
        .order_by(User.name, User.id)
    ).all()
