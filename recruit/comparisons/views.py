"""The comparison as page, PDF and JSON; the evidence behind it; weights to try."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.accounts.forms import EmptyForm
from recruit.comparisons import actions, queries
from recruit.comparisons.forms import WeightsForm, read_selection, read_sort
from recruit.comparisons.presentation import arranged, shown_ratings, shown_trial
from recruit.documents.delivery import pdf_answer
from recruit.documents.quota import count_document
from recruit.requisitions.queries import requisition as find_requisition

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from recruit.comparisons.queries import Selection
    from recruit.documents.comparison import ComparisonDocument
    from recruit.requisitions.models import Requisition

blueprint = Blueprint(
    "comparisons", __name__, url_prefix="/requisitions/<int:requisition_id>/comparison"
)


@blueprint.get("/")
@requires(Permission.COMPARISON_VIEW)
def show(requisition_id: int) -> ResponseReturnValue:
    """Show the comparison, or the part of it that the address names."""
    requisition = find_requisition(requisition_id)
    selection, sort = _looked_at(requisition)
    actions.note_view(requisition_id, kind="page", actor_id=current_user.id)
    found = queries.comparison_for(current_user.id, requisition, str(get_locale()), selection)
    given: dict[str, Any] = {}
    if found.document is not None:
        content = found.document.content()
        tables = arranged(found.document, content["heat_tables"], sort)
        given = {
            "content": content | {"heat_tables": tables},
            "t": found.document.words,
            "named": found.competencies,
            "weights_form": WeightsForm.read({}, queries.in_per_cent(found), found.competencies),
        }
    return render_template(
        "web/comparisons/show.html",
        requisition=requisition,
        found=found,
        selection=selection,
        sort=sort,
        empty_form=EmptyForm(formdata=None),
        **given,
    )


@blueprint.get("/evidence/<int:lot>/<competency_id>")
@requires(Permission.COMPARISON_VIEW)
def evidence(requisition_id: int, lot: int, competency_id: str) -> ResponseReturnValue:
    """Show what each interviewer wrote about one candidate and one competency."""
    requisition = find_requisition(requisition_id)
    language = str(get_locale())
    name, rows = queries.evidence(current_user.id, requisition, lot, competency_id, language)
    actions.note_view(requisition_id, kind="evidence", actor_id=current_user.id)
    return render_template(
        "web/comparisons/evidence.html",
        requisition=requisition,
        name=name,
        competency=queries.competency_names(requisition, language).get(
            competency_id, competency_id
        ),
        ratings=shown_ratings(rows, language),
    )


@blueprint.get("/weights")
@requires(Permission.COMPARISON_VIEW)
def weights(requisition_id: int) -> ResponseReturnValue:
    """Show the order under other weights; nothing is saved."""
    requisition = find_requisition(requisition_id)
    language = str(get_locale())
    ratings = queries.weighed(current_user.id, requisition, language)
    if not ratings.weights:
        abort(404)
    named = queries.competency_names(requisition, language)
    form = WeightsForm.read(request.args, ratings.per_cent, named)
    tried = None
    if not form.errors:
        tried = shown_trial(ratings.under(form.weights), named, language)
        actions.note_view(requisition_id, kind="weights", actor_id=current_user.id)
    return (
        render_template(
            "web/comparisons/weights.html",
            requisition=requisition,
            weights_form=form,
            named=named,
            tried=tried,
        ),
        400 if form.errors else 200,
    )


@blueprint.post("/pseudonyms")
@requires(Permission.REQUISITION_EDIT)
def pseudonyms(requisition_id: int) -> ResponseReturnValue:
    """Let comparisons call the candidates by letters until a decision, or by name again."""
    find_requisition(requisition_id)
    wanted = request.form.get("wanted") == "yes"
    actions.set_pseudonymous(requisition_id, wanted=wanted, actor_id=current_user.id)
    flash(
        _("Comparisons show the candidates as letters until you decide.")
        if wanted
        else _("Comparisons show the candidates by name."),
        "success",
    )
    return redirect(url_for("comparisons.show", requisition_id=requisition_id))


@blueprint.get("/comparison.pdf")
@requires(Permission.COMPARISON_VIEW)
def as_pdf(requisition_id: int) -> ResponseReturnValue:
    """Return the comparison as PDF."""
    document = _document(requisition_id)
    answer = pdf_answer(document, requisition_id, f"comparison-{requisition_id}.pdf")
    actions.note_view(requisition_id, kind="pdf", actor_id=current_user.id)
    return answer


@blueprint.get("/comparison.json")
@requires(Permission.COMPARISON_VIEW)
def as_json(requisition_id: int) -> ResponseReturnValue:
    """Return the comparison as JSON."""
    count_document()
    actions.note_view(requisition_id, kind="json", actor_id=current_user.id)
    return jsonify(_document(requisition_id).as_json())


def _looked_at(requisition: Requisition) -> tuple[Selection, str]:
    competencies = list(requisition.profile["competencies"])
    guides = queries.guide_ids(requisition.id) if request.args.get("round") else set()
    selection = read_selection(request.args, guides, competencies)
    return selection, read_sort(request.args, competencies)


def _document(requisition_id: int) -> ComparisonDocument:
    requisition = find_requisition(requisition_id)
    document = queries.comparison_for(current_user.id, requisition).document
    if document is None:
        abort(404)
    return document
