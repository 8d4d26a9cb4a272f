"""Why a figure is missing: stable ids that page, PDF and JSON share."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a figure is null, or means nothing. The value is part of the JSON and never changes."""

    NOT_ASSESSED = "not-assessed"
    """The candidate has no score that carries weight."""
    INCOMPLETE = "less-than-half-assessed"
    """Less than half of the total weight of the candidate is assessed, so there is no rank."""
    NOT_COMPARABLE = "candidates-share-no-interviewer"
    """Interviewers and candidates fall into groups that nothing links, so there is no order."""
    NO_DEGREES_OF_FREEDOM = "no-residual-degrees-of-freedom"
    """There are as many unknowns as scores: nothing is left to estimate the uncertainty from."""
    ONE_CANDIDATE = "fewer-than-two-candidates"
    """Agreement is about telling candidates apart; there is only one, or none."""
    ONE_INTERVIEWER = "fewer-than-two-interviewers"
    """Agreement is between interviewers; there is only one."""
    NO_VARIATION = "all-scores-equal"
    """All scores that can be compared are the same: agreement cannot be told from chance."""
    CANDIDATES_EQUAL = "candidates-do-not-differ"
    """The candidates differ so little that a coefficient has no positive variance to divide by."""
    NOT_WHOLE = "scores-are-not-whole-numbers"
    """The coefficient is defined on the points of the scale; a mean lies between them."""
    NOBODY_RANKED = "no-ranked-candidate"
    """Nobody has a rank, so nobody leads."""
