"""Pages of interviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from recruit.access import Permission, may, requires
from recruit.candidates.queries import candidates
from recruit.guides.queries import published_versions
from recruit.interviews import actions, queries
from recruit.interviews.forms import CancelForm, InterviewForm, ReplaceForm, StepDownForm
from recruit.interviews.invitations import mail_departures, mail_new_member, mail_panel
from recruit.interviews.models import DepartureKind
from recruit.requisitions.queries import interviewers
from recruit.requisitions.queries import requisition as find_requisition

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint(
    "interviews", __name__, url_prefix="/requisitions/<int:requisition_id>/interviews"
)


@blueprint.get("/")
@requires(Permission.REQUISITION_VIEW)
def index(requisition_id: int) -> ResponseReturnValue:
    """List the interviews with their panels."""
    return render_template(
        "web/interviews/index.html",
        requisition=find_requisition(requisition_id),
        interviews=queries.interviews(
            requisition_id,
            # Who plans has to see every panel in order to fill it again.
            reader_id=None
            if may(current_user, Permission.INTERVIEW_PLAN, requisition_id)
            else current_user.id,
        ),
        form=CancelForm(formdata=None),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.INTERVIEW_PLAN)
def new(requisition_id: int) -> ResponseReturnValue:
    """Plan an interview and invite its panel."""
    requisition = find_requisition(requisition_id)
    versions = published_versions(requisition_id)
    form = InterviewForm()
    if not form.is_submitted():
        form.timezone.data = current_app.config["RECRUIT_TIMEZONE"]
    form.candidate.choices = [
        SelectChoice(c.id, c.name) for c in candidates(requisition_id, active_only=True)
    ]
    form.version.choices = [SelectChoice(v.id, v.guide.name) for v in versions]
    form.panel.choices = [SelectChoice(user.id, user.name) for user in interviewers(requisition_id)]
    if form.validate_on_submit():
        interview = actions.plan(
            requisition_id,
            candidate_id=form.candidate.data,
            guide_version_id=form.version.data,
            starts_at=form.starts_at(),
            timezone=form.timezone.data,
            place=form.place.data or "",
            panel=form.panel.data or [],
            actor_id=current_user.id,
        )
        _tell(mail_panel(queries.interview(requisition_id, interview.id)))
        return redirect(url_for("interviews.index", requisition_id=requisition_id))
    return (
        render_template(
            "web/interviews/new.html", requisition=requisition, form=form, versions=versions
        ),
        400 if form.errors else 200,
    )


@blueprint.post("/<int:interview_id>/cancel")
@requires(Permission.INTERVIEW_PLAN)
def cancel(requisition_id: int, interview_id: int) -> ResponseReturnValue:
    """Cancel a planned interview and tell its panel."""
    queries.interview(requisition_id, interview_id)
    actions.cancel(requisition_id, interview_id, actor_id=current_user.id)
    _tell(mail_panel(queries.interview(requisition_id, interview_id)))
    return redirect(url_for("interviews.index", requisition_id=requisition_id))


@blueprint.route("/<int:interview_id>/step-down", methods=["GET", "POST"])
@requires(Permission.PANEL_LEAVE)
def step_down(requisition_id: int, interview_id: int) -> ResponseReturnValue:
    """Declare a conflict of interest or step down, after reading what that means."""
    interview = queries.interview(requisition_id, interview_id)
    form = StepDownForm()
    if form.validate_on_submit():
        departures = actions.step_down(
            interview_id,
            current_user.id,
            kind=DepartureKind(form.kind.data),
            reason=form.reason.data or "",
        )
        if mail_departures(departures):
            flash(_("You have left the panel, and the recruiter has mail."), "success")
        else:
            flash(
                _("You have left the panel, but the mail could not be sent. Tell the recruiter."),
                "warning",
            )
        return redirect(url_for("home.start"))
    return (
        render_template("web/interviews/step_down.html", interview=interview, form=form),
        400 if form.errors else 200,
    )


@blueprint.post("/<int:interview_id>/departures/<int:departure_id>/replace")
@requires(Permission.INTERVIEW_PLAN)
def replace(requisition_id: int, interview_id: int, departure_id: int) -> ResponseReturnValue:
    """Give a seat that was left to somebody else, and invite them."""
    interview = queries.interview(requisition_id, interview_id)
    if departure_id not in {departure.id for departure in queries.departures(interview_id)}:
        abort(404)
    form = ReplaceForm()
    choices = queries.replacements(interview, interviewers(requisition_id))
    form.user.choices = [SelectChoice(user.id, user.name) for user in choices]
    if form.validate_on_submit():
        actions.replace(
            interview_id, departure_id, user_id=form.user.data, actor_id=current_user.id
        )
        user = next(user for user in choices if user.id == form.user.data)
        _tell(not mail_new_member(queries.interview(requisition_id, interview_id), user))
    else:
        flash(_("Choose a person."), "danger")
    return redirect(
        url_for("panels.show", requisition_id=requisition_id, interview_id=interview_id)
    )


def _tell(failed: int) -> None:
    if failed:
        flash(
            ngettext(
                "The change is saved, but %(num)d mail could not be sent. Tell the panel.",
                "The change is saved, but %(num)d mails could not be sent. Tell the panel.",
                failed,
            ),
            "warning",
        )
    else:
        flash(_("The panel has mail."), "success")
