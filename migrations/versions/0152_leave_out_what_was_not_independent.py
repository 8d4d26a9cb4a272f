"""Let a recruiter leave ratings out that were made after others' had been open

Revision: 0152, after 0151.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0152"
down_revision = "0151"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("submission") as batch:
        batch.add_column(sa.Column("left_out_at", sa.DateTime()))
        batch.add_column(sa.Column("left_out_by_id", sa.Integer()))
        batch.add_column(sa.Column("left_out_reason", sa.Text(), nullable=False, server_default=""))
        batch.create_foreign_key(
            "fk_submission_left_out_by_id_user", "user", ["left_out_by_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("submission") as batch:
        batch.drop_constraint("fk_submission_left_out_by_id_user", type_="foreignkey")
        batch.drop_column("left_out_reason")
        batch.drop_column("left_out_by_id")
        batch.drop_column("left_out_at")
