"""Whose merits are told to whom (the Discrimination Act, 2008:567, chapter 2 section 4).

An applicant who was not employed may ask about the one who was; an applicant who was not called to
an interview may ask about those who were, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort
from sqlalchemy import select

from recruit.candidates import queries as candidates
from recruit.database import db
from recruit.documents.merits import MeritInformation
from recruit.interviews.models import Interview, InterviewState
from recruit.reports.models import MeritStatement
from recruit.reports.queries import identity, offered, others

if TYPE_CHECKING:
    from recruit.candidates.models import Candidate
    from recruit.requisitions.models import Requisition


class MeritsAreNotDue(ValueError):
    """Nobody may ask for the candidate's merits, or this applicant may not."""


def called(requisition_id: int) -> set[int]:
    """Return who is called to an interview, cancelled ones left out."""
    return set(
        db.session.scalars(
            select(Interview.candidate_id).where(
                Interview.requisition_id == requisition_id,
                Interview.state != InterviewState.CANCELLED,
            )
        )
    )


def check_are_due(requisition_id: int, candidate_id: int) -> None:
    """Raise MeritsAreNotDue when the candidate is neither offered the job nor called."""
    if candidate_id not in offered(requisition_id) | called(requisition_id):
        raise MeritsAreNotDue(candidate_id)


def entitled(requisition_id: int, candidate_id: int) -> list[Candidate]:
    """Return the applicants who may ask for the candidate's merits, by name."""
    hired, met = offered(requisition_id), called(requisition_id)
    if candidate_id in hired:
        refused = hired
    elif candidate_id in met:
        refused = hired | met
    else:
        return []
    return [one for one in others(requisition_id, candidate_id) if one.id not in refused]


def merit_statement(candidate_id: int) -> MeritStatement | None:
    """Return a candidate's merits, or None when nobody has written them."""
    return db.session.scalar(
        select(MeritStatement).where(MeritStatement.candidate_id == candidate_id)
    )


def merit_information(
    requisition: Requisition, candidate_id: int, applicant_id: int
) -> MeritInformation:
    """Return a candidate's merits for another applicant. Raises MeritsAreNotDue and a 404 error."""
    candidates.candidate(requisition.id, candidate_id)
    applicant = candidates.candidate(requisition.id, applicant_id)
    found = merit_statement(candidate_id)
    if found is None or applicant_id == candidate_id:
        abort(404)
    if applicant not in entitled(requisition.id, candidate_id):
        raise MeritsAreNotDue(applicant_id)
    return MeritInformation(
        identity=identity(requisition),
        applicant=applicant.name,
        hired=candidate_id in offered(requisition.id),
        education=found.education,
        experience=found.experience,
        other=found.other,
    )
