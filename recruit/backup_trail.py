"""The trail in a backup: where it ends, and whether the backup has all of it."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recruit.audit.chain import START, key_mark
from recruit.audit.models import AuditEnd
from recruit.audit.queries import Head, is_end
from recruit.backup_files import SQLITE_HEADER, BackupFailed, first_bytes, run

if TYPE_CHECKING:
    from collections.abc import Iterator

ANYWAY = "To restore it all the same: --whatever-the-trail."


def head_of(file: Path) -> Head:
    """Return where the trail ends in a backup, as the backup says. Raises BackupFailed."""
    _there, end = _read(file)
    return Head(end.count, end.digest) if end else Head(0, START)


def check(file: Path) -> None:
    """Raise BackupFailed unless the backup's trail ends where it says, under this key.

    A backup from before there was a key says nothing, and is taken as it is.
    """
    there, end = _read(file)
    if end is None:
        return
    if end.key_mark != key_mark():
        raise BackupFailed(
            f"{file}: its trail is sealed with another key. Put the secret key of that time in "
            f"RECRUIT_TRAIL_KEY. {ANYWAY}"
        )
    if not is_end(there, end):
        raise BackupFailed(f"{file}: its trail does not end where it should. {ANYWAY}")


def _read(file: Path) -> tuple[Head, AuditEnd | None]:
    """Return where the lines end, and what the backup says of that."""
    if first_bytes(file) == SQLITE_HEADER:
        events, ends = _of_sqlite(file)
    elif first_bytes(file)[:5] == b"PGDMP":
        events, ends = _of_postgresql(file)
    else:
        raise BackupFailed(f"{file}: it is no backup of Recruit.")
    count, last = 0, (0, START)
    for event in events:
        count += 1
        last = max(last, (int(event["id"]), event["digest"]))
    found = [AuditEnd(**row | {"id": int(row["id"]), "count": int(row["count"])}) for row in ends]
    return Head(count, last[1]), found[0] if found else None


def _of_sqlite(file: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            opened.row_factory = sqlite3.Row
            listed = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables = {row["name"] for row in listed}
            if "audit_end" not in tables or "audit_event" not in tables:
                return [], []
            return (
                [dict(row) for row in opened.execute("SELECT id, digest FROM audit_event")],
                [dict(row) for row in opened.execute("SELECT * FROM audit_end")],
            )
    except sqlite3.Error as error:
        raise BackupFailed(f"{file}: {error}; take another backup.") from error


def _of_postgresql(file: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    with tempfile.TemporaryDirectory(prefix="recruit-trail-") as folder:
        statements = Path(folder) / "statements.sql"
        run(
            *("pg_restore", "--data-only", "--table=audit_end", "--table=audit_event"),
            *(f"--file={statements}", str(file)),
        )
        return list(_rows(statements, "audit_event")), list(_rows(statements, "audit_end"))


def _rows(statements: Path, table: str) -> Iterator[dict[str, Any]]:
    """Yield the rows that the statements of a backup fill a table with."""
    with statements.open(encoding="utf-8") as lines:
        columns: list[str] | None = None
        for line in lines:
            if line.startswith(f"COPY public.{table} ("):
                named = line.partition("(")[2].partition(")")[0]
                columns = [name.strip(' "') for name in named.split(",")]
            elif line == "\\.\n":
                columns = None
            elif columns:
                yield dict(zip(columns, line.rstrip("\n").split("\t"), strict=True))
