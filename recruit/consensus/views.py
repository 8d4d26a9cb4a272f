"""Pages of consensus meetings: one topic at a time on a shared screen, and the minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user

from recruit.access import Permission, requires
from recruit.candidates.naming import where_ratings_stand
from recruit.candidates.queries import candidate_of_lot
from recruit.consensus import actions, queries
from recruit.consensus.actions import (
    ConsensusConflict,
    NobodyIsPresent,
    Place,
    TooFewArePresent,
)
from recruit.consensus.forms import NO_AGREEMENT, AgreementForm, PresenceForm
from recruit.consensus.topics import RECOMMENDATION
from recruit.library import library
from recruit.requisitions.queries import requisition as find_requisition
from recruit.requisitions.work import RequisitionHasEnded

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from recruit.consensus.queries import Meeting
    from recruit.consensus.topics import Topic

blueprint = Blueprint(
    "consensus", __name__, url_prefix="/requisitions/<int:requisition_id>/consensus"
)
MEETING = "/<int:lot>/<int:round_position>"
SCRIPT = "consensus-meeting"


@blueprint.get("/")
@requires(Permission.REQUISITION_VIEW)
def index(requisition_id: int) -> ResponseReturnValue:
    """List the meetings that the reader may hold or follow, and how a meeting is held."""
    requisition = find_requisition(requisition_id)
    people = where_ratings_stand(current_user, requisition)
    meetings = queries.meetings(current_user, requisition_id)
    return render_template(
        "web/consensus/index.html",
        requisition=requisition,
        people=people,
        meetings=people.in_order(meetings, lambda one: one.whole.candidate),
        script=library().scripts[SCRIPT],
    )


@blueprint.get(f"{MEETING}/")
@requires(Permission.CONSENSUS_HOLD)
def show(requisition_id: int, lot: int, round_position: int) -> ResponseReturnValue:
    """Show the meeting: who is there and what there is to talk about, or who is waited for."""
    place = _place(requisition_id, lot, round_position)
    found = _meeting(place)
    form = PresenceForm(formdata=None)
    stored = found.stored
    here = found.present(stored.present) if stored else found.panel
    form.present.data = [user.id for user in here]
    form.others.data = stored.others if stored else ""
    page = _overview(place, found, form)
    if found.topics:
        actions.note_view(place, kind="meeting", actor_id=current_user.id)
    return page


@blueprint.post(f"{MEETING}/")
@requires(Permission.CONSENSUS_HOLD)
def note_presence(requisition_id: int, lot: int, round_position: int) -> ResponseReturnValue:
    """Write down who is there, and begin with the first topic."""
    place = _place(requisition_id, lot, round_position)
    found = _meeting(place)
    form = PresenceForm()
    form.name_panel(found.panel)
    if not form.validate_on_submit():
        return _overview(place, found, form), 400
    try:
        actions.note_presence(
            place,
            present=form.present.data or [],
            others=form.names(),
            version=int(form.version.data or ""),
            actor_id=current_user.id,
        )
    except TooFewArePresent:
        form.present.errors = [_("Choose at least two of the panel who are here.")]
        return _overview(place, found, form), 400
    except RequisitionHasEnded:
        # The page itself says what has ended.
        return _overview(place, found, form), 409
    except ConsensusConflict:
        found = _meeting(place)
        assert found.stored is not None
        return _overview(place, found, form, conflict=True), 409
    return redirect(_topic_url(place, found.topics[0]))


@blueprint.get(f"{MEETING}/topics/<topic>")
@requires(Permission.CONSENSUS_HOLD)
def topic(requisition_id: int, lot: int, round_position: int, topic: str) -> ResponseReturnValue:
    """Show one topic with everybody's evidence side by side, and what is agreed."""
    place = _place(requisition_id, lot, round_position)
    found = _meeting(place)
    if not found.is_open or found.stored is None:
        return redirect(_url("show", place))
    shown = found.topic(topic)
    form = AgreementForm(formdata=None)
    form.offer(shown)
    held = found.agreed_on(topic)
    if held is not None:
        form.outcome.data = str(held.score or held.recommendation or NO_AGREEMENT)
        people = where_ratings_stand(current_user, find_requisition(requisition_id))
        form.rationale.data = people.within(held.rationale)
    page = _topic(place, found, shown, form)
    actions.note_view(place, kind="topics", actor_id=current_user.id)
    return page


