"""Writes of scorecards: one verb, one transaction, one audit event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from recruit.audit.actions import record
from recruit.core.guide import Guide
from recruit.database import db, now, write
from recruit.interviews.models import Interview, InterviewState
from recruit.scorecards.models import (
    EvidenceLevel,
    QuestionNote,
    Rating,
    Recommendation,
    Scorecard,
    ScorecardState,
)
from recruit.training.actions import check_done

if TYPE_CHECKING:
    from collections.abc import Mapping

HIGH = 4
"""Scores from here up need evidence of something done."""


@dataclass(frozen=True)
class RatingEntry:
    """What an interviewer has filled in for one competency."""

    score: int | None = None
    evidence_level: EvidenceLevel | None = None
    evidence: str = ""
    not_assessed_reason: str = ""


@dataclass(frozen=True)
class Entries:
    """Everything that an interviewer has filled in; ratings by competency, notes by question."""

    ratings: Mapping[str, RatingEntry] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    recommendation: Recommendation | None = None
    summary: str = ""


@dataclass(frozen=True)
class Gap:
    """Something that must be filled in before submission.

    ``competency`` is None for the recommendation. ``code`` is one of ``not_rated``,
    ``score_and_reason``, ``needs_example``, ``needs_note``, ``needs_level``,
    ``no_recommendation``.
    """

    competency: str | None
    code: str


class ScorecardConflict(ValueError):
    """The scorecard was saved elsewhere after the version that this save builds on."""


class ScorecardIsSubmitted(ValueError):
    """A submitted scorecard is locked."""


class ScorecardIncomplete(ValueError):
    """Submission was refused; ``gaps`` says what is missing."""

    def __init__(self, gaps: list[Gap]) -> None:
        super().__init__(f"{len(gaps)} gaps")
        self.gaps = gaps


class InterviewIsCancelled(ValueError):
    """A cancelled interview takes no ratings."""


def save(interview_id: int, user_id: int, entries: Entries, version: int) -> Scorecard:
    """Store a draft that builds on ``version`` (0 before the first save).

    A save that repeats what is stored is acknowledged again, so that a client may retry when it
    missed the answer. Raises ScorecardConflict, ScorecardIsSubmitted, InterviewIsCancelled, and
    ValueError for competencies or questions that the guide does not have.
    """
    with write():
        return _store(interview_id, user_id, entries, version)


def submit(interview_id: int, user_id: int, entries: Entries, version: int) -> Scorecard:
    """Store and lock. Raises what ``save`` does.

    With the draft saved, raises ScorecardIncomplete and training's TrainingIsLeft.
    """
    with write():
        scorecard = _store(interview_id, user_id, entries, version)
    interview = scorecard.interview
    guide = _guide(interview)
    check_done(interview.requisition_id, user_id, tuple(competencies(guide)))
    missing = gaps(entries, guide)
    if missing:
        raise ScorecardIncomplete(missing)
    with write():
        scorecard = db.session.get_one(Scorecard, scorecard.id)
        if scorecard.state == ScorecardState.SUBMITTED:
            raise ScorecardIsSubmitted(scorecard.id)
        scorecard.state = ScorecardState.SUBMITTED
        scorecard.submitted_at = now()
        interview = scorecard.interview
        if interview.state == InterviewState.PLANNED:
            interview.state = InterviewState.HELD
        record(
            "scorecard.submit",
            actor_id=user_id,
            subject=f"scorecard:{scorecard.id}",
            requisition_id=interview.requisition_id,
        )
    return scorecard


def gaps(entries: Entries, guide: Guide) -> list[Gap]:
    """Return what is missing before the scorecard can be submitted, in the guide's order."""
    found: list[Gap] = []
    for competency in competencies(guide):
        entry = entries.ratings.get(competency, RatingEntry())
        reason = entry.not_assessed_reason.strip()
        if entry.score is None:
            if not reason:
                found.append(Gap(competency, "not_rated"))
            continue
        if reason:
            found.append(Gap(competency, "score_and_reason"))
        if entry.evidence_level is None:
            found.append(Gap(competency, "needs_level"))
        elif entry.score >= HIGH and entry.evidence_level == EvidenceLevel.TALK:
            found.append(Gap(competency, "needs_example"))
        if entry.score >= HIGH and not entry.evidence.strip():
            found.append(Gap(competency, "needs_note"))
    if entries.recommendation is None:
        found.append(Gap(None, "no_recommendation"))
    return found


