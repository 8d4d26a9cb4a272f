"""The first page: the order, the table, what to settle, how sure we are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recruit.core import findings
from recruit.core.text import isolated
from recruit.documents import charts
from recruit.documents.sentences import say

if TYPE_CHECKING:
    from recruit.core.comparison import CandidateResult, Cell
    from recruit.documents.comparison import ComparisonDocument

WIDEST_HEAT_TABLE = 9
"""Columns that fit one page; more competencies become several tables."""
MANY_CANDIDATES = 12
"""From here on the rows of the dot plot are lower, so that all still stand on one page."""
LONG_TABLES = 24
"""From here on each table of the first pages fills one, so that it can be a part of its own."""
LONGEST_FACT = 24
SETTLE_ITEMS = 4
PAIR_ITEMS = 3
VOICES_PER_SIDE = 3


@dataclass(frozen=True)
class HeatCell:
    """One cell of the heat table; ``voice`` is told where one of several interviewers rated."""

    text: str
    shade: str
    span: str
    below: bool
    voice: str
    key: str


def content(document: ComparisonDocument) -> dict[str, Any]:
    """Return what the overview shows, by the names that templates use."""
    candidates = document.comparison.candidates
    tables = _heat_tables(document)
    return {
        "facts": _facts(document),
        "ticks": _ticks(document),
        "dots": [_dot(document, candidate) for candidate in candidates],
        "dense": len(candidates) >= MANY_CANDIDATES,
        "long_tables": len(candidates) >= LONG_TABLES,
        "has_intervals": any(candidate.overall.ci95 for candidate in candidates),
        "heat_tables": tables,
        "has_spans": any(
            cell.span for table in tables for row in table["rows"] for cell in row["cells"]
        ),
        "has_voices": any(
            cell.voice for table in tables for row in table["rows"] for cell in row["cells"]
        ),
        "has_gaps": bool(document.unassessed),
        "settle": _settle(document),
        "sure": _sure(document),
    }


def _facts(document: ComparisonDocument) -> list[tuple[str, str]]:
    t, design = document.words, document.comparison.design
    place = (document.unit or document.organisation, document.organisation if document.unit else "")
    rounds = t.count("rounds", len(document.rounds)) if document.rounds else ""
    # Long names of guides would push the row apart; they stand in full among the facts.
    guide = document.guide_versions if len(document.guide_versions) <= LONGEST_FACT else ""
    found = [
        place,
        (t.count("candidates", design.candidates), t.count("competencies", design.competencies)),
        (t.count("interviewers", design.interviewers), _met(document)),
        (rounds, guide) if rounds else (guide, ""),
        (t.date(document.generated_at), document.short_hash),
    ]
    return [facts for facts in found if any(facts)]


def _met(document: ComparisonDocument) -> str:
    """Return who met whom; that rounds ask about different things does not count against it."""
    t, design = document.words, document.comparison.design
    if document.pending:
        return t.count("awaited", len(document.pending))
    met = {(row.candidate, row.interviewer) for row in document.comparison.table.rows}
    everyone = len(met) == design.candidates * design.interviewers
    return t("everyone met everyone" if everyone else "not everyone rated by everyone")


def _ticks(document: ComparisonDocument) -> list[tuple[int, str]]:
    """Return the marks of the axis and where they stand, in per cent of the strip's width."""
    scale = document.comparison.scale
    return [
        (tick, f"{100 * charts.place(tick, scale) / charts.INTERVAL_WIDTH:.2f}")
        for tick in charts.ticks(scale)
    ]


def _dot(document: ComparisonDocument, candidate: CandidateResult) -> dict[str, Any]:
    t, score = document.words, document.overall(candidate)
    known = candidate.overall.adjusted is not None
    told = t("dot", name=candidate.id, score=score) if known else t("no dot", name=candidate.id)
    title = ", ".join(filter(None, (told, document.interval(candidate))))
    many = len(document.comparison.candidates) >= MANY_CANDIDATES
    return {
        "name": candidate.id,
        "score": score,
        "ranked": candidate.rank is not None,
        "strip": charts.interval_strip(
            document.comparison.scale,
            candidate.overall.adjusted,
            candidate.overall.ci95,
            title,
            height=22 if many else 28,
        ),
    }


