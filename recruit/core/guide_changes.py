"""What differs between two versions of a guide, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recruit.core.faults import Said
from recruit.core.planner.subject import minutes_said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recruit.core.guide import Guide, GuideQuestion, GuideRound, ScriptText, Section

LONGEST_QUOTE = 80
"""Characters of a question that a line quotes."""


@dataclass(frozen=True)
class Change:
    """One difference; ``before`` and ``after`` are the whole texts where words were changed."""

    line: Said
    before: str | None = None
    after: str | None = None


def changes(before: Guide, after: Guide) -> tuple[Change, ...]:
    """Return what differs between two versions of the guide of one round.

    Questions are numbered as in the newer version, those that are gone as in the older.
    """
    old, new = before.rounds[0], after.rounds[0]
    return (
        *_frame(old, new),
        *_competencies(before, after),
        *_questions(old, new),
        *_scales(old, new),
        *_scripts(before, after),
    )


@dataclass(frozen=True)
class _Asked:
    number: int
    competency: str
    name: str
    question: GuideQuestion

    @property
    def quoted(self) -> str:
        line = " ".join(self.question.text.split())
        if len(line) <= LONGEST_QUOTE:
            return line
        return line[:LONGEST_QUOTE].rpartition(" ")[0] + " …"


def _asked(round_: GuideRound) -> dict[str, _Asked]:
    both = ((section, question) for section in round_.sections for question in section.questions)
    return {
        question.id: _Asked(number, section.competency, section.name, question)
        for number, (section, question) in enumerate(both, start=1)
    }


def _frame(old: GuideRound, new: GuideRound) -> Iterator[Change]:
    if old.name != new.name:
        yield Change(
            Said(
                f"Omgången heter nu ”{new.name}”, förut ”{old.name}”.",
                f"The round is now called “{new.name}”, before “{old.name}”.",
            )
        )
    if old.minutes != new.minutes:
        more = minutes_said(abs(new.minutes - old.minutes))
        total = minutes_said(new.minutes)
        longer = new.minutes > old.minutes
        yield Change(
            Said(
                f"Omgången är {more.sv} {'längre' if longer else 'kortare'}: {total.sv}.",
                f"The round is {more.en} {'longer' if longer else 'shorter'}: {total.en}.",
            )
        )
    if old.interviewers != new.interviewers:
        yield Change(
            Said(
                f"Antal intervjuare: {new.interviewers}, förut {old.interviewers}.",
                f"Interviewers: {new.interviewers}, before {old.interviewers}.",
            )
        )
    if old.note != new.note:
        yield _text(
            Said("Anteckningen till intervjuarna", "The note to the interviewers"),
            old.note,
            new.note,
        )


def _competencies(before: Guide, after: Guide) -> Iterator[Change]:
    old = {section.competency: section.name for section in before.rounds[0].sections}
    new = {section.competency: section.name for section in after.rounds[0].sections}
    for key, name in new.items():
        if key not in old:
            yield Change(Said(f"Ny kompetens: ”{name}”.", f"New competency: “{name}”."))
    for key, name in old.items():
        if key not in new:
            yield Change(
                Said(f"”{name}” tas inte längre upp.", f"“{name}” is no longer asked about.")
            )
    for key, name in new.items():
        if key not in old:
            continue
        weights = before.weights.get(key), after.weights.get(key)
        if weights[0] != weights[1]:
            yield Change(
                Said(
                    f"”{name}” har vikten {weights[1]}, förut {weights[0]}.",
                    f"“{name}” has weight {weights[1]}, before {weights[0]}.",
                )
            )
        least = before.must_have.get(key), after.must_have.get(key)
        if least[0] != least[1]:
            yield Change(_least(name, least[1]))


def _least(name: str, least: int | None) -> Said:
    if least is None:
        return Said(
            f"”{name}” är inte längre ett skallkrav.", f"“{name}” is no longer a must-have."
        )
    return Said(
        f"”{name}” är skallkrav: minst {least}.", f"“{name}” is a must-have: at least {least}."
    )


def _questions(old: GuideRound, new: GuideRound) -> Iterator[Change]:
    had, has = _asked(old), _asked(new)
    added = [item for key, item in has.items() if key not in had]
    gone = [item for key, item in had.items() if key not in has]
    for item in list(added):
        # What is new in a competency stands for what is gone from it, one for one.
        former = next((other for other in gone if other.competency == item.competency), None)
        if former is None:
            continue
        added.remove(item)
        gone.remove(former)
        yield Change(
            Said(
                f"Fråga {item.number} om ”{item.name}” är bytt: ”{former.quoted}” mot "
                f"”{item.quoted}”.",
                f"Question {item.number} about “{item.name}” is swapped: “{former.quoted}” for "
                f"“{item.quoted}”.",
            )
        )
    for item in added:
        yield Change(
            Said(
                f"Fråga {item.number} om ”{item.name}” är ny: ”{item.quoted}”.",
                f"Question {item.number} about “{item.name}” is new: “{item.quoted}”.",
            )
        )
    for item in gone:
        yield Change(
            Said(
                f"Fråga {item.number} i den förra versionen, om ”{item.name}”, är borttagen: "
                f"”{item.quoted}”.",
                f"Question {item.number} of the former version, about “{item.name}”, is gone: "
                f"“{item.quoted}”.",
            )
        )
    for key, item in has.items():
        if key in had:
            yield from _question(had[key].question, item)
    common = [key for key in has if key in had]
    if common != [key for key in had if key in has]:
        yield Change(
            Said("Frågorna ställs i annan ordning.", "The questions are asked in another order.")
        )


def _question(old: GuideQuestion, item: _Asked) -> Iterator[Change]:
    new, number = item.question, item.number
    yield from (
        _text(what, before, after)
        for what, before, after in (
            (Said(f"Fråga {number}", f"Question {number}"), old.text, new.text),
            (
                Said(f"Bakgrunden till fråga {number}", f"The background of question {number}"),
                old.background or "",
                new.background or "",
            ),
            (
                Said(f"Följdfrågorna till fråga {number}", f"The probes of question {number}"),
                "\n".join(old.probes),
                "\n".join(new.probes),
            ),
            (
                Said(f"Anteckningen till fråga {number}", f"The note on question {number}"),
                old.note,
                new.note,
            ),
        )
        if before != after
    )
    if old.minutes != new.minutes:
        takes, took = minutes_said(new.minutes), minutes_said(old.minutes)
        yield Change(
            Said(
                f"Fråga {number} tar {takes.sv}, förut {took.sv}.",
                f"Question {number} takes {takes.en}, before {took.en}.",
            )
        )
    if old.listen_for != new.listen_for or old.elicits != new.elicits:
        yield Change(
            Said(
                f"Det som intervjuarna ska lyssna efter i fråga {number} är ändrat.",
                f"What to listen for in question {number} is changed.",
            )
        )


def _scales(old: GuideRound, new: GuideRound) -> Iterator[Change]:
    before = {section.competency: _scale(section) for section in old.sections}
    for section in new.sections:
        if section.competency in before and before[section.competency] != _scale(section):
            yield Change(
                Said(
                    f"Bedömningsgrunden för ”{section.name}” är ändrad.",
                    f"What the rating of “{section.name}” rests on is changed.",
                )
            )


def _scale(section: Section) -> tuple[object, ...]:
    return section.anchors, section.definition, section.indicators, section.failures


def _scripts(before: Guide, after: Guide) -> Iterator[Change]:
    old, new = before.rounds[0], after.rounds[0]
    for name, was, is_ in (
        (Said("Inledningen", "The opening"), old.opening, new.opening),
        (Said("Avslutningen", "The closing"), old.closing, new.closing),
    ):
        if was != is_:
            yield _text(name, _script(was), _script(is_))
    if before.notes != after.notes:
        yield Change(
            Said(
                "Anvisningarna till intervjuarna är ändrade.",
                "The instructions to the interviewers are changed.",
            )
        )


def _script(script: ScriptText) -> str:
    items = (f"{item.name}: {item.text}" for item in script.items)
    return "\n".join([script.title, *script.paragraphs, *items])


def _text(what: Said, before: str, after: str) -> Change:
    return Change(
        Said(f"{what.sv} har ny lydelse.", f"{what.en}: the wording is changed."), before, after
    )
