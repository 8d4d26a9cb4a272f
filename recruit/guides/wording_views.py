"""Pages on which a guide's words are written: a question of one's own, and what one is changed to.

What the words touch that must not be asked is said while they are written; it stops nothing before
the guide is published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.core import draft_edits as edits
from recruit.core import draft_guide, planner
from recruit.core.draft import Draft, EditRefused
from recruit.core.library import LONGEST_TEXT, MOST_PROBES
from recruit.core.text import written
from recruit.core.wording import flags
from recruit.guides import actions, queries
from recruit.guides.board import round_names
from recruit.guides.builder_views import QuestionIsGone, asked, check_round, page, why
from recruit.guides.forms import CheckForm, OwnQuestionForm, WordingForm
from recruit.library import library
from recruit.library.queries import competency as find_competency
from recruit.requisitions.queries import requisition as find_requisition

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from recruit.core.library import Library, Question
    from recruit.guides.builder_views import Change

blueprint = Blueprint(
    "wording", __name__, url_prefix="/requisitions/<int:requisition_id>/guides/builder"
)


@blueprint.route("/rounds/<int:round_number>/own/<competency_id>", methods=["GET", "POST"])
@requires(Permission.GUIDE_EDIT)
def own(requisition_id: int, round_number: int, competency_id: str) -> ResponseReturnValue:
    """Write a question of one's own about a competency."""
    requisition = find_requisition(requisition_id)
    working = queries.working(requisition_id, library())
    check_round(working.draft, round_number)
    if competency_id not in working.draft.profile.competencies:
        abort(404)
    form = OwnQuestionForm()
    if competency_id not in library().competencies:
        return _gone(requisition_id, form)
    competency = find_competency(competency_id)
    form.use(competency, str(get_locale()))
    form.write_in(working.language)
    alert, status = "", 200
    if form.validate_on_submit():
        item = form.question(competency_id)

        def change(draft: Draft, known: Library) -> Draft:
            return edits.add_own(draft, round_number - 1, item, known)

        alert = _edit_words(requisition_id, form, "own", change)
        if not alert:
            return redirect(
                url_for(
                    "builder.show",
                    requisition_id=requisition_id,
                    _anchor=f"round-{round_number - 1}",
                ),
                303,
            )
        status = 409
    working = queries.working(requisition_id, library())
    return (
        render_template(
            "web/guides/own.html",
            requisition=requisition,
            working=working,
            form=form,
            number=round_number - 1,
            round_name=round_names(working.draft, str(get_locale()))[round_number - 1],
            competency=competency,
            alert=alert,
            found=_flags(form, working.language),
        ),
        400 if form.errors else status,
    )


@blueprint.route("/questions/<question_id>", methods=["GET", "POST"])
@requires(Permission.GUIDE_EDIT)
def reword(requisition_id: int, question_id: str) -> ResponseReturnValue:
    """Change the words of a question, or write a note on it to the interviewers."""
    requisition = find_requisition(requisition_id)
    working = queries.working(requisition_id, library())
    form = WordingForm()
    try:
        _number, question, competency = asked(working.draft, question_id)
    except QuestionIsGone:
        return _gone(requisition_id, form)
    shown = draft_guide.wording_of(question, working.language)
    form.write_in(working.language)
    alert, status = "", 200
    if form.validate_on_submit():
        alert = _edit_words(requisition_id, form, "reword", _rewording(question_id, form))
        if not alert:
            return redirect(
                url_for(
                    "builder.show",
                    requisition_id=requisition_id,
                    _anchor=f"question-{question_id}",
                ),
                303,
            )
        status = 409
        working = queries.working(requisition_id, library())
    elif not form.is_submitted():
        form.fill(shown, working.draft.notes.get(question_id, ""))
    return (
        render_template(
            "web/guides/reword.html",
            requisition=requisition,
            working=working,
            form=form,
            question=question,
            competency=competency,
            shipped=_shipped(question_id),
            alert=alert,
            now=shown if status == 409 else None,
            found=_flags(form, working.language),
        ),
        400 if form.errors else status,
    )


def _gone(requisition_id: int, form: WordingForm) -> ResponseReturnValue:
    """Return the builder, which says what the library lacks, with what was written."""
    texts = (form.text.data, form.background.data, form.probes.data, form.note.data)
    return page(
        requisition_id,
        alert=_(
            "The question or its competency is no longer in the library, so nothing was saved. "
            "Put it back in the library, or change competencies and questions."
        ),
        kept="\n\n".join(filter(None, map(written, texts))),
        status=409,
    )


def _rewording(question_id: str, form: WordingForm) -> Change:
    wording, note = form.wording, written(form.note.data)
    shipped = _shipped(question_id)

    def change(draft: Draft, _known: Library) -> Draft:
        language = draft.profile.language
        same = shipped is not None and wording == draft_guide.wording_of(shipped, language)
        return edits.reword(draft, question_id, None if same else wording, note)

    return change


def _edit_words(requisition_id: int, form: WordingForm, verb: str, change: Change) -> Any:
    """Store what was written; return why it could not be, or nothing."""
    try:
        actions.edit(
            requisition_id,
            int(form.revision.data or 0),
            verb,
            change,
            library=library(),
            actor_id=current_user.id,
        )
    except actions.DraftHasChanged:
        return _(
            "The guide was changed in another window or by somebody else after you opened this "
            "page. Nothing was overwritten, and what you wrote is still here. Look through it "
            "and save again."
        )
    except EditRefused as error:
        return why(error)
    except planner.NoPlan as error:
        return " ".join(line.in_(str(get_locale())) for line in error.reason_lines)
    return ""


@blueprint.post("/wording")
@requires(Permission.GUIDE_EDIT)
def check(requisition_id: int) -> ResponseReturnValue:
    """Say what is wrong with words that are being written; nothing is stored."""
    language = find_requisition(requisition_id).language
    return render_template(
        "web/guides/flags.html", found=_flags(CheckForm(), language), words_language=language
    )


def _flags(form: WordingForm | CheckForm, language: str) -> list[object]:
    probes = written(form.probes.data).split("\n")[:MOST_PROBES]
    texts = (form.text.data, form.background.data, *probes, form.note.data)
    return [flag for text in texts for flag in flags((text or "")[:LONGEST_TEXT], language)]


def _shipped(question_id: str) -> Question | None:
    questions = (q for item in library().competencies.values() for q in item.questions)
    return next((question for question in questions if question.id == question_id), None)
