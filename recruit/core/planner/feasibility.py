"""Finds out why no plan keeps the rules, and what would help.

Everything is asked of the same program that plans are made with: one thing after the other is
released in it, and it tells whether, or how far, that is enough.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, get_args

from recruit.core.planner.edits import Edit, Exclusion, questions_of
from recruit.core.planner.formulation import Formulation, Rule
from recruit.core.planner.subject import Subject
from recruit.core.planner.verdict import (
    EditedUnfit,
    EditsClash,
    ExtraMinutes,
    FewerCompetencies,
    Infeasible,
    Reason,
    Release,
    SecondInterviewer,
    TooFewQuestions,
    TooLittleTime,
    TooLittleTimeTogether,
    TooManyCases,
    WayOut,
)
from recruit.core.profile import LONGEST_ROUND, SCRIPT_MINUTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recruit.core.faults import Said
    from recruit.core.library import Library
    from recruit.core.profile import Profile


def explain(subject: Subject, edits: Sequence[Edit]) -> Infeasible:
    """Return what binds and the cheapest ways out, for a subject that has no plan.

    When the rules can be kept without the edits, a smallest clash of edits is named, with the rule
    that it meets; otherwise the edits are not to blame.
    """
    clash = _clash(subject, edits) if _possible(subject, ()) else ()
    reasons: list[Reason] = [EditsClash(clash)] if clash else []
    reasons.extend(_binding(subject, clash))
    return Infeasible(subject, reasons, list(_ways_out(subject, edits, reasons)))


def shortages(library: Library, profile: Profile) -> dict[str, Said]:
    """Return by competency what the library lacks to ask about it at the level, in the sector.

    Raises UnknownCompetency and DoubleQuestion.
    """
    subject = Subject(library, profile)
    return {reason.competency: reason.said(subject) for reason in _lacking(subject, ())}


def _possible(subject: Subject, edits: Sequence[Edit], *released: Rule) -> bool:
    formulation = Formulation(subject, edits)
    for rule in released:
        formulation.release(rule)
    return formulation.program.minimise({}) is not None


def _clash(subject: Subject, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return edits that clash, each needed for the clash: each in turn is left out if it can be."""
    clash = tuple(edits)
    for edit in edits:
        fewer = tuple(other for other in clash if other != edit)
        if not _possible(subject, fewer):
            clash = fewer
    return clash


def _binding(subject: Subject, edits: Sequence[Edit]) -> list[Reason]:
    """Return the rules that bind: what nothing can mend, or else the fewest to let go."""
    found: list[Reason] = [*_unfit(subject, edits), *_lacking(subject, edits)]
    if found:
        return found
    rules: tuple[Rule, ...] = get_args(Rule)
    for count in range(1, len(rules) + 1):
        for released in combinations(rules, count):
            if _possible(subject, edits, *released):
                return [_reason(subject, edits, rule, released) for rule in released]
    return []


def _unfit(subject: Subject, edits: Sequence[Edit]) -> Iterator[Reason]:
    asked = dict.fromkeys(
        key for edit in edits if not isinstance(edit, Exclusion) for key in questions_of(edit)
    )
    for key in asked:
        if key not in subject.fitting:
            yield EditedUnfit(key)


def _lacking(subject: Subject, edits: Sequence[Edit]) -> Iterator[TooFewQuestions]:
    excluded = {edit.question_id for edit in edits if isinstance(edit, Exclusion)}
    for key in subject.profile.competencies:
        own = [
            question
            for competency, question in subject.fitting.values()
            if competency == key and question.id not in excluded
        ]
        past = sum(question.kind == "past_behaviour" for question in own)
        if not own:
            yield TooFewQuestions(key, "any")
        elif subject.profile.min_questions > 1 and not past:
            yield TooFewQuestions(key, "past_behaviour")
        elif subject.profile.min_questions > 1 and past == len(own):
            yield TooFewQuestions(key, "other")


