"""What people concluded from the figures: what a panel agreed after discussion, and the decision.

It stands beside the independent ratings and enters no figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from recruit.documents.comparison import ComparisonDocument


@dataclass(frozen=True)
class AgreedTopic:
    """What a panel agreed on one candidate.

    ``competency`` is a key, empty for the recommendation; ``round`` is empty for the whole
    process. With neither ``score`` nor ``recommendation`` they did not agree. ``changed_since``
    tells that the independent ratings are no longer those that the panel had before it.
    """

    candidate: str
    round: str
    competency: str
    score: int | None
    recommendation: str
    rationale: str
    present: tuple[str, ...]
    changed_since: bool


@dataclass(frozen=True)
class DecidedCandidate:
    """What the decision says of one candidate; ``outcome`` is a ``comparisons.models.Outcome``."""

    candidate: str
    outcome: str
    rationale: str


@dataclass(frozen=True)
class Decided:
    """The decision in force."""

    at: datetime
    by: str
    rationale: str
    candidates: tuple[DecidedCandidate, ...]


def content(document: ComparisonDocument) -> dict[str, Any]:
    """Return what was agreed and decided, by the names that templates use."""
    return {
        "agreed": [_agreed(document, topic) for topic in document.agreed],
        "decided": _decided(document) if document.decided else None,
    }


def _agreed(document: ComparisonDocument, topic: AgreedTopic) -> dict[str, Any]:
    t = document.words
    if topic.competency:
        about = t.inside(document.name_of(topic.competency))
        said = str(topic.score) if topic.score is not None else ""
    else:
        about = t.inside(t("o.recommendation"))
        said = t(f"recommend.{topic.recommendation}") if topic.recommendation else ""
    return {
        "candidate": topic.candidate,
        "about": f"{about} ({topic.round})" if topic.round else about,
        "said": said or t("agreed.not"),
        "rationale": topic.rationale,
        "present": t("agreed.present", names=t.join(topic.present)) if topic.present else "",
        "changed_since": topic.changed_since,
    }


def _decided(document: ComparisonDocument) -> dict[str, Any]:
    t, decided = document.words, document.decided
    assert decided is not None
    return {
        "said": t("decided.by", date=t.date(decided.at), name=decided.by),
        "rationale": decided.rationale,
        "candidates": [
            {
                "name": found.candidate,
                "outcome": t(f"decided.{found.outcome}"),
                "rationale": found.rationale,
            }
            for found in decided.candidates
        ],
    }
