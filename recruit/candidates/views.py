"""Pages of candidates and their CVs. Withdrawal stands with interviews, which it cancels."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.accounts.forms import EmptyForm
from recruit.candidates import actions, queries
from recruit.candidates.attachments import MEDIA_TYPES, MOST_BYTES, UnfitAttachment
from recruit.candidates.forms import CandidateForm, CvForm
from recruit.candidates.naming import check_is_known
from recruit.core.text import near_equal, one_line
from recruit.requisitions.queries import applicants_among_staff
from recruit.requisitions.queries import requisition as find_requisition

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from flask_babel.speaklater import LazyString

    from recruit.candidates.models import Candidate

blueprint = Blueprint(
    "candidates", __name__, url_prefix="/requisitions/<int:requisition_id>/candidates"
)

UNFIT: dict[str, LazyString] = {
    "empty": _l("The file is empty. Choose the CV as PDF or Word (.docx)."),
    "large": _l("The file is larger than 10 megabytes. Save it smaller and try again."),
    "kind": _l("The file is neither PDF nor Word (.docx). Save the CV as one of them."),
    "damaged": _l("The file is damaged and cannot be read. Save the CV again and try once more."),
    "password": _l("The file is locked with a password. Save it without one."),
    "macros": _l("The file holds macros, which can do harm. Save it as .docx without macros."),
    "active": _l(
        "The file holds something that acts by itself, such as a script, a form that sends or"
        " another file inside. Save it as a plain PDF, for example by printing to PDF."
    ),
    "outside": _l(
        "The file fetches something from elsewhere, such as a template. Save it as a plain PDF,"
        " for example by printing to PDF."
    ),
    "doctype": _l("The file holds a document type, which no Word file needs. Save the CV again."),
    "large_inside": _l("The file grows too large when it is unpacked. Save the CV as PDF."),
    "two_kinds": _l("The file is two kinds at once, PDF and a packed file. Save the CV again."),
}


@blueprint.route("/", methods=["GET", "POST"])
@requires(Permission.CANDIDATE_EDIT)
def index(requisition_id: int) -> ResponseReturnValue:
    """List the candidates and add one."""
    requisition = find_requisition(requisition_id)
    form = CandidateForm()
    if form.validate_on_submit():
        try:
            candidate = actions.add(
                requisition_id,
                name=form.name.data or "",
                email=form.email.data or "",
                internal=bool(form.internal.data),
                actor_id=current_user.id,
            )
        except actions.CandidateExists as error:
            _refuse(form, error)
        else:
            flash(_("%(name)s is added.", name=candidate.name), "success")
            _warn_of_likeness(candidate)
            return redirect(url_for("candidates.index", requisition_id=requisition_id))
    wanted = one_line(request.args.get("q"))[:100]
    return (
        render_template(
            "web/candidates/index.html",
            requisition=requisition,
            page=queries.candidate_page(
                requisition_id, wanted=wanted, number=request.args.get("page", 1, type=int)
            ),
            wanted=wanted,
            applicants_among_staff=applicants_among_staff(requisition_id),
            cvs=queries.readable_cvs(current_user, requisition_id),
            form=form,
            empty_form=EmptyForm(formdata=None),
        ),
        400 if form.errors else 200,
    )


@blueprint.route("/<int:candidate_id>", methods=["GET", "POST"])
@requires(Permission.CANDIDATE_EDIT)
def edit(requisition_id: int, candidate_id: int) -> ResponseReturnValue:
    """Show and change one candidate."""
    candidate = queries.candidate(requisition_id, candidate_id)
    form = CandidateForm(obj=candidate)
    former = candidate.email
    if form.validate_on_submit():
        try:
            actions.edit(
                requisition_id,
                candidate_id,
                name=form.name.data or "",
                email=form.email.data or "",
                internal=bool(form.internal.data),
                actor_id=current_user.id,
            )
        except actions.CandidateExists as error:
            _refuse(form, error)
        else:
            flash(_("The change is saved."), "success")
            _warn_of_likeness(candidate)
            here = url_for(
                "candidates.edit", requisition_id=requisition_id, candidate_id=candidate_id
            )
            everybody = url_for("candidates.index", requisition_id=requisition_id)
            # The candidate's page offers to send invitations to a new address.
            return redirect(everybody if one_line(form.email.data) == former else here)
    return _page(requisition_id, candidate, form, CvForm(formdata=None))


@blueprint.post("/<int:candidate_id>/reinstate")
@requires(Permission.CANDIDATE_EDIT)
def reinstate(requisition_id: int, candidate_id: int) -> ResponseReturnValue:
    """Take back a withdrawal; cancelled interviews stay cancelled."""
    name = queries.candidate(requisition_id, candidate_id).name
    actions.reinstate(requisition_id, candidate_id, actor_id=current_user.id)
    flash(
        _("%(name)s takes part again. Interviews that were cancelled are planned anew.", name=name),
        "success",
    )
    return redirect(url_for("candidates.index", requisition_id=requisition_id))


@blueprint.post("/<int:candidate_id>/cv")
@requires(Permission.CANDIDATE_EDIT)
def attach(requisition_id: int, candidate_id: int) -> ResponseReturnValue:
    """Attach a CV in place of an earlier one."""
    candidate = queries.candidate(requisition_id, candidate_id)
    form = CvForm()
    if form.validate_on_submit():
        with form.file.data.stream as file:
            # One byte more than fits tells that there is more.
            data = file.read(MOST_BYTES + 1)
        try:
            actions.attach_cv(requisition_id, candidate_id, data, actor_id=current_user.id)
        except UnfitAttachment as fault:
            form.file.errors = [UNFIT[str(fault)]]
        else:
            flash(_("The CV is attached."), "success")
            return redirect(
                url_for("candidates.edit", requisition_id=requisition_id, candidate_id=candidate_id)
            )
    return _page(requisition_id, candidate, CandidateForm(formdata=None, obj=candidate), form)


@blueprint.get("/<int:candidate_id>/cv")
@requires(Permission.CV_READ)
def cv(requisition_id: int, candidate_id: int) -> ResponseReturnValue:
    """Return the CV as a file to save; the audit trail tells who read it."""
    candidate = queries.candidate(requisition_id, candidate_id)
    check_is_known(current_user, find_requisition(requisition_id), candidate)
    name = candidate.name
    found = actions.read_cv(requisition_id, candidate_id, actor_id=current_user.id)
    if found is None:
        abort(404)
    kind, content = found
    safe = one_line("".join(c if c.isalnum() or c == "-" else " " for c in name))
    response = send_file(
        io.BytesIO(content),
        mimetype=MEDIA_TYPES[kind],
        as_attachment=True,
        download_name=f"CV {safe}.{kind}",
        max_age=0,
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "no-store, private"
    return response


@blueprint.route("/<int:candidate_id>/cv/remove", methods=["GET", "POST"])
@requires(Permission.CANDIDATE_EDIT)
def remove_cv(requisition_id: int, candidate_id: int) -> ResponseReturnValue:
    """Say what is lost, then delete the CV."""
    candidate = queries.candidate(requisition_id, candidate_id)
    form = EmptyForm()
    if form.validate_on_submit():
        actions.remove_cv(requisition_id, candidate_id, actor_id=current_user.id)
        flash(_("The CV is deleted."), "success")
        return redirect(
            url_for("candidates.edit", requisition_id=requisition_id, candidate_id=candidate_id)
        )
    return render_template(
        "web/candidates/remove_cv.html",
        requisition=find_requisition(requisition_id),
        candidate=candidate,
        form=form,
    )


def _page(
    requisition_id: int, candidate: Candidate, form: CandidateForm, cv_form: CvForm
) -> ResponseReturnValue:
    return (
        render_template(
            "web/candidates/edit.html",
            requisition=find_requisition(requisition_id),
            candidate=candidate,
            cv=queries.cv_of(candidate.id),
            form=form,
            cv_form=cv_form,
            empty_form=EmptyForm(formdata=None),
        ),
        400 if form.errors or cv_form.errors else 200,
    )


def _refuse(form: CandidateForm, error: actions.CandidateExists) -> None:
    form[error.field].errors = [
        _("%(name)s is here already, with the same address.", name=error.name)
        if error.field == "email"
        else _("%(name)s is here already.", name=error.name)
    ]


def _warn_of_likeness(candidate: Candidate) -> None:
    others = queries.known(candidate.requisition_id, but=candidate.id)
    pairs = (near_equal([candidate.name, other.name]) for other in others)
    alike = [other.name for other, pair in zip(others, pairs, strict=True) if pair]
    if alike:
        flash(
            _(
                "There is nearly the same name here already: %(names)s. If it is the same person, "
                "erase one of them.",
                names=", ".join(alike),
            ),
            "warning",
        )
