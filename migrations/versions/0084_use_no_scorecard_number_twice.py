"""Use the number of an erased scorecard for no other

The trail, and what browsers keep of a draft, know it by number; SQLite otherwise gives the highest
number anew once its row is gone.

Revision: 0084, after 0083.
"""

from __future__ import annotations

from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _copy(sqlite_autoincrement=True)


def downgrade() -> None:
    _copy(sqlite_autoincrement=False)


def _copy(**options: bool) -> None:
    # PostgreSQL's sequences never go back.
    if op.get_bind().dialect.name != "sqlite":
        return
    with op.batch_alter_table("scorecard", recreate="always", table_kwargs=options):
        pass
