"""What a choice of questions is worth, and which rules it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from recruit.core.faults import Said
from recruit.core.planner.refusals import RoundsDiffer
from recruit.core.planner.subject import Subject, minutes_said
from recruit.core.profile import SCRIPT_MINUTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from recruit.core.library import Library
    from recruit.core.profile import Profile

Lacking = Literal["any", "past_behaviour", "other"]
"""The kind of question that a competency lacks; "other" is any but past behaviour."""


@dataclass(frozen=True)
class OverTime:
    """Rule 1: scripts and questions take ``minutes``, ``over`` more than the round has."""

    round_index: int
    minutes: int
    over: int

    def said(self, subject: Subject) -> Said:
        """Return the breach in words."""
        round_, over = subject.round_name(self.round_index), minutes_said(self.over)
        return Said(f"{round_.sv} blir {over.sv} för lång.", f"{round_.en} runs {over.en} over.")


@dataclass(frozen=True)
class TooFewAsked:
    """Rule 2: the process asks no question of a kind about the competency."""

    competency: str
    kind: Lacking

    def said(self, subject: Subject) -> Said:
        """Return the breach in words."""
        name = subject.competency_name(self.competency)
        match self.kind:
            case "any":
                return Said(f"{name.sv} har ingen fråga.", f"{name.en} has no question.")
            case "past_behaviour":
                return Said(
                    f"{name.sv} har ingen fråga om en upplevd situation.",
                    f"{name.en} has no question about past behaviour.",
                )
            case "other":
                return Said(
                    f"{name.sv} har bara frågor om upplevda situationer; det behövs också en "
                    "av annat slag.",
                    f"{name.en} has questions about past behaviour only; one of another kind is "
                    "needed too.",
                )


@dataclass(frozen=True)
class Unfit:
    """Rule 3: the question is not meant for the profile's level or sector."""

    question_id: str
    round_index: int

    def said(self, subject: Subject) -> Said:
        """Return the breach in words."""
        question = subject.question_name(self.question_id)
        return Said(
            f"{question.sv} är inte avsedd för nivån eller sektorn.",
            f"{question.en} is not meant for the level or the sector.",
        )


@dataclass(frozen=True)
class OutsideProfile:
    """Rule 3: the question is about a competency that the profile does not ask for."""

    question_id: str
    round_index: int
    competency: str

    def said(self, subject: Subject) -> Said:
        """Return the breach in words."""
        question = subject.question_name(self.question_id)
        name = subject.competency_name(self.competency)
        return Said(
            f"{question.sv} hör till {name.sv}, som inte ingår i rollprofilen.",
            f"{question.en} belongs to {name.en}, which is not in the role profile.",
        )


@dataclass(frozen=True)
class NotInLibrary:
    """Rule 3: no such question; nothing is known about it, and it counts for nothing."""

    question_id: str
    round_index: int

    def said(self, subject: Subject) -> Said:
        """Return the breach in words."""
        name = subject.question_name(self.question_id)
        return Said(
            f"Frågan {name.sv} finns inte längre i biblioteket.",
            f"The question {name.en} is no longer in the library.",
        )


@dataclass(frozen=True)
class TwoCases:
    """Rule 3: more than one case in a round."""

    round_index: int
    question_ids: tuple[str, ...]

    def said(self, subject: Subject) -> Said:
        """Return the breach in words."""
        round_, found = subject.round_name(self.round_index), len(self.question_ids)
        return Said(
            f"{round_.sv} har {found} fall; högst ett ska ingå i en omgång.",
            f"{round_.en} has {found} cases; there should be at most one in a round.",
        )


@dataclass(frozen=True)
class AskedAlone:
    """Rule 4: no round with at least two interviewers asks about the competency."""

    competency: str

    def said(self, subject: Subject) -> Said:
        """Return the breach in words."""
        name = subject.competency_name(self.competency)
        return Said(
            f"{name.sv} tas bara upp där intervjuaren är ensam.",
            f"{name.en} is asked about only where there is a single interviewer.",
        )


@dataclass(frozen=True)
class AskedTwice:
    """Rule 5: the question occurs more than once; ``round_indices`` says where, each time."""

    question_id: str
    round_indices: tuple[int, ...]

    def said(self, subject: Subject) -> Said:
        """Return the breach in words."""
        question = subject.question_name(self.question_id)
        return Said(
            f"{question.sv} ställs mer än en gång.", f"{question.en} is asked more than once."
        )


Broken = (
    OverTime
    | TooFewAsked
    | Unfit
    | OutsideProfile
    | NotInLibrary
    | TwoCases
    | AskedAlone
    | AskedTwice
)


