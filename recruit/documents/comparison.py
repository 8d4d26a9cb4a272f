"""The comparison: who, how sure, what next; then the grounds."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from recruit.documents import certainty, conclusions, grounds, overview, page, process
from recruit.documents.checksums import checksum, short
from recruit.documents.headline import Headline
from recruit.documents.phrases import Words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from recruit.core.comparison import CandidateResult, Cell, Comparison
    from recruit.documents.conclusions import AgreedTopic, Decided
    from recruit.documents.process import InformedRatings


@dataclass(frozen=True)
class ComparisonDocument:
    """A comparison with what its reader needs to know about the process."""

    comparison: Comparison
    title: str
    unit: str
    organisation: str
    language: str
    generated_at: datetime
    competency_names: dict[str, str]
    guide_versions: str
    rounds: tuple[str, ...]
    must_have: dict[str, int]
    pending: tuple[str, ...]
    unrated: dict[str, float] = field(default_factory=dict)
    """What the profile asks for and nobody has rated yet, with its share of the whole weight."""
    agreed: tuple[AgreedTopic, ...] = ()
    decided: Decided | None = None
    informed: tuple[InformedRatings, ...] = ()
    confidential: bool = True

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of everything shown but the time of making: equal grounds give equal sums."""
        content = {
            "comparison": self.comparison.as_json(),
            "ratings": [vars(row) for row in self.comparison.table.rows],
            "title": self.title,
            "unit": self.unit,
            "organisation": self.organisation,
            "language": self.language,
            "competency_names": self.competency_names,
            "guide_versions": self.guide_versions,
            "rounds": self.rounds,
            "must_have": self.must_have,
            "pending": self.pending,
            "unrated": self.unrated,
            "confidential": self.confidential,
            **self._concluded(),
        }
        return checksum(content)

    def as_json(self) -> dict[str, Any]:
        """Return the figures; beside them what is unrated, agreed and decided, and the marks."""
        return {**self.comparison.as_json(), "unrated": self.unrated, **self._concluded()}

    def _concluded(self) -> dict[str, Any]:
        decided = dataclasses.asdict(self.decided) if self.decided else None
        if decided:
            decided["at"] = decided["at"].isoformat()
        return {
            "agreed": [dataclasses.asdict(topic) for topic in self.agreed],
            "decided": decided,
            "made_after_others": [dataclasses.asdict(ratings) for ratings in self.informed],
        }

    @property
    def short_hash(self) -> str:
        """The beginning of the hash, in groups that can be read aloud."""
        return short(self.content_hash)

    @cached_property
    def words(self) -> Words:
        """The phrases of the document's language."""
        return Words(self.language)

    @cached_property
    def short_names(self) -> dict[str, str]:
        """The candidates as running text calls them."""
        return short_names(candidate.id for candidate in self.comparison.candidates)

    @property
    def unassessed(self) -> list[tuple[str, str]]:
        """Candidate and competency that nobody has rated."""
        return [
            (candidate.id, competency)
            for candidate in self.comparison.candidates
            for competency, cell in candidate.competencies.items()
            if cell.n == 0
        ]

    def name_of(self, competency: str) -> str:
        """Return a competency's name, or its key when nobody named it."""
        return self.competency_names.get(competency, competency)

    def overall(self, candidate: CandidateResult) -> str:
        """Return the overall score as it is shown, a dash when there is none."""
        value = candidate.overall.adjusted
        return "–" if value is None else self.words.score(value)

    def interval(self, candidate: CandidateResult) -> str:
        """Return the interval in words, kept within the scale; empty when there is none."""
        if candidate.overall.ci95 is None:
            return ""
        scale = self.comparison.scale
        low, high = (min(max(x, scale.minimum), scale.maximum) for x in candidate.overall.ci95)
        return self.words("interval", low=self.words.score(low), high=self.words.score(high))

    def span(self, cell: Cell) -> str:
        """Return the lowest and the highest score; empty when fewer than two gave one."""
        if cell.minimum is None or cell.maximum is None or cell.n < 2:
            return ""
        return self.words.span(cell.minimum, cell.maximum)

    def headline(self) -> tuple[str, ...]:
        """Return the summary in sentences, the most important first."""
        return tuple(Headline(self).sentences())

    def content(self) -> dict[str, Any]:
        """Return what the page and the PDF show, by the names that their templates use."""
        return {
            "design": self.comparison.design,
            "scale": self.comparison.scale,
            "headline": self.headline(),
            **overview.content(self),
            **certainty.content(self),
            **grounds.content(self),
            **conclusions.content(self),
            **process.content(self),
        }

    def html(self) -> str:
        """Return the document as HTML for the renderer."""
        return page.render("pdf/comparison.html", self.language, doc=self, **self.content())


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Return first names where they are unmistakable, else the names as they are."""
    names = list(names)
    # A last name of one letter or a number tells nobody apart: "Kandidat A" stays whole.
    firsts = [
        words[0] if len(words) > 1 and len(words[-1]) > 1 and words[-1][0].isalpha() else ""
        for words in (name.split() for name in names)
    ]
    return {
        name: first if first and firsts.count(first) == 1 and first not in names else name
        for name, first in zip(names, firsts, strict=True)
    }
