"""Writes of interview guides: one verb, one transaction, one audit event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from recruit.audit.actions import record
from recruit.core import guide as core_guide
from recruit.core import planner
from recruit.core.profile import Profile
from recruit.database import db, now, write
from recruit.guides.models import AskedQuestion, Guide, GuideState, GuideVersion
from recruit.requisitions.models import Requisition

if TYPE_CHECKING:
    from recruit.core.library import Library


class NothingToPublish(ValueError):
    """The requisition has no draft."""


def generate(requisition_id: int, library: Library, *, actor_id: int) -> list[GuideVersion]:
    """Plan every round anew and store one draft per round, in place of earlier drafts.

    Raises ``planner.NoPlan`` when none can be made; nothing is changed then.
    """
    requisition = db.session.get_one(Requisition, requisition_id)
    profile = Profile.model_validate(requisition.profile)
    plan = planner.plan(library, profile)
    content = core_guide.compose(library, profile, plan, requisition.language)
    with write():
        stored = {
            guide.position: guide
            for guide in db.session.scalars(
                select(Guide).where(Guide.requisition_id == requisition_id)
            )
        }
        versions = []
        for position, planned in enumerate(content.rounds, start=1):
            guide = stored.get(position)
            if guide is None:
                guide = Guide(requisition_id=requisition_id, position=position)
                db.session.add(guide)
            guide.name = planned.name
            guide.minutes = planned.minutes
            draft = next((v for v in guide.versions if v.state == GuideState.DRAFT), None)
            if draft is None:
                draft = GuideVersion(number=len(guide.versions) + 1, state=GuideState.DRAFT)
                guide.versions.append(draft)
            one_round = content.model_copy(update={"rounds": (planned,)})
            draft.content = one_round.as_json()
            draft.asked = [
                AskedQuestion(question=question.id)
                for section in planned.sections
                for question in section.questions
            ]
            versions.append(draft)
        db.session.flush()
        record(
            "guide.generate",
            actor_id=actor_id,
            subject=f"requisition:{requisition_id}",
            requisition_id=requisition_id,
            versions=[version.id for version in versions],
        )
    return versions


def publish(requisition_id: int, *, actor_id: int) -> list[GuideVersion]:
    """Publish every draft of the requisition; what was in force before is superseded.

    Raises NothingToPublish.
    """
    with write():
        drafts = db.session.scalars(
            select(GuideVersion)
            .join(GuideVersion.guide)
            .where(Guide.requisition_id == requisition_id, GuideVersion.state == GuideState.DRAFT)
        ).all()
        if not drafts:
            raise NothingToPublish(requisition_id)
        for draft in drafts:
            for version in draft.guide.versions:
                if version.state == GuideState.PUBLISHED:
                    version.state = GuideState.SUPERSEDED
            draft.state = GuideState.PUBLISHED
            draft.published_at = now()
            draft.published_by_id = actor_id
        record(
            "guide.publish",
            actor_id=actor_id,
            subject=f"requisition:{requisition_id}",
            requisition_id=requisition_id,
            versions=[draft.id for draft in drafts],
        )
    return list(drafts)
