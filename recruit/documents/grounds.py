"""What the numbers rest on: each candidate's half-page, and both sides of a disagreement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recruit.core import findings
from recruit.documents import charts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup

    from recruit.core.comparison import CandidateResult, Cell
    from recruit.core.ratings import Score
    from recruit.documents.comparison import ComparisonDocument
    from recruit.documents.phrases import Words

LEVELS = ("pattern", "example", "talk")
QUOTES = 3
FEWER_QUOTES = 2
LONG_PROFILE = 5
"""From so many competencies on there is room for fewer quotations on a half-page, ..."""
LONGER_PROFILE = 7
"""... and from so many on for shorter ones, ..."""
TALL_PROFILE = 9
"""... until no two fit on a page: then each has one of its own, with room for all of it."""
DETAILED_DISAGREEMENTS = 4
"""So many are told at length on paper, as a page holds; the screen shows MOST_DISAGREEMENTS."""
MOST_DISAGREEMENTS = 40
PORTRAITS = 40
"""Nobody reads more half-pages than these; the others are in the table."""
MANY_PORTRAITS = 9
"""From so many on their pages are made a few at a time, as parts of the document."""
VOICES_PER_SIDE = 2
LONGEST_QUOTE = 230
SHORTER_QUOTE = 150


@dataclass(frozen=True)
class Quote:
    """What one interviewer wrote behind one score."""

    competency: str
    interviewer: str
    score: str
    level: str
    text: str


@dataclass(frozen=True)
class ProfileRow:
    """One competency of one candidate; ``below`` says which must-have is missed, if any."""

    competency: str
    strip: Markup | None
    mean: str
    span: str
    discuss: bool
    below: str
    ground: str


@dataclass(frozen=True)
class Portrait:
    """One candidate's half-page."""

    name: str
    facts: tuple[str, ...]
    rows: tuple[ProfileRow, ...]
    strongest: tuple[Quote, ...]
    doubts: tuple[Quote, ...]


@dataclass(frozen=True)
class Disagreement:
    """One point where the panel should talk, with the grounds of both sides."""

    name: str
    competency: str
    span: str
    low: tuple[Quote, ...]
    high: tuple[Quote, ...]


def content(document: ComparisonDocument) -> dict[str, Any]:
    """Return the grounds, by the names that templates use."""
    comparison = document.comparison
    first = findings.contenders(comparison)
    # What concerns those who may be the strongest bears on the decision: it comes first.
    found = sorted(comparison.disagreements, key=lambda item: item[0] not in first)
    return {
        "portraits": [_portrait(document, found) for found in comparison.candidates[:PORTRAITS]],
        "more_candidates": max(0, len(comparison.candidates) - PORTRAITS),
        "in_parts": len(comparison.candidates) >= MANY_PORTRAITS,
        "portraits_a_part": 1 if comparison.design.competencies >= TALL_PROFILE else 2,
        "has_evidence": any(row.evidence.strip() for row in comparison.table.rows),
        "has_levels": any(row.evidence_level for row in comparison.table.rows),
        "disagreements": [_disagreement(document, *d) for d in found[:MOST_DISAGREEMENTS]],
        "disagreed": len(found),
        "detailed": DETAILED_DISAGREEMENTS,
    }


