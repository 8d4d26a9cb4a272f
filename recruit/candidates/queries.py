"""Reads of candidates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import abort
from sqlalchemy import func, or_, select

from recruit.access import Permission, candidates_met, may
from recruit.candidates.applicants import Known
from recruit.candidates.models import Candidate, CandidateImport, CandidateState, Cv
from recruit.database import db

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = 50


@dataclass(frozen=True)
class CandidatePage:
    """One page of a requisition's candidates; pages count from 1."""

    candidates: Sequence[Candidate]
    number: int
    pages: int
    found: int
    all: int


def candidates(
    requisition_id: int, *, active_only: bool = False, limit: int | None = None
) -> Sequence[Candidate]:
    """Return the candidates of a requisition by name."""
    statement = select(Candidate).where(Candidate.requisition_id == requisition_id)
    if active_only:
        statement = statement.where(Candidate.state == CandidateState.ACTIVE)
    return db.session.scalars(statement.order_by(Candidate.name, Candidate.id).limit(limit)).all()


def candidate_page(requisition_id: int, *, wanted: str, number: int) -> CandidatePage:
    """Return a page of the candidates whose name or address holds what is wanted, by name."""
    everybody = select(func.count(Candidate.id)).where(Candidate.requisition_id == requisition_id)
    matches = Candidate.requisition_id == requisition_id
    if wanted:
        matches &= or_(
            func.lower(Candidate.name).contains(wanted.lower(), autoescape=True),
            func.lower(Candidate.email).contains(wanted.lower(), autoescape=True),
        )
    total = db.session.scalar(everybody) or 0
    found = db.session.scalar(select(func.count(Candidate.id)).where(matches)) or 0
    pages = max(1, -(-found // PAGE))
    number = min(max(1, number), pages)
    rows = db.session.scalars(
        select(Candidate)
        .where(matches)
        .order_by(Candidate.name, Candidate.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).all()
    return CandidatePage(rows, number, pages, found, total)


def candidate(requisition_id: int, candidate_id: int) -> Candidate:
    """Return one candidate. Raises a 404 error when it is not the requisition's."""
    found = db.session.get(Candidate, candidate_id)
    if found is None or found.requisition_id != requisition_id:
        abort(404)
    return found


def cv_of(candidate_id: int) -> Cv | None:
    """Return what is known of the candidate's CV, without its content; None without one."""
    return db.session.scalar(select(Cv).where(Cv.candidate_id == candidate_id))


def candidate_of_lot(requisition_id: int, lot: int) -> Candidate:
    """Return the candidate with a number of chance. Raises a 404 error when there is none."""
    found: Candidate = db.one_or_404(
        select(Candidate).where(Candidate.requisition_id == requisition_id, Candidate.lot == lot)
    )
    return found


def readable_cvs(reader: Any, requisition_id: int) -> frozenset[int]:
    """Return the candidates who have a CV that the reader may read."""
    attached = frozenset(
        db.session.scalars(
            select(Cv.candidate_id)
            .join(Cv.candidate)
            .where(Candidate.requisition_id == requisition_id)
        )
    )
    if may(reader, Permission.CV_READ, requisition_id):
        return attached
    return attached & candidates_met(reader, requisition_id)


def known(requisition_id: int, *, but: int = 0) -> list[Known]:
    """Return name and address of everybody in the requisition but one."""
    rows = db.session.execute(
        select(Candidate.name, Candidate.email).where(
            Candidate.requisition_id == requisition_id, Candidate.id != but
        )
    )
    return [Known(name, email) for name, email in rows]


def kept_import(requisition_id: int, import_id: int) -> CandidateImport | None:
    """Return a table that waits to be confirmed, or None."""
    found = db.session.get(CandidateImport, import_id)
    return found if found is not None and found.requisition_id == requisition_id else None
