"""The page of a requisition's role profile: what is weighed, and in which rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.core import draft as drafts
from recruit.guides import actions, queries
from recruit.guides.builder_views import plan_anew
from recruit.library import library
from recruit.requisitions.profile_form import ProfileForm
from recruit.requisitions.queries import requisition as find_requisition

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from recruit.core.draft import Draft
    from recruit.core.library import Library

blueprint = Blueprint("profiles", __name__, url_prefix="/requisitions/<int:requisition_id>/profile")


@blueprint.route("/", methods=["GET", "POST"])
@requires(Permission.GUIDE_EDIT)
def edit(requisition_id: int) -> ResponseReturnValue:
    """Change competencies, weights, must-haves and rounds."""
    requisition = find_requisition(requisition_id)
    working = queries.working(requisition_id, library())
    former = working.draft.profile
    form = ProfileForm()
    form.use(library(), requisition.language)
    status = 200
    if form.validate_on_submit():
        profile = form.profile(former)

        def change(draft: Draft, known: Library) -> Draft:
            return drafts.with_profile(draft, profile, known)

        try:
            actions.edit(
                requisition_id,
                int(form.revision.data or 0) if (form.revision.data or "").isdecimal() else -1,
                "profile",
                change,
                library=library(),
                actor_id=current_user.id,
            )
        except actions.DraftHasChanged:
            form.form_errors.append(
                _(
                    "The profile or the guide was changed in another window or by somebody else "
                    "after you opened this page. Nothing was overwritten, and your choices are "
                    "still here. Look through them and save again."
                )
            )
            status = 409
            working = queries.working(requisition_id, library())
        else:
            return _saved(requisition_id)
    elif not form.is_submitted():
        form.fill(former, library())
    else:
        status = 400
        form.offer_round()
    return (
        render_template(
            "web/guides/profile.html",
            requisition=requisition,
            form=form,
            revision=working.revision,
            known=library().competencies,
            is_planned=not working.draft.is_blank,
        ),
        status,
    )


def _saved(requisition_id: int) -> ResponseReturnValue:
    if request.form.get("then") == "generate":
        return plan_anew(requisition_id)
    flash(_("The profile is saved."), "success")
    return redirect(url_for("requisitions.show", requisition_id=requisition_id), 303)
