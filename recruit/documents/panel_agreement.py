"""Every figure of a comparison: its value, its meaning, its formula and its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recruit.documents.definitions import definitions, reason
from recruit.documents.exports import AGREEMENT, CELL, JSON_NAMES
from recruit.documents.report import Report

if TYPE_CHECKING:
    from recruit.core.agreement import Agreement
    from recruit.documents.comparison import ComparisonDocument

CELL_FIGURES = tuple(name for name in CELL if name != "flag")
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


@dataclass(frozen=True, kw_only=True)
class PanelAgreementReport(Report):
    """``comparison`` holds what the reader may see."""

    template = "pdf/panel_agreement.html"
    kind = "panel agreement"

    comparison: ComparisonDocument

    def content(self) -> dict[str, Any]:
        """Return each table of figures, and the definitions."""
        known = definitions(self.words.language)
        shown = self.comparison.comparison
        return {
            "known": known,
            "design": shown.design,
            "lead": self._lead(shown.agreement.overall),
            "agreement": self._agreement(),
            "agreement_figures": [name for name in AGREEMENT if self._any(name) and name != "k"],
            "agreement_keys": [f"agreement.{n}" for n in AGREEMENT if self._any(n) and n != "k"],
            "gaps": self._gaps(),
            "candidates": self._candidates(),
            "interviewers": [
                (i.id, str(i.n), self._number(i.severity), self._number(i.se))
                for i in shown.interviewers
            ],
            "cell_heads": [known[f"cell.{JSON_NAMES.get(n, n)}"].name for n in CELL_FIGURES],
            "cells": self._cells(),
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

    def _any(self, figure: str) -> bool:
        agreement = self.comparison.comparison.agreement
        tables = (agreement.overall, *agreement.competencies.values())
        return any(getattr(found, figure) is not None for found in tables)

    def _lead(self, overall: Agreement) -> str:
        t, language = self.words, self.words.language
        if overall.icc_ck is None or overall.reason is not None:
            return t("a.lead none", reason=reason(overall.reason, language))
        value = overall.icc_ck
        grade = "good" if value >= 0.75 else "moderate" if value >= 0.5 else "weak"
        return t(f"a.lead {grade}", value=t.hundredths(value))

    def _agreement(self) -> list[dict[str, Any]]:
        agreement = self.comparison.comparison.agreement
        named = [(self.words("overall"), agreement.overall)]
        named += [(self.comparison.name_of(key), f) for key, f in agreement.competencies.items()]
        return [
            {
                "name": name,
                "values": [
                    (self._number(getattr(found, figure)), self._interval(found, figure))
                    for figure in AGREEMENT
                    if self._any(figure) and figure != "k"
                ],
            }
            for name, found in named
        ]

    def _interval(self, found: Agreement, figure: str) -> str:
        ends = found.ci95.get(figure)
        return "" if ends is None else "–".join(self._number(end) for end in ends)

    def _gaps(self) -> list[str]:
        agreement = self.comparison.comparison.agreement
        named = [(self.words("overall"), agreement.overall)]
        named += [(self.comparison.name_of(key), f) for key, f in agreement.competencies.items()]
        return [
            f"{name}: {reason(found.reason, self.words.language)}"
            for name, found in named
            if found.reason is not None
        ]

    def _candidates(self) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        for found in self.comparison.comparison.candidates:
            overall = found.overall
            ends = overall.ci95
            rows.append(
                (
                    found.id,
                    "–" if found.rank is None else str(found.rank),
                    str(overall.n),
                    self._number(overall.mean),
                    self._number(overall.adjusted),
                    self._number(overall.se),
                    "–" if ends is None else " – ".join(self._number(end) for end in ends),
                    self.words.short_chance(found.rank_acceptability[0])
                    if found.rank_acceptability
                    else "–",
                )
            )
        return rows

    def _cells(self) -> list[dict[str, Any]]:
        return [
            {
                "name": self.comparison.name_of(key),
                "rows": [
                    (
                        found.id,
                        found.competencies[key].flag == "discuss",
                        [
                            str(value) if name == "n" else self._number(value)
                            for name in CELL_FIGURES
                            for value in [getattr(found.competencies[key], name)]
                        ],
                    )
                    for found in self.comparison.comparison.candidates
                ],
            }
            for key in self.comparison.comparison.weights
        ]

    def _pairs(self) -> list[tuple[str, str, str, str]]:
        t = self.words
        ranked = {c.id: c.rank or 0 for c in self.comparison.comparison.candidates}
        found = sorted(
            self.comparison.comparison.pairs or (), key=lambda p: ranked[p.b] - ranked[p.a]
        )
        return [
            (pair.a, pair.b, t.chance(pair.p_higher), t(f"verdict.{pair.verdict}"))
            for pair in found[:MOST_PAIRS]
        ]

    def _weights(self) -> list[tuple[str, str, str]]:
        t, comparison = self.words, self.comparison.comparison
        stays = comparison.weight_sensitivity.competencies or {}
        return [
            (
                self.comparison.name_of(key),
                t.percent(round(share, 3)),
                t(
                    "a.weight span",
                    low=t.percent(round(stays[key][0], 2)),
                    high=t.percent(round(stays[key][1], 2)),
                )
                if key in stays
                else "–",
            )
            for key, share in comparison.weights.items()
        ]
