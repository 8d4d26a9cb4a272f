"""Pages of interview guides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_security import current_user
from flask_wtf import FlaskForm

from recruit.access import Permission, requires
from recruit.core import guide_changes
from recruit.guides import actions, queries
from recruit.guides.builder_views import page, plan_anew
from recruit.guides.forms import PublishForm, publish_form
from recruit.library import library
from recruit.library.queries import question as find_question
from recruit.requisitions.queries import requisition as find_requisition

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from recruit.core.remarks import ReasonedWording
    from recruit.guides.models import GuideVersion

blueprint = Blueprint("guides", __name__, url_prefix="/requisitions/<int:requisition_id>/guides")
questions = Blueprint("questions", __name__, url_prefix="/library/questions")


@questions.get("/<question_id>")
@requires(Permission.LIBRARY_VIEW)
def show_question(question_id: str) -> ResponseReturnValue:
    """Show a question of the library and the guides that ask it."""
    competency, question = find_question(question_id)
    return render_template(
        "web/library/question.html",
        competency=competency,
        question=question,
        versions=queries.versions_asking(question_id, current_user),
    )


@blueprint.get("/")
@requires(Permission.GUIDE_VIEW)
def index(requisition_id: int) -> ResponseReturnValue:
    """List the guides of the rounds and their versions."""
    return render_template(
        "web/guides/index.html",
        requisition=find_requisition(requisition_id),
        guides=queries.guides(requisition_id),
        form=FlaskForm(formdata=None),
    )


@blueprint.post("/generate")
@requires(Permission.GUIDE_EDIT)
def generate(requisition_id: int) -> ResponseReturnValue:
    """Plan every round anew; published versions stay in force until the drafts are published."""
    find_requisition(requisition_id)
    return plan_anew(requisition_id)


@blueprint.get("/publish")
@requires(Permission.GUIDE_EDIT)
def review(requisition_id: int) -> ResponseReturnValue:
    """Show what is flagged in the drafts, with room for the reasons to publish it."""
    return _review(requisition_id, PublishForm(formdata=None), 200)


def _review(requisition_id: int, sent: PublishForm, status: int) -> ResponseReturnValue:
    """Return the page of reasons, with those of ``sent`` or of earlier versions in it."""
    requisition = find_requisition(requisition_id)
    remarks = queries.pending_remarks(requisition_id)
    if not remarks:
        return redirect(url_for("builder.show", requisition_id=requisition_id), 303)
    earlier = queries.earlier_reasons(requisition_id)
    form = sent
    if set(sent.reason_fields) != {remark.key for remark in remarks}:
        form = publish_form(remarks)(formdata=None)
    for key, field in form.reason_fields.items():
        if not field.data:
            field.data = sent.reasons.get(key) or earlier.get(key, "")
    return (
        render_template(
            "web/guides/publish.html",
            requisition=requisition,
            working=queries.working(requisition_id, library()),
            remarks=remarks,
            form=form,
        ),
        status,
    )


@blueprint.post("/publish")
@requires(Permission.GUIDE_EDIT)
def publish(requisition_id: int) -> ResponseReturnValue:
    """Publish the drafts; from then on they never change."""
    find_requisition(requisition_id)
    form = publish_form(queries.pending_remarks(requisition_id))()
    if form.reason_fields and not any(form.reasons.values()):
        # Pressed in the builder: the reasons are asked for, nothing is wrong with them yet.
        return _review(requisition_id, form, 422)
    if not form.validate():
        if form.revision.errors:
            return page(requisition_id, alert=_("Nothing was published. Try again."), status=400)
        return _review(requisition_id, form, 422)
    before = _in_force(requisition_id)
    try:
        actions.publish(
            requisition_id,
            actor_id=current_user.id,
            revision=form.revision.data,
            reasons=form.reasons,
        )
    except actions.DraftHasChanged:
        return page(requisition_id, alert=_not_published(requisition_id), status=409)
    except actions.ReasonsAreMissing:
        return _review(requisition_id, form, 409)
    if _in_force(requisition_id) != before:
        flash(_("The guides are published. Next: add candidates and plan interviews."), "success")
    else:
        flash(_("Nothing differed from the versions in force, so they stay in force."), "info")
    return redirect(url_for("guides.index", requisition_id=requisition_id))


def _in_force(requisition_id: int) -> list[int]:
    return [version.id for version in queries.published_versions(requisition_id)]


def _not_published(requisition_id: int) -> Any:
    latest = queries.latest_publication(requisition_id)
    if latest is not None and not queries.has_drafts(requisition_id):
        who, when = latest
        return _(
            "%(name)s published the guides %(when)s, before you did. There is nothing left to "
            "publish.",
            name=who,
            when=format_datetime(when, "d MMM HH:mm"),
        )
    return _(
        "The guide was changed by somebody else or in another window after you opened it. "
        "Nothing was published. Look through it as it is now, then publish."
    )


@blueprint.get("/<int:version_id>")
@requires(Permission.GUIDE_VIEW)
def show(requisition_id: int, version_id: int) -> ResponseReturnValue:
    """Show one version for reading on screen."""
    version = queries.guide_version(requisition_id, version_id)
    return render_template(
        "web/guides/show.html",
        requisition=find_requisition(requisition_id),
        version=version,
        content=queries.content(version),
        reasoned=[flagged.told for flagged in version.flagged],
    )


@blueprint.get("/<int:version_id>/changes")
@requires(Permission.GUIDE_VIEW)
def changes(requisition_id: int, version_id: int) -> ResponseReturnValue:
    """Show what differs from the version before, in words."""
    version = queries.guide_version(requisition_id, version_id)
    former = queries.predecessor(version)
    return render_template(
        "web/guides/changes.html",
        requisition=find_requisition(requisition_id),
        version=version,
        former=former,
        changes=guide_changes.changes(queries.content(former), queries.content(version))
        if former
        else (),
        reasoned=_reasons_that_are_new(version, former),
    )


def _reasons_that_are_new(
    version: GuideVersion, former: GuideVersion | None
) -> list[ReasonedWording]:
    known = {(item.key, item.reason) for item in former.flagged} if former else set()
    return [item.told for item in version.flagged if (item.key, item.reason) not in known]
