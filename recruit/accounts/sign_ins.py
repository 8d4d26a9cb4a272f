"""Where people are signed in: begun, checked on every request, listed and ended.

A program shows a token on every request instead: ``recruit.accounts.tokens`` makes them.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_security import login_user, user_authenticated
from flask_security.utils import set_request_attr
from sqlalchemy import delete, select, update
from sqlalchemy.orm import contains_eager, joinedload
from ua_parser import parse_os, parse_user_agent

from recruit.accounts.models import ApiToken, SignIn, User
from recruit.audit.actions import record
from recruit.database import DatabaseTrouble, begin_write, db, now, write
from recruit.extensions import security

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from flask import Flask, Request
    from flask.typing import ResponseReturnValue
    from sqlalchemy import ColumnElement
    from werkzeug.wrappers import Response

LONGEST = timedelta(days=30)
"""However little a browser is closed, one signs in anew after this."""
KEY = "sign_in"
NOTED = timedelta(hours=1)
"""How exactly it is kept when a token was used last."""


def register(app: Flask) -> None:
    """Let every sign-in be kept, whatever the way, and hold for as long as it is."""
    user_authenticated.connect(_begin, app)
    app.login_manager.user_loader(_whose)  # type: ignore[attr-defined]
    # In place of Flask-Security's own tokens, which it gives to whoever asks and which never end.
    app.login_manager.request_loader(_of_token)  # type: ignore[attr-defined]
    security.reauthn_handler(_ask_again)


def let_in(user_id: int, way: str) -> None:
    """Sign somebody in, in this browser."""
    with write():
        login_user(db.session.get_one(User, user_id), authn_via=[way])


def second_step(user: User, way: str) -> ResponseReturnValue | None:
    """Return where somebody who has come this way writes a code; nothing when none is asked for."""
    answer: ResponseReturnValue | None = security.two_factor_plugins.tf_enter(user, None, way, None)
    return answer


def _begin(app: Flask, *, user: User, authn_via: list[str] | None, **more: Any) -> None:
    """Keep a sign-in, within the transaction of the view that lets somebody in.

    Flask-Security does not say by which way it was when it took a second step.
    """
    del app, more
    begin_write()
    old = SignIn.began_at < now() - LONGEST
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id, old))
    session[KEY] = secrets.token_urlsafe(32)
    way = authn_via[0] if authn_via else "two_steps"
    db.session.add(SignIn(user_id=user.id, secret=session[KEY], way=way, device=_device()))
    db.session.flush()
    record("account.sign_in", actor_id=user.id, subject=user.recipient, way=way)
    g.has_signed_in = True


def _ask_again(within: timedelta, grace: timedelta) -> Response:
    """Send whoever signed in a while ago to show that it is still them, and then back."""
    del within, grace
    flash(_("It was a while ago that you signed in. Show once more that it is you."), "info")
    # What was sent is not sent again by itself.
    target = request.full_path if request.method == "GET" else url_for("account.show")
    return redirect(url_for("security.verify", next=target))


def _device() -> str:
    """Return what the browser calls itself and its system: "Firefox, Windows"."""
    agent = request.user_agent.string
    known = (parse_user_agent(agent), parse_os(agent))
    return ", ".join(found.family for found in known if found)[:80]


def _whose(uniquifier: str) -> User | None:
    """Return who is signed in in this browser: asked on every request, in one query.

    The API asks for a token: what a browser sends by itself must not do anything there.
    """
    if request.blueprint == "api":
        return None
    found = db.session.execute(
        select(User, SignIn.way)
        .join(SignIn)
        .where(User.fs_uniquifier == uniquifier, User.active, *_here())
        .options(joinedload(User.roles))
    )
    row = found.unique().one_or_none()
    if row is None:
        return None
    # As Flask-Security's own does, whose pages look for it.
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    g.came_by = row.way
    user: User = row.User
    return user


def _of_token(request: Request) -> User | None:
    """Return whose token a request to the API shows, and keep the token for what it may do."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if request.blueprint != "api" or kind.lower() != "bearer":
        return None
    token = (
        db.session.scalars(
            select(ApiToken)
            .join(ApiToken.user)
            .where(
                ApiToken.hash == ApiToken.hash_of(secret), ApiToken.lasts_until > now(), User.active
            )
            .options(contains_eager(ApiToken.user).joinedload(User.roles))
        )
        .unique()
        .one_or_none()
    )
    if token is None:
        g.token_is_refused = True
        return None
    g.may_write = token.may_write
    user = token.user
    if token.used_at is None or token.used_at < now() - NOTED:
        _note_use(token.id)
    return user


def _note_use(token_id: int) -> None:
    # Whoever only reads is not refused because the disk is full or somebody writes.
    with suppress(DatabaseTrouble), write():
        db.session.execute(update(ApiToken).where(ApiToken.id == token_id).values(used_at=now()))


def of(user_id: int) -> Sequence[SignIn]:
    """Return where the person is signed in, the latest first."""
    return db.session.scalars(
        select(SignIn)
        .where(SignIn.user_id == user_id, SignIn.began_at >= now() - LONGEST)
        .order_by(SignIn.began_at.desc(), SignIn.id.desc())
    ).all()


def is_here(sign_in: SignIn) -> bool:
    """Tell whether a sign-in is that of this browser."""
    return secrets.compare_digest(sign_in.secret, session.get(KEY, ""))


def end_here(user_id: int) -> None:
    """End the sign-in of this browser."""
    with write():
        db.session.execute(delete(SignIn).where(SignIn.user_id == user_id, *_here()))
        record("account.sign_out_here", actor_id=user_id, subject=f"user:{user_id}")


def end(user_id: int, sign_in_id: int) -> None:
    """End one of the person's sign-ins; of one that has ended meanwhile nothing is left to do."""
    with write():
        _end(user_id, SignIn.id == sign_in_id)


def end_others(user_id: int) -> None:
    """End all of the person's sign-ins but that of this browser."""
    with write():
        _end(user_id, SignIn.secret != session[KEY])


def end_all(user_id: int) -> None:
    """End all of the person's sign-ins, within the caller's transaction."""
    db.session.execute(delete(SignIn).where(SignIn.user_id == user_id))


def end_tokens(user_id: int) -> None:
    """End all of the person's tokens, within the caller's transaction."""
    db.session.execute(delete(ApiToken).where(ApiToken.user_id == user_id))


def _here() -> tuple[ColumnElement[bool], ...]:
    return (
        SignIn.secret == session.get(KEY, ""),
        SignIn.began_at >= now() - LONGEST,
    )


def _end(user_id: int, which: ColumnElement[bool]) -> None:
    ended = db.session.execute(
        delete(SignIn).where(SignIn.user_id == user_id, which).returning(SignIn.id)
    ).all()
    if ended:
        record("account.sign_out", actor_id=user_id, subject=f"user:{user_id}")
