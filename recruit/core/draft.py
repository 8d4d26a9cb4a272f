"""A guide being built: which questions the rounds ask, and what the recruiter has decided.

A draft is a value; every edit returns another one. It is small, since it names the questions of
the library and holds only what differs from it. ``recruit.core.draft_guide`` makes guides of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from recruit.core import planner
from recruit.core.guide import KIND_ORDER
from recruit.core.library import Kind, Library, ListenFor, Question, Text
from recruit.core.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OWN = "own-"
"""How the ids of a recruiter's own questions begin; the library has no such ids."""

LONGEST_TEXT = 2000
MOST_PROBES = 10
LONGEST_PROBE = 400
MOST_MINUTES = 60
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


class Wording(_Part):
    """Words in place of the library's, in the language of the guide."""

    text: str = Field(min_length=1, max_length=LONGEST_TEXT)
    background: str | None = Field(None, max_length=LONGEST_TEXT)
    probes: tuple[str, ...] = Field((), max_length=MOST_PROBES)


class OwnQuestion(_Part):
    """A question that the recruiter wrote, about indicators of one competency."""

    id: str
    competency: str
    kind: Kind
    minutes: int = Field(ge=1, le=MOST_MINUTES)
    elicits: tuple[str, ...] = Field(min_length=1)
    wording: Wording


class DraftRound(_Part):
    """The questions of one round in the order in which they are asked.

    Questions about the same competency stand together. ``note`` is to the interviewers.
    """

    questions: tuple[str, ...] = ()
    locked: bool = False
    note: str = Field("", max_length=LONGEST_TEXT)


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
    notes: dict[str, str] = {}
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
        listen_for=ListenFor(
            practice=[indicators[key] for key in item.elicits if key in indicators] or [TALK],
            talk=[TALK],
        ),
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
        }
    )


def swap(draft: Draft, question_id: str, other_id: str, library: Library) -> Draft:
    """Return the draft with another question in the place of one.

    Raises NotAsked, AlreadyAsked, RoundIsLocked.
    """
    number = _open_round(draft, question_id)
    where = places(library_of(draft, library))
    _askable(draft, other_id, where)
    keys = list(draft.rounds[number].questions)
    keys[keys.index(question_id)] = other_id
    return _chosen(_forgotten(draft, question_id), {number: _grouped(keys, where)})


def add(draft: Draft, number: int, question_id: str, library: Library) -> Draft:
    """Return the draft with one more question in a round, last in its section.

    Raises NotAsked, AlreadyAsked, RoundIsLocked.
    """
    _open(draft, number)
    where = places(library_of(draft, library))
    _askable(draft, question_id, where)
    keys = [*draft.rounds[number].questions, question_id]
    changed = draft.model_copy(
        update={"excluded": tuple(key for key in draft.excluded if key != question_id)}
    )
    return _chosen(changed, {number: _grouped(keys, where)})


def _askable(draft: Draft, question_id: str, where: dict[str, Place]) -> None:
    if question_id not in where or where[question_id].competency not in draft.profile.competencies:
        raise NotAsked(question_id)
    if any(question_id in keys for keys in draft.questions):
        raise AlreadyAsked(question_id)


def add_own(draft: Draft, number: int, item: OwnQuestion, library: Library) -> Draft:
    """Return the draft with a question of the recruiter's own, under the next free id.

    Raises NotAsked, RoundIsLocked, TooManyOwn.
    """
    if len(draft.own) >= MOST_OWN:
        raise TooManyOwn(item.id)
    taken = {int(other.id.removeprefix(OWN)) for other in draft.own}
    taken |= {int(key.removeprefix(OWN)) for key in draft.excluded if key.startswith(OWN)}
    named = item.model_copy(update={"id": f"{OWN}{max(taken, default=0) + 1}"})
    return add(draft.model_copy(update={"own": (*draft.own, named)}), number, named.id, library)


def drop(draft: Draft, question_id: str) -> Draft:
    """Return the draft without the question, which a new plan will not bring back.

    An own question is gone. Raises NotAsked, RoundIsLocked.
    """
    number = _open_round(draft, question_id)
    keys = tuple(key for key in draft.rounds[number].questions if key != question_id)
    changed = _forgotten(draft, question_id)
    if not question_id.startswith(OWN):
        changed = changed.model_copy(update={"excluded": (*changed.excluded, question_id)})
    return _chosen(changed, {number: keys})


