"""Guides as files, in JSON and YAML, and back again."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, get_args

import yaml

from recruit.core.draft import OwnQuestion
from recruit.core.faults import GIBBERISH, NOTHING, Fault, Faults, Said, Unreadable, said, short
from recruit.core.guide import Guide
from recruit.core.library import IDENTIFIER, LONGEST_IDENTIFIER, MOST_MINUTES, Kind
from recruit.core.library import LONGEST_TEXT as LONGEST_NOTE
from recruit.core.plain_yaml import TOO_DEEP, as_model, read_yaml, text_of
from recruit.core.profile import LONGEST_NAME, LONGEST_ROUND, MOST_INTERVIEWERS, MOST_ROUNDS
from recruit.core.text import is_unseen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recruit.core.guide import GuideQuestion, GuideRound, Section

SCHEMA = "recruit.guide/1"
LONGEST_TEXT = 5_000
LONGEST_NUMBER = 18
"""Digits; more than any number of a guide has, and what every database holds."""
POINTS = ["1", "2", "3", "4", "5"]
PLAIN_JSON = said("JSON")
LETTERS = Said("läsbara tecken", "readable characters")


def as_json(guide: Guide) -> bytes:
    """Return the guide as a JSON file."""
    return json.dumps(guide.as_json(), ensure_ascii=False, indent=2).encode() + b"\n"


def as_yaml(guide: Guide) -> bytes:
    """Return the guide as a YAML file; ``read`` gives the same guide back."""
    return yaml.safe_dump(
        guide.as_json(), allow_unicode=True, sort_keys=False, width=100, encoding="utf-8"
    )


def read(data: bytes, name: str) -> Guide:
    """Return the guide in a file called ``name``, which is JSON or YAML.

    Raises Faults that name everything that is wrong with it.
    """
    try:
        document = _document(data)
    except Unreadable as error:
        raise Faults([error.fault(name)]) from error
    if isinstance(document, dict) and document.get("schema") != SCHEMA:
        found = document.get("schema")
        schema = NOTHING if found is None else said(short(_readable(str(found))))
        raise Faults([Fault(name, None, "schema", schema, said(SCHEMA))])
    faults = list(_text_faults(document, name))
    if faults:
        raise Faults(faults)
    guide = as_model(document, Guide, name)
    faults = list(_guide_faults(guide, name))
    if faults:
        raise Faults(faults)
    return guide


def _document(data: bytes) -> Any:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"{", b"["}:
        return read_yaml(data)
    try:
        return json.loads(
            text_of(data),
            object_pairs_hook=_once,
            parse_constant=_refuse_constant,
            parse_int=_bounded,
        )
    except Unreadable:
        raise
    except json.JSONDecodeError as error:
        raise Unreadable(GIBBERISH, PLAIN_JSON, error.lineno) from error
    except RecursionError as error:
        raise Unreadable(TOO_DEEP, PLAIN_JSON) from error
    except ValueError as error:
        raise Unreadable(said(short(error)), PLAIN_JSON) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a mapping without double keys, of which one would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        (double, _count), *_others = Counter(key for key, _ in pairs).most_common(1)
        key = short(_readable(double))
        raise Unreadable(
            Said(f"nyckeln {key} två gånger", f"the key {key} twice"),
            Said("varje nyckel en gång", "each key once"),
        )
    return found


def _bounded(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        expected = Said(
            f"ett tal med högst {LONGEST_NUMBER} siffror",
            f"a number of at most {LONGEST_NUMBER} digits",
        )
        raise Unreadable(said(short(digits)), expected)
    return int(digits)


def _refuse_constant(text: str) -> float:
    raise Unreadable(said(text), Said("ett tal", "a number"))


def _text_faults(document: object, name: str) -> Iterator[Fault]:
    """Yield texts that are too long, or hold what no reader sees."""
    pending: list[tuple[str, object]] = [("", document)]
    while pending:
        place, value = pending.pop()
        if isinstance(value, dict):
            # The keys too: a fault repeats them.
            pending += ((place, key) for key in value)
            pending += (
                (f"{place}.{short(_readable(str(key)))}".lstrip("."), item)
                for key, item in value.items()
            )
        elif isinstance(value, list):
            pending += ((f"{place}.{n}".lstrip("."), item) for n, item in enumerate(value))
        elif isinstance(value, str):
            unseen = next((c for c in value if _unseen(c)), None)
            if unseen is not None:
                yield Fault(name, None, place or None, said(f"U+{ord(unseen):04X}"), LETTERS)
            elif len(value) > LONGEST_TEXT:
                yield Fault(
                    name,
                    None,
                    place or None,
                    Said(f"{len(value)} tecken", f"{len(value)} characters"),
                    Said(f"högst {LONGEST_TEXT} tecken", f"at most {LONGEST_TEXT} characters"),
                )


def _unseen(character: str) -> bool:
    # A soft hyphen only breaks a word.
    return is_unseen(character) and character != "\u00ad"


def _readable(text: str) -> str:
    return "".join("\ufffd" if _unseen(c) else c for c in text)


def _guide_faults(guide: Guide, name: str) -> Iterator[Fault]:
    """Yield what would not work as a guide, by place."""

    def fault(place: str, found: Said, expected: Said) -> Fault:
        return Fault(name, None, place, found, expected)

    if not 1 <= len(guide.rounds) <= MOST_ROUNDS:
        count = said(str(len(guide.rounds)))
        yield fault("rounds", count, Said(f"1 till {MOST_ROUNDS}", f"1 to {MOST_ROUNDS}"))
    asked = [
        question.id
        for round_ in guide.rounds
        for section in round_.sections
        for question in section.questions
    ]
    for double in _doubles(asked):
        found = Said(f"{short(double)} två gånger", f"{short(double)} twice")
        yield fault("rounds", found, Said("varje fråga en gång", "each question once"))
    for number, round_ in enumerate(guide.rounds):
        place = f"rounds.{number}"
        for part, found, expected in _round_faults(round_):
            yield fault(f"{place}.{part}", found, expected)
        for index, section in enumerate(round_.sections):
            for part, found, expected in _section_faults(section):
                yield fault(f"{place}.sections.{index}.{part}", found, expected)


Found = tuple[str, Said, Said]
"""Place, what was found, what was expected."""
A_TEXT = Said("en text", "a text")


def _doubles(keys: Sequence[str]) -> list[str]:
    return [key for key, count in Counter(keys).items() if count > 1]


def _round_faults(round_: GuideRound) -> Iterator[Found]:
    if not round_.name.strip():
        yield "name", NOTHING, A_TEXT
    if len(round_.name) > LONGEST_NAME:
        most = Said(f"högst {LONGEST_NAME} tecken", f"at most {LONGEST_NAME} characters")
        yield "name", said(short(round_.name)), most
    yield from _not_longer("note", round_.note)
    yield from _within("minutes", round_.minutes, LONGEST_ROUND)
    yield from _within("interviewers", round_.interviewers, MOST_INTERVIEWERS)
    if not round_.sections:
        yield "sections", NOTHING, Said("minst ett avsnitt", "at least one section")
    for double in _doubles([section.competency for section in round_.sections]):
        found = Said(f"{short(double)} två gånger", f"{short(double)} twice")
        yield "sections", found, Said("varje kompetens en gång", "each competency once")
    for part, script in (("opening", round_.opening), ("closing", round_.closing)):
        if not script.paragraphs:
            yield f"{part}.paragraphs", NOTHING, A_TEXT


def _section_faults(section: Section) -> Iterator[Found]:
    yield from _identifier("competency", section.competency)
    for part, text in (("name", section.name), ("definition", section.definition)):
        if not text.strip():
            yield part, NOTHING, A_TEXT
    points = sorted(point for point, text in section.anchors.items() if text.strip())
    if points != POINTS:
        yield "anchors", said(short(", ".join(points)) or "–"), said(", ".join(POINTS))
    if not section.indicators:
        yield "indicators", NOTHING, Said("minst ett beteende", "at least one behaviour")
    for number, indicator in enumerate(section.indicators):
        if not indicator.text.strip():
            yield f"indicators.{number}.text", NOTHING, A_TEXT
    if not section.questions:
        yield "questions", NOTHING, Said("minst en fråga", "at least one question")
    for number, question in enumerate(section.questions):
        yield from _question_faults(section, question, f"questions.{number}")


_WHERE = (
    ("wording.text", "text"),
    ("wording.background", "background"),
    ("wording.probes", "probes"),
    ("signs.practice", "listen_for.practice"),
    ("signs.talk", "listen_for.talk"),
    ("elicits", "elicits"),
)
"""Parts of a draft's question, and where a guide has them."""


