"""Tables of candidates."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruit.database import Model, UTCDateTime, now
from recruit.requisitions.models import Requisition

HIGHEST_LOT = 2**31 - 1


def _draw() -> int:
    return 1 + secrets.randbelow(HIGHEST_LOT)


class CandidateState(StrEnum):
    """Whether the person is still in the process."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class Candidate(Model):
    """A person who applies for one requisition.

    ``lot`` is a number of chance: letters follow it, and pages that call the candidate by a letter
    name the candidate by it, for the number of the row stands beside the name elsewhere.
    """

    __tablename__ = "candidate"
    # The trail goes on to name who is erased by number: nobody else may get it.
    __table_args__ = (
        Index("ix_candidate_requisition_id_lot", "requisition_id", "lot", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot: Mapped[int] = mapped_column(default=_draw, server_default="0")
    requisition_id: Mapped[int] = mapped_column(
        ForeignKey("requisition.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(255), default="")
    internal: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), default=CandidateState.ACTIVE)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    requisition: Mapped[Requisition] = relationship()


class Cv(Model):
    """The CV of a candidate, as the file that was attached.

    In the database and not in a folder: so it is in every backup, is erased with the candidate in
    one transaction, and is there for every process.
    """

    __tablename__ = "cv"

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), unique=True
    )
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int] = mapped_column()
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    attached_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    attached_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    candidate: Mapped[Candidate] = relationship()


class CandidateImport(Model):
    """A file with candidates that is read but not yet confirmed.

    ``notes`` are (code, detail) about how the file was read; ``head`` its column names;
    ``rows`` are (row number in the file, cells, merged cell range or "").
    """

    __tablename__ = "candidate_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    requisition_id: Mapped[int] = mapped_column(
        ForeignKey("requisition.id", ondelete="CASCADE"), index=True
    )
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    file_name: Mapped[str] = mapped_column(String(120))
    notes: Mapped[list[Any]] = mapped_column(JSON)
    head: Mapped[list[Any]] = mapped_column(JSON)
    rows: Mapped[list[Any]] = mapped_column(JSON)
