"""Everything that is stored about one candidate, for the candidate (GDPR article 15).

Others have rights too (article 15.4): interviewers are told apart by letters, and their names and
those of other candidates are taken out of what was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recruit.documents.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST_NAME = 3
"""Letters; shorter first names are too often something else."""


@dataclass(frozen=True)
class OwnInterview:
    """One interview as it was planned."""

    when: str
    round: str
    place: str
    state: str
    message: str


@dataclass(frozen=True)
class OwnRating:
    """What one interviewer, told by a letter, thought of one competency."""

    competency: str
    score: int | None
    level: str
    text: str


@dataclass(frozen=True)
class OwnScorecard:
    """What one interviewer, told by a letter, handed in after one interview.

    ``earlier`` is one that was reopened and handed in anew.
    """

    interviewer: str
    round: str
    submitted: str
    ratings: tuple[OwnRating, ...]
    notes: tuple[tuple[str, str], ...]
    recommendation: str
    summary: str
    earlier: bool = False


@dataclass(frozen=True)
class OwnDeviation:
    """What was done otherwise than the guide says in one interview, and why."""

    round: str
    when: str
    what: str
    reason: str


@dataclass(frozen=True)
class OwnAgreement:
    """What a panel agreed on one topic; ``round`` is empty for the whole process.

    ``competency`` is empty for the recommendation. With neither ``score`` nor ``recommendation``
    they did not agree.
    """

    round: str
    when: str
    competency: str
    score: int | None
    recommendation: str
    rationale: str


@dataclass(frozen=True)
class OwnDecision:
    """What one decision says of the candidate; ``outcome`` is a ``comparisons.models.Outcome``.

    ``reasons`` are those of the whole decision, of why it replaced an earlier one, and of what it
    says of the candidate; ``grounds`` are (competency, evidence).
    """

    when: str
    outcome: str
    reasons: tuple[str, ...]
    grounds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class OwnData(Report):
    """``facts_held`` are (label phrase, value); ``mails`` and ``log`` are (when, what).

    ``part`` of ``parts`` tells which of several documents this is.
    """

    template = "pdf/own_data.html"
    kind = "own data"

    candidate: str
    facts_held: tuple[tuple[str, str], ...]
    interviews: tuple[OwnInterview, ...]
    deviations: tuple[OwnDeviation, ...]
    scorecards: tuple[OwnScorecard, ...]
    pending: int
    agreements: tuple[OwnAgreement, ...]
    decisions: tuple[OwnDecision, ...]
    mails: tuple[tuple[str, str], ...]
    log: tuple[tuple[str, str], ...]
    part: int = 1
    parts: int = 1

    @property
    def heading(self) -> str:
        """The kind of document and, of several, which one."""
        kind = self.words(self.kind)
        if self.parts == 1:
            return kind
        return self.words("o.part", kind=kind, part=self.part, parts=self.parts)

    @property
    def subject(self) -> str:
        """The candidate's name."""
        return self.candidate

    def content(self) -> dict[str, Any]:
        """Return what is held, in words."""
        t = self.words
        return {
            "held": [(t(label), value) for label, value in self.facts_held],
            "cards": [
                {
                    "card": card,
                    "recommendation": t(f"recommend.{card.recommendation}")
                    if card.recommendation
                    else "",
                    "rows": [
                        {
                            "competency": rating.competency,
                            "score": t("not assessed")
                            if rating.score is None
                            else t.point(rating.score),
                            "level": t(rating.level) if rating.level else "",
                            "text": rating.text.strip(),
                        }
                        for rating in card.ratings
                    ],
                }
                for card in self.scorecards
            ],
            "agreements": [
                {
                    "head": ", ".join(filter(None, (found.round, found.when))),
                    "about": found.competency or t("o.recommendation"),
                    "said": self._agreed(found),
                    "rationale": found.rationale,
                }
                for found in self.agreements
            ],
        }

    def _agreed(self, found: OwnAgreement) -> str:
        if found.score is not None:
            return self.words.point(found.score)
        key = f"recommend.{found.recommendation}" if found.recommendation else "agreed.not"
        return self.words(key)

    def as_json(self) -> dict[str, Any]:
        """Return the data in a form that another system can read (GDPR article 20)."""
        return {
            "schema": "recruit.own-data/1",
            "requisition": self.identity.title,
            "organisation": self.identity.organisation,
            "made_at": self.identity.generated_at.isoformat(),
            "candidate": {
                label.partition(".")[2].replace(" ", "_"): value for label, value in self.facts_held
            },
            "interviews": [vars(found) for found in self.interviews],
            "scorecards": [
                vars(card)
                | {
                    "ratings": [vars(rating) for rating in card.ratings],
                    "notes": [{"question": q, "text": text} for q, text in card.notes],
                }
                for card in self.scorecards
            ],
            "not_yet_submitted": self.pending,
            "deviations": [vars(found) for found in self.deviations],
            "agreements": [vars(found) for found in self.agreements],
            "decisions": [
                vars(found)
                | {"grounds": [{"competency": c, "evidence": text} for c, text in found.grounds]}
                for found in self.decisions
            ],
            "mails": [{"at": at, "what": what} for at, what in self.mails],
            "log": [{"at": at, "what": what} for at, what in self.log],
        }


def protected(text: str, names: Iterable[str], own: str, instead: str) -> str:
    """Return the text with others' names, whole or in part, replaced; never those in ``own``.

    A name of several words is found however it is written. Part of a name, or a name of one word,
    is found as a name is written, or in capitals: in small letters "hans", "per", "dag" and "björn"
    are words like any other.
    """
    kept = {part.casefold() for part in own.split()}
    wholes = {name for name in names if name.casefold() != own.casefold()}
    parts = {
        part
        for name in wholes
        for part in name.split()
        if len(part) >= SHORTEST_NAME and part.casefold() not in kept
    }
    # The longest first, so that a whole name goes as one.
    found = sorted(wholes | parts, key=lambda name: (-len(name), name))
    if not found:
        return text
    either = "|".join(
        f"(?i:{re.escape(name)})" if " " in name else f"{re.escape(name)}|{re.escape(name.upper())}"
        for name in found
    )
    # A genitive s goes with the name.
    return re.sub(rf"(?<!\w)(?:{either})(?i:s|'s|’s)?(?!\w)", instead, text)
