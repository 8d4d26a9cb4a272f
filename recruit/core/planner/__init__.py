"""Guide generation: which questions are asked, in which round.

``plan`` chooses exactly, ``assess`` judges any choice, ``shortages`` says what the library lacks.
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
from recruit.core.planner.verdict import (
    ExtraMinutes,
    FewerCompetencies,
    Infeasible,
    Release,
    SecondInterviewer,
    WayOut,
)

__all__ = [
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
    "assess",
    "plan",
    "shortages",
]
