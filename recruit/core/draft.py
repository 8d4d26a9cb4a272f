"""A guide being built: which questions the rounds ask, and what the recruiter has decided.

A draft is a value. It is small, since it names the questions of the library and holds only what
differs from it. ``recruit.core.draft_edits`` changes it, ``recruit.core.draft_guide`` makes guides
of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from recruit.core import planner
from recruit.core.guide import KIND_ORDER
from recruit.core.library import (
    LONGEST_PROBE,
    LONGEST_TEXT,
    MOST_MINUTES,
    MOST_PROBES,
    RESERVED,
    Kind,
    Library,
    ListenFor,
    Question,
    Text,
)
from recruit.core.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Iterable

OWN = RESERVED
MOST_OWN = 50

TALK = Text(
    sv="Svarar allmänt, utan exempel, personer eller tidpunkter.",
    en="Answers in general terms, without examples, people or times.",
)
"""The sign of mere talk that goes for any question."""


class EditRefused(ValueError):
    """The draft does not allow the edit; nothing is changed."""


class NotAsked(EditRefused):
    """The draft does not ask the question, or has no such round or competency."""


class RoundIsLocked(EditRefused):
    """The round is locked: its questions stay as they are."""


class AlreadyAsked(EditRefused):
    """The process asks the question already."""


class TooManyOwn(EditRefused):
    """The draft has as many own questions as it may hold."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Asked = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)
]
Probe = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_PROBE)
]
Note = Annotated[str, Field(max_length=LONGEST_TEXT)]


class Wording(_Part):
    """Words in place of the library's, in the language of the guide."""

    text: Asked
    background: Asked | None = None
    probes: tuple[Probe, ...] = Field((), max_length=MOST_PROBES)


class OwnSigns(_Part):
    """What to listen for, in the language of the guide."""

    practice: tuple[Asked, ...] = Field(min_length=1)
    talk: tuple[Asked, ...] = Field(min_length=1)


class OwnQuestion(_Part):
    """A question that the library lacks, about indicators of one competency.

    Without ``signs`` of its own it has those of its indicators.
    """

    id: str
    competency: str
    kind: Kind
    minutes: int = Field(ge=1, le=MOST_MINUTES)
    elicits: tuple[str, ...] = Field(min_length=1)
    wording: Wording
    signs: OwnSigns | None = None


class DraftRound(_Part):
    """The questions of one round in the order in which they are asked.

    Questions about the same competency stand together. ``note`` is to the interviewers.
    """

    questions: tuple[str, ...] = ()
    locked: bool = False
    note: Note = ""


class Draft(_Part):
    """The whole process, round by round.

    ``pinned`` questions stay in their round and ``excluded`` ones out of the process when it is
    planned anew. ``notes`` are to the interviewers, by question. ``optimal`` tells whether the
    choice of questions is as it was planned, ``best`` what the latest plan's coverage was.
    """

    profile: Profile
    rounds: tuple[DraftRound, ...]
    pinned: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    own: tuple[OwnQuestion, ...] = ()
    wording: dict[str, Wording] = {}
    notes: dict[str, Note] = {}
    optimal: bool = False
    best: float | None = None

    @property
    def questions(self) -> tuple[tuple[str, ...], ...]:
        """The questions per round, as the planner takes them."""
        return tuple(round_.questions for round_ in self.rounds)

    @property
    def is_blank(self) -> bool:
        """Tell whether no question is asked yet."""
        return not any(self.questions)

    def round_of(self, question_id: str) -> int:
        """Return the index of the question's round. Raises NotAsked."""
        for number, keys in enumerate(self.questions):
            if question_id in keys:
                return number
        raise NotAsked(question_id)

    def edits(self) -> list[planner.Edit]:
        """Return what a new plan has to keep to."""
        asked = {key: number for number, keys in enumerate(self.questions) for key in keys}
        kept = [*self.pinned, *(item.id for item in self.own if item.id not in self.pinned)]
        return [
            *(planner.Pin(key, asked.get(key)) for key in kept),
            *(planner.Exclusion(key) for key in self.excluded),
            *(
                planner.Lock(number, round_.questions)
                for number, round_ in enumerate(self.rounds)
                if round_.locked
            ),
        ]


def blank(profile: Profile) -> Draft:
    """Return a draft without questions."""
    return Draft(profile=profile, rounds=tuple(DraftRound() for _ in profile.rounds))


