"""Keep what was submitted

Revision: 0002, after 0001.

Every scorecard that is submitted already gets its first submission, made from its ratings.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

scorecard = sa.table(
    "scorecard",
    sa.column("id", sa.Integer),
    sa.column("state", sa.String),
    sa.column("recommendation", sa.String),
    sa.column("summary", sa.Text),
    sa.column("submitted_at", sa.DateTime),
)
rating = sa.table(
    "rating",
    sa.column("id", sa.Integer),
    sa.column("scorecard_id", sa.Integer),
    sa.column("competency", sa.String),
    sa.column("score", sa.Integer),
    sa.column("evidence_level", sa.String),
    sa.column("evidence", sa.Text),
    sa.column("not_assessed_reason", sa.Text),
)
question_note = sa.table(
    "question_note",
    sa.column("id", sa.Integer),
    sa.column("scorecard_id", sa.Integer),
    sa.column("question", sa.String),
    sa.column("text", sa.Text),
)
submission = sa.table(
    "submission",
    sa.column("scorecard_id", sa.Integer),
    sa.column("number", sa.Integer),
    sa.column("content", sa.JSON),
    sa.column("submitted_at", sa.DateTime),
    sa.column("after_others", sa.Boolean),
    sa.column("reopened_reason", sa.Text),
)


def upgrade() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scorecard_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("after_others", sa.Boolean(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(), nullable=True),
        sa.Column("reopened_by_id", sa.Integer(), nullable=True),
        sa.Column("reopened_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user.id"], name=op.f("fk_submission_entered_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["reopened_by_id"], ["user.id"], name=op.f("fk_submission_reopened_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["scorecard_id"],
            ["scorecard.id"],
            name=op.f("fk_submission_scorecard_id_scorecard"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("scorecard_id", "number", name=op.f("uq_submission_scorecard_id")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_submission_scorecard_id"), ["scorecard_id"], unique=False
        )
    # Added in place: a copied table would take its ratings with it when the old one is dropped.
    op.execute(
        "ALTER TABLE scorecard ADD COLUMN entered_by_id INTEGER "
        'CONSTRAINT fk_scorecard_entered_by_id_user REFERENCES "user" (id)'
    )
    _keep_what_is_submitted(op.get_bind())


def _keep_what_is_submitted(connection: sa.Connection) -> None:
    cards = connection.execute(
        sa.select(scorecard).where(scorecard.c.state == "submitted").order_by(scorecard.c.id)
    ).all()
    for card in cards:
        ratings = connection.execute(
            sa.select(rating).where(rating.c.scorecard_id == card.id).order_by(rating.c.id)
        )
        notes = connection.execute(
            sa.select(question_note)
            .where(question_note.c.scorecard_id == card.id)
            .order_by(question_note.c.id)
        )
        content: dict[str, Any] = {
            "ratings": {
                row.competency: {
                    "score": row.score,
                    "evidence_level": row.evidence_level,
                    "evidence": row.evidence,
                    "not_assessed_reason": row.not_assessed_reason,
                }
                for row in ratings
            },
            "notes": {row.question: row.text for row in notes},
            "recommendation": card.recommendation,
            "summary": card.summary,
        }
        connection.execute(
            sa.insert(submission).values(
                scorecard_id=card.id,
                number=1,
                content=content,
                submitted_at=card.submitted_at,
                after_others=False,
                reopened_reason="",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("scorecard") as batch:
        batch.drop_column("entered_by_id")
    op.drop_table("submission")
