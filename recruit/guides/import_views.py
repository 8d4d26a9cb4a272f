"""Pages that import a guide from a file: choose it, look at what it brings, confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.core import guide_file
from recruit.core.faults import Faults
from recruit.core.profile import Profile
from recruit.core.text import one_line
from recruit.guides import imports
from recruit.guides.import_forms import GuideFileForm, places_form
from recruit.library import library
from recruit.requisitions.queries import requisition as find_requisition

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from recruit.guides.import_forms import PlacesForm
    from recruit.guides.imports import GuideImport
    from recruit.requisitions.models import Requisition

blueprint = Blueprint(
    "guide_imports", __name__, url_prefix="/requisitions/<int:requisition_id>/guides/import"
)
FAULTS_SHOWN = 30


@blueprint.route("/", methods=["GET", "POST"])
@requires(Permission.GUIDE_EDIT)
def choose(requisition_id: int) -> ResponseReturnValue:
    """Choose a file; one that is no guide is refused with everything that is wrong."""
    requisition = find_requisition(requisition_id)
    form = GuideFileForm()
    if form.validate_on_submit():
        name = one_line(form.file.data.filename) or _("the file")
        with form.file.data.stream as file:
            data = file.read()
        try:
            guide = guide_file.read(data, name)
        except Faults as error:
            lines = [fault.in_(str(get_locale())) for fault in error.faults]
            more = len(lines) - FAULTS_SHOWN
            if more > 0:
                lines = [*lines[:FAULTS_SHOWN], _("… and %(num)s more.", num=more)]
            form.file.errors = lines
        else:
            kept = imports.keep(requisition_id, guide, file_name=name, actor_id=current_user.id)
            return redirect(
                url_for("guide_imports.preview", requisition_id=requisition_id, import_id=kept.id)
            )
    return (
        render_template("web/guides/import.html", requisition=requisition, form=form),
        400 if form.errors else 200,
    )


@blueprint.get("/<int:import_id>")
@requires(Permission.GUIDE_EDIT)
def preview(requisition_id: int, import_id: int) -> ResponseReturnValue:
    """Show what the file holds; nothing is changed yet."""
    requisition = find_requisition(requisition_id)
    return _preview(requisition, imports.kept_import(requisition_id, import_id))


def _preview(requisition: Requisition, kept: GuideImport, form: PlacesForm | None = None) -> str:
    review = imports.reviewed(kept, requisition, library())
    profile = Profile.model_validate(requisition.profile)
    if form is None:
        form = places_form(review, profile, requisition.language)(formdata=None)
        form.mark.data = imports.mark_of(imports.present(requisition.id))
    return render_template(
        "web/guides/import_preview.html",
        requisition=requisition,
        kept=kept,
        review=review,
        form=form,
    )


@blueprint.post("/<int:import_id>")
@requires(Permission.GUIDE_EDIT)
def confirm(requisition_id: int, import_id: int) -> ResponseReturnValue:
    """Replace drafts by what the preview showed, or throw the file away."""
    requisition = find_requisition(requisition_id)
    kept = imports.kept_import(requisition_id, import_id)
    index = url_for("guides.index", requisition_id=requisition_id)
    if request.form.get("action") == "discard":
        imports.discard(requisition_id, import_id)
        flash(_("The file has been discarded. Nothing was imported."), "info")
        return redirect(index)
    review = imports.reviewed(kept, requisition, library())
    profile = Profile.model_validate(requisition.profile)
    form = places_form(review, profile, requisition.language)()
    if not form.validate():
        return _preview(requisition, kept, form), 400
    drafts = imports.confirm(
        requisition_id,
        import_id,
        form.places(),
        form.mark.data or "",
        library(),
        actor_id=current_user.id,
    )
    flash(
        ngettext(
            "%(num)d round is imported as a draft. Read it through, then publish.",
            "%(num)d rounds are imported as drafts. Read them through, then publish.",
            len(drafts),
        ),
        "success",
    )
    return redirect(index)
