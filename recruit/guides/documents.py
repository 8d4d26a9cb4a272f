"""Documents of interview guides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app

from recruit.documents.blank_scorecard import BlankScorecard
from recruit.documents.kit import InterviewerKit
from recruit.documents.question_sheet import QuestionSheet
from recruit.guides.queries import content

if TYPE_CHECKING:
    from recruit.guides.models import GuideVersion


def interviewer_kit(version: GuideVersion) -> InterviewerKit:
    """Return the kit of a version; the same version gives the same document."""
    return InterviewerKit(
        **_made_of(version),
        candidate=None,
        interviewer=None,
        reasoned=tuple(flagged.told for flagged in version.flagged),
    )


def question_sheet(version: GuideVersion) -> QuestionSheet:
    """Return the questions of a version for candidates to read beforehand."""
    return QuestionSheet(**_made_of(version))


def blank_scorecard(version: GuideVersion, *, fillable: bool) -> BlankScorecard:
    """Return the scorecard of a version, to print or to fill in on screen."""
    return BlankScorecard(**_made_of(version), fillable=fillable)


def _made_of(version: GuideVersion) -> dict[str, Any]:
    requisition = version.guide.requisition
    return {
        "guide": content(version),
        "round_index": None,
        "organisation": current_app.config["RECRUIT_ORGANISATION"],
        "version": str(version.number),
        "generated_at": version.published_at or version.created_at,
        "post": requisition.post,
    }
