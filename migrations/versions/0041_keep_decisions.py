"""Keep decisions, and let a requisition be compared by letters

Revision: 0041, after 0021.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "requisition",
        sa.Column("pseudonymous", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("requisition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_decision_decided_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["requisition_id"],
            ["requisition.id"],
            name=op.f("fk_decision_requisition_id_requisition"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("requisition_id", "number", name=op.f("uq_decision_requisition_id")),
    )
    op.create_index(op.f("ix_decision_requisition_id"), "decision", ["requisition_id"])
    op.create_table(
        "decided_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
            name=op.f("fk_decided_outcome_decision_id_decision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_decided_outcome_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decided_outcome")),
        sa.UniqueConstraint(
            "decision_id", "candidate_id", name=op.f("uq_decided_outcome_decision_id")
        ),
    )
    op.create_index(op.f("ix_decided_outcome_decision_id"), "decided_outcome", ["decision_id"])
    op.create_index(op.f("ix_decided_outcome_candidate_id"), "decided_outcome", ["candidate_id"])
    op.create_table(
        "decided_ground",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outcome_id", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=True),
        sa.Column("interviewer_id", sa.Integer(), nullable=False),
        sa.Column("competency", sa.String(length=80), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["decided_outcome.id"],
            name=op.f("fk_decided_ground_outcome_id_decided_outcome"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"],
            ["rating.id"],
            name=op.f("fk_decided_ground_rating_id_rating"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["interviewer_id"], ["user.id"], name=op.f("fk_decided_ground_interviewer_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decided_ground")),
    )
    op.create_index(op.f("ix_decided_ground_outcome_id"), "decided_ground", ["outcome_id"])
    op.create_index(op.f("ix_decided_ground_rating_id"), "decided_ground", ["rating_id"])


def downgrade() -> None:
    op.drop_table("decided_ground")
    op.drop_table("decided_outcome")
    op.drop_table("decision")
    with op.batch_alter_table("requisition", schema=None) as batch_op:
        batch_op.drop_column("pseudonymous")
