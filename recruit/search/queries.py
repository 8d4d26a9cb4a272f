"""Reads of the search: what there is by the words of its name, as far as the reader may know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from recruit.access import known_candidates, own_requisitions
from recruit.candidates.models import Candidate
from recruit.database import db
from recruit.guides.models import Guide, GuideVersion
from recruit.library import library
from recruit.requisitions.models import Requisition
from recruit.search.words import holds, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recruit.core.library import Competency, Question

MOST = 20
"""Shown of each kind; whoever looks for more writes more."""


@dataclass(frozen=True)
class Found:
    """What answers to the words, at most ``MOST`` of each kind.

    ``cut`` names the kinds of which there is more.
    """

    requisitions: Sequence[Requisition]
    candidates: Sequence[Candidate]
    guides: Sequence[Guide]
    competencies: Sequence[Competency]
    questions: Sequence[tuple[Competency, Question]]
    cut: frozenset[str]

    @property
    def number(self) -> int:
        """Return how much is shown."""
        kinds = (
            self.requisitions,
            self.candidates,
            self.guides,
            self.competencies,
            self.questions,
        )
        return sum(map(len, kinds))


def find(wanted: Sequence[str], reader: Any, language: str) -> Found:
    """Return what answers to the words (folded, at least one) and the reader may know of.

    Competencies and questions are read in the language.
    """
    kinds: dict[str, Sequence[Any]] = {
        "requisitions": _requisitions(wanted, reader),
        "candidates": _candidates(wanted, reader),
        "guides": _guides(wanted, reader),
        "competencies": _competencies(wanted, language),
        "questions": _questions(wanted, language),
    }
    cut = frozenset(kind for kind, rows in kinds.items() if len(rows) > MOST)
    return Found(**{kind: rows[:MOST] for kind, rows in kinds.items()}, cut=cut)


def _requisitions(wanted: Sequence[str], reader: Any) -> Sequence[Requisition]:
    statement = (
        select(Requisition)
        .where(named(wanted, [Requisition.title, Requisition.unit], []))
        .order_by(Requisition.created_at.desc(), Requisition.id.desc())
        .limit(MOST + 1)
    )
    return db.session.scalars(own_requisitions(reader, statement, Requisition.id)).all()


def _candidates(wanted: Sequence[str], reader: Any) -> Sequence[Candidate]:
    statement = (
        select(Candidate)
        .join(Candidate.requisition)
        .where(named(wanted, [Candidate.name], [Requisition.title, Requisition.unit]))
        .options(contains_eager(Candidate.requisition))
        .order_by(Candidate.name, Candidate.id)
        .limit(MOST + 1)
    )
    return db.session.scalars(known_candidates(reader, statement)).all()


def _guides(wanted: Sequence[str], reader: Any) -> Sequence[Guide]:
    statement = (
        select(Guide)
        .join(Guide.requisition)
        .where(named(wanted, [Guide.name], [Requisition.title, Requisition.unit]))
        .options(
            contains_eager(Guide.requisition),
            selectinload(Guide.versions).defer(GuideVersion.content),
        )
        .order_by(Requisition.created_at.desc(), Guide.requisition_id.desc(), Guide.position)
        .limit(MOST + 1)
    )
    return db.session.scalars(own_requisitions(reader, statement, Guide.requisition_id)).all()


def _competencies(wanted: Sequence[str], language: str) -> list[Competency]:
    return [
        competency
        for competency in library().competencies.values()
        if holds(competency.name.in_(language), wanted)
    ]


def _questions(wanted: Sequence[str], language: str) -> list[tuple[Competency, Question]]:
    every: Iterable[tuple[Competency, Question]] = (
        (competency, question)
        for competency in library().competencies.values()
        for question in competency.questions
    )
    return [pair for pair in every if holds(pair[1].text.in_(language), wanted)][: MOST + 1]
