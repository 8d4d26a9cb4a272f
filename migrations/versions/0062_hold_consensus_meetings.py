"""Hold consensus meetings

Revision: 0062, after 0061.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consensus_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("requisition_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("round_position", sa.Integer(), nullable=False),
        sa.Column("present", sa.JSON(), nullable=False),
        sa.Column("others", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["requisition_id"],
            ["requisition.id"],
            name=op.f("fk_consensus_meeting_requisition_id_requisition"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_consensus_meeting_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consensus_meeting")),
        sa.UniqueConstraint(
            "candidate_id", "round_position", name=op.f("uq_consensus_meeting_candidate_id")
        ),
    )
    with op.batch_alter_table("consensus_meeting", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consensus_meeting_requisition_id"), ["requisition_id"], unique=False
        )
    op.create_table(
        "consensus_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("recommendation", sa.String(length=20), nullable=True),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("present", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "score BETWEEN 1 AND 5", name=op.f("ck_consensus_agreement_score_on_scale")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["consensus_meeting.id"],
            name=op.f("fk_consensus_agreement_meeting_id_consensus_meeting"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["user.id"], name=op.f("fk_consensus_agreement_saved_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consensus_agreement")),
        sa.UniqueConstraint(
            "meeting_id", "topic", "version", name=op.f("uq_consensus_agreement_meeting_id")
        ),
    )
    with op.batch_alter_table("consensus_agreement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consensus_agreement_meeting_id"), ["meeting_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("consensus_agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consensus_agreement_meeting_id"))
    op.drop_table("consensus_agreement")
    with op.batch_alter_table("consensus_meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consensus_meeting_requisition_id"))
    op.drop_table("consensus_meeting")
