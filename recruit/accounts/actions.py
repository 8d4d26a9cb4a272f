"""Writes of accounts: one verb, one transaction, one audit event."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app
from flask_security import hash_password
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from recruit.accounts import queries, sign_ins
from recruit.accounts.models import (
    Identity,
    LinkPurpose,
    LinkRequest,
    OneTimeLink,
    Role,
    RoleName,
    User,
)
from recruit.audit.actions import record
from recruit.core.text import one_line
from recruit.database import db, now, write
from recruit.extensions import security
from recruit.mail.actions import drop_to

if TYPE_CHECKING:
    from collections.abc import Sequence

LINK_SECONDS = {"sign_in": 30 * 60, "invitation": 7 * 24 * 3600}


class EmailIsTaken(ValueError):
    """Somebody has an account with that address already."""


class AccountIsClosed(ValueError):
    """Whoever has the account can neither sign in nor be invited."""


class HasNoAccount(ValueError):
    """Nobody here has the address that a provider tells."""


class IsSomebodyElse(ValueError):
    """The account belongs to another person at the provider."""


class LastAdministrator(ValueError):
    """Nobody would be left who can administer accounts."""


class LinkIsSpent(ValueError):
    """A one-time link that is used, ended, expired or not ours."""


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"link-{purpose}")


def _hash(password: str) -> str:
    # In the form in which sign-in compares: "å" can be written as one character or as two.
    return str(hash_password(security.password_util.normalize(password)))


def add_user(
    *,
    name: str,
    email: str,
    roles: Sequence[RoleName] = (),
    password: str | None = None,
    language: str = "sv",
    actor_id: int | None = None,
) -> User:
    """Create an account. Raises EmailIsTaken."""
    address = one_line(email).lower()
    with write():
        if db.session.scalar(select(User.id).where(User.email == address)):
            raise EmailIsTaken(address)
        user = User(
            name=one_line(name),
            email=address,
            language=language,
            password=_hash(password) if password else None,
            active=True,
            fs_uniquifier=secrets.token_hex(32),
        )
        for role_name in roles:
            user.roles.append(_role(role_name))
        db.session.add(user)
        try:
            db.session.flush()
        except IntegrityError as error:
            # Somebody else took it since it was asked for; on SQLite nobody can.
            raise EmailIsTaken(address) from error
        record(
            "account.add",
            actor_id=actor_id,
            subject=f"user:{user.id}",
            roles=[role.value for role in roles],
        )
    return user


def set_roles(user_id: int, roles: Sequence[RoleName], *, actor_id: int) -> None:
    """Give a person these roles in the whole organisation. Raises LastAdministrator."""
    with write():
        user = db.session.get_one(User, user_id)
        if RoleName.ADMINISTRATOR not in roles:
            _keep_an_administrator(user)
        user.roles[:] = [_role(role) for role in roles]
        if not roles:
            # Whoever has no role makes none, and could not end them either.
            sign_ins.end_tokens(user_id)
        record(
            "account.role",
            actor_id=actor_id,
            subject=f"user:{user_id}",
            roles=[role.value for role in roles],
        )


def close_account(user_id: int, *, actor_id: int) -> None:
    """Keep a person and their programs out, end every session, and send no mail that waits.

    Raises LastAdministrator.
    """
    with write():
        user = db.session.get_one(User, user_id)
        _keep_an_administrator(user)
        user.active = False
        drop_to(user.recipient)
        sign_ins.end_all(user_id)
        sign_ins.end_tokens(user_id)
        end_links(user_id)
        user.fs_uniquifier = secrets.token_hex(32)
        record("account.close", actor_id=actor_id, subject=f"user:{user_id}")


def open_account(user_id: int, *, actor_id: int) -> None:
    """Let a person sign in again."""
    with write():
        db.session.get_one(User, user_id).active = True
        record("account.open", actor_id=actor_id, subject=f"user:{user_id}")


def _role(name: RoleName) -> Role:
    role = db.session.scalar(select(Role).where(Role.name == name.value))
    if role is None:
        role = Role(name=name.value, description="")
        db.session.add(role)
    return role


def _keep_an_administrator(user: User) -> None:
    # Locked first and asked then, so that two who step down at once do not leave nobody.
    db.session.execute(select(User.id).order_by(User.id).with_for_update())
    administers = User.roles.any(Role.name == RoleName.ADMINISTRATOR)
    if db.session.scalars(select(User.id).where(User.active, administers)).all() == [user.id]:
        raise LastAdministrator(user.id)


def one_time_link_token(user: User, purpose: str) -> str:
    """Return a token that signs the person in once; earlier ones live out their time.

    Otherwise whoever asks for one could take away what somebody else is waiting for. Within the
    caller's transaction. Raises AccountIsClosed.
    """
    if not user.active:
        raise AccountIsClosed(user.id)
    secret = secrets.token_hex(16)
    past = OneTimeLink.lasts_until < now()
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user.id, past))
    db.session.add(
        OneTimeLink(
            user_id=user.id,
            purpose=purpose,
            hash=OneTimeLink.hash_of(secret, user.email),
            lasts_until=now() + timedelta(seconds=LINK_SECONDS[purpose]),
        )
    )
    record("account.link", actor_id=None, subject=f"user:{user.id}", purpose=purpose)
    return _signer(purpose).dumps([user.id, secret])


def ask_for_link(address: str, purpose: LinkPurpose) -> None:
    """Store that somebody asks for a link to be sent to an address.

    A job looks up whether there is an account, out of sight: neither the answer nor the time that
    it takes tells whoever asks.
    """
    with write():
        db.session.add(LinkRequest(address=address, purpose=purpose.value))


def user_of_token(token: str, purpose: str) -> User:
    """Return whom the token is for, without spending it. Raises LinkIsSpent."""
    user, _link_id = _read_token(token, purpose)
    return user


def spend_token(token: str, purpose: str) -> User:
    """Use up the token and those before it; return whom it is for. Raises LinkIsSpent."""
    with write():
        user, link_id = _read_token(token, purpose)
        spent = db.session.scalars(
            delete(OneTimeLink)
            .where(
                OneTimeLink.user_id == user.id,
                OneTimeLink.purpose == purpose,
                OneTimeLink.id <= link_id,
            )
            .returning(OneTimeLink.id)
        ).all()
        if link_id not in spent:
            # It was pressed twice at once.
            raise LinkIsSpent(purpose)
        record("account.link_used", actor_id=user.id, subject=f"user:{user.id}", purpose=purpose)
    return user


def _read_token(token: str, purpose: str) -> tuple[User, int]:
    try:
        user_id, secret = _signer(purpose).loads(token, max_age=LINK_SECONDS[purpose])
    except (BadData, ValueError, TypeError) as error:
        raise LinkIsSpent(purpose) from error
    user = db.session.get(User, user_id)
    if user is None or not user.active:
        raise LinkIsSpent(purpose)
    link_id = db.session.scalar(
        select(OneTimeLink.id).where(
            OneTimeLink.user_id == user.id,
            OneTimeLink.purpose == purpose,
            OneTimeLink.hash == OneTimeLink.hash_of(secret, user.email),
            OneTimeLink.lasts_until > now(),
        )
    )
    if link_id is None:
        raise LinkIsSpent(purpose)
    return user, link_id


def end_links(user_id: int) -> None:
    """End all of the person's one-time links, within the caller's transaction."""
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user_id))


def sign_in_as(issuer: str, subject: str, email: str) -> User:
    """Return whose account it is that a provider's subject signs in to.

    The first time it is found by the address, which is empty when the provider does not stand for
    it, and tied to the subject: whoever is given the address of somebody who has left does not get
    their account. Raises HasNoAccount, AccountIsClosed and IsSomebodyElse.
    """
    with write():
        user = db.session.scalar(
            select(User)
            .join(Identity)
            .where(Identity.issuer == issuer, Identity.subject == subject)
        )
        if user is None:
            user = queries.user_by_email(email)
            if user is None:
                raise HasNoAccount(email)
            _tie(user, issuer, subject)
        if not user.active:
            raise AccountIsClosed(user.id)
        # An invitation that lies in a mailbox has served its purpose.
        end_links(user.id)
        record("account.single_sign_on", actor_id=user.id, subject=user.recipient)
    return user


def _tie(user: User, issuer: str, subject: str) -> None:
    # Locked first: of two windows in which somebody signs in at once, the second finds it done.
    db.session.refresh(user, with_for_update=True)
    found = queries.identity(user.id, issuer)
    if found is None:
        db.session.add(Identity(user_id=user.id, issuer=issuer, subject=subject))
        record("account.tie", actor_id=user.id, subject=user.recipient)
    elif found.subject != subject:
        raise IsSomebodyElse(user.id)


def untie(user_id: int, issuer: str, *, actor_id: int) -> None:
    """Let whoever has the person's address at the provider sign in to the account anew."""
    with write():
        found = queries.identity(user_id, issuer)
        if found is not None:
            db.session.delete(found)
            record("account.untie", actor_id=actor_id, subject=f"user:{user_id}")


def choose_language(user_id: int, language: str) -> None:
    """Set the language of a person's pages and mails."""
    with write():
        db.session.get_one(User, user_id).language = language
        record("account.language", actor_id=user_id, subject=f"user:{user_id}", language=language)
