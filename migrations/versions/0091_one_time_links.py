"""Keep each one-time link by itself, so that a new one does not end another

Links that are on their way go on working.

Revision: 0091, after 0101.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0101"
branch_labels = None
depends_on = None

LIVES = {"sign_in": timedelta(minutes=30), "invitation": timedelta(days=7)}
user = sa.table("user", sa.column("id", sa.Integer), sa.column("email"), sa.column("link_nonce"))


def upgrade() -> None:
    link = op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("lasts_until", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_one_time_link_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("purpose", "hash", name=op.f("uq_one_time_link_purpose")),
    )
    op.create_index(op.f("ix_one_time_link_user_id"), "one_time_link", ["user_id"])
    moment = datetime.now(UTC).replace(tzinfo=None)
    links = [
        {
            "user_id": row.id,
            "purpose": purpose,
            "hash": hashlib.sha256(f"{row.link_nonce} {row.email}".encode()).hexdigest(),
            "lasts_until": moment + life,
        }
        for row in op.get_bind().execute(sa.select(user)).all()
        for purpose, life in LIVES.items()
    ]
    if links:
        op.bulk_insert(link, links)
    with op.batch_alter_table("user") as batch:
        batch.drop_column("link_nonce")


def downgrade() -> None:
    with op.batch_alter_table("user") as batch:
        batch.add_column(sa.Column("link_nonce", sa.String(length=64)))
    connection = op.get_bind()
    for row in connection.execute(sa.select(user.c.id)).all():
        connection.execute(
            sa.update(user).where(user.c.id == row.id).values(link_nonce=secrets.token_hex(16))
        )
    with op.batch_alter_table("user") as batch:
        batch.alter_column("link_nonce", existing_type=sa.String(length=64), nullable=False)
    op.drop_index(op.f("ix_one_time_link_user_id"), table_name="one_time_link")
    op.drop_table("one_time_link")
