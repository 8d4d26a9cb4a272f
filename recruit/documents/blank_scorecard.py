"""The blank scorecard: one interviewer's ratings of one interview, on paper or in a PDF form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from recruit.documents.guide_document import GuideDocument


@dataclass(frozen=True)
class BlankScorecard(GuideDocument):
    """The scorecard of a guide; with ``fillable`` its blanks are form fields."""

    template: ClassVar[str] = "pdf/blank_scorecard.html"

    fillable: bool
