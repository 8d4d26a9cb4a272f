"""Guide generation: which questions are asked, in which round.

``plan`` chooses exactly, ``assess`` judges any choice, ``alternatives`` swaps one question.
"""

from recruit.core.planner.assessment import Assessment, assess
from recruit.core.planner.edits import Edit, Exclusion, Lock, Pin
from recruit.core.planner.feasibility import shortages
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
from recruit.core.planner.verdict import (
    ExtraMinutes,
    FewerCompetencies,
    Infeasible,
    Release,
    SecondInterviewer,
    WayOut,
)

__all__ = [
    "Alternative",
    "Assessment",
    "DoubleQuestion",
    "Edit",
    "Exclusion",
    "ExtraMinutes",
    "FewerCompetencies",
    "Infeasible",
    "Lock",
    "NoPlan",
    "Pin",
    "Plan",
    "Release",
    "RoundsDiffer",
    "SecondInterviewer",
    "UnknownCompetency",
    "UnknownQuestion",
    "UnknownRound",
    "WayOut",
    "alternatives",
    "assess",
    "plan",
    "shortages",
]
