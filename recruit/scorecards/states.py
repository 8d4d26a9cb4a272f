"""The states of a scorecard and the ways between them."""

from __future__ import annotations

from enum import StrEnum


class ScorecardState(StrEnum):
    """A draft belongs to its author alone; a submitted scorecard is locked."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REOPENED = "reopened"


TRANSITIONS: dict[ScorecardState, frozenset[ScorecardState]] = {
    ScorecardState.DRAFT: frozenset({ScorecardState.SUBMITTED}),
    ScorecardState.SUBMITTED: frozenset({ScorecardState.REOPENED}),
    ScorecardState.REOPENED: frozenset({ScorecardState.SUBMITTED}),
}

EDITABLE = frozenset({ScorecardState.DRAFT, ScorecardState.REOPENED})


class ScorecardIsSubmitted(ValueError):
    """A submitted scorecard is locked: it can only be reopened."""


class ScorecardIsNotSubmitted(ValueError):
    """What has not been submitted cannot be reopened."""


def moved(state: str, wanted: ScorecardState) -> ScorecardState:
    """Return the wanted state. Raises ScorecardIsSubmitted or ScorecardIsNotSubmitted."""
    if wanted in TRANSITIONS[ScorecardState(state)]:
        return wanted
    if state == ScorecardState.SUBMITTED:
        raise ScorecardIsSubmitted(wanted)
    raise ScorecardIsNotSubmitted(wanted)


def check_editable(state: str) -> None:
    """Raise ScorecardIsSubmitted for a scorecard that is locked."""
    if state not in EDITABLE:
        raise ScorecardIsSubmitted(state)
