"""Pages of retention, erasure and information to candidates."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    stream_with_context,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import refresh
from flask_security import current_user

from recruit.access import Permission, may, requires
from recruit.accounts.forms import EmptyForm
from recruit.candidates.actions import read_cv
from recruit.candidates.queries import candidate as find_candidate
from recruit.documents.own_data_parts import in_parts
from recruit.documents.quota import count_document
from recruit.privacy import actions, notice, queries
from recruit.privacy.archive import archive
from recruit.privacy.forms import (
    BASES,
    EraseCandidateForm,
    HoldForm,
    InformationForm,
    KeepForm,
    where,
)
from recruit.privacy.mentions import MOST_SHOWN, mentions
from recruit.privacy.models import ErasureGround, LegalBasis
from recruit.reports.actions import note_view
from recruit.reports.personal import own_data as personal_data
from recruit.requisitions.queries import requisition as find_requisition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue
    from flask_wtf import FlaskForm

    from recruit.documents.own_data import OwnData

blueprint = Blueprint("privacy", __name__)
HERE = "/requisitions/<int:requisition_id>"


@blueprint.app_template_global("retention_of")
def retention_of(requisition_id: int) -> queries.Retention:
    """Return how long a requisition's data is kept, for pages of other features."""
    return queries.retention(requisition_id)


@blueprint.app_template_global("information_url")
def information_url(requisition_id: int) -> str:
    """Return where candidates read how their data is handled, for mails of other features."""
    return notice.address_of(requisition_id)


@blueprint.get("/privacy/")
@requires(Permission.PRIVACY_MANAGE)
def index() -> ResponseReturnValue:
    """List how long each requisition is kept, and what is due."""
    return render_template(
        "web/privacy/index.html",
        retentions=queries.retentions(),
        automatic=current_app.config["RECRUIT_ERASE_WHEN_DUE"],
    )


@blueprint.get(f"{HERE}/privacy/")
@requires(Permission.PRIVACY_MANAGE)
def show(requisition_id: int) -> ResponseReturnValue:
    """Show how long the data of a requisition is kept, and what candidates are told."""
    return _page(requisition_id)


@blueprint.post(f"{HERE}/privacy/keep")
@requires(Permission.PRIVACY_MANAGE)
def keep(requisition_id: int) -> ResponseReturnValue:
    """Choose another last day."""
    find_requisition(requisition_id)
    form = KeepForm()
    if not form.validate_on_submit():
        return _page(requisition_id, keep_form=form), 400
    assert form.until.data is not None
    actions.keep_until(
        requisition_id,
        form.until.data,
        reason=form.reason.data or "",
        actor_id=current_user.id,
    )
    flash(_("The day is changed."), "success")
    return redirect(url_for(".show", requisition_id=requisition_id))


@blueprint.post(f"{HERE}/privacy/hold")
@requires(Permission.PRIVACY_MANAGE)
def hold(requisition_id: int) -> ResponseReturnValue:
    """Stop erasure."""
    find_requisition(requisition_id)
    form = HoldForm()
    if not form.validate_on_submit():
        return _page(requisition_id, hold_form=form), 400
    actions.hold(requisition_id, reason=form.hold_reason.data or "", actor_id=current_user.id)
    flash(_("Nothing is erased until the hold is lifted."), "success")
    return redirect(url_for(".show", requisition_id=requisition_id))


@blueprint.post(f"{HERE}/privacy/release")
@requires(Permission.PRIVACY_MANAGE)
def release(requisition_id: int) -> ResponseReturnValue:
    """Lift the hold."""
    find_requisition(requisition_id)
    actions.release(requisition_id, actor_id=current_user.id)
    flash(_("The hold has been lifted."), "success")
    return redirect(url_for(".show", requisition_id=requisition_id))


@blueprint.route(f"{HERE}/privacy/erase", methods=["GET", "POST"])
@requires(Permission.PRIVACY_MANAGE)
def erase(requisition_id: int) -> ResponseReturnValue:
    """Say what is lost, then erase everything about the candidates."""
    found = queries.retention(requisition_id)
    form = EmptyForm()
    if form.validate_on_submit():
        actions.erase(requisition_id, actor_id=current_user.id)
        flash(_("Everything about the candidates is erased."), "success")
        return redirect(url_for(".show", requisition_id=requisition_id))
    found_contents = queries.contents(requisition_id, reader_id=current_user.id)
    return render_template(
        "web/privacy/erase.html",
        requisition=found.requisition,
        retention=found,
        # Whether others have drafts is for those alone who may read ratings.
        contents=found_contents
        if may(current_user, Permission.SUBMISSIONS_READ, requisition_id)
        else replace(found_contents, drafts=None),
        form=form,
    )


