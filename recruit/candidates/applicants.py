"""Candidates in a table: which column holds what, and which rows can be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from email_validator import EmailNotValidError, validate_email

from recruit.candidates.sheets import plain
from recruit.core.faults import NOTHING, Fault, Said, said, short
from recruit.core.text import near_equal, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FIELDS = ("name", "first_name", "last_name", "email", "internal")
HEADINGS: Mapping[str, frozenset[str]] = {
    "name": frozenset(
        {
            "namn",
            "name",
            "kandidat",
            "candidate",
            "kandidatnamn",
            "candidatename",
            "fullständigtnamn",
            "fullname",
            "förochefternamn",
            "sökande",
            "applicant",
        }
    ),
    "first_name": frozenset({"förnamn", "fornamn", "firstname", "givenname", "tilltalsnamn"}),
    "last_name": frozenset({"efternamn", "lastname", "surname", "familyname"}),
    "email": frozenset(
        {
            "epost",
            "epostadress",
            "mejl",
            "mejladress",
            "mail",
            "mailadress",
            "email",
            "emailaddress",
            "emailadress",
        }
    ),
    "internal": frozenset(
        {"intern", "internal", "internsökande", "internkandidat", "anställdidag"}
    ),
}
"""Headings in Swedish and English, as ``plain`` writes them."""
KNOWN = frozenset().union(*HEADINGS.values())
YES = frozenset(["ja", "j", "yes", "y", "x", "1", "true", "sant", "intern", "internal"])
NO = frozenset(["nej", "n", "no", "0", "false", "falskt", "extern", "external"]) | {"", "-", "–"}
FORMULA = ("=", "+", "@", "-")
ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
LONGEST_NAME = 120
LONGEST_ADDRESS = 255


class Columns(NamedTuple):
    """The column (from 0) of each field, or None."""

    name: int | None = None
    first_name: int | None = None
    last_name: int | None = None
    email: int | None = None
    internal: int | None = None

    @property
    def give_names(self) -> bool:
        """Tell whether the columns give whole names."""
        return self.name is not None or None not in {self.first_name, self.last_name}


class Applicant(NamedTuple):
    """A row that can be used."""

    row: int
    name: str
    email: str
    internal: bool


class Duplicate(NamedTuple):
    """A row with somebody who is in an earlier row of the file, or here already (``as_row`` 0)."""

    row: int
    name: str
    as_row: int


@dataclass(frozen=True)
class Reading:
    """What a table holds; ``alike`` are names of different people that are nearly the same."""

    applicants: tuple[Applicant, ...]
    faults: tuple[Fault, ...]
    duplicates: tuple[Duplicate, ...]
    alike: tuple[tuple[str, ...], ...]

    @property
    def faulty_rows(self) -> int:
        """Number of rows with at least one fault."""
        return len({fault.row for fault in self.faults})


class Known(NamedTuple):
    """Name and address of somebody; the address may be empty."""

    name: str
    email: str

    @property
    def key(self) -> Known:
        """The same for the same person, whatever the case and form of the letters.

        Python makes the letters small: what a database makes of Å depends on how it was set up.
        """
        return Known(one_line(self.name).casefold(), one_line(self.email).casefold())


def guess(head: Sequence[str]) -> Columns:
    """Return which columns hold what, told by their headings in Swedish or English."""
    found: dict[str, int] = {}
    for position, heading in enumerate(head):
        for field, known in HEADINGS.items():
            if plain(heading) in known:
                found.setdefault(field, position)
    columns = Columns(**found)
    if columns.name is not None and None not in {columns.first_name, columns.last_name}:
        # The parts say more surely what is a name.
        return columns._replace(name=None)
    return columns


def read_applicants(
    rows: Iterable[tuple[int, Sequence[str], str]],
    head: Sequence[str],
    columns: Columns,
    *,
    file: str,
    present: Iterable[Known],
) -> Reading:
    """Return who can be added, what is wrong in which row, and who is there already.

    Somebody is there already when the address is the same, or when the name is and one of the two
    has no address.
    """
    applicants: list[Applicant] = []
    faults: list[Fault] = []
    duplicates: list[Duplicate] = []
    seen = _Seen()
    names: list[str] = []
    for known in present:
        seen.add(known.key, 0)
        names.append(known.name)
    for number, cells, merged in rows:
        wrong: list[Fault] = []
        applicant = _applicant(_Cells(file, number, cells, head, wrong), columns)
        if merged:
            wrong = [
                Fault(
                    file,
                    number,
                    None,
                    Said(f"sammanslagna celler, {merged}", f"merged cells, {merged}"),
                    Said("ett värde i varje rad", "one value in each row"),
                )
            ]
        if wrong:
            faults += wrong
            continue
        key = Known(applicant.name, applicant.email).key
        earlier = seen.row_of(key)
        if earlier is not None:
            duplicates.append(Duplicate(number, applicant.name, earlier))
            continue
        seen.add(key, number)
        applicants.append(applicant)
    added = {applicant.name for applicant in applicants}
    alike = [
        group for group in near_equal([*names, *(a.name for a in applicants)]) if added & {*group}
    ]
    return Reading(tuple(applicants), tuple(faults), tuple(duplicates), tuple(alike))


class _Seen:
    """Who has been seen, and in which row of the file; 0 for those who were there before."""

    def __init__(self) -> None:
        self._addresses: dict[str, int] = {}
        self._names: dict[str, int] = {}
        self._names_without_address: dict[str, int] = {}

    def add(self, known: Known, row: int) -> None:
        self._names.setdefault(known.name, row)
        if known.email:
            self._addresses.setdefault(known.email, row)
        else:
            self._names_without_address.setdefault(known.name, row)

    def row_of(self, known: Known) -> int | None:
        """Return where the person was seen, or None."""
        if known.email and known.email in self._addresses:
            return self._addresses[known.email]
        names = self._names_without_address if known.email else self._names
        return names.get(known.name)


class _Cells(NamedTuple):
    """The cells of a row, and the faults found in it."""

    file: str
    row: int
    cells: Sequence[str]
    head: Sequence[str]
    faults: list[Fault]

    def value(self, column: int | None) -> str:
        """Return the cell; a formula or an error is a fault and gives nothing."""
        if column is None:
            return ""
        text = self.cells[column]
        if text in ERRORS:
            self.fault(column, said(text), Said("ett värde", "a value"))
            return ""
        if text.startswith(FORMULA) and len(text) > 1:
            self.fault(
                column,
                Said(f"en formel, {short(text)}", f"a formula, {short(text)}"),
                Said("ett värde (klistra in som värden)", "a value (paste as values)"),
            )
            return ""
        return text

    def fault(self, column: int, found: Said, expected: Said) -> None:
        place = self.head[column] or str(column + 1)
        self.faults.append(Fault(self.file, self.row, place, found, expected))


def _applicant(cells: _Cells, columns: Columns) -> Applicant:
    return Applicant(
        row=cells.row,
        name=_name(cells, columns),
        email=_email(cells, columns),
        internal=_internal(cells, columns),
    )


def _name(cells: _Cells, columns: Columns) -> str:
    before = len(cells.faults)
    if columns.name is not None:
        place = columns.name
        name = cells.value(place)
    else:
        place = columns.first_name or 0
        name = f"{cells.value(columns.first_name)} {cells.value(columns.last_name)}".strip()
    if len(cells.faults) > before:
        return ""
    expected = Said("ett namn", "a name")
    if not name:
        cells.fault(place, NOTHING, expected)
    elif not any(c.isalpha() for c in name):
        cells.fault(place, said(short(name)), expected)
    elif len(name) > LONGEST_NAME:
        cells.fault(
            place,
            Said(f"{len(name)} tecken", f"{len(name)} characters"),
            Said("högst 120 tecken", "at most 120 characters"),
        )
    return name


def _email(cells: _Cells, columns: Columns) -> str:
    address = cells.value(columns.email)
    if not address or columns.email is None:
        return ""
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        valid = False
    else:
        valid = len(address) <= LONGEST_ADDRESS
    if not valid:
        cells.fault(
            columns.email,
            said(short(address)),
            Said(
                "en adress som namn@exempel.se, eller inget",
                "an address as in name@example.org, or nothing",
            ),
        )
    return address


def _internal(cells: _Cells, columns: Columns) -> bool:
    answer = cells.value(columns.internal).lower() if columns.internal is not None else ""
    if answer not in YES | NO and columns.internal is not None:
        cells.fault(
            columns.internal, said(short(answer)), Said("ja, nej eller inget", "yes, no or nothing")
        )
    return answer in YES
