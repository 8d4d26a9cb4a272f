"""The start page: what waits for the person who signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.database import db
from recruit.interviews import queries as interviews
from recruit.requisitions import queries as requisitions
from recruit.scorecards import queries as scorecards

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@requires(Permission.HOME)
def start() -> ResponseReturnValue:
    """Show the interviews that wait for the person, and the requisitions they follow."""
    return render_template(
        "web/home/start.html",
        interviews=interviews.interviews_of(current_user.id),
        states=scorecards.own_states(current_user.id),
        requisitions=requisitions.requisitions_for(current_user),
    )


@blueprint.get("/health")
@requires(Permission.PUBLIC)
def health() -> ResponseReturnValue:
    """Answer when the process and its database do."""
    db.session.execute(db.text("SELECT 1"))
    return {"status": "ok"}
