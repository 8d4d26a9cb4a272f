"""Sign in with passkeys, and in two steps

Revision: 0083, after 0082.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("user") as batch:
        batch.add_column(sa.Column("tf_primary_method", sa.String(length=64)))
        batch.add_column(sa.Column("tf_totp_secret", sa.String(length=255)))
        batch.add_column(sa.Column("mf_recovery_codes", sa.Text()))
        batch.add_column(sa.Column("fs_webauthn_user_handle", sa.String(length=64)))
        batch.add_column(sa.Column("last_code_counter", sa.BigInteger()))
        batch.create_unique_constraint(
            op.f("uq_user_fs_webauthn_user_handle"), ["fs_webauthn_user_handle"]
        )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.Text()),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(length=64), nullable=False),
        sa.Column("extensions", sa.String(length=255)),
        sa.Column("usage", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("lastuse_datetime", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_passkey_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_passkey_user_id")),
    )


def downgrade() -> None:
    op.drop_table("passkey")
    with op.batch_alter_table("user") as batch:
        batch.drop_constraint(op.f("uq_user_fs_webauthn_user_handle"), type_="unique")
        batch.drop_column("last_code_counter")
        batch.drop_column("fs_webauthn_user_handle")
        batch.drop_column("mf_recovery_codes")
        batch.drop_column("tf_totp_secret")
        batch.drop_column("tf_primary_method")
