"""The recruiter's pages of one panel: who has submitted, reopening, paper, and what was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from recruit.access import Permission, may, requires
from recruit.accounts.forms import EmptyForm
from recruit.candidates.naming import check_names_are_shown
from recruit.guides.queries import content
from recruit.interviews.forms import ReplaceForm
from recruit.interviews.queries import departures, replacements, submitted
from recruit.interviews.queries import interview as find_interview
from recruit.interviews.readings import readings
from recruit.requisitions.models import Work
from recruit.requisitions.queries import interviewers
from recruit.requisitions.queries import requisition as find_requisition
from recruit.requisitions.work import check_allows
from recruit.scorecards import actions, queries
from recruit.scorecards.entries import Entries
from recruit.scorecards.forms import LeaveOutForm, ReopenForm
from recruit.scorecards.independence import check_may_read, withheld_candidates
from recruit.scorecards.page import InterviewPage
from recruit.scorecards.states import check_editable

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from recruit.accounts.models import User
    from recruit.interviews.models import Interview

blueprint = Blueprint(
    "panels",
    __name__,
    url_prefix="/requisitions/<int:requisition_id>/interviews/<int:interview_id>/panel",
)


@blueprint.get("/")
@requires(Permission.PANEL_VIEW)
def show(requisition_id: int, interview_id: int) -> ResponseReturnValue:
    """Show the panel: who sits on it, who has submitted, and who has left."""
    interview = find_interview(requisition_id, interview_id)
    form = ReplaceForm(formdata=None)
    people = replacements(interview, interviewers(requisition_id))
    opened = readings(requisition_id, [user.id for user in people])
    form.user.choices = [
        SelectChoice(
            user.id,
            _("%(name)s (has opened others' ratings)", name=user.name)
            if (user.id, interview.candidate_id) in opened
            else user.name,
        )
        for user in people
    ]
    return render_template(
        "web/scorecards/panel.html",
        requisition=find_requisition(requisition_id),
        interview=interview,
        submitted=submitted([interview])[interview.id],
        seats=queries.seats(interview_id),
        departures=departures(interview_id),
        withheld=interview.candidate_id in withheld_candidates(current_user.id, requisition_id),
        form=form,
    )


@blueprint.route("/<int:user_id>/reopen", methods=["GET", "POST"])
@requires(Permission.SCORECARD_REOPEN)
def reopen(requisition_id: int, interview_id: int, user_id: int) -> ResponseReturnValue:
    """Open a submitted scorecard again, with a reason that is kept."""
    interview = find_interview(requisition_id, interview_id)
    owner = _owner(interview, user_id)
    check_allows(find_requisition(requisition_id), Work.RECRUIT)
    form = ReopenForm()
    if not form.validate_on_submit():
        return (
            render_template(
                "web/scorecards/reopen.html", interview=interview, owner=owner, form=form
            ),
            400 if form.errors else 200,
        )
    name = owner.name
    actions.reopen(interview_id, user_id, reason=str(form.reason.data), actor_id=current_user.id)
    flash(_("%(name)s gets an email and can change the ratings.", name=name), "success")
    return redirect(_panel(requisition_id, interview_id))


@blueprint.route("/<int:user_id>/leave-out", methods=["GET", "POST"])
@requires(Permission.SCORECARD_REOPEN)
def leave_out(requisition_id: int, interview_id: int, user_id: int) -> ResponseReturnValue:
    """Leave ratings that were made after others' had been open out of the figures, and say why."""
    interview = find_interview(requisition_id, interview_id)
    owner = _owner(interview, user_id)
    check_may_read(current_user.id, interview)
    requisition = find_requisition(requisition_id)
    check_allows(requisition, Work.RECRUIT)
    check_names_are_shown(requisition)
    form = LeaveOutForm()
    if not form.validate_on_submit():
        return (
            render_template(
                "web/scorecards/leave_out.html", interview=interview, owner=owner, form=form
            ),
            400 if form.errors else 200,
        )
    name, comparison = owner.name, url_for("comparisons.show", requisition_id=requisition_id)
    actions.leave_out(interview_id, user_id, reason=str(form.reason.data), actor_id=current_user.id)
    flash(_("The ratings of %(name)s no longer count in the figures.", name=name), "success")
    return redirect(comparison)


