"""The interviewer's kit: everything on paper that one interview needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from recruit.documents.guide_document import GuideDocument


@dataclass(frozen=True)
class InterviewerKit(GuideDocument):
    """A guide set for use in the room, for one candidate and one interviewer if given."""

    template: ClassVar[str] = "pdf/kit.html"

    candidate: str | None
    interviewer: str | None