@blueprint.post(f"{MEETING}/topics/<topic>")
@requires(Permission.CONSENSUS_HOLD)
def agree(requisition_id: int, lot: int, round_position: int, topic: str) -> ResponseReturnValue:
    """Write down what is agreed on a topic and go on to the next."""
    place = _place(requisition_id, lot, round_position)
    found = _meeting(place)
    if not found.is_open:
        raise actions.MeetingIsNotOpen
    shown = found.topic(topic)
    form = AgreementForm()
    form.offer(shown)
    if not form.validate_on_submit():
        return _topic(place, found, shown, form), 400
    try:
        actions.agree(
            place,
            topic,
            form.agreed(),
            version=int(form.version.data or ""),
            actor_id=current_user.id,
        )
    except NobodyIsPresent:
        flash(_("Write down first who is here."), "warning")
        return redirect(_url("show", place))
    except TooFewArePresent:
        flash(
            _(
                "Nothing was saved: an agreement needs at least two who are here and have a seat "
                "on the panel now. Write down anew who is here."
            ),
            "warning",
        )
        return redirect(_url("show", place))
    except RequisitionHasEnded:
        return _topic(place, found, shown, form), 409
    except ConsensusConflict:
        found = _meeting(place)
        return _topic(place, found, found.topic(topic), form, conflict=True), 409
    following = found.topics[found.topics.index(shown) + 1 :]
    if not following:
        flash(_("That was the last topic. Read the minutes through together."), "success")
        return redirect(_url("minutes", place))
    return redirect(_topic_url(place, following[0]))


@blueprint.get(f"{MEETING}/minutes")
@requires(Permission.CONSENSUS_HOLD)
def minutes(requisition_id: int, lot: int, round_position: int) -> ResponseReturnValue:
    """Show who met, what they agreed, and why."""
    place = _place(requisition_id, lot, round_position)
    page = render_template(
        "web/consensus/minutes.html",
        **_shared(place),
        meeting=_meeting(place),
        **_addresses(place),
    )
    actions.note_view(place, kind="minutes", actor_id=current_user.id)
    return page


def _place(requisition_id: int, lot: int, round_position: int) -> Place:
    return Place(requisition_id, candidate_of_lot(requisition_id, lot), round_position)


def _meeting(place: Place) -> Meeting:
    return queries.meeting(
        current_user.id, place.requisition_id, place.candidate, place.round_position
    )


def _overview(place: Place, found: Meeting, form: PresenceForm, *, conflict: bool = False) -> str:
    form.name_panel(found.panel)
    form.version.data = str(found.stored.version if found.stored else 0)
    return render_template(
        "web/consensus/meeting.html",
        **_shared(place),
        meeting=found,
        form=form,
        conflict=conflict,
        script=library().scripts[SCRIPT],
        **_addresses(place),
    )


def _topic(
    place: Place, found: Meeting, shown: Topic, form: AgreementForm, *, conflict: bool = False
) -> str:
    number = found.topics.index(shown) + 1
    held = found.agreed_on(shown.key)
    form.version.data = str(held.version if held else 0)
    return render_template(
        "web/consensus/topic.html",
        **_shared(place),
        meeting=found,
        topic=shown,
        number=number,
        previous=found.topics[number - 2] if number > 1 else None,
        following=found.topics[number] if number < len(found.topics) else None,
        held=held,
        history=found.history(shown.key),
        form=form,
        choices=[choice[:3] for choice in form.outcome.iter_choices()],
        conflict=conflict,
        script=library().scripts[SCRIPT],
        **_addresses(place),
    )


def _shared(place: Place) -> dict[str, Any]:
    """Return what every page of a meeting shows."""
    requisition = find_requisition(place.requisition_id)
    return {
        "requisition": requisition,
        "people": where_ratings_stand(current_user, requisition),
        "names": _names(),
        "recommendation": RECOMMENDATION,
    }


def _names() -> dict[str, str]:
    """Return what topics are called, in the reader's language."""
    language = str(get_locale())
    competencies = library().competencies.items()
    return {key: item.name.in_(language) for key, item in competencies} | {
        RECOMMENDATION: _("Recommendation")
    }


def _addresses(place: Place) -> dict[str, dict[str, Any]]:
    return {
        "here": {
            "requisition_id": place.requisition_id,
            "lot": place.candidate.lot,
            "round_position": place.round_position,
        }
    }


def _url(endpoint: str, place: Place) -> str:
    return url_for(f"consensus.{endpoint}", **_addresses(place)["here"])


def _topic_url(place: Place, topic: Topic) -> str:
    return url_for("consensus.topic", topic=topic.key, **_addresses(place)["here"])
