"""The ways in which somebody's part in a requisition ends, and in which it begins again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from recruit.accounts.models import User
from recruit.candidates.models import Candidate
from recruit.database import db
from recruit.interviews import actions as interviews
from recruit.interviews.departures import replace, step_down
from recruit.interviews.models import DepartureKind, PanelDeparture
from recruit.requisitions import actions as requisitions
from recruit.requisitions.models import MemberRole, Membership


def leave(world, person, interview, state):
    """Take the person (an id) off the interview's panel as the state says, if it says so."""
    match state:
        case "left":
            step_down(interview, person, kind=DepartureKind.CONFLICT, reason="")
        case "seat replaced":
            step_down(interview, person, kind=DepartureKind.STEPPED_DOWN, reason="")
            _seat(world, world["bystander"].id, interview)
        case "was hiring manager":
            _remove(world, person)
            requisitions.add_member(
                world.requisition,
                person,
                MemberRole.INTERVIEWER,
                actor_id=world["recruiter"].id,
            )
            _seat(world, person, interview)
        case "cancelled":
            _cancel_another(world, person)
        case "removed" | "removed after submitting":
            _remove(world, person)
        case "sits again":
            _remove(world, person)
            _seat_again(world, person, interview)
        case "applies":
            applied = db.session.get_one(Candidate, world.candidates[0])
            applied.email = db.session.get_one(User, person).email
            db.session.commit()
        case "role ended":
            db.session.get_one(User, person).roles = []
            db.session.commit()


def _cancel_another(world, person):
    extra = interviews.plan(
        world.requisition,
        candidate_id=world.candidates[0],
        guide_version_id=world.versions[0],
        starts_at=datetime.now(UTC) + timedelta(days=9),
        timezone="UTC",
        place="",
        panel=[person],
        actor_id=world["recruiter"].id,
    ).id
    interviews.cancel(world.requisition, extra, actor_id=world["recruiter"].id)


def _remove(world, person):
    memberships = db.select(Membership.id).where(
        Membership.requisition_id == world.requisition, Membership.user_id == person
    )
    for membership in db.session.scalars(memberships).all():
        interviews.remove_member(world.requisition, membership, actor_id=world["recruiter"].id)


def _seat_again(world, person, interview):
    recruiter = world["recruiter"].id
    requisitions.add_member(world.requisition, person, MemberRole.INTERVIEWER, actor_id=recruiter)
    _seat(world, person, interview)


def _seat(world, person, interview):
    """Give the person the seat that somebody has left."""
    vacated = db.session.scalars(
        db.select(PanelDeparture.id).where(PanelDeparture.interview_id == interview)
    ).one()
    replace(interview, vacated, user_id=person, actor_id=world["recruiter"].id)
