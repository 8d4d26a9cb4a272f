"""Writes of candidates: one verb, one transaction, one audit event."""

from __future__ import annotations

from sqlalchemy import func, select

from recruit.audit.actions import record
from recruit.candidates.models import Candidate, CandidateState
from recruit.database import db, write


class CandidateExists(ValueError):
    """The requisition has a candidate with that name and address already."""


def add(requisition_id: int, *, name: str, email: str, internal: bool, actor_id: int) -> Candidate:
    """Add a candidate. Raises CandidateExists."""
    with write():
        if db.session.scalar(
            select(Candidate.id).where(
                Candidate.requisition_id == requisition_id,
                func.lower(Candidate.name) == name.strip().lower(),
                func.lower(Candidate.email) == email.strip().lower(),
            )
        ):
            raise CandidateExists
        candidate = Candidate(
            requisition_id=requisition_id,
            name=name.strip(),
            email=email.strip(),
            internal=internal,
        )
        db.session.add(candidate)
        db.session.flush()
        record(
            "candidate.add",
            actor_id=actor_id,
            subject=f"candidate:{candidate.id}",
            requisition_id=requisition_id,
        )
    return candidate


def withdraw(requisition_id: int, candidate_id: int, *, actor_id: int) -> None:
    """Mark that the candidate has withdrawn; doing it twice changes nothing."""
    with write():
        candidate = db.session.get_one(Candidate, candidate_id)
        candidate.state = CandidateState.WITHDRAWN
        record(
            "candidate.withdraw",
            actor_id=actor_id,
            subject=f"candidate:{candidate_id}",
            requisition_id=requisition_id,
        )
