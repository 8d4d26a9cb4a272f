"""Text from people."""

from __future__ import annotations

import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Cs"})
JOINERS = "\u200c\u200d"
"""Unseen, but part of how some languages are written."""


def one_line(text: str | None) -> str:
    """Return the text in one line: runs of spaces and line breaks become one space.

    Control and direction marks are left out, so that the result is safe as a heading of a mail and
    as a value of a calendar entry, and reads as it is stored.
    """
    kept = (
        c
        for c in text or ""
        if c.isspace() or c in JOINERS or unicodedata.category(c) not in UNSEEN
    )
    return " ".join("".join(kept).split())


def storable(text: str | None) -> str:
    """Return the text without what a database cannot hold: nulls and halves of characters."""
    return "".join(c for c in text or "" if c != "\x00" and unicodedata.category(c) != "Cs")
