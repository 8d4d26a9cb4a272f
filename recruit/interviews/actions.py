"""Writes of interviews: one verb, one transaction, one audit event for each interview.

Who has to know gets mail: the letters are put in the outbox in the same transaction. An interview
that is over is history, and nobody is told of it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from recruit.access import participants, takes_part
from recruit.audit.actions import record
from recruit.candidates.models import Candidate, CandidateState
from recruit.core.text import one_line
from recruit.database import db, now, write
from recruit.guides.models import GuideState, GuideVersion
from recruit.interviews.letters import about, candidate_letter, panel_letter
from recruit.interviews.models import (
    OF_OWN_ACCORD,
    DepartureKind,
    Interview,
    InterviewState,
    PanelDeparture,
    PanelMember,
)
from recruit.interviews.queries import invitations_gone_elsewhere
from recruit.interviews.seats import vacate
from recruit.mail.actions import drop, put
from recruit.requisitions.models import Membership, Work
from recruit.requisitions.work import locked_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from recruit.accounts.models import User


class GuideIsNotPublished(ValueError):
    """An interview needs a published guide."""


class InterviewIsNotPlanned(ValueError):
    """A cancelled interview can be neither changed nor cancelled."""


class InterviewHasChanged(ValueError):
    """Somebody else changed the interview after the page was opened."""


class MemberHasRated(ValueError):
    """Who has submitted ratings stays on the panel; the text is the person's name."""


@dataclass(frozen=True)
class Slot:
    """When one candidate is interviewed."""

    candidate_id: int
    starts_at: datetime


@dataclass(frozen=True)
class Setting:
    """What the interviews that are planned together have in common.

    ``panel`` holds user ids. ``invite`` mails the candidates who have an address too, with
    ``message`` in the letter.
    """

    timezone: str
    place: str
    panel: tuple[int, ...]
    invite: bool = False
    message: str = ""


class HasConflict(ValueError):
    """The person has declared a conflict of interest or stepped down for the candidate."""


def plan(
    requisition_id: int,
    *,
    candidate_id: int,
    guide_version_id: int,
    starts_at: datetime,
    timezone: str,
    place: str,
    panel: Sequence[int],
    actor_id: int,
) -> Interview:
    """Plan one interview with its panel (user ids). Raises what ``plan_several`` does."""
    (interview,) = plan_several(
        requisition_id,
        [Slot(candidate_id, starts_at)],
        Setting(timezone=timezone, place=place, panel=tuple(panel)),
        guide_version_id=guide_version_id,
        actor_id=actor_id,
    )
    return interview


def plan_several(
    requisition_id: int,
    slots: Sequence[Slot],
    setting: Setting,
    *,
    guide_version_id: int,
    actor_id: int,
) -> list[Interview]:
    """Plan an interview for each slot, all or none.

    Raises GuideIsNotPublished, HasConflict and RequisitionHasEnded.
    """
    with write():
        locked_for(requisition_id, Work.RECRUIT)
        version = db.session.get_one(GuideVersion, guide_version_id)
        if version.state != GuideState.PUBLISHED:
            raise GuideIsNotPublished(guide_version_id)
        planned = [slot.candidate_id for slot in slots]
        check_no_conflict(planned, setting.panel)
        reachable = set(
            db.session.scalars(
                select(Candidate.id).where(Candidate.id.in_(planned), Candidate.email != "")
            )
        )
        interviews = [
            Interview(
                requisition_id=requisition_id,
                candidate_id=slot.candidate_id,
                guide_version_id=version.id,
                starts_at=slot.starts_at,
                timezone=setting.timezone,
                minutes=version.guide.minutes,
                place=one_line(setting.place),
                uid=f"{uuid.uuid4()}@recruit",
                candidate_invited=setting.invite and slot.candidate_id in reachable,
                message=setting.message.strip(),
                planned_by_id=actor_id,
                panel=[PanelMember(user_id=user_id) for user_id in dict.fromkeys(setting.panel)],
            )
            for slot in slots
        ]
        db.session.add_all(interviews)
        db.session.flush()
        for interview in interviews:
            record(
                "interview.plan",
                actor_id=actor_id,
                subject=f"interview:{interview.id}",
                requisition_id=requisition_id,
                panel=list(setting.panel),
                candidate_invited=interview.candidate_invited,
            )
            tell(interview, "invitation")
    return interviews


