"""Wording in a guide that must not stand there without a reason, and where it stands."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from recruit.core.faults import Said
from recruit.core.wording import flags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recruit.core.guide import Guide, GuideQuestion, GuideRound, Notes, ScriptText
    from recruit.core.wording import Flag, Ground

Part = Literal[
    "text",
    "background",
    "probe",
    "sign",
    "note",
    "round_note",
    "competency",
    "opening",
    "closing",
    "instructions",
    "candidate_information",
]
PLACES: dict[Part, Said] = {
    "text": Said("Fråga", "Question"),
    "background": Said("Bakgrunden till fråga", "The background of question"),
    "probe": Said("Följdfråga till fråga", "A follow-up to question"),
    "sign": Said("Vad man lyssnar efter i fråga", "What to listen for in question"),
    "note": Said("Anteckningen till fråga", "The note on question"),
    "round_note": Said("Anteckningen till intervjuarna", "The note to the interviewers"),
    "competency": Said("Kompetensens namn", "The name of the competency"),
    "opening": Said("Inledningen", "The opening"),
    "closing": Said("Avslutningen", "The closing"),
    "instructions": Said("Anvisningarna till intervjuarna", "The instructions to interviewers"),
    "candidate_information": Said("Informationen till kandidaten", "What the candidate is told"),
}
"""Where in a guide something stands; the number of its question follows."""
GROUNDS: dict[Ground, Said] = {
    "age": Said("ålder", "age"),
    "sex": Said("kön", "sex"),
    "gender_identity": Said("könsidentitet eller könsuttryck", "gender identity or expression"),
    "ethnicity": Said("etnisk tillhörighet", "ethnic belonging"),
    "religion": Said("religion eller trosuppfattning", "religion or belief"),
    "disability": Said("funktionsnedsättning", "disability"),
    "sexual_orientation": Said("sexuell läggning", "sexual orientation"),
    "health": Said("hälsa", "health"),
    "family": Said("familj och föräldraskap", "family and parenthood"),
    "union": Said("facklig tillhörighet", "union membership"),
    "politics": Said("politisk åsikt", "political opinion"),
    "pay_history": Said("tidigare lön", "earlier pay"),
    "criminal_record": Said("lagöverträdelser", "criminal record"),
    "military_service": Said("värnplikt", "military service"),
    "private_economy": Said("privat ekonomi och boende", "private finances and housing"),
    "leading": Said("ledande fråga", "leading question"),
    "double_barrelled": Said("flera frågor i en", "several questions in one"),
}
"""What the grounds of a flag are called."""


def place_said(part: Part, number: int | None) -> Said:
    """Return where in a guide something stands, with the number of its question if it has one."""
    place = PLACES[part]
    return place if number is None else Said(f"{place.sv} {number}", f"{place.en} {number}")


@dataclass(frozen=True)
class ReasonedWording:
    """Flagged words that were published, what was told of them, and why they stand there."""

    place: Said
    ground: Said
    words: str
    law: str
    reason: str


@dataclass(frozen=True)
class Remark:
    """One flag in a guide; ``question`` is an id, empty for what belongs to no question.

    ``number`` is that of the question within its round. ``key`` stays the same as long as the
    text does: a reason that was written for other words is none for these.
    """

    key: str
    round_name: str
    part: Part
    question: str
    number: int | None
    flag: Flag

    @property
    def place(self) -> Said:
        """Where it stands, in words."""
        return place_said(self.part, self.number)

    @property
    def ground(self) -> Said:
        """What the words touch, in words."""
        return GROUNDS[self.flag.ground]


def remarks(guide: Guide) -> tuple[Remark, ...]:
    """Return what is flagged in a guide, the same words in several rounds once.

    Everything that is read out, handed over or told to the interviewers is looked at.
    """
    told: dict[str, Remark] = {}
    for remark in _all(guide):
        told.setdefault(remark.key, remark)
    return tuple(told.values())


def _all(guide: Guide) -> Iterator[Remark]:
    for round_ in guide.rounds:
        for part, text, question, number in _texts(round_, guide.notes):
            for flag in flags(text, guide.language):
                mark = "\0".join([part, question, flag.ground, str(flag.start), text])
                key = hashlib.sha256(mark.encode("utf-8", "replace")).hexdigest()[:16]
                yield Remark(key, round_.name, part, question, number, flag)


def _texts(round_: GuideRound, notes: Notes) -> Iterator[tuple[Part, str, str, int | None]]:
    """Yield part, text, question and its number of everything that one interview says."""
    yield "round_note", round_.note, "", None
    number = 0
    for section in round_.sections:
        yield "competency", section.name, "", None
        for question in section.questions:
            number += 1
            for part, text in _question_texts(question):
                yield part, text, question.id, number
    for part, script in _scripts(round_, notes):
        for text in _script_texts(script):
            yield part, text, "", None


def _question_texts(question: GuideQuestion) -> Iterator[tuple[Part, str]]:
    yield "text", question.text
    yield "background", question.background or ""
    for probe in question.probes:
        yield "probe", probe
    for sign in (*question.listen_for.practice, *question.listen_for.talk):
        yield "sign", sign
    yield "note", question.note


def _script_texts(script: ScriptText) -> Iterator[str]:
    yield script.title
    yield from script.paragraphs
    for item in script.items:
        yield item.name
        yield item.text
        yield item.example or ""


def _scripts(round_: GuideRound, notes: Notes) -> Iterator[tuple[Part, ScriptText]]:
    yield "opening", round_.opening
    yield "closing", round_.closing
    for script in (
        notes.note_taking,
        notes.rater_instructions,
        notes.rating_errors,
        notes.consensus_meeting,
    ):
        if script is not None:
            yield "instructions", script
    if notes.candidate_information is not None:
        yield "candidate_information", notes.candidate_information
