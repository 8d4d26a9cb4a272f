"""Text from people: which way it runs, and what is left of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recruit.core.text import direction, harmless, isolated, meant, one_line, storable, written


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


def test_what_a_database_cannot_hold_is_left_out():
    assert storable("a\x00\r\n\tb\ud800å\n") == "a\r\n\tbå\n"
    assert storable(None) == written(None) == ""
    assert written(" a\x00\r\nb\rc\n ") == "a\nb\nc"


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "\n=", "'a", "a", "''", ""])
def test_what_a_spreadsheet_is_kept_from_comes_back(text):
    assert meant(harmless(text)) == text
    assert not harmless(text).startswith(("=", "\n"))
