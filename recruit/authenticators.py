"""What people sign in with beside a password, as Flask-Security is to treat it: codes, passkeys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import session
from flask_babel import lazy_gettext as _l
from flask_security import (
    MfRecoveryForm,
    TwoFactorRescueForm,
    WebAuthnRegisterForm,
    WebAuthnSigninResponseForm,
    WebauthnUtil,
)
from flask_security.totp import Totp
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import DataRequired

from recruit.database import begin_write, db

if TYPE_CHECKING:
    from passlib.totp import TotpMatch

QUESTION = "passkey_question"
"""Where a browser's session keeps what its passkey is asked."""


class Codes(Totp):  # type: ignore[misc]
    """Lets a code be used once: whoever looks over a shoulder is too late with it."""

    def get_last_counter(self, user: Any) -> int | None:
        """Return which code the person has used last; nobody else uses one until this is done."""
        begin_write()
        db.session.refresh(user, ["last_code_counter"], with_for_update=True)
        return user.last_code_counter  # type: ignore[no-any-return]

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Keep which code the person uses, within the transaction of the view."""
        user.last_code_counter = tmatch.counter
        db.session.flush()


class Passkeys(WebauthnUtil):  # type: ignore[misc]
    """Asks for passkeys that stand for both steps: the device, and who unlocks it."""

    def generate_challenge(self, nbytes: int | None = None) -> str:
        """Return a question to a passkey, which this browser alone can answer, and once."""
        session[QUESTION] = super().generate_challenge(nbytes)
        return str(session[QUESTION])

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        """Return which passkeys may be made: wherever they are kept, found without a name."""
        del user, usage
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        )

    def user_verification(self, user: Any, usage: list[str]) -> UserVerificationRequirement:
        """Return that a device has to know its owner, by finger, face or number."""
        del user, usage
        return UserVerificationRequirement.REQUIRED


class PasskeyForm(WebAuthnRegisterForm):  # type: ignore[misc]
    """Name a passkey; each is enough to sign in with."""

    usage = HiddenField()  # type: ignore[assignment]

    def validate(self, **more: Any) -> bool:
        """Tell whether the name can be given."""
        self.usage.data = "first"
        return bool(super().validate(**more))


class PasskeyAnswerForm(WebAuthnSigninResponseForm):  # type: ignore[misc]
    """What a device answers: its passkey opens no account that is closed.

    Flask-Security keeps the question in a signed address of one minute, which anybody could use
    who has seen question and answer.
    """

    def validate(self, **more: Any) -> bool:
        """Tell whether it answers what this browser was asked, and its account is open."""
        if session.pop(QUESTION, None) != self.challenge:
            self.credential.errors = [_l("It took too long. Begin again.")]
            return False
        return bool(super().validate(**more)) and not self.credential.errors


class RecoveryForm(MfRecoveryForm):  # type: ignore[misc]
    """Write a recovery code as it was printed, however the keyboard begins a line."""

    code = StringField(
        _l("Recovery code"),
        filters=[lambda text: (text or "").strip().lower()],
        validators=[DataRequired(_l("Write one of your recovery codes."))],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )


class NoRescueForm(TwoFactorRescueForm):  # type: ignore[misc]
    """Flask-Security asks for one beside every code; an administrator's help is outside of it."""

    help_setup = RadioField(choices=[])
