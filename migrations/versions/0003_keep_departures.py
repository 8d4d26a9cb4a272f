"""Keep who has left a panel

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "panel_departure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("left_at", sa.DateTime(), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_panel_departure_interview_id_interview"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["user.id"], name=op.f("fk_panel_departure_replaced_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_panel_departure_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_departure")),
    )
    with op.batch_alter_table("panel_departure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_panel_departure_interview_id"), ["interview_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_panel_departure_user_id"), ["user_id"], unique=False)

    # Everybody who sits on a panel now has sat there since the interview was planned.
    op.add_column("panel_member", sa.Column("joined_at", sa.DateTime(), nullable=True))
    op.execute(
        "UPDATE panel_member SET joined_at = "
        "(SELECT created_at FROM interview WHERE interview.id = panel_member.interview_id)"
    )
    with op.batch_alter_table("panel_member", schema=None) as batch_op:
        batch_op.alter_column("joined_at", existing_type=sa.DateTime(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("panel_member", schema=None) as batch_op:
        batch_op.drop_column("joined_at")
    op.drop_table("panel_departure")