def competencies(guide: Guide) -> list[str]:
    """Return the competencies that the guide asks about, in order."""
    return list(
        dict.fromkeys(section.competency for round_ in guide.rounds for section in round_.sections)
    )


def _guide(interview: Interview) -> Guide:
    return Guide.model_validate(interview.guide_version.content)


def _store(interview_id: int, user_id: int, entries: Entries, version: int) -> Scorecard:
    interview = db.session.get_one(Interview, interview_id)
    if interview.state == InterviewState.CANCELLED:
        raise InterviewIsCancelled(interview_id)
    guide = _guide(interview)
    questions = {
        question.id
        for round_ in guide.rounds
        for section in round_.sections
        for question in section.questions
    }
    unknown = (set(entries.ratings) - set(competencies(guide))) | (set(entries.notes) - questions)
    if unknown:
        msg = f"not in the guide: {', '.join(sorted(unknown))}"
        raise ValueError(msg)
    scorecard = db.session.scalar(
        select(Scorecard)
        .where(Scorecard.interview_id == interview_id, Scorecard.user_id == user_id)
        .with_for_update()
    )
    if scorecard is None:
        if version != 0:
            raise ScorecardConflict(version)
        scorecard = Scorecard(
            interview_id=interview_id, user_id=user_id, version=0, state=ScorecardState.DRAFT
        )
        db.session.add(scorecard)
    elif scorecard.state == ScorecardState.SUBMITTED:
        raise ScorecardIsSubmitted(scorecard.id)
    elif entries == entries_of(scorecard):
        return scorecard
    elif scorecard.version != version:
        raise ScorecardConflict(version)
    _fill(scorecard, entries)
    scorecard.version += 1
    scorecard.saved_at = now()
    try:
        db.session.flush()
    except IntegrityError as error:
        # The first save from another window came in between.
        raise ScorecardConflict(version) from error
    record(
        "scorecard.save",
        actor_id=user_id,
        subject=f"scorecard:{scorecard.id}",
        requisition_id=interview.requisition_id,
        version=scorecard.version,
    )
    return scorecard


def entries_of(scorecard: Scorecard) -> Entries:
    """Return what the scorecard holds."""
    return Entries(
        ratings={
            rating.competency: RatingEntry(
                score=rating.score,
                evidence_level=EvidenceLevel(rating.evidence_level)
                if rating.evidence_level
                else None,
                evidence=rating.evidence,
                not_assessed_reason=rating.not_assessed_reason,
            )
            for rating in scorecard.ratings
        },
        notes={note.question: note.text for note in scorecard.notes},
        recommendation=Recommendation(scorecard.recommendation)
        if scorecard.recommendation
        else None,
        summary=scorecard.summary,
    )


def _fill(scorecard: Scorecard, entries: Entries) -> None:
    ratings = {rating.competency: rating for rating in scorecard.ratings}
    for competency, entry in entries.ratings.items():
        rating = ratings.get(competency)
        if rating is None:
            rating = Rating(competency=competency)
            scorecard.ratings.append(rating)
        rating.score = entry.score
        rating.evidence_level = entry.evidence_level
        rating.evidence = entry.evidence
        rating.not_assessed_reason = entry.not_assessed_reason
    notes = {note.question: note for note in scorecard.notes}
    for question, text in entries.notes.items():
        note = notes.get(question)
        if note is None:
            note = QuestionNote(question=question)
            scorecard.notes.append(note)
        note.text = text
    scorecard.recommendation = entries.recommendation
    scorecard.summary = entries.summary