@blueprint.route(f"{HERE}/candidates/<int:candidate_id>/erase", methods=["GET", "POST"])
@requires(Permission.CANDIDATE_EDIT)
def erase_candidate(requisition_id: int, candidate_id: int) -> ResponseReturnValue:
    """Say what is lost, then erase everything about one candidate who asks for it."""
    candidate = find_candidate(requisition_id, candidate_id)
    found = mentions(candidate, current_user.id)
    form = EraseCandidateForm()
    form.offer(found.doubtful)
    if form.validate_on_submit():
        actions.erase_candidate(
            requisition_id,
            candidate_id,
            ground=ErasureGround(form.ground.data),
            actor_id=current_user.id,
            chosen=form.places.data or (),
            rest=bool(form.rest.data),
        )
        flash(_("Everything about the candidate is erased."), "success")
        return redirect(url_for("candidates.index", requisition_id=requisition_id))
    if found.certain or found.doubtful:
        note_view(
            requisition_id,
            subject=f"candidate:{candidate_id}",
            kind="mentions",
            actor_id=current_user.id,
            about={w.candidate_id for w in found.named if w.candidate_id is not None},
        )
    return (
        render_template(
            "web/privacy/erase_candidate.html",
            requisition=find_requisition(requisition_id),
            retention=queries.retention(requisition_id),
            candidate=candidate,
            contents=queries.contents(requisition_id, candidate_id, reader_id=current_user.id),
            mentions=found,
            shown=found.certain[:MOST_SHOWN],
            where=where,
            form=form,
        ),
        400 if form.errors else 200,
    )


@blueprint.get(f"{HERE}/candidates/<int:candidate_id>/own-data.zip")
@requires(Permission.RIGHTS_ANSWER)
def own_data(requisition_id: int, candidate_id: int) -> ResponseReturnValue:
    """Return everything that is stored about a candidate, for the candidate, with the CV.

    Its documents are made one by one while the file is sent: much may have been written.
    """
    report = personal_data(current_user.id, find_requisition(requisition_id), candidate_id)
    count_document()
    cv = read_cv(requisition_id, candidate_id, actor_id=current_user.id)
    note_view(
        requisition_id,
        subject=f"candidate:{candidate_id}",
        kind="own-data-zip",
        actor_id=current_user.id,
        about={candidate_id},
    )
    entries = _own_data_files(report, cv)
    response = Response(stream_with_context(archive(entries)), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="own-data-{candidate_id}.zip"'
    return response


def _own_data_files(report: OwnData, cv: tuple[str, bytes] | None) -> Iterator[tuple[str, bytes]]:
    """Return (name, content) of each file that a candidate is handed."""
    yield "own-data.json", json.dumps(report.as_json(), ensure_ascii=False, indent=2).encode()
    if cv is not None:
        kind, data = cv
        yield f"cv.{kind}", data
    parts = in_parts(report)
    renderer = current_app.extensions["recruit_renderer"]
    for part in parts:
        name = f"own-data-{part.part}.pdf" if len(parts) > 1 else "own-data.pdf"
        yield name, renderer.pdf(part.html())


@blueprint.route(f"{HERE}/privacy/information", methods=["GET", "POST"])
@requires(Permission.PRIVACY_MANAGE)
def inform(requisition_id: int) -> ResponseReturnValue:
    """Change what candidates are told."""
    found = notice.notice_for(requisition_id)
    form = InformationForm(obj=found)
    if not form.is_submitted():
        form.legal_basis.data = found.legal_basis.value
    if form.validate_on_submit():
        actions.inform(
            requisition_id,
            purpose=form.purpose.data or "",
            legal_basis=LegalBasis(form.legal_basis.data),
            readers=form.readers.data or "",
            addition=form.addition.data or "",
            actor_id=current_user.id,
        )
        flash(_("The information is saved. This is what candidates read."), "success")
        return redirect(notice.address_of(requisition_id))
    return (
        render_template(
            "web/privacy/inform.html",
            requisition=found.requisition,
            address=notice.address_of(requisition_id),
            form=form,
        ),
        400 if form.errors else 200,
    )


@blueprint.get("/information/<token>")
@requires(Permission.PUBLIC)
def information(token: str) -> ResponseReturnValue:
    """Tell candidates, in the requisition's language, how their data is handled."""
    requisition_id = notice.requisition_of(token)
    if requisition_id is None:
        abort(404)
    found = notice.notice_for(requisition_id)
    if queries.retention(requisition_id).is_erased:
        abort(410)
    g.language = found.requisition.language
    refresh()
    return render_template(
        "web/privacy/information.html", notice=found, basis=BASES[found.legal_basis]
    )


def _page(
    requisition_id: int, *, keep_form: FlaskForm | None = None, hold_form: FlaskForm | None = None
) -> str:
    found = queries.retention(requisition_id)
    return render_template(
        "web/privacy/show.html",
        requisition=found.requisition,
        retention=found,
        notice=notice.notice_for(requisition_id),
        bases=BASES,
        address=notice.address_of(requisition_id),
        keep_form=keep_form or KeepForm(formdata=None, until=found.until),
        hold_form=hold_form or HoldForm(formdata=None),
        empty_form=EmptyForm(formdata=None),
    )
