"""Form of a deviation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from recruit.core.text import written

if TYPE_CHECKING:
    from recruit.core.guide import Guide

LONGEST = 2000


class DeviationForm(FlaskForm):
    """What was done otherwise, and why; ``use`` says of which guide."""

    question = SelectField(_l("What it is about"))
    what = TextAreaField(
        _l("What was done differently"),
        filters=[written],
        validators=[
            InputRequired(_l("Write what was done differently.")),
            Length(1, LONGEST, _l("Write something, at most 2,000 characters.")),
        ],
    )
    reason = TextAreaField(
        _l("Why"),
        filters=[written],
        validators=[
            InputRequired(_l("Write the reason.")),
            Length(1, LONGEST, _l("Write something, at most 2,000 characters.")),
        ],
    )

    def use(self, guide: Guide) -> None:
        """Offer the questions of the guide."""
        self.question.choices = [
            SelectChoice("", _l("The interview as a whole")),
            *(
                SelectChoice(question.id, f"{number}. {question.text[:80]}")
                for number, question in enumerate(guide.questions, start=1)
            ),
        ]
