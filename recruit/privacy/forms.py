"""Forms of privacy."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Form, RadioField, SelectField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from recruit.core.text import written
from recruit.privacy.models import ErasureGround, LegalBasis
from recruit.privacy.queries import today
from recruit.privacy.trail import Wanted

LONGEST_YEARS = 30

BASES = {
    LegalBasis.PUBLIC_TASK: _l("Public task (article 6.1 e): municipality, region, state agency"),
    LegalBasis.LEGITIMATE_INTEREST: _l("Legitimate interest (article 6.1 f): private employer"),
    LegalBasis.CONTRACT: _l("Steps at the candidate's request before a contract (article 6.1 b)"),
}
GROUNDS = {
    ErasureGround.NOT_NEEDED: _l("The data is not needed: withdrew before any interview was held"),
    ErasureGround.OBJECTION: _l("The candidate objects, and nothing outweighs that"),
    ErasureGround.UNLAWFUL: _l("The data should never have been stored"),
    ErasureGround.MISTAKE: _l("The candidate was added by mistake"),
}


def _is_near(form: Form, field: DateField) -> None:
    """Refuse days that no trail reaches, and that cannot be reckoned with."""
    del form
    if field.data is not None and not 2000 <= field.data.year <= 2200:
        raise ValidationError(_("Choose a day, such as 2028-12-31."))


class KeepForm(FlaskForm):
    """Another last day than the rule gives."""

    until = DateField(
        _l("Keep until"),
        validators=[InputRequired(_l("Choose a day, such as 2028-12-31."))],
    )
    reason = TextAreaField(
        _l("Why this day"),
        filters=[written],
        validators=[
            DataRequired(_l("Write why the data is kept until this day.")),
            Length(max=1000, message=_l("Use at most 1,000 characters.")),
        ],
    )

    def validate_until(self, field: DateField) -> None:
        """Refuse days that have been, and those beyond any claim."""
        if not isinstance(field.data, date):
            raise ValidationError(_("Choose a day, such as 2028-12-31."))
        if field.data < today():
            raise ValidationError(_("Choose today or a later day."))
        if field.data.year > today().year + LONGEST_YEARS:
            raise ValidationError(_("Choose a day within %(years)s years.", years=LONGEST_YEARS))


class HoldForm(FlaskForm):
    """Stop erasure, with the reason."""

    hold_reason = TextAreaField(
        _l("Why erasure must wait"),
        filters=[written],
        validators=[
            DataRequired(_l("Write why erasure must wait.")),
            Length(max=1000, message=_l("Use at most 1,000 characters.")),
        ],
    )


class EraseCandidateForm(FlaskForm):
    """Why one candidate is erased before the time."""

    ground = RadioField(
        _l("Why it may be erased now"),
        choices=[SelectChoice(key.value, label) for key, label in GROUNDS.items()],
        validators=[InputRequired(_l("Choose why it may be erased now."))],
    )


class InformationForm(FlaskForm):
    """What candidates are told."""

    purpose = TextAreaField(
        _l("What the data is for"),
        filters=[written],
        validators=[
            DataRequired(_l("Write what the data is for.")),
            Length(max=2000, message=_l("Use at most 2,000 characters.")),
        ],
    )
    legal_basis = RadioField(
        _l("Legal basis"),
        choices=[SelectChoice(key.value, label) for key, label in BASES.items()],
        validators=[InputRequired(_l("Choose a legal basis."))],
    )
    readers = TextAreaField(
        _l("Who reads it"),
        filters=[written],
        validators=[
            DataRequired(_l("Write who reads the data.")),
            Length(max=2000, message=_l("Use at most 2,000 characters.")),
        ],
    )
    addition = TextAreaField(
        _l("More that candidates should know"),
        filters=[written],
        validators=[Length(max=4000, message=_l("Use at most 4,000 characters."))],
    )


class TrailForm(Form):
    """Which events of the trail are wanted; the choices are what there is."""

    requisition = SelectField(_l("Requisition"), validators=[Optional()])
    person = SelectField(_l("Person"), validators=[Optional()])
    action = SelectField(_l("What was done"), validators=[Optional()])
    since = DateField(_l("From"), validators=[Optional(), _is_near])
    until = DateField(_l("Through"), validators=[Optional(), _is_near])

    def wanted(self) -> Wanted:
        """Return the filter."""
        return Wanted(
            requisition_id=int(self.requisition.data) if self.requisition.data else None,
            person_id=int(self.person.data) if self.person.data else None,
            action=self.action.data or "",
            since=self.since.data,
            until=self.until.data,
        )
