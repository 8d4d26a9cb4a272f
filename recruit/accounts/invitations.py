"""Accounts by invitation: make the account, mail the one-time link."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from recruit.accounts import actions, queries
from recruit.accounts.models import User
from recruit.addresses import external_url
from recruit.database import db, now, write
from recruit.mail.actions import put
from recruit.mail.letters import Letter, compose


def invite(user: User, inviter: User, title: str = "") -> None:
    """Mail an invitation with a one-time link, perhaps to the recruitment for a position.

    Raises AccountIsClosed.
    """
    _mail_link(
        user,
        "invitation",
        "invitation",
        inviter=inviter.name,
        organisation=current_app.config["RECRUIT_ORGANISATION"],
        title=title,
        sign_in=external_url("accounts.link"),
        help_url=external_url("handbook.own"),
    )


def mail_sign_in_link(user: User) -> None:
    """Mail a one-time link to sign in with. Raises AccountIsClosed."""
    _mail_link(user, "sign_in", "sign_in_link")


def _mail_link(user: User, purpose: str, template: str, **values: object) -> None:
    user_id = user.id
    with write():
        receiver = db.session.get_one(User, user_id)
        token = actions.one_time_link_token(receiver, purpose)
        url = external_url("accounts.spend", purpose=purpose, token=token)
        put(
            Letter(
                to=receiver.address,
                kind=template,
                text=compose(template, receiver.language, name=receiver.name, url=url, **values),
                about=receiver.recipient,
                recipient=receiver.recipient,
                # A link that no longer works would only puzzle.
                lasts_until=now() + timedelta(seconds=actions.LINK_SECONDS[purpose]),
            )
        )


def account_for(*, name: str, email: str, language: str, title: str, inviter: User) -> User:
    """Return the account with the address; without one, make it and invite the person.

    Raises AccountIsClosed.
    """
    try:
        made = actions.add_user(name=name, email=email, language=language, actor_id=inviter.id)
    except actions.EmailIsTaken:
        found = queries.user_by_email(email)
        # Accounts are never deleted.
        assert found is not None
        if not found.active:
            raise actions.AccountIsClosed(found.id) from None
        return found
    invite(made, inviter, title)
    return made
