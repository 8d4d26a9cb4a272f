"""Reads of scorecards.

Every function that returns what others wrote takes the reader, and narrows its statement by the
rule in ``recruit.scorecards.independence``.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from recruit.access import takes_part
from recruit.accounts.models import User
from recruit.core.ratings import RatingTable, Scale, Score
from recruit.database import db
from recruit.guides.models import GuideVersion
from recruit.interviews.models import Interview, InterviewState, PanelMember
from recruit.scorecards.independence import withheld_candidates
from recruit.scorecards.models import Scorecard, Submission
from recruit.scorecards.states import ScorecardState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCALE = Scale(1, 5)


def own_scorecard(interview_id: int, user_id: int) -> Scorecard | None:
    """Return the person's own scorecard for the interview, in whatever state."""
    return db.session.scalar(
        select(Scorecard)
        .where(Scorecard.interview_id == interview_id, Scorecard.user_id == user_id)
        .options(selectinload(Scorecard.ratings), selectinload(Scorecard.notes))
    )


def own_states(user_id: int) -> dict[int, str]:
    """Return the state of each of the person's scorecards by interview id."""
    rows = db.session.execute(
        select(Scorecard.interview_id, Scorecard.state).where(Scorecard.user_id == user_id)
    )
    return {row.interview_id: row.state for row in rows}


def visible_scorecards(reader_id: int, requisition_id: int) -> Sequence[Scorecard]:
    """Return submitted scorecards that the reader may see, with ratings, by candidate and time.

    Those of people who have left the panel do not count.
    """
    return _submitted(reader_id, requisition_id, withheld_candidates(reader_id, requisition_id))


def readable_cards(reader_id: int, requisition_id: int) -> frozenset[int]:
    """Return the numbers of the reader's own scorecards, and of submitted ones that are open."""
    withheld = withheld_candidates(reader_id, requisition_id)
    return frozenset(
        db.session.scalars(
            select(Scorecard.id)
            .join(Scorecard.interview)
            .where(
                Interview.requisition_id == requisition_id,
                or_(
                    Scorecard.user_id == reader_id,
                    and_(
                        Scorecard.state == ScorecardState.SUBMITTED,
                        Interview.candidate_id.not_in(withheld),
                    ),
                ),
            )
        )
    )


def unread_cards(reader_id: int, requisition_id: int, but: int) -> int:
    """Return how many others' scorecards are withheld from the reader, though they were submitted.

    Those about the candidate ``but`` do not count.
    """
    withheld = withheld_candidates(reader_id, requisition_id) - {but}
    return (
        db.session.scalar(
            select(func.count(Scorecard.id))
            .join(Scorecard.interview)
            .where(
                Interview.requisition_id == requisition_id,
                Interview.candidate_id.in_(withheld),
                Scorecard.user_id != reader_id,
                Scorecard.state != ScorecardState.DRAFT,
            )
        )
        or 0
    )


def _submitted(
    reader_id: int, requisition_id: int, withheld: frozenset[int]
) -> Sequence[Scorecard]:
    return db.session.scalars(
        select(Scorecard)
        .join(Scorecard.interview)
        .join(
            PanelMember,
            and_(
                PanelMember.interview_id == Scorecard.interview_id,
                PanelMember.user_id == Scorecard.user_id,
            ),
        )
        .where(
            Interview.requisition_id == requisition_id,
            Interview.state != InterviewState.CANCELLED,
            Scorecard.state == ScorecardState.SUBMITTED,
            or_(
                Scorecard.user_id == reader_id,
                Interview.candidate_id.not_in(withheld),
            ),
        )
        .options(
            joinedload(Scorecard.user),
            joinedload(Scorecard.interview).joinedload(Interview.candidate),
            joinedload(Scorecard.interview)
            .joinedload(Interview.guide_version)
            .joinedload(GuideVersion.guide),
            selectinload(Scorecard.ratings),
            selectinload(Scorecard.submissions).joinedload(Submission.entered_by),
        )
        .order_by(Interview.candidate_id, Interview.starts_at, Scorecard.id)
    ).all()


def comparable_scorecards(
    reader_id: int, requisition_id: int, guide_id: int | None = None
) -> list[Scorecard]:
    """Return the submitted scorecards about candidates whom the reader may compare.

    A candidate whom the reader has yet to rate is left out whole, the reader's own scorecards too:
    a comparison with one rater would pass for the panel's. With ``guide_id`` only those of one
    round; who is left out does not depend on it.
    """
    withheld = withheld_candidates(reader_id, requisition_id)
    return [
        scorecard
        for scorecard in _submitted(reader_id, requisition_id, withheld)
        if scorecard.interview.candidate_id not in withheld
        and guide_id in {None, scorecard.interview.guide_version.guide_id}
    ]


