"""Forms that import a guide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from recruit.core.profile import named_in

if TYPE_CHECKING:
    from recruit.core.guide_review import Review
    from recruit.core.profile import Profile

NOWHERE = 0


class GuideFileForm(FlaskForm):
    """A file with a guide."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file first."))])


class PlacesForm(FlaskForm):
    """Which round of the requisition each round of the file goes to; made by ``places_form``.

    ``mark`` tells which drafts the preview was shown for.
    """

    mark = HiddenField()

    @property
    def rounds(self) -> list[Any]:
        """The fields of the rounds, in the file's order."""
        return [field for field in self if field.name.startswith("round_")]

    def places(self) -> dict[int, int]:
        """Return the chosen positions (from 1) by number in the file (from 0)."""
        return {
            number: field.data
            for number, field in enumerate(self.rounds)
            if field.data and field.data != NOWHERE
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Tell whether every round goes to a place of its own, and at least one goes anywhere."""
        if not super().validate(extra_validators):
            return False
        chosen = list(self.places().values())
        if not chosen:
            self.rounds[0].errors = [_("Choose a round for at least one of those in the file.")]
        for field in self.rounds:
            if field.data != NOWHERE and chosen.count(field.data) > 1:
                field.errors = [_("Two rounds of the file cannot go to the same round.")]
        return not self.errors


def places_form(review: Review, profile: Profile, language: str) -> type[PlacesForm]:
    """Return the form for the rounds of a file."""
    nowhere = SelectChoice(NOWHERE, _("– is not imported –"))
    names = [
        SelectChoice(number, named_in(round_.name, language))
        for number, round_ in enumerate(profile.rounds, start=1)
    ]
    fields = {
        f"round_{number}": SelectField(
            _("Goes to"),
            coerce=int,
            choices=[nowhere, *(names if item.kept else [])],
            default=(item.position or NOWHERE) if item.kept else NOWHERE,
        )
        for number, item in enumerate(review.rounds)
    }
    return type("RoundsForm", (PlacesForm,), fields)
