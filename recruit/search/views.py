"""The page of the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request
from flask_babel import get_locale
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.home.queries import progress
from recruit.interviews.queries import interviews_of
from recruit.search import queries
from recruit.search.forms import LONGEST, SearchForm
from recruit.search.words import words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("search", __name__)


@blueprint.app_template_global()
def longest_search() -> int:
    """Return how many characters the header's field takes."""
    return LONGEST


@blueprint.get("/search")
@requires(Permission.SEARCH)
def show() -> ResponseReturnValue:
    """Show what answers to the words, by kind, with where each stands."""
    form = SearchForm(request.args)
    fits = form.validate()
    wanted = words(form.q.data or "") if fits else []
    found = queries.find(wanted, current_user, str(get_locale())) if wanted else None
    return (
        render_template(
            "web/search/show.html",
            form=form,
            found=found,
            progress=progress(found.requisitions) if found else {},
            own={i.candidate_id: i for i in interviews_of(current_user.id)} if found else {},
        ),
        200 if fits else 400,
    )
