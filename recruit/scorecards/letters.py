"""Letters about scorecards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recruit.addresses import external_url
from recruit.mail.letters import Letter, compose

if TYPE_CHECKING:
    from recruit.scorecards.models import Scorecard, Submission

REOPENED = "scorecard_reopened"


def reopened_letter(scorecard: Scorecard, submission: Submission) -> Letter:
    """Return the letter that tells an interviewer that their ratings are open again, and why."""
    interview = scorecard.interview
    owner = scorecard.user
    return Letter(
        to=owner.address,
        kind=REOPENED,
        text=compose(
            REOPENED,
            owner.language,
            name=owner.name,
            post=interview.candidate.requisition.post,
            candidate=interview.candidate.name,
            round=interview.guide_version.guide.name,
            reason=submission.reopened_reason,
            url=external_url(
                "scorecards.fill",
                requisition_id=interview.requisition_id,
                interview_id=interview.id,
            ),
        ),
        about=f"scorecard:{scorecard.id}",
        recipient=owner.recipient,
        key=f"reopened:{submission.id}",
        requisition_id=interview.requisition_id,
    )
