"""Use the number of an erased candidate or interview for no other

SQLite otherwise gives the highest number anew once its row is gone. The trail, and what browsers
keep of an interview, know them by number.

Revision: 0072, after 0071.
"""

from __future__ import annotations

from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

NUMBERED = ("candidate", "interview")


def upgrade() -> None:
    _copy(sqlite_autoincrement=True)


def downgrade() -> None:
    _copy(sqlite_autoincrement=False)


def _copy(**options: bool) -> None:
    # PostgreSQL's sequences never go back.
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in NUMBERED:
        with op.batch_alter_table(table, recreate="always", table_kwargs=options):
            pass
