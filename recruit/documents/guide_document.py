"""What every document made of a guide has in common."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from recruit.documents import page
from recruit.documents.checksums import checksum, short

if TYPE_CHECKING:
    from datetime import datetime

    from recruit.core.guide import Guide, GuideRound


@dataclass(frozen=True)
class GuideDocument:
    """A guide set on paper; ``round_index`` None means every round.

    ``post`` is what is hired for, and where; the role profile may be called otherwise.
    """

    template: ClassVar[str]

    guide: Guide
    round_index: int | None
    organisation: str
    version: str
    generated_at: datetime
    post: str

    @property
    def rounds(self) -> tuple[GuideRound, ...]:
        """The rounds that the document is for."""
        if self.round_index is None:
            return self.guide.rounds
        return (self.guide.rounds[self.round_index],)

    @cached_property
    def short_hash(self) -> str:
        """The beginning of the guide's SHA-256, in groups that can be read aloud."""
        content = json.dumps(self.guide.as_json(), ensure_ascii=False, sort_keys=True)
        return short(hashlib.sha256(content.encode()).hexdigest())

    @property
    def content_hash(self) -> str:
        """SHA-256 of everything shown, the time of publication too; not printed.

        Taken of the guide itself and of every other field, so that a field that comes is in it.
        """
        others = [
            repr(getattr(self, field.name)) for field in fields(self) if field.name != "guide"
        ]
        return checksum({"guide": self.guide.as_json(), "others": others})

    def html(self) -> str:
        """Return the document as HTML for the renderer."""
        return page.render(self.template, self.guide.language, doc=self, guide=self.guide)
