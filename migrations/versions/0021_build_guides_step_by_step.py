"""Build guides step by step

Revision: 0021, after 0013.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guide_draft",
        sa.Column("requisition_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["requisition_id"],
            ["requisition.id"],
            name=op.f("fk_guide_draft_requisition_id_requisition"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("requisition_id", name=op.f("pk_guide_draft")),
    )
    op.create_table(
        "draft_step",
        sa.Column("requisition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edit", sa.String(length=40), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name=op.f("fk_draft_step_made_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["requisition_id"],
            ["guide_draft.requisition_id"],
            name=op.f("fk_draft_step_requisition_id_guide_draft"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("requisition_id", "number", name=op.f("pk_draft_step")),
    )
    op.create_table(
        "deviation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_deviation_interview_id_interview"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_deviation_recorded_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation")),
    )
    with op.batch_alter_table("deviation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deviation_interview_id"), ["interview_id"])


def downgrade() -> None:
    with op.batch_alter_table("deviation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deviation_interview_id"))
    op.drop_table("deviation")
    op.drop_table("draft_step")
    op.drop_table("guide_draft")
