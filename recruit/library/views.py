"""Pages of the competency library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request
from flask_babel import get_locale
from flask_wtf import FlaskForm

from recruit.access import Permission, requires
from recruit.library import library, own, queries
from recruit.library.forms import SearchForm

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("library", __name__, url_prefix="/library")


blueprint.add_app_template_global(own.own_parts)


@blueprint.get("/")
@requires(Permission.LIBRARY_VIEW)
def index() -> ResponseReturnValue:
    """Show the competencies, or the questions that answer to a search."""
    language = str(get_locale())
    form = SearchForm(request.args)
    form.name_competencies(
        {key: item.name.in_(language) for key, item in library().competencies.items()}
    )
    fits = form.validate()
    search = form.search() if fits else queries.Search()
    return (
        render_template(
            "web/library/index.html",
            form=form,
            competencies=library().competencies.values(),
            found=None if search.is_open else queries.find(search, language),
        ),
        200 if fits else 400,
    )


@blueprint.get("/<competency_id>")
@requires(Permission.LIBRARY_VIEW)
def show(competency_id: str) -> ResponseReturnValue:
    """Show one competency: what it is, how it fails, its questions, its scale, its sources."""
    competency = queries.competency(competency_id)
    return render_template(
        "web/library/competency.html",
        competency=competency,
        questions=queries.by_kind(competency),
        claims=queries.claims_of(competency),
        sources=library().claims.sources,
        entry=own.entry(competency_id),
        form=FlaskForm(formdata=None),
    )
