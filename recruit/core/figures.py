"""A comparison as plain data for JSON, unrounded, by the names of the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recruit.core.agreement import Agreement
    from recruit.core.comparison import Comparison
    from recruit.core.results import CandidateResult
    from recruit.core.sensitivity import WeightSensitivity

SCHEMA = "recruit.comparison/1"
WITH_GAPS = ("method", "k", "icc_a1", "icc_c1", "icc_ak", "icc_ck")
BY_ANOVA = ("method", "k", "icc1", "icc_a1", "icc_c1", "icc1_k", "icc_ak", "icc_ck", "ci95")


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return the figures; every number is finite, and what is missing is None beside its reason."""
    design, pairs = comparison.design, comparison.pairs
    return {
        "schema": SCHEMA,
        "scale": {"min": comparison.scale.minimum, "max": comparison.scale.maximum},
        "weights": comparison.weights,
        "design": {key: value for key, value in vars(design).items() if key != "groups"},
        "candidates": [_candidate(candidate) for candidate in comparison.candidates],
        "interviewers": [vars(interviewer) for interviewer in comparison.interviewers],
        "agreement": {
            "overall": _agreement(comparison.agreement.overall, ("alpha_interval",)),
            "competencies": {
                key: _agreement(found, ("alpha_interval", "alpha_ordinal"))
                for key, found in comparison.agreement.competencies.items()
            },
        },
        "pairs": None
        if pairs is None
        else [
            {"a": a, "b": b, "p_higher": p_higher, "verdict": verdict}
            for a, b, p_higher, verdict in pairs
        ],
        **({"pairs_reason": comparison.pairs_reason} if pairs is None else {}),
        "weight_sensitivity": _sensitivity(comparison.weight_sensitivity),
    }


def _candidate(candidate: CandidateResult) -> dict[str, Any]:
    acceptability = candidate.rank_acceptability
    reason = {"rank_acceptability_reason": candidate.rank_acceptability_reason}
    return {
        "id": candidate.id,
        "rank": candidate.rank,
        "incomplete": candidate.incomplete,
        "overall": vars(candidate.overall)
        | {"ci95": None if candidate.overall.ci95 is None else list(candidate.overall.ci95)},
        "rank_acceptability": None if acceptability is None else list(acceptability),
        **(reason if acceptability is None else {}),
        "competencies": {
            competency: {
                {"minimum": "min", "maximum": "max"}.get(key, key): value
                for key, value in vars(cell).items()
            }
            for competency, cell in candidate.competencies.items()
        },
    }


def _agreement(agreement: Agreement, alphas: tuple[str, ...]) -> dict[str, Any]:
    names = BY_ANOVA if agreement.method == "anova" else WITH_GAPS
    found = {name: getattr(agreement, name) for name in (*names, *alphas)}
    if "ci95" in found:
        found["ci95"] = {name: list(interval) for name, interval in agreement.ci95.items()}
    return found | {"reason": agreement.reason}


def _sensitivity(found: WeightSensitivity) -> dict[str, Any]:
    if found.competencies is None:
        return {"leader": None, "competencies": None, "reason": found.reason}
    intervals = {key: list(interval) for key, interval in found.competencies.items()}
    return {"leader": found.leader, "competencies": intervals}
