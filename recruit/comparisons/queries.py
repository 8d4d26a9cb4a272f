"""The comparison of a requisition, as one reader may see it, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from flask import abort, current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from recruit.candidates.models import CandidateState
from recruit.candidates.naming import letters_of
from recruit.candidates.queries import candidates
from recruit.comparisons.models import DecidedGround, DecidedOutcome, Decision
from recruit.consensus import queries as consensus
from recruit.consensus.topics import RECOMMENDATION
from recruit.core import comparison as core
from recruit.core import trial
from recruit.core.profile import Profile
from recruit.core.pseudonyms import Veil
from recruit.core.ratings import RatingTable
from recruit.core.text import isolated
from recruit.database import db, now
from recruit.documents.comparison import ComparisonDocument
from recruit.documents.conclusions import AgreedTopic, Decided, DecidedCandidate
from recruit.documents.phrases import Words
from recruit.documents.process import InformedRatings
from recruit.guides.queries import published_versions
from recruit.library import library
from recruit.scorecards import queries as scorecards
from recruit.scorecards.independence import withheld_candidates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recruit.candidates.models import Candidate
    from recruit.core.ratings import Score
    from recruit.guides.models import GuideVersion
    from recruit.requisitions.models import Requisition
    from recruit.scorecards.queries import Informed


@dataclass(frozen=True)
class Selection:
    """What of a comparison is looked at: one round, or some competencies; else everything."""

    guide_id: int | None = None
    competencies: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether something is left out."""
        return self.guide_id is not None or bool(self.competencies)


@dataclass(frozen=True)
class ReadersComparison:
    """A comparison and what was left out of it for its reader.

    ``document`` is None while no rating may be shown. ``withheld`` names candidates whom the
    reader has yet to rate; ``outstanding`` names who has not submitted, with the candidate;
    ``made_after_others`` are the ratings that were made after others' had been open.
    ``called`` is what each candidate goes by, a name or a letter, by number; ``lots`` are the
    numbers of chance by which addresses name them, by what they go by; ``rounds`` are the
    published guides, ``decisions`` what was decided, the latest first.
    """

    document: ComparisonDocument | None
    withheld: tuple[str, ...]
    outstanding: tuple[tuple[str, str], ...]
    made_after_others: tuple[Informed, ...] = ()
    called: Mapping[int, str] = field(default_factory=dict)
    lots: Mapping[str, int] = field(default_factory=dict)
    rounds: Sequence[GuideVersion] = ()
    decisions: Sequence[Decision] = ()
    competencies: Mapping[str, str] = field(default_factory=dict)


def called(requisition: Requisition, language: str) -> dict[int, str]:
    """Return what each candidate goes by in comparisons: a name, or for now a letter."""
    if not requisition.veiled:
        everyone = candidates(requisition.id)
        return scorecards.labels({candidate.id: candidate.name for candidate in everyone})
    return letters_of(requisition, language)


def table_for(
    reader_id: int,
    requisition: Requisition,
    names: Mapping[int, str],
    selection: Selection = Selection(),
) -> RatingTable:
    """Return the ratings that the reader may compare, by letters and without names if so set."""
    table = scorecards.rating_table(
        reader_id, requisition.id, guide_id=selection.guide_id, called=names
    )
    wanted = selection.competencies
    rows = [row for row in table.rows if not wanted or row.competency in wanted]
    veil = _veil(requisition, names)
    rows = [replace(row, evidence=veil.over(row.evidence)) for row in rows]
    return RatingTable(tuple(rows), table.scale)


def _veil(requisition: Requisition, names: Mapping[int, str]) -> Veil:
    """Return what takes the candidates' names out of texts, while letters stand for them."""
    everyone = candidates(requisition.id) if requisition.veiled else []
    return Veil({candidate.name: names[candidate.id] for candidate in everyone})


