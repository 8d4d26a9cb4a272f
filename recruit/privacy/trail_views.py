"""The audit trail as page and file, for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, render_template, request
from flask_babel import gettext as _
from flask_security import current_user
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from recruit.access import Permission, requires
from recruit.audit.queries import verdict
from recruit.database import HIGHEST
from recruit.privacy import actions, trail, trail_words
from recruit.privacy.forms import TrailForm
from recruit.scorecards.independence import withheld_requisitions

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("trail", __name__, url_prefix="/trail")
BYTE_ORDER_MARK = "\ufeff"
"""Without it, a spreadsheet takes a CSV file in UTF-8 for something else."""


@blueprint.get("/")
@requires(Permission.AUDIT_READ)
def show() -> ResponseReturnValue:
    """Show who did what, newest first."""
    form = _form()
    is_right = form.validate()
    found = (
        trail.lines(
            form.wanted(),
            current_user.id,
            before=request.args.get("before", type=_number),
            limit=trail.PAGE + 1,
        )
        if is_right
        else []
    )
    return (
        render_template(
            "web/privacy/trail.html",
            form=form,
            lines=found[: trail.PAGE],
            people=dict(trail.people()),
            requisitions=dict(trail.requisitions()),
            about=trail_words.about,
            details=trail_words.details,
            older=found[trail.PAGE - 1].event.id if len(found) > trail.PAGE else None,
            withheld=withheld_requisitions(current_user.id),
            chosen={key: value for key, value in request.args.items() if key in form.data},
            verdict=verdict() if "check" in request.args else None,
            verdict_in_words=trail_words.verdict_in_words,
        ),
        200 if is_right else 400,
    )


@blueprint.get("/trail.csv")
@requires(Permission.AUDIT_READ)
def as_csv() -> ResponseReturnValue:
    """Return the chosen events as CSV."""
    found = _exported("csv")
    if found is None:
        return show()
    text = BYTE_ORDER_MARK + trail.as_csv(found)
    response = Response(text.encode(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="trail.csv"'
    return response


@blueprint.get("/trail.json")
@requires(Permission.AUDIT_READ)
def as_json() -> ResponseReturnValue:
    """Return the chosen events as JSON."""
    found = _exported("json")
    if found is None:
        return show()
    response = jsonify(trail.as_json(found))
    response.headers["Content-Disposition"] = 'attachment; filename="trail.json"'
    return response


def _exported(kind: str) -> list[trail.Line] | None:
    """Return the chosen events; None when the filter cannot be read, which the page explains."""
    form = _form()
    if not form.validate():
        return None
    actions.note_export(kind=kind, actor_id=current_user.id)
    return trail.lines(form.wanted(), current_user.id)


def _form() -> TrailForm:
    form = TrailForm(request.args)
    form.requisition.choices = [
        SelectChoice("", _("All")),
        *(SelectChoice(str(number), title) for number, title in trail.requisitions()),
    ]
    form.person.choices = [
        SelectChoice("", _("Everybody")),
        *(SelectChoice(str(number), name) for number, name in trail.people()),
    ]
    form.action.choices = [
        SelectChoice("", _("Everything")),
        *(SelectChoice(key, trail.label(key)) for key in trail.actions()),
    ]
    return form


def _number(text: str) -> int:
    """Return a number that fits the database's. Raises ValueError."""
    number = int(text)
    if not 0 < number <= HIGHEST:
        raise ValueError(text)
    return number
