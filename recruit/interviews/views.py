"""Pages of interviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from recruit.access import Permission, may, requires
from recruit.accounts.forms import EmptyForm
from recruit.candidates.naming import elsewhere
from recruit.candidates.queries import candidate as find_candidate
from recruit.candidates.queries import candidates, readable_cvs
from recruit.guides.queries import guide_version, published_versions
from recruit.interviews import actions, departures, queries
from recruit.interviews.actions import Setting, Slot
from recruit.interviews.cautions import Cautions, cautions
from recruit.interviews.clashes import Planned, clashes
from recruit.interviews.forms import (
    ChangeForm,
    InterviewForm,
    ReplaceForm,
    SeveralForm,
    StepDownForm,
)
from recruit.interviews.letters import about, in_charge_of
from recruit.interviews.models import DepartureKind, InterviewState
from recruit.interviews.training import panel_standings
from recruit.mail.actions import try_again
from recruit.mail.queries import mail_is_configured
from recruit.requisitions.models import Work
from recruit.requisitions.queries import interviewers
from recruit.requisitions.queries import requisition as find_requisition
from recruit.requisitions.work import check_allows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from recruit.candidates.models import Candidate
    from recruit.interviews.models import Interview
    from recruit.mail.models import Delivery

blueprint = Blueprint(
    "interviews", __name__, url_prefix="/requisitions/<int:requisition_id>/interviews"
)
withdrawals = Blueprint(
    "withdrawals", __name__, url_prefix="/requisitions/<int:requisition_id>/candidates"
)
members = Blueprint("members", __name__, url_prefix="/requisitions/<int:requisition_id>/members")
MOST_ROWS = 60
"""Candidates that the page for several has a row for."""


@blueprint.app_template_global("invitations_gone_elsewhere")
def invitations_gone_elsewhere(candidate_id: int) -> list[tuple[Interview, Delivery]]:
    """Return what a candidate got at a former address only, for the candidate's page."""
    return queries.invitations_gone_elsewhere(candidate_id)


@blueprint.get("/")
@requires(Permission.REQUISITION_VIEW)
def index(requisition_id: int) -> ResponseReturnValue:
    """List the interviews with their panels, with clashes and what the people were told."""
    # Who plans has to see every panel in order to fill it again.
    sees_all = may(current_user, Permission.INTERVIEW_PLAN, requisition_id)
    interviews = queries.interviews(requisition_id, reader_id=None if sees_all else current_user.id)
    found: dict[int | None, list[object]] = {}
    for clash in clashes(current_user, [Planned.of(i) for i in queries.to_come(interviews)]):
        found.setdefault(clash.planned.interview_id, []).append(clash)
    requisition = find_requisition(requisition_id)
    people = elsewhere(current_user, requisition)
    return render_template(
        "web/interviews/index.html",
        requisition=requisition,
        people=people,
        interviews=interviews,
        clashes=found,
        told=queries.told(interviews),
        submitted=queries.submitted(interviews),
        cvs=readable_cvs(current_user, requisition_id).difference(people.letters),
        zone=current_app.config["RECRUIT_TIMEZONE"],
        trained=panel_standings(queries.to_come(interviews)),
        form=EmptyForm(formdata=None),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.INTERVIEW_PLAN)
def new(requisition_id: int) -> ResponseReturnValue:
    """Plan an interview and invite its panel."""
    requisition = find_requisition(requisition_id)
    check_allows(requisition, Work.RECRUIT)
    versions = published_versions(requisition_id)
    people = candidates(requisition_id, active_only=True)
    form = InterviewForm()
    form.offer_zones(current_app.config["RECRUIT_TIMEZONE"])
    form.candidate.choices = [SelectChoice(person.id, person.name) for person in people]
    form.version.choices = [SelectChoice(v.id, v.guide.name) for v in versions]
    form.panel.choices = _panel_choices(requisition_id)
    asked = None
    if form.validate_on_submit() and (starts_at := form.moment_of(form.date, form.time)):
        person = next(c for c in people if c.id == form.candidate.data)
        if _may_invite(form, person):
            slots = [Slot(person.id, starts_at)]
            asked = _plan(requisition_id, form, slots)
            if asked is None:
                return redirect(url_for("interviews.index", requisition_id=requisition_id))
    return (
        render_template(
            "web/interviews/new.html",
            requisition=requisition,
            form=form,
            versions=versions,
            cautions=asked,
        ),
        _status(form, asked),
    )


