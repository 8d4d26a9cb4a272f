"""Rating tables as CSV files and back again, and weights from YAML files."""

from __future__ import annotations

import csv
import io
import re
import sys
from typing import TYPE_CHECKING

from recruit.core.faults import (
    GIBBERISH,
    NOTHING,
    Fault,
    Faults,
    Said,
    Unreadable,
    decoded,
    said,
    short,
)
from recruit.core.plain_yaml import read_yaml
from recruit.core.ratings import EVIDENCE_LEVELS, RatingTable, Scale, Score
from recruit.core.text import harmless, meant, one_line, written

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMES = ("candidate", "interviewer", "competency")
KEYS = (*NAMES, "round")
REQUIRED = (*NAMES, "score")
OPTIONAL = ("evidence", "evidence_level", "round")
KNOWN = REQUIRED + OPTIONAL
MOST_FAULTS = 50
LONGEST_FIELD = 100_000
WHOLE_NUMBER = re.compile(r"-?\d{1,6}")


def read_csv(data: bytes, *, name: str, scale: Scale) -> RatingTable:
    """Return the table in a CSV file called ``name`` (UTF-8; comma or semicolon).

    A row that repeats another exactly counts once. Several rows by one interviewer about the same
    stay side by side when they are of different rounds or differ in evidence only. An apostrophe
    that keeps a spreadsheet from reading a formula is no part of the text. Raises Faults.
    """
    try:
        text = decoded(data)
    except Unreadable as error:
        raise Faults([error.fault(name)]) from error
    if not text.strip():
        expected = Said("rubriker och minst en rad", "a head and at least one row")
        raise Faults([Fault(name, None, None, NOTHING, expected)])
    head = text.splitlines()[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    reading = _Reading(name, scale)
    try:
        reading.head(next(reader))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                reading.add(cells, reader.line_num)
    except csv.Error:
        expected = Said("CSV med citattecken i par", "CSV with quotation marks in pairs")
        reading.fault(reader.line_num, None, GIBBERISH, expected)
    return reading.table()


class _Reading:
    """The ratings of one file, row by row, and what is wrong with it."""

    def __init__(self, name: str, scale: Scale) -> None:
        self._name = name
        self._scale = scale
        self._place: dict[str, int] = {}
        self._rows: dict[tuple[str, ...], dict[Score, int]] = {}
        self._faults: list[Fault] = []

    def fault(self, row: int | None, column: str | None, found: Said, expected: Said) -> None:
        """Note what is wrong somewhere in the file."""
        self._faults.append(Fault(self._name, row, column, found, expected))

    def head(self, cells: list[str]) -> None:
        """Take the row that names the columns. Raises Faults."""
        columns = [cell.strip().lower().replace(" ", "_") for cell in cells]
        self._place = {column: number for number, column in enumerate(columns)}
        names = ", ".join(short(column) for column in columns if column)
        found = Said(f"kolumnerna {names}", f"the columns {names}") if names else NOTHING
        for column in REQUIRED:
            if column not in columns:
                self.fault(1, column, found, Said("en sådan kolumn", "such a column"))
        for column in self._place:
            if column not in KNOWN:
                unknown = Said("en okänd kolumn", "an unknown column")
                known = Said(f"någon av {', '.join(KNOWN)}", f"one of {', '.join(KNOWN)}")
                self.fault(1, short(column) or "?", unknown, known)
            elif columns.count(column) > 1:
                again = Said("samma kolumn igen", "the same column again")
                self.fault(1, column, again, Said("varje kolumn en gång", "each column once"))
        if self._faults:
            raise Faults(self._faults)

    def add(self, cells: list[str], row: int) -> None:
        """Take one row of ratings."""
        if len(cells) != len(self._place):
            found = Said(f"{len(cells)} fält", f"{len(cells)} cells")
            self.fault(row, None, found, said(str(len(self._place))))
            return
        before = len(self._faults)
        value = {column: _read(column, cells[number]) for column, number in self._place.items()}
        for column in NAMES:
            if not value[column]:
                self.fault(row, column, NOTHING, Said("ett namn", "a name"))
        score = self._score(value["score"], row)
        level = value.get("evidence_level", "").lower() or None
        if level is not None and level not in EVIDENCE_LEVELS:
            levels = ", ".join(EVIDENCE_LEVELS)
            known = Said(f"något av {levels}", f"one of {levels}")
            self.fault(row, "evidence_level", said(short(level)), known)
        if len(self._faults) == before:
            read = Score(
                value["candidate"],
                value["interviewer"],
                value["competency"],
                score,
                value.get("evidence", ""),
                level,
                value.get("round", ""),
            )
            self._keep(read, row)

    def _score(self, text: str, row: int) -> int | None:
        low, high = self._scale.minimum, self._scale.maximum
        score = int(text) if WHOLE_NUMBER.fullmatch(text) else None
        if text and (score is None or not low <= score <= high):
            expected = Said(
                f"ett heltal från {low} till {high}, eller inget",
                f"a whole number from {low} to {high}, or nothing",
            )
            self.fault(row, "score", said(short(text)), expected)
        return score

    def _keep(self, score: Score, row: int) -> None:
        same = self._rows.setdefault(
            (score.candidate, score.interviewer, score.competency, score.round), {}
        )
        first, its_row = next(iter(same.items()), (score, row))
        if first.score == score.score:
            same.setdefault(score, row)
            return
        now, then = _given(score), _given(first)
        self.fault(
            row,
            "score",
            Said(
                f"{now.sv} där rad {its_row} har {then.sv} för samma bedömning",
                f"{now.en} where row {its_row} has {then.en} for the same rating",
            ),
            Said(
                "samma betyg på båda, eller olika omgångar",
                "the same score in both, or different rounds",
            ),
        )

    def table(self) -> RatingTable:
        """Return the ratings. Raises Faults."""
        if not self._rows and not self._faults:
            expected = Said("minst en rad under rubrikerna", "at least one row below the head")
            self.fault(None, None, Said("inga rader", "no rows"), expected)
        more = len(self._faults) - MOST_FAULTS
        if more > 0:
            del self._faults[MOST_FAULTS:]
            self.fault(None, None, Said(f"{more} fel till", f"{more} more"), Said("inga", "none"))
        if self._faults:
            raise Faults(self._faults)
        rows = tuple(score for same in self._rows.values() for score in same)
        return RatingTable(rows, self._scale)


def _read(column: str, cell: str) -> str:
    # Names are keys: the same name in another form, or with other spaces, is the same.
    return one_line(meant(one_line(cell))) if column in KEYS else written(meant(cell.strip()))


def _given(score: Score) -> Said:
    return NOTHING if score.score is None else said(f"{score.score:g}")


def read_weights(data: bytes, *, name: str, competencies: Iterable[str]) -> dict[str, float]:
    """Return a weight per competency from a YAML mapping called ``name``. Raises Faults."""
    try:
        document = read_yaml(data)
    except Unreadable as error:
        raise Faults([error.fault(name)]) from error
    if not isinstance(document, dict) or not document:
        expected = Said("kompetenser med var sin vikt", "competencies with a weight each")
        raise Faults([Fault(name, None, None, said(short(document)), expected)])
    wanted = list(competencies)
    faults = []
    weights: dict[str, float] = {}
    for key, value in document.items():
        if key not in wanted:
            unknown = Said("en kompetens som inget betyg har", "a competency that no rating has")
            faults.append(Fault(name, None, short(key), unknown, said(", ".join(wanted))))
        elif (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            # A whole number may be too large for any calculation.
            or not 0 <= value <= sys.float_info.max
        ):
            expected = Said("ett tal från 0 och uppåt", "a number from 0 upwards")
            faults.append(Fault(name, None, key, said(short(value)), expected))
        else:
            weights[key] = float(value)
    faults += [
        Fault(
            name,
            None,
            key,
            Said("ingen vikt", "no weight"),
            Said("en för varje kompetens i tabellen", "one for every competency of the table"),
        )
        for key in wanted
        if key not in document
    ]
    if not faults and not any(weights.values()):
        expected = Said("minst en vikt över 0", "at least one weight above 0")
        faults.append(Fault(name, None, None, Said("bara nollor", "only zeros"), expected))
    if faults:
        raise Faults(faults)
    return weights


def as_csv(table: RatingTable) -> str:
    """Return the table as ``read_csv`` reads it.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    rounds = any(row.round for row in table.rows)
    # A column that would be empty is left out.
    writer.writerow(KNOWN if rounds else KNOWN[:-1])
    for row in table.rows:
        score = "" if row.score is None else f"{row.score:g}"
        names = (row.candidate, row.interviewer, row.competency)
        cells = (*map(_cell, names), score, _cell(row.evidence), row.evidence_level or "")
        writer.writerow((*cells, _cell(row.round)) if rounds else cells)
    return target.getvalue()


def _cell(text: str) -> str:
    # A bare carriage return is not quoted, and ends the row for whoever reads it.
    return harmless(text).replace("\r\n", "\n").replace("\r", "\n")
