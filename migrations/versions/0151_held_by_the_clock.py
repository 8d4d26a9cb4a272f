"""Let the clock say which interviews are held, and tell which ratings came before

Revision: 0151, after 0091.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0151"
down_revision = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE interview SET state = 'planned' WHERE state = 'held'")
    with op.batch_alter_table("submission") as batch:
        batch.add_column(
            sa.Column("before_start", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute(
        """
        UPDATE submission SET before_start = TRUE WHERE EXISTS (
            SELECT 1 FROM scorecard JOIN interview ON interview.id = scorecard.interview_id
            WHERE scorecard.id = submission.scorecard_id
            AND submission.submitted_at < interview.starts_at
        )
        """
    )


def downgrade() -> None:
    op.execute(
        """
        UPDATE interview SET state = 'held' WHERE state = 'planned' AND EXISTS (
            SELECT 1 FROM scorecard WHERE scorecard.interview_id = interview.id
            AND scorecard.submitted_at IS NOT NULL
        )
        """
    )
    with op.batch_alter_table("submission") as batch:
        batch.drop_column("before_start")