def _reason(
    subject: Subject, edits: Sequence[Edit], rule: Rule, released: Sequence[Rule]
) -> Reason:
    formulation = Formulation(subject, edits)
    for each in released:
        formulation.release(each)
    match rule:
        case "time":
            cost = formulation.question_minutes
        case "cases":
            cost = dict.fromkeys(formulation.cases.values(), 1)
        case "together":
            # As few as possible; among as many, those that come late in the profile.
            alone = formulation.alone.values()
            cost = {column: 256 + 2**n for n, column in enumerate(reversed(alone))}
    solution = formulation.program.minimise(cost)
    assert solution is not None
    match rule:
        case "time":
            needed = round(sum(value * solution[column] for column, value in cost.items()))
            has = sum(round_.minutes - SCRIPT_MINUTES for round_ in subject.profile.rounds)
            return TooLittleTime(needed, has)
        case "cases":
            return TooManyCases(
                round(sum(solution[column] for column in formulation.cases.values()))
            )
        case "together":
            return TooLittleTimeTogether(
                tuple(key for key, column in formulation.alone.items() if solution[column])
            )


def _ways_out(
    subject: Subject, edits: Sequence[Edit], reasons: Sequence[Reason]
) -> Iterator[WayOut]:
    longer = [
        way
        for number in range(len(subject.profile.rounds))
        if (way := _longer(subject, edits, number))
    ]
    if longer:
        yield min(longer, key=lambda way: way.minutes)
    if any(isinstance(reason, TooLittleTimeTogether) for reason in reasons):
        yield from _second_interviewer(subject, edits)
    yield from _fewer(subject, edits)
    if edits:
        yield from _release(subject, edits)


def _longer(subject: Subject, edits: Sequence[Edit], number: int) -> ExtraMinutes | None:
    formulation = Formulation(subject, edits)
    column = formulation.longer[number,]
    most = LONGEST_ROUND - subject.profile.rounds[number].minutes
    formulation.program.bound(column, 0, most)
    solution = formulation.program.minimise({column: 1})
    return None if solution is None else ExtraMinutes(number, round(solution[column]))


def _second_interviewer(subject: Subject, edits: Sequence[Edit]) -> Iterator[WayOut]:
    rounds = subject.profile.rounds
    for number, round_ in enumerate(rounds):
        if round_.interviewers >= 2:
            continue
        changed = [
            *rounds[:number],
            round_.model_copy(update={"interviewers": 2}),
            *rounds[number + 1 :],
        ]
        profile = subject.profile.model_copy(update={"rounds": changed})
        if _possible(Subject(subject.library, profile), edits):
            yield SecondInterviewer(number)
            return


def _fewer(subject: Subject, edits: Sequence[Edit]) -> Iterator[WayOut]:
    formulation = Formulation(subject, edits)
    worth = {}
    for place, (key, column) in enumerate(reversed(formulation.kept.items())):
        formulation.program.bound(column, 0, 1)
        # Weight before number before place: at most 8 competencies, so 2**8 and 9 are room enough.
        worth[column] = -((subject.profile.competencies[key].weight * 9 + 1) * 256 + 2**place)
    solution = formulation.program.minimise(worth)
    if solution is None:
        return
    keep = tuple(key for key, column in formulation.kept.items() if solution[column])
    if keep:
        yield FewerCompetencies(keep, tuple(k for k in formulation.kept if k not in keep))


def _release(subject: Subject, edits: Sequence[Edit]) -> Iterator[WayOut]:
    formulation = Formulation(subject, edits)
    for column in formulation.held:
        formulation.program.bound(column, 0, 1)
    if not formulation.program.settle(dict.fromkeys(formulation.held, -1)):
        return
    solution = formulation.program.settle_first(formulation.held)
    assert solution is not None
    released = zip(edits, formulation.held, strict=True)
    yield Release(tuple(edit for edit, column in released if not solution[column]))
