"""Invite candidates, and remember who planned an interview

Revision: 0012, after 0011.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("candidate_invited", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("message", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("planned_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_interview_planned_by_id_user"), "user", ["planned_by_id"], ["id"]
        )
    # Needed only for the rows that were there.
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.alter_column("candidate_invited", server_default=None)
        batch_op.alter_column("message", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_interview_planned_by_id_user"), type_="foreignkey")
        batch_op.drop_column("planned_by_id")
        batch_op.drop_column("message")
        batch_op.drop_column("candidate_invited")