def _heat_tables(document: ComparisonDocument) -> list[dict[str, Any]]:
    keys = list(document.comparison.weights)
    below = {
        (candidate, key) for candidate, key, _, _ in document.comparison.below(document.must_have)
    }
    size = math.ceil(len(keys) / math.ceil(len(keys) / WIDEST_HEAT_TABLE))
    return [
        {
            "heads": [
                {
                    "key": key,
                    "name": document.name_of(key),
                    "must_have": document.words("must-have head", limit=document.must_have[key])
                    if key in document.must_have
                    else "",
                }
                for key in part
            ],
            "rows": [
                {
                    "name": candidate.id,
                    "cells": [
                        _heat(
                            document,
                            key,
                            candidate.competencies[key],
                            below=(candidate.id, key) in below,
                        )
                        for key in part
                    ],
                    "overall": document.overall(candidate),
                }
                for candidate in document.comparison.candidates
            ],
        }
        for part in (keys[start : start + size] for start in range(0, len(keys), size))
    ]


def _heat(document: ComparisonDocument, key: str, cell: Cell, *, below: bool) -> HeatCell:
    lonely = cell.flag == "single" and document.comparison.design.interviewers > 1
    return HeatCell(
        text="–" if cell.mean is None else document.words.score(cell.mean),
        shade=charts.heat(cell.mean, document.comparison.scale),
        span=document.span(cell) if cell.flag == "discuss" else "",
        below=below,
        voice=document.words("one voice") if lonely else "",
        key=key,
    )


def _settle(document: ComparisonDocument) -> dict[str, Any]:
    t, comparison = document.words, document.comparison

    def about(candidate: str, key: str, span: str = "") -> str:
        name = t.inside(document.name_of(key))
        return f"{isolated(document.short_names[candidate])}, {name}{f' ({span})' if span else ''}."

    found = [
        (candidate, about(candidate, key), t("settle.below", score=t.score(mean), limit=limit))
        for candidate, key, mean, limit in comparison.below(document.must_have)
    ]
    found += [
        (
            candidate,
            about(candidate, key, document.span(cell)),
            _sides(document, candidate, key, cell),
        )
        for candidate, key, cell in comparison.disagreements
    ]
    found += [(name, about(name, key), t("settle.unassessed")) for name, key in document.unassessed]
    # What concerns those who may be the strongest bears on the decision: it comes first.
    first = findings.contenders(comparison)
    found.sort(key=lambda item: item[0] not in first)
    shown = found[: SETTLE_ITEMS - bool(document.unrated)]
    items = [*_unrated(document), *((head, text) for _, head, text in shown)]
    single = all(
        cell.n < 2
        for candidate in comparison.candidates
        for cell in candidate.competencies.values()
    )
    return {
        "items": items,
        "more": len(found) - len(shown),
        "nothing": t("settle.nothing one" if single else "settle.nothing"),
    }


def _unrated(document: ComparisonDocument) -> list[tuple[str, str]]:
    t, unrated = document.words, document.unrated
    if not unrated:
        return []
    names = t.join(t.inside(document.name_of(key)) for key in unrated)
    return [(t.count("settle.unrated", len(unrated)), f"{names[:1].upper()}{names[1:]}.")]


def _sides(document: ComparisonDocument, candidate: str, competency: str, cell: Cell) -> str:
    t = document.words
    rows = document.comparison.scores(candidate, competency)

    def names(score: float | None) -> str:
        found = dict.fromkeys(row.interviewer for row in rows if row.score == score)
        shown = list(found)[:VOICES_PER_SIDE]
        if len(found) > len(shown):
            shown.append(t("and more", n=len(found) - len(shown)))
            return ", ".join(shown)
        return t.join(shown)

    sides = t(
        "settle.sides",
        low=t.point(cell.minimum or 0),
        high=t.point(cell.maximum or 0),
        lows=names(cell.minimum),
        highs=names(cell.maximum),
    )
    talk = sum(row.evidence_level == "talk" for row in rows if row.score is not None)
    return f"{sides} {t('settle.talk', n=talk, of=cell.n)}" if talk else sides


def _sure(document: ComparisonDocument) -> dict[str, Any]:
    t, short = document.words, document.short_names
    ranked = [c.id for c in document.comparison.candidates if c.rank is not None]
    lines = [
        t(
            "sure.pair",
            a=short[pair.a],
            b=short[pair.b],
            chance=t.chance(pair.p_higher),
            verdict=t(f"verdict.{pair.verdict}"),
        )
        for pair in findings.neighbours(document.comparison)[:PAIR_ITEMS]
    ]
    said = [say(document, findings.order(document.comparison))] if len(ranked) != 2 else []
    if not lines:
        return {"lines": said or [say(document, findings.order(document.comparison))], "note": ""}
    weights = say(document, findings.weights(document.comparison)[-1], ".short")
    return {"lines": [*said, *lines, weights], "note": t("sure.meaning")}
