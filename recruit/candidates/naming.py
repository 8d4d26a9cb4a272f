"""What candidates go by: their names, or letters until the decision where a requisition so chose.

While they are letters, whoever may compare them reads letters wherever others' ratings stand;
anywhere else a name is read by who plans the interviews or holds one with the candidate, and by
nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from flask_babel import get_locale
from sqlalchemy import select

from recruit.access import Permission, known_candidates, may
from recruit.candidates.models import Candidate
from recruit.candidates.queries import candidates
from recruit.core.pseudonyms import Veil, letters
from recruit.database import db
from recruit.documents.phrases import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from recruit.requisitions.models import Requisition

T = TypeVar("T")


class CandidatesAreLetters(ValueError):
    """What is asked for would tell which letter of the comparison is whose."""


@dataclass(frozen=True)
class Names:
    """What one reader calls the candidates of a requisition in one kind of place."""

    letters: Mapping[int, str] = field(default_factory=dict)
    veil: Veil = field(default_factory=lambda: Veil({}))

    def of(self, candidate: Candidate) -> str:
        """Return what a candidate goes by."""
        return self.letters.get(candidate.id, candidate.name)

    def in_order(self, rows: Iterable[T], candidate_of: Callable[[T], Candidate]) -> list[T]:
        """Return the rows as they are or, where letters stand, in the order of what is read.

        Else their order, which follows the names, would tell whose letter is whose.
        """
        if not self.letters:
            return list(rows)
        return sorted(rows, key=lambda row: self.of(candidate_of(row)))

    def within(self, text: str) -> str:
        """Return a text without the names that the reader does not read."""
        return self.veil.over(text)


def where_ratings_stand(reader: Any, requisition: Requisition) -> Names:
    """Return what the reader calls candidates beside others' ratings, outside the comparison."""
    if not requisition.veiled or not may(reader, Permission.COMPARISON_VIEW, requisition.id):
        return Names()
    return _letters_but_for(set(), requisition)


def elsewhere(reader: Any, requisition: Requisition) -> Names:
    """Return what the reader calls candidates beside no ratings, or those of own interviews."""
    if not requisition.veiled:
        return Names()
    everybody = select(Candidate.id).where(Candidate.requisition_id == requisition.id)
    return _letters_but_for(
        set(db.session.scalars(known_candidates(reader, everybody))), requisition
    )


def _letters_but_for(known: set[int], requisition: Requisition) -> Names:
    given = letters_of(requisition, str(get_locale()))
    unknown = [one for one in candidates(requisition.id) if one.id not in known]
    return Names(
        {one.id: given[one.id] for one in unknown},
        Veil({one.name: given[one.id] for one in unknown}),
    )


def letters_of(requisition: Requisition, language: str) -> dict[int, str]:
    """Return each candidate's letter as it is written, whether or not letters are shown now."""
    words = Words(language)
    keys = {str(one.lot): one.id for one in candidates(requisition.id)}
    given = letters(keys)
    return {number: words("pseudonym", letter=given[key]) for key, number in keys.items()}


def check_names_are_shown(requisition: Requisition) -> None:
    """Raise CandidatesAreLetters while they are."""
    if requisition.veiled:
        raise CandidatesAreLetters(requisition.id)


def check_is_known(reader: Any, requisition: Requisition, candidate: Candidate) -> None:
    """Raise CandidatesAreLetters when the reader knows the candidate by a letter only."""
    if candidate.id in elsewhere(reader, requisition).letters:
        raise CandidatesAreLetters(requisition.id)
