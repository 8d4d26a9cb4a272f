"""Candidates as letters: who gets which, and their names taken out of what was written."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from string import ascii_uppercase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SHORTEST_PART = 2


def letters(keys: Iterable[str]) -> dict[str, str]:
    """Return a letter for each key, "A" to "Z" and then "AA", in an order that tells nothing.

    The order is that of the keys' digests: it follows neither name nor rank, nor who came first,
    and is the same every time for the same keys.
    """
    ordered = sorted(keys, key=lambda key: hashlib.sha256(key.encode()).digest())
    return {key: _letter(number) for number, key in enumerate(ordered)}


def _letter(number: int) -> str:
    first, last = divmod(number, len(ascii_uppercase))
    return (_letter(first - 1) if first else "") + ascii_uppercase[last]


def _parts(name: str) -> list[str]:
    whole = unicodedata.normalize("NFC", name)
    return [part for part in re.split(r"[\s\-]+", whole) if len(part) >= SHORTEST_PART]


class Veil:
    """Puts pseudonyms in place of names where they literally occur.

    A full name counts in any case, so does its first part; another part counts as it is written
    and in capitals, for many surnames are words too ("ek", "exempel"). A Swedish genitive is
    taken with its name, "Aminas" becoming "Kandidat A:s".
    """

    def __init__(self, pseudonyms: Mapping[str, str], others: Iterable[str] = ()) -> None:
        """Take the pseudonym of each name; a part that one of ``others`` has too does not count."""
        self._shared = {part.casefold() for name in others for part in _parts(name)}
        self._exact: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        for name, pseudonym in pseudonyms.items():
            self._add(unicodedata.normalize("NFC", name), pseudonym)
        known = sorted({*self._exact, *self._folded}, key=len, reverse=True)
        words = "|".join(r"\s+".join(map(re.escape, name.split())) for name in known)
        # Case is looked at afterwards; a part followed by "s" alone is its genitive.
        self._pattern = re.compile(rf"(?<!\w)({words})(s?)(?!\w)", re.IGNORECASE) if known else None

    def _add(self, name: str, pseudonym: str) -> None:
        self._folded[" ".join(name.split()).casefold()] = pseudonym
        for number, part in enumerate(_parts(name)):
            if part.casefold() in self._shared:
                continue
            if number == 0:
                self._folded.setdefault(part.casefold(), pseudonym)
            elif not part.islower():
                self._exact.setdefault(part, pseudonym)
                self._exact.setdefault(part.upper(), pseudonym)

    def over(self, text: str) -> str:
        """Return the text with pseudonyms for names."""
        if self._pattern is None or not text:
            return text
        return self._pattern.sub(self._replaced, unicodedata.normalize("NFC", text))

    def _replaced(self, match: re.Match[str]) -> str:
        found = " ".join(match[1].split())
        pseudonym = self._exact.get(found) or self._folded.get(found.casefold())
        if pseudonym is None:
            return match[0]
        return f"{pseudonym}:s" if match[2] else pseudonym
