"""Train raters, and let a requisition ask for it

Revision: 0061, after 0041.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calibration_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("competency", sa.String(length=80), nullable=False),
        sa.Column("exercise", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("expert", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "rating BETWEEN 1 AND 5", name=op.f("ck_calibration_rating_rating_on_scale")
        ),
        sa.CheckConstraint(
            "expert BETWEEN 1 AND 5", name=op.f("ck_calibration_rating_expert_on_scale")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_calibration_rating_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_rating")),
        sa.UniqueConstraint(
            "user_id",
            "competency",
            "exercise",
            "text_hash",
            "attempt",
            name=op.f("uq_calibration_rating_user_id"),
        ),
    )
    with op.batch_alter_table("calibration_rating", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_calibration_rating_user_id"), ["user_id"], unique=False
        )
    op.create_table(
        "training_requirement",
        sa.Column("requisition_id", sa.Integer(), nullable=False),
        sa.Column("exercises", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "exercises >= 1", name=op.f("ck_training_requirement_exercises_asked_for")
        ),
        sa.ForeignKeyConstraint(
            ["requisition_id"],
            ["requisition.id"],
            name=op.f("fk_training_requirement_requisition_id_requisition"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("requisition_id", name=op.f("pk_training_requirement")),
    )


def downgrade() -> None:
    op.drop_table("training_requirement")
    with op.batch_alter_table("calibration_rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calibration_rating_user_id"))
    op.drop_table("calibration_rating")