def comparison_for(
    reader_id: int,
    requisition: Requisition,
    language: str | None = None,
    selection: Selection = Selection(),
) -> ReadersComparison:
    """Return the comparison of a requisition, built from what the reader may see and no more.

    Its words are in ``language``, or in the requisition's.
    """
    language = language or requisition.language
    names = called(requisition, language)
    table = table_for(reader_id, requisition, names, selection)
    hidden = withheld_candidates(reader_id, requisition.id)
    awaited = outstanding(requisition, names)
    profile = Profile.model_validate(requisition.profile)
    named = competency_names(requisition, language)
    versions = published_versions(requisition.id)
    found = ReadersComparison(
        document=None,
        withheld=tuple(name for number, name in names.items() if number in hidden),
        outstanding=awaited,
        called=names,
        lots={names[candidate.id]: candidate.lot for candidate in candidates(requisition.id)},
        rounds=versions,
        decisions=decisions(requisition.id),
        competencies=named,
    )
    informed = tuple(scorecards.made_after_others(reader_id, requisition.id))
    found = replace(found, made_after_others=informed)
    if not any(row.score is not None for row in table.rows):
        return found
    looked_at = [version for version in versions if selection.guide_id in {None, version.guide_id}]
    document = ComparisonDocument(
        comparison=core.build(table, _weights(profile, table)),
        title=requisition.title,
        unit=requisition.unit,
        organisation=str(current_app.config["RECRUIT_ORGANISATION"]),
        language=language,
        generated_at=now(),
        competency_names=named,
        guide_versions=", ".join(f"{v.guide.name} v{v.number}" for v in looked_at),
        rounds=tuple(version.guide.name for version in looked_at),
        must_have=_must_have(profile),
        unrated={} if selection else _unrated(profile, table),
        pending=tuple(f"{isolated(name)} ({isolated(candidate)})" for name, candidate in awaited),
        agreed=_agreed(reader_id, requisition, names, selection, looked_at),
        decided=None if found.withheld else _decided(found),
        informed=_informed(requisition, names, informed, language),
    )
    return replace(found, document=document)


def _informed(
    requisition: Requisition,
    names: Mapping[int, str],
    informed: Sequence[Informed],
    language: str,
) -> tuple[InformedRatings, ...]:
    words, veil = Words(language), _veil(requisition, names)
    return tuple(
        InformedRatings(
            # Who gave the seat knows of whom ratings had been opened, and so whose letter it is.
            candidate="" if requisition.veiled else names[interview.candidate_id],
            interviewer=user.name,
            round=interview.guide_version.guide.name,
            left_out=words(
                "f.left out",
                reason=veil.over(submission.left_out_reason),
                name=submission.left_out_by.name,
                day=words.date(submission.left_out_at),
            )
            if submission.left_out_by and submission.left_out_at
            else "",
        )
        for interview, user, submission in informed
    )


def _agreed(
    reader_id: int,
    requisition: Requisition,
    names: Mapping[int, str],
    selection: Selection,
    looked_at: Sequence[GuideVersion],
) -> tuple[AgreedTopic, ...]:
    rounds = {version.guide.name for version in looked_at}
    veil = _veil(requisition, names)
    return tuple(
        AgreedTopic(
            candidate=names[found.candidate_id],
            round=found.round_name,
            competency="" if found.topic == RECOMMENDATION else found.topic,
            score=found.score,
            recommendation=found.recommendation or "",
            rationale=veil.over(found.rationale),
            present=found.present,
            changed_since=found.changed_since,
        )
        for found in consensus.agreed(reader_id, requisition.id)
        if selection.guide_id is None or found.round_name in rounds
        if not selection.competencies or found.topic in selection.competencies
    )


def _decided(found: ReadersComparison) -> Decided | None:
    if not found.decisions:
        return None
    latest = found.decisions[0]
    return Decided(
        at=latest.decided_at,
        by=latest.decided_by.name,
        rationale=latest.rationale,
        candidates=tuple(
            DecidedCandidate(found.called[one.candidate_id], one.outcome, one.rationale)
            for one in latest.outcomes
        ),
    )


def competency_names(requisition: Requisition, language: str) -> dict[str, str]:
    """Return what the requisition's competencies are called, by their keys."""
    known = library().competencies
    return {
        key: known[key].name.in_(language) if key in known else key
        for key in requisition.profile["competencies"]
    }


def outstanding(requisition: Requisition, names: Mapping[int, str]) -> tuple[tuple[str, str], ...]:
    """Return who has not submitted, with what the candidate goes by.

    Of those who have withdrawn nothing more is awaited.
    """
    return tuple(
        (user.name, names[interview.candidate_id])
        for interview, user in scorecards.outstanding(requisition.id)
        if interview.candidate.state != CandidateState.WITHDRAWN
    )


def guide_ids(requisition_id: int) -> set[int]:
    """Return the numbers of the guides that are in force."""
    return {version.guide_id for version in published_versions(requisition_id)}


def _weights(profile: Profile, table: RatingTable) -> dict[str, float]:
    """Return the weights of what is rated; all alike where the profile gives none of it any."""
    rated = {row.competency for row in table.rows}
    weights = {
        key: float(item.weight) for key, item in profile.competencies.items() if key in rated
    }
    return weights if any(weights.values()) else dict.fromkeys(weights, 1.0)


