"""Guide generation: which questions are asked, in which round.

``plan`` chooses exactly, ``assess`` judges any choice, ``alternatives`` swaps one question.
"""

from recruit.core.planner.assessment import Assessment, assess
from recruit.core.planner.edits import Edit, Exclusion, Lock, Pin
from recruit.core.planner.optimum import Plan, plan
from recruit.core.planner.refusals import (
    DoubleQuestion,
    NoPlan,
    RoundsDiffer,
    UnknownCompetency,
    UnknownQuestion,
    UnknownRound,
)
from recruit.core.planner.replacement import Alternative, alternatives
from recruit.core.planner.verdict import Infeasible

__all__ = [
    "Alternative",
    "Assessment",
    "DoubleQuestion",
    "Edit",
    "Exclusion",
    "Infeasible",
    "Lock",
    "NoPlan",
    "Pin",
    "Plan",
    "RoundsDiffer",
    "UnknownCompetency",
    "UnknownQuestion",
    "UnknownRound",
    "alternatives",
    "assess",
    "plan",
]
