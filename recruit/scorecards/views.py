"""The interviewer's own page, and what colleagues wrote once that may be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.candidates.naming import elsewhere
from recruit.guides.queries import content
from recruit.interviews.queries import interview as find_interview
from recruit.library import library
from recruit.requisitions.queries import requisition as find_requisition
from recruit.scorecards import actions, queries
from recruit.scorecards.entries import entries_of
from recruit.scorecards.forms import as_fields
from recruit.scorecards.independence import withheld_candidates
from recruit.scorecards.limits import limit_of
from recruit.scorecards.page import InterviewPage
from recruit.scorecards.states import ScorecardState

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint(
    "scorecards",
    __name__,
    url_prefix="/requisitions/<int:requisition_id>/interviews/<int:interview_id>/scorecard",
)

blueprint.app_template_global("limit_of")(limit_of)


@blueprint.get("/")
@requires(Permission.SCORECARD_FILL)
def fill(requisition_id: int, interview_id: int) -> ResponseReturnValue:
    """Show the interview page, or the locked scorecard once it is submitted."""
    scorecard = queries.own_scorecard(interview_id, current_user.id)
    if scorecard is not None and scorecard.state == ScorecardState.SUBMITTED:
        interview = find_interview(requisition_id, interview_id)
        if interview.candidate_id not in withheld_candidates(current_user.id, requisition_id):
            actions.note_view(interview, actor_id=current_user.id)
        return _submitted(requisition_id, interview_id)
    return _page(requisition_id, interview_id).show()


@blueprint.post("/")
@requires(Permission.SCORECARD_FILL)
def submit(requisition_id: int, interview_id: int) -> ResponseReturnValue:
    """Submit the scorecard, or save it as a draft when the draft button was used."""
    page = _page(requisition_id, interview_id)
    return page.submit(
        done=_("Your ratings are submitted and locked. Thank you!"), then=page.address
    )


@blueprint.get("/draft")
@requires(Permission.SCORECARD_FILL)
def draft(requisition_id: int, interview_id: int) -> ResponseReturnValue:
    """Return what the server holds of the reader's own scorecard."""
    return _page(requisition_id, interview_id).state()


@blueprint.post("/draft")
@requires(Permission.SCORECARD_FILL)
def autosave(requisition_id: int, interview_id: int) -> ResponseReturnValue:
    """Save the draft."""
    return _page(requisition_id, interview_id).save()


def _page(requisition_id: int, interview_id: int) -> InterviewPage:
    return InterviewPage(
        requisition_id=requisition_id,
        interview_id=interview_id,
        owner=current_user,
        address=url_for(".fill", requisition_id=requisition_id, interview_id=interview_id),
        draft_address=url_for(
            ".autosave", requisition_id=requisition_id, interview_id=interview_id
        ),
    )


def _submitted(requisition_id: int, interview_id: int) -> str:
    interview = find_interview(requisition_id, interview_id)
    scorecard = queries.own_scorecard(interview_id, current_user.id)
    assert scorecard is not None
    guide = content(interview.guide_version)
    language = str(get_locale())
    entries = entries_of(scorecard)
    return render_template(
        "web/scorecards/submitted.html",
        interview=interview,
        guide=guide,
        scorecard=scorecard,
        people=elsewhere(current_user, find_requisition(requisition_id)),
        entries=entries,
        saved=as_fields(entries, guide),
        others=[
            other
            for other in queries.visible_scorecards(current_user.id, interview.requisition_id)
            if other.interview.candidate_id == interview.candidate_id
            and other.user_id != current_user.id
        ],
        names={key: item.name.in_(language) for key, item in library().competencies.items()},
        withheld=interview.candidate_id
        in withheld_candidates(current_user.id, interview.requisition_id),
    )
