"""Documents of a requisition, each built from what its reader may see and no more."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import and_, or_, select

from recruit.access import takes_part
from recruit.accounts.models import RoleName, User
from recruit.candidates import queries as candidates
from recruit.candidates.naming import check_names_are_shown
from recruit.comparisons.models import Outcome
from recruit.comparisons.queries import called, comparison_for, decisions
from recruit.core.guide import Guide, Section
from recruit.database import db, now
from recruit.documents import onboarding
from recruit.documents.candidate_report import Advice, CandidateReport
from recruit.documents.onboarding import OnboardingPlan
from recruit.documents.own_data import protected
from recruit.documents.panel_agreement import PanelAgreementReport
from recruit.documents.phrases import Words
from recruit.documents.report import Identity
from recruit.guides.models import GuideVersion
from recruit.guides.queries import published_versions
from recruit.interviews.models import Interview, InterviewState, PanelMember
from recruit.requisitions.models import MemberRole, Membership, Requisition, RequisitionState
from recruit.scorecards import queries as scorecards
from recruit.scorecards.independence import withheld_candidates
from recruit.scorecards.models import Scorecard
from recruit.scorecards.states import ScorecardState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from recruit.candidates.models import Candidate
    from recruit.documents.comparison import ComparisonDocument


class RatingsAreWithheld(ValueError):
    """The reader has yet to rate the candidate, so nothing that others wrote is shown."""


class NothingSubmitted(ValueError):
    """There is no submitted rating to make the document of."""


class NobodyIsChosen(ValueError):
    """The decision in force does not offer the candidate the job, or there is none."""


@dataclass(frozen=True)
class CandidateRow:
    """One candidate on the page of documents; ``withheld`` until the reader has rated.

    ``chosen`` when the decision in force offers them the job.
    """

    candidate: Candidate
    scorecards: tuple[Scorecard, ...]
    withheld: bool
    chosen: bool


def rows(reader_id: int, requisition_id: int) -> list[CandidateRow]:
    """Return every candidate with the scorecards that the reader may open."""
    hidden = withheld_candidates(reader_id, requisition_id)
    found: defaultdict[int, list[Scorecard]] = defaultdict(list)
    for card in scorecards.visible_scorecards(reader_id, requisition_id):
        found[card.interview.candidate_id].append(card)
    chosen = offered(requisition_id)
    return [
        CandidateRow(one, tuple(found[one.id]), one.id in hidden, one.id in chosen)
        for one in candidates.candidates(requisition_id)
    ]


def identity(requisition: Requisition, versions: Iterable[GuideVersion] = ()) -> Identity:
    """Return what every document of the requisition carries; guides stand in the rounds' order."""
    in_order = sorted(versions, key=lambda version: (version.guide.position, version.number))
    return Identity(
        title=requisition.title,
        unit=requisition.unit,
        organisation=str(current_app.config["RECRUIT_ORGANISATION"]),
        language=requisition.language,
        generated_at=now(),
        guide_versions=", ".join(f"{v.guide.name} v{v.number}" for v in in_order),
    )


def compared(reader_id: int, requisition: Requisition) -> ComparisonDocument:
    """Return the comparison that the reader may see. Raises NothingSubmitted."""
    document = comparison_for(reader_id, requisition).document
    if document is None:
        raise NothingSubmitted(requisition.id)
    return document


def fresh_comparisons() -> Iterator[tuple[int, ComparisonDocument]]:
    """Return requisition and comparison where a round has become complete within a day.

    One for each way in which those who may see the comparison see it: it differs by whom they have
    yet to rate.
    """
    for requisition in db.session.scalars(
        select(Requisition).where(Requisition.id.in_({place[0] for place in complete_lately()}))
    ):
        readers = {
            withheld_candidates(reader_id, requisition.id): reader_id
            for reader_id in _readers(requisition.id)
        }
        for reader_id in readers.values():
            document = comparison_for(reader_id, requisition).document
            if document is not None:
                yield requisition.id, document


def complete_lately() -> set[tuple[int, int]]:
    """Return requisition and guide of rounds of whose scorecards none is missing, the last new."""
    missing: set[tuple[int, int]] = set()
    last: dict[tuple[int, int], datetime] = {}
    statement = (
        select(Interview.requisition_id, GuideVersion.guide_id, Scorecard.submitted_at)
        .join(GuideVersion, GuideVersion.id == Interview.guide_version_id)
        .join(Requisition, Requisition.id == Interview.requisition_id)
        .join(PanelMember, PanelMember.interview_id == Interview.id)
        .outerjoin(
            Scorecard,
            and_(
                Scorecard.interview_id == Interview.id,
                Scorecard.user_id == PanelMember.user_id,
                Scorecard.state == ScorecardState.SUBMITTED,
            ),
        )
        .where(
            Interview.state != InterviewState.CANCELLED,
            Requisition.state == RequisitionState.OPEN,
            or_(
                Scorecard.submitted_at.is_not(None),
                takes_part(PanelMember.user_id, Interview.requisition_id),
            ),
        )
    )
    for requisition_id, guide_id, submitted in db.session.execute(statement):
        place = (requisition_id, guide_id)
        if submitted is None:
            missing.add(place)
        else:
            last[place] = max(submitted, last.get(place, submitted))
    since = now() - timedelta(days=1)
    return {place for place, at in last.items() if place not in missing and at > since}


