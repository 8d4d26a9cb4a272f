"""Development and onboarding plan for the hired leader, drawn from the evidence.

It is read by the one it is about. So there are no scores and no interviewers' names in it, only
what the panel heard, what the competency is, and room for what the two agree on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recruit.documents import grounds
from recruit.documents.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from recruit.core.comparison import Cell
    from recruit.core.guide import Section
    from recruit.core.ratings import Score
    from recruit.documents.comparison import ComparisonDocument

MOST = 3
HEARD = 2
INDICATORS = 3


@dataclass(frozen=True)
class Growth:
    """One competency to build on, to support or to talk about.

    ``heard`` is what the panel heard, ``behaviours`` what it looks like when it works, ``missed``
    whether the ratings lie below a must-have.
    """

    name: str
    definition: str
    heard: tuple[str, ...]
    behaviours: tuple[str, ...]
    missed: bool = False


@dataclass(frozen=True, kw_only=True)
class OnboardingPlan(Report):
    """What to build on, what to support first, what the panel saw differently."""

    template = "pdf/onboarding.html"
    kind = "onboarding plan"

    candidate: str
    build_on: tuple[Growth, ...]
    support: tuple[Growth, ...]
    explore: tuple[Growth, ...]

    @property
    def subject(self) -> str:
        """The leader's name."""
        return self.candidate

    def content(self) -> dict[str, Any]:
        """Return the times at which the two meet."""
        return {"meetings": [self.words(f"p.after {days}") for days in (30, 60, 90)]}


@dataclass(frozen=True)
class Choice:
    """Competencies by what the evidence says of them, the most urgent or the strongest first."""

    build_on: tuple[str, ...]
    support: tuple[str, ...]
    explore: tuple[str, ...]


def choose(document: ComparisonDocument, candidate: str) -> Choice:
    """Return what to build on, support and explore for one candidate.

    To build on: a mean above the middle of the scale that rests on more than talk, the panel not
    apart. To support: below a must-have, then the lowest means at or below the middle or resting
    on talk alone; when there is none, the lowest of the rest. To explore: where the panel is apart.
    Each competency stands in one list only.
    """
    comparison = document.comparison
    cells = {k: c for k, c in comparison.result(candidate).competencies.items() if c.n}
    below = grounds.missed(document, candidate)
    middle = (comparison.scale.minimum + comparison.scale.maximum) / 2

    def rank(key: str) -> tuple[float, str]:
        return (cells[key].mean or 0, key)

    def grounded(key: str) -> bool:
        rows = comparison.scores(candidate, key)
        return any(row.score is not None and row.evidence_level != "talk" for row in rows)

    weak = [k for k, c in cells.items() if _low(c, middle) or not grounded(k) or k in below]
    support = sorted(weak, key=lambda key: (key not in below, *rank(key)))
    explore = [k for k, c in cells.items() if c.flag == "discuss" and k not in support]
    strong = sorted((k for k in cells if k not in {*support, *explore}), key=rank, reverse=True)
    if not support and len(strong) > 1:
        support = [strong.pop()]
    return Choice(tuple(strong[:MOST]), tuple(support[:MOST]), tuple(explore[:MOST]))


def growths(
    document: ComparisonDocument,
    candidate: str,
    keys: Iterable[str],
    sections: Mapping[str, Section],
    *,
    strong: bool,
) -> tuple[Growth, ...]:
    """Return what the plan says of competencies; ``sections`` are those of the guides asked.

    ``strong`` takes what the highest scores rest on, else the lowest.
    """
    below = grounds.missed(document, candidate)
    found = []
    for key in keys:
        section = sections.get(key)
        rows = document.comparison.scores(candidate, key)
        found.append(
            Growth(
                name=document.name_of(key),
                definition=section.definition if section else "",
                heard=_heard(rows, strong=strong),
                behaviours=tuple(i.text for i in section.indicators[:INDICATORS])
                if section
                else (),
                missed=key in below,
            )
        )
    return tuple(found)


def _low(cell: Cell, middle: float) -> bool:
    return cell.mean is not None and cell.mean <= middle


def _heard(rows: Sequence[Score], *, strong: bool) -> tuple[str, ...]:
    told = [row for row in rows if row.score is not None and row.evidence.strip()]
    told.sort(key=lambda row: row.score or 0, reverse=strong)
    return tuple(dict.fromkeys(" ".join(row.evidence.split()) for row in told[:HEARD]))
