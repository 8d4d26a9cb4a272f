"""Tokens, by which a person's programs ask the API: made, shown once, ended."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from recruit.accounts.models import ApiToken, User
from recruit.accounts.notices import tell
from recruit.audit.actions import record
from recruit.database import db, now, write

if TYPE_CHECKING:
    from collections.abc import Sequence

PREFIX = "recruit_"
"""So that a token which lies where it should not is found by those who look for such."""


def of(user_id: int) -> Sequence[ApiToken]:
    """Return the person's tokens that still hold, the latest first."""
    return db.session.scalars(
        select(ApiToken)
        .where(ApiToken.user_id == user_id, ApiToken.lasts_until > now())
        .order_by(ApiToken.id.desc())
    ).all()


def make(user_id: int, *, name: str, days: int, may_write: bool) -> str:
    """Return a new token, the only time that it is told; it may do what the person may."""
    secret = PREFIX + secrets.token_urlsafe(32)
    with write():
        user = db.session.get_one(User, user_id)
        db.session.add(
            ApiToken(
                user_id=user_id,
                name=name,
                hash=ApiToken.hash_of(secret),
                may_write=may_write,
                lasts_until=now() + timedelta(days=days),
            )
        )
        record("account.token_made", actor_id=user_id, subject=user.recipient)
        tell(user, "token_made", token=name)
    return secret


def end(user_id: int, token_id: int) -> None:
    """End one of the person's tokens; of one that has ended meanwhile nothing is left to do."""
    with write():
        ended = db.session.execute(
            delete(ApiToken)
            .where(ApiToken.user_id == user_id, ApiToken.id == token_id)
            .returning(ApiToken.id)
        ).all()
        if ended:
            record("account.token_ended", actor_id=user_id, subject=f"user:{user_id}")
