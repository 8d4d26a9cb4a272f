"""Rating tables as CSV: what is read, what is refused, and what comes back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recruit.core.faults import Faults
from recruit.core.ratings import RatingTable, Scale, Score
from recruit.core.ratings_file import MOST_FAULTS, as_csv, read_csv, read_weights
from recruit.core.text import one_line

HEAD = "candidate,interviewer,competency,score,evidence,evidence_level\n"


def read(text, scale=None):
    data = text if isinstance(text, bytes) else text.encode()
    return read_csv(data, name="r.csv", scale=scale or Scale(1, 5))


def faults(text):
    with pytest.raises(Faults) as caught:
        read(text)
    return [str(fault) for fault in caught.value.faults]


def test_a_row_is_read_as_written():
    (row,) = read(HEAD + 'Amina, Ivar ,autonomy,4,"Sade: ""nej"",\nsedan ja",pattern\n').rows
    assert row == Score("Amina", "Ivar", "autonomy", 4, 'Sade: "nej",\nsedan ja', "pattern")


def test_an_empty_score_is_not_assessed():
    assert read(HEAD + "A,B,c,,,\n").rows[0].score is None


def test_every_fault_is_listed_with_its_row():
    lines = faults(HEAD + "A,B,c,6,,\nA,C,c,fyra,,\n,D,c,3,,\nA,E,c,3,,rykte\n")
    assert len(lines) == 4
    for line, (row, column, found) in zip(
        lines,
        [
            ("2", "score", "6"),
            ("3", "score", "fyra"),
            ("4", "candidate", "nothing"),
            ("5", "evidence_level", "rykte"),
        ],
        strict=True,
    ):
        assert f"row {row}" in line
        assert column in line
        assert found in line


def test_the_same_row_twice():
    same = "A,B,c,3,,\n"
    assert len(read(HEAD + same + same).rows) == 1
    (line,) = faults(HEAD + same + "A,B,c,4,,\n")
    assert "row 3" in line
    assert "found 4 where row 2 has 3 for the same rating" in line


def test_a_score_beside_one_not_assessed():
    (line,) = faults(HEAD + "A,B,c,,,\nA,B,c,4,,\n")
    assert "found 4 where row 2 has nothing for the same rating" in line
    (line,) = faults(HEAD + "A,B,c,4,,\nA,B,c,,,\n")
    assert "found nothing where row 2 has 4 for the same rating" in line


def test_equal_scores_from_two_rounds_are_both_kept():
    first, second = "A,B,c,3,Första rundan,talk\n", "A,B,c,3,Andra rundan,example\n"
    rows = read(HEAD + first + second + first).rows
    assert [(row.evidence, row.evidence_level) for row in rows] == [
        ("Första rundan", "talk"),
        ("Andra rundan", "example"),
    ]


def test_columns_missing_doubled_and_unknown():
    assert "score" in faults("candidate,interviewer,competency\nA,B,c\n")[0]
    assert any(
        "again" in line for line in faults("candidate,candidate,interviewer,competency,score\n")
    )
    assert any("colour" in line for line in faults(HEAD.strip() + ",colour\nA,B,c,3,,,x\n"))


def test_not_everything_is_said():
    assert len(faults(HEAD + "A,B,c,9,,\n" * 500)) == MOST_FAULTS + 1


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x00" * 100, "Björn".encode("latin-1"), b""])
def test_what_is_no_table(data):
    assert faults(data)


def test_scores_follow_the_scale():
    assert read(HEAD + "A,B,c,10,,\n", Scale(1, 10)).rows[0].score == 10
    assert "10" in faults(HEAD + "A,B,c,10,,\n")[0]


NAMES = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]),
        min_size=1,
        max_size=20,
    )
    .map(one_line)
    .filter(bool)
)


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.tuples(NAMES, NAMES, NAMES, st.one_of(st.just(""), NAMES)),
        st.one_of(st.none(), st.integers(1, 5)),
        min_size=1,
        max_size=8,
    )
)
def test_what_is_written_is_read_again(given_):
    """Other scores for the same in another round too, and names like a formula."""
    rows = tuple(Score(*names[:3], score, round=names[3]) for names, score in given_.items())
    table = RatingTable(rows=rows, scale=Scale(1, 5))
    assert set(read(as_csv(table)).rows) == set(rows)


def test_another_round_may_have_another_score():
    told = "candidate,interviewer,competency,score,round\n"
    rows = read(f"{told}A,B,c,2,First\nA,B,c,4,Second\n").rows
    assert [(row.round, row.score) for row in rows] == [("First", 2), ("Second", 4)]
    assert faults(f"{told}A,B,c,2,First\nA,B,c,4,First\n")


def test_only_what_a_round_asked_about_is_missing():
    first = [Score(who, "B", "c", 3, round="First") for who in "AE"]
    second = [Score("A", by, x, 3, round="Second") for by in "BD" for x in "xy"]
    assert RatingTable((*first, *second)).missing == 0
    assert RatingTable((*first, *second[:-1])).missing == 1
    unsaid = Score("A", "D", "y", None, round="Second")
    assert RatingTable((*first, *second[:-1], unsaid)).missing == 1
    # Without rounds everybody should have rated everybody.
    assert RatingTable((Score("A", "B", "c", 3), Score("E", "D", "c", 3))).missing == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_becomes_a_formula(start):
    nasty = f"{start}HYPERLINK(1)"
    rows = (Score(nasty, nasty, nasty, 3, nasty, "talk", nasty),)
    _head, cells = csv.reader(io.StringIO(as_csv(RatingTable(rows)), newline=""))
    assert sum("HYPERLINK" in cell for cell in cells) == 5
    assert [cell for cell in cells if cell.startswith(start)] == []


def weights(text):
    return read_weights(text.encode(), name="w.yaml", competencies=("a", "b"))


TOO_LARGE = f"a: {'9' * 400}\nb: 1\n"
"""A whole number beyond what calculations with decimals hold."""


def test_weights():
    assert weights("a: 2\nb: 1\n") == {"a": 2, "b": 1}


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n",
        "a: 1\nb: 1\nc: 1\n",
        "a: -1\nb: 2\n",
        "a: x\nb: 1\n",
        "[]",
        "a: [",
        "",
        TOO_LARGE,
    ],
)
def test_weights_that_are_refused(text):
    with pytest.raises(Faults):
        weights(text)


@pytest.mark.parametrize("text", ["1-5", " 0 – 10 ", "1-100"])
def test_scales(text):
    assert Scale.parse(text, "--scale").points > 1


@pytest.mark.parametrize("text", ["5-1", "3-3", "a-b", "1", "1-5-9", "1-1000"])
def test_scales_that_are_refused(text):
    with pytest.raises(Faults) as caught:
        Scale.parse(text, "--scale")
    assert [fault.in_("sv") for fault in caught.value.faults] == [
        f"--scale: hittade {text}, väntade två heltal, det lägre först, som i 1-5"
    ]


def test_lines_without_content_are_passed_over_and_short_ones_named():
    assert len(read(HEAD + "\n,,,,,\nA,B,c,3,,\n").rows) == 1
    (line,) = faults(HEAD + "A,B,c\n")
    assert "row 2" in line
    assert "3 cells" in line
    assert "6" in line


def test_a_head_alone_is_no_table():
    (line,) = faults(HEAD)
    assert "row" in line


def test_a_cell_without_end_is_no_table():
    (line,) = faults(HEAD + "A,B,c,3," + "x" * 200_000 + ",\n")
    assert "CSV" in line


def test_weights_that_are_all_nothing():
    with pytest.raises(Faults) as caught:
        weights("a: 0\nb: 0\n")
    assert [fault.found.en for fault in caught.value.faults] == ["only zeros"]


def test_a_scale_and_its_scores_hold_together():
    with pytest.raises(ValueError, match="low to a higher"):
        Scale(3, 3)
    with pytest.raises(ValueError, match="outside the scale"):
        RatingTable((Score("A", "I", "c", 6),))


def test_one_person_in_two_forms_of_writing():
    rows = [
        "candidate,interviewer,competency,score",
        "A\u030asa O\u0308berg,Ivar,x,4",
        "Åsa\u00a0Öberg,I\u200bvar ,x,4",
        "Åsa  Öberg,Kim,x,3",
    ]
    table = read_csv("\n".join(rows).encode(), name="betyg.csv", scale=Scale(1, 5))
    assert table.candidates == ("Åsa Öberg",)
    assert table.interviewers == ("Ivar", "Kim")
    assert len(table.rows) == 2
