"""Writes of reports: that somebody saw one, and the merits of those who were hired or called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recruit.audit.actions import record
from recruit.candidates.models import Candidate
from recruit.database import db, now, write
from recruit.guides.models import Guide
from recruit.mail.actions import put
from recruit.reports.letters import comparison_ready
from recruit.reports.merits import check_are_due, merit_statement
from recruit.reports.models import MeritStatement
from recruit.reports.queries import complete_lately, managers
from recruit.requisitions.models import Requisition
from recruit.scorecards.actions import record_reading

if TYPE_CHECKING:
    from collections.abc import Collection


def note_view(
    requisition_id: int,
    *,
    subject: str,
    kind: str,
    actor_id: int,
    about: Collection[int] | None = None,
) -> None:
    """Record who saw a document; ``subject`` is what it is about ("candidate:3").

    ``about`` holds the candidates of whom it tells what others wrote, None for all.
    """
    record_reading(
        "report.view",
        actor_id=actor_id,
        subject=subject,
        requisition_id=requisition_id,
        about=about,
        kind=kind,
    )


def tell_complete() -> None:
    """Tell the hiring managers of rounds whose last scorecard has arrived, once for each round."""
    with write():
        for requisition_id, guide_id in sorted(complete_lately()):
            requisition = db.session.get_one(Requisition, requisition_id)
            round_name = db.session.get_one(Guide, guide_id).name
            for manager in managers(requisition_id):
                put(comparison_ready(requisition, guide_id, round_name, manager))


def write_merits(
    requisition_id: int,
    candidate_id: int,
    *,
    education: str,
    experience: str,
    other: str,
    actor_id: int,
) -> None:
    """Store what an applicant who asks may know about a candidate. Raises MeritsAreNotDue."""
    with write():
        # The candidate, who is there already: of two first statements the second waits.
        db.session.get_one(Candidate, candidate_id, with_for_update=True)
        check_are_due(requisition_id, candidate_id)
        found = merit_statement(candidate_id)
        if found is None:
            found = MeritStatement(candidate_id=candidate_id)
            db.session.add(found)
        found.education, found.experience, found.other = education, experience, other
        found.written_at, found.written_by_id = now(), actor_id
        record(
            "merits.write",
            actor_id=actor_id,
            subject=f"candidate:{candidate_id}",
            requisition_id=requisition_id,
        )
