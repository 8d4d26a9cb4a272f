"""A comparison as workbook and CSV: every number of the JSON, no formula, what each means."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
from click.testing import CliRunner

from recruit.cli import main
from recruit.core.ratings import RatingTable, Score
from recruit.core.text import harmless
from recruit.documents.definitions import definitions
from recruit.documents.exports import figures_csv, tables
from recruit.documents.workbook import LONGEST_CELL, workbook
from tests.documents.example import NAMES, document, table


def opened(made):
    return openpyxl.load_workbook(io.BytesIO(workbook(made)))


def rows_of(book, sheet):
    return list(book[sheet].iter_rows(min_row=2, values_only=True))


def figures(made):
    lines = csv.reader(io.StringIO(figures_csv(made)))
    head = next(lines)
    assert head == ["figure", "candidate", "other", "competency", "value"]
    return {tuple(line[:4]): line[4] for line in lines}


def shown(value):
    return "" if value is None else str(value)


def told_of_candidates(told):
    """Return (figure, value) of the JSON's candidates under the keys that the CSV has."""
    expected = {}
    for one in told["candidates"]:
        name = one["id"]
        low, high = one["overall"]["ci95"]
        singles = {"rank": one["rank"], "ci95.low": low, "ci95.high": high}
        singles |= {figure: one["overall"][figure] for figure in ("n", "mean", "adjusted", "se")}
        for place, share in enumerate(one["rank_acceptability"], start=1):
            singles[f"rank_acceptability.{place}"] = share
        expected |= {(f"overall.{f}", name, "", ""): value for f, value in singles.items()}
        for key, cell in one["competencies"].items():
            expected |= {(f"cell.{f}", name, "", key): value for f, value in cell.items()}
    return expected


def told_of_the_rest(told):
    stays = told["weight_sensitivity"]
    agreed = {"": told["agreement"]["overall"], **told["agreement"]["competencies"]}
    return {
        **{("weight", "", "", key): weight for key, weight in told["weights"].items()},
        **{
            (f"interviewer.{figure}", "", one["id"], ""): one[figure]
            for one in told["interviewers"]
            for figure in ("n", "severity", "se")
        },
        **{("pair.p_higher", p["a"], p["b"], ""): p["p_higher"] for p in told["pairs"]},
        **{
            (f"sensitivity.interval.{end}", stays["leader"], "", key): value
            for key, ends in stays["competencies"].items()
            for end, value in zip(("low", "high"), ends, strict=True)
        },
        **{
            (f"agreement.{figure}", "", "", key): value
            for key, values in agreed.items()
            for figure, value in values.items()
            if figure not in {"method", "reason", "ci95"}
        },
    }


def test_the_csv_holds_every_number_of_the_json():
    made = document()
    told, found = made.comparison.as_json(), figures(made)
    expected = {k: shown(v) for k, v in (told_of_candidates(told) | told_of_the_rest(told)).items()}
    assert {key: found[key] for key in expected} == expected
    assert {value for key, value in found.items() if key not in expected} <= {""}


@pytest.mark.parametrize(("language", "sheet"), [("sv", "Samlat"), ("en", "Overall")])
def test_the_workbook_holds_the_same(language, sheet):
    made = document(language=language)
    book = opened(made)
    assert len(book.sheetnames) == len(tables(made))
    for one, row in zip(made.comparison.candidates, rows_of(book, sheet), strict=True):
        overall = one.overall
        assert row[:3] == (one.id, one.rank, overall.n)
        # A workbook keeps sixteen digits.
        numbers = (overall.mean, overall.adjusted, overall.se, *overall.ci95)
        assert row[3:8] == pytest.approx(numbers, rel=1e-15)


def test_each_figure_is_defined_in_the_readers_language():
    for language, sheet in (("sv", "Så ska talen läsas"), ("en", "What the figures mean")):
        rows = rows_of(opened(document(language=language)), sheet)
        known = definitions(language)
        assert [row[5] for row in rows] == list(known)
        assert [row[1] for row in rows] == [found.meaning for found in known.values()]
        heads = {name for one in tables(document(language=language)) for name in one.columns}
        names = {one: definitions(one)["cell.rwg"].name for one in ("sv", "en")}
        assert heads & set(names.values()) == {names[language]}


def test_ratings_stand_with_their_evidence():
    made = document()
    rows = rows_of(opened(made), "Bedömningar")
    assert len(rows) == len(made.comparison.table.rows)
    first = made.comparison.table.rows[0]
    assert rows[0] == (
        first.candidate,
        first.interviewer,
        NAMES[first.competency],
        first.round,
        first.score,
        "mönster",
        first.evidence,
    )
    assert [row[4] for row in rows].count(None) == 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_becomes_a_formula(start):
    nasty = f"{start}1+1"
    rows = RatingTable((Score(nasty, nasty, nasty, 3, nasty, "talk"),))
    made = document(rows, title=nasty, unit=nasty, must_have={}, competency_names={})
    cells = [c for sheet in opened(made) for row in sheet for c in row if c.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    texts = [c for c in cells if isinstance(c.value, str) and c.value.strip().endswith("1+1")]
    assert len(texts) >= 8
    assert all(cell.quotePrefix for cell in texts)
    names = {name for key in figures(made) for name in key[1:] if name}
    assert names == {f"'{nasty}"}
    assert harmless("a=1") == "a=1"


def test_odd_texts_are_kept_and_long_ones_fit():
    odd = "a\x00b\x0bc 🎉 عائشة\nrad två"
    rows = RatingTable((Score("A A", "I", "x", 3, odd), Score("A A", "J", "x", 3, "x" * 40_000)))
    found = [row[6] for row in rows_of(opened(document(rows, must_have={})), "Bedömningar")]
    # So a workbook writes what XML cannot.
    assert found[0] == "a_x0000_b_x000B_c 🎉 عائشة\nrad två"
    assert len(found[1]) == LONGEST_CELL
    assert found[1].endswith("x…")


def test_what_is_missing_is_empty_and_says_why():
    rows = table(scores={"Amina Exempel": ((5,), (4,), (None,))}, panel=("Ivar Test",))
    book = opened(document(rows))
    (row,) = rows_of(book, "Samlat")
    assert row[5:8] == (None, None, None)
    assert row[9] == "Det finns för få betyg för att räkna ut osäkerheten."
    assert rows_of(book, "Två och två") == []


def test_same_comparison_gives_same_bytes():
    assert workbook(document()) == workbook(document())


def test_the_command_writes_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = ["candidate,interviewer,competency,score"]
    lines += [f"{c},{i},autonomy,{3 + n}" for n, c in enumerate("AB") for i in ("I", "J")]
    (tmp_path / "r.csv").write_text("\n".join(lines), "utf-8")
    arguments = ["compare", "r.csv", "--out", "o.pdf", "--json", "o.json"]
    done = CliRunner().invoke(main, [*arguments, "--xlsx", "o.xlsx", "--csv", "o.csv"])
    assert done.exit_code == 0, done.output
    told = json.loads((tmp_path / "o.json").read_text("utf-8"))
    book = openpyxl.load_workbook(tmp_path / "o.xlsx")
    assert [row[4] for row in rows_of(book, "Samlat")] == pytest.approx(
        [c["overall"]["adjusted"] for c in told["candidates"]], rel=1e-15
    )
    found = list(csv.DictReader(io.StringIO((tmp_path / "o.csv").read_text("utf-8-sig"))))
    assert [r["value"] for r in found if r["figure"] == "overall.rank"] == ["1", "2"]
