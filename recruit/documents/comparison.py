"""The comparison: who, how sure, what next; then the grounds."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recruit.documents import charts, page
from recruit.documents.phrases import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from markupsafe import Markup

    from recruit.core.comparison import CandidateResult, Cell, Comparison, InterviewerResult, Pair
    from recruit.core.ratings import Score

CLOSE = "too close to call"
CLEAR = "clear"
NAMED_LEADERS = 4
"""More leaders than these are counted, not named."""
WIDEST_HEAT_TABLE = 9
"""Columns that fit one page; more competencies become several tables."""
SETTLE_ITEMS = 6
PAIR_ITEMS = 5
QUOTED_COMPETENCIES = 2
QUOTES_PER_COMPETENCY = 2
DETAILED_DISAGREEMENTS = 12
VOICES_PER_SIDE = 3
LONGEST_QUOTE = 260
LEVELS = ("pattern", "example", "talk")


@dataclass(frozen=True)
class Quote:
    """What one interviewer wrote behind one score."""

    competency: str
    interviewer: str
    score: str
    text: str


@dataclass(frozen=True)
class ProfileRow:
    """One competency of one candidate."""

    competency: str
    strip: Markup | None
    mean: str
    span: str
    discuss: bool
    below: bool
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


@dataclass(frozen=True)
class HeatCell:
    """One cell of the heat table."""

    text: str
    shade: str
    span: str
    below: bool


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
    confidential: bool = True

    @property
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
            "confidential": self.confidential,
        }
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def short_hash(self) -> str:
        """The beginning of the hash, in groups that can be read aloud."""
        return " ".join(self.content_hash[start : start + 4] for start in (0, 4, 8))

    def headline(self) -> tuple[str, ...]:
        """Return the summary in sentences, the most important first."""
        return tuple(_Headline(self).sentences())

    def html(self) -> str:
        """Return the document as HTML for the renderer."""
        return page.render("pdf/comparison.html", self.language, doc=self, **self.content())

    def content(self) -> dict[str, Any]:
        """Return what the page and the PDF show, by the names that their templates use."""
        return {
            "design": self.comparison.design,
            "scale": self.comparison.scale,
            "headline": self.headline(),
            **_Content(self).values(),
        }

    @property
    def words(self) -> Words:
        """The phrases of the document's language."""
        return Words(self.language)


