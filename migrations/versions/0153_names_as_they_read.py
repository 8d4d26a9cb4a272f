"""Store names and addresses as they read: composed, one kind of space, nothing that nobody sees

Revision: 0153, after 0152.
"""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0153"
down_revision = "0152"
branch_labels = None
depends_on = None

COLUMNS = {"user": ("name", "email"), "candidate": ("name", "email")}
JOINERS = "\u200c\u200d"
BLANKS = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
UNSEEN = re.compile("[\u034f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def upgrade() -> None:
    connection = op.get_bind()
    for name, columns in COLUMNS.items():
        table = sa.table(name, sa.column("id"), *map(sa.column, columns))
        taken = set(connection.execute(sa.select(table.c.email)).scalars())
        for row in connection.execute(sa.select(table)).mappings().all():
            changed = {column: _as_read(row[column] or "") for column in columns}
            if name == "user" and changed["email"] != row["email"] and changed["email"] in taken:
                # Somebody else signs in with that address: both stay as they are.
                del changed["email"]
            changed = {key: value for key, value in changed.items() if value != row[key]}
            taken.add(changed.get("email"))
            if changed:
                connection.execute(
                    sa.update(table).where(table.c.id == row["id"]).values(**changed)
                )


def downgrade() -> None:
    """Nothing to take back: what reads the same is the same."""


def _as_read(text: str) -> str:
    text = unicodedata.normalize("NFC", text).translate(BLANKS)
    seen = [
        c
        for place, c in enumerate(text)
        if c.isspace()
        or (c in JOINERS and _joins(text[place - 1 : place]) and _joins(text[place + 1 :][:1]))
        or (
            (c not in JOINERS and not UNSEEN.match(c))
            and unicodedata.category(c) not in {"Cc", "Cf", "Cs"}
        )
    ]
    return unicodedata.normalize("NFC", " ".join("".join(seen).split()))


def _joins(character: str) -> bool:
    return bool(character) and unicodedata.category(character) in {"Lo", "Mc", "Mn", "Sk", "So"}
