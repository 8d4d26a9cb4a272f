"""Tables in files from spreadsheet programs: CSV as people have it, and XLSX.

What a file is, is told by its content; its name must agree. Nothing in a file is carried out: a
formula is a fault, a macro is never looked at.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from recruit.candidates.office_files import Inspection, UnfitOfficeFile, inspect
from recruit.core.faults import NOTHING, Fault, Faults, Said, said
from recruit.core.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MOST_ROWS = 10_000
MOST_COLUMNS = 100
LONGEST_CELL = 2_000
LEADING_ROWS = 20
"""How far down headings may begin: below a title, a date, an empty line."""
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
DELIMITERS = ";,\t"
READABLE = Said("en fil i formatet CSV eller XLSX", "a file in CSV or XLSX format")
MERGED = frozenset({"mergeCell"})
SPAN = re.compile(r"[A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7}")
MOST_CHARACTERS = 4_000_000
WORKBOOK = Said(
    "en fil sparad som Excelarbetsbok (.xlsx)", "a file saved as Excel workbook (.xlsx)"
)
DAMAGED = Said("en skadad Excelfil", "a damaged Excel file")
UNFIT: dict[str, tuple[Said, Said]] = {
    "kind": (
        Said("en packad fil som inte är från Excel", "a packed file that is not from Excel"),
        WORKBOOK,
    ),
    "damaged": (
        DAMAGED,
        WORKBOOK,
    ),
    "password": (
        Said("en fil med lösenord", "a file with a password"),
        Said("en fil utan lösenord", "a file without a password"),
    ),
    "dense": (
        Said("en fil som blir för stor när den packas upp", "a file that grows too large unpacked"),
        WORKBOOK,
    ),
    "doctype": (
        Said("en dokumenttyp i filen", "a document type inside"),
        WORKBOOK,
    ),
    "complex": (
        Said("mer än ett kalkylblad rymmer här", "more than a sheet may hold here"),
        Said(
            "en fil med bara kandidaterna, högst 10 000 rader",
            "a file with only the candidates, at most 10,000 rows",
        ),
    ),
}
"""What is said of a file by what is wrong with it: what was found, and what was expected."""


class Row(NamedTuple):
    """One row: its number in the file, its cells, and the merged cells that it is part of or ""."""

    number: int
    cells: list[str]
    merged: str


@dataclass(frozen=True)
class Sheet:
    """A table with headings. ``notes`` are (code, detail) about how it was read."""

    head: list[str]
    rows: list[Row]
    notes: list[tuple[str, str]]


class SheetFaults(Faults):
    """The file cannot be read."""


def read_sheet(data: bytes, name: str, headings: frozenset[str]) -> Sheet:
    """Return the table in a file called ``name``. Raises SheetFaults.

    ``headings`` are known headings, as ``plain`` writes them: the first row that has one is the
    head, or else the first row that holds anything.
    """
    if not data:
        _refuse(name, NOTHING, Said("rubriker och minst en rad", "a head and at least one row"))
    suffix = name.lower().rpartition(".")[2]
    if data.startswith(OLD_EXCEL):
        _refuse(
            name,
            Said(
                "en äldre Excelfil (.xls) eller en fil med lösenord",
                "an old Excel file (.xls) or a file with a password",
            ),
            Said(
                "en fil utan lösenord, sparad som Excelarbetsbok (.xlsx) eller CSV",
                "a file without a password, saved as Excel workbook (.xlsx) or CSV",
            ),
        )
    if data.startswith(ZIP):
        if suffix not in {"xlsx", "xlsm"}:
            _refuse(
                name,
                Said("en packad fil, som .xlsx eller .zip", "a packed file, such as .xlsx or .zip"),
                Said(
                    "text, eller en Excelfil med namn på .xlsx",
                    "text, or an Excel file with a name in .xlsx",
                ),
            )
        rows, notes = _read_xlsx(data, name)
    else:
        if suffix in {"xlsx", "xls", "xlsm"}:
            _refuse(
                name,
                Said("text i stället för en Excelfil", "text instead of an Excel file"),
                Said(
                    "en Excelfil, eller samma fil med namn på .csv",
                    "an Excel file, or the same file with a name in .csv",
                ),
            )
        rows, notes = _read_csv(data, name)
    return _with_head(rows, notes, name, headings)


def plain(heading: str) -> str:
    """Return a heading in small letters without spaces and signs, to compare it by."""
    return "".join(c for c in heading.lower() if c.isalnum())


def _with_head(
    rows: Iterable[Row], notes: list[tuple[str, str]], name: str, headings: frozenset[str]
) -> Sheet:
    filled = [row for row in rows if any(row.cells) or row.merged]
    if not filled:
        _refuse(name, NOTHING, Said("rubriker och minst en rad", "a head and at least one row"))
    leading = [row for row in filled if row.number <= LEADING_ROWS]
    head = next(
        (row for row in leading if headings & {plain(cell) for cell in row.cells}), filled[0]
    )
    if any("@" in cell for cell in head.cells):
        _refuse(
            name,
            Said("en kandidat på första raden", "a candidate in the first row"),
            Said("rubriker, till exempel Namn och E-post", "headings, such as Name and Email"),
            row=head.number,
        )
    below = [row for row in filled if row.number > head.number]
    if not below:
        _refuse(
            name,
            Said("inga rader", "no rows"),
            Said("minst en rad under rubrikerna", "at least one row below the head"),
        )
    if len(below) > MOST_ROWS:
        _refuse(
            name,
            Said("fler än 10 000 rader", "more than 10,000 rows"),
            Said("högst 10 000 rader i en fil", "at most 10,000 rows in a file"),
        )
    width = max(len(row.cells) for row in (head, *below))
    return Sheet(
        head=head.cells + [""] * (width - len(head.cells)),
        rows=[row._replace(cells=row.cells + [""] * (width - len(row.cells))) for row in below],
        notes=notes,
    )


def _read_csv(data: bytes, name: str) -> tuple[list[Row], list[tuple[str, str]]]:
    text, notes = _decode(data, name)
    lines = text.splitlines()
    # Excel's own way to say which character separates the cells.
    declared = re.fullmatch(r'"?sep=(.)"?', lines[0].strip()) if lines else None
    head = next((line for line in lines[bool(declared) :] if line.strip()), "")
    delimiter = declared[1] if declared else max(DELIMITERS, key=head.count)
    # What the checks on each cell allow is far less than the module's own limit.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    number = 0
    try:
        for cells in reader:
            number += 1
            if declared and number == 1:
                continue
            if len(rows) > MOST_ROWS + LEADING_ROWS:
                break
            rows.append(Row(number, [_cut(cell) for cell in cells[:MOST_COLUMNS]], ""))
    except csv.Error:
        _refuse(
            name,
            Said("ett citattecken som inte avslutas", "a quotation mark that does not end"),
            Said(
                "citattecken i par, eller filen sparad som .xlsx",
                "quotation marks in pairs, or the file saved as .xlsx",
            ),
            row=number + 1,
        )
    return rows, notes


def _decode(data: bytes, name: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the text. What is not UTF-8 is read as Excel on Windows writes it, and said so."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), []
        except UnicodeDecodeError:
            pass
    if b"\x00" in data:
        _refuse(name, Said("en fil som inte är text", "a file that is not text"), READABLE)
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as fault:
        row = data[: fault.start].count(b"\n") + 1
    try:
        return data.decode("cp1252"), [("cp1252", str(row))]
    except UnicodeDecodeError as fault:
        _refuse(
            name,
            said(f"byte 0x{data[fault.start]:02x}"),
            Said("text i UTF-8 eller Windows-1252", "text in UTF-8 or Windows-1252"),
            row=data[: fault.start].count(b"\n") + 1,
        )


def _read_xlsx(data: bytes, name: str) -> tuple[list[Row], list[tuple[str, str]]]:
    try:
        inspection = inspect(data, frozenset({"xl/workbook.xml"}), MERGED)
    except UnfitOfficeFile as error:
        if str(error) == "large":
            size = error.unpacked // 1024 // 1024
            _refuse(
                name,
                Said(f"{size} megabyte när filen packats upp", f"{size} megabytes when unpacked"),
                Said("högst 32 megabyte", "at most 32 megabytes"),
            )
        _refuse(name, *UNFIT[str(error)])
    try:
        with warnings.catch_warnings():
            # About decorations that reading leaves out.
            warnings.simplefilter("ignore")
            book = load_workbook(
                io.BytesIO(inspection.checked), read_only=True, data_only=False, keep_links=False
            )
            return _read_book(book, inspection, name)
    except SheetFaults:
        raise
    except Exception:  # noqa: BLE001 - the library raises whatever a damaged part leads to
        _refuse(name, DAMAGED, WORKBOOK)


def _read_book(
    book: object, inspection: Inspection, name: str
) -> tuple[list[Row], list[tuple[str, str]]]:
    notes: list[tuple[str, str]] = []
    found: list[Row] = []
    others = []
    for sheet in book.worksheets:  # type: ignore[attr-defined]
        if sheet.sheet_state != "visible":
            continue
        if found:
            others.append(sheet.title)
            continue
        # A file may claim to have a million columns.
        sheet.reset_dimensions()
        rows = list(_rows_of(sheet, _merged(sheet, inspection), name))
        if any(any(row.cells) for row in rows):
            found = rows
            title = sheet.title
    if others:
        notes.append(("other_sheets", title))
    return found, notes


def _rows_of(sheet: ReadOnlyWorksheet, merged: dict[int, str], name: str) -> Iterator[Row]:
    characters = 0
    values = sheet.iter_rows(
        max_row=MOST_ROWS + LEADING_ROWS + 1, max_col=MOST_COLUMNS, values_only=True
    )
    for number, row in enumerate(values, start=1):
        cells = [_shown(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        # A long text that is in the file once can stand in every cell.
        characters += sum(map(len, cells))
        if characters > MOST_CHARACTERS:
            _refuse(name, *UNFIT["complex"])
        yield Row(number, cells, merged.get(number, ""))


def _merged(sheet: ReadOnlyWorksheet, inspection: Inspection) -> dict[int, str]:
    """Return the merged range by row number; the library reads none in read-only mode."""
    path = sheet._worksheet_path  # noqa: SLF001 - no public way
    spans = [
        cell.attributes["ref"]
        for cell in inspection.elements
        if cell.part == path and SPAN.fullmatch(cell.attributes.get("ref", ""))
    ]
    rows = []
    for span in spans:
        _, first, _, last = range_boundaries(span)
        if first is not None and last is not None:
            rows.append((first, last, span))
    merged: dict[int, str] = {}
    reached = 0
    for first, last, span in sorted(rows):
        end = min(last, MOST_ROWS + LEADING_ROWS)
        # Each row once, however many ranges lie over it.
        for number in range(max(first, reached + 1), end + 1):
            merged[number] = span
        reached = max(reached, end)
    return merged


def _shown(value: object) -> str:
    """Return a cell as a person reads it: dates as 2027-03-01, whole numbers without a point."""
    match value:
        case None:
            return ""
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return _cut(str(value))


def _cut(text: str) -> str:
    return one_line(text[:LONGEST_CELL])


def _refuse(name: str, found: Said, expected: Said, *, row: int | None = None) -> NoReturn:
    raise SheetFaults([Fault(name, row, None, found, expected)])
