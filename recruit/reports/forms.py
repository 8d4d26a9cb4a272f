"""Forms of reports."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

from recruit.core.text import written

LONGEST = 5000


def _text(label: object) -> TextAreaField:
    return TextAreaField(
        label,  # type: ignore[arg-type]
        filters=[written],
        validators=[Length(max=LONGEST, message=_l("Use at most 5,000 characters."))],
    )


class MeritsForm(FlaskForm):
    """What the law lets an applicant know about the one who was hired."""

    education = _text(_l("Education"))
    experience = _text(_l("Professional experience"))
    other = _text(_l("Other qualifications"))

    def validate(self, extra_validators: object = None) -> bool:
        """Refuse a form without any text."""
        if not super().validate(extra_validators):
            return False
        if not any((self.education.data, self.experience.data, self.other.data)):
            self.education.errors = [_("Write at least one qualification.")]
            return False
        return True
