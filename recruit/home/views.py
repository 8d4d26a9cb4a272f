"""Pages that belong to no feature: the start page and the health check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template
from flask_security import current_user

from recruit.access import Permission, may, requires
from recruit.database import db, now
from recruit.home import queries, upkeep
from recruit.interviews import queries as interviews
from recruit.interviews.training import panel_standings
from recruit.requisitions import queries as requisitions
from recruit.requisitions.models import Work
from recruit.scorecards import queries as scorecards
from recruit.scorecards.states import ScorecardState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from recruit.interviews.models import Interview
    from recruit.requisitions.models import Requisition
    from recruit.training.queries import Seat, Standing

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@requires(Permission.HOME)
def start() -> ResponseReturnValue:
    """Show the interviews that wait for the person, and the requisitions they follow."""
    states = scorecards.own_states(current_user.id)
    own = interviews.interviews_of(current_user.id)
    done = [i for i in own if states.get(i.id) == ScorecardState.SUBMITTED]
    waiting = [
        interview
        for interview in own
        if interview not in done and interview.candidate.requisition.allows(Work.RECRUIT)
    ]
    followed = requisitions.requisitions_for(current_user)
    return render_template(
        "web/home/start.html",
        waiting=waiting,
        counts=interviews.submitted(waiting),
        untrained=_untrained(waiting),
        submitted=done,
        vacant=interviews.vacant_seats() if may(current_user, Permission.PANEL_VIEW) else [],
        moment=now(),
        requisitions=followed,
        progress=queries.progress(followed),
        managed=queries.managed_by(current_user.id),
        upkeep=upkeep.upkeep() if may(current_user, Permission.USERS_MANAGE) else None,
        erasures=upkeep.erasures() if may(current_user, Permission.PRIVACY_MANAGE) else None,
    )


@blueprint.app_template_global()
def progress_of(requisition: Requisition) -> queries.Progress | None:
    """Return how far a requisition has come, or None when it is no longer open."""
    return queries.progress([requisition]).get(requisition.id)


def _untrained(waiting: Sequence[Interview]) -> list[tuple[Interview, Standing]]:
    """Return what training is left, each with the first interview that it is required for."""
    standings = panel_standings(waiting, current_user.id)
    first: dict[Seat, tuple[Interview, Standing]] = {}
    for interview in waiting:
        standing = standings.get((interview.id, current_user.id))
        if standing is not None and standing.left:
            first.setdefault(standing.seat, (interview, standing))
    return list(first.values())


@blueprint.get("/health")
@requires(Permission.PUBLIC)
def health() -> ResponseReturnValue:
    """Answer when the process and its database do."""
    db.session.execute(db.text("SELECT 1"))
    return {"status": "ok"}
