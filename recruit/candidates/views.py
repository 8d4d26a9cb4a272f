"""Pages of candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.candidates import actions, queries
from recruit.candidates.forms import CandidateForm, WithdrawForm
from recruit.requisitions.queries import requisition as find_requisition

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint(
    "candidates", __name__, url_prefix="/requisitions/<int:requisition_id>/candidates"
)


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
        except actions.CandidateExists:
            form.name.errors = [_("A candidate with that name and address is here already.")]
        else:
            flash(_("%(name)s is added.", name=candidate.name), "success")
            return redirect(url_for("candidates.index", requisition_id=requisition_id))
    return (
        render_template(
            "web/candidates/index.html",
            requisition=requisition,
            candidates=queries.candidates(requisition_id),
            form=form,
            withdraw_form=WithdrawForm(formdata=None),
        ),
        400 if form.errors else 200,
    )


@blueprint.post("/<int:candidate_id>/withdraw")
@requires(Permission.CANDIDATE_EDIT)
def withdraw(requisition_id: int, candidate_id: int) -> ResponseReturnValue:
    """Mark that a candidate has withdrawn."""
    name = queries.candidate(requisition_id, candidate_id).name
    actions.withdraw(requisition_id, candidate_id, actor_id=current_user.id)
    flash(_("%(name)s is marked as withdrawn.", name=name), "success")
    return redirect(url_for("candidates.index", requisition_id=requisition_id))
