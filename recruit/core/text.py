"""Text from people."""

from __future__ import annotations

import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Cs"})
JOINERS = "\u200c\u200d"
"""Unseen, but part of how some languages are written."""
RIGHT_TO_LEFT = frozenset({"R", "AL"})
"""The kinds of letters of Hebrew, Arabic and the like."""
FORMULA_SIGNS = ("=", "+", "-", "@", "\N{MINUS SIGN}")
LINE_SIGNS = ("\t", "\r", "\n")
"""What a spreadsheet may take for the beginning of a formula, also once the text is imported."""
PASSED_OVER = "'\"`\u2018\u2019\u201c\u201d\u115f\u1160\u2800\u3164\uffa0"
"""Quotation marks, and letters that are blank."""
ISOLATE, END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


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


def written(text: str | None) -> str:
    """Return what somebody wrote in a field, as it is stored: line ends as LF, no space around."""
    return storable(text).replace("\r\n", "\n").replace("\r", "\n").strip()


def direction(text: str) -> str:
    """Return which way a text runs, "rtl" or "ltr", as its first letter tells."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    first = next((kind for kind in kinds if kind == "L" or kind in RIGHT_TO_LEFT), "L")
    return "rtl" if first in RIGHT_TO_LEFT else "ltr"


def isolated(text: str) -> str:
    """Return a text so that it can stand in a sentence that runs the other way."""
    runs_back = any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in text)
    return f"{ISOLATE}{text}{END}" if runs_back else text


def starts_a_formula(text: str) -> bool:
    """Return whether a spreadsheet may take the text for a formula.

    So it may when spaces, quotation marks or what nobody sees stand before the sign, and when the
    sign is a wide, small or raised one.
    """
    bare = text.lstrip("'")
    if bare.startswith(LINE_SIGNS):
        return True
    first = next((character for character in bare if not _is_passed_over(character)), "")
    return unicodedata.normalize("NFKC", first).startswith(FORMULA_SIGNS)


def _is_passed_over(character: str) -> bool:
    return (
        character.isspace()
        or character in PASSED_OVER
        or unicodedata.category(character) in {*UNSEEN, "Mn"}
    )


def harmless(text: str) -> str:
    """Return the text as no spreadsheet takes it for a formula: with an apostrophe before it.

    So does a text that looks as if it had one already, so that ``meant`` gives back either.
    """
    return f"'{text}" if starts_a_formula(text) else text


def meant(text: str) -> str:
    """Return the text that ``harmless`` was given."""
    return text[1:] if text.startswith("'") and harmless(text) != text else text
