"""Files of backups, and the programs that make and read those of PostgreSQL."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL

SQLITE_HEADER = b"SQLite format 3\0"
LONGEST_WAIT = 30
"""Seconds for which others may go on writing."""


class BackupFailed(RuntimeError):
    """The text says what is wrong, and what to do."""


def first_bytes(file: Path) -> bytes:
    """Return what tells one kind of backup from another. Raises BackupFailed."""
    try:
        with file.open("rb") as opened:
            return opened.read(len(SQLITE_HEADER))
    except OSError as error:
        raise BackupFailed(f"{file}: {error.strerror}") from error


def run(*command: str, url: URL | None = None) -> None:
    """Run one of PostgreSQL's programs, on a database if one is given. Raises BackupFailed.

    The password goes by the environment: arguments can be read by everybody on the machine.
    """
    program, *arguments = command
    if shutil.which(program) is None:
        raise BackupFailed(
            f"{program} was not found: install PostgreSQL's programs, of the server's version."
        )
    environment = {**os.environ, "PGOPTIONS": f"-c lock_timeout={LONGEST_WAIT}s"}
    if url is not None:
        plain = url._replace(drivername="postgresql", password=None).render_as_string()
        arguments.append(f"--dbname={plain}")
        if url.password is not None:
            environment["PGPASSWORD"] = str(url.password)
    done = subprocess.run(  # noqa: S603 - programs and options are ours
        [program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupFailed(done.stderr.strip() or f"{program} ended with {done.returncode}.")