def allow(draft: Draft, question_id: str) -> Draft:
    """Return the draft in which a new plan may ask the question again. Raises NotAsked."""
    if question_id not in draft.excluded:
        raise NotAsked(question_id)
    return draft.model_copy(
        update={"excluded": tuple(key for key in draft.excluded if key != question_id)}
    )


def pin(draft: Draft, question_id: str) -> Draft:
    """Return the draft in which a new plan keeps the question in its round. Raises NotAsked."""
    draft.round_of(question_id)
    return draft.model_copy(update={"pinned": (*_without(draft.pinned, question_id), question_id)})


def unpin(draft: Draft, question_id: str) -> Draft:
    """Return the draft in which a new plan decides about the question. Raises NotAsked."""
    draft.round_of(question_id)
    return draft.model_copy(update={"pinned": _without(draft.pinned, question_id)})


def lock(draft: Draft, number: int, *, locked: bool) -> Draft:
    """Return the draft with the round locked or open. Raises NotAsked."""
    if not 0 <= number < len(draft.rounds):
        raise NotAsked(number)
    return _with_round(draft, number, locked=locked)


def move(draft: Draft, question_id: str, number: int, library: Library) -> Draft:
    """Return the draft with the question in another round, last in its section.

    Raises NotAsked, RoundIsLocked.
    """
    origin = _open_round(draft, question_id)
    _open(draft, number)
    if origin == number:
        return draft
    where = places(library_of(draft, library))
    return _chosen(
        draft,
        {
            origin: tuple(key for key in draft.rounds[origin].questions if key != question_id),
            number: _grouped([*draft.rounds[number].questions, question_id], where),
        },
    )


def shift(draft: Draft, question_id: str, step: Literal[-1, 1], library: Library) -> Draft:
    """Return the draft with the question one place earlier (-1) or later (1) in its section.

    At the edge of the section nothing changes. Raises NotAsked, RoundIsLocked.
    """
    number = _open_round(draft, question_id)
    where = places(library_of(draft, library))
    keys = list(draft.rounds[number].questions)
    place = keys.index(question_id)
    other = place + step
    if not 0 <= other < len(keys) or _section(where, keys[other]) != _section(where, question_id):
        return draft
    keys[place], keys[other] = keys[other], keys[place]
    return _with_round(draft, number, questions=tuple(keys))


def shift_section(
    draft: Draft, number: int, competency: str, step: Literal[-1, 1], library: Library
) -> Draft:
    """Return the draft with the competency one section earlier (-1) or later (1) in the round.

    At the edge of the round nothing changes. Raises NotAsked, RoundIsLocked.
    """
    _open(draft, number)
    where = places(library_of(draft, library))
    sections: dict[str, list[str]] = {}
    for key in draft.rounds[number].questions:
        sections.setdefault(_section(where, key), []).append(key)
    order = list(sections)
    if competency not in order:
        raise NotAsked(competency)
    place = order.index(competency)
    other = place + step
    if not 0 <= other < len(order):
        return draft
    order[place], order[other] = order[other], order[place]
    keys = tuple(key for name in order for key in sections[name])
    return _with_round(draft, number, questions=keys)


def reword(draft: Draft, question_id: str, wording: Wording | None, note: str) -> Draft:
    """Return the draft with other words for the question; None gives the library's back.

    Raises NotAsked.
    """
    draft.round_of(question_id)
    notes = {key: text for key, text in draft.notes.items() if key != question_id}
    if note:
        notes[question_id] = note
    changed = draft.model_copy(update={"notes": notes})
    if question_id.startswith(OWN):
        if wording is None:
            return changed
        own = tuple(
            item.model_copy(update={"wording": wording}) if item.id == question_id else item
            for item in draft.own
        )
        return changed.model_copy(update={"own": own})
    words = {key: item for key, item in draft.wording.items() if key != question_id}
    if wording is not None:
        words[question_id] = wording
    return changed.model_copy(update={"wording": words})


