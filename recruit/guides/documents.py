"""Documents of interview guides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

from recruit.documents.kit import InterviewerKit
from recruit.guides.queries import content

if TYPE_CHECKING:
    from recruit.guides.models import GuideVersion


def interviewer_kit(version: GuideVersion) -> InterviewerKit:
    """Return the kit of a version; the same version gives the same document."""
    return InterviewerKit(
        guide=content(version),
        round_index=None,
        organisation=current_app.config["RECRUIT_ORGANISATION"],
        candidate=None,
        interviewer=None,
        version=str(version.number),
        generated_at=version.published_at or version.created_at,
    )
