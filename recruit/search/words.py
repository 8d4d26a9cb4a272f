"""Words as a Swede looks for them: å, ä and ö are letters of their own, other marks are not.

The same folding is done in Python, in SQLite and in PostgreSQL, by tables that stand here: what a
database's own ``lower`` and collations do differs from one installation to the next.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, String, and_, func, literal, or_

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_WORDS = 10
"""Words beyond this number are left out of account."""

LETTERS = "åäö"
STANDING_IN = {"æ": "ä", "ø": "ö", "ß": "s", "ł": "l", "đ": "d", "ð": "d", "þ": "t", "ı": "i"}
"""What a Swede writes for a letter that falls apart into no base and mark."""
# Latin, Greek, Cyrillic, further Latin and Greek, and punctuation.
ALPHABETS = chain(
    range(0x21, 0x250), range(0x370, 0x530), range(0x1E00, 0x2000), range(0x2010, 0x2060)
)
MARKS = "".join(chr(code) for code in range(0x300, 0x370))
APART = {unicodedata.normalize("NFD", letter): letter for letter in (*LETTERS, *LETTERS.upper())}
"""Letters written as two characters, which some systems do."""


def _folded(character: str) -> str:
    low = character.lower()
    if low in LETTERS:
        return low
    base = STANDING_IN.get(low) or unicodedata.normalize("NFD", low)[0]
    return base if base.isalnum() else " "


_PAIRS = [(chr(code), _folded(chr(code))) for code in ALPHABETS]
_FROM = "".join(old for old, new in _PAIRS if old != new)
_TO = "".join(new for old, new in _PAIRS if old != new)
# The marks stand last and have no counterpart: so they are left out.
_TABLE = str.maketrans(_FROM, _TO, MARKS)


def folded(text: str) -> str:
    """Return the text in small letters without marks, å, ä and ö kept, words parted by spaces."""
    for apart, letter in APART.items():
        text = text.replace(apart, letter)
    return text.translate(_TABLE)


def words(text: str) -> list[str]:
    """Return the words that are looked for: runs of letters and digits, the first few of them."""
    return re.findall(r"[^\W_]+", folded(text))[:MOST_WORDS]


def holds(text: str, wanted: Sequence[str]) -> bool:
    """Tell whether every wanted word begins a word of the text."""
    spaced = f" {folded(text)}"
    return all(f" {word}" in spaced for word in wanted)


def named(wanted: Sequence[str], own: Sequence[Any], around: Sequence[Any]) -> ColumnElement[bool]:
    """Return a condition: every word begins a word of a column, and one of them of an own column.

    So "anna tierp" finds Anna (own) in a requisition of Tierp (around), and "tierp" does not find
    everybody there.
    """
    mine, either = _spaced(own), _spaced([*own, *around])
    return and_(
        or_(*(mine.contains(f" {word}", autoescape=True) for word in wanted)),
        *(either.contains(f" {word}", autoescape=True) for word in wanted),
    )


def _spaced(columns: Sequence[Any]) -> ColumnElement[str]:
    together: Any = literal(" ")
    for column in columns:
        together = together + column + " "
    for apart, letter in APART.items():
        together = func.replace(together, apart, letter)
    return func.translate(together, _FROM + MARKS, _TO, type_=String)