@blueprint.route("/several", methods=["GET", "POST"])
@requires(Permission.INTERVIEW_PLAN)
def several(requisition_id: int) -> ResponseReturnValue:
    """Plan interviews of several candidates in one round with one panel."""
    requisition = find_requisition(requisition_id)
    check_allows(requisition, Work.RECRUIT)
    versions = published_versions(requisition_id)
    people = candidates(requisition_id, active_only=True, limit=MOST_ROWS)
    form = SeveralForm.for_candidates(people)
    form.offer_zones(current_app.config["RECRUIT_TIMEZONE"])
    form.version.choices = [SelectChoice(v.id, v.guide.name) for v in versions]
    form.panel.choices = _panel_choices(requisition_id)
    asked = None
    if people and form.validate_on_submit():
        chosen = form.chosen(people)
        if not form.errors:
            # Written down before the plan is made, which reads everything anew.
            unreachable = [person.name for person, _moment in chosen if not person.email]
            asked = _plan(requisition_id, form, [Slot(c.id, at) for c, at in chosen])
            if asked is None:
                if form.invite.data and unreachable:
                    flash(
                        _(
                            "There is no email address for %(names)s, so tell them yourself.",
                            names=", ".join(unreachable),
                        ),
                        "warning",
                    )
                return redirect(url_for("interviews.index", requisition_id=requisition_id))
    return (
        render_template(
            "web/interviews/several.html",
            requisition=requisition,
            form=form,
            versions=versions,
            people=people,
            most=MOST_ROWS,
            planned=queries.rounds_of_candidates(requisition_id),
            cautions=asked,
        ),
        _status(form, asked),
    )


@blueprint.route("/<int:interview_id>/change", methods=["GET", "POST"])
@requires(Permission.INTERVIEW_PLAN)
def change(requisition_id: int, interview_id: int) -> ResponseReturnValue:
    """Change time, place or panel of a planned interview and tell those concerned."""
    interview = queries.interview(requisition_id, interview_id)
    requisition = find_requisition(requisition_id)
    check_allows(requisition, Work.RECRUIT)
    form = ChangeForm()
    form.offer_zones(interview.timezone, current_app.config["RECRUIT_TIMEZONE"])
    form.panel.choices = _panel_choices(requisition_id, interview)
    asked = None
    if not form.is_submitted():
        form.show(interview)
    elif (
        form.validate()
        and (starts_at := form.moment_of(form.date, form.time))
        and _may_invite(form, interview.candidate)
    ):
        panel = frozenset(form.panel.data or [])
        seated = {member.user_id for member in interview.panel}
        actions.check_no_conflict([interview.candidate_id], panel - seated)
        wanted = Planned(
            interview.candidate_id,
            starts_at,
            interview.minutes,
            panel,
            interview.id,
            form.timezone.data,
        )
        asked = cautions(current_user, requisition_id, [wanted], seated=seated)
        if asked.accepted(request.form.get("accept")):
            actions.change(
                requisition_id,
                interview_id,
                sequence=form.sequence.data or 0,
                starts_at=starts_at,
                setting=_setting(form),
                actor_id=current_user.id,
            )
            flash(_("The interview is changed."), "success")
            return redirect(url_for("interviews.index", requisition_id=requisition_id))
    return (
        render_template(
            "web/interviews/change.html",
            requisition=requisition,
            interview=interview,
            form=form,
            cautions=asked,
        ),
        _status(form, asked),
    )


@blueprint.route("/<int:interview_id>/cancel", methods=["GET", "POST"])
@requires(Permission.INTERVIEW_PLAN)
def cancel(requisition_id: int, interview_id: int) -> ResponseReturnValue:
    """Say what cancelling does, then cancel a planned interview and tell those concerned."""
    interview = queries.interview(requisition_id, interview_id)
    form = EmptyForm()
    if form.validate_on_submit():
        actions.cancel(requisition_id, interview_id, actor_id=current_user.id)
        flash(_("The interview is cancelled."), "success")
        return redirect(url_for("interviews.index", requisition_id=requisition_id))
    return render_template(
        "web/interviews/cancel.html",
        submitted=queries.submitted([interview])[interview_id],
        requisition=find_requisition(requisition_id),
        interview=interview,
        form=form,
    )


@blueprint.post("/<int:interview_id>/mail")
@requires(Permission.INTERVIEW_PLAN)
def mail(requisition_id: int, interview_id: int) -> ResponseReturnValue:
    """Try once more to send what could not be sent about an interview."""
    interview = queries.interview(requisition_id, interview_id)
    if interview.state != InterviewState.CANCELLED:
        check_allows(find_requisition(requisition_id), Work.RECRUIT)
    if not mail_is_configured():
        flash(
            _("No mail server is set up, so no email was sent. Tell the panel yourself."), "warning"
        )
    elif try_again(about(interview_id)):
        flash(_("The email is being sent again."), "success")
    else:
        flash(_("There is no email that failed."), "info")
    return redirect(url_for("interviews.index", requisition_id=requisition_id))