def rating_table(
    reader_id: int,
    requisition_id: int,
    *,
    guide_id: int | None = None,
    called: Mapping[int, str] | None = None,
) -> RatingTable:
    """Return the submitted ratings of candidates whom the reader may compare.

    Which they are, and what ``guide_id`` does, is told by ``comparable_scorecards``; without what
    a recruiter has left out. Candidates go by their names, or by what ``called`` has for their
    numbers.
    """
    scorecards = [
        scorecard
        for scorecard in comparable_scorecards(reader_id, requisition_id, guide_id)
        if not scorecard.submissions[-1].is_left_out
    ]
    candidates = called or labels(
        {s.interview.candidate_id: s.interview.candidate.name for s in scorecards}
    )
    interviewers = labels({s.user_id: s.user.name for s in scorecards})
    return RatingTable(
        rows=tuple(
            Score(
                candidate=candidates[scorecard.interview.candidate_id],
                interviewer=interviewers[scorecard.user_id],
                competency=rating.competency,
                score=rating.score,
                evidence=rating.evidence or rating.not_assessed_reason,
                evidence_level=rating.evidence_level,
                round=scorecard.interview.guide_version.guide.name,
            )
            for scorecard in scorecards
            for rating in scorecard.ratings
        ),
        scale=SCALE,
    )


def labels(names: Mapping[int, str]) -> dict[int, str]:
    """Return a distinct label per id: the name, with a number behind it when several share it.

    A number that would make somebody else's name is passed over.
    """
    count = Counter(names.values())
    taken = set(count)
    result = {}
    for key in sorted(names):
        label = name = names[key]
        if count[name] > 1:
            numbered = (f"{name} ({number})" for number in itertools.count(1))
            label = next(one for one in numbered if one not in taken)
            taken.add(label)
        result[key] = label
    return result


@dataclass(frozen=True)
class Seat:
    """A place on a panel and how far its scorecard has come, which is no secret.

    ``state`` is None before submission, whether or not a draft exists.
    """

    user: User
    state: ScorecardState | None


def seats(interview_id: int) -> list[Seat]:
    """Return the panel of an interview, in order, with who has submitted."""
    rows = db.session.execute(
        select(User, Scorecard.state)
        .join(PanelMember, PanelMember.user_id == User.id)
        .outerjoin(
            Scorecard,
            and_(
                Scorecard.interview_id == PanelMember.interview_id,
                Scorecard.user_id == User.id,
                Scorecard.state != ScorecardState.DRAFT,
            ),
        )
        .where(PanelMember.interview_id == interview_id)
        .order_by(PanelMember.id)
    )
    return [Seat(user, ScorecardState(state) if state else None) for user, state in rows]


def submissions(interview: Interview, owner_id: int) -> Sequence[Submission]:
    """Return everything that the owner has submitted for the interview, first to last.

    For readers who have passed ``independence.check_may_read`` only.
    """
    return db.session.scalars(
        select(Submission)
        .join(Submission.scorecard)
        .where(Scorecard.interview_id == interview.id, Scorecard.user_id == owner_id)
        .options(
            joinedload(Submission.entered_by),
            joinedload(Submission.reopened_by),
            joinedload(Submission.left_out_by),
        )
        .order_by(Submission.number)
    ).all()


class Informed(NamedTuple):
    """Ratings that were made after others' of the candidate had been open to their author."""

    interview: Interview
    user: User
    submission: Submission


def made_after_others(reader_id: int, requisition_id: int) -> list[Informed]:
    """Return the ratings, as they count now, that were made after others' had been open.

    By time and name, and only of candidates whom the reader may compare.
    """
    latest = (
        select(func.max(Submission.number))
        .where(Submission.scorecard_id == Scorecard.id)
        .correlate(Scorecard)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Interview, User, Submission)
        .join(Scorecard, Scorecard.interview_id == Interview.id)
        .join(User, User.id == Scorecard.user_id)
        .join(
            PanelMember,
            and_(PanelMember.interview_id == Interview.id, PanelMember.user_id == User.id),
        )
        .join(
            Submission,
            and_(Submission.scorecard_id == Scorecard.id, Submission.number == latest),
        )
        .where(
            Interview.requisition_id == requisition_id,
            Interview.candidate_id.not_in(withheld_candidates(reader_id, requisition_id)),
            Scorecard.state == ScorecardState.SUBMITTED,
            Submission.after_others,
        )
        .options(
            joinedload(Interview.candidate),
            joinedload(Interview.guide_version).joinedload(GuideVersion.guide),
            joinedload(Submission.left_out_by),
        )
        .order_by(Interview.starts_at, User.name)
    )
    return [Informed(*row) for row in rows]


def outstanding(requisition_id: int) -> Sequence[tuple[Interview, User]]:
    """Return interview and interviewer for each scorecard that is not yet submitted, by time.

    Nobody waits for whoever no longer takes part.
    """
    rows = db.session.execute(
        select(Interview, User)
        .join(PanelMember, PanelMember.interview_id == Interview.id)
        .join(User, User.id == PanelMember.user_id)
        .outerjoin(
            Scorecard,
            and_(Scorecard.interview_id == Interview.id, Scorecard.user_id == User.id),
        )
        .where(
            Interview.requisition_id == requisition_id,
            Interview.state != InterviewState.CANCELLED,
            or_(Scorecard.id.is_(None), Scorecard.state != ScorecardState.SUBMITTED),
            takes_part(PanelMember.user_id, Interview.requisition_id),
        )
        .options(joinedload(Interview.candidate))
        .order_by(Interview.starts_at, User.name)
    )
    return [(interview, user) for interview, user in rows]
