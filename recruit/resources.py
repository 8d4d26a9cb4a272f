"""Finds templates/, interview_guides/ and migrations/ in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


class ResourceIsMissing(RuntimeError):
    """A folder of the product is not where it should be: the installation is broken."""


def _folder(name: str) -> Path:
    # A wheel carries the top-level folders inside the package; a checkout has them beside it.
    for place in (PACKAGE / "_data" / name, PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise ResourceIsMissing(name)


def templates_folder() -> Path:
    """Return the folder of page, mail and document templates."""
    return _folder("templates")


def interview_guides_folder() -> Path:
    """Return the folder of the shipped library."""
    return _folder("interview_guides")


def migrations_folder() -> Path:
    """Return the folder of database migrations."""
    return _folder("migrations")


def static_folder() -> Path:
    """Return the folder of files served as they are."""
    return PACKAGE / "static"


def translations_folder() -> Path:
    """Return the folder of compiled catalogues."""
    return PACKAGE / "translations"
