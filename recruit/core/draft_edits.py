"""Edits of a draft: each takes a draft and returns another one, or refuses.

A refusal is an ``EditRefused``; the draft that was given is as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from recruit.core import planner
from recruit.core.draft import (
    MOST_OWN,
    OWN,
    AlreadyAsked,
    EditRefused,
    NotAsked,
    RoundIsLocked,
    TooManyOwn,
    library_of,
    places,
    with_profile,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recruit.core.draft import Draft, OwnQuestion, Place, Wording
    from recruit.core.library import Library
    from recruit.core.profile import Profile


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
    changed = draft.model_copy(update={"excluded": _without(draft.excluded, question_id)})
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
    keys = _without(draft.rounds[number].questions, question_id)
    changed = _forgotten(draft, question_id)
    if not question_id.startswith(OWN):
        changed = changed.model_copy(update={"excluded": (*changed.excluded, question_id)})
    return _chosen(changed, {number: keys})


def allow(draft: Draft, question_id: str) -> Draft:
    """Return the draft in which a new plan may ask the question again. Raises NotAsked."""
    if question_id not in draft.excluded:
        raise NotAsked(question_id)
    return draft.model_copy(update={"excluded": _without(draft.excluded, question_id)})


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
            origin: _without(draft.rounds[origin].questions, question_id),
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
    """Return the draft with a changed round. Raises NotAsked."""
    if not 0 <= number < len(draft.rounds):
        raise NotAsked(number)
    rounds = tuple(
        round_.model_copy(update=changes) if n == number else round_
        for n, round_ in enumerate(draft.rounds)
    )
    return draft.model_copy(update={"rounds": rounds})
