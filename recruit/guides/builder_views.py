"""Pages of the builder: one guide draft, edited button by button.

Without scripts every edit is a form that leads back to the builder; with htmx the same form gets
the builder alone and puts it in place of the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user
from flask_wtf import FlaskForm

from recruit.access import Permission, requires
from recruit.core import draft as drafts
from recruit.core import draft_edits as edits
from recruit.core import draft_guide, planner
from recruit.core.draft import Draft, EditRefused, RoundIsLocked, TooManyOwn
from recruit.guides import actions, queries
from recruit.guides.board import board, round_names
from recruit.guides.forms import VERBS, EditForm
from recruit.library import library
from recruit.requisitions.queries import requisition as find_requisition

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from recruit.core.library import Library, Question

    Change = Callable[[Draft, Library], Draft]

blueprint = Blueprint(
    "builder", __name__, url_prefix="/requisitions/<int:requisition_id>/guides/builder"
)


@blueprint.get("/")
@requires(Permission.GUIDE_EDIT)
def show(requisition_id: int) -> ResponseReturnValue:
    """Show the draft of the guides with everything that can be done to it."""
    return page(requisition_id)


def page(
    requisition_id: int,
    *,
    refusal: planner.NoPlan | None = None,
    alert: str = "",
    kept: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """Return the builder; ``alert`` says why an edit was not made, ``kept`` what was written."""
    requisition = find_requisition(requisition_id)
    working = queries.working(requisition_id, library())
    try:
        shown = board(working, library(), str(get_locale()))
    except planner.NoPlan as error:
        shown, refusal = None, error
        status = max(status, 422)
    in_place = "HX-Request" in request.headers
    return (
        render_template(
            "web/guides/board.html" if in_place else "web/guides/builder.html",
            requisition=requisition,
            working=working,
            board=shown,
            drafted=queries.has_drafts(requisition_id),
            verbs=VERBS,
            refusal=refusal,
            alert=alert,
            kept=kept,
        ),
        status,
    )


@blueprint.app_errorhandler(draft_guide.GuideIsUnreadable)
def unreadable(error: draft_guide.GuideIsUnreadable) -> ResponseReturnValue:
    """Say what of the guides cannot be taken up, and offer to go on without it."""
    requisition = find_requisition((request.view_args or {})["requisition_id"])
    return (
        render_template(
            "web/guides/unreadable.html",
            requisition=requisition,
            texts=error.texts,
            form=FlaskForm(formdata=None),
        ),
        409,
    )


@blueprint.post("/recover")
@requires(Permission.GUIDE_EDIT)
def recover(requisition_id: int) -> ResponseReturnValue:
    """Go on with what can be read of the guides."""
    find_requisition(requisition_id)
    try:
        queries.working(requisition_id, library())
    except draft_guide.GuideIsUnreadable:
        actions.recover(requisition_id, library(), actor_id=current_user.id)
        flash(_("The rest of the guides is taken up. Read it through, then publish."), "success")
    return redirect(url_for("builder.show", requisition_id=requisition_id), 303)


def plan_anew(requisition_id: int) -> ResponseReturnValue:
    """Plan every round anew and lead to the builder, or say there why that could not be done."""
    try:
        actions.generate(requisition_id, library(), actor_id=current_user.id)
    except planner.NoPlan as error:
        return page(requisition_id, refusal=error, status=422)
    except actions.DraftHasChanged as error:
        return page(requisition_id, alert=why(error), status=409)
    flash(_("The guides are generated. Read them through, then publish."), "success")
    return redirect(url_for("builder.show", requisition_id=requisition_id), 303)


@blueprint.post("/edit")
@requires(Permission.GUIDE_EDIT)
def edit(requisition_id: int) -> ResponseReturnValue:
    """Carry out one edit and show the builder as it is then."""
    find_requisition(requisition_id)
    form = EditForm()
    kept = form.words
    if not form.validate():
        message = next(iter(form.note.errors), None) or _(
            "That could not be understood. Nothing was changed."
        )
        return page(requisition_id, alert=message, kept=kept, status=400)
    try:
        _carry_out(requisition_id, form)
    except planner.NoPlan as error:
        return page(requisition_id, refusal=error, status=422)
    except (actions.DraftHasChanged, actions.NothingToUndo, EditRefused) as error:
        return page(requisition_id, alert=why(error), kept=kept, status=409)
    if "HX-Request" in request.headers:
        return page(requisition_id)
    return redirect(
        url_for("builder.show", requisition_id=requisition_id, _anchor=_anchor(form)), 303
    )


def _anchor(form: EditForm) -> str:
    match form.verb.data:
        case "up" | "down" | "pin" | "unpin" | "move":
            return f"question-{form.question.data}"
        case "swap" | "add":
            return f"question-{form.other.data}"
        case "lock" | "unlock" | "note" | "section-up" | "section-down":
            return f"round-{form.number.data}"
        case _:
            return "builder"


def _carry_out(requisition_id: int, form: EditForm) -> None:
    verb, revision = str(form.verb.data), int(form.revision.data or 0)
    if verb in {"undo", "redo"}:
        go = actions.undo if verb == "undo" else actions.redo
        go(requisition_id, revision, library=library(), actor_id=current_user.id)
        return
    actions.edit(
        requisition_id,
        revision,
        verb,
        _change(form),
        library=library(),
        actor_id=current_user.id,
    )


def _change(form: EditForm) -> Change:
    key, other = form.question.data or "", form.other.data or ""
    number = -1 if form.number.data is None else form.number.data
    changes: dict[str, Change] = {
        "generate": drafts.replan,
        "way": lambda draft, known: _make_fit(draft, known, number),
        "swap": lambda draft, known: edits.swap(draft, key, other, known),
        "add": lambda draft, known: edits.add(draft, number, other, known),
        "drop": lambda draft, _known: edits.drop(draft, key),
        "allow": lambda draft, _known: edits.allow(draft, key),
        "pin": lambda draft, _known: edits.pin(draft, key),
        "unpin": lambda draft, _known: edits.unpin(draft, key),
        "move": lambda draft, known: edits.move(draft, key, number, known),
        "up": lambda draft, known: edits.shift(draft, key, -1, known),
        "down": lambda draft, known: edits.shift(draft, key, 1, known),
        "section-up": lambda draft, known: edits.shift_section(draft, number, other, -1, known),
        "section-down": lambda draft, known: edits.shift_section(draft, number, other, 1, known),
        "lock": lambda draft, _known: edits.lock(draft, number, locked=True),
        "unlock": lambda draft, _known: edits.lock(draft, number, locked=False),
        "note": lambda draft, _known: edits.note_round(draft, number, form.words),
    }
    return changes[str(form.verb.data)]


def _make_fit(draft: Draft, known: Library, number: int) -> Draft:
    """Take the way out that the refusal named under the number, and plan anew."""
    try:
        return drafts.replan(draft, known)
    except planner.Infeasible as error:
        if not 0 <= number < len(error.ways_out):
            raise EditRefused(number) from error
        return drafts.replan(edits.take(draft, error.ways_out[number], known), known)


def why(error: Exception) -> Any:
    """Return why an edit was not made, what is safe and what to do."""
    match error:
        case actions.DraftHasChanged():
            return _(
                "The guide was changed in another window or by somebody else after you opened "
                "it. Nothing was overwritten. Here is the guide as it is now: do it again if it "
                "is still needed."
            )
        case actions.NothingToUndo():
            return _("There is nothing more to undo or redo.")
        case RoundIsLocked():
            return _("The round is locked. Unlock it first.")
        case TooManyOwn():
            return _("The guide has as many own questions as it can hold. Remove one first.")
        case _:
            return _("That can no longer be done: the guide looks different now.")


@blueprint.get("/questions/<question_id>/swap")
@requires(Permission.GUIDE_EDIT)
def swap(requisition_id: int, question_id: str) -> ResponseReturnValue:
    """Show what could be asked in place of a question, and what that would gain or lose."""
    requisition = find_requisition(requisition_id)
    working = queries.working(requisition_id, library())
    try:
        number, question, competency = asked(working.draft, question_id)
    except QuestionIsGone:
        return page(
            requisition_id,
            alert=_("The question is no longer in the library. Remove it, or put it back there."),
            status=409,
        )
    try:
        options = draft_guide.replacements(working.draft, library(), question_id)
    except planner.NoPlan as error:
        return page(requisition_id, refusal=error, status=422)
    return render_template(
        "web/guides/swap.html",
        requisition=requisition,
        working=working,
        round_name=round_names(working.draft, str(get_locale()))[number],
        question=question,
        competency=competency,
        near=[option for option in options if option.competency == competency],
        far=[option for option in options if option.competency != competency],
        known=drafts.library_of(working.draft, library()).competencies,
    )


@blueprint.get("/rounds/<int:round_number>/add")
@requires(Permission.GUIDE_EDIT)
def add(requisition_id: int, round_number: int) -> ResponseReturnValue:
    """Show what more could be asked in a round, and where to write a question of one's own."""
    requisition = find_requisition(requisition_id)
    working = queries.working(requisition_id, library())
    check_round(working.draft, round_number)
    try:
        options = draft_guide.additions(working.draft, library(), round_number - 1)
    except planner.NoPlan as error:
        return page(requisition_id, refusal=error, status=422)
    return render_template(
        "web/guides/add.html",
        requisition=requisition,
        working=working,
        number=round_number - 1,
        round_name=round_names(working.draft, str(get_locale()))[round_number - 1],
        options=options,
        known=library().competencies,
    )


class QuestionIsGone(LookupError):
    """The draft asks a question that the library, or its competency, no longer has."""


def asked(draft: Draft, question_id: str) -> tuple[int, Question, str]:
    """Return round, question and competency, or a 404 error when the draft does not ask it.

    Raises QuestionIsGone when the library has lost it.
    """
    try:
        number = draft.round_of(question_id)
    except EditRefused:
        abort(404)
    questions = (
        (number, question, key)
        for key, competency in drafts.library_of(draft, library()).competencies.items()
        for question in competency.questions
        if question.id == question_id
    )
    found = next(questions, None)
    if found is None:
        raise QuestionIsGone(question_id)
    return found


def check_round(draft: Draft, round_number: int) -> None:
    """Raise a 404 error when the draft has no such round."""
    if not 1 <= round_number <= len(draft.rounds):
        abort(404)
