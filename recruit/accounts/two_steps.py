"""Two-step sign-in: a password or a link, and then a code from an app that the person has.

Codes, their encryption and the check of one are Flask-Security's and libpass's (RFC 6238).
"""

from __future__ import annotations

from flask import current_app

from recruit.accounts.models import User
from recruit.accounts.notices import tell
from recruit.audit.actions import record
from recruit.database import db, write
from recruit.extensions import security

ONE_STEP = frozenset({"password", "change", "reset", "link"})
"""Ways to sign in that ask for nothing but what can be learnt or read."""


class CodeIsWrong(ValueError):
    """The code is mistyped, used already, or of another moment."""


class AreOn(ValueError):
    """Another app makes the person's codes already."""


def are_on(user: User) -> bool:
    """Tell whether the person signs in by two steps."""
    return user.tf_primary_method is not None


def are_asked_of(user: User) -> bool:
    """Tell whether the organisation asks the person for two steps."""
    wanted = current_app.config["RECRUIT_TWO_STEPS_REQUIRED"]
    return wanted == "everybody" or (wanted == "roles" and bool(user.roles))


def must_be_on(user: User, came_by: str) -> bool:
    """Tell whether two steps are asked of somebody who has come by one.

    ``came_by`` is the way of the sign-in, as SignIn keeps it. A passkey stands for both steps; the
    organisation's provider asks for as many as it likes.
    """
    return came_by in ONE_STEP and not are_on(user) and are_asked_of(user)


def new_secret() -> str:
    """Return what an app makes its codes of, encrypted."""
    return str(security.totp_factory.generate_totp_secret())


def turn_on(user_id: int, secret: str, code: str) -> list[str]:
    """Let a person sign in by two steps from now on; return the recovery codes.

    ``code`` shows that the person's app has the secret. Raises AreOn and CodeIsWrong.
    """
    with write():
        user = db.session.get_one(User, user_id, with_for_update=True)
        if are_on(user):
            raise AreOn(user_id)
        window = current_app.config["SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY"]
        if not security.totp_factory.verify_totp(code, secret, user, window):
            raise CodeIsWrong
        user.tf_totp_secret = secret
        user.tf_primary_method = "authenticator"
        codes = security.mf_recovery_codes_util.create_recovery_codes(user)
        record("account.two_steps_on", actor_id=user_id, subject=user.recipient)
        tell(user, "two_steps_on")
    return list(codes)


def renew_recovery_codes(user_id: int) -> list[str]:
    """Return new recovery codes; the earlier ones stop working."""
    with write():
        user = db.session.get_one(User, user_id)
        codes = security.mf_recovery_codes_util.create_recovery_codes(user)
        record("account.recovery_codes", actor_id=user_id, subject=user.recipient)
    return list(codes)


def turn_off(user_id: int, *, actor_id: int | None) -> None:
    """Let a person sign in by one step again; the recovery codes stop working."""
    with write():
        user = db.session.get_one(User, user_id)
        if not are_on(user):
            return
        user.tf_primary_method = user.tf_totp_secret = user.last_code_counter = None
        user.mf_recovery_codes = None
        record("account.two_steps_off", actor_id=actor_id, subject=user.recipient)
        tell(user, "two_steps_off")
