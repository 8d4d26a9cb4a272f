"""Store for which addresses links are asked, until a job has looked them up

Revision: 0154, after 0153.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0154"
down_revision = "0153"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_request")),
    )
    with op.batch_alter_table("sign_in") as batch:
        batch.add_column(sa.Column("last_used_at", sa.DateTime()))
    op.execute("UPDATE sign_in SET last_used_at = began_at")
    with op.batch_alter_table("sign_in") as batch:
        batch.alter_column("last_used_at", existing_type=sa.DateTime(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("sign_in") as batch:
        batch.drop_column("last_used_at")
    op.drop_table("link_request")
