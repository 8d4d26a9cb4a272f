"""Letters tell nothing, and names go where they literally occur."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recruit.core.pseudonyms import Veil, letters

VEIL = Veil(
    {
        "Amina Exempel": "Kandidat B",
        "Anna-Maria von Ek": "Kandidat A",
        "Jonas Öberg": "Kandidat C",
        "أمينة": "Kandidat D",
        "X": "Kandidat E",
    }
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Amina Exempel lät gruppen besluta.", "Kandidat B lät gruppen besluta."),
        ("Aminas grupp; amina sade; AMINA", "Kandidat B:s grupp; Kandidat B sade; Kandidat B"),
        ("Amina\nExempel", "Kandidat B"),
        ("AMINA EXEMPELS svar", "Kandidat B:s svar"),
        ("ett exempel på en ek, von oben", "ett exempel på en ek, von oben"),
        ("Anna-Maria von Ek och fru Ek", "Kandidat A och fru Kandidat A"),
        ("Anna sa, Maria sa", "Kandidat A sa, Kandidat A sa"),
        ("Jonas bil, Jonas's car, O\u0308berg", "Kandidat C bil, Kandidat C's car, Kandidat C"),
        ("قالت أمينة نعم", "قالت Kandidat D نعم"),
        ("Aminah, Examina, exempelvis", "Aminah, Examina, exempelvis"),
        ("(Amina), ”Amina”", "(Kandidat B), ”Kandidat B”"),
        ("", ""),
    ],
)
def test_names_are_replaced(text, expected):
    assert VEIL.over(text) == expected


def test_a_part_that_somebody_else_has_too_stays():
    veil = Veil({"Amina Exempel": "Kandidat A"}, ["Amina Prov"])
    assert veil.over("Amina Exempel, Amina, EXEMPEL") == "Kandidat A, Amina, Kandidat A"


def test_nobody_has_nothing_to_hide():
    assert Veil({}).over("Amina") == "Amina"


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=60, unique=True))
def test_everyone_has_a_letter_of_their_own_that_stays(keys):
    given_ = letters(keys)
    assert set(given_) == set(keys)
    assert len(set(given_.values())) == len(keys)
    assert letters(reversed(keys)) == given_
    assert sorted(given_.values(), key=lambda x: (len(x), x))[:2] == ["A", "B"][: len(keys)]


def test_letters_follow_no_order_of_ours():
    keys = [f"1:{number}" for number in range(1, 27)]
    given_ = letters(keys)
    assert [given_[key] for key in keys] != [chr(65 + number) for number in range(26)]
    assert {"Z", "AA", "AB"} <= set(letters(str(n) for n in range(28)).values())


@given(st.text(max_size=60))
def test_any_text_is_taken(text):
    assert "Amina" not in VEIL.over(text + " Amina")
