"""Words, numbers and dates of documents, in Swedish and English.

Documents are made outside requests too, so they do not use the web's catalogues.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from flask import has_app_context
from flask_babel import to_user_timezone

from recruit.core.plain_yaml import read_yaml
from recruit.resources import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

FILES = ("phrases.yaml", "report_phrases.yaml")


@cache
def phrases() -> dict[str, dict[str, str]]:
    """Return every phrase by its name, in every language."""
    found: dict[str, dict[str, str]] = {}
    for name in FILES:
        found |= read_yaml((PACKAGE / "documents" / name).read_bytes())
    return found


class Words:
    """The phrases of one language, and how it writes numbers, dates and lists."""

    def __init__(self, language: str) -> None:
        self.language = "sv" if language == "sv" else "en"
        self._locale = "sv" if language == "sv" else "en_GB"

    def __call__(self, phrase: str, **values: object) -> str:
        """Return a phrase with its values. Raises KeyError for an unknown one."""
        return phrases()[phrase][self.language].format(**values)

    def count(self, phrase: str, n: int) -> str:
        """Return the phrase in the singular or the plural."""
        return self(f"{phrase}.1") if n == 1 else self(phrase, n=n)

    def number(self, n: int) -> str:
        """Return a whole number as running text has it: in letters up to twelve."""
        letters = self("numbers").split()
        return letters[n] if n < len(letters) else str(n)

    def score(self, value: float) -> str:
        """Return a score with one decimal."""
        return str(format_decimal(value, format="0.0", locale=self._locale))

    def hundredths(self, value: float) -> str:
        """Return a number between 0 and 1 with two decimals."""
        return str(format_decimal(value, format="0.00", locale=self._locale))

    def point(self, value: float) -> str:
        """Return a given score: whole numbers without a decimal."""
        return str(format_decimal(value, format="0.#", locale=self._locale))

    def span(self, low: float, high: float) -> str:
        """Return two given scores as a span."""
        return f"{self.point(low)}–{self.point(high)}"

    def percent(self, share: float) -> str:
        """Return a share of the whole in per cent, with a decimal where it has one."""
        number = self.point(share * 100)
        # A space that does not break a line between the number and its sign.
        return f"{number}\N{NO-BREAK SPACE}%" if self.language == "sv" else f"{number}%"

    def chance(self, probability: float) -> str:
        """Return a probability out of a hundred, never as certainty."""
        if probability > 0.99:
            return self("sure.more")
        if probability < 0.01:
            return self("sure.less")
        return f"{probability * 100:.0f}"

    def short_chance(self, probability: float) -> str:
        """Return a probability out of a hundred for a table, never as certainty."""
        if probability > 0.99:
            return self("chance.more")
        return self("chance.less") if probability < 0.01 else f"{probability * 100:.0f}"

    def date(self, moment: datetime) -> str:
        """Return the day where the organisation is, with the month written out."""
        # On the command line the moment is in local time already.
        local = to_user_timezone(moment) if has_app_context() else moment
        return str(format_date(local, "d MMMM y", locale=self._locale))

    def join(self, items: Iterable[str]) -> str:
        """Return the items as a list in running text."""
        return str(format_list(list(items), locale=self._locale))

    @staticmethod
    def inside(name: str) -> str:
        """Return a competency's name as it stands inside a sentence."""
        return name[:1].lower() + name[1:] if name[1:2].islower() else name
