"""Guide generation as an exact 0/1 optimisation.

``x[q, r]`` says whether question q is asked in round r. The rules are linear constraints, and the
four objectives are solved one after the other with HiGHS (``scipy.optimize.milp``), each optimum
becoming a constraint of the next. Objective coefficients are whole numbers, so "proven optimal" is
not a matter of rounding.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from recruit.core.profile import CLOSING_MINUTES, OPENING_MINUTES, named_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recruit.core.library import Library, Question
    from recruit.core.profile import Profile

SCRIPT_MINUTES = OPENING_MINUTES + CLOSING_MINUTES
MOST_EXTRA_MINUTES = 480


class UnknownCompetency(ValueError):
    """The profile names a competency that the library lacks."""


@dataclass(frozen=True)
class Plan:
    """Questions per round, in the order of the library's files.

    ``coverage_value`` is the weighted mean over competencies of the share of positive indicators
    that the chosen questions elicit, from 0 to 1. ``minutes`` is per round, scripts included.
    """

    rounds: tuple[tuple[str, ...], ...]
    minutes: tuple[int, ...]
    coverage_value: float
    kinds: int
    optimal: bool = True


@dataclass(frozen=True)
class ExtraMinutes:
    """Way out: lengthen one round; ``minutes`` is the fewest that are enough."""

    round_index: int
    minutes: int


@dataclass(frozen=True)
class FewerCompetencies:
    """Way out: keep the heaviest set of competencies that fits."""

    keep: tuple[str, ...]
    drop: tuple[str, ...]


class Infeasible(ValueError):
    """No choice of questions keeps every rule.

    ``rule`` is ``"time"`` when more minutes would be enough, ``"questions"`` when the library lacks
    questions of the kinds, level or sector. ``ways_out`` holds the cheapest changes that work.
    """

    def __init__(
        self,
        profile: Profile,
        library: Library,
        rule: str,
        ways_out: Sequence[ExtraMinutes | FewerCompetencies],
    ) -> None:
        self.profile = profile
        self.library = library
        self.rule = rule
        self.ways_out = tuple(ways_out)
        super().__init__("; ".join(self.messages("en")))

    def messages(self, language: str) -> list[str]:
        """Return what is wrong and each way out, one sentence each."""
        swedish = language == "sv"
        if self.rule == "time":
            lines = [
                "Frågorna får inte plats: varje kompetens behöver minst "
                f"{self.profile.min_questions} frågor inom intervjuernas tid."
                if swedish
                else "The questions do not fit: every competency needs at least "
                f"{self.profile.min_questions} within the time of the interviews."
            ]
        else:
            lines = [
                "Biblioteket saknar frågor av rätt slag för nivån och sektorn."
                if swedish
                else "The library lacks questions of the right kinds for the level and sector."
            ]
        for way in self.ways_out:
            if isinstance(way, ExtraMinutes):
                chosen = self.profile.rounds[way.round_index]
                name = named_in(chosen.name, language)
                total = chosen.minutes + way.minutes
                lines.append(
                    f"Förläng ”{name}” med {way.minutes} minuter, till {total} minuter."
                    if swedish
                    else f"Lengthen “{name}” by {way.minutes} minutes, to {total} minutes."
                )
            elif way.keep:
                keep = self._names(way.keep, language)
                drop = self._names(way.drop, language)
                lines.append(
                    f"Eller behåll {keep} och ta bort {drop}."
                    if swedish
                    else f"Or keep {keep} and drop {drop}."
                )
        return lines

    def _names(self, keys: Iterable[str], language: str) -> str:
        return ", ".join(self.library.competencies[key].name.in_(language) for key in keys)


@dataclass
class _Program:
    """Rows and columns of one 0/1 program; columns are x, then y, k, z and extra minutes."""

    columns: int = 0
    upper: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def column(self, upper: float = 1) -> int:
        self.upper.append(upper)
        self.columns += 1
        return self.columns - 1

    def add(self, row: dict[int, float], low: float, high: float) -> None:
        self.rows.append((row, low, high))

    def minimise(self, objective: dict[int, float]) -> np.ndarray | None:
        """Return the optimal columns, or None when nothing fits."""
        cost = np.zeros(self.columns)
        for column, value in objective.items():
            cost[column] = value
        place_row, place_column, values = [], [], []
        for number, (row, _, _) in enumerate(self.rows):
            for column, value in row.items():
                place_row.append(number)
                place_column.append(column)
                values.append(value)
        matrix = csr_array(
            (values, (place_row, place_column)), shape=(len(self.rows), self.columns)
        )
        result = milp(
            cost,
            constraints=LinearConstraint(
                matrix, [low for _, low, _ in self.rows], [high for _, _, high in self.rows]
            ),
            integrality=np.ones(self.columns),
            bounds=Bounds(np.zeros(self.columns), np.array(self.upper)),
            options={"mip_rel_gap": 0},
        )
        return None if result.x is None else np.rint(result.x)


@dataclass(frozen=True)
class _Model:
    program: _Program
    questions: list[Question]
    ask: dict[tuple[int, int], int]
    covered: dict[int, float]
    kinds: dict[int, float]
    wanted: dict[str, int]
    extra: list[int]


def plan(library: Library, profile: Profile) -> Plan:
    """Return the best plan that keeps every rule.

    In this order: the largest weighted share of indicators, the most distinct kinds, the fewest
    minutes, the earliest questions (smallest sum of places in file order, then earliest rounds).

    Raises UnknownCompetency, and Infeasible with the cheapest ways out.
    """
    unknown = [key for key in profile.competencies if key not in library.competencies]
    if unknown:
        known = ", ".join(library.competencies)
        raise UnknownCompetency(f"no competency is called {', '.join(unknown)}; known: {known}")
    model = _model(library, profile)
    rounds = range(len(profile.rounds))
    place = {q: number for number, q in enumerate(range(len(model.questions)), start=1)}
    objectives = (
        {column: -value for column, value in model.covered.items()},
        {column: -value for column, value in model.kinds.items()},
        {column: float(model.questions[q].minutes) for (q, _), column in model.ask.items()},
        {column: float(place[q]) for (q, _), column in model.ask.items()},
        {column: float(place[q] * r) for (q, r), column in model.ask.items()},
    )
    solution: np.ndarray | None = None
    best = []
    for objective in objectives:
        solution = model.program.minimise(objective)
        if solution is None:
            raise _infeasible(library, profile)
        value = sum(cost * solution[column] for column, cost in objective.items())
        best.append(value)
        # Whole numbers on both sides: half a unit is room for the solver, not for another plan.
        model.program.add(dict(objective), -np.inf, value + 0.5)
    assert solution is not None
    chosen = tuple(
        tuple(
            question.id
            for q, question in enumerate(model.questions)
            if (q, r) in model.ask and solution[model.ask[q, r]]
        )
        for r in rounds
    )
    minutes = {question.id: question.minutes for question in model.questions}
    weight = sum(model.covered.values()) or 1
    return Plan(
        rounds=chosen,
        minutes=tuple(SCRIPT_MINUTES + sum(minutes[key] for key in keys) for keys in chosen),
        coverage_value=float(-best[0] / weight),
        kinds=int(-best[1]),
    )


def _model(
    library: Library, profile: Profile, *, optional: bool = False, longer: int | None = None
) -> _Model:
    """Return the program; ``optional`` lets competencies be dropped, ``longer`` one round grow."""
    program = _Program()
    questions = [
        question
        for key in library.competencies
        if key in profile.competencies
        for question in library.competencies[key].questions
        if question.fits(profile.level, profile.sector)
    ]
    rounds = range(len(profile.rounds))
    ask = {(q, r): program.column() for q in range(len(questions)) for r in rounds}
    extra = [program.column(MOST_EXTRA_MINUTES if r == longer else 0) for r in rounds]
    for q in range(len(questions)):
        program.add({ask[q, r]: 1 for r in rounds}, 0, 1)
    for r, round_ in enumerate(profile.rounds):
        time = {ask[q, r]: float(question.minutes) for q, question in enumerate(questions)}
        program.add(time | {extra[r]: -1}, -np.inf, round_.minutes - SCRIPT_MINUTES)
        program.add(
            {ask[q, r]: 1 for q, question in enumerate(questions) if question.kind == "case"}, 0, 1
        )
    number = {question.id: q for q, question in enumerate(questions)}
    scale = math.lcm(*(len(library.competencies[key].indicators) for key in profile.competencies))
    together = [r for r, round_ in enumerate(profile.rounds) if round_.interviewers >= 2]
    covered: dict[int, float] = {}
    kinds: dict[int, float] = {}
    wanted: dict[str, int] = {}
    for key, item in profile.competencies.items():
        competency = library.competencies[key]
        own = [number[question.id] for question in competency.questions if question.id in number]
        past = [q for q in own if questions[q].kind == "past_behaviour"]
        other = [q for q in own if questions[q].kind != "past_behaviour"]
        want = wanted[key] = program.column()
        if not optional:
            program.add({want: 1}, 1, 1)
        needs: list[tuple[list[int], int, Iterable[int]]] = [(own, profile.min_questions, rounds)]
        if profile.min_questions > 1:
            needs += [(past, 1, rounds), (other, 1, rounds)]
        if together:
            needs.append((own, 1, together))
        for among, least, where in needs:
            row = {ask[q, r]: 1.0 for q in among for r in where}
            program.add(row | {want: -float(least)}, 0, np.inf)
        # A competency that is dropped is not asked about.
        program.add(
            {ask[q, r]: 1.0 for q in own for r in rounds} | {want: -float(len(own) or 1)},
            -np.inf,
            0,
        )
        for indicator in competency.indicators:
            column = program.column()
            covered[column] = item.weight * scale / len(competency.indicators)
            eliciting = [q for q in own if indicator.id in questions[q].elicits]
            program.add(
                {ask[q, r]: 1.0 for q in eliciting for r in rounds} | {column: -1}, 0, np.inf
            )
        for kind in ("past_behaviour", "situational", "case", "reflection"):
            column = program.column()
            kinds[column] = 1.0
            same = [q for q in own if questions[q].kind == kind]
            program.add({ask[q, r]: 1.0 for q in same for r in rounds} | {column: -1}, 0, np.inf)
    return _Model(program, questions, ask, covered, kinds, wanted, extra)


def _infeasible(library: Library, profile: Profile) -> Infeasible:
    ways: list[ExtraMinutes | FewerCompetencies] = []
    longer = []
    for r in range(len(profile.rounds)):
        model = _model(library, profile, longer=r)
        solution = model.program.minimise({model.extra[r]: 1.0})
        if solution is not None:
            longer.append(ExtraMinutes(r, int(solution[model.extra[r]])))
    if longer:
        ways.append(min(longer, key=lambda way: way.minutes))
    model = _model(library, profile, optional=True)
    solution = model.program.minimise(
        {model.wanted[key]: -float(item.weight) for key, item in profile.competencies.items()}
    )
    if solution is not None:
        keep = tuple(key for key in profile.competencies if solution[model.wanted[key]])
        drop = tuple(key for key in profile.competencies if key not in keep)
        ways.append(FewerCompetencies(keep, drop))
    return Infeasible(profile, library, "time" if longer else "questions", ways)
