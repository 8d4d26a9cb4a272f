"""The rating table: candidates x interviewers x competencies, with gaps."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recruit.core.faults import NOTHING, Fault, Faults, Said, said, short
from recruit.core.plain_yaml import BadYaml, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

EVIDENCE_LEVELS = ("talk", "example", "pattern")
REQUIRED = ("candidate", "interviewer", "competency", "score")
OPTIONAL = ("evidence", "evidence_level", "round")
KNOWN = REQUIRED + OPTIONAL
MOST_FAULTS = 50
LONGEST_FIELD = 100_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet may take for the beginning of a formula."""


@dataclass(frozen=True)
class Scale:
    """Whole-number scores from ``minimum`` to ``maximum``."""

    minimum: int = 1
    maximum: int = 5

    def __post_init__(self) -> None:
        """Raise ValueError when the scale has fewer than two points."""
        if self.maximum <= self.minimum:
            raise ValueError("a scale goes from a low to a higher number")

    @property
    def points(self) -> int:
        """Number of points on the scale."""
        return self.maximum - self.minimum + 1

    @classmethod
    def parse(cls, text: str, name: str) -> Scale:
        """Return the scale written as ``1-5`` in what is called ``name``. Raises Faults."""
        match = re.fullmatch(r"\s*(\d{1,3})\s*[-–]\s*(\d{1,3})\s*", text)
        if match is None or int(match[1]) >= int(match[2]):
            expected = Said(
                "två heltal, det lägre först, som i 1-5", "two whole numbers, low first, as in 1-5"
            )
            raise Faults([Fault(name, None, None, said(short(text)), expected)])
        return cls(int(match[1]), int(match[2]))


@dataclass(frozen=True)
class Score:
    """One rating; ``score`` is None for "not assessed", ``round`` empty when it is not told."""

    candidate: str
    interviewer: str
    competency: str
    score: float | None
    evidence: str = ""
    evidence_level: str | None = None
    round: str = ""


@dataclass(frozen=True)
class RatingTable:
    """Ratings in long form. A missing score is absent, never zero.

    Raises ValueError for a score outside the scale.
    """

    rows: tuple[Score, ...]
    scale: Scale = Scale()

    def __post_init__(self) -> None:
        """Check every score against the scale."""
        for row in self.rows:
            if row.score is not None and not (
                self.scale.minimum <= row.score <= self.scale.maximum
            ):
                raise ValueError(f"score {row.score} is outside the scale")

    @property
    def candidates(self) -> tuple[str, ...]:
        """Candidates in the order of their first row."""
        return tuple(dict.fromkeys(row.candidate for row in self.rows))

    @property
    def interviewers(self) -> tuple[str, ...]:
        """Interviewers in the order of their first row."""
        return tuple(dict.fromkeys(row.interviewer for row in self.rows))

    @property
    def competencies(self) -> tuple[str, ...]:
        """Competencies in the order of their first row."""
        return tuple(dict.fromkeys(row.competency for row in self.rows))

    @property
    def missing(self) -> int:
        """How many scores are missing of those that should be there.

        Who met a candidate in a round should have rated everything that the round asks about. A
        table that tells no rounds is one round in which everybody meets everybody.
        """
        given = {
            (row.round, row.candidate, row.interviewer, row.competency)
            for row in self.rows
            if row.score is not None
        }
        if not any(row.round for row in self.rows):
            met = len(self.candidates) * len(self.interviewers)
            return met * len(self.competencies) - len(given)
        asked: defaultdict[str, set[str]] = defaultdict(set)
        for row in self.rows:
            asked[row.round].add(row.competency)
        seats = {(row.round, row.candidate, row.interviewer) for row in self.rows}
        return sum(len(asked[name]) for name, _, _ in seats) - len(given)


