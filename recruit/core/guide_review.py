"""What a guide from a file would bring to a requisition: what differs, what does not fit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from recruit.core.faults import Said
from recruit.core.guide import (
    Coverage,
    Guide,
    anchors_in,
    planned_said,
    question_in,
    script_text,
    tested_said,
)
from recruit.core.profile import SCRIPT_MINUTES, named_in
from recruit.core.remarks import remarks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from recruit.core.guide import GuideQuestion, GuideRound, Section
    from recruit.core.library import Competency, Library, Question
    from recruit.core.profile import Profile
    from recruit.core.remarks import Remark

Standing = Literal["same", "changed", "own"]
"""A question is the library's, the library's with other words, or not in the library."""
Part = Literal[
    "text", "background", "probes", "signs", "kind", "minutes", "elicits", "definition", "anchors"
]


class ReviewedQuestion(NamedTuple):
    """A question of the file; ``changed`` names the parts that differ from the library's."""

    question: GuideQuestion
    standing: Standing
    changed: tuple[Part, ...]


class ReviewedSection(NamedTuple):
    """A section of the file. One whose competency is not in the profile is left out."""

    section: Section
    fits: bool
    changed: tuple[Part, ...]
    questions: tuple[ReviewedQuestion, ...]


@dataclass(frozen=True)
class ReviewedRound:
    """One round of the file; ``position`` (from 1) is the requisition's that it is like."""

    round: GuideRound
    sections: tuple[ReviewedSection, ...]
    position: int | None

    @property
    def kept(self) -> tuple[Section, ...]:
        """The sections that can be imported."""
        return tuple(item.section for item in self.sections if item.fits)

    @property
    def minutes(self) -> int:
        """How long the round takes with what can be imported, scripts included."""
        return planned_minutes(self.kept)


@dataclass(frozen=True)
class Review:
    """A guide from a file, looked at for one requisition."""

    guide: Guide
    rounds: tuple[ReviewedRound, ...]
    misfits: tuple[Said, ...]
    remarks: tuple[Remark, ...]


def planned_minutes(sections: Sequence[Section]) -> int:
    """Return how long an interview with the sections takes, scripts included."""
    asked = sum(question.minutes for section in sections for question in section.questions)
    return SCRIPT_MINUTES + asked


def review(guide: Guide, library: Library, profile: Profile, language: str) -> Review:
    """Return what the guide would bring to a requisition with the profile and the language."""
    places = _places(guide, profile, language)
    rounds = tuple(
        _round(round_, guide.language, library, profile, position)
        for round_, position in zip(guide.rounds, places, strict=True)
    )
    misfits = tuple(_misfits(guide, library, profile, language, rounds))
    return Review(guide, rounds, misfits, remarks(guide))


def _places(guide: Guide, profile: Profile, language: str) -> list[int | None]:
    """Return for each round of the file the round of the same name, or else in the same place."""
    names = [named_in(round_.name, language).casefold() for round_ in profile.rounds]
    found: list[int | None] = [
        names.index(round_.name.casefold()) + 1 if round_.name.casefold() in names else None
        for round_ in guide.rounds
    ]
    if any(place is not None for place in found) and len(set(found)) == len(found):
        return found
    return [number if number <= len(names) else None for number in range(1, len(found) + 1)]


def _round(
    round_: GuideRound,
    language: str,
    library: Library,
    profile: Profile,
    position: int | None,
) -> ReviewedRound:
    sections = tuple(
        _section(section, library.competencies.get(section.competency), profile, language)
        for section in round_.sections
    )
    return ReviewedRound(round_, sections, position)


def _section(
    section: Section, known: Competency | None, profile: Profile, language: str
) -> ReviewedSection:
    changed: list[Part] = []
    if known is not None:
        if section.definition != known.definition.in_(language):
            changed.append("definition")
        if section.anchors != anchors_in(known, language):
            changed.append("anchors")
    of_library = {question.id: question for question in known.questions} if known else {}
    questions = tuple(
        _question(question, of_library.get(question.id), language) for question in section.questions
    )
    return ReviewedSection(
        section, section.competency in profile.competencies, tuple(changed), questions
    )


def _question(question: GuideQuestion, source: Question | None, language: str) -> ReviewedQuestion:
    if source is None:
        return ReviewedQuestion(question, "own", ())
    known = question_in(source, language)
    same: dict[Part, bool] = {
        "text": question.text == known.text,
        "background": question.background == known.background,
        "probes": question.probes == known.probes,
        "signs": question.listen_for == known.listen_for,
        "kind": question.kind == known.kind,
        "minutes": question.minutes == known.minutes,
        "elicits": question.elicits == known.elicits,
    }
    changed = tuple(part for part, equal in same.items() if not equal)
    return ReviewedQuestion(question, "changed" if changed else "same", changed)


def _misfits(
    guide: Guide,
    library: Library,
    profile: Profile,
    language: str,
    rounds: tuple[ReviewedRound, ...],
) -> Iterator[Said]:
    if guide.language != language:
        yield Said(
            "Filen är på ett annat språk än rekryteringsuppdraget.",
            "The file is in another language than the requisition.",
        )
    if guide.level != profile.level:
        yield Said(
            "Filen är gjord för en annan chefsnivå än rollprofilens.",
            "The file is made for another level than that of the role profile.",
        )
    if guide.sector != profile.sector:
        yield Said(
            "Filen är gjord för en annan sektor än rollprofilens.",
            "The file is made for another sector than that of the role profile.",
        )
    for section in {
        item.section.competency: item.section
        for round_ in rounds
        for item in round_.sections
        if not item.fits
    }.values():
        yield Said(
            f"”{section.name}” finns inte i rollprofilen. Avsnittet tas inte med.",
            f"“{section.name}” is not in the role profile. The section is left out.",
        )
    asked = {section.competency for round_ in rounds for section in round_.kept}
    # A file with a part of the rounds leaves the rest to the others.
    whole = len(rounds) >= len(profile.rounds)
    for key in profile.competencies:
        if whole and key not in asked:
            known = library.competencies.get(key)
            name = Said(known.name.sv, known.name.en) if known else Said(key, key)
            yield Said(
                f"Filen prövar inte ”{name.sv}”, som rollprofilen kräver.",
                f"The file does not test “{name.en}”, which the role profile asks for.",
            )
    yield from _round_misfits(rounds, library, profile)


