"""A comparison as tables: every figure of its JSON, and the ratings behind them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recruit.core.text import harmless
from recruit.documents import conclusions
from recruit.documents.definitions import definitions, reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recruit.core.agreement import Agreement
    from recruit.core.comparison import CandidateResult
    from recruit.documents.comparison import ComparisonDocument

Value = str | float | None
CELL = ("n", "mean", "sd", "minimum", "maximum", "ad", "rwg", "adjusted", "se", "flag")
OVERALL = ("n", "mean", "adjusted", "se")
AGREEMENT = (
    "k",
    "icc1",
    "icc_a1",
    "icc_c1",
    "icc1_k",
    "icc_ak",
    "icc_ck",
    "alpha_interval",
    "alpha_ordinal",
)
ENDS = ("low", "high")
JSON_NAMES = {"minimum": "min", "maximum": "max"}


@dataclass(frozen=True)
class Table:
    """One sheet: ``columns`` are its heads, ``rows`` as wide as they; None is an empty cell."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def tables(document: ComparisonDocument) -> tuple[Table, ...]:
    """Return the comparison as tables in the document's language, the figures unrounded."""
    return (
        _about(document),
        _candidates(document),
        _places(document),
        _cells(document),
        _pairs(document),
        _interviewers(document),
        _agreement(document),
        _weights(document),
        _ratings(document),
        *_informed(document),
        *_conclusions(document),
        _definitions(document),
    )


def figures_csv(document: ComparisonDocument) -> str:
    """Return every figure as CSV, one a row: figure, candidate, other, competency, value.

    ``figure`` is the key that the definitions have; "other" is an interviewer, or the second
    candidate of a pair. Texts that a spreadsheet would take for a formula get an apostrophe.
    """
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(("figure", "candidate", "other", "competency", "value"))
    for figure, candidate, other, competency, value in _figures(document):
        names = map(harmless, (candidate, other, competency))
        writer.writerow((figure, *names, "" if value is None else value))
    return target.getvalue()


def _figures(document: ComparisonDocument) -> Iterator[tuple[str, str, str, str, Value]]:
    comparison = document.comparison
    for key, share in comparison.weights.items():
        yield "weight", "", "", key, share
    for found in comparison.candidates:
        yield from _figures_of(found)
    for interviewer in comparison.interviewers:
        for name in ("n", "severity", "se"):
            yield f"interviewer.{name}", "", interviewer.id, "", getattr(interviewer, name)
    for key, agreed in (("", comparison.agreement.overall), *_by_competency(document)):
        for name in AGREEMENT:
            yield f"agreement.{name}", "", "", key, getattr(agreed, name)
    for pair in comparison.pairs or ():
        yield "pair.p_higher", pair.a, pair.b, "", pair.p_higher
    leader = comparison.weight_sensitivity.leader or ""
    for key, ends in (comparison.weight_sensitivity.competencies or {}).items():
        for end, value in zip(ENDS, ends, strict=True):
            yield f"sensitivity.interval.{end}", leader, "", key, value


def _figures_of(found: CandidateResult) -> Iterator[tuple[str, str, str, str, Value]]:
    yield "overall.rank", found.id, "", "", found.rank
    for name in OVERALL:
        yield f"overall.{name}", found.id, "", "", getattr(found.overall, name)
    for end, value in zip(ENDS, found.overall.ci95 or (None, None), strict=True):
        yield f"overall.ci95.{end}", found.id, "", "", value
    for place, share in enumerate(found.rank_acceptability or (), start=1):
        yield f"overall.rank_acceptability.{place}", found.id, "", "", share
    for key, cell in found.competencies.items():
        for name in CELL:
            yield f"cell.{JSON_NAMES.get(name, name)}", found.id, "", key, getattr(cell, name)


def _by_competency(document: ComparisonDocument) -> list[tuple[str, Agreement]]:
    return list(document.comparison.agreement.competencies.items())


def _values(found: object, names: Iterable[str]) -> tuple[Value, ...]:
    return tuple(getattr(found, name) for name in names)


def _heads(document: ComparisonDocument, *keys: str) -> tuple[str, ...]:
    known = definitions(document.words.language)
    return tuple(known[key].name for key in keys)


def _about(document: ComparisonDocument) -> Table:
    t, design = document.words, document.comparison.design
    scale = document.comparison.scale
    facts: list[tuple[str, Value]] = [
        (t("x.title"), document.title),
        (t("x.unit"), document.unit),
        (t("x.organisation"), document.organisation),
        (t("f.guide"), document.guide_versions),
        (t("x.scale"), t.span(scale.minimum, scale.maximum)),
        (t("x.candidates"), design.candidates),
        (t("x.interviewers"), design.interviewers),
        (t("x.competencies"), design.competencies),
        (t("x.scores"), design.scores),
        (t("x.missing"), design.missing),
        (t("x.df"), design.df),
        (t("f.made"), t.date(document.generated_at)),
        (t("f.hash"), document.content_hash),
    ]
    return Table(t("x.about"), (t("x.fact"), t("x.value")), tuple(facts))


def _candidates(document: ComparisonDocument) -> Table:
    t, language = document.words, document.words.language
    low, high = t("x.interval from"), t("x.interval to")
    heads = (
        t("candidate"),
        *_heads(document, "overall.rank"),
        *_heads(document, *(f"overall.{name}" for name in OVERALL)),
        low,
        high,
        *_heads(document, "overall.rank_acceptability"),
        t("x.why missing"),
    )
    rows = tuple(
        (
            found.id,
            found.rank,
            *(getattr(found.overall, name) for name in OVERALL),
            *(found.overall.ci95 or (None, None)),
            found.rank_acceptability[0] if found.rank_acceptability else None,
            reason(found.overall.reason or found.rank_acceptability_reason, language),
        )
        for found in document.comparison.candidates
    )
    return Table(t("x.overall"), heads, rows)