def change(
    requisition_id: int,
    interview_id: int,
    *,
    sequence: int,
    starts_at: datetime,
    setting: Setting,
    actor_id: int,
) -> Interview:
    """Change time, place, panel or message of a planned interview, and tell those concerned.

    ``sequence`` is the interview's as the page showed it. Nothing happens when nothing differs.
    Raises InterviewIsNotPlanned, InterviewHasChanged, MemberHasRated, HasConflict or
    RequisitionHasEnded.
    """
    with write():
        locked_for(requisition_id, Work.RECRUIT)
        interview = _planned(interview_id)
        if interview.sequence != sequence:
            raise InterviewHasChanged(interview_id)
        before = {member.user_id: member for member in interview.panel}
        removed = [member for key, member in before.items() if key not in setting.panel]
        left = [member.user for member in removed]
        added = [user_id for user_id in dict.fromkeys(setting.panel) if user_id not in before]
        invited = interview.candidate_invited
        old = (interview.starts_at, interview.timezone, interview.place, interview.message, invited)
        interview.starts_at = starts_at
        interview.timezone = setting.timezone
        interview.place = one_line(setting.place)
        interview.message = setting.message.strip()
        interview.candidate_invited = invited or setting.invite
        new = (
            interview.starts_at,
            interview.timezone,
            interview.place,
            interview.message,
            interview.candidate_invited,
        )
        if old == new and not removed and not added:
            return interview
        check_no_conflict([interview.candidate_id], added)
        _refuse_raters(interview_id, removed)
        vacate(removed, DepartureKind.CHANGED)
        interview.panel.extend(PanelMember(user_id=user_id) for user_id in added)
        interview.sequence += 1
        db.session.flush()
        record(
            "interview.change",
            actor_id=actor_id,
            subject=f"interview:{interview_id}",
            requisition_id=requisition_id,
            moved=old[:2] != new[:2],
            place=old[2] != new[2],
            added=added,
            removed=[user.id for user in left],
        )
        db.session.expire(interview, ["panel"])
        tell(
            interview,
            "changed",
            added=added,
            removed=left,
            newly_invited=not invited,
        )
    return interview


def cancel(requisition_id: int, interview_id: int, *, actor_id: int) -> Interview:
    """Cancel a planned interview. Raises InterviewIsNotPlanned and RequisitionHasEnded."""
    with write():
        locked_for(requisition_id, Work.CORRECT)
        interview = _planned(interview_id)
        _cancel(interview, requisition_id, actor_id)
    return interview


def withdraw_candidate(requisition_id: int, candidate_id: int, *, actor_id: int) -> None:
    """Mark that the candidate has withdrawn and cancel the interviews that have not begun.

    Doing it twice changes nothing. Raises RequisitionHasEnded.
    """
    with write():
        locked_for(requisition_id, Work.CORRECT)
        candidate = db.session.get_one(Candidate, candidate_id)
        if candidate.state == CandidateState.WITHDRAWN:
            return
        candidate.state = CandidateState.WITHDRAWN
        record(
            "candidate.withdraw",
            actor_id=actor_id,
            subject=f"candidate:{candidate_id}",
            requisition_id=requisition_id,
        )
        for interview in db.session.scalars(
            select(Interview).where(
                Interview.candidate_id == candidate_id,
                Interview.state == InterviewState.PLANNED,
                Interview.starts_at > now(),
            )
        ):
            _cancel(interview, requisition_id, actor_id)


def invite_anew(requisition_id: int, candidate_id: int, *, actor_id: int) -> int:
    """Send the candidate's present address what a former one got; return about how many interviews.

    Doing it twice sends nothing twice.
    """
    with write():
        locked_for(requisition_id, Work.RECRUIT)
        gone = invitations_gone_elsewhere(candidate_id)
        for interview, mail in gone:
            letter = candidate_letter(interview, "candidate_invitation")
            put(replace(letter, key=f"{letter.key}:after:{mail.id}"))
            record(
                "interview.invite_anew",
                actor_id=actor_id,
                subject=f"interview:{interview.id}",
                requisition_id=requisition_id,
            )
        return len(gone)