@dataclass(frozen=True)
class Assessment:
    """Any choice of questions, measured as ``plan`` measures its own.

    ``coverage_value`` is the weighted mean over competencies of the share of positive indicators
    that the questions elicit, from 0 to 1, and ``points`` the same as a whole number (see
    ``Subject.points``). ``elicited`` has the indicators per competency of the profile, in file
    order. ``minutes`` is per round, scripts included. ``kinds`` is the number of distinct kinds of
    question summed over competencies. ``broken`` is empty when every rule holds; ``lines`` says
    the same in words.
    """

    rounds: tuple[tuple[str, ...], ...]
    coverage_value: float
    points: int
    elicited: Mapping[str, tuple[str, ...]]
    minutes: tuple[int, ...]
    kinds: int
    broken: tuple[Broken, ...]
    lines: tuple[Said, ...]

    def messages(self, language: str) -> list[str]:
        """Return each broken rule in a sentence ("sv" or "en")."""
        return [line.in_(language) for line in self.lines]


def assess(library: Library, profile: Profile, rounds: Sequence[Sequence[str]]) -> Assessment:
    """Return what a choice of question ids per round is worth and which rules it breaks.

    Raises RoundsDiffer, UnknownCompetency and DoubleQuestion.
    """
    return assess_within(Subject(library, profile), rounds)


def assess_within(subject: Subject, rounds: Sequence[Sequence[str]]) -> Assessment:
    """Do the same for a subject that is at hand. Raises RoundsDiffer."""
    profile = subject.profile
    if len(rounds) != len(profile.rounds):
        raise RoundsDiffer(len(rounds), len(profile.rounds))
    known = [[subject.find(key) for key in keys if subject.holds(key)] for keys in rounds]
    asked = {question.id: (key, question) for found in known for key, question in found}
    elicited, points, kinds = {}, 0, 0
    for key in profile.competencies:
        own = [question for competency, question in asked.values() if competency == key]
        found = {indicator for question in own for indicator in question.elicits}
        indicators = subject.library.competencies[key].indicators
        elicited[key] = tuple(item.id for item in indicators if item.id in found)
        points += subject.points[key] * len(elicited[key])
        kinds += len({question.kind for question in own})
    broken = tuple(_broken(subject, rounds))
    return Assessment(
        rounds=tuple(tuple(keys) for keys in rounds),
        coverage_value=points / subject.most_points,
        points=points,
        elicited=elicited,
        minutes=tuple(SCRIPT_MINUTES + sum(q.minutes for _, q in found) for found in known),
        kinds=kinds,
        broken=broken,
        lines=tuple(breach.said(subject) for breach in broken),
    )


def _broken(subject: Subject, rounds: Sequence[Sequence[str]]) -> Iterator[Broken]:
    places: dict[str, list[int]] = {}
    for number, keys in enumerate(rounds):
        for key in keys:
            places.setdefault(key, []).append(number)
    yield from _broken_in_rounds(subject, rounds)
    for key in subject.profile.competencies:
        yield from _broken_about(subject, key, places)
    for question_id, where in places.items():
        yield from _broken_by(subject, question_id, where)


def _broken_in_rounds(subject: Subject, rounds: Sequence[Sequence[str]]) -> Iterator[Broken]:
    for number, (keys, round_) in enumerate(zip(rounds, subject.profile.rounds, strict=True)):
        questions = [subject.find(key)[1] for key in keys if subject.holds(key)]
        minutes = SCRIPT_MINUTES + sum(question.minutes for question in questions)
        if minutes > round_.minutes:
            yield OverTime(number, minutes, minutes - round_.minutes)
        cases = tuple(dict.fromkeys(q.id for q in questions if q.kind == "case"))
        if len(cases) > 1:
            yield TwoCases(number, cases)


def _broken_about(subject: Subject, key: str, places: dict[str, list[int]]) -> Iterator[Broken]:
    own = [q for q in subject.library.competencies[key].questions if q.id in places]
    if not own:
        yield TooFewAsked(key, "any")
        return
    if subject.profile.min_questions > 1:
        past = sum(question.kind == "past_behaviour" for question in own)
        if not past:
            yield TooFewAsked(key, "past_behaviour")
        if past == len(own):
            yield TooFewAsked(key, "other")
    together = set(subject.together)
    if together and not any(together & set(places[question.id]) for question in own):
        yield AskedAlone(key)


def _broken_by(subject: Subject, question_id: str, where: list[int]) -> Iterator[Broken]:
    if len(where) > 1:
        yield AskedTwice(question_id, tuple(where))
    if not subject.holds(question_id):
        yield NotInLibrary(question_id, where[0])
        return
    key = subject.find(question_id)[0]
    if key not in subject.profile.competencies:
        yield OutsideProfile(question_id, where[0], key)
    elif question_id not in subject.fitting:
        yield Unfit(question_id, where[0])
