"""What a library must be to be worth using; a faulty one may still load."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recruit.core import wording
from recruit.core.faults import NOTHING, Fault, Said, said, short
from recruit.core.library import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from recruit.core.library import Competency, Library, Question, Script, Text

LONGEST_ANCHOR_RATIO = 1.5
"""The longest anchor of a competency may be this many times the shortest, per language."""

HARDEST_LIX = 45
"""Swedish prose above this is hard for a practised reader (newspapers lie between 40 and 50)."""

LIX_FROM_WORDS = 40
"""LIX says nothing about texts shorter than this."""


def check(folder: Path) -> list[Fault]:
    """Return everything that is wrong with the library in a folder, by file and place."""
    library, faults = read(folder)
    faults.extend(content_faults(library.competencies.values(), library.scripts.values()))
    if len(library.competencies) == len(list(folder.glob("competencies/*.yaml"))):
        # Indicators that could not be read might be those that stand for a claim.
        faults.extend(_claim_faults(library))
    return sorted(faults, key=lambda fault: (fault.file, fault.place or ""))


def content_faults(
    competencies: Iterable[Competency], scripts: Iterable[Script]
) -> Iterator[Fault]:
    """Yield what is wrong with parts that can be used, by file and place."""
    for competency in competencies:
        yield from _competency_faults(competency, f"competencies/{competency.id}.yaml")
    for script in scripts:
        for number, text in enumerate(script.paragraphs):
            yield from _prose_faults(text, f"scripts/{script.id}.yaml", f"paragraphs.{number}")


def lix(text: str) -> float:
    """Return the Swedish readability index: words per sentence + per cent of long words.

    A long word has more than six letters (Björnsson 1968). 0 for a text without words.
    """
    words = re.findall(r"[^\W\d_]+", text)
    if not words:
        return 0.0
    sentences = max(1, len(re.findall(r"[.!?:](?:[\s”\"]|$)", text)))
    long = sum(len(word) > 6 for word in words)
    return len(words) / sentences + 100 * long / len(words)


def _competency_faults(competency: Competency, file: str) -> Iterator[Fault]:
    questions = competency.questions
    elicited = {key for question in questions for key in question.elicits}
    for indicator in competency.indicators:
        if indicator.id not in elicited:
            yield Fault(
                file,
                None,
                f"indicators.{indicator.id}",
                Said("ingen fråga som prövar den", "no question that elicits it"),
                Said("minst en", "at least one"),
            )
    for question in questions:
        yield from _question_faults(question, file)
    for language in ("sv", "en"):
        lengths = [len(anchor.in_(language)) for anchor in competency.anchors.values()]
        if lengths and max(lengths) > LONGEST_ANCHOR_RATIO * min(lengths):
            yield Fault(
                file,
                None,
                f"anchors.{language}",
                Said(
                    f"från {min(lengths)} till {max(lengths)} tecken",
                    f"from {min(lengths)} to {max(lengths)} characters",
                ),
                Said(
                    f"det längsta högst {LONGEST_ANCHOR_RATIO:g} gånger det kortaste".replace(
                        ".", ","
                    ),
                    f"the longest at most {LONGEST_ANCHOR_RATIO:g} times the shortest",
                ),
            )
    yield from _prose_faults(competency.definition, file, "definition")
    for point, anchor in competency.anchors.items():
        yield from _prose_faults(anchor, file, f"anchors.{point}")
    for number, exercise in enumerate(competency.calibration):
        yield from _prose_faults(exercise.answer, file, f"calibration.{number}.answer")
        yield from _prose_faults(exercise.reasons, file, f"calibration.{number}.reasons")


def _question_faults(question: Question, file: str) -> Iterator[Fault]:
    place = f"questions.{question.id}"
    if not question.probes:
        yield Fault(file, None, f"{place}.probes", NOTHING, Said("följdfrågor", "probes"))
    asked = [("text", question.text)]
    asked += [(f"probes.{number}", probe) for number, probe in enumerate(question.probes)]
    if question.background is not None:
        asked.append(("background", question.background))
        yield from _prose_faults(question.background, file, f"{place}.background")
    for part, text in asked:
        for language in ("sv", "en"):
            for flag in wording.flags(text.in_(language), language):
                yield Fault(
                    file,
                    None,
                    f"{place}.{part}.{language}",
                    said(
                        f"”{short(flag.found)}”" if language == "sv" else f"“{short(flag.found)}”"
                    ),
                    said(flag.better),
                )


def _prose_faults(text: Text, file: str, place: str) -> Iterator[Fault]:
    if len(text.sv.split()) < LIX_FROM_WORDS:
        return
    found = lix(text.sv)
    if found > HARDEST_LIX:
        expected = Said(f"högst {HARDEST_LIX}", f"at most {HARDEST_LIX}")
        yield Fault(file, None, f"{place}.sv", said(f"LIX {found:.0f}"), expected)


def _claim_faults(library: Library) -> Iterator[Fault]:
    cited = {
        claim
        for competency in library.competencies.values()
        for indicator in competency.indicators
        for claim in indicator.source
    }
    for claim in library.claims.claims:
        if claim.id not in cited and claim.met_by is None:
            yield Fault(
                "claims.yaml",
                None,
                claim.id,
                Said("ingen indikator som står för den", "no indicator that stands for it"),
                Said("minst en", "at least one"),
            )
