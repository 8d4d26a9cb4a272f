"""The whole database as one file, and back, by SQLite's and PostgreSQL's own means.

A backup is the database as it was at one moment, while people work. It is written whole or not at
all. A restore takes the place of everything there is, within one transaction.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import flask_migrate
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import delete

from recruit import backup_trail
from recruit.accounts.models import ApiToken, SignIn
from recruit.audit.actions import record
from recruit.backup_files import LONGEST_WAIT, SQLITE_HEADER, BackupFailed, first_bytes, run
from recruit.database import db, write
from recruit.mail.actions import hold_unsent
from recruit.resources import migrations_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL

COPIED = re.compile(r'COPY public\."?(\w+)')
"""The statement by which a backup of PostgreSQL fills a table."""
LASTING = "requisition"
"""A table that every version of Recruit has."""


def backup(file: Path) -> None:
    """Write the application's database to a new file, which only this account can read.

    Raises BackupFailed; then there is no file.
    """
    if file.exists():
        raise BackupFailed(f"{file}: it is there already; give the backup another name.")
    url = db.engine.url
    try:
        with _unfinished(file) as path:
            if url.get_backend_name() == "sqlite":
                _copy(_sqlite_file(url), path)
                with closing(sqlite3.connect(path)) as copied:
                    # Without a log beside it.
                    copied.execute("PRAGMA journal_mode=DELETE")
            else:
                options = ("--format=custom", "--no-owner", "--no-acl", f"--file={path}")
                run("pg_dump", *options, url=url)
            path.chmod(0o600)
            path.replace(file)
    except OSError as error:
        raise BackupFailed(f"{file}: {error.strerror}") from error


def restore(file: Path, *, check_trail: bool = True) -> int:
    """Put a backup in the place of the application's database, and bring it up to this version.

    Return how many mails waited when it was made: they may have gone since, and are not sent.

    Raises BackupFailed; then the database is as it was. Raises SQLAlchemyError when it cannot be
    brought up to this version; then it is the backup's, in the version of that.
    """
    url = db.engine.url
    if check_trail:
        backup_trail.check(file)
    _disconnect()
    if url.get_backend_name() == "sqlite":
        _restore_sqlite(file, _sqlite_file(url))
    else:
        _restore_postgresql(file, url)
    flask_migrate.upgrade()
    with write():
        # What was ended since the backup, a sign-in or a token, does not hold again.
        db.session.execute(delete(SignIn))
        db.session.execute(delete(ApiToken))
        held = hold_unsent()
        record("database.restored", actor_id=None, subject="database:")
    _disconnect()
    return held


def _disconnect() -> None:
    db.session.remove()
    db.engine.dispose()


@contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """Give a place beside the file to write to, of which nothing is left."""
    with tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as folder:
        yield Path(folder) / file.name


def _sqlite_file(url: URL) -> Path:
    return Path(url.database or "")


def _copy(source: Path, target: Path) -> None:
    """Copy one SQLite database over another, at once. Raises BackupFailed."""
    until = time.monotonic() + LONGEST_WAIT

    def give_up_in_time(status: int, _left: int, _total: int) -> None:
        if status != sqlite3.SQLITE_DONE and time.monotonic() > until:
            raise BackupFailed(f"{target}: somebody is writing; stop Recruit first.")

    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target, timeout=1)) as new,
        ):
            old.backup(new, progress=give_up_in_time)
    except sqlite3.Error as error:
        raise BackupFailed(f"{source}: {error}") from error


def _restore_sqlite(file: Path, database: Path) -> None:
    if first_bytes(file) != SQLITE_HEADER:
        raise BackupFailed(f"{file}: it is no backup of a SQLite database.")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            [(whole,)] = opened.execute("PRAGMA quick_check(1)")
            if whole != "ok":
                raise BackupFailed(f"{file}: it is damaged; take another backup.")
            listed = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables = {name for (name,) in listed}
            versions = []
            if "alembic_version" in tables:
                versions = [v for (v,) in opened.execute("SELECT version_num FROM alembic_version")]
    except sqlite3.Error as error:
        raise BackupFailed(f"{file}: {error}; take another backup.") from error
    _check_origin(file, tables, versions)
    _copy(file, database)


def _restore_postgresql(file: Path, url: URL) -> None:
    if first_bytes(file)[:5] != b"PGDMP":
        raise BackupFailed(f"{file}: it is no backup of a PostgreSQL database.")
    with tempfile.TemporaryDirectory(prefix="recruit-restore-") as folder:
        statements = Path(folder) / "statements.sql"
        # All of them are read from the backup before the first is run.
        run(
            *("pg_restore", "--clean", "--if-exists", "--no-owner", "--no-acl"),
            *(f"--file={statements}", str(file)),
        )
        _check_origin(file, *_contents(statements))
        # A newer version of the program may have made tables that the backup does not know.
        ours = ", ".join(f'"{name}"' for name in db.metadata.tables)
        newer = Path(folder) / "newer.sql"
        newer.write_text(f"DROP TABLE IF EXISTS {ours} CASCADE;\n")
        run(
            *("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"),
            *(f"--file={newer}", f"--file={statements}"),
            url=url,
        )


def _contents(statements: Path) -> tuple[set[str], list[str]]:
    """Return the tables that the statements of a backup fill, and the migration they lead to."""
    tables, versions = set(), []
    with statements.open(encoding="utf-8") as lines:
        for line in lines:
            if filled := COPIED.match(line):
                tables.add(filled[1])
                if filled[1] == "alembic_version":
                    versions = [row for row in [next(lines).strip()] if row != r"\."]
    return tables, versions


def _check_origin(file: Path, tables: set[str], versions: list[str]) -> None:
    """Raise BackupFailed unless a backup is of this version of Recruit, or of an older one."""
    if not versions or LASTING not in tables:
        raise BackupFailed(f"{file}: it is no backup of Recruit.")
    try:
        ScriptDirectory(str(migrations_folder())).get_revision(versions[0])
    except CommandError as error:
        raise BackupFailed(
            f"{file}: a newer version of Recruit made it; install that version first."
        ) from error
