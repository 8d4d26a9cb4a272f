"""What a recruiter has decided about single questions and rounds; a plan keeps to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recruit.core.faults import Said
from recruit.core.planner.refusals import UnknownRound

if TYPE_CHECKING:
    from recruit.core.planner.subject import Subject


@dataclass(frozen=True)
class Pin:
    """The question is asked, in the round if one is named."""

    question_id: str
    round_index: int | None = None

    def said(self, subject: Subject) -> Said:
        """Return the decision in words."""
        question = subject.question_name(self.question_id)
        if self.round_index is None:
            return Said(f"{question.sv} ska ställas", f"{question.en} is to be asked")
        round_ = subject.round_name(self.round_index)
        return Said(
            f"{question.sv} ska ställas i {round_.sv}",
            f"{question.en} is to be asked in {round_.en}",
        )


@dataclass(frozen=True)
class Exclusion:
    """The question is not asked."""

    question_id: str

    def said(self, subject: Subject) -> Said:
        """Return the decision in words."""
        question = subject.question_name(self.question_id)
        return Said(f"{question.sv} ska inte ställas", f"{question.en} is not to be asked")


@dataclass(frozen=True)
class Lock:
    """The round holds these questions and no others."""

    round_index: int
    question_ids: tuple[str, ...]

    def said(self, subject: Subject) -> Said:
        """Return the decision in words."""
        round_ = subject.round_name(self.round_index)
        return Said(f"{round_.sv} är låst som den är", f"{round_.en} is locked as it is")


Edit = Pin | Exclusion | Lock


def questions_of(edit: Edit) -> tuple[str, ...]:
    """Return the questions that the edit names."""
    return edit.question_ids if isinstance(edit, Lock) else (edit.question_id,)


def check(edits: tuple[Edit, ...], subject: Subject) -> None:
    """Raise UnknownQuestion or UnknownRound when an edit names what does not exist."""
    for edit in edits:
        for key in questions_of(edit):
            subject.find(key)
        number = None if isinstance(edit, Exclusion) else edit.round_index
        if number is not None and not 0 <= number < len(subject.profile.rounds):
            raise UnknownRound(number, len(subject.profile.rounds))
