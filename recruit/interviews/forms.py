"""Forms of interviews."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from recruit.interviews.models import DepartureKind

TIMEZONES = ("Europe/Stockholm", "Europe/Helsinki", "Europe/London", "UTC")


class InterviewForm(FlaskForm):
    """A new interview; the choices of candidate, round and panel are filled by the view."""

    candidate = SelectField(
        _l("Candidate"), coerce=int, validators=[InputRequired(_l("Choose a candidate."))]
    )
    version = SelectField(
        _l("Round"), coerce=int, validators=[InputRequired(_l("Choose a round."))]
    )
    date = DateField(_l("Date"), validators=[InputRequired(_l("Choose a date."))])
    time = TimeField(_l("Time"), validators=[InputRequired(_l("Choose a time."))])
    timezone = SelectField(
        _l("Time zone"), choices=[SelectChoice(zone, zone) for zone in TIMEZONES]
    )
    place = StringField(
        _l("Place or video link"),
        validators=[Length(max=300, message=_l("Use at most 300 characters."))],
    )
    panel = SelectMultipleField(
        _l("Panel"),
        coerce=int,
        validators=[InputRequired(_l("Choose at least one interviewer."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def starts_at(self) -> datetime:
        """Return the chosen moment with its time zone; only after validation."""
        assert self.date.data is not None
        assert self.time.data is not None
        return datetime.combine(self.date.data, self.time.data, tzinfo=ZoneInfo(self.timezone.data))


class CancelForm(FlaskForm):
    """Nothing but the token against forged requests."""


class StepDownForm(FlaskForm):
    """Why somebody leaves a panel."""

    kind = RadioField(
        _l("What is the matter?"),
        choices=[
            SelectChoice(
                DepartureKind.CONFLICT,
                _l("I have a conflict of interest: a tie to the candidate or a stake of my own"),
            ),
            SelectChoice(DepartureKind.STEPPED_DOWN, _l("I cannot take part")),
        ],
        validators=[InputRequired(_l("Choose one of the two."))],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("The recruiter reads it, and it stays in the panel's history."),
        validators=[Length(max=1000, message=_l("Use at most 1,000 characters."))],
    )


class ReplaceForm(FlaskForm):
    """Who takes a seat; the choices are filled by the view."""

    user = SelectField(
        _l("Who takes the seat?"), coerce=int, validators=[InputRequired(_l("Choose a person."))]
    )
