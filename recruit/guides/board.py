"""What the builder shows of a draft: one value, made anew for every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recruit.core import draft_guide, planner
from recruit.core.draft import OWN, library_of
from recruit.core.profile import named_in
from recruit.core.remarks import remarks
from recruit.core.structure import structure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from recruit.core.draft import Draft
    from recruit.core.guide import Guide, GuideQuestion, Section
    from recruit.core.library import Library
    from recruit.core.remarks import Remark
    from recruit.core.structure import Component
    from recruit.core.wording import Flag
    from recruit.guides.queries import Working


@dataclass(frozen=True)
class Card:
    """One question of a round."""

    question: GuideQuestion
    number: int
    is_own: bool
    is_pinned: bool
    is_reworded: bool
    flags: tuple[Flag, ...]
    first: bool
    last: bool


@dataclass(frozen=True)
class SectionCard:
    """The questions about one competency in one round."""

    competency: str
    name: str
    cards: tuple[Card, ...]
    first: bool
    last: bool


@dataclass(frozen=True)
class RoundCard:
    """One round; minutes include the scripts. ``lost`` are questions the library no longer has."""

    number: int
    name: str
    minutes: int
    planned: int
    interviewers: int
    is_locked: bool
    note: str
    sections: tuple[SectionCard, ...]
    lost: tuple[str, ...]

    @property
    def left(self) -> int:
        """Minutes that no question takes; negative when the round is too long."""
        return self.minutes - self.planned


@dataclass(frozen=True)
class Balance:
    """How a competency is tested: ``minutes`` is per round, ``missing`` in words."""

    competency: str
    name: str
    weight: int
    must_have: int | None
    elicited: int
    indicators: int
    missing: tuple[str, ...]
    kinds: tuple[str, ...]
    questions: int
    minutes: tuple[int, ...]


@dataclass(frozen=True)
class Board:
    """The whole builder. ``coverage`` and ``best`` are in whole percent.

    ``remarks`` are on wording that needs a reason to be published.
    """

    working: Working
    rounds: tuple[RoundCard, ...]
    balance: tuple[Balance, ...]
    coverage: int
    best: int | None
    faults: tuple[str, ...]
    remarks: tuple[Remark, ...]
    components: tuple[Component, ...]
    excluded: tuple[tuple[str, str], ...]

    @property
    def draft(self) -> Draft:
        """The draft that is shown."""
        return self.working.draft

    def in_state(self, state: str) -> tuple[Component, ...]:
        """Return the components of structure that are "met", "depends" or "missing"."""
        return tuple(item for item in self.components if item.state == state)


def board(working: Working, library: Library, language: str) -> Board:
    """Return what the builder shows, with its messages in ``language``.

    Raises planner.NoPlan when the profile names competencies that the library lacks.
    """
    draft = working.draft
    known = library_of(draft, library)
    found = planner.assess(known, draft.profile, draft.questions)
    guide = draft_guide.compose(draft, library, working.language)
    texts = {q.id: q.text for item in known.competencies.values() for q in item.questions}
    told = remarks(guide)
    flagged: dict[str, list[Flag]] = {}
    for remark in told:
        flagged.setdefault(remark.question, []).append(remark.flag)
    return Board(
        working=working,
        rounds=tuple(_rounds(draft, guide, texts, flagged)),
        remarks=told,
        balance=tuple(_balance(draft, guide, known, found, language)),
        coverage=round(100 * found.coverage_value),
        best=None if draft.best is None else round(100 * draft.best),
        faults=tuple(found.messages(language)),
        components=structure(draft.profile, guide),
        excluded=tuple(
            (key, texts[key].in_(working.language)) for key in draft.excluded if key in texts
        ),
    )


def _rounds(
    draft: Draft, guide: Guide, texts: Iterable[str], flagged: Mapping[str, list[Flag]]
) -> Iterator[RoundCard]:
    for number, (shown, own) in enumerate(zip(guide.rounds, draft.rounds, strict=True)):
        sections = []
        asked = 0
        for place, section in enumerate(shown.sections):
            sections.append(
                SectionCard(
                    section.competency,
                    section.name,
                    tuple(_cards(draft, section, asked, flagged)),
                    first=place == 0,
                    last=place == len(shown.sections) - 1,
                )
            )
            asked += len(section.questions)
        yield RoundCard(
            number=number,
            name=shown.name,
            minutes=shown.minutes,
            planned=shown.planned_minutes,
            interviewers=shown.interviewers,
            is_locked=own.locked,
            note=own.note,
            sections=tuple(sections),
            lost=tuple(key for key in own.questions if key not in texts),
        )


def _cards(
    draft: Draft, section: Section, asked: int, flagged: Mapping[str, list[Flag]]
) -> Iterator[Card]:
    for place, question in enumerate(section.questions):
        is_own, is_reworded = question.id.startswith(OWN), question.id in draft.wording
        yield Card(
            question=question,
            number=asked + place + 1,
            is_own=is_own,
            is_pinned=question.id in draft.pinned,
            is_reworded=is_reworded,
            flags=tuple(flagged.get(question.id, ())),
            first=place == 0,
            last=place == len(section.questions) - 1,
        )


def _balance(
    draft: Draft,
    guide: Guide,
    library: Library,
    found: planner.Assessment,
    language: str,
) -> Iterator[Balance]:
    for key, item in draft.profile.competencies.items():
        competency = library.competencies[key]
        per_round = [
            [q for section in r.sections if section.competency == key for q in section.questions]
            for r in guide.rounds
        ]
        asked = [question for questions in per_round for question in questions]
        yield Balance(
            competency=key,
            name=competency.name.in_(language),
            weight=item.weight,
            must_have=item.must_have,
            elicited=len(found.elicited[key]),
            indicators=len(competency.indicators),
            missing=tuple(
                indicator.text.in_(language)
                for indicator in competency.indicators
                if indicator.id not in found.elicited[key]
            ),
            kinds=tuple(dict.fromkeys(question.kind for question in asked)),
            questions=len(asked),
            minutes=tuple(sum(q.minutes for q in questions) for questions in per_round),
        )


def round_names(draft: Draft, language: str) -> list[str]:
    """Return what the rounds are called in the language."""
    return [named_in(round_.name, language) for round_ in draft.profile.rounds]
