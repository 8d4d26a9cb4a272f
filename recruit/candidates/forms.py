"""Forms of candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, EmailField, SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Email, Length, Optional

from recruit.candidates.applicants import FIELDS, Columns
from recruit.core.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_COLUMN = -1


class CandidateForm(FlaskForm):
    """A new candidate, or one that is edited."""

    name = StringField(
        _l("Name"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write the candidate's name.")),
            Length(max=120, message=_l("Use at most 120 characters.")),
        ],
    )
    email = EmailField(
        _l("Email address"),
        filters=[one_line],
        validators=[
            Optional(),
            Email(_l("Write the address like this: name@example.org.")),
            Length(max=255, message=_l("Use at most 255 characters.")),
        ],
    )
    internal = BooleanField(_l("Works in the organisation today"))


class CvForm(FlaskForm):
    """A CV to attach."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file first."))])


class ImportForm(FlaskForm):
    """A file with candidates."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file first."))])


class ColumnsForm(FlaskForm):
    """Which column holds what; the choices are the columns of the file."""

    name = SelectField(_l("Name"), coerce=int)
    first_name = SelectField(_l("First name"), coerce=int)
    last_name = SelectField(_l("Last name"), coerce=int)
    email = SelectField(_l("Email address"), coerce=int)
    internal = SelectField(_l("Works in the organisation"), coerce=int)

    def offer(self, head: Sequence[str], guessed: Columns) -> None:
        """Let each field be one of the columns or none, and begin with what was guessed."""
        choices = [SelectChoice(NO_COLUMN, _("– not in the file –"))]
        choices += [
            SelectChoice(position, heading or _("Column %(number)d", number=position + 1))
            for position, heading in enumerate(head)
        ]
        for field, column in zip(FIELDS, guessed, strict=True):
            self[field].choices = choices
            if not self.is_submitted() and self[field].raw_data in (None, []):
                self[field].data = NO_COLUMN if column is None else column

    def columns(self) -> Columns:
        """Return the chosen columns."""
        chosen = {field: self[field].data for field in FIELDS}
        return Columns(**{f: None if c == NO_COLUMN else c for f, c in chosen.items()})
