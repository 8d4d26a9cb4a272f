"""Where people are signed in: begun, checked on every request, listed and ended.

A program shows a token on every request instead: ``recruit.accounts.tokens`` makes them.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_security import login_user, user_authenticated
from flask_security.utils import set_request_attr
from sqlalchemy import and_, delete, select, update
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
    from sqlalchemy import ColumnElement, Update
    from werkzeug.wrappers import Response

LONGEST = timedelta(days=30)
"""However little a browser is closed, one signs in anew after this."""
KEY = "sign_in"
NOTED = timedelta(hours=1)
"""How exactly it is kept when a token was used last."""
USE_NOTED = timedelta(minutes=5)
"""How exactly it is kept when a sign-in was used last."""
NO_USE = frozenset({"accounts.whose_session"})
"""What a page asks by itself, whether or not anybody sits before it."""


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
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id, ~and_(*_holds())))
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
        select(User, SignIn.way, SignIn.id.label("sign_in_id"), SignIn.last_used_at)
        .join(SignIn)
        .where(User.fs_uniquifier == uniquifier, User.active, *_here())
        .options(joinedload(User.roles))
    )
    row = found.unique().one_or_none()
    if row is None:
        _tell_of_idleness()
        return None
    if row.last_used_at < now() - USE_NOTED and request.endpoint not in NO_USE:
        _note(update(SignIn).where(SignIn.id == row.sign_in_id).values(last_used_at=now()))
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
        _note(update(ApiToken).where(ApiToken.id == token.id).values(used_at=now()))
    return user


def _note(use: Update) -> None:
    # Whoever only reads is not refused because the disk is full or somebody writes.
    with suppress(DatabaseTrouble), write():
        db.session.execute(use)


def _tell_of_idleness() -> None:
    """Say once, on the page where one signs in anew, that a sign-in ended for want of use."""
    secret = session.pop(KEY, "")
    if not secret:
        return
    with suppress(DatabaseTrouble), write():
        idle = db.session.scalar(
            delete(SignIn)
            .where(SignIn.secret == secret, SignIn.last_used_at < now() - _longest_idle())
            .returning(SignIn.id)
        )
    if idle:
        flash(_("You were signed out, because Recruit had not been used for a while."), "info")


def _longest_idle() -> timedelta:
    return timedelta(minutes=current_app.config["RECRUIT_IDLE_MINUTES"])


def of(user_id: int) -> Sequence[SignIn]:
    """Return where the person is signed in, the latest first."""
    return db.session.scalars(
        select(SignIn)
        .where(SignIn.user_id == user_id, *_holds())
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
        *_holds(),
    )


def _holds() -> tuple[ColumnElement[bool], ...]:
    moment = now()
    return SignIn.began_at >= moment - LONGEST, SignIn.last_used_at >= moment - _longest_idle()


def _end(user_id: int, which: ColumnElement[bool]) -> None:
    ended = db.session.execute(
        delete(SignIn).where(SignIn.user_id == user_id, which).returning(SignIn.id)
    ).all()
    if ended:
        record("account.sign_out", actor_id=user_id, subject=f"user:{user_id}")
