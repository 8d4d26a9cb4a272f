"""What each figure of a comparison means, how it is worked out, and who has described it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from recruit.core.plain_yaml import read_yaml
from recruit.resources import PACKAGE

if TYPE_CHECKING:
    from recruit.core.reasons import Reason


@dataclass(frozen=True)
class Definition:
    """One figure in one language; ``key`` is ``group.figure``, the figure as the JSON names it."""

    key: str
    name: str
    meaning: str
    unit: str
    formula: str
    source: str


@cache
def definitions(language: str) -> dict[str, Definition]:
    """Return the definition of every figure by its key, in "sv" or "en"."""
    return {
        key: Definition(key, **{field: _said(text, language) for field, text in entry.items()})
        for key, entry in _read("definitions.yaml").items()
    }


def reason(why: Reason | None, language: str) -> str:
    """Return in words why a figure is missing; empty when none is."""
    return "" if why is None else _said(_read("reasons.yaml")[why.value], language)


@cache
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml((PACKAGE / "documents" / name).read_bytes())
    return found


def _said(text: str | dict[str, str], language: str) -> str:
    return text if isinstance(text, str) else text[language]
