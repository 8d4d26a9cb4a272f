"""Forms of requisitions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length

from recruit.accounts.forms import LANGUAGE_CHOICES, PersonForm
from recruit.core.text import one_line
from recruit.requisitions.models import MemberRole


class RequisitionForm(FlaskForm):
    """A new requisition from a role profile; ``role.choices`` is filled from the library."""

    role = SelectField(_l("Role profile"), validators=[InputRequired(_l("Choose a profile."))])
    title = StringField(
        _l("Title of the position"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write the title of the position.")),
            Length(max=200, message=_l("Use at most 200 characters.")),
        ],
    )
    unit = StringField(
        _l("Unit"),
        filters=[one_line],
        validators=[Length(max=200, message=_l("Use at most 200 characters."))],
    )
    language = SelectField(
        _l("Language of guide and reports"),
        choices=LANGUAGE_CHOICES,
    )


class MemberForm(PersonForm):
    """Give somebody a role in the requisition; a new address gets an account and an invitation."""

    role = SelectField(
        _l("Role"),
        choices=[
            SelectChoice(MemberRole.INTERVIEWER.value, _l("Interviewer")),
            SelectChoice(MemberRole.HIRING_MANAGER.value, _l("Hiring manager")),
        ],
    )
