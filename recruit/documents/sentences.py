"""Findings of the core as sentences: what each value becomes in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from recruit.core.findings import Finding
    from recruit.documents.comparison import ComparisonDocument
    from recruit.documents.phrases import Words


def say(document: ComparisonDocument, finding: Finding, form: str = "") -> str:
    """Return a finding in the document's words; ``form`` picks another phrase, such as ".short"."""
    values = {name: _WRITTEN[name](document, value) for name, value in finding.values.items()}
    return document.words(finding.key + form, **values)


def coefficient(words: Words, value: float, interval: tuple[float, float] | None) -> str:
    """Return a share of 1 with its interval, both kept between 0 and 1: below is none at all."""
    shown = words.hundredths(min(max(value, 0.0), 1.0))
    if interval is None:
        return shown
    low, high = (words.hundredths(min(max(end, 0.0), 1.0)) for end in interval)
    return words("coefficient interval", value=shown, low=low, high=high)


def _name(document: ComparisonDocument, candidate: str) -> str:
    return document.short_names[candidate]


def _competency(document: ComparisonDocument, key: str) -> str:
    return document.words.inside(document.name_of(key))


def _share(document: ComparisonDocument, value: float) -> str:
    return document.words.percent(round(value, 2))


def _points(document: ComparisonDocument, value: float) -> str:
    return document.words.score(value)


def _count(document: ComparisonDocument, value: int) -> str:
    return document.words.number(value)


def _place(_document: ComparisonDocument, value: int) -> str:
    return str(value)


_WRITTEN: dict[str, Callable[[ComparisonDocument, Any], str]] = {
    "a": _name,
    "b": _name,
    "names": lambda document, found: document.words.join(_name(document, name) for name in found),
    "x": _competency,
    "m": _count,
    "n": _count,
    "first": _place,
    "last": _place,
    "amount": _points,
    "margin": _points,
    "low": _share,
    "high": _share,
    "now": _share,
    "then": _share,
    "coefficient": lambda document, found: coefficient(document.words, *found),
}
