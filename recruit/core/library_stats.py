"""How many questions a library holds, by competency, kind, level and sector."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, get_args

from recruit.core.library import Kind
from recruit.core.profile import Level, Sector

if TYPE_CHECKING:
    from recruit.core.library import Library

COLUMNS = (*get_args(Kind), *get_args(Level), *get_args(Sector))


def counts(library: Library) -> dict[str, Counter[str]]:
    """Return per competency how many questions there are of each kind, level and sector.

    A question that fits any level or sector counts for each; ``"questions"`` counts all.
    """
    found = {}
    for competency in library.competencies.values():
        count: Counter[str] = Counter(questions=len(competency.questions))
        for question in competency.questions:
            count[question.kind] += 1
            count.update(level for level in get_args(Level) if question.fits(level, None))
            count.update(sector for sector in get_args(Sector) if question.fits(None, sector))
        found[competency.id] = count
    return found
