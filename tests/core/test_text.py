"""Text from people: which way it runs, and what is left of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recruit.core.text import (
    direction,
    harmless,
    is_unseen,
    isolated,
    legible,
    meant,
    near_equal,
    one_line,
    written,
)


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("Amina Exempel", "ltr"),
        ("عائشة", "rtl"),
        ("דוד", "rtl"),
        ("3 (!) דוד and David", "rtl"),
        ("1. قالت", "rtl"),
        ("David and דוד", "ltr"),
        ("123 – …", "ltr"),
        ("", "ltr"),
    ],
)
def test_a_text_runs_as_its_first_letter_does(text, runs):
    assert direction(text) == runs


def test_only_what_runs_the_other_way_is_set_apart():
    assert isolated("Amina") == "Amina"
    assert isolated("דוד") == "\N{FIRST STRONG ISOLATE}דוד\N{POP DIRECTIONAL ISOLATE}"
    assert one_line(isolated("דוד")) == "דוד"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Rum 3\r\nBCC: x@example.org", "Rum 3 BCC: x@example.org"),
        (" \x00 Åsa \t Öberg\u2028", "Åsa Öberg"),
        ("a\x00b\N{RIGHT-TO-LEFT OVERRIDE}c\ud800", "abc"),
        ("ک\u200cتاب", "ک\u200cتاب"),
        (None, ""),
        ("\u200b", ""),
    ],
)
def test_what_a_heading_cannot_hold_is_left_out(text, line):
    assert one_line(text) == line


@given(st.text())
def test_one_line_is_one_line_and_stays_so(text):
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line
    line.encode()


@pytest.mark.parametrize(
    "name",
    [
        "A\u030asa O\u0308berg",
        "Åsa\u00a0Öberg",
        "Åsa\u2009 Öberg",
        "Å\u200bsa Öberg\ufeff",
        "Åsa \u202aÖberg\u202c",
        "Å\u200dsa Ö\u034fberg",
        "Å\u00adsa\u3164Öberg",
        "Åsa\ufe0f Öberg\U000e0100",
    ],
)
def test_a_name_that_looks_the_same_is_the_same(name):
    assert one_line(name) == "Åsa Öberg"


@pytest.mark.parametrize(
    "text",
    [
        "\u06a9\u200c\u062a\u0627\u0628",
        "\u0915\u094d\u200d\u0937",
        "❤\ufe0f\u200d🔥",
        "👩\u200d⚕\ufe0f",
    ],
)
def test_what_needs_a_joiner_keeps_it(text):
    assert legible(text) == text


@given(st.text())
def test_a_text_reads_as_it_is_stored(text):
    stored = written(text)
    assert written(stored) == stored
    assert not any(map(is_unseen, stored))
    assert "\r" not in stored
    stored.encode()


def test_line_ends_are_one_kind():
    assert written("a\r\nb\rc\u2028d\x0be\tf\x00\ud800å\n") == "a\nb\nc\nd\ne\tfå"
    assert written(None) == legible(None) == ""


@pytest.mark.parametrize(
    "names",
    [
        ("Åsa Öberg", "ÅSA ÖBERG"),
        ("Asa Oberg", "Åsa Öberg"),
        ("Öberg, Åsa", "Åsa Öberg"),
        ("Åsa Öberg", "Åsa Öbergh"),
        ("Anna Berg", "Anna Borg", "Anna Boerg"),
    ],
)
def test_names_that_are_easily_taken_for_each_other(names):
    assert near_equal(["Bo Ek", *names, "Cecilia Lind", "Bo Ek"]) == [names]


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "\n=", "'a", "a", "''", ""])
def test_what_a_spreadsheet_is_kept_from_comes_back(text):
    assert meant(harmless(text)) == text
    assert not harmless(text).startswith(("=", "\n"))
