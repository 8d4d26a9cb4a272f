"""Text from people: which way it runs, and what is left of it."""

from __future__ import annotations

import pytest

from recruit.core.text import direction, harmless, isolated, meant, one_line, storable, written


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("Amina Exempel", "ltr"),
        ("عائشة", "rtl"),
        ("דוד", "rtl"),
        ("3 (!) דוד and David", "rtl"),
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


def test_what_a_heading_or_a_database_cannot_hold_is_left_out():
    assert one_line(" a\r\nBcc:\x00 b\N{RIGHT-TO-LEFT OVERRIDE} ") == "a Bcc: b"
    assert one_line("ک\u200cتاب") == "ک\u200cتاب"
    assert one_line(None) == storable(None) == ""
    assert storable("a\x00\ud800b\n") == "ab\n"
    assert written(None) == ""
    assert written(" a\x00\r\nb\rc\n ") == "a\nb\nc"


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "\n=", "'a", "a", "''", ""])
def test_what_a_spreadsheet_is_kept_from_comes_back(text):
    assert meant(harmless(text)) == text
    assert not harmless(text).startswith(("=", "\n"))
