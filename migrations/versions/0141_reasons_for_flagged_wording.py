"""Keep the reasons for wording that was published though it was flagged

Revision: 0141, after 0085.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0141"
down_revision = "0085"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flagged_wording",
        sa.Column("guide_version_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer()),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guide_version_id"],
            ["guide_version.id"],
            name=op.f("fk_flagged_wording_guide_version_id_guide_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guide_version_id", "key", name=op.f("pk_flagged_wording")),
    )


def downgrade() -> None:
    op.drop_table("flagged_wording")
