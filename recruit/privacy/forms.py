"""Forms of privacy."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import (
    BooleanField,
    DateField,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from recruit.core.text import written
from recruit.privacy.models import ErasureGround, LegalBasis
from recruit.privacy.queries import today
from recruit.privacy.trail import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask_babel.speaklater import LazyString

    from recruit.privacy.mentions import Passage

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
KINDS: dict[str, LazyString] = {
    "consensus_agreement": _l("what the panel agreed"),
    "decided_ground": _l("evidence that a decision rests on"),
    "decided_outcome": _l("reason for an outcome"),
    "decision": _l("reason for the decision"),
    "delivery": _l("email that waits"),
    "deviation": _l("deviation"),
    "flagged_wording": _l("reason for a wording"),
    "interview": _l("place or message of an interview"),
    "merit_statement": _l("qualifications"),
    "panel_departure": _l("why somebody left a panel"),
    "privacy_record": _l("reason for keeping the data"),
    "question_note": _l("note on an answer"),
    "rating": _l("evidence for a rating"),
    "scorecard": _l("summary of a scorecard"),
    "submission": _l("scorecard as it was submitted"),
}
"""What the texts of a table are."""


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
    places = SelectMultipleField(
        _l("Where may the candidate be meant?"),
        description=_l(
            "Somebody else has the name too, or it is a word. Tick where the candidate is meant."
        ),
        validate_choice=False,
    )
    rest = BooleanField(
        _l("Take a first name or a surname by itself out where I cannot see the text too"),
        description=_l(
            "That concerns drafts, scorecards that you may not read yet, and what there is no"
            " room for here. The full name always goes, everywhere."
        ),
    )

    def offer(self, passages: Iterable[Passage]) -> None:
        """Let the places be chosen among."""
        self.places.choices = [
            SelectChoice(
                passage.key,
                Markup("{}<strong>{}</strong>{} – {}").format(
                    passage.before, passage.name, passage.after, where(passage)
                ),
            )
            for passage in passages
        ]

    def validate_places(self, field: SelectMultipleField) -> None:
        """Refuse places that read otherwise than when they were shown."""
        if not set(field.data or ()) <= {choice[0] for choice in field.iter_choices()}:
            raise ValidationError(
                _("What was written has changed meanwhile. Look through the places again.")
            )


def where(passage: Passage) -> str:
    """Return in words in what kind of text a passage stands, and about whom it is."""
    kind = KINDS.get(passage.table, _l("another text"))
    if not passage.about:
        return str(kind)
    return str(_("%(kind)s about %(candidate)s", kind=kind, candidate=passage.about))


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
