"""Accounts by invitation: make the account, mail the one-time link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, url_for

from recruit.accounts import actions, queries
from recruit.mail.letters import Letter, send

if TYPE_CHECKING:
    from recruit.accounts.models import User


def external_url(endpoint: str, **values: object) -> str:
    """Return the address of a page as it is seen from a mail."""
    return str(current_app.config["RECRUIT_BASE_URL"]).rstrip("/") + url_for(endpoint, **values)  # type: ignore[arg-type]


def invite(user: User) -> bool:
    """Mail an invitation with a one-time link. Return whether the mail went."""
    name, email, language = user.name, user.email, user.language
    token = actions.one_time_link_token(user.id, "invitation")
    return send(
        Letter(
            to=email,
            language=language,
            template="invitation",
            values={
                "name": name,
                "url": external_url("accounts.spend", purpose="invitation", token=token),
            },
        )
    )


def account_for(*, name: str, email: str, language: str, actor_id: int) -> User:
    """Return the account with the address; without one, make it and invite the person."""
    user = queries.user_by_email(email)
    if user is None:
        user = actions.add_user(name=name, email=email, language=language, actor_id=actor_id)
        invite(user)
    return user
