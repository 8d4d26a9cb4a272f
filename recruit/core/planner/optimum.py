"""The best plan: an exact 0/1 optimisation, solved with HiGHS (``scipy.optimize.milp``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recruit.core.planner.assessment import assess_within
from recruit.core.planner.edits import check
from recruit.core.planner.feasibility import explain
from recruit.core.planner.formulation import Formulation, pooled
from recruit.core.planner.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recruit.core.library import Library
    from recruit.core.planner.edits import Edit
    from recruit.core.profile import Profile


@dataclass(frozen=True)
class Plan:
    """Questions per round, in the order of the library's files.

    ``coverage_value`` is the weighted mean over competencies of the share of positive indicators
    that the chosen questions elicit, from 0 to 1. ``minutes`` is per round, scripts included.
    ``kinds`` is the number of distinct kinds of question summed over competencies.
    """

    rounds: tuple[tuple[str, ...], ...]
    minutes: tuple[int, ...]
    coverage_value: float
    kinds: int
    optimal: bool = True


def plan(library: Library, profile: Profile, edits: Iterable[Edit] = ()) -> Plan:
    """Return the one best plan that keeps every rule and every edit.

    Best means, in this order: the largest weighted share of indicators; the most distinct kinds
    summed over competencies; the fewest minutes; the earliest questions. "Earliest" compares two
    plans question by question in file order: the first question that only one of them asks decides
    for that plan; if they ask the same, the first question that they ask in different rounds
    decides for the earlier round. So no two plans are equally good, and the answer depends on
    nothing but the input.

    Raises UnknownCompetency, UnknownQuestion, UnknownRound and DoubleQuestion, and Infeasible with
    the cheapest ways out.
    """
    subject = Subject(library, profile)
    decided = tuple(dict.fromkeys(edits))
    check(decided, subject)
    # Rounds alike are at first pooled. That only adds choices, and only the questions count for
    # what is best: a best choice that can be divided between the rounds is best of all. It nearly
    # always can, and is found faster.
    for pools in (pooled(subject, decided), None):
        chosen = Formulation(subject, decided, pools).settle_choice()
        if chosen is None:
            raise explain(subject, decided)
        rounds = Formulation(subject, decided).divide(chosen)
        if rounds is not None:
            found = assess_within(subject, rounds)
            return Plan(rounds, found.minutes, found.coverage_value, found.kinds)
    raise AssertionError("what is chosen without pooling can be divided")
