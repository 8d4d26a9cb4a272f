"""Pages of requisitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from recruit.access import IsApplicant, Permission, requires
from recruit.accounts.actions import AccountIsClosed
from recruit.accounts.invitations import account_for
from recruit.core.profile import Profile, named_in
from recruit.library import library
from recruit.requisitions import actions, queries
from recruit.requisitions.forms import MemberForm, RequisitionForm
from recruit.requisitions.models import MemberRole
from recruit.requisitions.profile_form import ScratchForm
from recruit.requisitions.work import check_allows

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("requisitions", __name__, url_prefix="/requisitions")


@blueprint.get("/")
@requires(Permission.HOME)
def index() -> ResponseReturnValue:
    """List the requisitions that the reader may view."""
    return render_template(
        "web/requisitions/index.html", requisitions=queries.requisitions_for(current_user)
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.REQUISITION_CREATE)
def new() -> ResponseReturnValue:
    """Create a requisition from a role profile."""
    roles = library().roles
    language = str(get_locale())
    form = RequisitionForm()
    form.role.choices = [SelectChoice(key, role.title_in(language)) for key, role in roles.items()]
    if form.validate_on_submit():
        profile = roles[form.role.data].model_copy(update={"language": form.language.data})
        requisition = actions.create(
            profile,
            title=form.title.data or "",
            unit=form.unit.data or "",
            actor_id=current_user.id,
        )
        flash(_("The requisition is created. Next: generate the guides."), "success")
        return redirect(url_for("requisitions.show", requisition_id=requisition.id))
    return render_template("web/requisitions/new.html", form=form), 400 if form.errors else 200


@blueprint.route("/new/scratch", methods=["GET", "POST"])
@requires(Permission.REQUISITION_CREATE)
def scratch() -> ResponseReturnValue:
    """Create a requisition whose profile is chosen competency by competency."""
    language = str(get_locale())
    form = ScratchForm()
    chosen = form.guide_language.data if form.is_submitted() else language
    form.use(library(), str(chosen))
    if form.validate_on_submit():
        profile = form.profile(None).model_copy(update={"title": form.title.data})
        requisition = actions.create(
            profile,
            title=form.title.data or "",
            unit=form.unit.data or "",
            actor_id=current_user.id,
        )
        flash(_("The requisition is created. Next: generate the guides."), "success")
        return redirect(url_for("requisitions.show", requisition_id=requisition.id))
    if form.is_submitted():
        form.offer_round()
    else:
        form.guide_language.data = language
        form.fill(None, library())
    return (
        render_template("web/requisitions/scratch.html", form=form, known=library().competencies),
        400 if form.is_submitted() else 200,
    )


@blueprint.get("/<int:requisition_id>")
@requires(Permission.REQUISITION_VIEW)
def show(requisition_id: int) -> ResponseReturnValue:
    """Show one requisition: its people and its profile."""
    return _page(requisition_id, MemberForm(formdata=None))


@blueprint.post("/<int:requisition_id>/members")
@requires(Permission.REQUISITION_EDIT)
def add_member(requisition_id: int) -> ResponseReturnValue:
    """Give somebody a role in the requisition."""
    requisition = queries.requisition(requisition_id)
    form = MemberForm()
    if not form.validate_on_submit():
        return _page(requisition_id, form), 400
    # Before an account is made that would be good for nothing.
    check_allows(requisition, actions.WORK_OF[MemberRole(form.role.data)])
    try:
        user = account_for(
            name=form.name.data or "",
            email=form.email.data or "",
            language=requisition.language,
            title=requisition.title,
            inviter=current_user,
        )
        actions.add_member(
            requisition_id, user.id, MemberRole(form.role.data), actor_id=current_user.id
        )
    except AccountIsClosed:
        form.email.errors = [
            _("The account with that address is closed. An administrator can open it again.")
        ]
        return _page(requisition_id, form), 409
    except actions.MembershipExists:
        form.email.errors = [_("That person has this role already.")]
        return _page(requisition_id, form), 409
    except IsApplicant:
        form.email.errors = [
            _("That person is a candidate in this recruitment, and cannot take part in it.")
        ]
        return _page(requisition_id, form), 409
    flash(_("%(name)s takes part.", name=user.name), "success")
    return redirect(url_for("requisitions.show", requisition_id=requisition_id))


def _page(requisition_id: int, form: MemberForm) -> str:
    requisition = queries.requisition(requisition_id)
    profile = Profile.model_validate(requisition.profile)
    language = str(get_locale())
    known = library().competencies
    return render_template(
        "web/requisitions/show.html",
        requisition=requisition,
        competencies=[
            {
                "name": known[key].name.in_(language) if key in known else key,
                "weight": item.weight,
                "must_have": item.must_have,
                "reason": named_in(profile.reasons.get(key, ""), language),
            }
            for key, item in profile.competencies.items()
        ],
        rounds=[
            {
                "name": named_in(round_.name, language),
                "minutes": round_.minutes,
                "interviewers": round_.interviewers,
            }
            for round_ in profile.rounds
        ],
        members=queries.members(requisition_id),
        form=form,
    )