def _question_faults(section: Section, question: GuideQuestion, place: str) -> Iterator[Found]:
    """Yield what is wrong with a question, by the model that a draft has of it."""
    yield from _identifier(f"{place}.id", question.id)
    if question.kind not in get_args(Kind):
        yield f"{place}.kind", said(short(question.kind)), said(", ".join(get_args(Kind)))
    yield from _within(f"{place}.minutes", question.minutes, MOST_MINUTES)
    known = {indicator.id for indicator in section.indicators}
    for key in question.elicits:
        if key not in known:
            expected = Said("ett id bland indicators", "an id of the indicators")
            yield f"{place}.elicits", said(short(key)), expected
    document = {
        "id": question.id,
        "competency": section.competency,
        # Whether these are right is told above.
        "kind": "case",
        "minutes": 1,
        "elicits": list(question.elicits),
        "wording": {
            "text": question.text,
            "background": question.background or None,
            "probes": list(question.probes),
        },
        "signs": question.listen_for.model_dump(mode="json"),
    }
    try:
        as_model(document, OwnQuestion, "")
    except Faults as error:
        for fault in error.faults:
            part = str(fault.place)
            for own, ours in _WHERE:
                part = part.replace(own, ours, 1) if part.startswith(own) else part
            found = NOTHING if str(fault.found.sv).strip('" ') == "" else fault.found
            yield f"{place}.{part}", found, fault.expected
    yield from _not_longer(f"{place}.note", question.note)


def _not_longer(place: str, note: str) -> Iterator[Found]:
    if len(note) > LONGEST_NOTE:
        most = Said(f"högst {LONGEST_NOTE} tecken", f"at most {LONGEST_NOTE} characters")
        yield place, Said(f"{len(note)} tecken", f"{len(note)} characters"), most


def _identifier(place: str, key: str) -> Iterator[Found]:
    if not IDENTIFIER.fullmatch(key) or len(key) > LONGEST_IDENTIFIER:
        expected = Said(
            "små bokstäver a–z, siffror och bindestreck", "small letters a–z, digits and hyphens"
        )
        yield place, said(short(key) or "–"), expected


def _within(place: str, value: int, most: int) -> Iterator[Found]:
    if not 1 <= value <= most:
        yield place, said(short(value)), Said(f"1 till {most}", f"1 to {most}")
