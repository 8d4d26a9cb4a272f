"""How the comparison came about: weights, guide, panel, what is missing, checksum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recruit.core.text import isolated
from recruit.documents.grounds import clip

if TYPE_CHECKING:
    from recruit.core.comparison import InterviewerResult
    from recruit.documents.comparison import ComparisonDocument


@dataclass(frozen=True)
class InformedRatings:
    """Ratings that were made after others' of the candidate had been open to their author.

    ``candidate`` is empty while letters stand for names. ``left_out`` says in one line who left
    them out of the figures, when and why; it is empty for those that count.
    """

    candidate: str
    interviewer: str
    round: str
    left_out: str


def content(document: ComparisonDocument) -> dict[str, Any]:
    """Return the facts about the process, by the names that templates use."""
    return {
        "weights": [
            f"{document.name_of(key)} {document.words.percent(share)}"
            for key, share in document.comparison.weights.items()
        ],
        "process": _process(document),
        "informed": [_informed_name(document, found) for found in document.informed],
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
        (t("f.informed"), [_informed_line(document, found) for found in document.informed]),
        (t("f.missing"), _missing(document)),
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


def _informed_name(document: ComparisonDocument, ratings: InformedRatings) -> str:
    name = isolated(ratings.interviewer)
    candidate = document.short_names.get(ratings.candidate, ratings.candidate)
    return f"{name} ({isolated(candidate)})" if candidate else name


def _informed_line(document: ComparisonDocument, ratings: InformedRatings) -> str:
    line = document.words(
        "f.informed by" if ratings.candidate else "f.informed by whom",
        name=isolated(ratings.interviewer),
        a=isolated(ratings.candidate),
        round=ratings.round,
    )
    return f"{line}. {ratings.left_out}" if ratings.left_out else line


def _count(document: ComparisonDocument) -> str:
    rows = document.comparison.table.rows
    given = sum(row.score is not None for row in rows)
    if given == len(rows):
        return document.words("f.rating count full", n=given)
    return document.words("f.rating count", n=given, gaps=len(rows) - given)


def _missing(document: ComparisonDocument) -> list[str]:
    """Return each "not assessed" with who gave it, and why."""
    t = document.words
    return [
        t(
            "f.missing by",
            a=row.candidate,
            x=t.inside(document.name_of(row.competency)),
            name=row.interviewer,
            reason=clip(row.evidence) or t("no reason given"),
        )
        for row in document.comparison.table.rows
        if row.score is None
    ]


def _member(document: ComparisonDocument, interviewer: InterviewerResult) -> str:
    return f"{isolated(interviewer.id)}: {document.words.count('candidates', interviewer.n)}"
