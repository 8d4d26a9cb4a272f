"""How much may be tried on one account, wherever from: passwords, codes, and mail to its owner.

What is counted is the address that is written, whether anybody has an account with it or not. A
browser in which somebody has signed in before is counted by itself, so that strangers who use up
an account's tries do not keep its owner out there.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from flask import after_this_request, current_app, request, session
from flask_babel import gettext as _
from flask_security import current_user, user_authenticated
from itsdangerous import BadData, URLSafeTimedSerializer
from limits import parse
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import TooManyRequests

from recruit.accounts.models import User
from recruit.database import db
from recruit.extensions import limiter, security

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

LIMITS = {
    "security.login": parse("20 per hour"),
    "security.verify": parse("20 per hour"),
    # A code has six digits: at ten an hour one that is guessed takes years to be right.
    "security.two_factor_token_validation": parse("10 per hour"),
    "security.mf_recovery": parse("10 per hour"),
    # No longer than the first link lives, so that one of those that went always works.
    "accounts.link": parse("5 per 30 minutes"),
    "security.forgot_password": parse("5 per 30 minutes"),
}
COUNTED_TOGETHER = {
    "security.verify": "security.login",
    "security.mf_recovery": "security.two_factor_token_validation",
}
COOKIE = "recruit_browser"
REMEMBERED = 180 * 24 * 3600
"""Seconds that a browser is known after a sign-in in it."""


class TooManyTries(TooManyRequests):
    """So much was tried on one account, or so many mails asked for, that no more is for a while."""


def register(app: Flask) -> None:
    """Let a sign-in forget what was tried before it, and make its browser known."""
    user_authenticated.connect(_signed_in, app)


def count(endpoint: str) -> None:
    """Count what a request tries on an account. Raises TooManyTries."""
    if endpoint not in LIMITS:
        return
    account = _account(_address(endpoint))
    if not limiter.limiter.hit(LIMITS[endpoint], *_counted(endpoint, account)):
        raise TooManyTries(
            _(
                "Too much was tried with this address. Nothing was changed. Try again within an "
                "hour, or use a browser in which you have signed in before. A link that you "
                "have been sent works as long as it says."
            )
        )


def _address(endpoint: str) -> str:
    if endpoint == "security.verify":
        return current_user.email if current_user.is_authenticated else ""
    if endpoint.startswith(("security.two_factor", "security.mf")):
        half_in = session.get("tf_user_id", "")
        return db.session.scalar(select(User.email).where(User.fs_uniquifier == half_in)) or ""
    sent = request.get_json(silent=True) if request.is_json else request.form
    return str(MultiDict(sent).get("email", "")) if isinstance(sent, dict) else ""


def _account(address: str) -> str:
    """Return what stands for an address, in whatever form it is written, where tries are counted.

    A digest: the counter may lie in a store that others read.
    """
    try:
        address = security._mail_util.normalize(address.strip())  # noqa: SLF001
    except ValueError:
        # It is no address, and nobody has an account with it.
        address = address.strip()
    return hashlib.sha256(address.lower().encode()).hexdigest()


def _counted(endpoint: str, account: str) -> tuple[str, str, str]:
    try:
        known, browser = _signer().loads(request.cookies.get(COOKIE, ""), max_age=REMEMBERED)
    except (BadData, ValueError, TypeError):
        known = browser = ""
    what = COUNTED_TOGETHER.get(endpoint, endpoint)
    return what, account, browser if known == account else ""


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="known-browser")


def _signed_in(app: Flask, *, user: User, **more: Any) -> None:
    del more
    account = _account(user.email)
    for endpoint in ("security.login", "security.two_factor_token_validation"):
        limiter.limiter.clear(LIMITS[endpoint], *_counted(endpoint, account))
    value = _signer().dumps([account, secrets.token_hex(16)])

    @after_this_request
    def _make_known(response: Response) -> Response:
        response.set_cookie(
            COOKIE,
            value,
            max_age=REMEMBERED,
            httponly=True,
            secure=app.config["SESSION_COOKIE_SECURE"],
            samesite="Lax",
        )
        return response