def read_csv(data: bytes, *, name: str, scale: Scale) -> RatingTable:
    """Return the table in a CSV file called ``name`` (UTF-8; comma or semicolon).

    A row that repeats another exactly counts once. Several rows by one interviewer about the same
    stay side by side when they are of different rounds or differ in evidence only. An apostrophe
    that keeps a spreadsheet from reading a formula is no part of the text. Raises Faults.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise Faults(
            [
                Fault(
                    name,
                    row,
                    None,
                    said(f"byte 0x{data[error.start]:02x}"),
                    Said("text i UTF-8", "text in UTF-8"),
                )
            ]
        ) from error
    if not text.strip():
        raise Faults(
            [
                Fault(
                    name,
                    None,
                    None,
                    NOTHING,
                    Said("rubriker och minst en rad", "a head and at least one row"),
                )
            ]
        )
    head = text.splitlines()[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    faults: list[Fault] = []
    rows: dict[tuple[str, ...], dict[Score, int]] = {}
    try:
        columns = [cell.strip().lower().replace(" ", "_") for cell in next(reader)]
        faults.extend(_head_faults(columns, name))
        if faults:
            raise Faults(faults)
        place = {column: columns.index(column) for column in columns}
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _read_row(cells, place, reader.line_num, name, scale, rows, faults)
    except csv.Error as error:
        faults.append(Fault(name, reader.line_num, None, said(str(error)), said("CSV")))
    if not rows and not faults:
        faults.append(
            Fault(
                name,
                None,
                None,
                Said("inga rader", "no rows"),
                Said("minst en rad under rubrikerna", "at least one row below the head"),
            )
        )
    if faults:
        more = len(faults) - MOST_FAULTS
        if more > 0:
            faults = faults[:MOST_FAULTS]
            faults.append(
                Fault(
                    name,
                    None,
                    None,
                    Said(f"{more} fel till", f"{more} more faults"),
                    Said("inget", "none"),
                )
            )
        raise Faults(faults)
    return RatingTable(tuple(score for found in rows.values() for score in found), scale)


def _head_faults(columns: list[str], name: str) -> list[Fault]:
    names = ", ".join(column for column in columns if column)
    found = Said(f"kolumnerna {names}", f"the columns {names}") if names else NOTHING
    faults = [
        Fault(name, 1, column, found, Said(f"en kolumn {column}", f"a column called {column}"))
        for column in REQUIRED
        if column not in columns
    ]
    faults += [
        Fault(
            name,
            1,
            column or "?",
            Said("den", "it"),
            Said(f"bara {', '.join(KNOWN)}", f"only {', '.join(KNOWN)}"),
        )
        for column in dict.fromkeys(columns)
        if column not in KNOWN
    ]
    faults += [
        Fault(
            name,
            1,
            column,
            Said("den två gånger", "it twice"),
            Said("varje kolumn en gång", "each column once"),
        )
        for column in dict.fromkeys(columns)
        if columns.count(column) > 1
    ]
    return faults


def _read_row(
    cells: list[str],
    place: dict[str, int],
    line: int,
    name: str,
    scale: Scale,
    rows: dict[tuple[str, ...], dict[Score, int]],
    faults: list[Fault],
) -> None:
    if len(cells) != len(place):
        faults.append(
            Fault(
                name,
                line,
                None,
                Said(f"{len(cells)} fält", f"{len(cells)} cells"),
                said(str(len(place))),
            )
        )
        return
    value = {column: _meant(cells[number].strip()) for column, number in place.items()}
    before = len(faults)
    faults.extend(
        Fault(name, line, column, NOTHING, Said("ett namn", "a name"))
        for column in ("candidate", "interviewer", "competency")
        if not value[column]
    )
    score: int | None = None
    if value["score"]:
        if re.fullmatch(r"-?\d{1,6}", value["score"]):
            score = int(value["score"])
        if score is None or not scale.minimum <= score <= scale.maximum:
            faults.append(
                Fault(
                    name,
                    line,
                    "score",
                    said(short(value["score"])),
                    Said(
                        f"ett heltal från {scale.minimum} till {scale.maximum}, eller inget",
                        f"a whole number from {scale.minimum} to {scale.maximum}, or nothing",
                    ),
                )
            )
    level = value.get("evidence_level", "").lower() or None
    if level is not None and level not in EVIDENCE_LEVELS:
        faults.append(
            Fault(
                name,
                line,
                "evidence_level",
                said(short(level)),
                said(", ".join(EVIDENCE_LEVELS)),
            )
        )
    if len(faults) > before:
        return
    read = Score(
        value["candidate"],
        value["interviewer"],
        value["competency"],
        score,
        value.get("evidence", ""),
        level,
        value.get("round", ""),
    )
    key = (read.candidate, read.interviewer, read.competency, read.round)
    first, its_line = next(iter(rows.get(key, {}).items()), (read, line))
    if first.score != score:
        given = short(value["score"])
        faults.append(
            Fault(
                name,
                line,
                "score",
                Said(
                    f"{given or NOTHING.sv} där rad {its_line} har {first.score} "
                    "för samma bedömning",
                    f"{given or NOTHING.en} where row {its_line} has {first.score} "
                    "for the same rating",
                ),
                Said(
                    "en rad för varje kandidat, intervjuare och kompetens",
                    "one row per candidate, interviewer and competency",
                ),
            )
        )
        return
    rows.setdefault(key, {}).setdefault(read, line)


def read_weights(data: bytes, *, name: str, competencies: Iterable[str]) -> dict[str, float]:
    """Return a weight per competency from a YAML mapping called ``name``. Raises Faults."""
    try:
        document = read_yaml(data)
    except BadYaml as error:
        raise Faults([error.fault(name)]) from error
    if not isinstance(document, dict) or not document:
        raise Faults(
            [
                Fault(
                    name,
                    None,
                    None,
                    said(short(document)),
                    Said("kompetenser med var sin vikt", "competencies with a weight each"),
                )
            ]
        )
    wanted = list(competencies)
    faults = []
    weights: dict[str, float] = {}
    for key, value in document.items():
        if key not in wanted:
            faults.append(
                Fault(
                    name,
                    None,
                    str(key),
                    Said("en kompetens som inget betyg har", "a competency that no rating has"),
                    said(", ".join(wanted)),
                )
            )
        elif (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
            or value < 0
        ):
            faults.append(
                Fault(
                    name,
                    None,
                    str(key),
                    said(short(value)),
                    Said("ett tal från 0 och uppåt", "a number from 0 upwards"),
                )
            )
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
    if not faults and not sum(weights.values()):
        faults.append(
            Fault(
                name,
                None,
                None,
                Said("bara nollor", "only zeros"),
                Said("minst en vikt över 0", "at least one weight above 0"),
            )
        )
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
        cells = (*map(_harmless, names), score, _harmless(row.evidence), row.evidence_level or "")
        writer.writerow((*cells, _harmless(row.round)) if rounds else cells)
    return target.getvalue()


def _harmless(text: str) -> str:
    safe = f"'{text}" if text.startswith(FORMULA_STARTS) else text
    # A bare carriage return is not quoted, and ends the row for whoever reads it.
    return safe.replace("\r\n", "\n").replace("\r", "\n")


def _meant(text: str) -> str:
    """Return the text that ``_harmless`` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text
