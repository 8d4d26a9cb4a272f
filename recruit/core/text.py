"""Text from people."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

UNSEEN = frozenset({"Cc", "Cf", "Cs"})
JOINERS = "\u200c\u200d"
"""Unseen, but part of how some languages are written."""
JOINING = frozenset({"Lo", "Mc", "Mn", "Sk", "So"})
"""Kinds of characters that a joiner stands between: letters without case, marks, pictures."""
GRAPHEME_JOINER = "\u034f"
LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
BLANKS = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
"""Letters that are blank, as spaces."""
VARIANTS = re.compile("[\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Marks that choose another drawing of the sign before them, or none: two names may differ in them
and look the same."""
ODD = re.compile("[\u034f\u115f\u1160\u2800\u3164\uffa0]")
"""What is not seen, though Python takes it for printable."""
ORDINARY = re.compile("[\n\t\xa0]+")
RIGHT_TO_LEFT = frozenset({"R", "AL"})
"""The kinds of letters of Hebrew, Arabic and the like."""
FORMULA_SIGNS = ("=", "+", "-", "@", "\N{MINUS SIGN}")
LINE_SIGNS = ("\t", "\r", "\n")
"""What a spreadsheet may take for the beginning of a formula, also once the text is imported."""
PASSED_OVER = "'\"`\u2018\u2019\u201c\u201d\u115f\u1160\u2800\u3164\uffa0"
"""Quotation marks, and letters that are blank."""
ISOLATE, END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def legible(text: str | None) -> str:
    """Return a text as it reads: composed (NFC), line ends as LF, nothing in it that nobody sees.

    Control, format and direction marks go, and so do halves of characters; letters that are blank
    become spaces. A joiner stays where a script or a sign of several parts needs it.
    """
    text = text or ""
    if _reads_as_it_is(text):
        return text
    lines = LINE_ENDS.sub("\n", text).translate(BLANKS)
    while (seen := _seen(unicodedata.normalize("NFC", lines))) != lines:
        lines = seen
    return lines


def _reads_as_it_is(text: str) -> bool:
    """Tell of nearly every text, in a fraction of the time, that nothing in it is to be changed."""
    return (
        ORDINARY.sub("", text).isprintable()
        and not ODD.search(text)
        and unicodedata.is_normalized("NFC", text)
    )


def _seen(text: str) -> str:
    kept: list[str] = []
    for place, character in enumerate(text):
        if character in JOINERS:
            around = (*kept[-1:], *text[place + 1 : place + 2])
            if len(around) == len(JOINERS) and all(map(_joins, around)):
                kept.append(character)
        elif not is_unseen(character):
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


def _joins(character: str) -> bool:
    return unicodedata.category(character) in JOINING


def is_unseen(character: str) -> bool:
    """Tell whether nobody sees a character, and it is neither space nor joiner."""
    if character.isspace() or character in JOINERS:
        return False
    return character == GRAPHEME_JOINER or unicodedata.category(character) in UNSEEN


def one_line(text: str | None) -> str:
    """Return a text as it reads, in one line: runs of spaces and line breaks become one space.

    The result is safe as a heading of a mail and as a value of a calendar entry, and of names and
    addresses that look alike it makes the same.
    """
    return " ".join(VARIANTS.sub("", legible(text)).split())


def written(text: str | None) -> str:
    """Return what somebody wrote in a field, as it is stored: as it reads, no space around."""
    return legible(text).strip()


def likeness(name: str) -> str:
    """Return what names have in common that are easily taken for each other.

    Case, accents, signs and the order of the words do not count.
    """
    plain = unicodedata.normalize("NFKD", one_line(name).casefold())
    letters = "".join(
        c for c in plain if c.isalnum() or c.isspace() or unicodedata.category(c) == "Pd"
    )
    return " ".join(sorted(re.split(r"[\s\W]+", letters)))


def near_equal(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the names that are easily taken for each other, together, in the order given.

    They are alike, or one letter apart.
    """
    order = list(dict.fromkeys(names))
    with_part: dict[str, list[str]] = {}
    for name in order:
        alike = likeness(name)
        shorter = {alike[:place] + alike[place + 1 :] for place in range(len(alike))}
        for part in {alike, *shorter}:
            with_part.setdefault(part, []).append(name)
    group: dict[str, set[str]] = {name: {name} for name in order}
    for together in with_part.values():
        for name in together[1:]:
            if group[name] is not group[together[0]]:
                group[together[0]] |= group[name]
                group.update(dict.fromkeys(group[name], group[together[0]]))
    found = {id(members): members for members in group.values() if len(members) > 1}
    return [tuple(name for name in order if name in members) for members in found.values()]


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
