"""Writes of privacy: one verb, one transaction, one audit event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, event, select

from recruit.accounts.queries import in_charge
from recruit.audit.actions import record
from recruit.candidates.models import Candidate, CandidateImport
from recruit.consensus.actions import renew_fingerprints
from recruit.consensus.queries import fingerprints
from recruit.database import db, empty_log, now, write
from recruit.mail.actions import put
from recruit.mail.models import Delivery
from recruit.privacy import queries
from recruit.privacy.letters import warning
from recruit.privacy.mentions import mentions, take_out
from recruit.privacy.models import PrivacyRecord
from recruit.privacy.reach import key_to, tables_of_requisition
from recruit.requisitions.models import Requisition, RequisitionState
from recruit.requisitions.queries import locked
from recruit.requisitions.work import RequisitionIsErased, enter

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from recruit.privacy.models import ErasureGround, LegalBasis

FREE_TEXTS = ("keep_reason", "hold_reason", "purpose", "readers", "addition")


class IsHeld(ValueError):
    """A legal hold stops the erasure."""


class IsNotDue(ValueError):
    """The time that the data is kept has not passed."""


def keep_until(requisition_id: int, until: date, *, reason: str, actor_id: int) -> None:
    """Choose another last day than the rule gives. Raises RequisitionIsErased."""
    with write():
        found = _record(requisition_id)
        found.keep_until, found.keep_reason = until, reason.strip()
        record(
            "privacy.keep_until",
            actor_id=actor_id,
            subject=f"requisition:{requisition_id}",
            requisition_id=requisition_id,
            until=until.isoformat(),
        )


def hold(requisition_id: int, *, reason: str, actor_id: int) -> None:
    """Stop erasure until the hold is lifted; held already, only the reason is new.

    Raises RequisitionIsErased.
    """
    with write():
        found = _record(requisition_id)
        if found.held_at is None:
            found.held_at, found.held_by_id = now(), actor_id
        found.hold_reason = reason.strip()
        _note("privacy.hold", requisition_id, actor_id)


def release(requisition_id: int, *, actor_id: int) -> None:
    """Lift the hold; doing it twice changes nothing. Raises RequisitionIsErased."""
    with write():
        found = _record(requisition_id)
        if found.held_at is None:
            return
        found.held_at, found.held_by_id, found.hold_reason = None, None, ""
        # What was to be erased while it was held is told of anew.
        found.warned_for, found.warned_at = None, None
        _note("privacy.release", requisition_id, actor_id)


def inform(
    requisition_id: int,
    *,
    purpose: str,
    legal_basis: LegalBasis,
    readers: str,
    addition: str,
    actor_id: int,
) -> None:
    """Store what candidates are told. Raises RequisitionIsErased."""
    with write():
        found = _record(requisition_id)
        found.purpose, found.legal_basis = purpose.strip(), legal_basis.value
        found.readers, found.addition = readers.strip(), addition.strip()
        _note("privacy.inform", requisition_id, actor_id)


def erase(requisition_id: int, *, actor_id: int | None) -> None:
    """Erase everything about the candidates of a requisition whose time has passed.

    What stays is the vacancy, its guides, and how many there were of what. ``actor_id`` is None
    when it is erased by itself. Raises RequisitionIsErased, IsHeld and IsNotDue.
    """
    with write():
        requisition = locked(requisition_id)
        enter(requisition, RequisitionState.ERASED)
        found = queries.retention(requisition_id)
        if found.is_held:
            raise IsHeld(requisition_id)
        if found.today <= found.until:
            raise IsNotDue(requisition_id)
        kept = found.record or PrivacyRecord(requisition_id=requisition_id)
        kept.statistics = queries.contents(requisition_id).statistics()
        kept.erased_at = now()
        for name in FREE_TEXTS:
            setattr(kept, name, "")
        db.session.add(kept)
        _erase_rows(requisition_id)
        record(
            "requisition.erase",
            actor_id=actor_id,
            subject=f"requisition:{requisition_id}",
            requisition_id=requisition_id,
            **kept.statistics,
        )
    _leave_no_trace([requisition_id])


def erase_candidate(
    requisition_id: int,
    candidate_id: int,
    *,
    ground: ErasureGround,
    actor_id: int,
    chosen: Collection[str] = (),
    rest: bool = False,
) -> None:
    """Erase everything about one candidate, who asks for it and may.

    The name is taken out of what was written of others; ``chosen`` and ``rest`` say where it goes
    though somebody else may be meant, as in ``recruit.privacy.mentions.take_out``.

    Raises IsHeld, PlacesHaveChanged, and NoResultFound when somebody else has done it.
    """
    with write():
        locked(requisition_id)
        if queries.retention(requisition_id).is_held:
            raise IsHeld(requisition_id)
        candidate = db.session.get_one(Candidate, candidate_id)
        texts = _take_name_out(candidate, chosen, rest=rest, actor_id=actor_id)
        db.session.execute(
            delete(Delivery).where(queries.mails_of(requisition_id, candidate_id)),
            execution_options={"synchronize_session": False},
        )
        # A file that waits would bring the person back, and waits at most a day.
        db.session.execute(
            delete(CandidateImport).where(CandidateImport.requisition_id == requisition_id)
        )
        db.session.execute(
            delete(Candidate).where(Candidate.id == candidate_id),
            execution_options={"synchronize_session": False},
        )
        record(
            "candidate.erase",
            actor_id=actor_id,
            subject=f"candidate:{candidate_id}",
            requisition_id=requisition_id,
            ground=ground.value,
            texts=texts,
        )
    _leave_no_trace([requisition_id])


def note_export(*, kind: str, actor_id: int) -> None:
    """Record who took the trail with them, and in which form (csv, json)."""
    with write():
        record("audit.export", actor_id=actor_id, subject="trail:0", kind=kind)


def warn() -> None:
    """Tell the recruiters of requisitions whose time soon has passed; each day is told once."""
    with write():
        for found in queries.retentions():
            kept = found.record
            if not found.is_near or found.is_held or (kept and kept.warned_for == found.until):
                continue
            kept = kept or _record(found.requisition.id)
            kept.warned_for, kept.warned_at = found.until, now()
            candidates = queries.contents(found.requisition.id).candidates
            for recruiter in in_charge(found.requisition.created_by):
                put(warning(found.requisition, found.until, candidates, recruiter))


def erase_due() -> None:
    """Erase the requisitions whose time has passed, a month after their recruiter was told."""
    for requisition_id in [found.requisition.id for found in queries.retentions() if _ripe(found)]:
        try:
            erase(requisition_id, actor_id=None)
        except (IsHeld, IsNotDue, RequisitionIsErased):
            # Somebody was there meanwhile; what they chose holds.
            continue


def sweep() -> None:
    """Take away what came into being in the moment when a requisition or a candidate was erased."""
    ids = queries.touched_by_erasure()
    if not ids:
        return
    with write():
        db.session.execute(
            delete(Delivery).where(queries.mails_about_nothing()),
            execution_options={"synchronize_session": False},
        )
    _leave_no_trace(ids)


def _ripe(found: queries.Retention) -> bool:
    kept = found.record
    return (
        found.is_due
        and not found.is_held
        and kept is not None
        and kept.warned_for == found.until
        and kept.warned_at is not None
        and kept.warned_at <= now() - queries.NOTICE
    )


def _record(requisition_id: int) -> PrivacyRecord:
    if locked(requisition_id).state == RequisitionState.ERASED:
        raise RequisitionIsErased(requisition_id)
    found = db.session.get(PrivacyRecord, requisition_id)
    if found is None:
        found = PrivacyRecord(requisition_id=requisition_id)
        db.session.add(found)
        db.session.flush()
    return found


def _note(action: str, requisition_id: int, actor_id: int) -> None:
    record(
        action,
        actor_id=actor_id,
        subject=f"requisition:{requisition_id}",
        requisition_id=requisition_id,
    )


def _erase_rows(requisition_id: int) -> None:
    for table in tables_of_requisition():
        column = key_to(table, "requisition")
        assert column is not None
        db.session.execute(delete(table).where(column == requisition_id))
    db.session.execute(
        delete(Delivery).where(queries.mails_of(requisition_id)),
        execution_options={"synchronize_session": False},
    )


def _take_name_out(
    candidate: Candidate, chosen: Collection[str], *, rest: bool, actor_id: int
) -> int:
    """Let what was written of others no longer name the candidate; return how many texts change."""
    requisition_id = candidate.requisition_id
    with force_locale(candidate.requisition.language):
        stands_for_it = _("[erased candidate]")
    former = fingerprints(requisition_id)
    changed = take_out(mentions(candidate, actor_id, lock=True), stands_for_it, chosen, rest=rest)
    renew_fingerprints(requisition_id, former)
    return changed


def _leave_no_trace(requisition_ids: Sequence[int]) -> None:
    """Take away what lies outside the database's rows: finished documents and old pages."""
    for requisition_id in requisition_ids:
        current_app.extensions["recruit_documents"].erase(f"requisition-{requisition_id}")
    empty_log()


@event.listens_for(db.session, "before_flush")
def _refuse_news(session: Session, context: object, instances: object) -> None:
    """Let nothing new be stored under an erased requisition, however late it comes."""
    del context, instances
    tables = {table.name for table in tables_of_requisition()}
    ids = {
        added.requisition_id
        for added in session.new
        if getattr(added, "__tablename__", "") in tables
    }
    if not ids:
        return
    with session.no_autoflush:
        # Locked, so that who erases just now is waited for; what is read is what they leave.
        rows = session.execute(
            select(Requisition.id, Requisition.state)
            .where(Requisition.id.in_(ids))
            .with_for_update(read=True)
        ).all()
    for number, state in rows:
        if state == RequisitionState.ERASED:
            raise RequisitionIsErased(number)
