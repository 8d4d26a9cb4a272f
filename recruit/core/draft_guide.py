"""From a draft to guides and back, and what could be asked in place of what is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pydantic import ValidationError

from recruit.core import guide as core_guide
from recruit.core import planner
from recruit.core.draft import (
    OWN,
    TALK,
    Draft,
    DraftRound,
    OwnQuestion,
    OwnSigns,
    Wording,
    library_of,
)
from recruit.core.library import LONGEST_TEXT
from recruit.core.planner.assessment import Assessment, assess_within
from recruit.core.planner.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from recruit.core.faults import Said
    from recruit.core.guide import Guide, GuideQuestion, GuideRound, Section
    from recruit.core.library import Kind, Library, Question
    from recruit.core.profile import Profile


def assess(draft: Draft, library: Library) -> Assessment:
    """Return what the draft's questions are worth and which rules they break.

    Raises planner.NoPlan.
    """
    return planner.assess(library_of(draft, library), draft.profile, draft.questions)


def compose(draft: Draft, library: Library, language: str) -> Guide:
    """Return the draft as one guide with every round. Raises planner.NoPlan."""
    known = library_of(draft, library)
    found = planner.assess(known, draft.profile, draft.questions)
    plan = planner.Plan(
        found.rounds, found.minutes, found.coverage_value, found.kinds, optimal=draft.optimal
    )
    guide = core_guide.compose(known, draft.profile, plan, language)
    rounds = tuple(
        _arranged(round_, own, draft)
        for round_, own in zip(guide.rounds, draft.rounds, strict=True)
    )
    return guide.model_copy(update={"rounds": rounds})


def _arranged(round_: GuideRound, own: DraftRound, draft: Draft) -> GuideRound:
    """Return the round in the draft's order, with the notes to the interviewers."""
    place = {key: n for n, key in enumerate(own.questions)}
    sections = [
        section.model_copy(
            update={
                "questions": tuple(
                    question.model_copy(update={"note": draft.notes.get(question.id, "")})
                    for question in sorted(section.questions, key=lambda q: place[q.id])
                )
            }
        )
        for section in round_.sections
    ]
    sections.sort(key=lambda section: place[section.questions[0].id])
    return round_.model_copy(update={"sections": tuple(sections), "note": own.note})


def single_round(guide: Guide, number: int) -> Guide:
    """Return a guide with one of the rounds."""
    return guide.model_copy(update={"rounds": (guide.rounds[number],)})


class GuideIsUnreadable(ValueError):
    """Guides hold what no draft may hold; ``texts`` are the questions and notes that do."""

    def __init__(self, texts: tuple[str, ...] = ()) -> None:
        super().__init__(*texts)
        self.texts = texts


def read_back(
    guides: Mapping[int, Guide], profile: Profile, library: Library, *, whole: bool = True
) -> Draft:
    """Return the draft that guides with one round each came from, as far as they tell.

    ``guides`` are by position of the round, from 1. Words that differ from the library's are kept
    as the recruiter's; a question that the library lacks, or has with other signs, minutes or
    indicators, is kept as their own. What no draft may hold is left out unless it must be
    ``whole``; then GuideIsUnreadable is raised.
    """
    known = {q.id: q for item in library.competencies.values() for q in item.questions}
    taken = _Taken()
    rounds: list[DraftRound] = []
    for position in range(1, len(profile.rounds) + 1):
        guide = guides.get(position)
        if guide is None:
            rounds.append(DraftRound())
            continue
        round_ = guide.rounds[0]
        keys = [
            taken.take(section, asked, known.get(asked.id), guide.language)
            for section in round_.sections
            if section.competency in profile.competencies
            for asked in section.questions
        ]
        note = taken.short(round_.note)
        rounds.append(DraftRound(questions=tuple(filter(None, keys)), note=note))
    if taken.unread and whole:
        raise GuideIsUnreadable(tuple(taken.unread))
    return Draft(
        profile=profile,
        rounds=tuple(rounds),
        own=tuple(taken.own),
        wording=taken.wording,
        notes=taken.notes,
        optimal=bool(guides) and all(guide.optimal for guide in guides.values()),
    )


