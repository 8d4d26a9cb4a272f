"""Documents and files made of a version of a guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify

from recruit.access import Permission, requires
from recruit.core import guide_file
from recruit.documents.delivery import pdf_answer
from recruit.guides import documents, queries

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint(
    "guide_documents",
    __name__,
    url_prefix="/requisitions/<int:requisition_id>/guides/<int:version_id>",
)


@blueprint.get("/kit.pdf")
@requires(Permission.GUIDE_VIEW)
def kit(requisition_id: int, version_id: int) -> ResponseReturnValue:
    """Return the interviewer kit as PDF."""
    version = queries.guide_version(requisition_id, version_id)
    name = f"guide-{version.guide.position}-v{version.number}.pdf"
    return pdf_answer(documents.interviewer_kit(version), requisition_id, name)


@blueprint.get("/questions.pdf")
@requires(Permission.GUIDE_VIEW)
def questions(requisition_id: int, version_id: int) -> ResponseReturnValue:
    """Return the question sheet for candidates as PDF."""
    version = queries.guide_version(requisition_id, version_id)
    name = f"questions-{version.guide.position}-v{version.number}.pdf"
    return pdf_answer(documents.question_sheet(version), requisition_id, name)


@blueprint.get("/scorecard.pdf")
@requires(Permission.GUIDE_VIEW)
def scorecard(requisition_id: int, version_id: int) -> ResponseReturnValue:
    """Return the blank scorecard to print as PDF."""
    version = queries.guide_version(requisition_id, version_id)
    name = f"scorecard-{version.guide.position}-v{version.number}.pdf"
    return pdf_answer(documents.blank_scorecard(version, fillable=False), requisition_id, name)


@blueprint.get("/scorecard-form.pdf")
@requires(Permission.GUIDE_VIEW)
def scorecard_form(requisition_id: int, version_id: int) -> ResponseReturnValue:
    """Return the blank scorecard as a PDF with fields to fill in."""
    version = queries.guide_version(requisition_id, version_id)
    name = f"scorecard-form-{version.guide.position}-v{version.number}.pdf"
    return pdf_answer(documents.blank_scorecard(version, fillable=True), requisition_id, name)


@blueprint.get("/guide.json")
@requires(Permission.GUIDE_VIEW)
def as_json(requisition_id: int, version_id: int) -> ResponseReturnValue:
    """Return the version as JSON."""
    return jsonify(queries.content(queries.guide_version(requisition_id, version_id)).as_json())


@blueprint.get("/guide.yaml")
@requires(Permission.GUIDE_VIEW)
def as_yaml(requisition_id: int, version_id: int) -> ResponseReturnValue:
    """Return the version as a YAML file, which can be imported."""
    version = queries.guide_version(requisition_id, version_id)
    name = f"guide-{version.guide.position}-v{version.number}.yaml"
    response = Response(guide_file.as_yaml(queries.content(version)), mimetype="application/yaml")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
