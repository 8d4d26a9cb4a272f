"""Seal the trail with a key

Revision: 0101, after 0131.

What was written before there was a key holds as what it was: the line that this adds comes after
it, and is made with the key.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from recruit.audit.chain import SEALING, end_seal, key_mark, keyed_digest
from recruit.audit.models import AuditEvent

revision = "0101"
down_revision = "0131"
branch_labels = None
depends_on = None

EVENT = sa.table(
    "audit_event",
    sa.column("id", sa.Integer()),
    sa.column("at", sa.DateTime()),
    sa.column("actor_id", sa.Integer()),
    sa.column("action", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("requisition_id", sa.Integer()),
    sa.column("detail", sa.JSON()),
    sa.column("previous_digest", sa.String()),
    sa.column("digest", sa.String()),
)


def upgrade() -> None:
    end = op.create_table(
        "audit_end",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("key_mark", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_end")),
    )
    connection = op.get_bind()
    last = connection.execute(sa.select(EVENT).order_by(EVENT.c.id.desc()).limit(1)).first()
    if last is None:
        return
    count = connection.scalar(sa.select(sa.func.count()).select_from(EVENT)) or 0
    digest = last.digest
    # Whoever went back to older tables and comes again has a line under the key already.
    if digest != keyed_digest(_line(last._asdict()), count):
        sealing = {
            "at": datetime.now(UTC).replace(tzinfo=None),
            "actor_id": None,
            "action": SEALING,
            "subject": "trail:",
            "requisition_id": None,
            "detail": {},
            "previous_digest": digest,
        }
        count += 1
        digest = keyed_digest(_line(sealing), count)
        connection.execute(sa.insert(EVENT).values(**sealing, digest=digest))
    connection.execute(
        sa.insert(end).values(
            id=1, count=count, digest=digest, seal=end_seal(count, digest), key_mark=key_mark()
        )
    )


def _line(row: dict[str, Any]) -> AuditEvent:
    """Return a row as the chain reads it, with its moment in UTC."""
    return AuditEvent(**row | {"at": row["at"].replace(tzinfo=UTC)})


def downgrade() -> None:
    op.drop_table("audit_end")
