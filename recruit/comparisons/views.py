"""The comparison as page, PDF and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, jsonify, render_template
from flask_babel import get_locale
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.comparisons.actions import note_view
from recruit.comparisons.queries import comparison_for
from recruit.documents.delivery import pdf_answer
from recruit.requisitions.queries import requisition as find_requisition

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from recruit.documents.comparison import ComparisonDocument

blueprint = Blueprint(
    "comparisons", __name__, url_prefix="/requisitions/<int:requisition_id>/comparison"
)


@blueprint.get("/")
@requires(Permission.COMPARISON_VIEW)
def show(requisition_id: int) -> ResponseReturnValue:
    """Show the comparison."""
    note_view(requisition_id, kind="page", actor_id=current_user.id)
    requisition = find_requisition(requisition_id)
    found = comparison_for(current_user.id, requisition, str(get_locale()))
    return render_template(
        "web/comparisons/show.html",
        requisition=requisition,
        found=found,
        **(
            {"content": found.document.content(), "t": found.document.words}
            if found.document
            else {}
        ),
    )


@blueprint.get("/comparison.pdf")
@requires(Permission.COMPARISON_VIEW)
def as_pdf(requisition_id: int) -> ResponseReturnValue:
    """Return the comparison as PDF."""
    document = _document(requisition_id, "pdf")
    return pdf_answer(document, requisition_id, f"comparison-{requisition_id}.pdf")


@blueprint.get("/comparison.json")
@requires(Permission.COMPARISON_VIEW)
def as_json(requisition_id: int) -> ResponseReturnValue:
    """Return the comparison as JSON."""
    return jsonify(_document(requisition_id, "json").comparison.as_json())


def _document(requisition_id: int, kind: str) -> ComparisonDocument:
    find_requisition(requisition_id)
    note_view(requisition_id, kind=kind, actor_id=current_user.id)
    document = comparison_for(current_user.id, find_requisition(requisition_id)).document
    if document is None:
        abort(404)
    return document
