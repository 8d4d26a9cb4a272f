"""Who may do what: one table of permissions, one decorator, one query filter.

A permission is held by relations. Two relations hold in the whole organisation (administrator,
recruiter), two in one requisition (hiring manager, interviewer), one in one interview (panel), and
one towards a candidate (on the panel of one of the candidate's interviews). Routes name their
permission; the relation is found from ``requisition_id``, ``interview_id``, ``candidate_id`` and
``lot``, a candidate's number of chance, in the route's address. A seat on a panel counts only for
whoever takes part in the requisition at that moment (``takes_part``), and whoever applies there has
no other relation to it (``applies_for``). What a person may see of *others' ratings* is a narrower
rule on top of this one and stands in ``recruit.scorecards.independence``.
"""

from __future__ import annotations

import functools
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from flask import abort, request
from flask_login import current_user
from sqlalchemy import and_, exists, func, literal, or_, select

from recruit.database import db

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, CompoundSelect, FromClause, Select

P = ParamSpec("P")
R = TypeVar("R")


class Relation(StrEnum):
    """How a person stands to what a route is about."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    ADMINISTRATOR = "administrator"
    RECRUITER = "recruiter"
    HIRING_MANAGER = "hiring_manager"
    INTERVIEWER = "interviewer"
    PANEL = "panel"
    CANDIDATE_PANEL = "candidate_panel"
    APPLICANT = "applicant"


class IsApplicant(PermissionError):
    """Whoever applies for a post has no part in filling it."""


class Permission(StrEnum):
    """What can be done; the value names feature and verb."""

    PUBLIC = "public"
    HOME = "home"
    SEARCH = "search"
    TOKENS = "tokens"
    LIBRARY_VIEW = "library.view"
    TRAINING = "training"
    LIBRARY_EDIT = "library.edit"
    USERS_MANAGE = "users.manage"
    AUDIT_READ = "audit.read"
    REQUISITION_CREATE = "requisition.create"
    REQUISITION_VIEW = "requisition.view"
    REQUISITION_EDIT = "requisition.edit"
    GUIDE_VIEW = "guide.view"
    GUIDE_EDIT = "guide.edit"
    CANDIDATE_EDIT = "candidate.edit"
    CV_READ = "cv.read"
    INTERVIEW_PLAN = "interview.plan"
    PANEL_VIEW = "panel.view"
    PANEL_LEAVE = "panel.leave"
    SCORECARD_FILL = "scorecard.fill"
    DEVIATION_RECORD = "deviation.record"
    SCORECARD_ENTER = "scorecard.enter"
    SCORECARD_REOPEN = "scorecard.reopen"
    SUBMISSIONS_READ = "submissions.read"
    COMPARISON_VIEW = "comparison.view"
    DECISION_MAKE = "decision.make"
    CONSENSUS_HOLD = "consensus.hold"
    SCORECARD_READ = "scorecard.read"
    RIGHTS_ANSWER = "rights.answer"
    PRIVACY_MANAGE = "privacy.manage"


A = Relation
PERMISSIONS: dict[Permission, frozenset[Relation]] = {
    Permission.PUBLIC: frozenset({A.ANYONE}),
    Permission.HOME: frozenset({A.SIGNED_IN}),
    Permission.SEARCH: frozenset({A.SIGNED_IN}),
    Permission.TOKENS: frozenset({A.RECRUITER, A.ADMINISTRATOR}),
    Permission.LIBRARY_VIEW: frozenset({A.SIGNED_IN}),
    Permission.TRAINING: frozenset({A.SIGNED_IN}),
    Permission.LIBRARY_EDIT: frozenset({A.RECRUITER}),
    Permission.USERS_MANAGE: frozenset({A.ADMINISTRATOR}),
    Permission.AUDIT_READ: frozenset({A.ADMINISTRATOR}),
    Permission.REQUISITION_CREATE: frozenset({A.RECRUITER}),
    Permission.REQUISITION_VIEW: frozenset({A.RECRUITER, A.HIRING_MANAGER, A.INTERVIEWER}),
    Permission.REQUISITION_EDIT: frozenset({A.RECRUITER}),
    Permission.GUIDE_VIEW: frozenset({A.RECRUITER, A.HIRING_MANAGER, A.INTERVIEWER}),
    Permission.GUIDE_EDIT: frozenset({A.RECRUITER}),
    Permission.CANDIDATE_EDIT: frozenset({A.RECRUITER}),
    Permission.CV_READ: frozenset({A.RECRUITER, A.HIRING_MANAGER, A.CANDIDATE_PANEL}),
    Permission.INTERVIEW_PLAN: frozenset({A.RECRUITER}),
    Permission.PANEL_VIEW: frozenset({A.RECRUITER}),
    Permission.PANEL_LEAVE: frozenset({A.PANEL}),
    Permission.SCORECARD_FILL: frozenset({A.PANEL}),
    Permission.DEVIATION_RECORD: frozenset({A.RECRUITER, A.PANEL}),
    Permission.SCORECARD_ENTER: frozenset({A.RECRUITER}),
    Permission.SCORECARD_REOPEN: frozenset({A.RECRUITER}),
    Permission.SUBMISSIONS_READ: frozenset({A.RECRUITER, A.HIRING_MANAGER}),
    Permission.COMPARISON_VIEW: frozenset({A.RECRUITER, A.HIRING_MANAGER}),
    Permission.DECISION_MAKE: frozenset({A.RECRUITER, A.HIRING_MANAGER}),
    Permission.CONSENSUS_HOLD: frozenset({A.RECRUITER, A.HIRING_MANAGER, A.CANDIDATE_PANEL}),
    Permission.SCORECARD_READ: frozenset({A.RECRUITER, A.HIRING_MANAGER, A.PANEL}),
    Permission.RIGHTS_ANSWER: frozenset({A.RECRUITER}),
    Permission.PRIVACY_MANAGE: frozenset({A.RECRUITER, A.ADMINISTRATOR}),
}


def relations(
    user: Any,
    requisition_id: int | None = None,
    interview_id: int | None = None,
    candidate_id: int | None = None,
) -> frozenset[Relation]:
    """Return every relation of the user to requisition, interview and candidate, if given."""
    found = {Relation.ANYONE}
    if not user.is_authenticated or not user.active:
        return frozenset(found)
    found.add(Relation.SIGNED_IN)
    found |= {Relation(role.name) for role in user.roles}
    if requisition_id is not None:
        held = {
            Relation(role)
            for role in db.session.scalars(_held_in(user.id, requisition_id, interview_id))
        }
        if Relation.APPLICANT in held:
            return frozenset(found - {Relation.RECRUITER} | {Relation.APPLICANT})
        found |= held
        if candidate_id is not None and candidate_id in candidates_met(user, requisition_id):
            found.add(Relation.CANDIDATE_PANEL)
    return frozenset(found)


def takes_part(user_id: Any, requisition_id: Any) -> ColumnElement[bool]:
    """Tell, within a statement, whether a person takes part in a requisition now.

    Who is appointed does, unless they apply there. Whoever does not has no seat, whatever panels
    still name them.
    """
    return and_(is_appointed(user_id, requisition_id), ~applies_for(user_id, requisition_id))


def is_appointed(user_id: Any, requisition_id: Any) -> ColumnElement[bool]:
    """Tell, within a statement, whether a person is to take part: as a member, or as recruiter."""
    # By table name, not by class: features stand above this module.
    tables = db.metadata.tables
    membership, role, held = tables["membership"], tables["role"], tables["role_of_user"]
    return or_(
        exists()
        .where(membership.c.requisition_id == requisition_id, membership.c.user_id == user_id)
        .correlate_except(membership),
        exists()
        .where(
            held.c.user_id == user_id,
            held.c.role_id == role.c.id,
            role.c.name == Relation.RECRUITER.value,
        )
        .correlate_except(held, role),
    )


def applies_for(user_id: Any, requisition_id: Any) -> ColumnElement[bool]:
    """Tell, within a statement, whether a person is a candidate in a requisition, by address."""
    candidate, account = _applicants()
    return (
        exists()
        .where(
            candidate.c.requisition_id == requisition_id,
            account.c.id == user_id,
            func.lower(candidate.c.email) == func.lower(account.c.email),
        )
        .correlate_except(candidate, account)
    )


@functools.cache
def _applicants() -> tuple[FromClause, FromClause]:
    """Return candidates and accounts under names of their own, made once: every page asks."""
    tables = db.metadata.tables
    return tables["candidate"].alias(), tables["user"].alias()


def participants(requisition_id: int) -> frozenset[int]:
    """Return who takes part in a requisition now."""
    person = db.metadata.tables["user"]
    return frozenset(
        db.session.scalars(select(person.c.id).where(takes_part(person.c.id, requisition_id)))
    )


def candidates_met(user: Any, requisition_id: int) -> frozenset[int]:
    """Return the candidates whom the user interviews: on a panel that is not cancelled."""
    panel = db.metadata.tables["panel_member"]
    interview = db.metadata.tables["interview"]
    return frozenset(
        db.session.scalars(
            select(interview.c.candidate_id)
            .join(panel, panel.c.interview_id == interview.c.id)
            .where(
                panel.c.user_id == user.id,
                interview.c.requisition_id == requisition_id,
                interview.c.state != "cancelled",
                takes_part(user.id, requisition_id),
            )
        )
    )


def _held_in(user_id: int, requisition_id: int, interview_id: int | None) -> CompoundSelect[Any]:
    """Return one statement for the relations in a requisition and in one of its interviews."""
    # By table name, not by class: features stand above this module.
    membership = db.metadata.tables["membership"]
    roles = select(membership.c.role).where(
        membership.c.requisition_id == requisition_id, membership.c.user_id == user_id
    )
    applicant = select(literal(Relation.APPLICANT.value)).where(
        applies_for(user_id, requisition_id)
    )
    if interview_id is None:
        return roles.union_all(applicant)
    panel = db.metadata.tables["panel_member"]
    interview = db.metadata.tables["interview"]
    seat = (
        select(literal(Relation.PANEL.value))
        .join_from(panel, interview, interview.c.id == panel.c.interview_id)
        .where(
            panel.c.interview_id == interview_id,
            panel.c.user_id == user_id,
            interview.c.requisition_id == requisition_id,
            takes_part(user_id, requisition_id),
        )
    )
    return roles.union_all(seat, applicant)


def may(
    user: Any,
    permission: Permission,
    requisition_id: int | None = None,
    interview_id: int | None = None,
    candidate_id: int | None = None,
) -> bool:
    """Tell whether the user has the permission there."""
    return _may(relations, user, permission, requisition_id, interview_id, candidate_id)


def may_on_this_page() -> Callable[..., bool]:
    """Return ``may`` that asks once for each place: nothing changes while a page is rendered."""
    return functools.partial(_may, functools.cache(relations))


def _may(
    related: Callable[..., frozenset[Relation]],
    user: Any,
    permission: Permission,
    *place: int | None,
) -> bool:
    return bool(PERMISSIONS[permission] & related(user, *place))


def requires(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view answer only to those with the permission; others are sent to sign in or get 403.

    Somebody who has no relation at all to the requisition gets 404, so that its existence is not
    told; whoever applies there is told why nothing of it is open (IsApplicant).
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            requisition_id = (request.view_args or {}).get("requisition_id")
            interview_id = (request.view_args or {}).get("interview_id")
            candidate_id = _candidate_of_address(requisition_id)
            held = relations(current_user, requisition_id, interview_id, candidate_id)
            if not PERMISSIONS[permission] & held:
                if Relation.SIGNED_IN not in held:
                    abort(401)
                if Relation.APPLICANT in held:
                    raise IsApplicant
                known = held & {A.RECRUITER, A.HIRING_MANAGER, A.INTERVIEWER, A.PANEL}
                abort(404 if requisition_id is not None and not known else 403)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def _candidate_of_address(requisition_id: int | None) -> int | None:
    """Return the number of the candidate whom the address names, if it does, or by lot."""
    named = request.view_args or {}
    if "lot" not in named or requisition_id is None:
        return named.get("candidate_id")
    candidate = db.metadata.tables["candidate"]
    return db.session.scalar(
        select(candidate.c.id).where(
            candidate.c.requisition_id == requisition_id, candidate.c.lot == named["lot"]
        )
    )


def own_requisitions(user: Any, statement: Select[Any], requisition_id: Any) -> Select[Any]:
    """Narrow a statement to requisitions that the user may view: none where they apply.

    ``requisition_id`` is the statement's column that holds the requisition's number.
    """
    statement = statement.where(~applies_for(user.id, requisition_id))
    if relations(user) & PERMISSIONS[Permission.REQUISITION_VIEW]:
        return statement
    membership = db.metadata.tables["membership"]
    return statement.where(
        requisition_id.in_(
            select(membership.c.requisition_id).where(membership.c.user_id == user.id)
        )
    )


def known_candidates(user: Any, statement: Select[Any]) -> Select[Any]:
    """Narrow a statement over the candidates to those whom the user knows by name.

    A recruiter knows them all; others those whom they interview; a hiring manager everybody in the
    requisition, unless letters stand for the names there; whoever applies there nobody.
    """
    candidate, membership = db.metadata.tables["candidate"], db.metadata.tables["membership"]
    statement = statement.where(~applies_for(user.id, candidate.c.requisition_id))
    if relations(user) & PERMISSIONS[Permission.CANDIDATE_EDIT]:
        return statement
    requisition = db.metadata.tables["requisition"]
    panel, interview = db.metadata.tables["panel_member"], db.metadata.tables["interview"]
    met = (
        select(interview.c.candidate_id)
        .join(panel, panel.c.interview_id == interview.c.id)
        .where(
            panel.c.user_id == user.id,
            interview.c.state != "cancelled",
            takes_part(user.id, interview.c.requisition_id),
        )
    )
    led = (
        select(membership.c.requisition_id)
        .join(requisition, requisition.c.id == membership.c.requisition_id)
        .where(
            membership.c.user_id == user.id,
            membership.c.role == Relation.HIRING_MANAGER.value,
            ~(requisition.c.pseudonymous & (requisition.c.state == "open")),
        )
    )
    return statement.where(or_(candidate.c.id.in_(met), candidate.c.requisition_id.in_(led)))
