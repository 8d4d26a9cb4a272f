"""Wording that does not belong in an interview is found, and its look-alikes are left alone."""

from __future__ import annotations

import re
import time
import unicodedata
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recruit.core import wording
from recruit.core.plain_yaml import read_yaml
from recruit.core.wording import Flag, Ground, flags
from tests.shipped import shipped

LANGUAGES = ("sv", "en")
SENTENCES = read_yaml(Path(__file__).with_name("wording_sentences.yaml").read_bytes())

INNOCENT = [(language, text) for language in LANGUAGES for text in SENTENCES[language]["innocent"]]
FLAGGED = [
    (language, text, {ground})
    for language in LANGUAGES
    for ground, texts in SENTENCES[language]["flagged"].items()
    if ground != "several"
    for text in texts
] + [
    (language, case["text"], set(case["grounds"]))
    for language in LANGUAGES
    for case in SENTENCES[language]["flagged"]["several"]
]


FORM = {"leading", "double_barrelled"}


def grounds(text, language):
    return {flag.ground for flag in flags(text, language)}


@pytest.mark.parametrize(("language", "text"), INNOCENT)
def test_a_look_alike_is_left_alone(language, text):
    assert flags(text, language) == ()


@pytest.mark.parametrize(("language", "text", "expected"), FLAGGED)
def test_wording_is_flagged_with_its_grounds(language, text, expected):
    assert grounds(text, language) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_sentences_enough_for_every_ground(language):
    flagged = SENTENCES[language]["flagged"]
    assert set(flagged) == {*_all_grounds(), "several"}
    assert min(len(texts) for texts in flagged.values()) >= 4
    assert sum(map(len, flagged.values())) >= 80
    assert len(SENTENCES[language]["innocent"]) >= 80


def _all_grounds():
    return set(get_args(Ground))


@pytest.mark.parametrize(("language", "text", "expected"), FLAGGED)
def test_case_and_the_way_letters_are_composed_do_not_matter(language, text, expected):
    usual = flags(text, language)
    assert grounds(text.upper(), language) == expected
    decomposed = unicodedata.normalize("NFD", text)
    found = flags(decomposed, language)
    assert [unicodedata.normalize("NFC", flag.found) for flag in found] == [
        flag.found for flag in usual
    ]
    for flag in found:
        assert decomposed[flag.start : flag.end] == flag.found


def test_offsets_count_the_characters_of_the_given_text():
    before = "A\u030angna\u0308m paus. "
    text = before + "A\u0308r du gift? Tack."
    (flag,) = flags(text, "sv")
    assert flag.start == len(before)
    assert flag.found == "A\u0308r du gift"
    assert text[flag.start : flag.end] == flag.found


def test_letters_that_grow_in_lower_case_do_not_move_the_offsets():
    text = "İİİ Are you married?"
    (flag,) = flags(text, "en")
    assert text[flag.start : flag.end] == flag.found == "Are you married"


def test_a_soft_hyphen_hides_nothing():
    text = "Är du föräldra\u00adledig?"
    (flag,) = flags(text, "sv")
    assert flag.ground == "family"
    assert flag.found == "Är du föräldra\u00adledig"


def test_a_typographic_apostrophe_hides_nothing():
    assert grounds("Don’t you think so?", "en") == {"leading"}
    assert grounds("What’s the candidate’s age?", "en") == {"age"}


