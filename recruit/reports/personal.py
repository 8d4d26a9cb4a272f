"""What one interviewer wrote, and what is stored about one candidate."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import abort, current_app
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from recruit.audit.queries import about as events_about
from recruit.candidates import queries as candidates
from recruit.candidates.naming import check_names_are_shown
from recruit.comparisons.queries import competency_names, decisions
from recruit.consensus.models import Agreement, ConsensusMeeting
from recruit.consensus.topics import RECOMMENDATION
from recruit.core.guide import Guide
from recruit.database import db
from recruit.deviations.models import Deviation
from recruit.documents.own_data import (
    OwnAgreement,
    OwnData,
    OwnDecision,
    OwnDeviation,
    OwnInterview,
    OwnRating,
    OwnScorecard,
    protected,
)
from recruit.documents.phrases import Words, phrases
from recruit.documents.scorecard import CompletedScorecard, ScorecardRating
from recruit.interviews import queries as interviews
from recruit.interviews.models import Interview
from recruit.mail.queries import deliveries_about
from recruit.reports import queries
from recruit.reports.merits import merit_statement
from recruit.scorecards import queries as scorecards
from recruit.scorecards.entries import Entries
from recruit.scorecards.independence import withheld_candidates
from recruit.scorecards.models import Scorecard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from recruit.candidates.models import Candidate
    from recruit.comparisons.models import Decision
    from recruit.core.guide import Section
    from recruit.requisitions.models import Requisition

    Clean = Callable[[str], str]

DRAFTING = {"scorecard.begin", "scorecard.save"}
"""What an interviewer does before handing in: drafts are the interviewer's alone."""


def others_card_about(reader_id: int, scorecard_id: int) -> frozenset[int]:
    """Return the number of the candidate whom another's scorecard is about; nothing for one's own.

    A reader's own scorecard tells nothing of what others wrote.
    """
    return frozenset(
        db.session.scalars(
            select(Interview.candidate_id)
            .join(Scorecard, Scorecard.interview_id == Interview.id)
            .where(Scorecard.id == scorecard_id, Scorecard.user_id != reader_id)
        )
    )


def completed_scorecard(
    reader_id: int, requisition: Requisition, interview_id: int, scorecard_id: int
) -> CompletedScorecard:
    """Return one submitted scorecard.

    Raises RatingsAreWithheld, CandidatesAreLetters for another's, and 404 when it is not there.
    """
    interview = interviews.interview(requisition.id, interview_id)
    visible = scorecards.visible_scorecards(reader_id, requisition.id)
    card = next(
        (c for c in visible if c.id == scorecard_id and c.interview_id == interview_id), None
    )
    if card is None:
        if interview.candidate_id in withheld_candidates(reader_id, requisition.id):
            raise queries.RatingsAreWithheld(interview.candidate_id)
        abort(404)
    if card.user_id != reader_id:
        check_names_are_shown(requisition)
    words = Words(requisition.language)
    version = card.interview.guide_version
    sections = _sections(card)
    assert card.submitted_at is not None
    return CompletedScorecard(
        identity=queries.identity(requisition, [version]),
        candidate=interview.candidate.name,
        interviewer=card.user.name,
        round=version.guide.name,
        guide_version=f"v{version.number}",
        held=_day(words, interview.starts_at, interview.timezone),
        submitted_at=card.submitted_at,
        ratings=tuple(
            ScorecardRating(
                competency=sections[rating.competency].name
                if rating.competency in sections
                else rating.competency,
                score=rating.score,
                anchor=sections[rating.competency].anchors.get(str(rating.score), "")
                if rating.competency in sections
                else "",
                level=rating.evidence_level or "",
                evidence=rating.evidence,
                reason=rating.not_assessed_reason,
            )
            for rating in card.ratings
        ),
        notes=_notes(card, {note.question: note.text for note in card.notes}),
        recommendation=card.recommendation or "",
        summary=card.summary.strip(),
        marks=_marks(words, card),
    )


