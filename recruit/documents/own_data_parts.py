"""A candidate's own data as several documents, when it is too much to set as one.

However much was written, each part is small enough for the renderer's limits. Nothing is left out
and nothing is told twice: the same data gives the same parts, in the order of the whole.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from recruit.documents.own_data import OwnData, OwnDecision, OwnScorecard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_LINES = 4000
"""Lines of one part, about 75 pages. They take a few seconds of the minute that a PDF may take."""
BYTES_PER_LINE = 90
"""Of UTF-8: what is wide, or put together of several characters, has more bytes and costs more."""
LINES_OF_HEAD = 5
"""A heading with the space around it."""


@dataclass(frozen=True)
class _Passage:
    """The smallest piece that is not parted; ``place`` is that of its item in the field."""

    field: str
    place: int
    content: Any
    texts: tuple[str, ...] = ()

    @property
    def lines(self) -> int:
        return LINES_OF_HEAD + sum(_lines(text) for text in self.texts)


def in_parts(data: OwnData, most: int = MOST_LINES) -> tuple[OwnData, ...]:
    """Return the data as documents of at most so many lines each; a single one is the data itself.

    A single passage may be longer: an interview or a deviation, whose texts have limits.
    """
    passages = list(_passages(data, most))
    parts: list[list[_Passage]] = [[]]
    room = most
    for passage in passages:
        if passage.lines > room and parts[-1]:
            parts.append([])
            room = most
        parts[-1].append(passage)
        room -= passage.lines
    if len(parts) == 1:
        return (data,)
    empty = {passage.field: () for passage in passages}
    return tuple(
        replace(
            data,
            part=number,
            parts=len(parts),
            pending=data.pending if number == len(parts) else 0,
            **(empty | _joined(part)),
        )
        for number, part in enumerate(parts, start=1)
    )


def _joined(passages: Iterable[_Passage]) -> dict[str, Any]:
    """Return the fields that passages make, those of one item put together."""
    fields: dict[str, list[Any]] = defaultdict(list)
    before: _Passage | None = None
    for passage in passages:
        items = fields[passage.field]
        follows = before and (before.field, before.place) == (passage.field, passage.place)
        if follows and isinstance(passage.content, OwnScorecard | OwnDecision):
            items[-1] = _together(items[-1], passage.content)
        else:
            items.append(passage.content)
        before = passage
    return {name: tuple(items) for name, items in fields.items()}


def _together(first: Any, second: Any) -> Any:
    if isinstance(first, OwnDecision):
        return replace(
            first, reasons=first.reasons + second.reasons, grounds=first.grounds + second.grounds
        )
    return replace(
        first,
        ratings=first.ratings + second.ratings,
        recommendation=first.recommendation or second.recommendation,
        summary=first.summary + second.summary,
        notes=first.notes + second.notes,
    )


def _passages(data: OwnData, most: int) -> Iterator[_Passage]:
    """Return all that the document tells, in its order."""
    contents: dict[str, Iterable[Iterable[tuple[Any, tuple[str, ...]]]]] = {
        "facts_held": (
            [((label, text), (text,)) for text in _cut(value, most)]
            for label, value in data.facts_held
        ),
        "interviews": ([(found, (found.place, found.message))] for found in data.interviews),
        "deviations": ([(found, (found.what, found.reason))] for found in data.deviations),
        "scorecards": (_of_scorecard(card, most) for card in data.scorecards),
        "agreements": (
            [(replace(found, rationale=text), (text,)) for text in _cut(found.rationale, most)]
            for found in data.agreements
        ),
        "decisions": (_of_decision(decision, most) for decision in data.decisions),
        "mails": ([(entry, ())] for entry in data.mails),
        "log": ([(entry, ())] for entry in data.log),
    }
    for field, items in contents.items():
        for place, item in enumerate(items):
            for content, texts in item:
                yield _Passage(field, place, content, texts)


def _of_scorecard(card: OwnScorecard, most: int) -> Iterator[tuple[OwnScorecard, tuple[str]]]:
    head = replace(card, ratings=(), notes=(), recommendation="", summary="")
    for rating in card.ratings:
        for text in _cut(rating.text, most):
            yield replace(head, ratings=(replace(rating, text=text),)), (text,)
    advice = card.recommendation
    for text in _cut(card.summary, most):
        yield replace(head, recommendation=advice, summary=text), (text,)
        advice = ""
    for question, note in card.notes:
        for text in _cut(note, most):
            yield replace(head, notes=((question, text),)), (text,)


def _of_decision(decision: OwnDecision, most: int) -> Iterator[tuple[OwnDecision, tuple[str]]]:
    head = replace(decision, reasons=(), grounds=())
    yield head, ("",)
    for reason in decision.reasons:
        for text in _cut(reason, most):
            yield replace(head, reasons=(text,)), (text,)
    for competency, evidence in decision.grounds:
        for text in _cut(evidence, most):
            yield replace(head, grounds=((competency, text),)), (text,)


def _cut(text: str, most: int) -> Iterator[str]:
    """Return the text in pieces that fit into a part each; nearly always the text itself."""
    room = most - LINES_OF_HEAD
    piece: list[str] = []
    lines = 1
    for line in text.split("\n"):
        for row in _rows(line, room):
            if piece and lines + _lines(row) > room:
                yield "".join(piece)
                piece, lines = [], 1
            piece.append(row)
            lines += _lines(row)
        piece.append("\n")
    yield "".join(piece[:-1])


def _rows(line: str, most: int) -> Iterator[str]:
    """Return a line, in pieces if it alone is longer than a part."""
    characters = max(1, most * BYTES_PER_LINE // 4 - 1) if _lines(line) > most else len(line) or 1
    for start in range(0, len(line) or 1, characters):
        yield line[start : start + characters]


def _lines(text: str) -> int:
    return sum(
        1 + len(line.encode("utf-8", "surrogatepass")) // BYTES_PER_LINE
        for line in text.split("\n")
    )
