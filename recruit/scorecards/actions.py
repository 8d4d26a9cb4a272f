"""Writes of scorecards: one verb, one transaction, one audit event.

A draft is saved every other second while an interview goes on. The trail tells that it was begun
and that it was submitted; the saves in between are versions of the draft, not events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from recruit.access import takes_part
from recruit.audit.actions import record
from recruit.database import db, now, write
from recruit.guides.models import GuideVersion
from recruit.guides.queries import content, content_of
from recruit.interviews.models import Interview, InterviewState, PanelMember
from recruit.interviews.queries import requisition_of
from recruit.interviews.readings import readings
from recruit.mail.actions import put
from recruit.requisitions.models import Work
from recruit.requisitions.work import check_allows, locked_for
from recruit.scorecards import drafts
from recruit.scorecards.entries import Entries, Gap, entries_of, gaps
from recruit.scorecards.independence import check_may_read, open_candidates, others_were_open
from recruit.scorecards.letters import reopened_letter
from recruit.scorecards.limits import check_lengths
from recruit.scorecards.models import QuestionNote, Rating, Scorecard, Submission
from recruit.scorecards.states import (
    EDITABLE,
    ScorecardIsNotSubmitted,
    ScorecardState,
    check_editable,
    moved,
)
from recruit.training.actions import TrainingIsLeft
from recruit.training.queries import left_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Exists


class ScorecardConflict(ValueError):
    """The scorecard was saved elsewhere after the version that this save builds on."""


class ScorecardIsBegun(ValueError):
    """The interviewer has written in the scorecard; nobody else may enter it from paper."""


class ScorecardIncomplete(ValueError):
    """Submission was refused; ``gaps`` says what is missing."""

    def __init__(self, gaps: list[Gap]) -> None:
        super().__init__(f"{len(gaps)} gaps")
        self.gaps = gaps


class InterviewHasNotBegun(ValueError):
    """Submitting ahead of the planned time was not confirmed."""


class RatingsAreIndependent(ValueError):
    """Nothing that others wrote was open before the ratings, so they are not left out."""


class InterviewIsCancelled(ValueError):
    """A cancelled interview takes no ratings."""


class NotOnPanel(ValueError):
    """The person does not sit on the interview's panel."""


@dataclass(frozen=True)
class Saved:
    """What the database has acknowledged."""

    version: int
    saved_at: datetime


def save(
    interview_id: int, owner_id: int, entries: Entries, version: int, *, actor_id: int | None = None
) -> Saved:
    """Store a draft that builds on ``version`` (0 before the first save).

    ``owner_id`` is the interviewer whose ratings these are; another ``actor_id`` enters them from
    paper on the owner's behalf. A save that repeats what is stored is acknowledged again, so that a
    client may retry when it missed the answer.

    Raises ScorecardConflict, TextsAreTooLong, ScorecardIsSubmitted, InterviewIsCancelled,
    NotOnPanel, ValueError for competencies or questions that the guide does not have and, when the
    owner is not the actor, MustSubmitFirst and ScorecardIsBegun.
    """
    actor_id = actor_id or owner_id
    scorecard = _checked(interview_id, owner_id, entries, actor_id)
    if scorecard is None:
        with write():
            locked_for(requisition_of(interview_id), Work.CORRECT)
            scorecard = _store(interview_id, owner_id, entries, version, actor_id)
            return Saved(scorecard.version, scorecard.saved_at)
    if entries == entries_of(scorecard):
        return Saved(scorecard.version, scorecard.saved_at)
    if scorecard.version != version:
        raise ScorecardConflict(version)
    saved = Saved(version + 1, now())
    steps = drafts.changes(
        scorecard,
        entries,
        version=saved.version,
        saved_at=saved.saved_at,
        entered_by_id=_entered_by(owner_id, actor_id),
        recommendation=entries.recommendation,
        summary=entries.summary,
    )
    with write():
        if drafts.apply(steps):
            return saved
    # Something came in between. Reading anew tells what.
    _checked(interview_id, owner_id, entries, actor_id)
    raise ScorecardConflict(version)


def submit(
    interview_id: int,
    owner_id: int,
    entries: Entries,
    version: int,
    *,
    actor_id: int | None = None,
    ahead_of: str = "",
) -> None:
    """Store and lock. Raises what ``save`` does.

    With the draft saved, it raises RequisitionHasEnded, ScorecardIncomplete, InterviewHasNotBegun
    unless ``ahead_of`` is the ``start_mark`` of the planned time, and, when an owner who submits
    themselves has yet to do the training that the requisition requires, training's TrainingIsLeft.
    """
    actor_id = actor_id or owner_id
    left = 0
    with write():
        requisition = locked_for(requisition_of(interview_id), Work.CORRECT)
        is_open = requisition.allows(Work.RECRUIT)
        scorecard = _store(interview_id, owner_id, entries, version, actor_id)
        guide = content(scorecard.interview.guide_version)
        missing = gaps(entries, guide)
        if actor_id == owner_id:
            left = left_of(scorecard.interview.requisition_id, owner_id, guide.competencies)
        early = now() < scorecard.interview.starts_at
        confirmed = not early or ahead_of == start_mark(scorecard.interview)
        if is_open and not missing and not left and confirmed:
            _lock(scorecard, entries, actor_id, before_start=early)
    check_allows(requisition, Work.RECRUIT)
    if missing:
        raise ScorecardIncomplete(missing)
    if left:
        raise TrainingIsLeft(guide.competencies, left)
    if not confirmed:
        raise InterviewHasNotBegun(interview_id)