def own_data(reader_id: int, requisition: Requisition, candidate_id: int) -> OwnData:
    """Return what is stored about a candidate, others' names taken out.

    Drafts belong to their authors and are only counted. Raises RatingsAreWithheld while the reader
    has yet to rate the candidate, or another of whom a decision may tell, and a 404 error.
    """
    candidate = candidates.candidate(requisition.id, candidate_id)
    words = Words(requisition.language)
    withheld = withheld_candidates(reader_id, requisition.id)
    decided = decisions(requisition.id)
    if candidate_id in withheld or (withheld and decided):
        raise queries.RatingsAreWithheld(candidate_id)
    met = [i for i in interviews.interviews(requisition.id) if i.candidate_id == candidate_id]
    cards = [
        card
        for card in scorecards.visible_scorecards(reader_id, requisition.id)
        if card.interview.candidate_id == candidate_id
    ]
    subjects = [f"candidate:{candidate_id}", *(f"interview:{i.id}" for i in met)]
    subjects += [f"scorecard:{card.id}" for card in cards]
    zone = str(current_app.config["RECRUIT_TIMEZONE"])
    others = queries.names_of_others(requisition, candidate_id, met)
    named = competency_names(requisition, requisition.language)

    def clean(text: str) -> str:
        return protected(text.strip(), others, candidate.name, words("o.other person"))

    return OwnData(
        identity=queries.identity(requisition, {c.interview.guide_version for c in cards}),
        candidate=candidate.name,
        facts_held=_facts(words, candidate, zone),
        interviews=tuple(_interview(words, interview) for interview in met),
        deviations=_deviations(words, candidate_id, clean),
        scorecards=_scorecards(words, cards, clean),
        pending=sum(
            interview.candidate_id == candidate_id
            for interview, _ in scorecards.outstanding(requisition.id)
        ),
        agreements=_agreements(words, candidate_id, met, named, zone, clean),
        decisions=_decisions(words, decided, candidate_id, named, zone, clean),
        mails=tuple(
            (
                _day(words, mail.created_at, zone),
                words("mail.invitation" if mail.kind == "candidate_invitation" else "mail.other"),
            )
            for found in deliveries_about(f"interview:{i.id}" for i in met).values()
            for mail in found
            if mail.recipient == f"candidate:{candidate_id}"
        ),
        log=tuple(
            (_day(words, event.at, zone), _done(words, event.action))
            for event in events_about(subjects)
            if event.action not in DRAFTING
        ),
    )


def _day(words: Words, moment: datetime, timezone: str) -> str:
    return words.date(moment.astimezone(ZoneInfo(timezone)))


def _done(words: Words, action: str) -> str:
    key = f"e.{action}"
    return words(key if key in phrases() else "e.other")


def _sections(card: Scorecard) -> dict[str, Section]:
    guide = Guide.model_validate(card.interview.guide_version.content)
    return {s.competency: s for round_ in guide.rounds for s in round_.sections}


