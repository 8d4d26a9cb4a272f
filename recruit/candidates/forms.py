"""Forms of candidates."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, StringField
from wtforms.validators import Email, InputRequired, Length, Optional


class CandidateForm(FlaskForm):
    """A new candidate."""

    name = StringField(
        _l("Name"),
        validators=[
            InputRequired(_l("Write the candidate's name.")),
            Length(max=120, message=_l("Use at most 120 characters.")),
        ],
    )
    email = EmailField(
        _l("Email address"),
        validators=[
            Optional(),
            Email(_l("Write the address as in name@example.org.")),
            Length(max=255, message=_l("Use at most 255 characters.")),
        ],
    )
    internal = BooleanField(_l("Works in the organisation today"))


class WithdrawForm(FlaskForm):
    """Nothing but the token against forged requests."""
