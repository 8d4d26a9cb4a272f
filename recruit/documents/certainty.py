"""How sure it is: places, weights, agreement of the panel, generous and strict interviewers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from recruit.core import findings
from recruit.documents import charts
from recruit.documents.sentences import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recruit.core.comparison import CandidateResult, InterviewerResult
    from recruit.documents.comparison import ComparisonDocument
    from recruit.documents.phrases import Words

NEIGHBOURS = 12
"""So many places are marked one by one above the bars."""
FINEST_LIMIT = 0.5
"""Scale points that the severity strips show to either side at the least."""


def content(document: ComparisonDocument) -> dict[str, Any]:
    """Return how sure the figures are, by the names that templates use."""
    comparison = document.comparison
    ranked = [found for found in comparison.candidates if found.rank_acceptability]
    whole = comparison.agreement.overall
    alone = findings.alone(whole)
    several = comparison.design.interviewers > 1 and comparison.design.comparable
    return {
        "certain": say(document, findings.order(comparison)),
        "places": _places(document, ranked),
        "place_marks": [str(n + 1) for n in range(len(ranked))]
        if len(ranked) <= NEIGHBOURS
        else [],
        "low_places": len(ranked) > charts.MOST_LABELS,
        "weights_said": [say(document, found) for found in findings.weights(comparison)],
        "agreement_said": [
            say(document, found) for found in (findings.agreement(whole), alone) if found
        ],
        "by_competency": [
            {
                "name": document.name_of(key),
                "weight": document.words.percent(round(share, 2)),
                # The sentence above says of all of them why there is no leader.
                "stays": say(document, findings.weight(comparison, key))
                if comparison.design.comparable
                else "–",
                "agreement": _agreement(document, key),
            }
            for key, share in comparison.weights.items()
        ],
        "leniency": say(document, findings.leniency(comparison)),
        "severities": _severities(document) if several else [],
    }


def _places(
    document: ComparisonDocument, ranked: Sequence[CandidateResult]
) -> list[dict[str, Any]]:
    t = document.words
    taken = [found.rank_acceptability or () for found in ranked]
    # One height means the same in every row.
    highest = max((max(shares) for shares in taken), default=1.0)

    def row(candidate: CandidateResult, shares: Sequence[float]) -> dict[str, Any]:
        likely = say(document, findings.place(candidate))
        return {
            "name": candidate.id,
            "strip": charts.place_bars(
                shares,
                _told(t, candidate.id, shares, likely),
                labels=t.short_chance,
                highest=highest,
            ),
            "first": t.short_chance(shares[0]),
            "likely": likely,
        }

    return [row(*pair) for pair in zip(ranked, taken, strict=True)]


def _told(t: Words, name: str, shares: Sequence[float], likely: str) -> str:
    """Return the bars in words: each place, or of many that which is taken most often."""
    if len(shares) > charts.MOST_LABELS:
        most = max(shares)
        return t(
            "certainty.bars.many",
            name=name,
            place=shares.index(most) + 1,
            chance=t.chance(most),
            likely=likely,
        )
    places = t.join(
        t("certainty.bar", place=place, chance=t.chance(share))
        for place, share in enumerate(shares, start=1)
        if share >= charts.LEAST_BAR
    )
    return t("certainty.bars", name=name, places=places)


def _agreement(document: ComparisonDocument, competency: str) -> str:
    panel = document.comparison.agreement
    found = findings.agreement(panel.competencies[competency])
    if not found.key.startswith("reason."):
        return say(document, found, ".short")
    # What holds for the whole has been said above the table.
    return "–" if found == findings.agreement(panel.overall) else say(document, found)


def _severities(document: ComparisonDocument) -> list[dict[str, Any]]:
    t, df = document.words, document.comparison.design.df
    known = [found for found in document.comparison.interviewers if found.severity is not None]
    reach = max(
        (abs(found.severity or 0) + (findings.margin_of(found, df) or 0) for found in known),
        default=0.0,
    )
    limit = max(FINEST_LIMIT, math.ceil(reach / FINEST_LIMIT) * FINEST_LIMIT)

    def row(interviewer: InterviewerResult) -> dict[str, Any]:
        words = say(document, findings.severity(interviewer, df))
        return {
            "name": interviewer.id,
            "met": t.count("candidates", interviewer.n),
            "strip": charts.deviation_strip(
                interviewer.severity or 0.0,
                findings.margin_of(interviewer, df),
                limit,
                t("severity title", name=interviewer.id, words=words),
            ),
            "words": words,
        }

    return [row(found) for found in known]
