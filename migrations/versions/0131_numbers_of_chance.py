"""Give candidates a number of chance, by which pages name whom they call by a letter

The number of their row stands beside their name elsewhere, and letters could be told from it.

Revision: 0131, after 0141.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0131"
down_revision = "0141"
branch_labels = None
depends_on = None

HIGHEST = 2**31 - 1


def upgrade() -> None:
    # Not in batch mode: a copied table would forget which numbers were given to who is erased.
    op.add_column("candidate", sa.Column("lot", sa.Integer(), nullable=False, server_default="0"))
    candidate = sa.table("candidate", sa.column("id", sa.Integer), sa.column("lot", sa.Integer))
    connection = op.get_bind()
    drawn: set[int] = set()
    for number in connection.scalars(sa.select(candidate.c.id)).all():
        lot = 1 + secrets.randbelow(HIGHEST)
        while lot in drawn:
            lot = 1 + secrets.randbelow(HIGHEST)
        drawn.add(lot)
        connection.execute(sa.update(candidate).where(candidate.c.id == number).values(lot=lot))
    op.create_index(
        "ix_candidate_requisition_id_lot", "candidate", ["requisition_id", "lot"], unique=True
    )


def downgrade() -> None:
    op.drop_index("ix_candidate_requisition_id_lot", "candidate")
    op.drop_column("candidate", "lot")
