"""Pages that import candidates from a file: choose it, match columns and preview, confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.accounts.forms import EmptyForm
from recruit.candidates import actions, queries
from recruit.candidates.applicants import KNOWN, guess, read_applicants
from recruit.candidates.forms import ColumnsForm, ImportForm
from recruit.candidates.sheets import SheetFaults, read_sheet
from recruit.core.text import one_line
from recruit.requisitions.queries import requisition as find_requisition

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint(
    "imports", __name__, url_prefix="/requisitions/<int:requisition_id>/candidates/import"
)
SHOWN = 20
"""Candidates that the preview shows as they will be."""
SHOWN_FAULTS = 200
"""Faults, and rows that are here already, that it shows: nobody mends ten thousand by hand."""


@blueprint.route("/", methods=["GET", "POST"])
@requires(Permission.CANDIDATE_EDIT)
def choose(requisition_id: int) -> ResponseReturnValue:
    """Choose a file; one that cannot be read is refused with the reason."""
    requisition = find_requisition(requisition_id)
    form = ImportForm()
    if form.validate_on_submit():
        name = one_line(form.file.data.filename) or _("the file")
        with form.file.data.stream as file:
            data = file.read()
        try:
            sheet = read_sheet(data, name, KNOWN)
        except SheetFaults as error:
            form.file.errors = [fault.in_(str(get_locale())) for fault in error.faults]
        else:
            kept = actions.keep_import(
                requisition_id, sheet, file_name=name, actor_id=current_user.id
            )
            return redirect(
                url_for("imports.preview", requisition_id=requisition_id, import_id=kept.id)
            )
    return (
        render_template("web/candidates/import.html", requisition=requisition, form=form),
        400 if form.errors else 200,
    )


@blueprint.get("/<int:import_id>")
@requires(Permission.CANDIDATE_EDIT)
def preview(requisition_id: int, import_id: int) -> ResponseReturnValue:
    """Show what the file holds with the chosen columns; nothing is imported yet."""
    requisition = find_requisition(requisition_id)
    kept = queries.kept_import(requisition_id, import_id)
    if kept is None:
        raise actions.ImportIsGone(import_id)
    form = ColumnsForm(request.args or None, meta={"csrf": False})
    form.offer(kept.head, guess(kept.head))
    reading = None
    if not request.args or form.validate():
        columns = form.columns()
        if columns.give_names:
            reading = read_applicants(
                kept.rows,
                kept.head,
                columns,
                file=kept.file_name,
                present=queries.known(requisition_id),
            )
        left_out = [
            heading
            for position, heading in enumerate(kept.head)
            if heading and position not in columns
        ]
    else:
        left_out = []
    return render_template(
        "web/candidates/preview.html",
        requisition=requisition,
        kept=kept,
        form=form,
        reading=reading,
        shown=SHOWN,
        shown_faults=SHOWN_FAULTS,
        left_out=left_out,
        empty_form=EmptyForm(formdata=None),
    )


@blueprint.post("/<int:import_id>")
@requires(Permission.CANDIDATE_EDIT)
def confirm(requisition_id: int, import_id: int) -> ResponseReturnValue:
    """Import what the preview showed, or throw the file away."""
    find_requisition(requisition_id)
    kept = queries.kept_import(requisition_id, import_id)
    if kept is None:
        raise actions.ImportIsGone(import_id)
    if request.form.get("action") == "discard":
        actions.forget_imports(import_id)
        flash(_("The file has been discarded. Nothing was imported."), "info")
        return redirect(url_for("candidates.index", requisition_id=requisition_id))
    form = ColumnsForm()
    form.offer(kept.head, guess(kept.head))
    if not form.validate() or not form.columns().give_names:
        return redirect(
            url_for("imports.preview", requisition_id=requisition_id, import_id=import_id)
        )
    count = actions.confirm_import(
        requisition_id, import_id, form.columns(), actor_id=current_user.id
    )
    flash(
        ngettext("%(num)d candidate is imported.", "%(num)d candidates are imported.", count),
        "success",
    )
    return redirect(url_for("candidates.index", requisition_id=requisition_id))
