"""Pages of the rater training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.library import library
from recruit.requisitions.queries import requisition as find_requisition
from recruit.training import actions, queries
from recruit.training.exercises import Exercise, exercise, exercises
from recruit.training.forms import RatingForm, RequirementForm

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from recruit.training.actions import TrainingIsLeft

blueprint = Blueprint("training", __name__)
PARTS = {"scale": "rater-instructions", "notes": "note-taking", "errors": "rating-errors"}
"""What is read before the exercises, in order: the address and the script of the library."""


@blueprint.get("/training/")
@requires(Permission.TRAINING)
def index() -> ResponseReturnValue:
    """Show the course, and how far the reader has come."""
    chosen = _chosen()
    ratings = queries.own_ratings(current_user.id)
    return render_template(
        "web/training/index.html",
        parts=[(key, library().scripts[script]) for key, script in PARTS.items()],
        competencies=[c for c in library().competencies.values() if not chosen or c.id in chosen],
        chosen=chosen,
        offered=exercises(chosen or None),
        done={(rating.competency, rating.exercise) for rating in ratings},
        next=queries.next_exercise(current_user.id, chosen),
    )


@blueprint.get("/training/read/<part>")
@requires(Permission.TRAINING)
def read(part: str) -> ResponseReturnValue:
    """Show one of the texts that the course begins with."""
    if part not in PARTS:
        abort(404)
    order = list(PARTS)
    place = order.index(part)
    following = order[place + 1] if place + 1 < len(order) else None
    return render_template(
        "web/training/read.html",
        part=part,
        number=place + 1,
        total=len(order),
        script=library().scripts[PARTS[part]],
        following=(following, library().scripts[PARTS[following]]) if following else None,
        chosen=_chosen(),
        next=queries.next_exercise(current_user.id, _chosen()),
    )


@blueprint.get("/training/exercises/<competency_id>/<int:number>")
@requires(Permission.TRAINING)
def show(competency_id: str, number: int) -> ResponseReturnValue:
    """Show one written answer to rate."""
    found = exercise(competency_id, number)
    form = RatingForm(formdata=None)
    form.seen.data = str(queries.attempts(current_user.id, found))
    return _exercise(found, form)


@blueprint.post("/training/exercises/<competency_id>/<int:number>")
@requires(Permission.TRAINING)
def rate(competency_id: str, number: int) -> ResponseReturnValue:
    """Store the rating and show what the expert said."""
    found = exercise(competency_id, number)
    form = RatingForm()
    if not form.validate_on_submit():
        if form.seen.errors:
            form.seen.data = str(queries.attempts(current_user.id, found))
        return _exercise(found, form), 400
    stored = actions.rate(
        current_user.id,
        found,
        rating=int(form.rating.data),
        why=form.why.data or "",
        seen=int(form.seen.data or ""),
    )
    return redirect(url_for("training.feedback", rating_id=stored, competency=_chosen()))


@blueprint.get("/training/ratings/<int:rating_id>")
@requires(Permission.TRAINING)
def feedback(rating_id: int) -> ResponseReturnValue:
    """Show a rating of the reader's own beside the expert's."""
    rating = queries.own_rating(current_user.id, rating_id)
    found = exercise(rating.competency, rating.exercise)
    return render_template(
        "web/training/feedback.html",
        rating=rating,
        exercise=found,
        changed=rating.text_hash != found.text_hash,
        chosen=_chosen(),
        next=queries.next_exercise(current_user.id, _chosen(), found.key),
    )


@blueprint.get("/training/own")
@requires(Permission.TRAINING)
def own() -> ResponseReturnValue:
    """Show the reader's own leniency."""
    return render_template(
        "web/training/own.html",
        figures=queries.own_figures(current_user.id),
        competencies=library().competencies,
        next=queries.next_exercise(current_user.id, ()),
    )


@blueprint.get("/requisitions/<int:requisition_id>/training")
@requires(Permission.REQUISITION_EDIT)
def requirement(requisition_id: int) -> ResponseReturnValue:
    """Show what the requisition requires of its interviewers."""
    required = queries.requirement(requisition_id)
    form = RequirementForm(formdata=None)
    form.demand.data = "nothing"
    if required is not None:
        form.demand.data = "round" if required.exercises is None else "count"
        form.exercises.data = str(required.exercises or "")
    return _requirement(requisition_id, form)


@blueprint.post("/requisitions/<int:requisition_id>/training")
@requires(Permission.REQUISITION_EDIT)
def require(requisition_id: int) -> ResponseReturnValue:
    """Change what the requisition requires of its interviewers."""
    find_requisition(requisition_id)
    form = RequirementForm()
    if not form.validate_on_submit():
        return _requirement(requisition_id, form), 400
    if form.demand.data == "nothing":
        actions.stop_requiring(requisition_id, actor_id=current_user.id)
        flash(_("No training is required."), "success")
    else:
        wanted = form.number if form.demand.data == "count" else None
        actions.require(requisition_id, exercises=wanted, actor_id=current_user.id)
        flash(_("The training is required before ratings are submitted."), "success")
    return redirect(url_for("interviews.index", requisition_id=requisition_id))


@blueprint.app_errorhandler(actions.TrainingIsLeft)
def left(error: TrainingIsLeft) -> ResponseReturnValue:
    """Say what is left, and that what was written is kept."""
    return render_template("web/training/left.html", error=error), 409


def _chosen() -> list[str]:
    """Return the competencies that the address names: those of the reader's interview."""
    known = library().competencies
    return [key for key in dict.fromkeys(request.args.getlist("competency")) if key in known]


def _exercise(found: Exercise, form: RatingForm) -> str:
    return render_template(
        "web/training/exercise.html",
        exercise=found,
        form=form,
        chosen=_chosen(),
        before=int(form.seen.data or "0"),
    )


def _requirement(requisition_id: int, form: RequirementForm) -> str:
    return render_template(
        "web/training/requirement.html",
        requisition=find_requisition(requisition_id),
        form=form,
        choices=[choice[:3] for choice in form.demand.iter_choices()],
        most=len(exercises()),
    )
