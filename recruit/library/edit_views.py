"""Pages on which an organisation writes its own library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user
from flask_wtf import FlaskForm

from recruit.access import Permission, requires
from recruit.labels import clock_at
from recruit.library import actions, library, own, queries
from recruit.library.edit_forms import (
    CompetencyForm,
    OwnForm,
    QuestionForm,
    TextsForm,
    differing,
    indicator_choices,
    own_question_id,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

blueprint = Blueprint("own_library", __name__, url_prefix="/library/own")
RESERVED = frozenset({"own", "questions"})
"""Words that addresses of the library use."""
F = TypeVar("F", bound=OwnForm)


@blueprint.get("/")
@requires(Permission.LIBRARY_EDIT)
def index() -> ResponseReturnValue:
    """List what the organisation wrote itself, and what of it cannot be used."""
    found = own.entries()
    return render_template(
        "web/library/own.html",
        entries=found,
        faults={
            entry.competency: own.verdict(entry.competency, entry.content).faults for entry in found
        },
        bases={entry.competency: own.base(entry.competency) for entry in found},
        form=FlaskForm(formdata=None),
    )


@blueprint.get("/library.zip")
@requires(Permission.LIBRARY_EDIT)
def export() -> ResponseReturnValue:
    """Return what the organisation wrote as a folder of files."""
    response = Response(own.as_zip(), mimetype="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="own-library.zip"'
    return response


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.LIBRARY_EDIT)
def new() -> ResponseReturnValue:
    """Add a competency with its first question."""
    form = CompetencyForm()
    status = 200
    if form.validate_on_submit():
        key, former = form.key(), own.entry(form.key())
        version = former.version if former else 0
        # What is left out of the library because it does not fit is still somebody's work.
        taken = key in library().competencies or (former is not None and former.content)
        if not key or taken or key in RESERVED:
            form.name_en.errors = [_("Choose an English name that no competency has.")]
        elif _saved(form, key, form.competency(version), version):
            flash(
                _("The competency is added. Add at least one more question of another kind."),
                "success",
            )
            return redirect(url_for("library.show", competency_id=key))
        status = 400
    return _page(form, _("New competency"), status)


@blueprint.route("/<competency_id>/texts", methods=["GET", "POST"])
@requires(Permission.LIBRARY_EDIT)
def texts(competency_id: str) -> ResponseReturnValue:
    """Write other texts for a competency."""
    competency = queries.competency(competency_id)
    form, content = _opened(TextsForm, competency_id)
    status = 200
    if not form.is_submitted():
        form.show(competency)
    elif form.validate():
        shipped = own.base(competency_id)
        written = differing(form.texts(), shipped) if shipped else form.texts()
        if _saved(form, competency_id, own.with_texts(content, written), form.base_version()):
            flash(_("The texts are saved. Guides that are published stay as they are."), "success")
            return redirect(url_for("library.show", competency_id=competency_id))
        status = 409 if form.outdated else 400
    return _page(form, _("Texts of the competency"), status, competency)


@blueprint.route("/<competency_id>/questions/new", methods=["GET", "POST"])
@requires(Permission.LIBRARY_EDIT)
def new_question(competency_id: str) -> ResponseReturnValue:
    """Add a question to a competency."""
    competency = queries.competency(competency_id)
    form, content = _opened(QuestionForm, competency_id)
    form.elicits.choices = indicator_choices(competency, str(get_locale()))
    status = 200
    if form.validate_on_submit():
        key = own_question_id(competency_id, form.base_version())
        question = form.question(key, form.elicits.data or [])
        if _saved(form, competency_id, own.with_question(content, question), form.base_version()):
            flash(_("The question is added. It can be chosen in new guides."), "success")
            return redirect(url_for("questions.show_question", question_id=key))
        status = 409 if form.outdated else 400
    return _page(form, _("New question"), status, competency)


@blueprint.route("/<competency_id>/questions/<question_id>", methods=["GET", "POST"])
@requires(Permission.LIBRARY_EDIT)
def question(competency_id: str, question_id: str) -> ResponseReturnValue:
    """Write a question anew."""
    competency, found = queries.question(question_id)
    if competency.id != competency_id:
        abort(404)
    form, content = _opened(QuestionForm, competency_id)
    form.elicits.choices = indicator_choices(competency, str(get_locale()))
    status = 200
    if not form.is_submitted():
        form.show(found)
    elif form.validate():
        written = own.with_question(content, form.question(question_id, form.elicits.data or []))
        if _saved(form, competency_id, written, form.base_version()):
            flash(
                _("The question is saved. Guides that are published stay as they are."), "success"
            )
            return redirect(url_for("questions.show_question", question_id=question_id))
        status = 409 if form.outdated else 400
    return _page(form, _("Change the question"), status, competency)


@blueprint.post("/<competency_id>/restore")
@requires(Permission.LIBRARY_EDIT)
def restore(competency_id: str) -> ResponseReturnValue:
    """Put back what the files say: the texts, one question, or everything."""
    entry = own.entry(competency_id)
    if entry is None or not entry.content:
        abort(404)
    form = OwnForm()
    content = own.without(entry.content, request.form.get("part", ""))
    faults = own.verdict(competency_id, content).faults
    if faults:
        flash(faults[0].in_(str(get_locale())), "danger")
    else:
        actions.save(competency_id, content, form.base_version(), actor_id=current_user.id)
        flash(_("Done. Guides that are published stay as they are."), "success")
    if competency_id in library().competencies:
        return redirect(url_for("library.show", competency_id=competency_id))
    return redirect(url_for("own_library.index"))


def _opened(kind: type[F], competency_id: str) -> tuple[F, Mapping[str, Any]]:
    """Return a form, and what the organisation says of the competency today."""
    entry = own.entry(competency_id)
    form = kind()
    if not form.is_submitted():
        form.version.data = str(entry.version if entry else 0)
    return form, entry.content if entry else {}


def _saved(form: OwnForm, competency_id: str, content: Mapping[str, Any], version: int) -> bool:
    """Save unless something stands against it, which the form then says."""
    language = str(get_locale())
    faults, advice = own.verdict(competency_id, content)
    if faults or (advice and not form.anyway.data):
        form.form_errors = [fault.in_(language) for fault in faults or advice]
        form.may_save_anyway = not faults
        return False
    try:
        actions.save(competency_id, content, version, actor_id=current_user.id)
    except actions.LibraryHasChanged:
        entry = own.entry(competency_id)
        form.outdated = True
        if entry is None:
            form.form_errors = [_("Go back to the library and open the page again.")]
        else:
            form.form_errors = [
                _(
                    "%(name)s saved other words at %(time)s. Yours are still here. Compare with "
                    "the library in another window. Saving again replaces theirs.",
                    name=entry.changed_by.name,
                    time=clock_at(entry.changed_at, _timezone()),
                )
            ]
            form.version.data = str(entry.version)
        return False
    return True


def _timezone() -> str:
    return str(current_app.config["BABEL_DEFAULT_TIMEZONE"])


def _page(form: OwnForm, title: str, status: int, competency: Any = None) -> ResponseReturnValue:
    return (
        render_template("web/library/edit.html", form=form, title=title, competency=competency),
        status if not form.errors or status != 200 else 400,
    )
