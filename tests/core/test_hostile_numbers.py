"""YAML and JSON from outside: plain data only, numbers within bounds."""

import pytest

from recruit.core.faults import Faults, Unreadable
from recruit.core.guide_file import read
from recruit.core.plain_yaml import read_yaml
from recruit.core.text import harmless, meant


@pytest.mark.parametrize(
    "written",
    [
        "1:20:30",
        "0x1F",
        "0b101",
        "017",
        "1_000",
        "2027-03-01",
        ".nan",
        ".inf",
        "yes",
        "off",
        "=",
        "9" * 19,
        "0x" + "f" * 5000,
        "9" * 5000,
        "1e999",
        "1" + ":59" * 100000,
    ],
    ids=lambda written: written[:12],
)
def test_what_is_no_plain_number_stays_text(written):
    assert read_yaml(f"a: {written}".encode()) == {"a": written}


@pytest.mark.parametrize(
    ("written", "value"),
    [("12", 12), ("-3", -3), ("0", 0), ("0.25", 0.25), ("true", True), ("~", None), ("", None)],
)
def test_plain_values_are_read(written, value):
    assert read_yaml(f"a: {written}".encode()) == {"a": value}


@pytest.mark.parametrize(
    "document",
    [
        "a: !!binary AAAA",
        "!!set {a}",
        "a: !!python/name:os.system x",
        "? [a]\n: b",
        "a: &x 1\nb: *x",
    ],
)
def test_what_is_more_than_plain_data_is_refused(document):
    with pytest.raises(Unreadable):
        read_yaml(document.encode())


@pytest.mark.parametrize("number", ["1e999", "NaN", "Infinity", "9" * 5_000, "9" * 19])
def test_numbers_out_of_bounds_in_a_guide_are_faults(number):
    with pytest.raises(Faults):
        read(f'{{"schema": "recruit.guide/1", "coverage_value": {number}}}'.encode(), "g")


@pytest.mark.parametrize(
    "text",
    [
        "=1",
        "＝1",
        "﹦1",
        "⁼1",
        "＋1",
        "－1",
        "﹣1",
        "−1",
        "＠A",
        "﹫A",
        "\t1",
        "\r1",
        "\n1",
        " =1",
        "\xa0=1",
        "\u200b=1",
        "\ufeff＝1",
        "\xad@A",
        "️=1",
        '"=1',
        "'=1",
        "’=1",
    ],
)
def test_a_formula_however_disguised_is_made_harmless_and_given_back(text):
    assert harmless(text) == f"'{text}"
    assert meant(harmless(text)) == text
    assert meant(harmless(f"'{text}")) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Åsa", "a=b", "'", "1-2", "(=1)"])
def test_other_texts_are_left(text):
    assert harmless(text) == text
