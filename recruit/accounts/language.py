"""The language of a visit."""

from __future__ import annotations

from flask import current_app, request, session

LANGUAGES = ("sv", "en")


def visit_language() -> str:
    """Return the language that was chosen in this browser, or else the one that it asks for.

    The organisation's own when it asks for neither of ours.
    """
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    asked = request.accept_languages.best_match(LANGUAGES)
    return asked or str(current_app.config["BABEL_DEFAULT_LOCALE"])
