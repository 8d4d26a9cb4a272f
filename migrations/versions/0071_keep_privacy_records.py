"""Keep what is decided about the personal data of a requisition

Revision: 0071, after 0051.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "privacy_record",
        sa.Column("requisition_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("keep_reason", sa.Text(), nullable=False),
        sa.Column("held_at", sa.DateTime(), nullable=True),
        sa.Column("held_by_id", sa.Integer(), nullable=True),
        sa.Column("hold_reason", sa.Text(), nullable=False),
        sa.Column("warned_for", sa.Date(), nullable=True),
        sa.Column("warned_at", sa.DateTime(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.String(length=40), nullable=False),
        sa.Column("readers", sa.Text(), nullable=False),
        sa.Column("addition", sa.Text(), nullable=False),
        sa.Column("erased_at", sa.DateTime(), nullable=True),
        sa.Column("statistics", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["held_by_id"], ["user.id"], name=op.f("fk_privacy_record_held_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["requisition_id"],
            ["requisition.id"],
            name=op.f("fk_privacy_record_requisition_id_requisition"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("requisition_id", name=op.f("pk_privacy_record")),
    )


def downgrade() -> None:
    op.drop_table("privacy_record")
