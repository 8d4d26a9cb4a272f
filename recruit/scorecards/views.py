"""The interview page, autosave, submission, and what colleagues wrote once that may be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import format_time, get_locale
from flask_babel import gettext as _
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.guides.queries import content
from recruit.interviews.queries import interview as find_interview
from recruit.interviews.training import panel_standings
from recruit.library import library
from recruit.scorecards import actions, queries
from recruit.scorecards.forms import read_entries, read_version
from recruit.scorecards.models import Scorecard, ScorecardState

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from recruit.interviews.models import Interview

blueprint = Blueprint(
    "scorecards",
    __name__,
    url_prefix="/requisitions/<int:requisition_id>/interviews/<int:interview_id>/scorecard",
)


@blueprint.get("/")
@requires(Permission.SCORECARD_FILL)
def fill(requisition_id: int, interview_id: int) -> ResponseReturnValue:
    """Show the interview page, or the locked scorecard once it is submitted."""
    interview = find_interview(requisition_id, interview_id)
    scorecard = queries.own_scorecard(interview_id, current_user.id)
    if scorecard is not None and scorecard.state == ScorecardState.SUBMITTED:
        return render_template(
            "web/scorecards/submitted.html",
            interview=interview,
            guide=content(interview.guide_version),
            scorecard=scorecard,
            entries=actions.entries_of(scorecard),
            others=[
                other
                for other in queries.visible_scorecards(current_user.id, requisition_id)
                if other.interview.candidate_id == interview.candidate_id
                and other.user_id != current_user.id
            ],
            names=_competency_names(),
            withheld=interview.candidate_id
            in queries.withheld_candidates(current_user.id, requisition_id),
        )
    entries = actions.entries_of(scorecard) if scorecard else actions.Entries()
    return _page(interview, scorecard, entries, [])


@blueprint.post("/")
@requires(Permission.SCORECARD_FILL)
def submit(requisition_id: int, interview_id: int) -> ResponseReturnValue:
    """Submit the scorecard, or save it as a draft when the draft button was used."""
    interview = find_interview(requisition_id, interview_id)
    entries = read_entries(request.form, content(interview.guide_version))
    version = read_version(request.form)
    here = url_for("scorecards.fill", requisition_id=requisition_id, interview_id=interview_id)
    if request.form.get("action") == "draft":
        actions.save(interview_id, current_user.id, entries, version)
        flash(_("The draft is saved."), "success")
        return redirect(here)
    try:
        actions.submit(interview_id, current_user.id, entries, version)
    except actions.ScorecardIncomplete as error:
        interview = find_interview(requisition_id, interview_id)
        scorecard = queries.own_scorecard(interview_id, current_user.id)
        return _page(interview, scorecard, entries, error.gaps), 422
    flash(_("Your ratings are submitted and locked. Thank you!"), "success")
    return redirect(here)


@blueprint.post("/draft")
@requires(Permission.SCORECARD_FILL)
def autosave(requisition_id: int, interview_id: int) -> ResponseReturnValue:
    """Save the draft; the answer names the new version and the time of the save."""
    interview = find_interview(requisition_id, interview_id)
    scorecard = actions.save(
        interview_id,
        current_user.id,
        read_entries(request.form, content(interview.guide_version)),
        read_version(request.form),
    )
    return jsonify(version=scorecard.version, saved_at=format_time(scorecard.saved_at, "HH:mm"))


def _competency_names() -> dict[str, str]:
    language = str(get_locale())
    return {key: item.name.in_(language) for key, item in library().competencies.items()}


def _page(
    interview: Interview,
    scorecard: Scorecard | None,
    entries: actions.Entries,
    gaps: list[actions.Gap],
) -> str:
    return render_template(
        "web/scorecards/fill.html",
        interview=interview,
        guide=content(interview.guide_version),
        scorecard=scorecard,
        entries=entries,
        gaps=gaps,
        version=scorecard.version if scorecard else 0,
        training=panel_standings([interview], current_user.id).get((interview.id, current_user.id)),
    )
