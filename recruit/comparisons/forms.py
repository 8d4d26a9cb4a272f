"""What addresses and forms of comparisons may hold."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask_babel import format_decimal
from flask_babel import gettext as _

from recruit.comparisons.actions import OutcomeEntry
from recruit.comparisons.models import Outcome
from recruit.comparisons.queries import Selection
from recruit.core.text import written

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from werkzeug.datastructures import MultiDict

LONGEST_TEXT = 5_000
LARGEST_WEIGHT = 1_000


class UnknownChoice(ValueError):
    """An address or a form names something that no page of ours offers."""


def read_selection(
    values: MultiDict[str, str], guides: Collection[int], competencies: Collection[str]
) -> Selection:
    """Return the round and the competencies to look at. Raises UnknownChoice."""
    text = values.get("round", "")
    guide_id = _number(text) if text else None
    if guide_id is not None and guide_id not in guides:
        raise UnknownChoice("round")
    chosen = tuple(dict.fromkeys(values.getlist("competency")))
    if not set(chosen) <= set(competencies):
        raise UnknownChoice("competency")
    # All of them is the same as no choice.
    return Selection(guide_id, () if len(chosen) == len(competencies) else chosen)


def read_sort(values: Mapping[str, str], competencies: Collection[str]) -> str:
    """Return what the table is sorted by: "rank", "name" or a competency. Raises UnknownChoice."""
    wanted = values.get("sort", "rank")
    if wanted not in {"rank", "name", *competencies}:
        raise UnknownChoice("sort")
    return wanted


@dataclass
class WeightsForm:
    """Weights that somebody tries: as written, as numbers, and what is wrong with them."""

    written: dict[str, str]
    weights: dict[str, float] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(
        cls, values: Mapping[str, str], given: Mapping[str, float], named: Mapping[str, str]
    ) -> WeightsForm:
        """Return the form; what is not in ``values`` keeps its given weight, in per cent."""
        form = cls(
            {
                key: values.get(f"w-{key}", str(format_decimal(share)))
                for key, share in given.items()
            }
        )
        for key, text in form.written.items():
            weight = _weight(text)
            if weight is None:
                form.errors[key] = _(
                    "%(competency)s: write a number from 0 to %(most)d.",
                    competency=named.get(key, key),
                    most=LARGEST_WEIGHT,
                )
            else:
                form.weights[key] = weight
        if form.written and not form.errors and not any(form.weights.values()):
            form.errors[next(iter(form.written))] = _("At least one weight must be above 0.")
        return form


def _weight(text: str) -> float | None:
    text = text.strip().replace(",", ".")
    if not re.fullmatch(r"\d{1,4}(\.\d{1,6})?", text, re.ASCII):
        return None
    weight = float(text)
    return weight if math.isfinite(weight) and weight <= LARGEST_WEIGHT else None


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise UnknownChoice(text[:20])
    return int(text)


@dataclass
class DecisionForm:
    """A decision as written, and what is wrong with it, by the field's id.

    Candidates go by their numbers of chance.
    """

    rationale: str = ""
    reason: str = ""
    seen: int = 0
    outcomes: dict[int, str] = field(default_factory=dict)
    rationales: dict[int, str] = field(default_factory=dict)
    ratings: dict[int, tuple[int, ...]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, values: MultiDict[str, str], names: Mapping[int, str]) -> DecisionForm:
        """Return what the form holds about the named candidates. Raises UnknownChoice."""
        form = cls(
            rationale=written(values.get("rationale")),
            reason=written(values.get("reason")),
            seen=_number(values.get("seen", "")),
        )
        for number in names:
            form.outcomes[number] = values.get(f"outcome-{number}", "")
            if form.outcomes[number] not in {"", *Outcome}:
                raise UnknownChoice("outcome")
            form.rationales[number] = written(values.get(f"why-{number}"))
            form.ratings[number] = tuple(
                dict.fromkeys(_number(text) for text in values.getlist(f"ground-{number}"))
            )
        return form

    def check(self, names: Mapping[int, str], choosable: Mapping[int, Sequence[object]]) -> bool:
        """Note what is missing, and tell whether nothing is."""
        for number, name in names.items():
            if not self.outcomes[number]:
                self.errors[f"outcome-{number}"] = _("Choose an outcome for %(name)s.", name=name)
            elif (
                self.outcomes[number] == Outcome.OFFERED
                and choosable.get(number)
                and not self.ratings[number]
            ):
                self.errors[f"grounds-{number}"] = _(
                    "Choose the evidence that the offer to %(name)s rests on.", name=name
                )
        if not self.rationale:
            self.errors["rationale"] = _("Write why you decide so.")
        if self.seen and not self.reason:
            self.errors["reason"] = _("Write why the decision is changed.")
        long = {
            "rationale": self.rationale,
            "reason": self.reason,
            **{f"why-{number}": text for number, text in self.rationales.items()},
        }
        self.errors |= {
            name: _("Use at most %(most)d characters.", most=LONGEST_TEXT)
            for name, text in long.items()
            if len(text) > LONGEST_TEXT
        }
        return not self.errors

    def entries(self) -> dict[int, OutcomeEntry]:
        """Return what is to be decided, by the candidates' numbers of chance."""
        return {
            number: OutcomeEntry(Outcome(value), self.rationales[number], self.ratings[number])
            for number, value in self.outcomes.items()
        }
