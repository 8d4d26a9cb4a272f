"""Writes of requisitions: one verb, one transaction, one audit event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from recruit.access import IsApplicant, applies_for
from recruit.audit.actions import record
from recruit.database import db, write
from recruit.requisitions.models import (
    MemberRole,
    Membership,
    Requisition,
    Work,
)
from recruit.requisitions.work import locked_for

if TYPE_CHECKING:
    from recruit.core.profile import Profile


WORK_OF = {MemberRole.INTERVIEWER: Work.RECRUIT, MemberRole.HIRING_MANAGER: Work.DECIDE}
"""After a decision nobody interviews, but somebody may have to decide anew."""


class MembershipExists(ValueError):
    """The person holds that role in the requisition already."""


def create(profile: Profile, *, title: str, unit: str, actor_id: int) -> Requisition:
    """Create a requisition from a role profile; the profile is stored with it."""
    with write():
        requisition = Requisition(
            title=title.strip(),
            unit=unit.strip(),
            level=profile.level,
            sector=profile.sector,
            language=profile.language,
            profile=profile.model_dump(mode="json"),
            created_by_id=actor_id,
        )
        db.session.add(requisition)
        db.session.flush()
        record(
            "requisition.create",
            actor_id=actor_id,
            subject=f"requisition:{requisition.id}",
            requisition_id=requisition.id,
        )
    return requisition


def add_member(requisition_id: int, user_id: int, role: MemberRole, *, actor_id: int) -> Membership:
    """Give a person a role in the requisition.

    Raises MembershipExists, RequisitionHasEnded and IsApplicant.
    """
    with write():
        locked_for(requisition_id, WORK_OF[role])
        if db.session.scalar(select(applies_for(user_id, requisition_id))):
            raise IsApplicant
        if db.session.scalar(
            select(Membership.id).where(
                Membership.requisition_id == requisition_id,
                Membership.user_id == user_id,
                Membership.role == role,
            )
        ):
            raise MembershipExists(role)
        membership = Membership(requisition_id=requisition_id, user_id=user_id, role=role.value)
        db.session.add(membership)
        record(
            "requisition.add_member",
            actor_id=actor_id,
            subject=f"user:{user_id}",
            requisition_id=requisition_id,
            role=role.value,
        )
    return membership
