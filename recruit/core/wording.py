"""Wording that does not belong in an interview, in Swedish and English.

What the words are and why they are wrong stands in ``wording.yaml``; how they are looked for
stands here. A flag is advice to whoever writes the text; it never judges a candidate's answer.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict

from recruit.core.plain_yaml import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

Trait = Literal[
    "age",
    "sex",
    "gender_identity",
    "ethnicity",
    "religion",
    "disability",
    "sexual_orientation",
    "health",
    "family",
    "union",
    "politics",
    "pay_history",
    "criminal_record",
    "military_service",
    "private_economy",
]
Ground = Literal[Trait, "leading", "double_barrelled"]
Language = Literal["sv", "en"]

QUESTIONS_AT_ONCE = 3
"""So many question marks in one paragraph are more questions than one answer can hold."""

FARTHEST = 200
"""Characters on either side of a joint that are read as one question."""


@dataclass(frozen=True)
class Flag:
    """One place in a text with wording that is unlawful or bad practice.

    ``found`` is ``text[start:end]``. ``reason`` and ``better`` are in the language of the rules.
    """

    ground: Ground
    start: int
    end: int
    found: str
    reason: str
    better: str


@lru_cache(maxsize=4096)
def flags(text: str, language: str) -> tuple[Flag, ...]:
    """Return what is wrong with the wording of a question, a follow-up or a guide's text.

    The flags are in the order of the text. What must not be asked is looked for in both languages,
    whatever the text is said to be in; reasons are in the given one. Raises ValueError for a
    language other than "sv" and "en".
    """
    if language not in get_args(Language):
        raise ValueError(f"no rules for the language {language!r}, expected sv or en")
    rules = _rules(language)
    letters, places = _composed(text)
    latest: dict[Ground, int] = {}
    kept: list[Flag] = []
    hits = {
        *(hit for one in get_args(Language) for hit in _trait_hits(letters, _rules(one), rules)),
        *_form_hits(letters, rules),
    }
    for hit in sorted(hits):
        if hit.start < latest.get(hit.ground, 0):
            continue
        latest[hit.ground] = -hit.minus_end
        start, end = places[hit.start], places[-hit.minus_end]
        kept.append(Flag(hit.ground, start, end, text[start:end], hit.reason, hit.better))
    return tuple(kept)


class _Hit(NamedTuple):
    """Sorts by place, the longest first."""

    start: int
    minus_end: int
    ground: Ground
    reason: str
    better: str


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _TraitWords(_Part):
    reason: str
    better: str
    asked: str
    mentioned: str


class _LeadingWords(_Part):
    reason: str
    better: str
    opens: str
    closes: str
    asked: str


class _DoubleWords(_Part):
    reason: str
    better: str
    too_many: str
    asks: str
    yes_no: str
    tells: str
    joint: str
    again: str
    again_yes_no: str
    again_past: str
    back: str
    course: str
    function_words: str


class _Words(_Part):
    words: dict[str, str]
    innocent: str
    candidate: str
    elsewhere: str
    traits: dict[Trait, _TraitWords]
    leading: _LeadingWords
    double: _DoubleWords


class _AllWords(_Part):
    sv: _Words
    en: _Words


class _TraitRule(NamedTuple):
    ground: Trait
    reason: str
    better: str
    asked: re.Pattern[str]
    mentioned: re.Pattern[str]


class _LeadingRule(NamedTuple):
    reason: str
    better: str
    opens: re.Pattern[str]
    closes: re.Pattern[str]
    asked: re.Pattern[str]


class _DoubleRule(NamedTuple):
    reason: str
    better: str
    too_many: str
    open_question: re.Pattern[str]
    told: re.Pattern[str]
    yes_no: re.Pattern[str]
    joint: re.Pattern[str]
    again: re.Pattern[str]
    again_yes_no: re.Pattern[str]
    again_past: re.Pattern[str]
    back: re.Pattern[str]
    course: re.Pattern[str]
    function_words: re.Pattern[str]


class _Rules(NamedTuple):
    innocent: re.Pattern[str]
    candidate: re.Pattern[str]
    elsewhere: re.Pattern[str]
    traits: tuple[_TraitRule, ...]
    leading: _LeadingRule
    double: _DoubleRule


@cache
def _all_words() -> _AllWords:
    return _AllWords.model_validate(read_yaml(Path(__file__).with_suffix(".yaml").read_bytes()))


@cache
def _rules(language: str) -> _Rules:
    words: _Words = getattr(_all_words(), language)
    named: dict[str, str] = {}
    for name, block in words.words.items():
        named[name] = _choice(block, named)

    def inside(block: str) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w-]){_choice(block, named)}(?![\w-])")

    def opening(block: str) -> re.Pattern[str]:
        start = r"\W{0,12}(?:(?:men|och|så|but|and|so|then|well)\s{1,4})?"
        return re.compile(rf"{start}(?P<words>{_choice(block, named)})(?![\w-])")

    def closing(block: str) -> re.Pattern[str]:
        return re.compile(rf"(?:(?<![\w-])|(?=,)){_choice(block, named)}$")

    leading, double = words.leading, words.double
    return _Rules(
        innocent=inside(words.innocent),
        candidate=inside(words.candidate),
        elsewhere=inside(words.elsewhere),
        traits=tuple(
            _TraitRule(
                ground, trait.reason, trait.better, inside(trait.asked), inside(trait.mentioned)
            )
            for ground, trait in words.traits.items()
        ),
        leading=_LeadingRule(
            leading.reason,
            leading.better,
            opening(leading.opens),
            closing(leading.closes),
            inside(leading.asked),
        ),
        double=_DoubleRule(
            double.reason,
            double.better,
            double.too_many,
            open_question=opening(double.asks),
            told=opening(double.tells),
            yes_no=opening(double.yes_no),
            joint=inside(double.joint),
            again=opening(double.again),
            again_yes_no=opening(double.again_yes_no),
            again_past=opening(double.again_past),
            back=inside(double.back),
            course=inside(double.course),
            function_words=inside(double.function_words),
        ),
    )


def _choice(block: str, named: dict[str, str]) -> str:
    """Return a block of patterns as one expression."""
    lines = (line.strip() for line in block.splitlines())
    choice = "|".join(line for line in lines if line)
    choice = re.sub(r"<([^\W\d]+)>", lambda name: named[name[1]], choice)
    # Bounded, because a run of white space must not be tried from each of its places.
    choice = choice.replace(" ?", r"\s{0,4}").replace(" ", r"\s{1,4}")
    return f"(?:{choice})"


# What no reader sees: soft hyphens, joiners, direction marks, fillers, variation selectors, tags.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_MARKS = "\u0300-\u036f"
_ODD = re.compile(rf"[{_MARKS}{_UNSEEN}]|\s\s|-\n")
_INVISIBLE = re.compile(rf"[{_UNSEEN}]")
_UNREAD = re.compile(rf"[{_MARKS}{_UNSEEN}]")
# At most four marks, because normalising takes the square of their number.
_CLUSTER = re.compile(rf"(?s)(.)([{_MARKS}{_UNSEEN}]{{0,4}})")


def _composed(text: str) -> tuple[str, range | list[int]]:
    """Return the text in lower-case composed letters, and where each of them stood.

    What no reader sees is left out, a run of white space is one space or line break, and a word
    that is broken by a hyphen at the end of a line is whole.
    """
    if not _ODD.search(text) and unicodedata.is_normalized("NFKC", text):
        lower = text.lower()
        if len(lower) == len(text):
            return lower.replace("’", "'"), range(len(text) + 1)
    letters: list[str] = []
    places: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        bare = cluster[1] + "".join(mark for mark in cluster[2] if not _INVISIBLE.match(mark))
        for letter in _UNREAD.sub("", unicodedata.normalize("NFKC", bare).lower()):
            if letter.isspace() and letters:
                if letters[-1].isspace():
                    letters[-1] = "\n" if letter == "\n" else letters[-1]
                    continue
                if letter == "\n" and letters[-1] == "-" and "".join(letters[-2:-1]).isalpha():
                    del letters[-1], places[-1]
                    continue
            letters.append("'" if letter == "’" else letter)
            places.append(cluster.start())
    places.append(len(text))
    return "".join(letters), places


# A full stop within a number or a question mark within an address ends nothing.
_SENTENCE = re.compile(r"(?P<body>(?:[^.?!\n]|[.?!](?=\w))+)(?P<end>[.?!]*)")


def _trait_hits(letters: str, rules: _Rules, told: _Rules) -> Iterator[_Hit]:
    """Find what must not be asked by one language's rules; say why in the words of another's."""
    masked = rules.innocent.sub(lambda phrase: "\0" * len(phrase[0]), letters)
    why = {trait.ground: (trait.reason, trait.better) for trait in told.traits}
    # A line break within a sentence hides nothing, and one between two sentences parts them.
    joined = masked.replace("\n", " ")
    for trait in rules.traits:
        for words in trait.asked.finditer(joined):
            yield _Hit(words.start(), -words.end(), trait.ground, *why[trait.ground])
    for whole, lines in ((masked, letters), (joined, letters.replace("\n", " "))):
        yield from _mentions(whole, lines, rules, why)


def _mentions(
    masked: str, letters: str, rules: _Rules, why: dict[Trait, tuple[str, str]]
) -> Iterator[_Hit]:
    for sentence in _SENTENCE.finditer(letters):
        if not rules.candidate.search(sentence[0]) or rules.elsewhere.search(sentence[0]):
            continue
        for trait in rules.traits:
            for words in trait.mentioned.finditer(masked, *sentence.span()):
                yield _Hit(words.start(), -words.end(), trait.ground, *why[trait.ground])


def _form_hits(letters: str, rules: _Rules) -> Iterator[_Hit]:
    """Find questions that lead, and two in one."""
    leading = rules.leading
    for words in leading.asked.finditer(letters):
        yield _Hit(words.start(), -words.end(), "leading", leading.reason, leading.better)
    asked = 0
    end_of_sentence = 0
    for sentence in _SENTENCE.finditer(letters):
        start, end = sentence.span()
        if "\n" in letters[end_of_sentence:start]:
            asked = 0
        end_of_sentence = end
        body = sentence["body"]
        question = "?" in sentence["end"]
        if question:
            asked += 1
            yield from _leads(start, body, leading)
        if question and asked == QUESTIONS_AT_ONCE:
            double = rules.double
            first = start + len(body) - len(body.lstrip())
            yield _Hit(first, -end, "double_barrelled", double.too_many, double.better)
        else:
            yield from _doubles(start, body, rules.double, question=question)


def _leads(start: int, body: str, rule: _LeadingRule) -> Iterator[_Hit]:
    if opens := rule.opens.match(body):
        place, end = start + opens.start("words"), start + opens.end("words")
        yield _Hit(place, -end, "leading", rule.reason, rule.better)
    bare = body.rstrip()
    if closes := rule.closes.search(bare, max(0, len(bare) - FARTHEST)):
        yield _Hit(
            start + closes.start(), -(start + closes.end()), "leading", rule.reason, rule.better
        )


def _doubles(start: int, body: str, rule: _DoubleRule, *, question: bool) -> Iterator[_Hit]:
    """Find two questions about different things in one sentence.

    "What did you say, and what happened then?" asks for one course of events: its second half
    refers back, or asks what was done or said. "How do you delegate and how do you handle
    conflicts?" brings in a thing of its own.
    """
    told = rule.told.match(body)
    open_question = told or (question and rule.open_question.match(body))
    yes_no = question and rule.yes_no.match(body)
    if not (open_question or yes_no):
        return
    for joint in rule.joint.finditer(body):
        before = body[max(0, joint.start() - FARTHEST) : joint.start()]
        second = body[joint.end() : joint.end() + FARTHEST].rstrip()
        asks_again = (
            (open_question and rule.again.match(second))
            or (yes_no and rule.again_yes_no.match(second))
            or (
                # What somebody did is one story as soon as either half points at something known.
                rule.again_past.match(second)
                and rule.again_past.match(before)
                and not rule.back.search(before)
            )
        )
        if not asks_again or rule.back.search(second) or rule.course.search(second):
            continue
        content = _content(second, rule)
        if content >= 2 or content == _content(before, rule) == 1:
            place, end = start + joint.start(), start + joint.end() + len(second)
            yield _Hit(place, -end, "double_barrelled", rule.reason, rule.better)
            return


_WORD = re.compile(r"[\w-]+")


def _content(clause: str, rule: _DoubleRule) -> int:
    """Count the words that say what a clause is about."""
    return sum(not rule.function_words.fullmatch(word) for word in _WORD.findall(clause))
