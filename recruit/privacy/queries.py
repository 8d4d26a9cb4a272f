"""Reads of what is kept, for how long, and what erasing it would take away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import abort, current_app
from sqlalchemy import String, cast, func, literal, or_, select
from sqlalchemy.orm import joinedload

from recruit.audit.models import AuditEvent
from recruit.candidates.models import Candidate, CandidateImport, Cv
from recruit.database import db, now
from recruit.interviews.models import Interview
from recruit.mail.models import Delivery
from recruit.privacy.models import PrivacyRecord
from recruit.requisitions.models import Requisition, RequisitionState
from recruit.scorecards.independence import withheld_candidates
from recruit.scorecards.models import Scorecard
from recruit.scorecards.states import ScorecardState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

YEARS = 2
"""How long selection records are kept after the decision: so long can claims be brought."""
NOTICE = timedelta(days=30)
"""How long before erasure the recruiter is told."""
DECIDED = "decision.make"
CANDIDATE_ERASED = "candidate.erase"
LATELY = timedelta(hours=1)
"""Longer than anything takes that had begun when somebody was erased: a document, a reminder."""


@dataclass(frozen=True)
class Retention:
    """How long the data of a requisition is kept: through the day ``until``.

    ``decided_at`` is when the time began, or None when it began with the requisition itself.
    """

    requisition: Requisition
    record: PrivacyRecord | None
    decided_at: datetime | None
    until: date
    today: date

    @property
    def is_erased(self) -> bool:
        """Whether there is nothing left to erase."""
        return self.requisition.state == RequisitionState.ERASED

    @property
    def is_held(self) -> bool:
        """Whether a legal hold stops erasure."""
        return self.record is not None and self.record.held_at is not None

    @property
    def is_due(self) -> bool:
        """Whether the time has passed, so that the data is to be erased."""
        return not self.is_erased and self.today > self.until

    @property
    def is_near(self) -> bool:
        """Whether it is time to tell the recruiter."""
        return not self.is_erased and self.today > self.until - NOTICE


@dataclass(frozen=True)
class Contents:
    """How much is stored, by kind; ``drafts`` is None for a reader who must not know."""

    candidates: int
    interviews: int
    scorecards: int
    drafts: int | None
    cvs: int
    mails: int
    imports: int

    def statistics(self) -> dict[str, int]:
        """Return the numbers that may stay when everything else is gone."""
        return {
            "candidates": self.candidates,
            "interviews": self.interviews,
            "scorecards": self.scorecards,
        }


def today() -> date:
    """Return the day that it is where the organisation is."""
    return now().astimezone(_zone()).date()


def rule(created_at: datetime, decided_at: datetime | None) -> date:
    """Return the day that the rule gives: two years after the decision, or else the beginning."""
    day = (decided_at or created_at).astimezone(_zone()).date()
    try:
        return day.replace(year=day.year + YEARS)
    except ValueError:  # the 29th of February
        return date(day.year + YEARS, 3, 1)


def retentions() -> list[Retention]:
    """Return how long each requisition is kept, by day; the erased ones last."""
    return sorted(_retentions(), key=lambda r: (r.is_erased, r.until, r.requisition.id))


def retention(requisition_id: int) -> Retention:
    """Return how long one requisition is kept. Raises a 404 error when there is none."""
    found = _retentions(Requisition.id == requisition_id)
    return found[0] if found else abort(404)


def contents(
    requisition_id: int, candidate_id: int | None = None, *, reader_id: int | None = None
) -> Contents:
    """Return how much is stored about a requisition, or about one of its candidates.

    Whether others have drafts is withheld from a reader who has yet to rate somebody.
    """
    mine: ColumnElement[bool] = Candidate.requisition_id == requisition_id
    met: ColumnElement[bool] = Interview.requisition_id == requisition_id
    if candidate_id is not None:
        mine &= Candidate.id == candidate_id
        met &= Interview.candidate_id == candidate_id
    cards = select(func.count(Scorecard.id)).join(Scorecard.interview).where(met)
    draft = Scorecard.state == ScorecardState.DRAFT
    kept_from = reader_id is not None and withheld_candidates(reader_id, requisition_id)
    return Contents(
        candidates=_count(select(func.count(Candidate.id)).where(mine)),
        interviews=_count(select(func.count(Interview.id)).where(met)),
        scorecards=_count(cards.where(~draft)),
        drafts=None if kept_from else _count(cards.where(draft)),
        cvs=_count(select(func.count(Cv.id)).join(Cv.candidate).where(mine)),
        mails=_count(select(func.count(Delivery.id)).where(mails_of(requisition_id, candidate_id))),
        imports=_count(
            select(func.count(CandidateImport.id)).where(
                CandidateImport.requisition_id == requisition_id
            )
        ),
    )


def mails_of(requisition_id: int, candidate_id: int | None = None) -> ColumnElement[bool]:
    """Return what picks the mails about a requisition, or about one of its candidates."""
    if candidate_id is None:
        return Delivery.requisition_id == requisition_id
    met = select(Interview.id).where(Interview.candidate_id == candidate_id)
    cards = select(Scorecard.id).where(Scorecard.interview_id.in_(met))
    person = f"candidate:{candidate_id}"
    subjects = [
        person,
        *(f"interview:{number}" for number in db.session.scalars(met)),
        *(f"scorecard:{number}" for number in db.session.scalars(cards)),
    ]
    return or_(Delivery.about.in_(subjects), Delivery.recipient == person)


def mails_about_nothing() -> ColumnElement[bool]:
    """Return what picks the mails about a requisition that is erased, or an interview that is."""
    erased = select(Requisition.id).where(Requisition.state == RequisitionState.ERASED)
    left = select(literal("interview:") + cast(Interview.id, String))
    return or_(
        Delivery.requisition_id.in_(erased),
        Delivery.about.startswith("interview:") & Delivery.about.not_in(left),
    )


def touched_by_erasure() -> Sequence[int]:
    """Return the requisitions that are erased, and those that lately lost a candidate so."""
    lately = select(AuditEvent.requisition_id).where(
        AuditEvent.action == CANDIDATE_ERASED, AuditEvent.at > now() - LATELY
    )
    return db.session.scalars(
        select(Requisition.id).where(
            or_(Requisition.state == RequisitionState.ERASED, Requisition.id.in_(lately))
        )
    ).all()


def _retentions(*conditions: ColumnElement[bool]) -> list[Retention]:
    rows = db.session.execute(
        select(Requisition, PrivacyRecord)
        .outerjoin(PrivacyRecord, PrivacyRecord.requisition_id == Requisition.id)
        .where(*conditions)
        .options(joinedload(Requisition.created_by), joinedload(PrivacyRecord.held_by))
    ).all()
    decided = _decided_at([requisition.id for requisition, _ in rows])
    day = today()
    return [
        Retention(
            requisition=requisition,
            record=record,
            decided_at=decided.get(requisition.id),
            until=(record.keep_until if record else None)
            or rule(requisition.created_at, decided.get(requisition.id)),
            today=day,
        )
        for requisition, record in rows
    ]


def _decided_at(ids: Sequence[int]) -> dict[int, datetime]:
    """Return when the latest decision of each requisition was made.

    From the trail, where every decision is written: it stays when the decision itself is erased.
    """
    rows = db.session.execute(
        select(AuditEvent.requisition_id, func.max(AuditEvent.at))
        .where(AuditEvent.action == DECIDED, AuditEvent.requisition_id.in_(ids))
        .group_by(AuditEvent.requisition_id)
    )
    return {number: at for number, at in rows if number is not None}


def _count(statement: Any) -> int:
    return db.session.scalar(statement) or 0


def _zone() -> ZoneInfo:
    return ZoneInfo(current_app.config["RECRUIT_TIMEZONE"])
