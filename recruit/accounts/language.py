"""The language of a visit."""

from __future__ import annotations

from flask import request, session

LANGUAGES = ("sv", "en")


def visit_language() -> str:
    """Return the language that was chosen in this browser, or else the one that it asks for."""
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or "sv"
