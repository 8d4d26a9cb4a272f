"""Mails about scorecards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recruit.accounts.invitations import external_url
from recruit.mail.letters import Letter, send

if TYPE_CHECKING:
    from recruit.accounts.models import User
    from recruit.interviews.models import Interview


def mail_reopened(interview: Interview, owner: User, reason: str) -> bool:
    """Tell an interviewer that their ratings are open again. Return whether the mail went."""
    return send(
        Letter(
            to=owner.email,
            language=owner.language,
            template="scorecard_reopened",
            values={
                "name": owner.name,
                "candidate": interview.candidate.name,
                "round": interview.guide_version.guide.name,
                "reason": reason,
                "url": external_url(
                    "scorecards.fill",
                    requisition_id=interview.requisition_id,
                    interview_id=interview.id,
                ),
            },
        )
    )