@blueprint.post("/<int:user_id>/count-again")
@requires(Permission.SCORECARD_REOPEN)
def count_again(requisition_id: int, interview_id: int, user_id: int) -> ResponseReturnValue:
    """Let ratings that were left out count in the figures again."""
    interview = find_interview(requisition_id, interview_id)
    name = _owner(interview, user_id).name
    check_may_read(current_user.id, interview)
    check_names_are_shown(find_requisition(requisition_id))
    actions.count_again(interview_id, user_id, actor_id=current_user.id)
    flash(_("The ratings of %(name)s count in the figures again.", name=name), "success")
    return redirect(
        url_for(
            ".submissions",
            requisition_id=requisition_id,
            interview_id=interview_id,
            user_id=user_id,
        )
    )


@blueprint.get("/<int:user_id>/submissions")
@requires(Permission.SUBMISSIONS_READ)
def submissions(requisition_id: int, interview_id: int, user_id: int) -> ResponseReturnValue:
    """Show what somebody has submitted, the first time and after reopening."""
    interview = find_interview(requisition_id, interview_id)
    check_may_read(current_user.id, interview)
    if user_id != current_user.id:
        check_names_are_shown(find_requisition(requisition_id))
    found = queries.submissions(interview, user_id)
    if not found:
        abort(404)
    page = render_template(
        "web/scorecards/submissions.html",
        interview=interview,
        form=EmptyForm(formdata=None),
        recruits=may(current_user, Permission.SCORECARD_REOPEN, requisition_id)
        and find_requisition(requisition_id).allows(Work.RECRUIT),
        guide=content(interview.guide_version),
        owner=found[0].scorecard.user,
        submissions=[(item, Entries.from_json(item.content)) for item in found],
    )
    actions.note_view(interview, actor_id=current_user.id)
    return page


@blueprint.get("/<int:user_id>/paper")
@requires(Permission.SCORECARD_ENTER)
def paper(requisition_id: int, interview_id: int, user_id: int) -> ResponseReturnValue:
    """Show the scorecard to be filled in from an interviewer's paper."""
    return _paper(requisition_id, interview_id, user_id).show()


@blueprint.post("/<int:user_id>/paper")
@requires(Permission.SCORECARD_ENTER)
def submit_paper(requisition_id: int, interview_id: int, user_id: int) -> ResponseReturnValue:
    """Submit what an interviewer wrote on paper, or save it as a draft."""
    page = _paper(requisition_id, interview_id, user_id)
    return page.submit(
        done=_("The ratings of %(name)s are submitted and locked.", name=page.owner.name),
        then=_panel(requisition_id, interview_id),
    )


@blueprint.get("/<int:user_id>/paper/draft")
@requires(Permission.SCORECARD_ENTER)
def paper_draft(requisition_id: int, interview_id: int, user_id: int) -> ResponseReturnValue:
    """Return what the server holds of what is being entered."""
    return _paper(requisition_id, interview_id, user_id).state()


@blueprint.post("/<int:user_id>/paper/draft")
@requires(Permission.SCORECARD_ENTER)
def autosave_paper(requisition_id: int, interview_id: int, user_id: int) -> ResponseReturnValue:
    """Save what is being entered."""
    return _paper(requisition_id, interview_id, user_id).save()


def _paper(requisition_id: int, interview_id: int, user_id: int) -> InterviewPage:
    """Return the page on which the reader enters another person's paper.

    Raises MustSubmitFirst, ScorecardIsSubmitted and ScorecardIsBegun: what an interviewer has
    drafted is for nobody else to read.
    """
    interview = find_interview(requisition_id, interview_id)
    owner = _owner(interview, user_id)
    check_may_read(current_user.id, interview)
    scorecard = queries.own_scorecard(interview_id, user_id)
    if scorecard is not None:
        check_editable(scorecard.state)
        actions.check_entered_by(scorecard, current_user.id)
    place: dict[str, Any] = dict(request.view_args or {})
    return InterviewPage(
        requisition_id=requisition_id,
        interview_id=interview_id,
        owner=owner,
        address=url_for(".paper", **place),
        draft_address=url_for(".autosave_paper", **place),
        paper=True,
    )


def _owner(interview: Interview, user_id: int) -> User:
    """Return the panel's member. Raises a 404 error when the person does not sit on it."""
    found = next((member.user for member in interview.panel if member.user_id == user_id), None)
    if found is None:
        abort(404)
    return found


def _panel(requisition_id: int, interview_id: int) -> str:
    return url_for(".show", requisition_id=requisition_id, interview_id=interview_id)
