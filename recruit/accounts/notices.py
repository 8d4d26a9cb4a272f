"""Letters to a person when it has changed how their account is signed in to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recruit.addresses import external_url
from recruit.mail.actions import put
from recruit.mail.letters import Letter, compose

if TYPE_CHECKING:
    from recruit.accounts.models import User


def tell(user: User, change: str, **values: object) -> None:
    """Put a letter about a change, as ``templates/mail/sign_in_changed.txt`` calls it.

    Within the caller's transaction: the letter goes if the change is kept.
    """
    text = compose(
        "sign_in_changed",
        user.language,
        name=user.name,
        change=change,
        url=external_url("account.show"),
        **values,
    )
    put(
        Letter(
            to=user.address,
            kind="sign_in_changed",
            text=text,
            about=user.recipient,
            recipient=user.recipient,
        )
    )
