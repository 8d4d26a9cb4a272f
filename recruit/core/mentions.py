"""Where a person is named in what was written of others, and the text without the name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

UNSEEN = "\u00ad\u200b\u2060\ufeff"
"""What may stand within a word and is not seen: a soft hyphen, spaces without width."""
GAP = r"[\s\-\u2010\u2011]+"
"""What stands between the parts of a name: spaces and hyphens, such that break no line too."""
BETWEEN = GAP.replace("]", f"{UNSEEN}]")
SHORTEST_CERTAIN = 3
"""Shorter parts of names, such as "Bo" and "De", are words as often as names."""


@dataclass(frozen=True)
class Mention:
    """A place in a text where the name stands, whole or a part of it alone.

    ``name`` is what stands there, folded. ``lower`` tells that a part is written without capitals,
    as a word would be.
    """

    start: int
    end: int
    name: str
    whole: bool
    lower: bool


class NameSearch:
    """Looks for one person's name in texts: in any case and form of letters, with any spaces."""

    def __init__(self, name: str, others: Iterable[str] = ()) -> None:
        """Take the name, and those of the other people whom the texts may mean."""
        words = _words(name)
        # A single word is no whole name: "Bo" is told from "bo" as a part of a name is.
        wholes = {" ".join(words), f"{words[0]} {words[-1]}"} if len(words) > 1 else set()
        self._wholes = {_key(whole) for whole in wholes}
        names = list(others)
        self._shared = {_key(one) for one in names} | {
            _key(part) for one in names for part in _words(one)
        }
        # A name within another's longer name is the other's.
        known = sorted({*wholes, *words, *map(_nfc, names)} - {""}, key=len, reverse=True)
        self._mine = self._wholes | {_key(word) for word in words}
        pattern = "|".join(filter(None, map(_pattern, known)))
        self._pattern = re.compile(rf"(?<!\w)({pattern})s?(?!\w)", re.IGNORECASE)
        self._parts = tuple(_key(word) for word in words)

    def within(self, text: str) -> list[Mention]:
        """Return where the name stands, by place in the text as NFC."""
        text = _nfc(text)
        folded = _seen(text).casefold()
        # Nearly every text names nobody: to ask so costs far less than the search.
        if not any(part in folded for part in self._parts):
            return []
        return [
            Mention(
                match.start(1),
                match.end(),
                name,
                whole=name in self._wholes,
                lower=name not in self._wholes and match[1].islower(),
            )
            for match in self._pattern.finditer(text)
            if (name := _key(match[1])) in self._mine and len(name) > 1
        ]

    def is_certain(self, mention: Mention, words: Collection[str]) -> bool:
        """Tell whether nobody else and nothing else can be meant.

        ``words`` are parts of the name that stand in lower case somewhere in the texts ("hans").
        """
        if mention.name in self._shared:
            return False
        return mention.whole or not (
            mention.lower or mention.name in words or len(mention.name) < SHORTEST_CERTAIN
        )


def without(text: str, mentions: Iterable[Mention], stands_for_it: str) -> str:
    """Return the text with other words where the name stood; a genitive stays one."""
    text = _nfc(text)
    for mention in sorted(mentions, key=lambda one: one.start, reverse=True):
        there = text[mention.start : mention.end]
        genitive = ":s" if _key(there) != mention.name else ""
        text = f"{text[: mention.start]}{stands_for_it}{genitive}{text[mention.end :]}"
    return text


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _seen(text: str) -> str:
    for sign in UNSEEN:
        text = text.replace(sign, "")
    return text


def _words(name: str) -> list[str]:
    return [word for word in re.split(GAP, _seen(_nfc(name))) if word]


def _key(name: str) -> str:
    return " ".join(_words(name)).casefold()


def _pattern(name: str) -> str:
    return BETWEEN.join(f"[{UNSEEN}]*".join(map(re.escape, word)) for word in _words(name))
