"""What every report has: a title, an identity, a checksum of its content, and its words."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from recruit.documents import page
from recruit.documents.checksums import checksum, short
from recruit.documents.phrases import Words


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a report is about. ``language`` is "sv" or "en"; what is empty is not printed."""

    title: str
    unit: str
    organisation: str
    language: str
    generated_at: datetime
    guide_versions: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """A document other than the comparison and the guide."""

    template: ClassVar[str]
    kind: ClassVar[str]
    """The phrase that names the kind of document."""

    identity: Identity

    @property
    def subject(self) -> str:
        """What the document is headed by; each kind overrides this."""
        return self.identity.title

    @property
    def organisation(self) -> str:
        """The name of the organisation, for the document's metadata."""
        return self.identity.organisation

    @property
    def generated_at(self) -> datetime:
        """The moment that the document carries."""
        return self.identity.generated_at

    @cached_property
    def words(self) -> Words:
        """The phrases of the document's language."""
        return Words(self.identity.language)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of everything shown but the time of making: equal grounds give equal sums."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        content = {"kind": self.kind, **_plain(fields)}
        del content["identity"]["generated_at"]
        return checksum(content)

    @property
    def short_hash(self) -> str:
        """The beginning of the hash, in groups that can be read aloud."""
        return short(self.content_hash)

    @property
    def heading(self) -> str:
        """The kind of document, as it stands above the subject."""
        return self.words(self.kind)

    @property
    def running(self) -> tuple[str, ...]:
        """What stands at the foot of every page."""
        return (self.subject, self.heading, self.words("confidential"), self.short_hash)

    def facts(self) -> list[tuple[str, str]]:
        """Return what stands in the row under the heading, as (bold, small)."""
        identity = self.identity
        place = identity.unit or identity.organisation
        return [
            (identity.title, ""),
            (place, identity.organisation if identity.unit else ""),
            (self.words.date(identity.generated_at), self.short_hash),
        ]

    def content(self) -> dict[str, Any]:
        """Return what the template shows, by the names that it uses."""
        return {}

    def html(self) -> str:
        """Return the document as HTML for the renderer."""
        shown = {"facts": [fact for fact in self.facts() if any(fact)], **self.content()}
        return page.render(self.template, self.identity.language, doc=self, **shown)


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it; a document within is told by its own checksum."""
    if hasattr(value, "content_hash"):
        return value.content_hash
    if dataclasses.is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value
