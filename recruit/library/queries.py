"""Reads of the competency library: what a reader looks for in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from flask import abort

from recruit.core.library import Kind
from recruit.library import library

if TYPE_CHECKING:
    from recruit.core.library import Claim, Competency, Question


@dataclass(frozen=True)
class Found:
    """The questions of one competency that answer to a search."""

    competency: Competency
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Search:
    """What is looked for; an empty field leaves that side open."""

    words: str = ""
    competency: str = ""
    kind: str = ""
    level: str = ""
    sector: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether nothing is asked for."""
        return not any(vars(self).values())


def find(search: Search, language: str) -> list[Found]:
    """Return the questions that fit and hold every word, by competency.

    Words are looked for in question, background, probes and the competency's name.
    """
    words = search.words.casefold().split()
    found = []
    for competency in library().competencies.values():
        if search.competency not in {"", competency.id}:
            continue
        questions = tuple(
            question
            for question in competency.questions
            if search.kind in {"", question.kind}
            and question.fits(search.level or None, search.sector or None)
            and all(word in _text(competency, question, language) for word in words)
        )
        if questions:
            found.append(Found(competency, questions))
    return found


def competency(key: str) -> Competency:
    """Return one competency. Raises a 404 error when there is none."""
    return library().competencies.get(key) or abort(404)


def question(key: str) -> tuple[Competency, Question]:
    """Return one question and its competency. Raises a 404 error when there is none."""
    both = (
        (found, asked) for found in library().competencies.values() for asked in found.questions
    )
    return next((pair for pair in both if pair[1].id == key), None) or abort(404)


def by_kind(found: Competency) -> dict[str, list[Question]]:
    """Return the competency's questions by kind, in the order in which kinds are named."""
    kinds = {kind: [q for q in found.questions if q.kind == kind] for kind in get_args(Kind)}
    return {kind: questions for kind, questions in kinds.items() if questions}


def claims_of(found: Competency) -> list[Claim]:
    """Return the claims that the competency's indicators stand for, in the table's order."""
    cited = {claim for indicator in found.indicators for claim in indicator.source}
    return [claim for claim in library().claims.claims if claim.id in cited]


def _text(competency: Competency, question: Question, language: str) -> str:
    texts = [competency.name, question.text, *question.probes]
    if question.background is not None:
        texts.append(question.background)
    return "\n".join(text.in_(language) for text in texts).casefold()