def managers(requisition_id: int) -> Sequence[User]:
    """Return the hiring managers who can sign in."""
    return db.session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.requisition_id == requisition_id,
            Membership.role == MemberRole.HIRING_MANAGER,
            User.active,
        )
        .order_by(User.id)
    ).all()


def _readers(requisition_id: int) -> set[int]:
    """Return who may see the comparison and can sign in."""
    recruiters = select(User.id).where(User.roles.any(name=RoleName.RECRUITER), User.active)
    return {*db.session.scalars(recruiters), *(user.id for user in managers(requisition_id))}


def panel_agreement(reader_id: int, requisition: Requisition) -> PanelAgreementReport:
    """Return how far the panel agrees. Raises NothingSubmitted."""
    return PanelAgreementReport(
        identity=identity(requisition, published_versions(requisition.id)),
        comparison=compared(reader_id, requisition),
    )


def candidate_report(
    reader_id: int, requisition: Requisition, candidate_id: int
) -> CandidateReport:
    """Return the report on one candidate.

    Raises RatingsAreWithheld, NothingSubmitted, CandidatesAreLetters, and a 404 error.
    """
    cards = cards_about(reader_id, requisition.id, candidate_id)
    check_names_are_shown(requisition)
    return CandidateReport(
        identity=identity(requisition, {c.interview.guide_version for c in cards}),
        comparison=compared(reader_id, requisition),
        candidate=called(requisition, requisition.language)[candidate_id],
        advice=tuple(
            Advice(
                card.user.name,
                card.interview.guide_version.guide.name,
                card.recommendation,
                card.summary.strip(),
            )
            for card in cards
            if card.recommendation
        ),
    )


def onboarding_plan(reader_id: int, requisition: Requisition, candidate_id: int) -> OnboardingPlan:
    """Return the plan for the candidate who is offered the job.

    Raises RatingsAreWithheld, NothingSubmitted, NobodyIsChosen, and a 404 error.
    """
    cards = cards_about(reader_id, requisition.id, candidate_id)
    if candidate_id not in offered(requisition.id):
        raise NobodyIsChosen(candidate_id)
    document = compared(reader_id, requisition)
    candidate = called(requisition, requisition.language)[candidate_id]
    sections = _sections(card.interview.guide_version for card in cards)
    choice = onboarding.choose(document, candidate)

    names = names_of_others(requisition, candidate_id, (card.interview for card in cards))
    own = candidates.candidate(requisition.id, candidate_id).name
    instead = Words(requisition.language)("o.other person")

    def told(keys: Sequence[str], *, strong: bool = False) -> tuple[onboarding.Growth, ...]:
        found = onboarding.growths(document, candidate, keys, sections, strong=strong)
        return tuple(
            replace(
                growth,
                heard=tuple(protected(text, names, own, instead) for text in growth.heard),
            )
            for growth in found
        )

    return OnboardingPlan(
        identity=identity(requisition, {c.interview.guide_version for c in cards}),
        candidate=candidate,
        build_on=told(choice.build_on, strong=True),
        support=told(choice.support),
        explore=told(choice.explore),
    )


def names_of_others(
    requisition: Requisition, candidate_id: int, met: Iterable[Interview]
) -> list[str]:
    """Return the names of the other candidates and of all who take part in the requisition.

    ``met`` are the interviews whose panels belong to them.
    """
    members = select(Membership.user_id).where(Membership.requisition_id == requisition.id)
    return [
        *(one.name for one in others(requisition.id, candidate_id)),
        *(member.user.name for interview in met for member in interview.panel),
        *db.session.scalars(
            select(User.name).where(User.id.in_(members) | (User.id == requisition.created_by_id))
        ),
    ]


def others(requisition_id: int, candidate_id: int) -> list[Candidate]:
    """Return the other candidates of the requisition by name."""
    return [one for one in candidates.candidates(requisition_id) if one.id != candidate_id]


def offered(requisition_id: int) -> set[int]:
    """Return whom the decision in force offers the job."""
    latest = decisions(requisition_id)[:1]
    return {
        outcome.candidate_id
        for decision in latest
        for outcome in decision.outcomes
        if outcome.outcome == Outcome.OFFERED
    }


def cards_about(reader_id: int, requisition_id: int, candidate_id: int) -> list[Scorecard]:
    """Return the submitted scorecards about one candidate that the reader may see.

    Raises RatingsAreWithheld, NothingSubmitted, and a 404 error for an unknown candidate.
    """
    candidates.candidate(requisition_id, candidate_id)
    if candidate_id in withheld_candidates(reader_id, requisition_id):
        raise RatingsAreWithheld(candidate_id)
    found = [
        card
        for card in scorecards.visible_scorecards(reader_id, requisition_id)
        if card.interview.candidate_id == candidate_id
    ]
    if not found:
        raise NothingSubmitted(candidate_id)
    return found


def _sections(versions: Iterable[GuideVersion]) -> Mapping[str, Section]:
    """Return the part of the guides about each competency, of the first that asks about it."""
    found: dict[str, Section] = {}
    for version in dict.fromkeys(versions):
        guide = Guide.model_validate(version.content)
        for round_ in guide.rounds:
            for section in round_.sections:
                found.setdefault(section.competency, section)
    return found
