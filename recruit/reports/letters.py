"""Letters about reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recruit.accounts.queries import in_charge
from recruit.addresses import external_url
from recruit.mail.letters import Letter, compose

if TYPE_CHECKING:
    from recruit.accounts.models import User
    from recruit.requisitions.models import Requisition


def comparison_ready(
    requisition: Requisition, guide_id: int, round_name: str, manager: User
) -> Letter:
    """Return the letter that a round is rated in full; there is one for each round and person."""
    contact = next(iter(in_charge(requisition.created_by)), None)
    about = f"guide:{guide_id}"
    return Letter(
        to=manager.address,
        kind="comparison_ready",
        text=compose(
            "comparison_ready",
            manager.language,
            name=manager.name,
            title=requisition.title,
            round=round_name,
            url=external_url("comparisons.show", requisition_id=requisition.id),
        ),
        about=about,
        recipient=manager.recipient,
        key=f"{about}:{manager.recipient}:complete",
        requisition_id=requisition.id,
        reply_to=contact.email if contact else "",
    )
