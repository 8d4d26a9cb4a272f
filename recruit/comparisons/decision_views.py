"""Pages on which a decision is made and read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.accounts.forms import EmptyForm
from recruit.comparisons import actions, queries
from recruit.comparisons.forms import DecisionForm
from recruit.requisitions.queries import requisition as find_requisition
from recruit.scorecards.independence import withheld_candidates

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint(
    "decisions", __name__, url_prefix="/requisitions/<int:requisition_id>/comparison/decision"
)


@blueprint.route("/", methods=["GET", "POST"])
@requires(Permission.DECISION_MAKE)
def decide(requisition_id: int) -> ResponseReturnValue:
    """Decide, or decide anew with a reason."""
    requisition = find_requisition(requisition_id)
    language = str(get_locale())
    if withheld_candidates(current_user.id, requisition_id):
        raise actions.OwnRatingsFirst
    called = queries.called(requisition, language)
    # By number of chance: while letters stand for names, no field tells whose letter is whose.
    people = {c.lot: c.id for c in queries.decidable(requisition_id)}
    names = {lot: called[number] for lot, number in people.items()}
    if requisition.veiled:
        names = dict(sorted(names.items(), key=lambda item: item[1]))
    choosable = queries.choosable(current_user.id, requisition, language)
    evidence = {lot: choosable[number] for lot, number in people.items() if number in choosable}
    earlier = queries.decisions(requisition_id)
    if request.method == "POST":
        form = DecisionForm.read(request.form, names)
        if form.check(names, evidence):
            actions.decide(
                requisition_id,
                rationale=form.rationale,
                reason=form.reason,
                outcomes={people[lot]: entry for lot, entry in form.entries().items()},
                seen=form.seen,
                actor_id=current_user.id,
            )
            flash(_("The decision is saved, with its reasons."), "success")
            return redirect(url_for("comparisons.show", requisition_id=requisition_id))
    else:
        form = DecisionForm(seen=earlier[0].number if earlier else 0)
        actions.note_view(requisition_id, kind="decision", actor_id=current_user.id)
    return (
        render_template(
            "web/comparisons/decision.html",
            requisition=requisition,
            names=names,
            called=called,
            evidence=evidence,
            named=queries.competency_names(requisition, language),
            form=form,
            earlier=earlier[0] if earlier else None,
            unrated=queries.unrated(current_user.id, requisition),
            outstanding=queries.outstanding(requisition, called),
            empty_form=EmptyForm(formdata=None),
        ),
        400 if form.errors else 200,
    )
