"""Writes of candidates: one verb, one transaction, one audit event."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from recruit.audit.actions import record
from recruit.candidates.applicants import Known, read_applicants
from recruit.candidates.attachments import kind_of
from recruit.candidates.models import Candidate, CandidateImport, CandidateState, Cv
from recruit.candidates.queries import known
from recruit.core.text import one_line
from recruit.database import db, now, write
from recruit.mail.actions import readdress
from recruit.requisitions.models import Work
from recruit.requisitions.work import locked_for

if TYPE_CHECKING:
    from recruit.candidates.applicants import Columns
    from recruit.candidates.sheets import Sheet

UNCONFIRMED = timedelta(days=1)


class CandidateExists(ValueError):
    """The requisition has the candidate already, who is called ``name`` there.

    ``field`` is what tells: the address, or the name where neither has one.
    """

    def __init__(self, name: str, field: str) -> None:
        super().__init__()
        self.name, self.field = name, field


class ImportIsGone(ValueError):
    """The file was imported, or left unconfirmed for too long."""


def add(requisition_id: int, *, name: str, email: str, internal: bool, actor_id: int) -> Candidate:
    """Add a candidate. Raises CandidateExists and RequisitionHasEnded."""
    with write():
        locked_for(requisition_id, Work.RECRUIT)
        _refuse_twin(requisition_id, name, email)
        candidate = Candidate(
            requisition_id=requisition_id,
            name=one_line(name),
            email=one_line(email),
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


def edit(
    requisition_id: int,
    candidate_id: int,
    *,
    name: str,
    email: str,
    internal: bool,
    actor_id: int,
) -> None:
    """Change name, address, or whether the candidate is internal.

    Raises CandidateExists and RequisitionHasEnded.

    What has not gone to the old address goes to the new one.
    """
    with write():
        locked_for(requisition_id, Work.CORRECT)
        _refuse_twin(requisition_id, name, email, but=candidate_id)
        candidate = db.session.get_one(Candidate, candidate_id)
        candidate.name = one_line(name)
        if candidate.email != one_line(email):
            candidate.email = one_line(email)
            readdress(f"candidate:{candidate_id}", candidate.email)
        candidate.internal = internal
        record(
            "candidate.edit",
            actor_id=actor_id,
            subject=f"candidate:{candidate_id}",
            requisition_id=requisition_id,
        )


def reinstate(requisition_id: int, candidate_id: int, *, actor_id: int) -> None:
    """Take back that the candidate has withdrawn; doing it twice changes nothing.

    Raises RequisitionHasEnded.
    """
    with write():
        locked_for(requisition_id, Work.DECIDE)
        candidate = db.session.get_one(Candidate, candidate_id)
        if candidate.state == CandidateState.ACTIVE:
            return
        candidate.state = CandidateState.ACTIVE
        record(
            "candidate.reinstate",
            actor_id=actor_id,
            subject=f"candidate:{candidate_id}",
            requisition_id=requisition_id,
        )


def attach_cv(requisition_id: int, candidate_id: int, data: bytes, *, actor_id: int) -> None:
    """Attach a CV in place of an earlier one. Raises UnfitAttachment and RequisitionHasEnded."""
    kind = kind_of(data)
    with write():
        locked_for(requisition_id, Work.RECRUIT)
        db.session.execute(delete(Cv).where(Cv.candidate_id == candidate_id))
        db.session.add(
            Cv(
                candidate_id=candidate_id,
                kind=kind,
                size=len(data),
                content=data,
                attached_by_id=actor_id,
            )
        )
        record(
            "cv.attach",
            actor_id=actor_id,
            subject=f"candidate:{candidate_id}",
            requisition_id=requisition_id,
            kind=kind,
        )


def remove_cv(requisition_id: int, candidate_id: int, *, actor_id: int) -> None:
    """Delete the CV; doing it twice changes nothing. Raises RequisitionHasEnded."""
    with write():
        locked_for(requisition_id, Work.CORRECT)
        gone = db.session.execute(delete(Cv).where(Cv.candidate_id == candidate_id))
        if gone.rowcount:  # type: ignore[attr-defined]
            record(
                "cv.remove",
                actor_id=actor_id,
                subject=f"candidate:{candidate_id}",
                requisition_id=requisition_id,
            )


def read_cv(requisition_id: int, candidate_id: int, *, actor_id: int) -> tuple[str, bytes] | None:
    """Return kind and content of the CV, and record who read it; None when there is none."""
    with write():
        cv = db.session.scalar(select(Cv).where(Cv.candidate_id == candidate_id))
        if cv is None:
            return None
        record(
            "cv.read",
            actor_id=actor_id,
            subject=f"candidate:{candidate_id}",
            requisition_id=requisition_id,
        )
        return cv.kind, cv.content


def keep_import(
    requisition_id: int, sheet: Sheet, *, file_name: str, actor_id: int
) -> CandidateImport:
    """Keep a table until it is confirmed, at most a day; nothing is imported yet.

    Raises RequisitionHasEnded.
    """
    with write():
        locked_for(requisition_id, Work.RECRUIT)
        kept = CandidateImport(
            requisition_id=requisition_id,
            created_by_id=actor_id,
            file_name=one_line(file_name)[-120:],
            notes=sheet.notes,
            head=sheet.head,
            rows=sheet.rows,
        )
        db.session.add(kept)
        db.session.flush()
    return kept


def confirm_import(requisition_id: int, import_id: int, columns: Columns, *, actor_id: int) -> int:
    """Add every candidate of a kept table that can be used; return how many.

    All or none: what is faulty or there already is left out, as the preview said. Raises
    ImportIsGone and RequisitionHasEnded.
    """
    with write():
        locked_for(requisition_id, Work.RECRUIT)
        # Taken out first: of two confirmations at once, the other finds nothing.
        kept = db.session.execute(
            delete(CandidateImport)
            .where(
                CandidateImport.id == import_id, CandidateImport.requisition_id == requisition_id
            )
            .returning(CandidateImport.rows, CandidateImport.head, CandidateImport.file_name)
        ).one_or_none()
        if kept is None:
            raise ImportIsGone(import_id)
        reading = read_applicants(
            kept.rows, kept.head, columns, file=kept.file_name, present=known(requisition_id)
        )
        db.session.add_all(
            Candidate(
                requisition_id=requisition_id,
                name=applicant.name,
                email=applicant.email,
                internal=applicant.internal,
            )
            for applicant in reading.applicants
        )
        record(
            "candidate.import",
            actor_id=actor_id,
            subject=f"requisition:{requisition_id}",
            requisition_id=requisition_id,
            added=len(reading.applicants),
            faulty=reading.faulty_rows,
            duplicates=len(reading.duplicates),
        )
        return len(reading.applicants)


def forget_imports(import_id: int | None = None) -> None:
    """Delete a kept table, or all that nobody has confirmed in time."""
    wanted = (
        CandidateImport.id == import_id
        if import_id is not None
        else CandidateImport.created_at < now() - UNCONFIRMED
    )
    with write():
        db.session.execute(delete(CandidateImport).where(wanted))


def _refuse_twin(requisition_id: int, name: str, email: str, but: int = 0) -> None:
    # The requisition is locked: else of two who add the same at once neither would be refused.
    twin = Known(name, email).key
    for person in known(requisition_id, but=but):
        if twin.email and twin.email == person.key.email:
            raise CandidateExists(person.name, "email")
        if twin == person.key:
            raise CandidateExists(person.name, "name")
