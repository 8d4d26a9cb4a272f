"""The competency library: shipped files, an organisation's own folder, and what it wrote here."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog
from flask import current_app, g, has_app_context
from sqlalchemy import func, select

from recruit.core import library as core_library
from recruit.core import own_library
from recruit.core.faults import Faults
from recruit.database import db
from recruit.library.models import LibraryEntry
from recruit.resources import interview_guides_folder

if TYPE_CHECKING:
    from recruit.core.library import Library

log = structlog.get_logger()


@lru_cache(maxsize=4)
def of_files(folder: str = "") -> Library:
    """Return the shipped library with an own folder over it, read once in the process's life.

    Raises ``Faults`` when files are broken.
    """
    if folder:
        return own_library.overlay(of_files(), own_library.read_folder(Path(folder)))
    return core_library.load(interview_guides_folder())


class Present(NamedTuple):
    """The library as the organisation has it, and what it wrote itself, by competency.

    ``left_out`` holds what stands against the own entries that do not fit the files.
    """

    revision: int
    library: Library
    own: dict[str, dict[str, Any]]
    left_out: dict[str, Faults]


def library() -> Library:
    """Return the library as the organisation has it, read anew when anybody has changed it.

    One small query per request tells whether that is so, in whichever process it happened.
    """
    return present().library if has_app_context() else of_files()


def present() -> Present:
    """Return the library with what the organisation wrote in the interface."""
    if "library" not in g:
        g.library = _present()
    found: Present = g.library
    return found


def forget() -> None:
    """Let the rest of the request see what it has changed itself."""
    g.pop("library", None)


def _present() -> Present:
    revision = db.session.scalar(select(func.coalesce(func.sum(LibraryEntry.version), 0))) or 0
    kept: Present | None = current_app.extensions.get("recruit_library")
    if kept is not None and kept.revision == revision:
        return kept
    found = of_files(current_app.config["RECRUIT_LIBRARY"])
    own = {}
    left_out = {}
    for entry in db.session.scalars(select(LibraryEntry).order_by(LibraryEntry.competency)):
        if entry.content:
            own[entry.competency] = entry.content
            try:
                found = own_library.overlay(found, {file_of(entry.competency): entry.content})
            except Faults as error:
                # A new version of the files may not go with it; the pages of the library tell,
                # and the doctor.
                left_out[entry.competency] = error
                log.warning("library.entry_left_out", competency=entry.competency, why=str(error))
    fresh = Present(revision, found, own, left_out)
    current_app.extensions["recruit_library"] = fresh
    return fresh


def file_of(competency_id: str) -> str:
    """Return the name of the file that a competency has in a folder."""
    return f"competencies/{competency_id}.yaml"