def name_of(document: ComparisonDocument, competency: str) -> str:
    """Return a competency's name, or its key when nobody named it."""
    return document.competency_names.get(competency, competency)


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Return first names where they are unmistakable, else the names as they are."""
    names = list(names)
    # A last name of one letter tells nobody apart: "Kandidat A" stays whole.
    firsts = [
        words[0] if len(words) > 1 and len(words[-1]) > 1 else ""
        for words in (name.split() for name in names)
    ]
    return {
        name: first if first and firsts.count(first) == 1 else name
        for name, first in zip(names, firsts, strict=True)
    }


def clip(text: str) -> str:
    """Return the text in one line, cut at a word when it is too long to quote."""
    text = " ".join(text.split())
    if len(text) <= LONGEST_QUOTE:
        return text
    return text[:LONGEST_QUOTE].rsplit(" ", 1)[0].rstrip(".,;:–- ") + " …"


class _Headline:
    """Words for what the comparison shows, derived from the comparison only."""

    def __init__(self, document: ComparisonDocument) -> None:
        self._document = document
        self._comparison = document.comparison
        self._t = Words(document.language)
        self._short = short_names(c.id for c in self._comparison.candidates)
        self._ranked = [c for c in self._comparison.candidates if c.rank is not None]
        self._pairs = {(p.a, p.b): p for p in self._comparison.pairs or ()}

    def sentences(self) -> list[str]:
        first, leaders = self._order()
        found = [first]
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
            values = {"score": _score(t, top), "low": scale.minimum, "high": scale.maximum}
            return t("h.one", a=top.id, **values), [top]
        if not self._pairs:
            tied = [c for c in ranked if c.rank == top.rank]
            if len(tied) > 1:
                names = t.join(c.id for c in tied[:NAMED_LEADERS])
                return t("h.unsure.tie", names=names, score=_score(t, top)), tied
            return t("h.unsure.order", a=top.id, score=_score(t, top)), [top]
        even = [top, *(c for c in ranked[1:] if self._pairs[top.id, c.id].verdict == CLOSE)]
        if len(even) > 1:
            return self._even(even), even
        second = ranked[1]
        if self._pairs[top.id, second.id].verdict == CLEAR:
            if len(ranked) == 2:
                return t("h.clear.one", a=top.id, b=second.id), [top]
            return t("h.clear", a=top.id), [top]
        return t("h.likely", a=top.id, b=second.id), [top, second]

    def _even(self, even: list[CandidateResult]) -> str:
        t = self._t
        if len(even) <= NAMED_LEADERS:
            return t("h.even", names=t.join(c.id for c in even))
        everyone = len(even) == len(self._ranked)
        return t("h.even.all" if everyone else "h.even.many", n=len(even))

    def _ahead(self, leaders: list[CandidateResult]) -> list[str]:
        rest = [c for c in self._ranked if c not in leaders]
        clear = rest and all(
            (pair := self._pairs.get((leader.id, other.id))) is not None and pair.verdict == CLEAR
            for leader in leaders
            for other in rest
        )
        if len(leaders) < 2 or not clear:
            return []
        others = self._short[rest[0].id] if len(rest) == 1 else self._t("rest", n=len(rest))
        if len(leaders) == 2:
            return [self._t("h.group clear.2", rest=others)]
        return [self._t("h.group clear", n=len(leaders), rest=others)]

    def _strengths(self, leaders: list[CandidateResult]) -> list[str]:
        best = [(c, x) for c in leaders[:2] if (x := self._strongest(c)) is not None]
        if len(leaders) > 2 or not best:
            return []
        values = {"a": self._short[best[0][0].id], "x": self._name(best[0][1])}
        if len(best) == 1:
            return [self._t("h.strong.1", **values)]
        values |= {"b": self._short[best[1][0].id], "y": self._name(best[1][1])}
        return [self._t("h.strong.2", **values)]

    @staticmethod
    def _strongest(candidate: CandidateResult) -> str | None:
        """Return the one competency with the highest mean, or None when it is shared."""
        means = sorted(
            ((cell.mean, key) for key, cell in candidate.competencies.items() if cell.mean),
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
            "span": self._t.span(cell.minimum or 0, cell.maximum or 0),
        }
        return [self._t("h.disagree", **values)]

    def _incomplete(self) -> list[str]:
        names = [self._short[c.id] for c in self._comparison.candidates if c.incomplete]
        if not names or not self._ranked:
            return []
        phrase = "h.incomplete.1" if len(names) == 1 else "h.incomplete"
        return [self._t(phrase, names=self._t.join(names))]

    def _name(self, competency: str) -> str:
        return self._t.inside(name_of(self._document, competency))


class _Content:
    """What the template shows, in the order in which it shows it."""

    def __init__(self, document: ComparisonDocument) -> None:
        self._document = document
        self._comparison = document.comparison
        self._t = Words(document.language)
        self._short = short_names(c.id for c in self._comparison.candidates)
        self._below = {(a, b) for a, b, _, _ in self._comparison.below(document.must_have)}
        self._has_evidence = any(row.evidence.strip() for row in self._comparison.table.rows)
        self._has_levels = any(row.evidence_level for row in self._comparison.table.rows)

    def values(self) -> dict[str, Any]:
        found = self._comparison.disagreements
        return {
            "facts": self._facts(),
            "ticks": self._ticks(),
            "dots": [self._dot(c) for c in self._comparison.candidates],
            "has_intervals": any(c.overall.ci95 for c in self._comparison.candidates),
            "heat_tables": self._heat_tables(),
            "has_gaps": any(self._gaps()),
            "settle": self._settle(),
            "sure": self._sure(),
            "portraits": [self._portrait(c) for c in self._comparison.candidates],
            "has_evidence": self._has_evidence,
            "has_levels": self._has_levels,
            "disagreements": [self._disagreement(*d) for d in found[:DETAILED_DISAGREEMENTS]],
            "more_disagreements": max(0, len(found) - DETAILED_DISAGREEMENTS),
            "weights": [
                f"{self._name(key)} {self._t.percent(share)}"
                for key, share in self._comparison.weights.items()
            ],
            "process": self._process(),
        }

    def _facts(self) -> list[tuple[str, str]]:
        t, document, design = self._t, self._document, self._comparison.design
        met = "everyone met everyone"
        if not design.complete:
            rated = {(r.candidate, r.interviewer) for r in self._comparison.table.rows if r.score}
            everyone = len(rated) == design.candidates * design.interviewers
            met = "some not assessed" if everyone else "not everyone met everyone"
        first = document.unit or document.organisation
        place = (first, document.organisation if document.unit else "")
        guide = (
            document.guide_versions and f"{t('guide')} {document.guide_versions}",
            t.count("rounds", len(document.rounds)) if document.rounds else "",
        )
        return [
            facts
            for facts in (
                place,
                (
                    t.count("candidates", design.candidates),
                    t.count("competencies", design.competencies),
                ),
                (t.count("interviewers", design.interviewers), t(met)),
                guide,
                (t.date(document.generated_at), document.short_hash),
            )
            if any(facts)
        ]

    def _ticks(self) -> list[tuple[int, str]]:
        """Return the marks of the axis and where they stand, in per cent of the strip's width."""
        scale = self._comparison.scale
        return [
            (tick, f"{(9 + 430 * charts.share(tick, scale)) / 448 * 100:.2f}")
            for tick in charts.ticks(scale)
        ]

    def _interval(self, candidate: CandidateResult) -> str:
        """Return the interval in words, kept within the scale."""
        if candidate.overall.ci95 is None:
            return ""
        scale = self._comparison.scale
        low, high = (min(max(x, scale.minimum), scale.maximum) for x in candidate.overall.ci95)
        return self._t("interval", low=self._t.score(low), high=self._t.score(high))

    def _dot(self, candidate: CandidateResult) -> dict[str, Any]:
        score = _score(self._t, candidate)
        title = ", ".join(filter(None, (f"{candidate.id}: {score}", self._interval(candidate))))
        return {
            "name": candidate.id,
            "score": score,
            "ranked": candidate.rank is not None,
            "strip": charts.interval_strip(
                self._comparison.scale,
                candidate.overall.adjusted,
                candidate.overall.ci95,
                title,
            ),
        }

    def _heat_tables(self) -> list[dict[str, Any]]:
        keys = list(self._comparison.weights)
        blocks = math.ceil(len(keys) / WIDEST_HEAT_TABLE)
        size = math.ceil(len(keys) / blocks)
        return [
            {
                "heads": [self._name(key) for key in keys[start : start + size]],
                "rows": [
                    {
                        "name": candidate.id,
                        "cells": [self._heat(candidate, k) for k in keys[start : start + size]],
                        "overall": _score(self._t, candidate),
                    }
                    for candidate in self._comparison.candidates
                ],
            }
            for start in range(0, len(keys), size)
        ]

    def _heat(self, candidate: CandidateResult, competency: str) -> HeatCell:
        cell = candidate.competencies[competency]
        return HeatCell(
            text="–" if cell.mean is None else self._t.score(cell.mean),
            shade=charts.heat(cell.mean, self._comparison.scale),
            span=self._span(cell) if cell.flag == "discuss" else "",
            below=(candidate.id, competency) in self._below,
        )

    def _span(self, cell: Cell) -> str:
        if cell.minimum is None or cell.maximum is None or cell.n < 2:
            return ""
        return self._t.span(cell.minimum, cell.maximum)

    def _gaps(self) -> list[tuple[str, str]]:
        return [
            (candidate.id, self._name(key))
            for candidate in self._comparison.candidates
            for key, cell in candidate.competencies.items()
            if cell.n == 0
        ]

    def _settle(self) -> dict[str, Any]:
        t = self._t
        below = [
            (
                f"{self._short[candidate]}, {t.inside(self._name(key))}.",
                t("settle.below", score=t.score(mean), limit=limit),
            )
            for candidate, key, mean, limit in self._comparison.below(self._document.must_have)
        ]
        apart = [
            (
                f"{self._short[candidate]}, {t.inside(self._name(key))} ({self._span(cell)}).",
                self._sides(candidate, key, cell),
            )
            for candidate, key, cell in self._comparison.disagreements
        ]
        gaps = [
            (f"{self._short[name]}, {t.inside(key)}.", t("settle.unassessed"))
            for name, key in self._gaps()
        ]
        # Each kind of doubt shows, even when another kind could fill the list.
        items = (below[:3] + apart[: SETTLE_ITEMS - min(3, len(below))] + gaps)[:SETTLE_ITEMS]
        single = all(
            cell.n < 2
            for candidate in self._comparison.candidates
            for cell in candidate.competencies.values()
        )
        return {
            "items": items,
            "more": len(below) + len(apart) + len(gaps) - len(items),
            "nothing": t("settle.nothing one" if single else "settle.nothing"),
        }

    def _sides(self, candidate: str, competency: str, cell: Cell) -> str:
        rows = self._comparison.scores(candidate, competency)

        def names(score: float | None) -> str:
            found = dict.fromkeys(row.interviewer for row in rows if row.score == score)
            shown = list(found)[:VOICES_PER_SIDE]
            if len(found) > len(shown):
                shown.append(self._t("and more", n=len(found) - len(shown)))
                return ", ".join(shown)
            return self._t.join(shown)

        return self._t(
            "settle.sides",
            low=self._t.point(cell.minimum or 0),
            high=self._t.point(cell.maximum or 0),
            lows=names(cell.minimum),
            highs=names(cell.maximum),
        )

    def _sure(self) -> dict[str, Any]:
        ranked = [c.id for c in self._comparison.candidates if c.rank is not None]
        neighbours = set(itertools.pairwise(ranked))
        pairs: list[Pair] = [
            pair for pair in self._comparison.pairs or () if (pair.a, pair.b) in neighbours
        ]
        lines = [
            self._t(
                "sure.pair",
                a=self._short[pair.a],
                b=self._short[pair.b],
                chance=self._t.chance(pair.p_higher),
            )
            for pair in pairs[:PAIR_ITEMS]
        ]
        if lines:
            return {"lines": lines, "note": self._t("sure.meaning")}
        reason = "sure.one" if self._comparison.design.candidates == 1 else "sure.none"
        return {"lines": [self._t(reason)], "note": ""}

    def _portrait(self, candidate: CandidateResult) -> Portrait:
        t = self._t
        place = t("not ranked") if candidate.rank is None else t("place", rank=candidate.rank)
        overall = t("overall is", score=_score(t, candidate))
        interval = self._interval(candidate)
        strongest, doubts = self._quotes(candidate)
        return Portrait(
            name=candidate.id,
            facts=(place, overall, *((interval,) if interval else ())),
            rows=tuple(
                self._profile_row(candidate, key, cell)
                for key, cell in candidate.competencies.items()
            ),
            strongest=strongest,
            doubts=doubts,
        )

    def _profile_row(self, candidate: CandidateResult, key: str, cell: Cell) -> ProfileRow:
        rows = [r for r in self._comparison.scores(candidate.id, key) if r.score is not None]
        title = f"{self._name(key)}: " + ", ".join(
            f"{r.interviewer} {self._t.point(r.score or 0)}" for r in rows
        )
        levels = [r.evidence_level for r in rows]
        return ProfileRow(
            competency=self._name(key),
            strip=charts.spread_strip(
                self._comparison.scale,
                [(r.score or 0, r.evidence_level != "talk") for r in rows],
                title,
            )
            if rows
            else None,
            mean="–" if cell.mean is None else self._t.score(cell.mean),
            span=self._span(cell),
            discuss=cell.flag == "discuss",
            below=(candidate.id, key) in self._below,
            ground=" · ".join(
                f"{levels.count(level)} {self._t(level)}" for level in LEVELS if level in levels
            ),
        )

    def _quotes(self, candidate: CandidateResult) -> tuple[tuple[Quote, ...], tuple[Quote, ...]]:
        """Return the grounds behind the highest and the lowest competencies, never the same."""
        rated = sorted(
            (key for key, cell in candidate.competencies.items() if cell.mean is not None),
            key=lambda key: -(candidate.competencies[key].mean or 0),
        )
        each = min(QUOTED_COMPETENCIES, max(1, len(rated) // 2))
        high = [q for key in rated[:each] for q in self._voices(candidate.id, key, highest=True)]
        low = [
            quote
            for key in reversed(rated[-each:])
            for quote in self._voices(candidate.id, key, highest=False)
            if quote not in high
        ]
        return tuple(high), tuple(low)

    def _voices(self, candidate: str, competency: str, *, highest: bool) -> list[Quote]:
        rows = [
            row
            for row in self._comparison.scores(candidate, competency)
            if row.score is not None and row.evidence.strip()
        ]
        rows.sort(key=lambda row: -(row.score or 0) if highest else (row.score or 0))
        return [self._quote(row) for row in rows[:QUOTES_PER_COMPETENCY]]

    def _quote(self, row: Score) -> Quote:
        return Quote(
            competency=self._name(row.competency),
            interviewer=row.interviewer,
            score=self._t.point(row.score or 0),
            text=clip(row.evidence),
        )

    def _disagreement(self, candidate: str, competency: str, cell: Cell) -> Disagreement:
        rows = [r for r in self._comparison.scores(candidate, competency) if r.score is not None]

        def side(score: float | None) -> tuple[Quote, ...]:
            found = [row for row in rows if row.score == score]
            # Those who wrote something first: it is the grounds that are to be compared.
            found.sort(key=lambda row: not row.evidence.strip())
            return tuple(self._quote(row) for row in found[:VOICES_PER_SIDE])

        return Disagreement(
            name=candidate,
            competency=self._name(competency),
            span=self._span(cell),
            low=side(cell.minimum),
            high=side(cell.maximum),
        )

    def _process(self) -> list[tuple[str, list[str]]]:
        t, document, design = self._t, self._document, self._comparison.design
        by_candidate: dict[str, list[str]] = {}
        for name, competency in self._gaps():
            by_candidate.setdefault(name, []).append(t.inside(competency))
        gaps = [f"{name}: {t.join(found)}" for name, found in by_candidate.items()]
        count = "f.rating count" if design.missing else "f.rating count full"
        rows = [
            (t("f.guide"), [document.guide_versions]),
            (t("f.rounds"), list(document.rounds)),
            (t("f.panel"), [self._panel(i) for i in self._comparison.interviewers]),
            (t("f.ratings"), [t(count, n=design.scores, missing=design.missing)]),
            (t("settle.pending").rstrip(":"), list(document.pending)),
            (t("f.missing"), gaps or [t("f.nothing missing")]),
            (t("f.must-haves"), self._must_haves(document.must_have)),
            (t("f.made"), [t.date(document.generated_at)]),
            (t("f.hash"), [f"{document.content_hash} ({t('f.hash note')})"]),
        ]
        return [(head, lines) for head, lines in rows if any(lines)]

    def _panel(self, interviewer: InterviewerResult) -> str:
        values: dict[str, object] = {"name": interviewer.id, "n": interviewer.n}
        if interviewer.severity is None or self._comparison.design.interviewers == 1:
            return self._t("severity.unknown", **values)
        amount = self._t.score(abs(interviewer.severity))
        if amount == self._t.score(0):
            return self._t("severity.level", **values)
        kind = "generous" if interviewer.severity > 0 else "strict"
        return self._t(f"severity.{kind}", x=amount, **values)

    def _must_haves(self, must_have: Mapping[str, int]) -> list[str]:
        return [
            self._t("f.at least", x=self._name(key), limit=limit)
            for key, limit in must_have.items()
        ]

    def _name(self, competency: str) -> str:
        return name_of(self._document, competency)


def _score(t: Words, candidate: CandidateResult) -> str:
    value = candidate.overall.adjusted
    return "–" if value is None else t.score(value)