def note_round(draft: Draft, number: int, note: str) -> Draft:
    """Return the draft with a note to the interviewers of a round. Raises NotAsked."""
    if not 0 <= number < len(draft.rounds):
        raise NotAsked(number)
    return _with_round(draft, number, note=note)


def take(draft: Draft, way: planner.WayOut, library: Library) -> Draft:
    """Return the draft after one of the ways out of an infeasible plan.

    Raises EditRefused for a way that is not enough by itself.
    """
    match way:
        case planner.ExtraMinutes(round_index=number, minutes=minutes):
            longer = draft.profile.rounds[number].minutes + minutes
            return with_profile(
                draft, _with_round_of(draft.profile, number, minutes=longer), library
            )
        case planner.SecondInterviewer(round_index=number):
            return with_profile(
                draft, _with_round_of(draft.profile, number, interviewers=2), library
            )
        case planner.FewerCompetencies(keep=keep, enough=True):
            kept = {k: item for k, item in draft.profile.competencies.items() if k in keep}
            lighter = draft.profile.model_copy(update={"competencies": kept})
            return with_profile(draft, lighter, library)
        case planner.Release(edits=edits):
            for edit in edits:
                draft = _released(draft, edit)
            return draft
    raise EditRefused(way)


def _released(draft: Draft, edit: planner.Edit) -> Draft:
    match edit:
        case planner.Pin(question_id=key) if key.startswith(OWN):
            return _forgotten(_without_question(draft, key), key)
        case planner.Pin(question_id=key):
            return draft.model_copy(update={"pinned": _without(draft.pinned, key)})
        case planner.Exclusion(question_id=key):
            return draft.model_copy(update={"excluded": _without(draft.excluded, key)})
        case planner.Lock(round_index=number):
            return _with_round(draft, number, locked=False)


def _without_question(draft: Draft, key: str) -> Draft:
    rounds = tuple(
        round_.model_copy(update={"questions": _without(round_.questions, key)})
        for round_ in draft.rounds
    )
    return draft.model_copy(update={"rounds": rounds})


def _with_round_of(profile: Profile, number: int, **changes: int) -> Profile:
    rounds = list(profile.rounds)
    rounds[number] = rounds[number].model_copy(update=changes)
    return profile.model_copy(update={"rounds": rounds})


def _open_round(draft: Draft, question_id: str) -> int:
    number = draft.round_of(question_id)
    _open(draft, number)
    return number


def _open(draft: Draft, number: int) -> None:
    if not 0 <= number < len(draft.rounds):
        raise NotAsked(number)
    if draft.rounds[number].locked:
        raise RoundIsLocked(number)


def _forgotten(draft: Draft, question_id: str) -> Draft:
    """Return the draft without what was decided about a question that is no longer asked."""
    return draft.model_copy(
        update={
            "pinned": _without(draft.pinned, question_id),
            "own": tuple(item for item in draft.own if item.id != question_id),
            "wording": {k: v for k, v in draft.wording.items() if k != question_id},
            "notes": {k: v for k, v in draft.notes.items() if k != question_id},
        }
    )


def _without(keys: Sequence[str], key: str) -> tuple[str, ...]:
    return tuple(other for other in keys if other != key)


def _section(where: dict[str, Place], key: str) -> str:
    return where[key].competency if key in where else key


def _grouped(keys: Sequence[str], where: dict[str, Place]) -> tuple[str, ...]:
    """Bring the questions about a competency together where its first one stands."""
    order = {name: n for n, name in enumerate(dict.fromkeys(_section(where, k) for k in keys))}
    return tuple(sorted(keys, key=lambda key: order[_section(where, key)]))


def _chosen(draft: Draft, rounds: dict[int, tuple[str, ...]]) -> Draft:
    for number, keys in rounds.items():
        draft = _with_round(draft, number, questions=keys)
    return draft.model_copy(update={"optimal": False})


def _with_round(draft: Draft, number: int, **changes: object) -> Draft:
    rounds = tuple(
        round_.model_copy(update=changes) if n == number else round_
        for n, round_ in enumerate(draft.rounds)
    )
    return draft.model_copy(update={"rounds": rounds})
