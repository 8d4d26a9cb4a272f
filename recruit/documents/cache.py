"""Finished documents on disk, found by what they say; any number of processes share them.

A document is kept under the checksum of its content and of the program that set it, so what has
changed is never found and what has not is found at once. Files are written whole or not at all, are
readable by this account alone, and are forgotten: the longest unused when the folder is full, all
after a week, and those of a group, such as one requisition, when that is erased.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import structlog

from recruit.documents import seal
from recruit.resources import PACKAGE, static_folder, templates_folder

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger()

MEBIBYTE = 1024 * 1024
LONGEST_KEPT = 7 * 24 * 3600
"""Seconds since a document was last asked for."""
ABANDONED = 3600
"""Seconds after which a file that is still being written has lost its writer."""
GROUP = re.compile(r"[a-z]{1,40}-[0-9]{1,20}")
FONTS = {".woff2", ".ttf"}


class Printable(Protocol):
    """A document: what it says, as a checksum, and its HTML."""

    @property
    def content_hash(self) -> str:
        """SHA-256 of everything shown but the time of making."""

    def html(self) -> str:
        """Return the document for the renderer."""


class DocumentCache:
    """At most so many megabytes of documents in one folder, which is made when first needed.

    A folder that cannot be used, or that others can read, is not used: every document is then made
    anew, and the log says so.
    """

    def __init__(self, folder: Path, megabytes: int) -> None:
        self._folder = folder
        self._limit = megabytes * MEBIBYTE

    @property
    def folder(self) -> Path:
        """Where documents are kept; it is made when the first one is."""
        return self._folder

    @property
    def is_private(self) -> bool:
        """Whether the folder is this account's alone; only such a one is used."""
        facts = self._folder.lstat()
        return facts.st_uid == os.getuid() and not facts.st_mode & 0o077

    def document(self, group: str, document: Printable, render: Callable[[str], bytes]) -> bytes:
        """Return the document, from the folder or else made and kept.

        ``group`` ("requisition-3") is what it is erased with. Raises what ``render`` raises.
        """
        key = key_of(document)
        found = self.find(group, key)
        if found is None:
            found = render(document.html())
            self.keep(group, key, found)
        return found

    def find(self, group: str, key: str) -> bytes | None:
        """Return a document that is kept whole, or None."""
        path = self._path(group, key)
        try:
            data = path.read_bytes()
            if not seal.holds(data):
                return None
            os.utime(path)
        except OSError:
            return None
        return data

    def keep(self, group: str, key: str, data: bytes) -> None:
        """Keep a document, and forget others if there is no room."""
        path = self._path(group, key)
        try:
            self._make(path.parent)
            number, name = tempfile.mkstemp(dir=path.parent, prefix=".")
            try:
                with os.fdopen(number, "wb") as file:
                    file.write(data)
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            self._make_room()
        except OSError as error:
            log.warning("documents.not_kept", error=type(error).__name__)

    def parts(self, group: str) -> Parts:
        """Return the parts of a group's documents, which are kept and erased like these."""
        return Parts(self, group)

    def erase(self, group: str) -> None:
        """Forget every document of a group."""
        shutil.rmtree(self._path(group, "x").parent, ignore_errors=True)

    def _path(self, group: str, key: str) -> Path:
        if not GROUP.fullmatch(group):
            raise ValueError(f"no group: {group[:40]}")
        return self._folder / group / f"{key}.pdf"

    def _make(self, folder: Path) -> None:
        """Make the folder, for this account alone. Raises OSError when it is somebody else's."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.is_private:
            raise PermissionError(str(self._folder))
        folder.mkdir(mode=0o700, exist_ok=True)

    def _make_room(self) -> None:
        now = time.time()
        found = []
        for path in self._folder.glob("*/*"):
            try:
                facts = path.stat()
            except FileNotFoundError:
                continue
            age = now - facts.st_mtime
            if age > (ABANDONED if path.name.startswith(".") else LONGEST_KEPT):
                path.unlink(missing_ok=True)
            elif not path.name.startswith("."):
                found.append((facts.st_mtime, facts.st_size, path))
        room = self._limit - sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if room >= 0:
                return
            path.unlink(missing_ok=True)
            room += size


@dataclass(frozen=True)
class Parts:
    """The parts of one group's documents, found by their HTML and the program that sets it."""

    cache: DocumentCache
    group: str

    def find(self, html: str) -> bytes | None:
        """Return a part that is kept whole, or None."""
        return self.cache.find(self.group, _key("part", html))

    def keep(self, html: str, made: bytes) -> None:
        """Keep a part, and forget others if there is no room."""
        self.cache.keep(self.group, _key("part", html), made)


def key_of(document: Printable) -> str:
    """Return the key of a document: its kind, what it says, and the program that sets it."""
    return _key(type(document).__name__, document.content_hash)


def _key(kind: str, text: str) -> str:
    return hashlib.sha256(
        f"{kind} {_program()} {text}".encode("utf-8", "surrogatepass")
    ).hexdigest()


@cache
def _program() -> str:
    """Return the checksum of everything that decides how a document looks."""
    digest = hashlib.sha256()
    for name in ("weasyprint", "pydyf", "pikepdf", "fonttools", "jinja2"):
        digest.update(f"{name} {version(name)} ".encode())
    for path in (
        *sorted((PACKAGE / "documents").glob("*.*")),
        *sorted((templates_folder() / "pdf").iterdir()),
        static_folder() / "vendor" / "fonts.json",
        *sorted(p for p in (static_folder() / "vendor").rglob("*") if p.suffix in FONTS),
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()
