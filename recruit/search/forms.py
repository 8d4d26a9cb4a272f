"""The form of the search."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SearchField
from wtforms.validators import Length

LONGEST = 100


class SearchForm(FlaskForm):
    """Look for something by words of its name; changes nothing."""

    class Meta:
        csrf = False

    q = SearchField(
        _l("What are you looking for?"),
        description=_l(
            "A name, a position, a guide or a question. The beginning of a word will do."
        ),
        render_kw={"maxlength": LONGEST, "aria-keyshortcuts": "/", "data-search": True},
        validators=[Length(max=LONGEST, message=_l("Use at most 100 characters."))],
    )
