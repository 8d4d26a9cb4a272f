"""What a comparison says of each candidate, competency and interviewer, and of the design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recruit.core.reasons import Reason


@dataclass(frozen=True)
class Cell:
    """One candidate, one competency; figures in scale points, None where they have no meaning.

    ``n`` counts scores, those of several interviews by one interviewer each. ``sd`` has n-1; ``ad``
    is the average deviation; ``rwg`` is within-group agreement, 0 to 1; ``flag`` is "none",
    "single", "agree" or "discuss". ``adjusted`` and ``se`` are those of the fit to the scores of
    this competency.
    """

    n: int
    mean: float | None
    sd: float | None
    minimum: float | None
    maximum: float | None
    ad: float | None
    rwg: float | None
    adjusted: float | None
    se: float | None
    flag: str


@dataclass(frozen=True)
class Overall:
    """One candidate over all competencies, in scale points; ``n`` counts interviewers.

    ``mean`` is that of the interviewers' composites, ``adjusted`` is cleared of their severity;
    ``se`` and ``ci95`` are the adjusted score's. ``reason`` says why figures are missing.
    """

    n: int
    mean: float | None
    adjusted: float | None
    se: float | None
    ci95: tuple[float, float] | None
    reason: Reason | None


@dataclass(frozen=True)
class CandidateResult:
    """One candidate; ``rank`` is None when incomplete or not comparable.

    ``rank_acceptability`` holds the share (0 to 1) of draws in which the candidate takes each rank
    from the first, as many as there are ranked candidates: how often they would come first, second
    and so on with other interviewers of the same kind. It is None, with
    ``rank_acceptability_reason``, when there is no rank or no uncertainty can be estimated.
    """

    id: str
    rank: int | None
    incomplete: bool
    overall: Overall
    rank_acceptability: tuple[float, ...] | None
    rank_acceptability_reason: Reason | None
    competencies: dict[str, Cell]


@dataclass(frozen=True)
class InterviewerResult:
    """One interviewer; positive ``severity`` is generous, in scale points; ``n`` counts candidates.

    Severities sum to 0 over the interviewers of each group in ``Design.groups``.
    """

    id: str
    n: int
    severity: float | None
    se: float | None


@dataclass(frozen=True)
class Design:
    """Who rated whom.

    ``scores`` counts given scores, ``missing`` those that should be there too (see RatingTable);
    ``complete`` when every interviewer has rated every candidate on every competency. ``groups``
    are candidates that share interviewers, directly or not, ``components`` their number;
    ``comparable`` when it is at most one. ``df`` are the residual degrees of freedom of the fit to
    the composites.
    """

    candidates: int
    interviewers: int
    competencies: int
    scores: int
    missing: int
    complete: bool
    components: int
    comparable: bool
    df: int
    groups: tuple[tuple[str, ...], ...]