def _round_misfits(
    rounds: tuple[ReviewedRound, ...], library: Library, profile: Profile
) -> Iterator[Said]:
    for item in rounds:
        if item.position is None or not item.kept:
            continue
        limit = profile.rounds[item.position - 1].minutes
        if item.minutes > limit:
            yield Said(
                f"”{item.round.name}” tar {item.minutes} minuter. Omgången har {limit}.",
                f"“{item.round.name}” takes {item.minutes} minutes. The round has {limit}.",
            )
    fitting = {
        question.id: question.fits(profile.level, profile.sector)
        for competency in library.competencies.values()
        for question in competency.questions
    }
    count = sum(
        not fitting.get(question.id, True)
        for item in rounds
        for section in item.kept
        for question in section.questions
    )
    if count:
        yield Said(
            f"Antal frågor som biblioteket inte har för nivån eller sektorn: {count}.",
            f"Questions that the library does not have for the level or sector: {count}.",
        )


def as_drafts(
    review: Review,
    places: Mapping[int, int],
    present: Mapping[int, Guide],
    library: Library,
    profile: Profile,
) -> dict[int, Guide]:
    """Return one guide per position (from 1) that the file's rounds are placed at.

    ``places`` is from a round's number in the file (from 0) to a position, ``present`` what the
    requisition's rounds ask today. What is being hired for – title, weights, must-haves, names and
    length of rounds – is the requisition's, what is asked is the file's, and what the competencies
    mean and how they are rated is the library's. Coverage is counted anew over the whole process.
    """
    guide, language = review.guide, review.guide.language
    brought = {}
    for number, position in places.items():
        target, source = profile.rounds[position - 1], review.rounds[number]
        brought[position] = source.round.model_copy(
            update={
                "name": named_in(target.name, language),
                "minutes": target.minutes,
                "planned_minutes": source.minutes,
                "interviewers": target.interviewers,
                "sections": tuple(_with_scale(item, library, language) for item in source.kept),
            }
        )
    process = {position: item.rounds[0] for position, item in present.items()} | brought
    coverage = _coverage(process.values(), library, profile)
    weights = {key: item.weight for key, item in profile.competencies.items()}
    tested = sum(
        weights[key] * item.elicited / item.indicators
        for key, item in coverage.items()
        if item.indicators
    )
    facts = {
        "title": profile.title_in(language),
        "level": profile.level,
        "sector": profile.sector,
        "optimal": False,
        "coverage_value": tested / sum(weights.values()),
        "weights": weights,
        "must_have": {
            key: item.must_have
            for key, item in profile.competencies.items()
            if item.must_have is not None
        },
        "coverage": coverage,
        "notes": guide.notes.model_copy(
            update={
                "consensus_meeting": guide.notes.consensus_meeting
                or script_text(library.scripts["consensus-meeting"], language),
                "candidate_information": guide.notes.candidate_information
                or script_text(library.scripts["candidate-information"], language),
            }
        ),
    }
    return {
        position: guide.model_copy(
            update=facts
            | {"rounds": (round_,), "explanations": _explanations(round_, coverage, library, guide)}
        )
        for position, round_ in brought.items()
    }


def _with_scale(section: Section, library: Library, language: str) -> Section:
    """Return the section with the library's definition and rating scale.

    Two rounds that rate a competency by different scales could not be put together.
    """
    known = library.competencies.get(section.competency)
    if known is None:
        return section
    return section.model_copy(
        update={
            "definition": known.definition.in_(language),
            "anchors": anchors_in(known, language),
        }
    )


def _coverage(
    rounds: Iterable[GuideRound], library: Library, profile: Profile
) -> dict[str, Coverage]:
    # A file may know other indicators of a competency than the library and the other rounds.
    known = {
        key: {item.id for item in library.competencies[key].indicators}
        for key in profile.competencies
        if key in library.competencies
    }
    told: defaultdict[str, set[str]] = defaultdict(set)
    elicited: defaultdict[str, set[str]] = defaultdict(set)
    for round_ in rounds:
        for section in round_.sections:
            told[section.competency].update(item.id for item in section.indicators)
            for question in section.questions:
                elicited[section.competency].update(question.elicits)
    return {
        key: Coverage(
            indicators=len(told[key] or known.get(key, ())),
            elicited=len(elicited[key] & told[key]),
        )
        for key in profile.competencies
    }


def _explanations(
    round_: GuideRound, coverage: Mapping[str, Coverage], library: Library, guide: Guide
) -> tuple[str, ...]:
    swedish = guide.language == "sv"
    lines = [
        "Frågorna är inlästa från en fil, inte valda av planeraren."
        if swedish
        else "The questions come from a file and were not chosen by the planner.",
        planned_said(round_.name, round_.planned_minutes, round_.minutes).in_(guide.language),
    ]
    names = {section.competency: section.name for section in round_.sections}
    for key, item in coverage.items():
        known = library.competencies.get(key)
        name = names.get(key) or (known.name.in_(guide.language) if known else key)
        lines.append(tested_said(name, item.elicited, item.indicators).in_(guide.language))
    return tuple(lines)