def test_words_may_stand_on_two_lines():
    assert grounds("Har du\n   barn?", "sv") == {"family"}
    assert grounds("Do you have\n  children?", "en") == {"family"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", " ", "\n\n", "?", "???", "…", "-", "\u0301", "\0"])
def test_nothing_is_found_in_nothing(language, text):
    assert flags(text, language) == ()


def test_flags_come_in_the_order_of_the_text_and_once_for_the_same_words():
    text = "Vad tjänar du? Är du gift? Hur gammal är du?"
    found = flags(text, "sv")
    assert [flag.ground for flag in found if flag.ground != "double_barrelled"] == [
        "pay_history",
        "family",
        "age",
    ]
    assert [flag.start for flag in found] == sorted(flag.start for flag in found)
    assert len(found) == len({(flag.ground, flag.start) for flag in found}) == 4


@pytest.mark.parametrize(
    ("words", "ground"),
    [
        ("din ålder|din ålders|åldern är din; din åldern", "age"),
        ("är du gravid|har ni blivit, är ni gravida|din graviditet|dina graviditeter", "family"),
        ("har du barn|dina barn|dina barns skola|barnens pappa, dina barnens", "family"),
        ("din familj|din familjs|din familjesituation|ditt civilstånd", "family"),
        ("är du föräldraledig|din föräldraledighet|dina föräldradagar", "family"),
        ("är du sjukskriven|din sjukskrivning|dina sjukskrivningar|din sjukfrånvaro", "health"),
        ("är du med i facket|är du fackligt ansluten|ditt fackförbund", "union"),
        ("din lön i dag|den nuvarande lönen|din lönenivå|din löneutveckling", "pay_history"),
        ("din religion|din religions|din tro|din trosuppfattning", "religion"),
        ("din funktionsnedsättning|dina funktionsnedsättningar|ditt handikapp", "disability"),
        ("ditt ursprung|din etnicitet|ditt modersmål|din nationalitet", "ethnicity"),
        ("din politiska åsikt|dina politiska åsikter|din partitillhörighet", "politics"),
    ],
)
def test_swedish_inflections(words, ground):
    for phrase in words.split("|"):
        assert grounds(f"Berätta: {phrase}.", "sv") == {ground}, phrase


@pytest.mark.parametrize(
    ("words", "ground"),
    [
        ("your age|your date of birth|your birthday", "age"),
        ("are you pregnant|your pregnancy|your pregnancies", "family"),
        ("do you have kids|your kids|your child|your children|your children's school", "family"),
        ("are you on parental leave|your parental leave", "family"),
        ("are you religious|your religion|your religious beliefs", "religion"),
        ("are you disabled|your disability|your disabilities", "disability"),
        ("are you a union member|your union membership|are you in a union", "union"),
        ("your salary|your salaries|what are you paid|your current pay", "pay_history"),
        ("your illness|your illnesses|are you ill|your health", "health"),
        ("your nationality|your ethnicity|your ethnic origin|your accent", "ethnicity"),
        ("your political views|your politics|your party membership", "politics"),
        ("your sexual orientation|your sexuality|are you gay", "sexual_orientation"),
    ],
)
def test_english_inflections(words, ground):
    for phrase in words.split("|"):
        assert grounds(f"Tell us: {phrase}.", "en") == {ground}, phrase


@pytest.mark.parametrize(("language", "text", "expected"), FLAGGED)
def test_what_must_not_be_asked_is_seen_whatever_language_the_text_is_said_to_be_in(
    language, text, expected
):
    other = "en" if language == "sv" else "sv"
    assert grounds(text, other) - FORM >= expected - FORM


@pytest.mark.parametrize(("language", "text", "expected"), FLAGGED)
def test_every_ground_is_seen_through_characters_that_no_reader_sees(language, text, expected):
    assert grounds("\u200b".join(text), language) == expected
    assert grounds(text.replace(" ", " \n \u2060\n"), language) >= expected - FORM


def test_reasons_are_in_the_language_that_is_asked_for():
    (flag,) = flags("Are you married?", "sv")
    assert (flag.ground, flag.found) == ("family", "Are you married")
    assert "föräldraledighetslagen" in flag.reason
    (flag,) = flags("Är du gift?", "en")
    assert flag.reason.startswith("Questions about")


@pytest.mark.parametrize(("language", "text"), INNOCENT)
def test_a_look_alike_is_no_ground_in_the_other_language_either(language, text):
    assert grounds(text, "en" if language == "sv" else "sv") <= FORM


@pytest.mark.parametrize(
    "hidden",
    [
        "Har du b\u200barn?",
        "Har du b\u00ada\u200dr\u2060n?",
        "Har\u200b du \u200bbarn?",
        "Har du\n\n\n\n\n\n\nbarn?",
        "Har du\r\n \r\n \t barn?",
        "Har du\u00a0\u2003\u00a0\u2003\u00a0barn?",
        "Har du \u202ebarn\u202c?",
        "Har du små-\nbarn?",
        "Ｈａｒ ｄｕ ｂａｒｎ?",
        "Har du b\u034far\ufe0fn?",
        "\ufeffHar du \u2066barn\u2069?",
    ],
)
def test_what_no_reader_sees_hides_nothing(hidden):
    (flag,) = flags(hidden, "sv")
    assert flag.ground == "family"
    assert hidden[flag.start : flag.end] == flag.found


@pytest.mark.parametrize("language", ["", "SV", "no", "sv-SE", "traits"])
def test_another_language_is_refused(language):
    with pytest.raises(ValueError, match="expected sv or en"):
        flags("Är du gift?", language)


def test_the_reason_names_the_law():
    def reason(text, language):
        (flag,) = flags(text, language)
        return flag.reason

    assert "2008:567" in reason("Hur gammal är du?", "sv")
    assert "2008:567" in reason("How old are you?", "en")
    assert "2023/970" in reason("Vad tjänar du?", "sv")
    assert "2023/970" in reason("What do you earn?", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_proposed_instead_is_not_itself_flagged(language):
    seen = {}
    for text, expected in ((text, e) for known, text, e in FLAGGED if known == language):
        for flag in flags(text, language):
            assert flag.ground in expected
            seen[flag.ground] = flag
    assert set(seen) == _all_grounds()
    for flag in seen.values():
        assert flags(flag.better, language) == (), flag.better
        assert flag.reason.endswith(".")
        assert flag.reason.count(". ") <= 1, flag.reason


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("sv", "Berätta. Har du små barn hemma?", "Har du små barn"),
        ("sv", "Du delegerar, eller hur?", "eller hur?"),
        (
            "sv",
            "Hur delegerar du och hur hanterar du konflikter?",
            "och hur hanterar du konflikter",
        ),
        ("en", "Tell us. Do you have any children?", "Do you have any children"),
        ("en", "You delegate, right?", ", right"),
        (
            "en",
            "What is your view on control and how do you give feedback?",
            "and how do you give feedback",
        ),
    ],
)
def test_the_found_words_are_the_offending_ones(language, text, found):
    assert [flag.found for flag in flags(text, language)] == [found]