def clip(text: str, longest: int = LONGEST_QUOTE) -> str:
    """Return the text in one line, cut at a word when it is too long to quote."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    return text[:longest].rsplit(" ", 1)[0].rstrip(".,;:–- ") + "\N{NO-BREAK SPACE}…"


def _portrait(document: ComparisonDocument, candidate: CandidateResult) -> Portrait:
    t = document.words
    place = t("not ranked") if candidate.rank is None else t("place", rank=candidate.rank)
    overall = t("overall is", score=document.overall(candidate))
    below = missed(document, candidate.id)
    given = {key: _given(document, candidate.id, key) for key in candidate.competencies}
    rows = [row for found in given.values() for row in found]
    return Portrait(
        name=candidate.id,
        facts=tuple(filter(None, (place, overall, document.interval(candidate)))),
        rows=tuple(
            _profile_row(document, key, cell, given[key], below.get(key, ""))
            for key, cell in candidate.competencies.items()
        ),
        strongest=_strongest(document, rows),
        doubts=_doubts(document, rows),
    )


def _given(document: ComparisonDocument, candidate: str, competency: str) -> list[Score]:
    rows = document.comparison.scores(candidate, competency)
    return [row for row in rows if row.score is not None]


def missed(document: ComparisonDocument, candidate: str) -> dict[str, str]:
    """Return which must-haves a candidate misses, in words by competency."""
    return {
        key: document.words("below must-have", limit=limit)
        for name, key, _, limit in document.comparison.below(document.must_have)
        if name == candidate
    }


def strip(document: ComparisonDocument, key: str, rows: Sequence[Score]) -> Markup | None:
    """Return a dot for each score given on one competency; None without any."""
    if not rows:
        return None
    t = document.words
    voices = ", ".join(
        t("gave", name=row.interviewer, score=t.point(row.score or 0)) for row in rows
    )
    points = [(row.score or 0, row.evidence_level != "talk") for row in rows]
    title = f"{document.name_of(key)}: {voices}"
    return charts.spread_strip(document.comparison.scale, points, title)


def ground(t: Words, rows: Iterable[Score]) -> str:
    """Return how many scores rest on a pattern, an example or talk."""
    levels = [row.evidence_level for row in rows]
    return " · ".join(f"{levels.count(level)} {t(level)}" for level in LEVELS if level in levels)


def _profile_row(
    document: ComparisonDocument, key: str, cell: Cell, rows: list[Score], below: str
) -> ProfileRow:
    t = document.words
    return ProfileRow(
        competency=document.name_of(key),
        strip=strip(document, key, rows),
        mean="–" if cell.mean is None else t.score(cell.mean),
        span=document.span(cell) or (t("one voice") if cell.n else "–"),
        discuss=cell.flag == "discuss",
        below=below,
        ground=ground(t, rows),
    )


def _strongest(document: ComparisonDocument, rows: Iterable[Score]) -> tuple[Quote, ...]:
    """Return the high scores that rest on more than talk, the best grounded first."""
    middle = _middle(document)
    found = [row for row in rows if (row.score or 0) > middle and row.evidence_level != "talk"]
    found.sort(key=lambda row: (-(row.score or 0), row.evidence_level != "pattern"))
    return _quotes(document, found)


def _doubts(document: ComparisonDocument, rows: Iterable[Score]) -> tuple[Quote, ...]:
    """Return the scores in the lower half and those that rest on talk, the lowest first."""
    middle = _middle(document)
    found = [row for row in rows if (row.score or 0) <= middle or row.evidence_level == "talk"]
    found.sort(key=lambda row: row.score or 0)
    return _quotes(document, found)


def _middle(document: ComparisonDocument) -> float:
    scale = document.comparison.scale
    return (scale.minimum + scale.maximum) / 2


def _quotes(document: ComparisonDocument, rows: Iterable[Score]) -> tuple[Quote, ...]:
    """Return the first that say why, about as many competencies as there are quotations."""
    rows_shown = len(document.comparison.weights)
    most = FEWER_QUOTES if LONG_PROFILE <= rows_shown < TALL_PROFILE else QUOTES
    longest = SHORTER_QUOTE if LONGER_PROFILE <= rows_shown < TALL_PROFILE else LONGEST_QUOTE
    given = [row for row in rows if row.evidence.strip()]
    firsts = {row.competency: row for row in reversed(given)}
    # One of each competency before a second of any; the order among them stays.
    again = [row for row in given if firsts[row.competency] is not row]
    chosen = ([row for row in given if firsts[row.competency] is row] + again)[:most]
    return tuple(_quote(document, row, longest) for row in chosen)


def _quote(document: ComparisonDocument, row: Score, longest: int = LONGEST_QUOTE) -> Quote:
    return Quote(
        competency=document.name_of(row.competency),
        interviewer=row.interviewer,
        score=document.words.point(row.score or 0),
        level=document.words(row.evidence_level) if row.evidence_level else "",
        text=clip(row.evidence, longest),
    )


def _disagreement(
    document: ComparisonDocument, candidate: str, competency: str, cell: Cell
) -> Disagreement:
    rows = _given(document, candidate, competency)

    def side(score: float | None) -> tuple[Quote, ...]:
        found = [row for row in rows if row.score == score]
        # Those who wrote something first: it is the grounds that are to be compared.
        found.sort(key=lambda row: not row.evidence.strip())
        return tuple(_quote(document, row) for row in found[:VOICES_PER_SIDE])

    return Disagreement(
        name=candidate,
        competency=document.name_of(competency),
        span=document.span(cell),
        low=side(cell.minimum),
        high=side(cell.maximum),
    )
