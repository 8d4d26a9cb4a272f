"""Import guides, and keep an organisation's own library

Revision: 0031, after 0062.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guide_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("requisition_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_guide_import_created_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["requisition_id"],
            ["requisition.id"],
            name=op.f("fk_guide_import_requisition_id_requisition"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_import")),
    )
    with op.batch_alter_table("guide_import", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_guide_import_requisition_id"), ["requisition_id"], unique=False
        )
    op.create_table(
        "library_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competency", sa.String(length=80), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["user.id"], name=op.f("fk_library_entry_changed_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_entry")),
        sa.UniqueConstraint("competency", name=op.f("uq_library_entry_competency")),
    )


def downgrade() -> None:
    op.drop_table("library_entry")
    with op.batch_alter_table("guide_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guide_import_requisition_id"))
    op.drop_table("guide_import")
