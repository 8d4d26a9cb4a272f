"""Reads of candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort
from sqlalchemy import select

from recruit.candidates.models import Candidate, CandidateState
from recruit.database import db

if TYPE_CHECKING:
    from collections.abc import Sequence


def candidates(requisition_id: int, *, active_only: bool = False) -> Sequence[Candidate]:
    """Return the candidates of a requisition by name."""
    statement = select(Candidate).where(Candidate.requisition_id == requisition_id)
    if active_only:
        statement = statement.where(Candidate.state == CandidateState.ACTIVE)
    return db.session.scalars(statement.order_by(Candidate.name, Candidate.id)).all()


def candidate(requisition_id: int, candidate_id: int) -> Candidate:
    """Return one candidate. Raises a 404 error when it is not the requisition's."""
    found = db.session.get(Candidate, candidate_id)
    if found is None or found.requisition_id != requisition_id:
        abort(404)
    return found
