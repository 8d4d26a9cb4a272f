"""The interviewer's kit: everything on paper that one interview needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from recruit.documents.guide_document import GuideDocument

if TYPE_CHECKING:
    from recruit.core.remarks import ReasonedWording


@dataclass(frozen=True)
class InterviewerKit(GuideDocument):
    """A guide set for use in the room, for one candidate and one interviewer if given.

    ``reasoned`` is what was published though it was flagged.
    """

    template: ClassVar[str] = "pdf/kit.html"

    candidate: str | None
    interviewer: str | None
    reasoned: tuple[ReasonedWording, ...] = ()
