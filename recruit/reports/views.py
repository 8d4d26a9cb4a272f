"""Documents of a requisition: each is access-checked, logged, then made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.candidates.naming import elsewhere
from recruit.candidates.queries import candidate as find_candidate
from recruit.core.ratings_file import as_csv
from recruit.documents.delivery import pdf_answer, unkept_pdf_answer
from recruit.documents.exports import figures_csv
from recruit.documents.own_data_parts import in_parts
from recruit.documents.quota import count_document
from recruit.reports import actions, personal, queries
from recruit.reports import merits as merit_queries
from recruit.reports.forms import MeritsForm
from recruit.requisitions.queries import requisition as find_requisition

if TYPE_CHECKING:
    from collections.abc import Collection

    from flask.typing import ResponseReturnValue

    from recruit.documents.comparison import ComparisonDocument
    from recruit.documents.report import Report

blueprint = Blueprint("reports", __name__, url_prefix="/requisitions/<int:requisition_id>")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTE_ORDER_MARK = "\ufeff"
"""Without it, a spreadsheet takes a CSV file in UTF-8 for something else."""


@blueprint.get("/documents/")
@requires(Permission.COMPARISON_VIEW)
def index(requisition_id: int) -> ResponseReturnValue:
    """List every document that the reader may make."""
    requisition = find_requisition(requisition_id)
    people = elsewhere(current_user, requisition)
    return render_template(
        "web/reports/index.html",
        requisition=requisition,
        people=people,
        rows=people.in_order(
            queries.rows(current_user.id, requisition_id), lambda row: row.candidate
        ),
        called=merit_queries.called(requisition_id),
    )


@blueprint.get("/comparison/comparison.xlsx")
@requires(Permission.COMPARISON_VIEW)
def as_xlsx(requisition_id: int) -> ResponseReturnValue:
    """Return the comparison as a workbook."""
    from recruit.documents.workbook import workbook

    document = _compared(requisition_id, "xlsx")
    return _file(workbook(document), XLSX, f"comparison-{requisition_id}.xlsx")


@blueprint.get("/comparison/figures.csv")
@requires(Permission.COMPARISON_VIEW)
def as_figures(requisition_id: int) -> ResponseReturnValue:
    """Return every figure of the comparison as CSV."""
    text = figures_csv(_compared(requisition_id, "figures"))
    return _file(_encoded(text), "text/csv; charset=utf-8", f"figures-{requisition_id}.csv")


@blueprint.get("/comparison/ratings.csv")
@requires(Permission.COMPARISON_VIEW)
def as_ratings(requisition_id: int) -> ResponseReturnValue:
    """Return the ratings as CSV, as the command line reads them."""
    text = as_csv(_compared(requisition_id, "ratings").comparison.table)
    return _file(_encoded(text), "text/csv; charset=utf-8", f"ratings-{requisition_id}.csv")


@blueprint.get("/documents/panel-agreement.pdf")
@requires(Permission.COMPARISON_VIEW)
def panel_agreement(requisition_id: int) -> ResponseReturnValue:
    """Return how far the panel agrees, with every formula."""
    requisition = find_requisition(requisition_id)
    report = queries.panel_agreement(current_user.id, requisition)
    return _pdf(requisition_id, report, f"requisition:{requisition_id}", "panel-agreement")


@blueprint.get("/candidates/<int:candidate_id>/report.pdf")
@requires(Permission.COMPARISON_VIEW)
def candidate_report(requisition_id: int, candidate_id: int) -> ResponseReturnValue:
    """Return everything that the panel wrote about one candidate."""
    requisition = find_requisition(requisition_id)
    report = queries.candidate_report(current_user.id, requisition, candidate_id)
    return _pdf(
        requisition_id,
        report,
        f"candidate:{candidate_id}",
        f"candidate-{candidate_id}",
        about={candidate_id},
    )


@blueprint.get("/candidates/<int:candidate_id>/plan.pdf")
@requires(Permission.COMPARISON_VIEW)
def onboarding_plan(requisition_id: int, candidate_id: int) -> ResponseReturnValue:
    """Return the onboarding and development plan for the one who is hired."""
    requisition = find_requisition(requisition_id)
    report = queries.onboarding_plan(current_user.id, requisition, candidate_id)
    return _pdf(
        requisition_id,
        report,
        f"candidate:{candidate_id}",
        f"plan-{candidate_id}",
        about={candidate_id},
    )


@blueprint.get("/interviews/<int:interview_id>/scorecards/<int:scorecard_id>.pdf")
@requires(Permission.SCORECARD_READ)
def scorecard(requisition_id: int, interview_id: int, scorecard_id: int) -> ResponseReturnValue:
    """Return one interviewer's completed scorecard."""
    requisition = find_requisition(requisition_id)
    report = personal.completed_scorecard(current_user.id, requisition, interview_id, scorecard_id)
    return _pdf(
        requisition_id,
        report,
        f"scorecard:{scorecard_id}",
        f"scorecard-{scorecard_id}",
        about=personal.others_card_about(current_user.id, scorecard_id),
    )


