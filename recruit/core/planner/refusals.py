"""Input that no plan can be made from, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recruit.core.faults import Said, listed, said

if TYPE_CHECKING:
    from collections.abc import Iterable


class NoPlan(ValueError):
    """No plan can be made.

    ``reason_lines`` says why, ``way_lines`` what would help, ``advice`` leads from one to the
    other; ``messages`` is all of it in one language.
    """

    def __init__(
        self,
        reason_lines: Iterable[Said],
        advice: Said | None = None,
        way_lines: Iterable[Said] = (),
    ) -> None:
        self.reason_lines, self.advice = tuple(reason_lines), advice
        self.way_lines = tuple(way_lines)
        super().__init__("; ".join(self.messages("en")))

    def messages(self, language: str) -> list[str]:
        """Return what is wrong and what would help, one sentence each ("sv" or "en")."""
        advice = [] if self.advice is None else [self.advice]
        lines = [*self.reason_lines, *advice, *self.way_lines]
        return [line.in_(language) for line in lines]


class UnknownCompetency(NoPlan):
    """The profile names competencies, ``keys``, that the library lacks."""

    def __init__(self, keys: Iterable[str], known: Iterable[str]) -> None:
        self.keys = tuple(keys)
        wanted, there = listed([said(key) for key in self.keys]), [said(key) for key in known]
        choice = listed(there) if there else Said("inga", "none")
        line = Said(
            f"Biblioteket har ingen kompetens som heter {wanted.sv}. De som finns: {choice.sv}.",
            f"The library has no competency called {wanted.en}. Those there are: {choice.en}.",
        )
        super().__init__([line])


class UnknownQuestion(NoPlan):
    """A question that the library lacks, or that the choice at hand does not hold."""

    def __init__(self, question_id: str) -> None:
        self.question_id = question_id
        line = Said(
            f"Det finns ingen fråga {question_id} här. Den kan ha tagits bort ur biblioteket.",
            f"There is no question {question_id} here. It may have been taken out of the library.",
        )
        super().__init__([line])


class UnknownRound(NoPlan):
    """A round that the profile lacks; ``round_index`` counts from 0."""

    def __init__(self, round_index: int, rounds: int) -> None:
        self.round_index = round_index
        line = Said(
            f"Det finns ingen omgång {round_index + 1}: rollprofilen har {rounds}.",
            f"There is no round {round_index + 1}: the role profile has {rounds}.",
        )
        super().__init__([line])


class RoundsDiffer(NoPlan):
    """A choice of questions for another number of rounds than the profile has."""

    def __init__(self, found: int, expected: int) -> None:
        self.found, self.expected = found, expected
        line = Said(
            f"Frågorna är fördelade på ett annat antal omgångar ({found}) än rollprofilen har "
            f"({expected}).",
            f"The questions are divided into another number of rounds ({found}) than the role "
            f"profile has ({expected}).",
        )
        super().__init__([line])


class DoubleQuestion(NoPlan):
    """Two questions in the library share an id."""

    def __init__(self, question_id: str) -> None:
        self.question_id = question_id
        line = Said(
            f"Två frågor i biblioteket heter {question_id}. Ge den ena ett annat namn.",
            f"Two questions in the library are called {question_id}. Rename one of them.",
        )
        super().__init__([line])
