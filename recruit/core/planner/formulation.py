"""The rules of guide generation as rows of a 0/1 program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from recruit.core.library import Kind
from recruit.core.planner.edits import Exclusion, Lock, Pin, questions_of
from recruit.core.planner.program import Program
from recruit.core.profile import SCRIPT_MINUTES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from recruit.core.library import Question
    from recruit.core.planner.edits import Edit
    from recruit.core.planner.subject import Subject

Rule = Literal["together", "cases", "time"]
"""A rule that may bind although the library has the questions: 4, the cases of 3, and 1."""

Pool = tuple[int, ...]
"""Rounds, by number."""


class Formulation:
    """The program of one subject, with its columns by meaning.

    ``chosen`` says whether a question is asked, ``asked`` in which pool of rounds. A pool has the
    minutes and the cases of its rounds together; without other word every round is its own, and
    the program is exact. ``edits`` may name only rounds that are their own pool.

    Each thing that may give way has a column that holds it fast until it is released: ``kept``
    (competency), ``held`` (edit), ``longer`` (minutes added to a pool), ``cases`` (more than it has
    rounds), ``alone`` (competency without a round with two interviewers).
    """

    def __init__(
        self, subject: Subject, edits: Sequence[Edit] = (), pools: Sequence[Pool] | None = None
    ) -> None:
        self.subject = subject
        self.edits = edits
        self.program = Program()
        self.questions = candidates(subject, edits)
        self.pools = pools or [(number,) for number in range(len(subject.profile.rounds))]
        column, row = self.program.column, self.program.row
        self.chosen = {key: column() for key in self.questions}
        self.asked = {(key, pool): column() for key in self.questions for pool in self.pools}
        self.kept = {key: column(1, 1) for key in subject.profile.competencies}
        self.held = [column(1, 1) for _ in edits]
        self.longer = {pool: column(0, 0) for pool in self.pools}
        self.cases = {pool: column(0, 0) for pool in self.pools}
        self.alone = {key: column(0, 0) for key in subject.profile.competencies}
        self.elicited: dict[int, int] = {}
        self.kinds: list[int] = []
        for key, chosen in self.chosen.items():
            row({self.asked[key, pool]: 1 for pool in self.pools} | {chosen: -1}, 0, 0)
        for pool in self.pools:
            self._add_pool(pool)
        for key in subject.competencies:
            self._add_competency(key)
        for edit, held in zip(edits, self.held, strict=True):
            self._add_edit(edit, held)

    @property
    def question_minutes(self) -> dict[int, float]:
        """The minutes of the chosen questions, as terms."""
        return {column: self.questions[key].minutes for key, column in self.chosen.items()}

    def release(self, rule: Rule) -> None:
        """Let a rule go."""
        match rule:
            case "time":
                columns: Iterable[int] = self.longer.values()
            case "cases":
                columns = self.cases.values()
            case "together":
                columns = self.alone.values()
        for column in columns:
            self.program.bound(column, 0, np.inf)

    def settle_choice(self) -> list[str] | None:
        """Settle the questions by the four objectives; return them, or None if the rules clash."""
        steps: tuple[dict[int, float], ...] = (
            {column: -points for column, points in self.elicited.items()},
            dict.fromkeys(self.kinds, -1),
            self.question_minutes,
        )
        if not all(self.program.settle(step) for step in steps):
            return None
        solution = self.program.settle_first(list(self.chosen.values()))
        return (
            None
            if solution is None
            else [key for key, column in self.chosen.items() if solution[column]]
        )

    def divide(self, chosen: Collection[str]) -> tuple[tuple[str, ...], ...] | None:
        """Return chosen questions by pool, in file order, each in its earliest pool.

        None when the rules cannot be kept with just these questions.
        """
        for key, column in self.chosen.items():
            self.program.bound(column, key in chosen, key in chosen)
        asked = [key for key in self.questions if key in chosen]
        solution = self.program.settle_first(
            [self.asked[key, pool] for key in asked for pool in self.pools]
        )
        if solution is None:
            return None
        return tuple(
            tuple(key for key in asked if solution[self.asked[key, pool]]) for pool in self.pools
        )

    def _add_pool(self, pool: Pool) -> None:
        row = self.program.row
        rounds = [self.subject.profile.rounds[number] for number in pool]
        room = sum(round_.minutes - SCRIPT_MINUTES for round_ in rounds)
        time = {self.asked[key, pool]: item.minutes for key, item in self.questions.items()}
        row(time | {self.longer[pool]: -1}, high=room)
        cases = [key for key, question in self.questions.items() if question.kind == "case"]
        row({self.asked[key, pool]: 1 for key in cases} | {self.cases[pool]: -1}, high=len(pool))

    def _add_competency(self, competency_id: str) -> None:
        row = self.program.row
        competency = self.subject.library.competencies[competency_id]
        kept = self.kept[competency_id]
        own = [question for question in competency.questions if question.id in self.questions]

        def chosen(questions: Iterable[Question]) -> dict[int, float]:
            return {self.chosen[question.id]: 1 for question in questions}

        # One past-behaviour question and one of another kind are two questions.
        needed = [own]
        if self.subject.profile.min_questions > 1:
            needed = [
                [question for question in own if question.kind == "past_behaviour"],
                [question for question in own if question.kind != "past_behaviour"],
            ]
        for questions in needed:
            row(chosen(questions) | {kept: -1}, low=0)
        if self.subject.together:
            together = [pool for pool in self.pools if set(pool) <= set(self.subject.together)]
            asked = {self.asked[question.id, pool]: 1 for question in own for pool in together}
            row(asked | {self.alone[competency_id]: 1, kept: -1}, low=0)
        # A competency that is dropped is not asked about.
        row(chosen(own) | {kept: -len(own)}, high=0)
        for indicator in competency.indicators:
            column = self.program.column()
            self.elicited[column] = self.subject.points[competency_id]
            row(chosen(q for q in own if indicator.id in q.elicits) | {column: -1}, low=0)
        for kind in get_args(Kind):
            column = self.program.column()
            self.kinds.append(column)
            row(chosen(q for q in own if q.kind == kind) | {column: -1}, low=0)

    def _add_edit(self, edit: Edit, held: int) -> None:
        row = self.program.row
        match edit:
            case Pin() if edit.question_id not in self.questions:
                row({held: 1}, high=0)
            case Pin(question_id=key, round_index=None):
                row({self.chosen[key]: 1, held: -1}, low=0)
            case Pin(question_id=key, round_index=int(number)):
                row({self.asked[key, (number,)]: 1, held: -1}, low=0)
            case Exclusion(question_id=key):
                if key in self.questions:
                    row({self.chosen[key]: 1, held: 1}, high=1)
            case Lock(round_index=number, question_ids=keys):
                if not set(keys) <= set(self.questions):
                    row({held: 1}, high=0)
                    return
                for key in keys:
                    row({self.asked[key, (number,)]: 1, held: -1}, low=0)
                others = [key for key in self.questions if key not in keys]
                row(
                    {self.asked[key, (number,)]: 1 for key in others} | {held: len(others)},
                    high=len(others),
                )


def candidates(subject: Subject, edits: Sequence[Edit]) -> dict[str, Question]:
    """Return the questions that a best plan can hold, in file order.

    A question gives way to another about the same competency and of the same kind that elicits
    all that it elicits in less time, or in the same time and earlier in the file. A plan that
    holds the first without the other is bettered by the other in its place; a plan that holds both
    is bettered by the other where the first was, and nothing where the other was: the indicators
    and the kinds are the same, the minutes are fewer, and the rules ask for no two questions of
    one kind. Questions that an edit names stay, and none gives way to them.
    """
    named = {key for edit in edits for key in questions_of(edit)}
    free = {
        key: (competency, question)
        for key, (competency, question) in subject.fitting.items()
        if key not in named
    }
    order = {key: number for number, key in enumerate(free)}
    rivals: dict[tuple[str, str], list[Question]] = {}
    for competency, question in free.values():
        rivals.setdefault((competency, question.kind), []).append(question)
    elicits = {key: frozenset(question.elicits) for key, (_, question) in free.items()}

    def gives_way(competency: str, question: Question) -> bool:
        return any(
            (other.minutes, order[other.id]) < (question.minutes, order[question.id])
            and elicits[other.id] >= elicits[question.id]
            for other in rivals[competency, question.kind]
        )

    return {
        key: question
        for key, (competency, question) in subject.fitting.items()
        if key in named or not gives_way(competency, question)
    }


def pooled(subject: Subject, edits: Sequence[Edit]) -> list[Pool]:
    """Return the rounds with two interviewers as one pool and the others as one.

    A round that an edit names stays by itself.
    """
    named = {edit.round_index for edit in edits if not isinstance(edit, Exclusion)}
    free = [number for number in range(len(subject.profile.rounds)) if number not in named]
    together = tuple(number for number in free if number in subject.together)
    alone = tuple(number for number in free if number not in subject.together)
    single = [(number,) for number in named if number is not None]
    return [pool for pool in (together, alone, *single) if pool]