@blueprint.route("/<int:interview_id>/step-down", methods=["GET", "POST"])
@requires(Permission.PANEL_LEAVE)
def step_down(requisition_id: int, interview_id: int) -> ResponseReturnValue:
    """Declare a conflict of interest or step down, after reading what that means."""
    interview = queries.interview(requisition_id, interview_id)
    form = StepDownForm()
    if form.validate_on_submit():
        departures.step_down(
            interview_id,
            current_user.id,
            kind=DepartureKind(form.kind.data),
            reason=form.reason.data or "",
        )
        if mail_is_configured() and in_charge_of(interview):
            flash(_("You have left the panel, and the recruiter gets an email."), "success")
        else:
            flash(
                _(
                    "You have left the panel. No email was sent; recruiters see the seat on their "
                    "start page, under “Seats to fill”."
                ),
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
        departures.replace(
            interview_id, departure_id, user_id=form.user.data, actor_id=current_user.id
        )
        flash(_("The seat is taken, and the panel gets an email."), "success")
    else:
        flash(_("Choose a person."), "danger")
    return redirect(
        url_for("panels.show", requisition_id=requisition_id, interview_id=interview_id)
    )


@withdrawals.route("/<int:candidate_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.CANDIDATE_EDIT)
def withdraw(requisition_id: int, candidate_id: int) -> ResponseReturnValue:
    """Say what a withdrawal does, then mark it and cancel the interviews that have not begun."""
    candidate = find_candidate(requisition_id, candidate_id)
    form = EmptyForm()
    if form.validate_on_submit():
        name = candidate.name
        actions.withdraw_candidate(requisition_id, candidate_id, actor_id=current_user.id)
        flash(_("%(name)s is marked as withdrawn.", name=name), "success")
        return redirect(url_for("candidates.index", requisition_id=requisition_id))
    return render_template(
        "web/interviews/withdraw.html",
        requisition=find_requisition(requisition_id),
        candidate=candidate,
        interviews=queries.to_be_cancelled(candidate_id),
        form=form,
    )


@withdrawals.post("/<int:candidate_id>/invite")
@requires(Permission.INTERVIEW_PLAN)
def invite(requisition_id: int, candidate_id: int) -> ResponseReturnValue:
    """Send the candidate's present address what a former one got."""
    find_candidate(requisition_id, candidate_id)
    if actions.invite_anew(requisition_id, candidate_id, actor_id=current_user.id):
        flash(_("The invitation goes to the new address."), "success")
    else:
        flash(_("The present address has got everything."), "info")
    return redirect(url_for("interviews.index", requisition_id=requisition_id))


@members.post("/<int:membership_id>/remove")
@requires(Permission.REQUISITION_EDIT)
def remove_member(requisition_id: int, membership_id: int) -> ResponseReturnValue:
    """Take a role in the requisition from somebody."""
    person, vacant = actions.remove_member(requisition_id, membership_id, actor_id=current_user.id)
    flash(_("%(name)s no longer takes part.", name=person.name), "success")
    if vacant:
        flash(
            ngettext(
                "A seat on a panel was left. Give it to somebody else: open the interview's panel, "
                "or see “Seats to fill” on the start page.",
                "%(num)d seats on panels were left. Give them to somebody else: open the "
                "interviews' panels, or see “Seats to fill” on the start page.",
                len(vacant),
            ),
            "warning",
        )
    return redirect(url_for("requisitions.show", requisition_id=requisition_id))


def _plan(
    requisition_id: int, form: InterviewForm | SeveralForm, slots: Sequence[Slot]
) -> Cautions | None:
    """Plan the interviews; when there are cautions that are not accepted, return them instead."""
    version = guide_version(requisition_id, int(form.version.data))
    panel = frozenset(form.panel.data or [])
    actions.check_no_conflict([slot.candidate_id for slot in slots], panel)
    found = cautions(
        current_user,
        requisition_id,
        [
            Planned(
                slot.candidate_id,
                slot.starts_at,
                version.guide.minutes,
                panel,
                timezone=form.timezone.data,
            )
            for slot in slots
        ],
        guide_id=version.guide_id,
    )
    if not found.accepted(request.form.get("accept")):
        return found
    actions.plan_several(
        requisition_id,
        slots,
        _setting(form),
        guide_version_id=version.id,
        actor_id=current_user.id,
    )
    flash(
        ngettext("The interview is planned.", "%(num)d interviews are planned.", len(slots)),
        "success",
    )
    return None


def _setting(form: InterviewForm | SeveralForm | ChangeForm) -> Setting:
    return Setting(
        timezone=form.timezone.data,
        place=form.place.data or "",
        panel=tuple(form.panel.data or []),
        invite=bool(form.invite.data),
        message=form.message.data or "",
    )


def _panel_choices(requisition_id: int, interview: Interview | None = None) -> list[SelectChoice]:
    """Return who can sit on the panel, and who already does."""
    users = {user.id: user for user in interviewers(requisition_id)}
    if interview is not None:
        users |= {member.user_id: member.user for member in interview.panel}
    return [SelectChoice(user.id, user.name) for user in users.values()]


def _may_invite(form: InterviewForm | ChangeForm, person: Candidate) -> bool:
    """Tell whether a candidate who is to have mail has an address; adds an error if not."""
    if form.invite.data and not person.email:
        form.invite.errors = [
            _(
                "There is no email address for %(name)s. Add it on the candidate's page, "
                "or leave the box empty.",
                name=person.name,
            )
        ]
        return False
    return True


def _status(form: InterviewForm | SeveralForm | ChangeForm, asked: Cautions | None) -> int:
    if form.errors:
        return 400
    return 409 if asked else 200
