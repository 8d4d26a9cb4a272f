"""What pages of comparisons show that no document does: sorted tables, evidence, tried weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recruit.documents import charts
from recruit.documents.phrases import Words
from recruit.scorecards.queries import SCALE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from markupsafe import Markup

    from recruit.comparisons.queries import TriedWeights
    from recruit.core.ratings import Score
    from recruit.documents.comparison import ComparisonDocument


def arranged(
    document: ComparisonDocument, tables: list[dict[str, Any]], sort: str
) -> list[dict[str, Any]]:
    """Return the heat tables with their rows sorted by "rank", "name" or a competency's mean."""
    if sort == "rank":
        return tables
    results = document.comparison.candidates
    if sort == "name":
        order = sorted(range(len(results)), key=lambda place: results[place].id.casefold())
    else:
        means = [
            found.competencies[sort].mean if sort in found.competencies else None
            for found in results
        ]
        # Who is not assessed comes last; equals keep the order of their ranks.
        order = sorted(range(len(results)), key=lambda p: (means[p] is None, -(means[p] or 0)))
    return [table | {"rows": [table["rows"][place] for place in order]} for table in tables]


@dataclass(frozen=True)
class ShownRating:
    """One interviewer's rating of one competency, in the reader's words."""

    interviewer: str
    score: str
    level: str
    text: str


def shown_ratings(rows: Iterable[Score], language: str) -> list[ShownRating]:
    """Return the ratings as the evidence page shows them, "not assessed" included."""
    words = Words(language)
    return [
        ShownRating(
            row.interviewer,
            words("not assessed") if row.score is None else words.point(row.score),
            words(row.evidence_level) if row.evidence_level else "",
            row.evidence or words("no reason given"),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class TrialRow:
    """One candidate under tried weights, beside the weights of the requisition."""

    name: str
    place: str
    before: str
    score: str
    moved: bool
    strip: Markup


def shown_trial(found: TriedWeights, named: Mapping[str, str], language: str) -> dict[str, Any]:
    """Return rows and a sentence for weights that are tried."""
    words = Words(language)
    now, then = found.now, found.then
    everyone = [*then.order, *(name for name in then.adjusted if name not in then.ranks)]

    def row(name: str) -> TrialRow:
        score = words.score(then.adjusted[name])
        return TrialRow(
            name=name,
            place=str(then.ranks.get(name, "–")),
            before=str(now.ranks.get(name, "–")),
            score=score,
            moved=then.ranks.get(name) != now.ranks.get(name),
            strip=charts.interval_strip(
                SCALE,
                then.adjusted[name],
                then.intervals[name],
                words("dot", name=name, score=score),
                height=28,
            ),
        )

    pair = then.first_pair
    return {
        "rows": [row(name) for name in everyone],
        "sentence": pair
        and words(
            "sure.pair",
            a=pair.a,
            b=pair.b,
            chance=words.chance(pair.p_higher),
            verdict=words(f"verdict.{pair.verdict}"),
        ),
        "shares": [
            (named.get(key, key), words.percent(round(share, 3)))
            for key, share in then.weights.items()
        ],
    }