def test_a_second_half_without_a_matter_of_its_own_is_no_second_question():
    assert flags("Hur leder du möten med personalen på enheten och hur leder du?", "sv") == ()


def test_too_many_questions_are_counted_within_one_paragraph():
    three = "Vad gjorde du? Vad sade gruppen? Hur gick det?"
    (flag,) = flags(three, "sv")
    assert (flag.ground, flag.found) == ("double_barrelled", "Hur gick det?")
    assert flags(three.replace("? ", "?\n"), "sv") == ()
    assert flags("Vad gjorde du??? Hur gick det?!", "sv") == ()


def test_a_flag_cannot_be_changed():
    (flag,) = flags("Är du gift?", "sv")
    assert flag == Flag(
        ground="family", start=0, end=10, found="Är du gift", reason=flag.reason, better=flag.better
    )
    with pytest.raises(AttributeError):
        flag.start = 1


def _library_texts():
    for competency in shipped().competencies.values():
        for question in competency.questions:
            yield question.id, question.text
            for text in (
                *question.probes,
                *question.listen_for.practice,
                *question.listen_for.talk,
            ):
                yield question.id, text
            if question.background:
                yield question.id, question.background
    for script in shipped().scripts.values():
        for text in script.paragraphs:
            yield script.id, text
        for item in script.items:
            yield script.id, item.text


def test_the_shipped_library_is_not_flagged():
    texts = list(_library_texts())
    assert len(texts) > 100
    faults = [
        f"{key}, {language}: {flag.ground}: {flag.found}"
        for key, text in texts
        for language in LANGUAGES
        for flag in flags(text.in_(language), language)
    ]
    assert faults == []


PIECES = st.sampled_from(
    [
        *(text for _, text in INNOCENT),
        *(text for _, text, _ in FLAGGED),
        *"?!.,’\u0301\u00ad\n İßA\u030a\0😀",
    ]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=8).map("".join), st.sampled_from(LANGUAGES))
def test_any_text_gives_ordered_flags_within_it(text, language):
    found = flags(text, language)
    assert found == flags(text, language)
    ends = {}
    assert [flag.start for flag in found] == sorted(flag.start for flag in found)
    for flag in found:
        assert 0 <= flag.start < flag.end <= len(text)
        assert text[flag.start : flag.end] == flag.found
        assert ends.get(flag.ground, 0) <= flag.start
        ends[flag.ground] = flag.end


def test_every_repetition_has_an_upper_bound():
    """Without one, text of some kind would take the square of its length."""
    rules = Path(wording.__file__).with_suffix(".yaml").read_text("utf-8")
    unbounded = re.compile(r"(?<!\\)[*+]|\{\d*,\}")
    found = [line.strip() for line in rules.splitlines() if unbounded.search(line)]
    assert [line for line in found if not line.startswith("#")] == []


def _seconds(text, language):
    """Return the least time of the processor, which other work on the machine does not lengthen."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        flags(text, language)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize(
    ("language", "unit"),
    [
        ("sv", "har du någon "),
        ("sv", "hur hanterar du a b c och "),
        ("sv", "  \t "),
        ("sv", "a\u0301\u0327\u0323"),
        ("en", "do you want to have any "),
        ("en", "how do you, and "),
        ("en", "Are you married? "),
        ("en", "\u0301\u0327"),
    ],
)
def test_time_grows_as_the_text_does(language, unit):
    flags("", language)
    short, long = ((unit * (length // len(unit) + 1))[:length] for length in (10_000, 100_000))
    # Ten times the text takes about ten times as long; a square would take a hundred.
    assert _seconds(long, language) < 50 * _seconds(short, language)
