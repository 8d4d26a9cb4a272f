"""Page of an interview's deviations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.deviations import actions, queries
from recruit.deviations.forms import DeviationForm
from recruit.guides.queries import content
from recruit.interviews.queries import interview as find_interview
from recruit.requisitions.queries import requisition as find_requisition

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint(
    "deviations",
    __name__,
    url_prefix="/requisitions/<int:requisition_id>/interviews/<int:interview_id>/deviations",
)


@blueprint.route("/", methods=["GET", "POST"])
@requires(Permission.DEVIATION_RECORD)
def show(requisition_id: int, interview_id: int) -> ResponseReturnValue:
    """Show where the interview departed from its guide, and record more."""
    interview = find_interview(requisition_id, interview_id)
    guide = content(interview.guide_version)
    form = DeviationForm()
    form.use(guide)
    if form.validate_on_submit():
        try:
            actions.note(
                interview_id,
                question=form.question.data or "",
                what=form.what.data or "",
                reason=form.reason.data or "",
                actor_id=current_user.id,
            )
        except actions.TooManyDeviations:
            form.what.errors = [
                _(
                    "You have recorded %(num)d deviations from this interview, which is as many as "
                    "there is room for. This one is not recorded. Copy the text, and write it in "
                    "the summary of your scorecard.",
                    num=actions.MOST_OF_ONE_PERSON,
                )
            ]
        else:
            flash(_("The deviation is recorded."), "success")
            return redirect(
                url_for("deviations.show", requisition_id=requisition_id, interview_id=interview_id)
            )
    return (
        render_template(
            "web/deviations/show.html",
            requisition=find_requisition(requisition_id),
            interview=interview,
            guide=guide,
            questions={question.id: question.text for question in guide.questions},
            deviations=queries.visible_deviations(interview, current_user.id),
            form=form,
        ),
        400 if form.errors else 200,
    )
