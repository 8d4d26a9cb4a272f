"""What is planned: the questions of one profile's competencies, and what things are called."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from recruit.core.faults import Said, listed
from recruit.core.planner.refusals import DoubleQuestion, UnknownCompetency, UnknownQuestion
from recruit.core.profile import named_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recruit.core.library import Library, Question
    from recruit.core.profile import Profile

LONGEST_QUOTE = 60
"""Characters of a question that a message quotes."""


@dataclass(frozen=True)
class Subject:
    """A profile together with the library that it is planned from.

    Raises UnknownCompetency, and DoubleQuestion when two questions share an id.
    """

    library: Library
    profile: Profile

    def __post_init__(self) -> None:
        known = self.library.competencies
        unknown = [key for key in self.profile.competencies if key not in known]
        if unknown:
            raise UnknownCompetency(unknown, known)
        seen = set()
        for competency in known.values():
            for question in competency.questions:
                if question.id in seen:
                    raise DoubleQuestion(question.id)
                seen.add(question.id)

    @cached_property
    def competencies(self) -> tuple[str, ...]:
        """The profile's competencies in file order."""
        return tuple(key for key in self.library.competencies if key in self.profile.competencies)

    @cached_property
    def fitting(self) -> dict[str, tuple[str, Question]]:
        """Competency and question by id, in file order: what rule 3 lets the process ask."""
        return {
            question.id: (key, question)
            for key in self.competencies
            for question in self.library.competencies[key].questions
            if question.fits(self.profile.level, self.profile.sector)
        }

    @cached_property
    def together(self) -> tuple[int, ...]:
        """The rounds with at least two interviewers."""
        rounds = enumerate(self.profile.rounds)
        return tuple(number for number, round_ in rounds if round_.interviewers >= 2)

    @cached_property
    def points(self) -> dict[str, int]:
        """What one indicator of a competency adds to the coverage, as a whole number.

        Weight x share of the competency's indicators, times the least common multiple of the
        numbers of indicators: sums of whole numbers compare without rounding.
        """
        sizes = {key: len(self.library.competencies[key].indicators) for key in self.competencies}
        scale = math.lcm(*sizes.values())
        return {
            key: self.profile.competencies[key].weight * scale // size
            for key, size in sizes.items()
        }

    @cached_property
    def most_points(self) -> int:
        """The points of a process that elicits every indicator."""
        return sum(
            points * len(self.library.competencies[key].indicators)
            for key, points in self.points.items()
        )

    @cached_property
    def _everything(self) -> dict[str, tuple[str, Question]]:
        return {
            question.id: (key, question)
            for key, competency in self.library.competencies.items()
            for question in competency.questions
        }

    def find(self, question_id: str) -> tuple[str, Question]:
        """Return competency and question. Raises UnknownQuestion."""
        try:
            return self._everything[question_id]
        except KeyError:
            raise UnknownQuestion(question_id) from None

    def holds(self, question_id: str) -> bool:
        """Tell whether the library has the question."""
        return question_id in self._everything

    def competency_name(self, key: str) -> Said:
        """Return the name of a competency in quotation marks: it may hold an "and"."""
        name = self.library.competencies[key].name
        return Said(f"”{name.sv}”", f"“{name.en}”")

    def competency_names(self, keys: Iterable[str]) -> Said:
        """Return the names of competencies as an enumeration."""
        return listed([self.competency_name(key) for key in keys])

    def round_name(self, round_index: int) -> Said:
        """Return the name of a round in quotation marks."""
        name = self.profile.rounds[round_index].name
        return Said(f"”{named_in(name, 'sv')}”", f"“{named_in(name, 'en')}”")

    def question_name(self, question_id: str) -> Said:
        """Return the beginning of a question in quotation marks, or its id if it is unknown."""
        if not self.holds(question_id):
            return Said(question_id, question_id)
        text = self.find(question_id)[1].text
        return Said(f"”{_beginning(text.sv)}”", f"“{_beginning(text.en)}”")


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= LONGEST_QUOTE:
        return line
    return line[:LONGEST_QUOTE].rpartition(" ")[0] + " …"


def minutes_said(minutes: int) -> Said:
    """Return a length of time in words."""
    if minutes == 1:
        return Said("1 minut", "1 minute")
    return Said(f"{minutes} minuter", f"{minutes} minutes")
