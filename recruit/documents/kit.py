"""The interviewer's kit: everything on paper that one interview needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recruit.documents import page

if TYPE_CHECKING:
    from datetime import datetime

    from recruit.core.guide import Guide, GuideRound


@dataclass(frozen=True)
class InterviewerKit:
    """A guide set for use in the room; ``round_index`` None means every round."""

    guide: Guide
    round_index: int | None
    organisation: str
    candidate: str | None
    interviewer: str | None
    version: str
    generated_at: datetime

    @property
    def rounds(self) -> tuple[GuideRound, ...]:
        """The rounds that the kit is for."""
        if self.round_index is None:
            return self.guide.rounds
        return (self.guide.rounds[self.round_index],)

    def html(self) -> str:
        """Return the document as HTML for the renderer."""
        return page.render("pdf/kit.html", self.guide.language, doc=self, guide=self.guide)
