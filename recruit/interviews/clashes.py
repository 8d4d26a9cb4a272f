"""Interviews that the same person would have to attend at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from recruit.access import own_requisitions
from recruit.accounts.models import User
from recruit.candidates.models import Candidate
from recruit.database import db
from recruit.guides.models import GuideVersion
from recruit.interviews.models import Interview, InterviewState, PanelMember
from recruit.requisitions.models import Requisition

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST = timedelta(days=1)
"""No interview lasts longer: what began earlier is over."""


@dataclass(frozen=True)
class Planned:
    """An interview that is planned, or is about to be; ``interview_id`` is None until it is."""

    candidate_id: int
    starts_at: datetime
    minutes: int
    panel: frozenset[int]
    interview_id: int | None = None
    timezone: str = "UTC"

    @property
    def ends_at(self) -> datetime:
        """The moment when it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @classmethod
    def of(cls, interview: Interview) -> Planned:
        """Return a stored interview as one."""
        return cls(
            interview.candidate_id,
            interview.starts_at,
            interview.minutes,
            frozenset(member.user_id for member in interview.panel),
            interview.id,
            interview.timezone,
        )


@dataclass(frozen=True)
class Clash:
    """A person who is to be in two interviews at once.

    ``moment`` and ``ends_at`` are the other interview's; ``candidate`` and ``requisition`` say
    which it is, and are None when the reader may not view its requisition.
    """

    planned: Planned
    person: str
    moment: datetime
    ends_at: datetime
    candidate: str | None
    requisition: str | None


def clashes(reader: Any, planned: Sequence[Planned]) -> list[Clash]:
    """Return every clash of the interviews with each other or with any other that is planned.

    Half-open: an interview may begin when another ends. A candidate is the same person in another
    requisition when the address is the same. Three queries, however many interviews.
    """
    if not planned:
        return []
    people = sorted({user_id for one in planned for user_id in one.panel})
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(people)))
    names = {row.id: row.name for row in rows}
    applicants = _applicants({one.candidate_id for one in planned})
    others = _others(planned, people, applicants)
    visible = _visible(reader, {other.requisition_id for other in others})
    found = _among(planned, names, applicants)
    for one in planned:
        name, address = applicants[one.candidate_id]
        for other in others:
            if other.id == one.interview_id or not _overlap(one, other):
                continue
            shared = [m.user.name for m in other.panel if m.user_id in one.panel]
            same_address = bool(address) and other.candidate.email.lower() == address
            if other.candidate_id == one.candidate_id or same_address:
                shared.append(name)
            may_view = other.requisition_id in visible
            found += [
                Clash(
                    one,
                    person,
                    other.starts_at,
                    other.ends_at,
                    other.candidate.name if may_view else None,
                    other.candidate.requisition.title if may_view else None,
                )
                for person in shared
            ]
    return found


def _among(
    planned: Sequence[Planned], names: dict[int, str], applicants: dict[int, tuple[str, str]]
) -> list[Clash]:
    """Return the clashes of interviews that are about to be planned with each other."""
    found = []
    for one, other in combinations([p for p in planned if p.interview_id is None], 2):
        if _overlap(one, other):
            label = applicants[other.candidate_id][0]
            shared = [names[user_id] for user_id in sorted(one.panel & other.panel)]
            if one.candidate_id == other.candidate_id:
                shared.append(label)
            found += [
                Clash(one, person, other.starts_at, other.ends_at, label, None) for person in shared
            ]
    return found


def _overlap(one: Planned, other: Planned | Interview) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _applicants(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    rows = db.session.execute(
        select(Candidate.id, Candidate.name, func.lower(Candidate.email)).where(
            Candidate.id.in_(ids)
        )
    )
    return {key: (name, address) for key, name, address in rows}


def _others(
    planned: Sequence[Planned], people: Sequence[int], applicants: dict[int, tuple[str, str]]
) -> Sequence[Interview]:
    addresses = {address for _, address in applicants.values() if address}
    return db.session.scalars(
        select(Interview)
        .join(Interview.candidate)
        .where(
            Interview.state == InterviewState.PLANNED,
            Interview.starts_at > min(one.starts_at for one in planned) - LONGEST,
            Interview.starts_at < max(one.ends_at for one in planned),
            or_(
                Interview.panel.any(PanelMember.user_id.in_(people)),
                Candidate.id.in_(applicants),
                func.lower(Candidate.email).in_(addresses),
            ),
        )
        .options(
            joinedload(Interview.candidate).joinedload(Candidate.requisition),
            joinedload(Interview.guide_version).joinedload(GuideVersion.guide),
            selectinload(Interview.panel).joinedload(PanelMember.user),
        )
        .order_by(Interview.starts_at, Interview.id)
    ).all()


def _visible(reader: Any, ids: set[int]) -> set[int]:
    if not ids:
        return set()
    statement = select(Requisition.id).where(Requisition.id.in_(ids))
    return set(db.session.scalars(own_requisitions(reader, statement, Requisition.id)))
