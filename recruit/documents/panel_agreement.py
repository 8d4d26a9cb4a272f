"""Every figure of a comparison: its value, its meaning, its formula and its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recruit.documents.definitions import definitions, reason
from recruit.documents.exports import AGREEMENT, CELL, JSON_NAMES
from recruit.documents.report import Report

if TYPE_CHECKING:
    from recruit.core.agreement import Agreement
    from recruit.core.comparison import CandidateResult
    from recruit.documents.comparison import ComparisonDocument

CELL_FIGURES = tuple(name for name in CELL if name != "flag")
ENDS = ("minimum", "maximum")
GROUPS = {
    "x.overall": ("overall", "pair"),
    "x.by competency": ("cell",),
    "x.interviewers": ("interviewer",),
    "x.agreement": ("agreement",),
    "x.weights": ("weight", "sensitivity"),
}
"""The parts of the appendix, and the groups of figures in each: a table that fits one page."""
MOST_PAIRS = 24
"""Neighbours first; nobody reads the hundreds that thirty candidates have."""


@dataclass(frozen=True)
class Figure:
    """One cell of a table: a figure in words, its interval below it, and whether to talk of it."""

    text: str
    interval: str = ""
    apart: bool = False


Row = tuple[str, list[Figure]]
"""What a row is about, and its figures."""


@dataclass(frozen=True, kw_only=True)
class PanelAgreementReport(Report):
    """``comparison`` holds what the reader may see."""

    template = "pdf/panel_agreement.html"
    kind = "panel agreement"

    comparison: ComparisonDocument

    def facts(self) -> list[tuple[str, str]]:
        """Return the facts without the title, which stands above them."""
        return super().facts()[1:]

    def content(self) -> dict[str, Any]:
        """Return the rows of each table of figures, and the definitions."""
        known = definitions(self.words.language)
        shown = self.comparison.comparison
        named = [(self.words("overall"), shown.agreement.overall)]
        named += [
            (self.comparison.name_of(key), found)
            for key, found in shown.agreement.competencies.items()
        ]
        there = [
            name
            for name in AGREEMENT
            if name != "k" and any(getattr(found, name) is not None for _, found in named)
        ]
        return {
            "known": known,
            "design": shown.design,
            "lead": self._lead(shown.agreement.overall),
            "agreement": [(name, self._coefficients(found, there)) for name, found in named],
            "agreement_keys": [f"agreement.{name}" for name in there],
            "gaps": [
                f"{name}: {reason(found.reason, self.words.language)}"
                for name, found in named
                if found.reason is not None
            ],
            "candidates": [self._candidate(found) for found in shown.candidates],
            "interviewers": [
                (i.id, [Figure(str(i.n)), self._figure(i.severity), self._figure(i.se)])
                for i in shown.interviewers
            ],
            "cell_keys": [f"cell.{JSON_NAMES.get(name, name)}" for name in CELL_FIGURES],
            "cells": [
                (self.comparison.name_of(key), [self._cell(c, key) for c in shown.candidates])
                for key in shown.weights
            ],
            "pairs": self._pairs(),
            "more_pairs": max(0, len(shown.pairs or ()) - MOST_PAIRS),
            "weights": self._weights(),
            "leader": shown.weight_sensitivity.leader,
            "definitions": [
                (
                    self.words(head),
                    [found for key, found in known.items() if key.split(".")[0] in groups],
                )
                for head, groups in GROUPS.items()
            ],
        }

    def _number(self, value: float | None) -> str:
        return "–" if value is None else self.words.hundredths(value)

    def _figure(self, value: float | None) -> Figure:
        return Figure(self._number(value))

    def _interval(self, ends: tuple[float, float] | None) -> str:
        return "" if ends is None else "–".join(self._number(end) for end in ends)

    def _chance(self, words: str) -> Figure:
        return Figure(self.words("a.of hundred", chance=words))

    def _lead(self, overall: Agreement) -> str:
        t, language = self.words, self.words.language
        if overall.icc_ck is None or overall.reason is not None:
            return t("a.lead none", reason=reason(overall.reason, language))
        value = overall.icc_ck
        grade = "good" if value >= 0.75 else "moderate" if value >= 0.5 else "weak"
        return t(f"a.lead {grade}", value=t.hundredths(value))

    def _coefficients(self, found: Agreement, names: list[str]) -> list[Figure]:
        return [
            Figure(self._number(getattr(found, name)), self._interval(found.ci95.get(name)))
            for name in names
        ]

    def _candidate(self, found: CandidateResult) -> Row:
        overall, places = found.overall, found.rank_acceptability
        return found.id, [
            Figure("–" if found.rank is None else str(found.rank)),
            Figure(str(overall.n)),
            self._figure(overall.mean),
            self._figure(overall.adjusted),
            self._figure(overall.se),
            Figure(self._interval(overall.ci95) or "–"),
            self._chance(self.words.short_chance(places[0])) if places else Figure("–"),
        ]

    def _cell(self, candidate: CandidateResult, key: str) -> Row:
        cell = candidate.competencies[key]
        apart = cell.flag == "discuss"
        return candidate.id, [
            Figure(
                str(cell.n) if name == "n" else self._number(getattr(cell, name)),
                apart=apart and name in ENDS,
            )
            for name in CELL_FIGURES
        ]

    def _pairs(self) -> list[Row]:
        t = self.words
        ranked = {c.id: c.rank or 0 for c in self.comparison.comparison.candidates}
        found = sorted(
            self.comparison.comparison.pairs or (), key=lambda p: ranked[p.b] - ranked[p.a]
        )
        return [
            (
                pair.a,
                [
                    Figure(pair.b),
                    self._chance(t.chance(pair.p_higher)),
                    Figure(t(f"verdict.{pair.verdict}")),
                ],
            )
            for pair in found[:MOST_PAIRS]
        ]

    def _weights(self) -> list[Row]:
        t, comparison = self.words, self.comparison.comparison
        stays = comparison.weight_sensitivity.competencies or {}

        def span(key: str) -> str:
            if key not in stays:
                return "–"
            low, high = (t.percent(round(end, 2)) for end in stays[key])
            return t("a.weight span", low=low, high=high)

        return [
            (
                self.comparison.name_of(key),
                [Figure(t.percent(round(share, 3))), Figure(span(key))],
            )
            for key, share in comparison.weights.items()
        ]