def library_of(draft: Draft, library: Library) -> Library:
    """Return the library with the draft's own questions and wordings in it.

    What is written in one language stands in both: a guide has one language.
    """
    if not draft.own and not draft.wording:
        return library
    added: dict[str, list[Question]] = {}
    for item in draft.own:
        if item.competency in library.competencies:
            added.setdefault(item.competency, []).append(_question(item, library))
    touched = {
        question.id: key
        for key, competency in library.competencies.items()
        for question in competency.questions
        if question.id in draft.wording
    }
    competencies = dict(library.competencies)
    for key in {*added, *touched.values()}:
        competency = competencies[key]
        questions = [
            _reworded(question, draft.wording.get(question.id)) for question in competency.questions
        ]
        competencies[key] = competency.model_copy(
            update={"questions": [*questions, *added.get(key, [])]}
        )
    return Library(competencies, library.scripts, library.roles, library.claims)


def _both(words: str) -> Text:
    return Text(sv=words, en=words)


def _question(item: OwnQuestion, library: Library) -> Question:
    indicators = {i.id: i.text for i in library.competencies[item.competency].indicators}
    return Question(
        id=item.id,
        kind=item.kind,
        levels=["any"],
        sectors=["any"],
        minutes=item.minutes,
        elicits=list(item.elicits),
        text=_both(item.wording.text),
        background=_both(item.wording.background) if item.wording.background else None,
        probes=[_both(probe) for probe in item.wording.probes],
        listen_for=_signs(item, indicators),
    )


def _signs(item: OwnQuestion, indicators: dict[str, Text]) -> ListenFor:
    if item.signs is not None:
        return ListenFor(
            practice=[_both(sign) for sign in item.signs.practice],
            talk=[_both(sign) for sign in item.signs.talk],
        )
    return ListenFor(
        practice=[indicators[key] for key in item.elicits if key in indicators] or [TALK],
        talk=[TALK],
    )


def _reworded(question: Question, wording: Wording | None) -> Question:
    if wording is None:
        return question
    return question.model_copy(
        update={
            "text": _both(wording.text),
            "background": _both(wording.background) if wording.background else None,
            "probes": [_both(probe) for probe in wording.probes],
        }
    )


class Place(NamedTuple):
    """Where a question stands in a draft."""

    competency: str
    kind: str


def places(library: Library) -> dict[str, Place]:
    """Return competency and kind of every question."""
    return {
        question.id: Place(key, question.kind)
        for key, competency in library.competencies.items()
        for question in competency.questions
    }


def replan(draft: Draft, library: Library) -> Draft:
    """Return the draft with the best questions that keep to what is decided.

    Locked rounds keep their order. Raises planner.NoPlan.
    """
    known = library_of(draft, library)
    found = planner.plan(known, draft.profile, draft.edits())
    where = places(known)
    rounds = tuple(
        round_
        if round_.locked
        else round_.model_copy(update={"questions": _in_order(keys, where, draft.profile)})
        for round_, keys in zip(draft.rounds, found.rounds, strict=True)
    )
    return draft.model_copy(
        update={"rounds": rounds, "optimal": True, "best": found.coverage_value}
    )


def _in_order(keys: Iterable[str], where: dict[str, Place], profile: Profile) -> tuple[str, ...]:
    """Sort by the profile's competencies; what is lived first, the section with the case last."""
    listed = list(keys)
    with_case = {where[key].competency for key in listed if where[key].kind == "case"}
    competencies = list(profile.competencies)
    return tuple(
        sorted(
            listed,
            key=lambda key: (
                where[key].competency in with_case,
                competencies.index(where[key].competency),
                KIND_ORDER.index(where[key].kind),
            ),
        )
    )


def with_profile(draft: Draft, profile: Profile, library: Library) -> Draft:
    """Return the draft for another profile.

    It keeps what still has a round and a competency, and is no longer known to be the best.
    """
    if profile == draft.profile:
        return draft
    where = places(library_of(draft, library))
    rounds = [
        round_.model_copy(
            update={
                "questions": tuple(
                    key
                    for key in round_.questions
                    if key not in where or where[key].competency in profile.competencies
                )
            }
        )
        for round_ in draft.rounds[: len(profile.rounds)]
    ]
    rounds += [DraftRound() for _ in range(len(profile.rounds) - len(rounds))]
    changed = draft.model_copy(
        update={"profile": profile, "rounds": tuple(rounds), "optimal": False, "best": None}
    )
    asked = {key for keys in changed.questions for key in keys}
    return changed.model_copy(
        update={
            "pinned": tuple(key for key in draft.pinned if key in asked),
            "own": tuple(item for item in draft.own if item.id in asked),
            # The next own question may have the same id.
            "notes": {
                key: note
                for key, note in draft.notes.items()
                if key in asked or not key.startswith(OWN)
            },
        }
    )