class _Taken:
    """What guides bring to a draft; ``unread`` are the texts that it may not hold."""

    def __init__(self) -> None:
        self.own: list[OwnQuestion] = []
        self.wording: dict[str, Wording] = {}
        self.notes: dict[str, str] = {}
        self.unread: list[str] = []

    def take(
        self, section: Section, asked: GuideQuestion, known: Question | None, language: str
    ) -> str | None:
        """Return the id that the draft knows the question by, None when it is left out."""
        key = asked.id
        same = None if known is None else core_guide.question_in(known, language)
        try:
            if same is None or _but_for_words(asked) != _but_for_words(same):
                key = f"{OWN}{len(self.own) + 1}"
                self.own.append(_own(key, section, asked, language))
            elif _words(asked) != _words(same):
                self.wording[key] = _words(asked)
        except ValidationError:
            self.unread.append(asked.text)
            return None
        if note := self.short(asked.note):
            self.notes[key] = note
        return key

    def short(self, note: str) -> str:
        """Return the note, or nothing when it is too long."""
        if len(note) <= LONGEST_TEXT:
            return note
        self.unread.append(note)
        return ""


def _but_for_words(asked: GuideQuestion) -> tuple[object, ...]:
    return asked.kind, asked.minutes, asked.elicits, asked.listen_for


def _words(asked: GuideQuestion) -> Wording:
    return Wording(text=asked.text, background=asked.background or None, probes=asked.probes)


def wording_of(question: Question, language: str) -> Wording:
    """Return the words of a question of the library in one language."""
    return _words(core_guide.question_in(question, language))


def _own(key: str, section: Section, asked: GuideQuestion, language: str) -> OwnQuestion:
    texts = {item.id: item.text for item in section.indicators}
    elicits = tuple(item for item in asked.elicits if item in texts) or tuple(texts)[:1]
    usual = tuple(texts[item] for item in elicits), (TALK.in_(language),)
    signs = tuple(asked.listen_for.practice), tuple(asked.listen_for.talk)
    return OwnQuestion(
        id=key,
        competency=section.competency,
        kind=cast("Kind", asked.kind),
        minutes=asked.minutes,
        elicits=elicits,
        wording=_words(asked),
        signs=None if signs == usual else OwnSigns(practice=signs[0], talk=signs[1]),
    )


@dataclass(frozen=True)
class Option:
    """A question that could be asked, and what the draft then gains or loses.

    ``coverage_change`` is in units of ``coverage_value``. ``gained`` and ``lost`` are pairs of
    competency and indicator. ``breaches`` says in words which rules would be broken that are not
    now; ``mended`` counts those that no longer would be.
    """

    question: Question
    competency: str
    coverage_change: float
    minutes_change: int
    gained: tuple[tuple[str, str], ...]
    lost: tuple[tuple[str, str], ...]
    breaches: tuple[Said, ...]
    mended: int


def replacements(draft: Draft, library: Library, question_id: str) -> list[Option]:
    """Return what could be asked in place of a question, best first.

    What the recruiter excluded is left out. Best first: choices that break fewer rules, then what
    is best for a plan. Raises NotAsked and planner.NoPlan.
    """
    number = draft.round_of(question_id)

    def put(key: str) -> list[list[str]]:
        rounds = [list(keys) for keys in draft.questions]
        rounds[number][rounds[number].index(question_id)] = key
        return rounds

    return _options(draft, library, put)


def additions(draft: Draft, library: Library, number: int) -> list[Option]:
    """Return what could be asked too in a round, best first. Raises planner.NoPlan."""

    def put(key: str) -> list[list[str]]:
        rounds = [list(keys) for keys in draft.questions]
        rounds[number].append(key)
        return rounds

    return _options(draft, library, put)


def _options(draft: Draft, library: Library, put: Callable[[str], list[list[str]]]) -> list[Option]:
    subject = Subject(library_of(draft, library), draft.profile)
    before = assess_within(subject, draft.questions)
    asked = {key for keys in draft.questions for key in keys}
    found = []
    for place, (key, (competency, question)) in enumerate(subject.fitting.items()):
        if key in asked or key in draft.excluded:
            continue
        after = assess_within(subject, put(key))
        had, has = _pairs(before), _pairs(after)
        option = Option(
            question=question,
            competency=competency,
            coverage_change=after.coverage_value - before.coverage_value,
            minutes_change=sum(after.minutes) - sum(before.minutes),
            gained=tuple(pair for pair in has if pair not in had),
            lost=tuple(pair for pair in had if pair not in has),
            breaches=tuple(
                line
                for broken, line in zip(after.broken, after.lines, strict=True)
                if broken not in before.broken
            ),
            mended=sum(broken not in after.broken for broken in before.broken),
        )
        worth = len(after.broken), -after.points, -after.kinds, question.minutes, place
        found.append((worth, option))
    return [option for _, option in sorted(found, key=lambda item: item[0])]


def _pairs(assessment: Assessment) -> dict[tuple[str, str], None]:
    return dict.fromkeys(
        (competency, indicator)
        for competency, indicators in assessment.elicited.items()
        for indicator in indicators
    )
