"""The question sheet: what a candidate may read beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from recruit.documents.guide_document import GuideDocument


@dataclass(frozen=True)
class QuestionSheet(GuideDocument):
    """The questions of a guide without probes, signs and anchors, and the candidate's rights.

    A case stands on a page of its own, to be kept back and handed over in the interview.
    """

    template: ClassVar[str] = "pdf/question_sheet.html"