def _notes(card: Scorecard, notes: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return (question, note) in the guide's order, of notes by question."""
    return tuple(
        (question.text, notes[question.id])
        for section in _sections(card).values()
        for question in section.questions
        if notes.get(question.id, "").strip()
    )


def _marks(words: Words, card: Scorecard) -> tuple[str, ...]:
    """Return what the reader should know about how the scorecard came in."""
    last = card.submissions[-1]
    marks = []
    if last.entered_by_id is not None:
        marks.append(words("s.paper"))
    for earlier in card.submissions[:-1]:
        day = words.date(earlier.reopened_at or earlier.submitted_at)
        marks.append(words("s.reopened", day=day, reason=earlier.reopened_reason.strip()))
    if last.after_others:
        marks.append(words("s.after others"))
    if last.left_out_at is not None:
        marks.append(
            words("s.left out", day=words.date(last.left_out_at), reason=last.left_out_reason)
        )
    return tuple(marks)


def _facts(words: Words, candidate: Candidate, zone: str) -> tuple[tuple[str, str], ...]:
    cv = candidates.cv_of(candidate.id)
    facts = [
        ("o.name", candidate.name),
        ("o.email", candidate.email),
        ("o.internal", words("o.yes" if candidate.internal else "o.no")),
        ("o.state", words(f"o.{candidate.state}")),
        ("o.added", _day(words, candidate.created_at, zone)),
    ]
    if cv is not None:
        kept = words(
            "o.cv kept",
            kind=cv.kind.upper(),
            size=cv.size,
            at=_day(words, cv.attached_at, zone),
        )
        facts.append(("o.cv", kept))
    merits = merit_statement(candidate.id)
    if merits is not None:
        facts += [
            ("me.education", merits.education),
            ("me.experience", merits.experience),
            ("me.other merits", merits.other),
        ]
    return tuple((label, value) for label, value in facts if value)


def _interview(words: Words, interview: Interview) -> OwnInterview:
    return OwnInterview(
        when=_day(words, interview.starts_at, interview.timezone),
        round=interview.guide_version.guide.name,
        place=interview.place,
        state=words("o.held state" if interview.stage == "held" else f"o.{interview.stage}"),
        message=interview.message,
    )


def _deviations(words: Words, candidate_id: int, clean: Clean) -> tuple[OwnDeviation, ...]:
    statement = (
        select(Deviation)
        .join(Deviation.interview)
        .where(Interview.candidate_id == candidate_id)
        .options(contains_eager(Deviation.interview))
        .order_by(Deviation.recorded_at, Deviation.id)
    )
    return tuple(
        OwnDeviation(
            round=found.interview.guide_version.guide.name,
            when=_day(words, found.recorded_at, found.interview.timezone),
            what=clean(found.what),
            reason=clean(found.reason),
        )
        for found in db.session.scalars(statement)
    )


def _agreements(
    words: Words,
    candidate_id: int,
    met: Iterable[Interview],
    named: Mapping[str, str],
    zone: str,
    clean: Clean,
) -> tuple[OwnAgreement, ...]:
    """Return what panels agreed, what was changed later included."""
    statement = (
        select(Agreement)
        .join(Agreement.meeting)
        .where(ConsensusMeeting.candidate_id == candidate_id)
        .options(contains_eager(Agreement.meeting))
        .order_by(ConsensusMeeting.round_position, Agreement.topic, Agreement.version)
    )
    rounds = {i.guide_version.guide.position: i.guide_version.guide.name for i in met}
    return tuple(
        OwnAgreement(
            round=rounds.get(found.meeting.round_position, ""),
            when=_day(words, found.saved_at, zone),
            competency="" if found.topic == RECOMMENDATION else named.get(found.topic, found.topic),
            score=found.score,
            recommendation=found.recommendation or "",
            rationale=clean(found.rationale),
        )
        for found in db.session.scalars(statement)
    )


def _decisions(
    words: Words,
    decided: Sequence[Decision],
    candidate_id: int,
    named: Mapping[str, str],
    zone: str,
    clean: Clean,
) -> tuple[OwnDecision, ...]:
    """Return what was decided about the candidate, replaced decisions included."""
    return tuple(
        OwnDecision(
            when=_day(words, decision.decided_at, zone),
            outcome=about.outcome,
            reasons=tuple(
                clean(text)
                for text in (about.rationale, decision.rationale, decision.reason)
                if text.strip()
            ),
            grounds=tuple(
                (named.get(ground.competency, ground.competency), clean(ground.evidence))
                for ground in about.grounds
            ),
        )
        for decision in reversed(decided)
        for about in decision.outcomes
        if about.candidate_id == candidate_id
    )


def _scorecards(words: Words, cards: Iterable[Scorecard], clean: Clean) -> tuple[OwnScorecard, ...]:
    letters: dict[int, str] = {}
    found = []
    for card in cards:
        letter = letters.setdefault(card.user_id, _letter(len(letters)))
        names = {key: section.name for key, section in _sections(card).items()}
        for submission in card.submissions:
            written = Entries.from_json(submission.content)
            found.append(
                OwnScorecard(
                    interviewer=letter,
                    round=card.interview.guide_version.guide.name,
                    submitted=_day(words, submission.submitted_at, card.interview.timezone),
                    earlier=submission is not card.submissions[-1],
                    ratings=tuple(
                        OwnRating(
                            competency=names.get(key, key),
                            score=rating.score,
                            level=rating.evidence_level or "",
                            text=clean(rating.evidence or rating.not_assessed_reason),
                        )
                        for key, rating in written.ratings.items()
                    ),
                    notes=tuple(
                        (question, clean(text)) for question, text in _notes(card, written.notes)
                    ),
                    recommendation=written.recommendation or "",
                    summary=clean(written.summary),
                )
            )
    return tuple(found)


def _letter(number: int) -> str:
    """Return A to Z, then AA and on."""
    first, last = divmod(number, 26)
    return f"{_letter(first - 1) if first else ''}{chr(ord('A') + last)}"
