"""Written information on the merits of one who was hired or called, for an applicant who asks.

The Discrimination Act (2008:567), chapter 2 section 4, gives an applicant who was not employed or
not called to an interview the right to know which education, professional experience and other
merits the chosen one had. That and nothing else stands here: no name, no rating, nothing about
anybody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from recruit.documents.report import Report


@dataclass(frozen=True, kw_only=True)
class MeritInformation(Report):
    """``applicant`` is the one who asks; the three texts are about the one who was chosen.

    ``hired`` tells whether for the job, or only for an interview.
    """

    template = "pdf/merits.html"
    kind = "merits"

    applicant: str
    hired: bool
    education: str
    experience: str
    other: str

    @property
    def running(self) -> tuple[str, ...]:
        """Only the checksum: a long foot on a single page would pass for text left unread."""
        return (self.short_hash,)

    def facts(self) -> list[tuple[str, str]]:
        """Return who is told, by whom."""
        identity = self.identity
        return [
            (self.applicant, self.words("me.asked")),
            (identity.organisation, identity.unit),
            (self.words.date(identity.generated_at), self.short_hash),
        ]

    def content(self) -> dict[str, Any]:
        """Return the three kinds of merits that the law names."""
        t = self.words
        kinds = (
            ("me.education", self.education),
            ("me.experience", self.experience),
            ("me.other merits", self.other),
        )
        return {
            "merits": [
                (t(head), [line.strip() for line in text.splitlines() if line.strip()])
                for head, text in kinds
            ]
        }
