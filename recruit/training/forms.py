"""Forms of the rater training."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from recruit.core.text import written
from recruit.training.exercises import exercises

LONGEST_WHY = 2000


class RatingForm(FlaskForm):
    """A rating of one written answer."""

    rating = RadioField(
        _l("Your rating"),
        choices=[SelectChoice(str(point), str(point)) for point in range(1, 6)],
        validators=[InputRequired(_l("Choose a point from 1 to 5."))],
    )
    why = TextAreaField(
        _l("Why?"),
        filters=[written],
        validators=[Length(max=LONGEST_WHY, message=_l("Use at most 2,000 characters."))],
    )
    seen = HiddenField(validators=[Regexp(r"^[0-9]{1,6}$")])


class RequirementForm(FlaskForm):
    """What a requisition requires of its interviewers."""

    demand = RadioField(
        _l("What must an interviewer have done before submitting ratings?"),
        choices=[
            SelectChoice("nothing", _l("Nothing. The training is open to everybody anyway.")),
            SelectChoice("round", _l("All exercises of the competencies in their own round")),
            SelectChoice("count", _l("At least so many exercises, of any competency:")),
        ],
        validators=[InputRequired(_l("Choose one of the three."))],
    )
    exercises = StringField(_l("Number of exercises"))

    def validate_exercises(self, field: StringField) -> None:
        """Ask for a number that can be done, where one is asked for."""
        del field
        if self.demand.data == "count" and self.number is None:
            raise ValidationError(_("Write a number from 1 to %(most)s.", most=len(exercises())))

    @property
    def number(self) -> int | None:
        """How many exercises are asked for; None when that is no number that can be done."""
        written = (self.exercises.data or "").strip()
        if not (written.isascii() and written.isdigit() and len(written) < 4):
            return None
        return int(written) if 1 <= int(written) <= len(exercises()) else None
