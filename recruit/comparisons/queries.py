"""The comparison of a requisition, as one reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

from recruit.candidates.queries import candidates
from recruit.core import comparison as core
from recruit.core.profile import Profile
from recruit.database import now
from recruit.documents.comparison import ComparisonDocument
from recruit.guides.queries import published_versions
from recruit.library import library
from recruit.scorecards import queries as scorecards
from recruit.scorecards.independence import withheld_candidates

if TYPE_CHECKING:
    from recruit.accounts.models import User
    from recruit.interviews.models import Interview
    from recruit.requisitions.models import Requisition


@dataclass(frozen=True)
class ReadersComparison:
    """A comparison and what was left out of it for its reader.

    ``document`` is None while no rating may be shown. ``withheld`` names candidates whom the
    reader has yet to rate; ``outstanding`` names who has not submitted, with the candidate;
    ``made_after_others`` whose ratings were changed after the others' had been open to them.
    """

    document: ComparisonDocument | None
    withheld: tuple[str, ...]
    outstanding: tuple[tuple[str, str], ...]
    made_after_others: tuple[tuple[Interview, User], ...] = ()


def comparison_for(
    reader_id: int, requisition: Requisition, language: str | None = None
) -> ReadersComparison:
    """Return the comparison of a requisition, built from what the reader may see and no more.

    Its words are in ``language``, or in the requisition's.
    """
    language = language or requisition.language
    table = scorecards.rating_table(reader_id, requisition.id)
    hidden = withheld_candidates(reader_id, requisition.id)
    withheld = tuple(c.name for c in candidates(requisition.id) if c.id in hidden)
    outstanding = tuple(
        (user.name, interview.candidate.name)
        for interview, user in scorecards.outstanding(requisition.id)
    )
    if not any(row.score is not None for row in table.rows):
        return ReadersComparison(None, withheld, outstanding)
    profile = Profile.model_validate(requisition.profile)
    rated = {row.competency for row in table.rows}
    weights = {key: item.weight for key, item in profile.competencies.items() if key in rated}
    known = library().competencies
    versions = published_versions(requisition.id)
    document = ComparisonDocument(
        comparison=core.build(table, weights),
        title=requisition.title,
        unit=requisition.unit,
        organisation=str(current_app.config["RECRUIT_ORGANISATION"]),
        language=language,
        generated_at=now(),
        competency_names={
            key: known[key].name.in_(language) if key in known else key
            for key in profile.competencies
        },
        guide_versions=", ".join(f"{v.guide.name} v{v.number}" for v in versions),
        rounds=tuple(version.guide.name for version in versions),
        must_have={
            key: item.must_have
            for key, item in profile.competencies.items()
            if item.must_have is not None
        },
        pending=tuple(f"{name} ({candidate})" for name, candidate in outstanding),
    )
    return ReadersComparison(
        document,
        withheld,
        outstanding,
        tuple(scorecards.made_after_others(reader_id, requisition.id)),
    )
