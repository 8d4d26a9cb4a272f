"""Forms of the competency library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SearchField, SelectField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length

from recruit.labels import KINDS, LEVELS, SECTORS
from recruit.library.queries import Search

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_SEARCH = 200


def _choices(labels: Mapping[str, object], anything: object) -> list[SelectChoice]:
    named = [SelectChoice(key, label) for key, label in labels.items() if key != "any"]
    return [SelectChoice("", anything), *named]


class SearchForm(FlaskForm):
    """Look for questions; changes nothing. ``competency.choices`` is filled from the library."""

    class Meta:
        csrf = False

    q = SearchField(
        _l("Words"),
        validators=[Length(max=LONGEST_SEARCH, message=_l("Use at most 200 characters."))],
    )
    competency = SelectField(_l("Competency"), choices=[], default="")
    kind = SelectField(_l("Kind of question"), choices=_choices(KINDS, _l("All kinds")), default="")
    level = SelectField(_l("Level"), choices=_choices(LEVELS, LEVELS["any"]), default="")
    sector = SelectField(_l("Sector"), choices=_choices(SECTORS, SECTORS["any"]), default="")

    def name_competencies(self, names: Mapping[str, str]) -> None:
        """Fill the choice of competencies with names by id."""
        self.competency.choices = _choices(names, _l("All competencies"))

    def search(self) -> Search:
        """Return what is looked for; only after validation."""
        return Search(
            words=self.q.data or "",
            competency=self.competency.data or "",
            kind=self.kind.data or "",
            level=self.level.data or "",
            sector=self.sector.data or "",
        )