def start_mark(interview: Interview) -> str:
    """Return what names the planned time: who confirmed another is asked anew."""
    return str(int(interview.starts_at.timestamp()))


def reopen(interview_id: int, owner_id: int, *, reason: str, actor_id: int) -> Scorecard:
    """Open a submitted scorecard again and tell its owner; what was submitted is kept and marked.

    Raises ScorecardIsNotSubmitted, RequisitionHasEnded, NotOnPanel for an owner who has no seat any
    more, and ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a reason is needed")
    with write():
        locked_for(requisition_of(interview_id), Work.RECRUIT)
        scorecard = _stored(interview_id, owner_id, lock=True)
        if scorecard is None:
            raise ScorecardIsNotSubmitted(interview_id)
        if not db.session.scalar(select(_seat(owner_id)).where(Interview.id == interview_id)):
            raise NotOnPanel(interview_id)
        scorecard.state = moved(scorecard.state, ScorecardState.REOPENED)
        submission = scorecard.submissions[-1]
        submission.reopened_at = now()
        submission.reopened_by_id = actor_id
        submission.reopened_reason = reason.strip()
        record(
            "scorecard.reopen",
            actor_id=actor_id,
            subject=f"scorecard:{scorecard.id}",
            requisition_id=scorecard.interview.requisition_id,
        )
        put(reopened_letter(scorecard, submission))
    return scorecard


def leave_out(interview_id: int, owner_id: int, *, reason: str, actor_id: int) -> None:
    """Leave ratings that were made after others' had been open out of the independent figures.

    They stay readable, and the comparison says whose they are and why they do not count. Raises
    RatingsAreIndependent for other ratings, ScorecardIsNotSubmitted, RequisitionHasEnded, and
    ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a reason is needed")
    with write():
        submission = _made_after_others(interview_id, owner_id)
        submission.left_out_at = now()
        submission.left_out_by_id = actor_id
        submission.left_out_reason = reason.strip()
        _record_count("scorecard.leave_out", submission, actor_id)


def count_again(interview_id: int, owner_id: int, *, actor_id: int) -> None:
    """Let ratings that were left out count in the figures again.

    Raises RatingsAreIndependent, ScorecardIsNotSubmitted and RequisitionHasEnded.
    """
    with write():
        submission = _made_after_others(interview_id, owner_id)
        if not submission.is_left_out:
            return
        submission.left_out_at, submission.left_out_by_id = None, None
        submission.left_out_reason = ""
        _record_count("scorecard.count_again", submission, actor_id)


def _made_after_others(interview_id: int, owner_id: int) -> Submission:
    """Return the submission that counts, if it was made after others' ratings had been open."""
    locked_for(requisition_of(interview_id), Work.RECRUIT)
    scorecard = _stored(interview_id, owner_id, lock=True)
    if scorecard is None or scorecard.state != ScorecardState.SUBMITTED:
        raise ScorecardIsNotSubmitted(interview_id)
    submission = scorecard.submissions[-1]
    if not submission.after_others:
        raise RatingsAreIndependent(interview_id)
    return submission


def _record_count(action: str, submission: Submission, actor_id: int) -> None:
    scorecard = submission.scorecard
    record(
        action,
        actor_id=actor_id,
        subject=f"scorecard:{scorecard.id}",
        requisition_id=scorecard.interview.requisition_id,
        owner=scorecard.user_id,
        number=submission.number,
    )


def count_change(card_ids: Collection[int]) -> None:
    """Tell whoever has one of the drafts open that it was changed, within the running transaction.

    Else the next save would put back what was taken out.
    """
    db.session.execute(
        update(Scorecard)
        .where(Scorecard.id.in_(card_ids), Scorecard.state.in_(EDITABLE))
        .values(version=Scorecard.version + 1),
        execution_options={"synchronize_session": False},
    )


def check_entered_by(scorecard: Scorecard, actor_id: int) -> None:
    """Raise ScorecardIsBegun unless the person has entered all of the scorecard from paper."""
    if scorecard.entered_by_id != actor_id:
        raise ScorecardIsBegun(scorecard.id)


def note_view(interview: Interview, *, actor_id: int) -> None:
    """Record who opened a page with what others have submitted about a candidate."""
    record_reading(
        "ratings.view",
        actor_id=actor_id,
        subject=f"interview:{interview.id}",
        requisition_id=interview.requisition_id,
        about={interview.candidate_id},
    )


