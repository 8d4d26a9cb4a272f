"""Letter to the recruiter before a requisition is erased by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recruit.accounts.invitations import external_url
from recruit.mail.letters import Letter, compose

if TYPE_CHECKING:
    from datetime import date

    from recruit.requisitions.models import Requisition


def warning(requisition: Requisition, until: date, candidates: int) -> Letter:
    """Return the letter that tells until when the data is kept, and how to keep it longer."""
    recruiter = requisition.created_by
    return Letter(
        to=recruiter.email,
        kind="retention_warning",
        text=compose(
            "retention_warning",
            recruiter.language,
            name=recruiter.name,
            title=requisition.title,
            until=until,
            candidates=candidates,
            url=external_url("privacy.show", requisition_id=requisition.id),
        ),
        about=f"requisition:{requisition.id}",
        recipient=f"user:{recruiter.id}",
        key=f"retention:{requisition.id}:{until.isoformat()}",
        requisition_id=requisition.id,
    )
