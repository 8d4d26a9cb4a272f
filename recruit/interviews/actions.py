"""Writes of interviews: one verb, one transaction, one audit event."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from recruit.audit.actions import record
from recruit.database import db, write
from recruit.guides.models import GuideState, GuideVersion
from recruit.interviews.models import Interview, InterviewState, PanelMember

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class GuideIsNotPublished(ValueError):
    """An interview needs a published guide."""


class InterviewIsNotPlanned(ValueError):
    """Only a planned interview can be changed or cancelled."""


def plan(
    requisition_id: int,
    *,
    candidate_id: int,
    guide_version_id: int,
    starts_at: datetime,
    timezone: str,
    place: str,
    panel: Sequence[int],
    actor_id: int,
) -> Interview:
    """Plan an interview with its panel (user ids). Raises GuideIsNotPublished."""
    with write():
        version = db.session.get_one(GuideVersion, guide_version_id)
        if version.state != GuideState.PUBLISHED:
            raise GuideIsNotPublished(guide_version_id)
        interview = Interview(
            requisition_id=requisition_id,
            candidate_id=candidate_id,
            guide_version_id=version.id,
            starts_at=starts_at,
            timezone=timezone,
            minutes=version.guide.minutes,
            place=place.strip(),
            uid=f"{uuid.uuid4()}@recruit",
            panel=[PanelMember(user_id=user_id) for user_id in dict.fromkeys(panel)],
        )
        db.session.add(interview)
        db.session.flush()
        record(
            "interview.plan",
            actor_id=actor_id,
            subject=f"interview:{interview.id}",
            requisition_id=requisition_id,
            panel=list(panel),
        )
    return interview


def cancel(requisition_id: int, interview_id: int, *, actor_id: int) -> Interview:
    """Cancel a planned interview. Raises InterviewIsNotPlanned."""
    with write():
        interview = db.session.get_one(Interview, interview_id)
        if interview.state != InterviewState.PLANNED:
            raise InterviewIsNotPlanned(interview_id)
        interview.state = InterviewState.CANCELLED
        interview.sequence += 1
        record(
            "interview.cancel",
            actor_id=actor_id,
            subject=f"interview:{interview_id}",
            requisition_id=requisition_id,
        )
    return interview
