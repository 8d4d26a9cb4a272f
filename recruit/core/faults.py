"""Faults in files from people: where, what was found, what was expected, in two languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Said(NamedTuple):
    """The same words in both languages."""

    sv: str
    en: str

    def in_(self, language: str) -> str:
        """Return the words in the language ("sv" or "en")."""
        return self.sv if language == "sv" else self.en


NOTHING = Said("inget", "nothing")
GIBBERISH = Said("något som inte går att tyda", "something that cannot be read")


def said(words: str) -> Said:
    """Return words that are the same in both languages, such as what somebody wrote."""
    return Said(words, words)


def listed(items: Sequence[Said]) -> Said:
    """Return one or more items as an enumeration: a, b and c."""

    def joined(words: list[str], last: str) -> str:
        return last.join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]

    return Said(
        joined([item.sv for item in items], " och "), joined([item.en for item in items], " and ")
    )


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one file.

    ``row`` counts lines of the file from 1; ``place`` is a column, or a path within a document.
    """

    file: str
    row: int | None
    place: str | None
    found: Said
    expected: Said

    def in_(self, language: str) -> str:
        """Return the fault in one line."""
        swedish = language == "sv"
        line = self.file
        if self.row is not None:
            line += f", rad {self.row}" if swedish else f", row {self.row}"
        if self.place is not None:
            name = "kolumn" if swedish else "column"
            line += f", {name} {self.place}" if self.row is not None else f", {self.place}"
        found, expected = self.found.in_(language), self.expected.in_(language)
        if swedish:
            return f"{line}: hittade {found}, väntade {expected}"
        return f"{line}: found {found}, expected {expected}"

    def __str__(self) -> str:
        """Return the fault in one line of English."""
        return self.in_("en")


class Faults(ValueError):
    """A file cannot be used; ``faults`` says why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


class Unreadable(ValueError):
    """A file that is not what it should be; ``row`` counts lines from 1 where it is known."""

    def __init__(self, found: Said, expected: Said, row: int | None = None) -> None:
        super().__init__(found.en)
        self.found = found
        self.expected = expected
        self.row = row

    def fault(self, name: str) -> Fault:
        """Return the fault of the file called ``name``."""
        return Fault(name, self.row, None, self.found, self.expected)


def decoded(data: bytes) -> str:
    """Return the text of a file in UTF-8. Raises Unreadable."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        found = said(f"byte 0x{data[error.start]:02x}")
        raise Unreadable(found, Said("text i UTF-8", "text in UTF-8"), row) from error


def short(value: object) -> str:
    """Return a value in one line of at most 40 characters."""
    text = " ".join(str(value).split())
    return text if len(text) <= 40 else text[:40] + "…"
