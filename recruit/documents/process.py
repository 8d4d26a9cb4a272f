"""How the comparison came about: weights, guide, panel, what is missing, checksum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recruit.core.comparison import InterviewerResult
    from recruit.documents.comparison import ComparisonDocument


def content(document: ComparisonDocument) -> dict[str, Any]:
    """Return the facts about the process, by the names that templates use."""
    return {
        "weights": [
            f"{document.name_of(key)} {document.words.percent(share)}"
            for key, share in document.comparison.weights.items()
        ],
        "process": _process(document),
    }


def _process(document: ComparisonDocument) -> list[tuple[str, list[str]]]:
    t, comparison = document.words, document.comparison
    groups = [] if comparison.design.comparable else comparison.design.groups
    rows = [
        (t("f.guide"), [document.guide_versions]),
        (t("f.rounds"), list(document.rounds)),
        (t("f.panel"), [_member(document, found) for found in comparison.interviewers]),
        (t("f.groups"), [t.join(group) for group in groups]),
        (t("f.ratings"), [_count(document)]),
        (t("settle.pending").rstrip(":"), list(document.pending)),
        (t("f.missing"), _missing(document) or [t("f.nothing missing")]),
        (
            t("f.must-haves"),
            [
                t("f.at least", x=document.name_of(key), limit=limit)
                for key, limit in document.must_have.items()
            ],
        ),
        (t("f.made"), [t.date(document.generated_at)]),
        (t("f.hash"), [f"{document.content_hash} ({t('f.hash note')})"]),
    ]
    return [(head, lines) for head, lines in rows if any(lines)]


def _count(document: ComparisonDocument) -> str:
    design = document.comparison.design
    return document.words(
        "f.rating count" if design.missing else "f.rating count full",
        n=design.scores,
        missing=design.missing,
        possible=design.candidates * design.interviewers * design.competencies,
    )


def _missing(document: ComparisonDocument) -> list[str]:
    by_candidate: dict[str, list[str]] = {}
    for name, key in document.unassessed:
        competency = document.words.inside(document.name_of(key))
        by_candidate.setdefault(name, []).append(competency)
    return [f"{name}: {document.words.join(found)}" for name, found in by_candidate.items()]


def _member(document: ComparisonDocument, interviewer: InterviewerResult) -> str:
    t = document.words
    values: dict[str, object] = {
        "name": interviewer.id,
        "candidates": t.count("candidates", interviewer.n),
    }
    if interviewer.severity is None or document.comparison.design.interviewers == 1:
        return t("severity.unknown", **values)
    amount = t.score(abs(interviewer.severity))
    if amount == t.score(0):
        return t("severity.level", **values)
    kind = "generous" if interviewer.severity > 0 else "strict"
    return t(f"severity.{kind}", x=amount, **values)
