"""Writes of comparisons: that somebody saw one, how candidates are called, what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from recruit.audit.actions import record
from recruit.comparisons.models import DecidedGround, DecidedOutcome, Decision, Outcome
from recruit.comparisons.queries import decidable
from recruit.database import db, write
from recruit.interviews.letters import INVITATIONS
from recruit.mail.actions import drop_kinds
from recruit.requisitions.models import RequisitionState, Work
from recruit.requisitions.work import enter, locked_for
from recruit.scorecards import queries as scorecards
from recruit.scorecards.actions import record_reading
from recruit.scorecards.independence import withheld_candidates
from recruit.scorecards.letters import REOPENED

if TYPE_CHECKING:
    from collections.abc import Mapping


class DecisionHasChanged(ValueError):
    """Somebody decided, or the candidates changed, after the form was opened."""


class DecisionNeedsReason(ValueError):
    """A decision that replaces an earlier one must say why."""


class OwnRatingsFirst(ValueError):
    """Who decides has yet to rate somebody, and may not know what others wrote until then."""


@dataclass(frozen=True)
class OutcomeEntry:
    """What is to be decided about one candidate; ``ratings`` are the numbers of its grounds."""

    outcome: Outcome
    rationale: str
    ratings: tuple[int, ...]


def note_view(requisition_id: int, *, kind: str, actor_id: int) -> None:
    """Record who saw the comparison, and in which form (page, pdf, json, evidence, weights)."""
    record_reading(
        "comparison.view",
        actor_id=actor_id,
        subject=f"requisition:{requisition_id}",
        requisition_id=requisition_id,
        kind=kind,
    )


def set_pseudonymous(requisition_id: int, *, wanted: bool, actor_id: int) -> None:
    """Let comparisons call the candidates by letters until a decision, or by name again.

    Raises RequisitionHasEnded.
    """
    with write():
        requisition = locked_for(requisition_id, Work.RECRUIT)
        if requisition.pseudonymous == wanted:
            return
        requisition.pseudonymous = wanted
        record(
            "requisition.set_pseudonymous",
            actor_id=actor_id,
            subject=f"requisition:{requisition_id}",
            requisition_id=requisition_id,
            wanted=wanted,
        )


def decide(
    requisition_id: int,
    *,
    rationale: str,
    reason: str,
    outcomes: Mapping[int, OutcomeEntry],
    seen: int,
    actor_id: int,
) -> Decision:
    """Keep a decision about every candidate who has not withdrawn, by candidate number.

    ``seen`` is the number of the decision that it replaces, 0 for none; then ``reason`` says why.
    Raises DecisionHasChanged, DecisionNeedsReason, OwnRatingsFirst, RequisitionHasEnded.
    """
    with write():
        requisition = locked_for(requisition_id, Work.DECIDE)
        latest = db.session.scalar(
            select(func.max(Decision.number)).where(Decision.requisition_id == requisition_id)
        )
        if (latest or 0) != seen or set(outcomes) != {c.id for c in decidable(requisition_id)}:
            raise DecisionHasChanged
        if seen and not reason:
            raise DecisionNeedsReason
        if withheld_candidates(actor_id, requisition_id):
            raise OwnRatingsFirst
        enter(requisition, RequisitionState.DECIDED)
        decision = Decision(
            requisition_id=requisition_id,
            number=seen + 1,
            rationale=rationale,
            reason=reason,
            decided_by_id=actor_id,
            outcomes=_outcomes(requisition_id, outcomes, actor_id),
        )
        db.session.add(decision)
        db.session.flush()
        # Nothing that they ask for can be done any more.
        drop_kinds(requisition_id, INVITATIONS | {REOPENED})
        record(
            "decision.make",
            actor_id=actor_id,
            subject=f"decision:{decision.id}",
            requisition_id=requisition_id,
            number=decision.number,
        )
    return decision


def _outcomes(
    requisition_id: int, wanted: Mapping[int, OutcomeEntry], actor_id: int
) -> list[DecidedOutcome]:
    """Return the outcomes with their grounds as they read now. Raises DecisionHasChanged."""
    there = {
        rating.id: (scorecard, rating)
        for scorecard in scorecards.comparable_scorecards(actor_id, requisition_id)
        for rating in scorecard.ratings
    }
    found = []
    for candidate_id, entry in wanted.items():
        outcome = DecidedOutcome(
            candidate_id=candidate_id, outcome=entry.outcome.value, rationale=entry.rationale
        )
        for number in entry.ratings:
            # A rating that was reopened meanwhile, or is about somebody else, grounds nothing.
            if number not in there or there[number][0].interview.candidate_id != candidate_id:
                raise DecisionHasChanged
            scorecard, rating = there[number]
            outcome.grounds.append(
                DecidedGround(
                    rating_id=rating.id,
                    interviewer_id=scorecard.user_id,
                    competency=rating.competency,
                    score=rating.score,
                    evidence=rating.evidence,
                )
            )
        found.append(outcome)
    return found