def _places(document: ComparisonDocument) -> Table:
    t = document.words
    ranked = [found for found in document.comparison.candidates if found.rank_acceptability]
    heads = (t("candidate"), *(t("place", rank=n) for n in range(1, len(ranked) + 1)))
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (found.id, *(found.rank_acceptability or ())) for found in ranked
    )
    return Table(t("x.places"), heads, rows)


def _cells(document: ComparisonDocument) -> Table:
    t = document.words
    keys = (f"cell.{JSON_NAMES.get(name, name)}" for name in CELL)
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            found.id,
            document.name_of(key),
            *_values(cell, CELL[:-1]),
            t(f"x.flag.{cell.flag}"),
        )
        for found in document.comparison.candidates
        for key, cell in found.competencies.items()
    )
    heads = (t("candidate"), t("competency"), *_heads(document, *keys))
    return Table(t("x.by competency"), heads, rows)


def _pairs(document: ComparisonDocument) -> Table:
    t = document.words
    heads = (t("candidate"), t("x.other"), *_heads(document, "pair.p_higher"), t("x.verdict"))
    rows = tuple(
        (pair.a, pair.b, pair.p_higher, t(f"verdict.{pair.verdict}"))
        for pair in document.comparison.pairs or ()
    )
    return Table(t("x.pairs"), heads, rows)


def _interviewers(document: ComparisonDocument) -> Table:
    t = document.words
    keys = ("interviewer.n", "interviewer.severity", "interviewer.se")
    rows = tuple((i.id, i.n, i.severity, i.se) for i in document.comparison.interviewers)
    return Table(t("x.interviewers"), (t("interviewer"), *_heads(document, *keys)), rows)


def _agreement(document: ComparisonDocument) -> Table:
    t, language = document.words, document.words.language
    named = [(t("overall"), document.comparison.agreement.overall)]
    named += [(document.name_of(key), found) for key, found in _by_competency(document)]
    rows = tuple(
        (name, *(getattr(found, figure) for figure in AGREEMENT), reason(found.reason, language))
        for name, found in named
    )
    heads = (
        t("competency"),
        *_heads(document, *(f"agreement.{figure}" for figure in AGREEMENT)),
        t("x.why missing"),
    )
    return Table(t("x.agreement"), heads, rows)


def _weights(document: ComparisonDocument) -> Table:
    t, comparison = document.words, document.comparison
    stays = comparison.weight_sensitivity.competencies or {}
    rows = tuple(
        (document.name_of(key), share, *stays.get(key, (None, None)), document.must_have.get(key))
        for key, share in comparison.weights.items()
    )
    heads = (
        t("competency"),
        *_heads(document, "weight"),
        t("x.weight from"),
        t("x.weight to"),
        t("x.must-have"),
    )
    return Table(t("x.weights"), heads, rows)


def _ratings(document: ComparisonDocument) -> Table:
    t = document.words
    rows = tuple(
        (
            row.candidate,
            row.interviewer,
            document.name_of(row.competency),
            row.round,
            row.score,
            t(row.evidence_level) if row.evidence_level else "",
            row.evidence,
        )
        for row in document.comparison.table.rows
    )
    heads = (
        t("candidate"),
        t("interviewer"),
        t("competency"),
        t("x.round"),
        t("point"),
        t("ground"),
        t("x.evidence"),
    )
    return Table(t("x.ratings"), heads, rows)


def _informed(document: ComparisonDocument) -> Iterator[Table]:
    t = document.words
    heads = (t("candidate"), t("interviewer"), t("x.round"), t("x.left out"))
    rows = tuple((i.candidate, i.interviewer, i.round, i.left_out) for i in document.informed)
    if rows:
        yield Table(t("x.informed"), heads, rows)


def _conclusions(document: ComparisonDocument) -> Iterator[Table]:
    t, found = document.words, conclusions.content(document)
    heads: tuple[str, ...]
    rows: list[tuple[Value, ...]]
    if found["agreed"]:
        heads = (t("candidate"), t("x.topic"), t("x.agreed"), t("x.rationale"), t("x.present"))
        names = ("candidate", "about", "said", "rationale", "present")
        rows = [tuple(item[name] for name in names) for item in found["agreed"]]
        yield Table(t("x.agreed"), heads, tuple(rows))
    if found["decided"]:
        decided = found["decided"]
        heads = (t("candidate"), t("decided"), t("x.rationale"))
        whole = (t("x.whole decision"), decided["said"], decided["rationale"])
        rows = [
            (item["name"], item["outcome"], item["rationale"]) for item in decided["candidates"]
        ]
        yield Table(t("decided"), heads, (whole, *rows))


def _definitions(document: ComparisonDocument) -> Table:
    t = document.words
    rows = tuple(
        (found.name, found.meaning, found.unit, found.formula, found.source, found.key)
        for found in definitions(t.language).values()
    )
    heads = (
        t("x.figure"),
        t("x.meaning"),
        t("x.unit of measure"),
        t("x.formula"),
        t("x.source"),
        "JSON",
    )
    return Table(t("x.definitions"), heads, rows)
