"""A name is known in every form in which it can be written, and no other words are taken for it."""

from __future__ import annotations

import unicodedata

import pytest

from recruit.core.mentions import NameSearch, without

X = "[x]"


def cleaned(name, text, others=(), words=()):
    search = NameSearch(name, others)
    return without(text, [m for m in search.within(text) if search.is_certain(m, words)], X)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Åsa Öberg-Lind lyssnade.", "[x] lyssnade."),
        (unicodedata.normalize("NFD", "som Åsa Öberg-Lind"), "som [x]"),
        ("ÅSA ÖBERG-LINDS svar; åsa öberg-lind", "[x]:s svar; [x]"),
        ("Åsa\u00a0Öberg\nLind, Å\u200bsa Ö\u00adberg\u2011Lind", "[x], [x]"),
        ("Åsas svar, ÅSA, Åsa:s", "[x]:s svar, [x], [x]:s"),
        ("Åsa Lind", "[x]"),
        ("Öberg, Åsa", "[x], [x]"),
        ("Åsalund, Lindström, en lind, åsa", "Åsalund, Lindström, en lind, åsa"),
        ("Hon lyssnade.", "Hon lyssnade."),
        ("", ""),
    ],
)
def test_every_form_of_the_name_goes(text, expected):
    assert cleaned("Åsa Öberg-Lind", text) == expected


def test_what_somebody_else_may_be_meant_by_is_not_certain():
    others = ["Åsa Ek", "Bo Lind Sten"]
    text = "Åsa Lind, Åsa, Lind, Åsa Ek, Bo Lind Sten"
    assert cleaned("Åsa Lind", text, others) == "[x], Åsa, Lind, Åsa Ek, Bo Lind Sten"
    assert cleaned("Åsa Lind", "Åsa Lind", ["åsa  lind"]) == "Åsa Lind"


def test_what_may_be_a_word_is_not_certain():
    assert cleaned("Hans De Geer", "De sa att Hans svar. Hans De Geer", words={"hans"}) == (
        "De sa att Hans svar. [x]"
    )
    assert cleaned("Bo", "Att bo hos Bo") == "Att bo hos Bo"
    found = NameSearch("Hans De Geer").within("hans plan")
    assert [(mention.name, mention.lower) for mention in found] == [("hans", True)]


@pytest.mark.parametrize("name", ["", " ", "X", "-"])
def test_a_name_without_a_word_is_nowhere(name):
    assert NameSearch(name, [name]).within("X - anything x") == []


def test_signs_in_a_name_are_no_patterns():
    assert cleaned("A.* (Kim) [Öst]", "Ada A.* (Kim) [Öst] och Kim") != ""
    assert cleaned("أمينة", "قالت أمينة نعم") == "قالت [x] نعم"
