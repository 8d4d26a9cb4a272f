"""Forms of requisitions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Email, InputRequired, Length

from recruit.requisitions.models import MemberRole

LANGUAGE_CHOICES = [SelectChoice("sv", _l("Swedish")), SelectChoice("en", _l("English"))]


class RequisitionForm(FlaskForm):
    """A new requisition from a role profile; ``role.choices`` is filled from the library."""

    role = SelectField(_l("Role profile"), validators=[InputRequired(_l("Choose a profile."))])
    title = StringField(
        _l("Title of the position"),
        validators=[
            InputRequired(_l("Write the title of the position.")),
            Length(max=200, message=_l("Use at most 200 characters.")),
        ],
    )
    unit = StringField(
        _l("Unit"), validators=[Length(max=200, message=_l("Use at most 200 characters."))]
    )
    language = SelectField(
        _l("Language of guide and reports"),
        choices=LANGUAGE_CHOICES,
    )


class MemberForm(FlaskForm):
    """Give somebody a role in the requisition; a new address gets an account and an invitation."""

    name = StringField(
        _l("Name"),
        validators=[
            InputRequired(_l("Write the person's name.")),
            Length(max=120, message=_l("Use at most 120 characters.")),
        ],
    )
    email = EmailField(
        _l("Email address"),
        validators=[
            InputRequired(_l("Write the person's email address.")),
            Email(_l("Write the address like this: name@example.org.")),
            Length(max=255, message=_l("Use at most 255 characters.")),
        ],
    )
    role = SelectField(
        _l("Role"),
        choices=[
            SelectChoice(MemberRole.INTERVIEWER.value, _l("Interviewer")),
            SelectChoice(MemberRole.HIRING_MANAGER.value, _l("Hiring manager")),
        ],
    )