@blueprint.get("/candidates/<int:candidate_id>/own-data.pdf")
@requires(Permission.RIGHTS_ANSWER)
def own_data(requisition_id: int, candidate_id: int) -> ResponseReturnValue:
    """Return what is stored about a candidate, for the candidate.

    What is too much for a document is in several: ``part`` says which, and without it the reader
    is led to the page that lists them.
    """
    requisition = find_requisition(requisition_id)
    parts = in_parts(personal.own_data(current_user.id, requisition, candidate_id))
    if len(parts) > 1 and "part" not in request.args:
        return redirect(
            url_for(
                "reports.own_data_parts", requisition_id=requisition_id, candidate_id=candidate_id
            )
        )
    part_of = {str(part.part): part for part in parts}
    number = request.args.get("part", "1")
    if number not in part_of:
        abort(404)
    name = f"own-data-{candidate_id}"
    answer = unkept_pdf_answer(
        part_of[number].html(), f"{name}-{number}.pdf" if len(parts) > 1 else f"{name}.pdf"
    )
    _note(requisition_id, f"candidate:{candidate_id}", "own-data", about={candidate_id})
    return answer


@blueprint.get("/candidates/<int:candidate_id>/own-data/")
@requires(Permission.RIGHTS_ANSWER)
def own_data_parts(requisition_id: int, candidate_id: int) -> ResponseReturnValue:
    """List the documents with what is stored about a candidate."""
    requisition = find_requisition(requisition_id)
    report = personal.own_data(current_user.id, requisition, candidate_id)
    return render_template(
        "web/reports/own_data.html",
        requisition=requisition,
        candidate=find_candidate(requisition_id, candidate_id),
        people=elsewhere(current_user, requisition),
        parts=in_parts(report),
    )


@blueprint.get("/candidates/<int:candidate_id>/own-data.json")
@requires(Permission.RIGHTS_ANSWER)
def own_data_json(requisition_id: int, candidate_id: int) -> ResponseReturnValue:
    """Return the same in a form that another system reads."""
    requisition = find_requisition(requisition_id)
    report = personal.own_data(current_user.id, requisition, candidate_id)
    count_document()
    _note(requisition_id, f"candidate:{candidate_id}", "own-data-json", about={candidate_id})
    response = jsonify(report.as_json())
    response.headers["Content-Disposition"] = f'attachment; filename="own-data-{candidate_id}.json"'
    return response


@blueprint.route("/candidates/<int:candidate_id>/merits", methods=["GET", "POST"])
@requires(Permission.RIGHTS_ANSWER)
def merits(requisition_id: int, candidate_id: int) -> ResponseReturnValue:
    """Write down a candidate's merits, and list the applicants who may ask for them."""
    requisition = find_requisition(requisition_id)
    candidate = find_candidate(requisition_id, candidate_id)
    merit_queries.check_are_due(requisition_id, candidate_id)
    statement = merit_queries.merit_statement(candidate_id)
    form = MeritsForm(obj=statement)
    if form.validate_on_submit():
        actions.write_merits(
            requisition_id,
            candidate_id,
            education=form.education.data or "",
            experience=form.experience.data or "",
            other=form.other.data or "",
            actor_id=current_user.id,
        )
        flash(_("The qualifications are saved."), "success")
        return redirect(
            url_for("reports.merits", requisition_id=requisition_id, candidate_id=candidate_id)
        )
    return (
        render_template(
            "web/reports/merits.html",
            requisition=requisition,
            candidate=candidate,
            statement=statement,
            form=form,
            applicants=merit_queries.entitled(requisition_id, candidate_id),
        ),
        400 if request.method == "POST" else 200,
    )


@blueprint.get("/candidates/<int:candidate_id>/merits/<int:applicant_id>.pdf")
@requires(Permission.RIGHTS_ANSWER)
def merit_information(
    requisition_id: int, candidate_id: int, applicant_id: int
) -> ResponseReturnValue:
    """Return a candidate's merits for an applicant who has asked."""
    requisition = find_requisition(requisition_id)
    report = merit_queries.merit_information(requisition, candidate_id, applicant_id)
    subject = f"candidate:{applicant_id}"
    return _unkept_pdf(requisition_id, report, subject, f"merits-{candidate_id}")


def _note(
    requisition_id: int, subject: str, kind: str, *, about: Collection[int] | None = None
) -> None:
    actions.note_view(
        requisition_id, subject=subject, kind=kind, actor_id=current_user.id, about=about
    )


def _pdf(
    requisition_id: int,
    report: Report,
    subject: str,
    name: str,
    *,
    about: Collection[int] | None = None,
) -> Response:
    answer = pdf_answer(report, requisition_id, f"{name}.pdf")
    _note(requisition_id, subject, name.rstrip("-0123456789"), about=about)
    return answer


def _unkept_pdf(requisition_id: int, report: Report, subject: str, name: str) -> Response:
    """Return a document that is handed to one person once: no copy of it stays here."""
    answer = unkept_pdf_answer(report.html(), f"{name}.pdf")
    _note(requisition_id, subject, name.rstrip("-0123456789"), about=())
    return answer


def _compared(requisition_id: int, kind: str) -> ComparisonDocument:
    count_document()
    document = queries.compared(current_user.id, find_requisition(requisition_id))
    _note(requisition_id, f"requisition:{requisition_id}", f"comparison-{kind}")
    return document


def _encoded(text: str) -> bytes:
    return (BYTE_ORDER_MARK + text).encode()


def _file(data: bytes, media_type: str, name: str) -> Response:
    response = Response(data, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
