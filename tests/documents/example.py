"""A small made-up recruitment as documents, and what every document of ours must be."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import pikepdf

from recruit.core import comparison, guide, planner
from recruit.core.ratings import RatingTable, Scale, Score
from recruit.documents.blank_scorecard import BlankScorecard
from recruit.documents.comparison import ComparisonDocument
from recruit.documents.kit import InterviewerKit
from recruit.documents.question_sheet import QuestionSheet
from tests.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MADE = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
NAMES = {
    "clear-frames": "Tydliga mål och ramar",
    "autonomy": "Handlingsutrymme och mandat",
    "feedback": "Återkoppling och uppskattning",
}
PANEL = ("Ivar Test", "Johanna Skiss", "Hanna Prov", "Kim Utkast")
SCORES: dict[str, tuple[tuple[int | None, ...], ...]] = {
    "Amina Exempel": ((5, 4, 4, 4), (4, 4, 5, 4), (4, 3, 4, 4)),
    "Björn Fiktiv": ((4, 4, 5, 4), (5, 4, 2, 4), (3, 4, 4, 3)),
    "Carin Låtsas": ((3, 3, 4, 3), (3, 3, 3, None), (4, 5, 4, 5)),
    "David Påhitt": ((3, 2, 3, 3), (2, 3, 2, 3), (3, 3, 2, 3)),
    "Elsa Modell": ((2, 2, 2, 1), (2, 1, 2, 2), (2, 3, 2, 2)),
}
LEVELS = {1: "talk", 2: "talk", 3: "example", 4: "example", 5: "pattern"}


def table(
    scores: Mapping[str, tuple[tuple[int | None, ...], ...]] = SCORES,
    panel: tuple[str, ...] = PANEL,
    competencies: tuple[str, ...] = tuple(NAMES),
    scale: Scale | None = None,
    *,
    evidence: bool = True,
) -> RatingTable:
    return RatingTable(
        tuple(
            Score(
                candidate,
                interviewer,
                competency,
                score,
                f"{candidate} om {competency}: lät gruppen besluta, enligt {interviewer}."
                if evidence
                else "",
                LEVELS.get(score) if evidence and score else None,
            )
            for candidate, rows in scores.items()
            for competency, row in zip(competencies, rows, strict=True)
            for interviewer, score in zip(panel, row, strict=True)
        ),
        scale or Scale(),
    )


def document(rows: RatingTable | None = None, **changes: Any) -> ComparisonDocument:
    values: dict[str, Any] = {
        "comparison": comparison.build(rows or table()),
        "title": "Enhetschef i hemtjänsten",
        "unit": "Hemtjänsten i Exempelby",
        "organisation": "Exempelkommunen",
        "language": "sv",
        "generated_at": MADE,
        "competency_names": NAMES,
        "guide_versions": "Första intervjun v3",
        "rounds": ("Första intervjun", "Fördjupande intervju"),
        "must_have": {"autonomy": 3},
        "pending": ("Kim Utkast (Carin Låtsas)",),
    }
    return ComparisonDocument(**(values | changes))


@cache
def guide_for(language: str, role: str = "head-of-unit-home-care") -> guide.Guide:
    library = shipped()
    wanted = library.roles[role]
    return guide.compose(library, wanted, planner.plan(library, wanted), language)


def _guide_document(language: str, changes: dict[str, Any]) -> dict[str, Any]:
    guide = changes.get("guide", guide_for(language))
    return {
        "guide": guide,
        "round_index": None,
        "organisation": "Exempelkommunen",
        "version": "3",
        "generated_at": MADE,
        "post": guide.title,
    } | changes


def kit(language: str = "sv", **changes: Any) -> InterviewerKit:
    nobody = {"candidate": None, "interviewer": None}
    return InterviewerKit(**_guide_document(language, nobody | changes))


def question_sheet(language: str = "sv", **changes: Any) -> QuestionSheet:
    return QuestionSheet(**_guide_document(language, changes))


def scorecard(language: str = "sv", *, fillable: bool, **changes: Any) -> BlankScorecard:
    return BlankScorecard(**_guide_document(language, {"fillable": fillable} | changes))


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield every element of the structure tree, in reading order."""
    pending = [pdf.Root.StructTreeRoot.K]
    while pending:
        found = pending.pop()
        if isinstance(found, pikepdf.Array):
            pending.extend(reversed(list(found)))
        elif isinstance(found, pikepdf.Dictionary) and "/S" in found:
            yield found
            if "/K" in found:
                pending.append(found.K)


def assert_accessible(pdf: pikepdf.Pdf, *, title: str, language: str) -> None:
    """Check what PDF/UA-1 asks of the whole document and of its tables and figures."""
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang) == language
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == title
    found = list(elements(pdf))
    kinds = [str(element.S) for element in found]
    assert kinds.count("/H1") >= 1
    levels = [int(kind[2:]) for kind in kinds if kind[:2] == "/H" and kind[2:].isdigit()]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    heads = [element for element in found if element.S == pikepdf.Name.TH]
    assert heads
    assert {str(element.A.Scope) for element in heads} <= {"/Column", "/Row"}
    for element in found:
        if str(element.S) == "/Figure":
            assert str(element.Alt).strip()