def remove_member(
    requisition_id: int, membership_id: int, *, actor_id: int
) -> tuple[User, list[Interview]]:
    """Take a role in the requisition from a person; what they have submitted stays.

    Whoever takes no part in the requisition then leaves every seat from which nothing is submitted.
    Return the person, and the interviews whose seats are left. Raises RequisitionHasEnded, and a
    404 error when nobody holds the role.
    """
    with write():
        locked_for(requisition_id, Work.CORRECT)
        membership: Membership = db.one_or_404(
            select(Membership).where(
                Membership.id == membership_id, Membership.requisition_id == requisition_id
            )
        )
        person = membership.user
        db.session.delete(membership)
        db.session.flush()
        departures = vacate(_unrated_seats(requisition_id, person.id), DepartureKind.REMOVED)
        for departure in departures:
            departure.interview.sequence += 1
            tell(departure.interview, "changed", removed=[person])
        record(
            "requisition.remove_member",
            actor_id=actor_id,
            subject=f"user:{person.id}",
            requisition_id=requisition_id,
            role=membership.role,
            interviews=[departure.interview_id for departure in departures],
        )
    return person, [departure.interview for departure in departures]


def _unrated_seats(requisition_id: int, user_id: int) -> Sequence[PanelMember]:
    """Return the seats of somebody who no longer takes part, but for those they rated from."""
    # By table name, not by class: scorecards stand above this module.
    scorecard = db.metadata.tables["scorecard"]
    submitted = exists().where(
        scorecard.c.interview_id == PanelMember.interview_id,
        scorecard.c.user_id == PanelMember.user_id,
        scorecard.c.submitted_at.is_not(None),
    )
    return db.session.scalars(
        select(PanelMember)
        .join(PanelMember.interview)
        .where(
            PanelMember.user_id == user_id,
            Interview.requisition_id == requisition_id,
            Interview.state != InterviewState.CANCELLED,
            ~takes_part(user_id, requisition_id),
            ~submitted,
        )
        .order_by(PanelMember.id)
        .with_for_update(of=PanelMember)
    ).all()


def check_no_conflict(candidate_ids: Iterable[int], panel: Iterable[int]) -> None:
    """Raise HasConflict when one of the panel (user ids) stepped down from one for a candidate."""
    candidate_id = db.session.scalar(
        select(Interview.candidate_id)
        .join(PanelDeparture, PanelDeparture.interview_id == Interview.id)
        .where(
            Interview.candidate_id.in_(list(candidate_ids)),
            PanelDeparture.user_id.in_(list(panel)),
            PanelDeparture.kind.in_(OF_OWN_ACCORD),
        )
        .limit(1)
    )
    if candidate_id is not None:
        raise HasConflict(candidate_id)


def _planned(interview_id: int) -> Interview:
    # One at a time: the second of two finds what the first did.
    interview = db.session.get_one(Interview, interview_id, with_for_update=True)
    if interview.state != InterviewState.PLANNED:
        raise InterviewIsNotPlanned(interview_id)
    return interview


def _cancel(interview: Interview, requisition_id: int, actor_id: int) -> None:
    interview.state = InterviewState.CANCELLED
    interview.sequence += 1
    record(
        "interview.cancel",
        actor_id=actor_id,
        subject=f"interview:{interview.id}",
        requisition_id=requisition_id,
    )
    tell(interview, "cancelled")


def _refuse_raters(interview_id: int, removed: Sequence[PanelMember]) -> None:
    # By table name, not by class: scorecards stand above this module.
    scorecard = db.metadata.tables["scorecard"]
    rated = set(
        db.session.scalars(
            select(scorecard.c.user_id).where(
                scorecard.c.interview_id == interview_id, scorecard.c.submitted_at.is_not(None)
            )
        )
    )
    for member in removed:
        if member.user_id in rated:
            raise MemberHasRated(member.user.name)


def tell(
    interview: Interview,
    news: str,
    *,
    added: Iterable[int] = (),
    removed: Iterable[User] = (),
    newly_invited: bool = False,
) -> None:
    """Put letters to panel and candidate in the outbox; ``news`` ends the name of the letter."""
    if interview.ends_at <= now():
        drop(about(interview.id))
        return
    here = participants(interview.requisition_id)
    for member in interview.panel:
        if member.user_id not in here:
            continue
        new = member.user_id in set(added)
        put(panel_letter(interview, member.user, f"interview_{'invitation' if new else news}"))
    for user in removed:
        put(panel_letter(interview, user, "interview_left"))
    if interview.candidate_invited and interview.candidate.email:
        put(candidate_letter(interview, f"candidate_{'invitation' if newly_invited else news}"))
