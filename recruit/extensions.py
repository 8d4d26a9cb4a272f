"""Extension instances, without logic; the application factory binds them."""

from __future__ import annotations

from flask_babel import Babel
from flask_mailman import Mail
from flask_migrate import Migrate
from flask_security import Security
from flask_wtf import CSRFProtect

from recruit.authenticators import (
    Codes,
    NoRescueForm,
    PasskeyAnswerForm,
    PasskeyForm,
    Passkeys,
    RecoveryForm,
)
from recruit.database import db
from recruit.limits import limiter
from recruit.mail.security import SecurityMail
from recruit.passwords import Passwords

__all__ = ["babel", "csrf", "db", "limiter", "mail", "migrate", "security"]

babel = Babel()
csrf = CSRFProtect()
mail = Mail()
migrate = Migrate(render_as_batch=True, compare_type=True)
security = Security(
    mail_util_cls=SecurityMail,
    password_util_cls=Passwords,
    totp_cls=Codes,
    webauthn_util_cls=Passkeys,
    wan_register_form=PasskeyForm,
    wan_signin_response_form=PasskeyAnswerForm,
    mf_recovery_form=RecoveryForm,
    two_factor_rescue_form=NoRescueForm,
)
