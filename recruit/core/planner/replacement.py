"""What could be asked in place of one question of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recruit.core.planner.assessment import Assessment, assess_within
from recruit.core.planner.refusals import UnknownQuestion
from recruit.core.planner.subject import Subject

if TYPE_CHECKING:
    from recruit.core.library import Library
    from recruit.core.planner.optimum import Plan
    from recruit.core.profile import Profile


@dataclass(frozen=True)
class Alternative:
    """A question that can take the place, and what the plan then gains or loses.

    ``coverage_change`` is in units of the plan's ``coverage_value``. ``gained`` and ``lost`` are
    pairs of competency and indicator, in the order of profile and file.
    """

    question_id: str
    competency: str
    coverage_change: float
    kinds_change: int
    minutes_change: int
    gained: tuple[tuple[str, str], ...]
    lost: tuple[tuple[str, str], ...]


def alternatives(
    library: Library, profile: Profile, plan: Plan | Assessment, question_id: str
) -> list[Alternative]:
    """Return the questions that could take a question's place in its round, best first.

    Everything else stays as it is, and every rule holds afterwards; a plan that breaks a rule
    elsewhere therefore has none. Best first means what it means for ``plan``: coverage, kinds,
    minutes, file order.

    Raises UnknownQuestion when the plan does not ask the question, and what ``assess`` raises.
    """
    subject = Subject(library, profile)
    before = assess_within(subject, plan.rounds)
    number = next((n for n, keys in enumerate(plan.rounds) if question_id in keys), None)
    if number is None:
        raise UnknownQuestion(question_id)
    asked = {key for keys in plan.rounds for key in keys}
    taken = subject.find(question_id)[1].minutes if subject.holds(question_id) else 0
    room = profile.rounds[number].minutes - before.minutes[number] + taken
    found = []
    for place, (key, (competency, question)) in enumerate(subject.fitting.items()):
        if key in asked or question.minutes > room:
            continue
        rounds = [list(keys) for keys in plan.rounds]
        rounds[number][rounds[number].index(question_id)] = key
        after = assess_within(subject, rounds)
        if not after.broken:
            change = _change(before, after, key, competency)
            found.append((-after.points, -after.kinds, question.minutes, place, change))
    return [change for *_, change in sorted(found, key=lambda item: item[:4])]


def _change(before: Assessment, after: Assessment, key: str, competency: str) -> Alternative:
    had, has = _pairs(before), _pairs(after)
    return Alternative(
        question_id=key,
        competency=competency,
        coverage_change=after.coverage_value - before.coverage_value,
        kinds_change=after.kinds - before.kinds,
        minutes_change=sum(after.minutes) - sum(before.minutes),
        gained=tuple(pair for pair in has if pair not in had),
        lost=tuple(pair for pair in had if pair not in has),
    )


def _pairs(assessment: Assessment) -> dict[tuple[str, str], None]:
    return dict.fromkeys(
        (competency, indicator)
        for competency, indicators in assessment.elicited.items()
        for indicator in indicators
    )