def record_reading(
    action: str,
    *,
    actor_id: int,
    subject: str,
    requisition_id: int,
    about: Collection[int] | None = None,
    **detail: Any,
) -> None:
    """Record that somebody opened what others have submitted, and about whom it was.

    ``about`` holds the candidates whom the page or document is about, None for all of the
    requisition; ``action`` is one of ``interviews.readings.READINGS``.
    """
    with write():
        opened = open_candidates(actor_id, requisition_id, about)
        if opened:
            detail["candidates"] = sorted(opened)
        record(
            action,
            actor_id=actor_id,
            subject=subject,
            requisition_id=requisition_id,
            **detail,
        )


def _entered_by(owner_id: int, actor_id: int) -> int | None:
    return None if actor_id == owner_id else actor_id


def _stored(interview_id: int, owner_id: int, *, lock: bool) -> Scorecard | None:
    statement = select(Scorecard).where(
        Scorecard.interview_id == interview_id, Scorecard.user_id == owner_id
    )
    if lock:
        return db.session.scalar(statement.with_for_update())
    return (
        db.session.scalars(statement.options(joinedload(Scorecard.ratings))).unique().one_or_none()
    )


def _checked(
    interview_id: int, owner_id: int, entries: Entries, actor_id: int, *, lock: bool = False
) -> Scorecard | None:
    """Return the scorecard as it is stored; raise what forbids the actor to change it."""
    interview, published_at, seated = db.session.execute(
        select(Interview, GuideVersion.published_at, _seat(owner_id))
        .join(Interview.guide_version)
        .where(Interview.id == interview_id)
    ).one()
    if interview.state == InterviewState.CANCELLED:
        raise InterviewIsCancelled(interview_id)
    if not seated:
        raise NotOnPanel(interview_id)
    guide = content_of(interview.guide_version_id, published_at)
    unknown = (entries.ratings.keys() - set(guide.competencies)) | (
        entries.notes.keys() - {question.id for question in guide.questions}
    )
    if unknown:
        msg = f"not in the guide: {', '.join(sorted(unknown))}"
        raise ValueError(msg)
    if actor_id != owner_id:
        check_may_read(actor_id, interview)
    scorecard = _stored(interview_id, owner_id, lock=lock)
    if scorecard is not None:
        check_editable(scorecard.state)
        if actor_id != owner_id:
            check_entered_by(scorecard, actor_id)
    check_lengths(entries, entries_of(scorecard) if scorecard else Entries())
    return scorecard


def _seat(owner_id: int) -> Exists:
    return exists().where(
        PanelMember.interview_id == Interview.id,
        PanelMember.user_id == owner_id,
        takes_part(owner_id, Interview.requisition_id),
    )


def _store(
    interview_id: int, owner_id: int, entries: Entries, version: int, actor_id: int
) -> Scorecard:
    scorecard = _checked(interview_id, owner_id, entries, actor_id, lock=True)
    begun = scorecard is None
    if scorecard is None:
        if version != 0:
            raise ScorecardConflict(version)
        scorecard = Scorecard(
            interview_id=interview_id, user_id=owner_id, version=0, state=ScorecardState.DRAFT
        )
        db.session.add(scorecard)
    elif entries == entries_of(scorecard):
        return scorecard
    elif scorecard.version != version:
        raise ScorecardConflict(version)
    scorecard.entered_by_id = _entered_by(owner_id, actor_id)
    _fill(scorecard, entries)
    scorecard.version += 1
    scorecard.saved_at = now()
    try:
        db.session.flush()
    except IntegrityError as error:
        # The first save from another window came in between.
        raise ScorecardConflict(version) from error
    if begun:
        record(
            "scorecard.begin",
            actor_id=actor_id,
            subject=f"scorecard:{scorecard.id}",
            requisition_id=scorecard.interview.requisition_id,
            owner=owner_id,
        )
    return scorecard


def _lock(scorecard: Scorecard, entries: Entries, actor_id: int, *, before_start: bool) -> None:
    scorecard.state = moved(scorecard.state, ScorecardState.SUBMITTED)
    scorecard.submitted_at = now()
    interview = scorecard.interview
    number = len(scorecard.submissions) + 1
    after_others = _has_read(scorecard.user_id, interview)
    if number > 1:
        last = scorecard.submissions[-1]
        assert last.reopened_at is not None
        after_others |= last.after_others or others_were_open(
            scorecard.user_id, interview.candidate_id, last.submitted_at, last.reopened_at
        )
    scorecard.submissions.append(
        Submission(
            number=number,
            content=entries.as_json(),
            submitted_at=scorecard.submitted_at,
            entered_by_id=scorecard.entered_by_id,
            after_others=after_others,
            before_start=before_start,
        )
    )
    record(
        "scorecard.submit",
        actor_id=actor_id,
        subject=f"scorecard:{scorecard.id}",
        requisition_id=interview.requisition_id,
        owner=scorecard.user_id,
        number=number,
        before_start=before_start,
    )


def _has_read(user_id: int, interview: Interview) -> bool:
    """Tell whether the person has opened what others wrote about the interview's candidate."""
    return (user_id, interview.candidate_id) in readings(interview.requisition_id, [user_id])


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