def _unrated(profile: Profile, table: RatingTable) -> dict[str, float]:
    """Return what the profile weighs and nobody has rated yet, with its share of the weight."""
    rated = {row.competency for row in table.rows}
    weights = {key: item.weight for key, item in profile.competencies.items() if item.weight}
    return {
        key: weight / sum(weights.values()) for key, weight in weights.items() if key not in rated
    }


def unrated(reader_id: int, requisition: Requisition) -> list[str]:
    """Return the keys of what the profile weighs and nobody whom the reader may see has rated."""
    names = called(requisition, requisition.language)
    profile = Profile.model_validate(requisition.profile)
    return list(_unrated(profile, table_for(reader_id, requisition, names)))


def _must_have(profile: Profile) -> dict[str, int]:
    return {
        key: item.must_have
        for key, item in profile.competencies.items()
        if item.must_have is not None
    }


@dataclass(frozen=True)
class Weighed:
    """The ratings that a reader may compare, and the weights that the requisition gives them.

    Without a score there is nothing to weigh, and ``weights`` is empty.
    """

    table: RatingTable
    weights: dict[str, float]

    @property
    def per_cent(self) -> dict[str, float]:
        """The shares of the weight, in per cent."""
        return _per_cent(core.shares(self.table, self.weights)) if self.weights else {}

    def under(self, weights: Mapping[str, float]) -> TriedWeights:
        """Return the order under other weights. Raises ValueError as ``comparison.shares`` does."""
        return TriedWeights(trial.tried(self.table, self.weights), trial.tried(self.table, weights))


@dataclass(frozen=True)
class TriedWeights:
    """The order under weights that somebody tries, beside that under the requisition's own."""

    now: trial.Trial
    then: trial.Trial


def weighed(reader_id: int, requisition: Requisition, language: str) -> Weighed:
    """Return the ratings that the reader may compare, with their weights."""
    table = table_for(reader_id, requisition, called(requisition, language))
    profile = Profile.model_validate(requisition.profile)
    there = any(row.score is not None for row in table.rows)
    return Weighed(table, _weights(profile, table) if there else {})


def in_per_cent(found: ReadersComparison) -> dict[str, float]:
    """Return the shares of the weight in a comparison, in per cent."""
    return _per_cent(found.document.comparison.weights if found.document else {})


def _per_cent(shares: Mapping[str, float]) -> dict[str, float]:
    return {key: round(100 * share, 1) for key, share in shares.items()}


def evidence(
    reader_id: int, requisition: Requisition, lot: int, competency: str, language: str
) -> tuple[str, list[Score]]:
    """Return what a candidate goes by, and every rating of one competency that the reader may see.

    A 404 error where there is none, or none that the reader may see.
    """
    names = called(requisition, language)
    table = table_for(reader_id, requisition, names)
    name = next((names[one.id] for one in candidates(requisition.id) if one.lot == lot), None)
    rows = [r for r in table.rows if r.candidate == name and r.competency == competency]
    if name is None or not rows:
        abort(404)
    return name, rows


def decisions(requisition_id: int) -> Sequence[Decision]:
    """Return the decisions of a requisition with all that they hold, the latest first."""
    return db.session.scalars(
        select(Decision)
        .where(Decision.requisition_id == requisition_id)
        .options(
            joinedload(Decision.decided_by),
            selectinload(Decision.outcomes).joinedload(DecidedOutcome.candidate),
            selectinload(Decision.outcomes)
            .selectinload(DecidedOutcome.grounds)
            .joinedload(DecidedGround.interviewer),
        )
        .order_by(Decision.number.desc())
    ).all()


@dataclass(frozen=True)
class Choosable:
    """A rating that a decision can rest on; ``rating_id`` is its number."""

    rating_id: int
    interviewer: str
    competency: str
    score: int | None
    evidence: str


def choosable(
    reader_id: int, requisition: Requisition, language: str
) -> dict[int, list[Choosable]]:
    """Return the evidence that the reader may see, by candidate, as a decision may rest on it."""
    names = called(requisition, language)
    veil = _veil(requisition, names)
    found: dict[int, list[Choosable]] = {}
    for scorecard in scorecards.comparable_scorecards(reader_id, requisition.id):
        found.setdefault(scorecard.interview.candidate_id, []).extend(
            Choosable(
                rating.id,
                scorecard.user.name,
                rating.competency,
                rating.score,
                veil.over(rating.evidence),
            )
            for rating in scorecard.ratings
            if rating.evidence.strip()
        )
    return found


def decidable(requisition_id: int) -> Sequence[Candidate]:
    """Return the candidates whom a decision is about: all who have not withdrawn."""
    return [c for c in candidates(requisition_id) if c.state != CandidateState.WITHDRAWN]
