"""Forms of accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Email, Length

from recruit.core.text import one_line


class LinkForm(FlaskForm):
    """Ask for a one-time link."""

    email = EmailField(
        _l("Email address"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write your email address.")),
            Email(_l("Write the address like this: name@example.org.")),
            Length(max=255, message=_l("Use at most 255 characters.")),
        ],
    )


class CodeForm(FlaskForm):
    """Write the code that an app shows."""

    code = StringField(
        _l("Code"),
        validators=[DataRequired(_l("Write the six digits that the app shows."))],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class TokenForm(FlaskForm):
    """A token for a program."""

    name = StringField(
        _l("Name"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write what the token is for.")),
            Length(max=64, message=_l("Use at most 64 characters.")),
        ],
    )
    days = SelectField(
        _l("Lasts"),
        coerce=int,
        default=90,
        choices=[
            SelectChoice(30, _l("30 days")),
            SelectChoice(90, _l("90 days")),
            SelectChoice(365, _l("One year")),
        ],
    )
    may_write = BooleanField(_l("May add candidates"))


class EmptyForm(FlaskForm):
    """Nothing but the token against forged requests."""


class LanguageForm(FlaskForm):
    """Choose the language of the pages."""

    language = SelectField(choices=[SelectChoice("sv", "Svenska"), SelectChoice("en", "English")])


LANGUAGE_CHOICES = [SelectChoice("sv", _l("Swedish")), SelectChoice("en", _l("English"))]
ROLES = [
    SelectChoice("", _l("None – invited to individual requisitions")),
    SelectChoice("recruiter", _l("Recruiter")),
    SelectChoice("administrator", _l("Administrator")),
    SelectChoice("administrator recruiter", _l("Administrator and recruiter")),
]


class RoleForm(FlaskForm):
    """Change what somebody may do in the whole organisation."""

    role = SelectField(_l("Role in the organisation"), choices=ROLES)


class PersonForm(FlaskForm):
    """Whoever is to have an account."""

    name = StringField(
        _l("Name"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write the person's name.")),
            Length(max=120, message=_l("Use at most 120 characters.")),
        ],
    )
    email = EmailField(
        _l("Email address"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write the person's email address.")),
            Email(_l("Write the address like this: name@example.org.")),
            Length(max=255, message=_l("Use at most 255 characters.")),
        ],
    )


class InvitationForm(PersonForm):
    """Invite somebody to an account."""

    role = SelectField(_l("Role in the organisation"), choices=ROLES)
    language = SelectField(_l("Language"), choices=LANGUAGE_CHOICES)
