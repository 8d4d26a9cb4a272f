"""Tries to sign in that failed, as the trail keeps them: by which way, and to whose account.

Nothing that was typed is kept. Whether there is such an account or not, the same is done, so that
the time it takes does not tell.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from flask import g, request, session
from flask_security import current_user
from limits import parse
from sqlalchemy import select

from recruit.accounts.models import User
from recruit.accounts.queries import user_id_of
from recruit.audit.actions import record
from recruit.database import DatabaseTrouble, db, write
from recruit.extensions import limiter

if TYPE_CHECKING:
    from flask import Flask, Response

WAYS = {
    "security.login": "password",
    "security.verify": "password",
    "security.wan_signin_response": "passkey",
    "security.two_factor_token_validation": "code",
    "security.mf_recovery": "recovery_code",
    "accounts.spend": "link",
    "accounts.organisation_answers": "organisation",
}
SENT_BACK = frozenset({"accounts.organisation_answers", "security.wan_signin_response"})
"""Where whoever has not come in is sent back to the beginning."""
REDIRECTS = range(300, 400)
TOO_MANY = 429
TROUBLE = 500
MOST = parse("60 per minute")
"""Failed tries of everybody that get a line each; more share one, or they would fill the disk."""
SHARED = parse("1 per minute")


def register(app: Flask) -> None:
    """Let every failed try be in the trail."""
    app.after_request(_note)


def _note(response: Response) -> Response:
    way = _failed_way(response)
    if not way:
        return response
    is_counted = response.status_code != TOO_MANY and limiter.limiter.hit(MOST, "failed sign-ins")
    if is_counted:
        whose = _whose()
        subject = f"user:{whose}" if whose else "sign-in:"
        # Whoever is refused is refused also while the disk is full.
        with suppress(DatabaseTrouble), write():
            record("account.sign_in_failed", actor_id=None, subject=subject, way=way)
    elif limiter.limiter.hit(SHARED, "many failed sign-ins"):
        with suppress(DatabaseTrouble), write():
            record("account.sign_in_failed_often", actor_id=None, subject="sign-in:")
    return response


def _failed_way(response: Response) -> str:
    """Return by which way the request tried to sign in and did not; empty if it did neither."""
    if response.status_code >= TROUBLE:
        # Nobody was refused: Recruit could not answer.
        return ""
    if g.get("token_is_refused"):
        return "token"
    way = WAYS.get(str(request.endpoint), "")
    if request.endpoint in SENT_BACK:
        tried = response.status_code in (*REDIRECTS, TOO_MANY)
    else:
        # Who is sent on has come in, or comes to the second step.
        tried = request.method == "POST" and response.status_code not in REDIRECTS
    return way if tried and not g.get("has_signed_in") else ""


def _whose() -> int | None:
    """Return whose account was tried, where that is known."""
    if request.endpoint == "security.login":
        return user_id_of(request.form.get("email", ""))
    if current_user.is_authenticated:
        return int(current_user.id)
    uniquifier = session.get("tf_user_id", "")
    return db.session.scalar(select(User.id).where(User.fs_uniquifier == uniquifier))
