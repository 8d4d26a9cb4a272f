"""How much one interviewer may write about one interview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recruit.scorecards.entries import Entries

# An hour of speech is about 9,000 words, 55,000 characters: who writes down every word gets it into
# one scorecard. 10,000 are the answer of ten minutes, and more than a colleague reads of one
# question. A reason for not rating is a sentence or two.
LONGEST_TEXT = 10_000
LONGEST_REASON = 500
LONGEST_SCORECARD = 60_000


@dataclass(frozen=True)
class Overrun:
    """A text that is too long; ``field`` is named as in the form, or empty for the scorecard."""

    field: str
    limit: int
    length: int


class TextsAreTooLong(ValueError):
    """What was sent is longer than may be stored. Nothing was; ``overruns`` says where."""

    def __init__(self, overruns: list[Overrun]) -> None:
        super().__init__(f"{len(overruns)} texts")
        self.overruns = overruns


def check_lengths(entries: Entries, stored: Entries) -> None:
    """Raise TextsAreTooLong where a text is over its limit and longer than what is stored.

    So what was stored before the limits can be shortened step by step.
    """
    before = dict(_texts(stored))
    lengths = {field: len(text) for field, text in _texts(entries)}
    found = [
        Overrun(field, limit_of(field), length)
        for field, length in lengths.items()
        if length > max(limit_of(field), len(before.get(field, "")))
    ]
    total = sum(lengths.values())
    if total > max(LONGEST_SCORECARD, sum(map(len, before.values()))):
        found.append(Overrun("", LONGEST_SCORECARD, total))
    if found:
        raise TextsAreTooLong(found)


def limit_of(field: str) -> int:
    """Return the limit of a field of the form."""
    return LONGEST_REASON if field.endswith("-not_assessed_reason") else LONGEST_TEXT


def _texts(entries: Entries) -> Iterator[tuple[str, str]]:
    for competency, entry in entries.ratings.items():
        yield f"rating-{competency}-evidence", entry.evidence
        yield f"rating-{competency}-not_assessed_reason", entry.not_assessed_reason
    for question, text in entries.notes.items():
        yield f"note-{question}", text
    yield "summary", entries.summary
