"""Letter to a recruiter before a requisition is erased by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recruit.addresses import external_url
from recruit.mail.letters import Letter, compose

if TYPE_CHECKING:
    from datetime import date

    from recruit.accounts.models import User
    from recruit.requisitions.models import Requisition


def warning(requisition: Requisition, until: date, candidates: int, recruiter: User) -> Letter:
    """Return the letter that tells until when the data is kept, and how to keep it longer."""
    return Letter(
        to=recruiter.address,
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
        recipient=recruiter.recipient,
        key=f"retention:{requisition.id}:{until.isoformat()}:{recruiter.recipient}",
        requisition_id=requisition.id,
    )
