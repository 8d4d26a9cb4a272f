"""The summary in words, derived from the comparison only."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recruit.core.comparison import CandidateResult
    from recruit.documents.comparison import ComparisonDocument

CLOSE = "too close to call"
CLEAR = "clear"
NAMED_LEADERS = 4
"""More leaders than these are counted, not named."""


class Headline:
    """Sentences about one comparison."""

    def __init__(self, document: ComparisonDocument) -> None:
        self._document = document
        self._comparison = document.comparison
        self._t = document.words
        self._short = document.short_names
        self._ranked = [c for c in self._comparison.candidates if c.rank is not None]
        self._place = {c.id: number for number, c in enumerate(self._ranked)}

    def sentences(self) -> list[str]:
        """Return the sentences, the most important first."""
        first, leaders = self._order()
        found = [first, *self._unrated()]
        if self._comparison.design.comparable:
            found += self._ahead(leaders)
            found += self._strengths(leaders)
            found += self._uncertain()
        found += self._below(leaders)
        found += self._disagreement(leaders)
        return found + self._incomplete()

    def _order(self) -> tuple[str, list[CandidateResult]]:
        """Return the sentence about the order, and whom the rest is about."""
        t, ranked = self._t, self._ranked
        if not self._comparison.design.comparable:
            return t("h.incomparable"), []
        if not ranked:
            return t("h.none"), []
        top = ranked[0]
        if len(ranked) == 1:
            scale = self._comparison.scale
            values = {"score": self._overall(top), "low": scale.minimum, "high": scale.maximum}
            return t("h.one", a=top.id, **values), [top]
        if not self._comparison.pairs:
            tied = [c for c in ranked if c.rank == top.rank]
            if len(tied) > 1:
                return self._tied(tied), tied
            return t("h.unsure.order", a=top.id, score=self._overall(top)), [top]
        even = [top, *(c for c in ranked[1:] if self._verdict(top, c) == CLOSE)]
        if len(even) > 1:
            return self._even(even), even
        return self._leads(top)

    def _unrated(self) -> list[str]:
        """Return how much of the profile the order rests on, where that is not all of it."""
        unrated = self._document.unrated
        if not unrated:
            return []
        t, rated = self._t, len(self._comparison.weights)
        said = t(
            "h.unrated.1" if rated == 1 else "h.unrated",
            n=t.number(rated),
            all=t.number(rated + len(unrated)),
            share=t.percent(round(1 - sum(unrated.values()), 2)),
        )
        return [said]

    def _leads(self, top: CandidateResult) -> tuple[str, list[CandidateResult]]:
        """Return the sentence for one who is at least probably ahead of every other."""
        t, (second, *others) = self._t, self._ranked[1:]
        if self._verdict(top, second) != CLEAR:
            return t("h.likely", a=top.id, b=second.id), [top, second]
        if not others:
            return t("h.clear.one", a=top.id, b=second.id), [top]
        # One who met fewer interviewers may be further behind, and less surely so.
        sure = all(self._verdict(top, other) == CLEAR for other in others)
        return t("h.clear" if sure else "h.likely.many", a=top.id), [top]

    def _tied(self, tied: list[CandidateResult]) -> str:
        t, score = self._t, self._overall(tied[0])
        if len(tied) <= NAMED_LEADERS:
            return t("h.unsure.tie", names=t.join(c.id for c in tied), score=score)
        return t("h.unsure.tie.many", n=len(tied), score=score)

    def _even(self, even: list[CandidateResult]) -> str:
        t = self._t
        if len(even) <= NAMED_LEADERS:
            return t("h.even", names=t.join(c.id for c in even))
        everyone = len(even) == len(self._ranked)
        return t("h.even.all" if everyone else "h.even.many", n=t.number(len(even)))

    def _ahead(self, leaders: list[CandidateResult]) -> list[str]:
        rest = [c for c in self._ranked if c not in leaders]
        clear = rest and all(
            self._verdict(leader, other) == CLEAR for leader in leaders for other in rest
        )
        if len(leaders) < 2 or not clear:
            return []
        t = self._t
        others = self._short[rest[0].id] if len(rest) == 1 else t("rest", n=t.number(len(rest)))
        if len(leaders) == 2:
            return [t("h.group clear.2", rest=others)]
        return [t("h.group clear", n=t.number(len(leaders)), rest=others)]

    def _strengths(self, leaders: list[CandidateResult]) -> list[str]:
        best = [(c, x) for c in leaders[:2] if (x := self._strongest(c)) is not None]
        if len(leaders) > 2 or not best:
            return []
        values = {"a": self._short[best[0][0].id], "x": self._name(best[0][1])}
        if len(best) == 1:
            return [self._t("h.strong.1", **values)]
        if best[0][1] == best[1][1]:
            return [self._t("h.strong.same", x=values["x"])]
        values |= {"b": self._short[best[1][0].id], "y": self._name(best[1][1])}
        return [self._t("h.strong.2", **values)]

    @staticmethod
    def _strongest(candidate: CandidateResult) -> str | None:
        """Return the one competency with the highest mean, or None when it is shared."""
        means = sorted(
            (
                (cell.mean, key)
                for key, cell in candidate.competencies.items()
                if cell.mean is not None
            ),
            reverse=True,
        )
        if len(means) < 2 or math.isclose(means[0][0], means[1][0]):
            return None
        return means[0][1]

    def _uncertain(self) -> list[str]:
        return [self._t("h.few")] if self._ranked and not self._comparison.pairs else []

    def _below(self, leaders: list[CandidateResult]) -> list[str]:
        names = [c.id for c in leaders]
        return [
            self._t(
                "h.below",
                a=self._short[candidate],
                x=self._name(competency),
                score=self._t.score(mean),
                limit=limit,
            )
            for candidate, competency, mean, limit in self._comparison.below(
                self._document.must_have
            )
            if candidate in names
        ][:2]

    def _disagreement(self, leaders: list[CandidateResult]) -> list[str]:
        found = self._comparison.disagreements
        if not found:
            return []
        names = [c.id for c in leaders]
        # What concerns those at the top bears on the decision; it is named first.
        candidate, competency, cell = next((d for d in found if d[0] in names), found[0])
        values = {
            "a": self._short[candidate],
            "x": self._name(competency),
            "span": self._document.span(cell),
        }
        return [self._t("h.disagree", **values)]

    def _incomplete(self) -> list[str]:
        names = [self._short[c.id] for c in self._comparison.candidates if c.incomplete]
        if not names or not self._ranked:
            return []
        phrase = "h.incomplete.1" if len(names) == 1 else "h.incomplete"
        return [self._t(phrase, names=self._t.join(names))]

    def _verdict(self, ahead: CandidateResult, behind: CandidateResult) -> str:
        pairs, a, b = self._comparison.pairs, self._place[ahead.id], self._place[behind.id]
        return pairs.of(a, b).verdict if pairs is not None and a < b else CLOSE

    def _overall(self, candidate: CandidateResult) -> str:
        return self._document.overall(candidate)

    def _name(self, competency: str) -> str:
        return self._t.inside(self._document.name_of(competency))
