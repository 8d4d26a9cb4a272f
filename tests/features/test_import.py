"""Importing candidates from files as people have them: read, previewed, confirmed, or refused."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest

from recruit.candidates import actions
from recruit.candidates.models import CandidateImport
from recruit.database import db, write
from tests.features.test_candidates import candidate_rows, packed

CSV = (
    "Namn;E-post;Intern;Personnummer\n"
    "Carin Låtsas;carin@example.org;nej;800101-1234\n"
    "Åsa Öberg;;ja;\n"
)


@pytest.fixture
def recruiter(world):
    return world["recruiter"].sign_in()


def upload(world, data, name="lista.csv"):
    content = data.encode() if isinstance(data, str) else data
    return world["recruiter"].post(
        f"{world.path}/candidates/import/", {"file": (io.BytesIO(content), name)}
    )


def preview(world, data, name="lista.csv"):
    answer = upload(world, data, name)
    assert answer.status_code == 302, answer.text
    return answer.location, world["recruiter"].get(answer.location).text


def confirm(world, location):
    """Press the button of the preview, with what it holds."""
    page = world["recruiter"].get(location).text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(-?\d+)">', page))
    return world["recruiter"].post(location.partition("?")[0], fields)


def faults_of(page):
    """Return (row, column, found, expected) of the table of faults."""
    table = page.partition('id="faults"')[2].partition("</table>")[0]
    return [
        tuple(
            re.sub(r"<[^>]+>", "", cell).strip()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        )
        for row in re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.DOTALL)
    ]


def workbook(*rows, **sheets):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, more in sheets.items():
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(row)
    return book


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


NEW = [
    ("Carin Låtsas", "carin@example.org", False, "active"),
    ("Åsa Öberg", "", True, "active"),
]


@pytest.mark.parametrize(
    "data",
    [
        CSV,
        "\ufeff" + CSV,
        CSV.replace("\n", "\r\n"),
        CSV.replace(";", ","),
        CSV.replace(";", "\t"),
        "sep=;\n" + CSV,
        CSV.encode("cp1252"),
        CSV.replace(";", "\t").encode("utf-16"),
        "\n\nSökande 2027;;;\n" + CSV,
        CSV.replace("Namn", "NAME").replace("E-post", "E-mail"),
        'Förnamn;Efternamn;Mejl;Internal\nCarin;Låtsas;carin@example.org;no\n"Åsa";"Öberg";;x\n',
    ],
    ids=[
        "utf-8",
        "bom",
        "crlf",
        "comma",
        "tab",
        "sep",
        "cp1252",
        "utf-16",
        "title-above",
        "english",
        "two-names",
    ],
)
def test_lists_as_programs_write_them(world, recruiter, data):
    before = candidate_rows(world)
    location, page = preview(world, data)
    assert "Importera 2 kandidater" in page
    assert candidate_rows(world) == before
    assert confirm(world, location).status_code == 302
    assert candidate_rows(world) == before + NEW


def test_an_excel_file(world, recruiter):
    book = workbook(
        ["Namn", "E-post", "Intern", "Född"],
        ["Carin Låtsas", "carin@example.org", "nej", datetime(1980, 1, 1)],  # noqa: DTZ001
        [],
        ["Åsa Öberg", None, True],
        Annat=[["Namn"], ["Ska inte med"]],
    )
    before = candidate_rows(world)
    location, page = preview(world, saved(book), "lista.xlsx")
    assert "Bara det första med innehåll läses: Sheet." in page
    assert "Läses inte: Född." in page
    confirm(world, location)
    assert candidate_rows(world) == before + NEW


def test_how_the_text_was_read_is_said(world, recruiter):
    _, page = preview(world, CSV.encode("cp1252"))
    assert "Filen är inte i UTF-8 (rad 2)" in page
    _, page = preview(world, CSV)
    assert "UTF-8" not in page


def test_every_faulty_row_is_named(world, recruiter):
    rows = [
        "Namn;E-post;Intern",
        "Carin Låtsas;inte en adress;",
        ";anna@example.org;",
        "12345;;",
        "=HYPERLINK(1);;",
        "Elsa;;kanske",
        "#REF!;;",
        "x" * 121 + ";;",
        "David;=A1;hm",
        "2027-03-01;;",
    ]
    location, page = preview(world, "\n".join(rows))
    assert faults_of(page) == [
        ("2", "E-post", "inte en adress", "en adress som namn@exempel.se, eller inget"),
        ("3", "Namn", "inget", "ett namn"),
        ("4", "Namn", "12345", "ett namn"),
        ("5", "Namn", "en formel, =HYPERLINK(1)", "ett värde (klistra in som värden)"),
        ("6", "Intern", "kanske", "ja, nej eller inget"),
        ("7", "Namn", "#REF!", "ett värde"),
        ("8", "Namn", "121 tecken", "högst 120 tecken"),
        ("9", "E-post", "en formel, =A1", "ett värde (klistra in som värden)"),
        ("9", "Intern", "hm", "ja, nej eller inget"),
        ("10", "Namn", "2027-03-01", "ett namn"),
    ]
    assert "9 rader har fel och hoppas över." in page
    # Nothing can be imported, so there is no button for it.
    assert ">Importera" not in page
    before = candidate_rows(world)
    confirm(world, location)
    assert candidate_rows(world) == before


def test_of_very_many_faults_the_first_are_named(world, recruiter):
    rows = "".join(f"{number};;\n" for number in range(205))
    _location, page = preview(world, f"Namn;E-post;Intern\nCleo Påhitt;;\n{rows}")
    assert "205 rader har fel och hoppas över." in page
    assert len(faults_of(page)) == 200
    assert "… och 5 till." in page


def test_duplicates_are_shown_and_left_out(world, recruiter):
    before = candidate_rows(world)
    location, page = preview(
        world,
        "Namn;E-post\namina exempel;ny@example.org\nCarin;carin@example.org\n"
        "Carin L;CARIN@example.org\nCarin;annan@example.org\nCarin;\n",
    )
    table = page.partition('id="duplicates"')[2].partition("</table>")[0]
    assert re.findall(r'<th scope="row">(\d+)</th>', table) == ["2", "4", "6"]
    assert "en kandidat i rekryteringen" in table
    assert "rad 3" in table
    confirm(world, location)
    assert [row[1] for row in candidate_rows(world)[len(before) :]] == [
        "carin@example.org",
        "annan@example.org",
    ]


def test_columns_can_be_matched_by_hand(world, recruiter):
    location, page = preview(world, "A;B;Namn\ncarin@example.org;Carin Låtsas;fel kolumn\n")
    assert "fel kolumn" in page
    matched = f"{location}?name=1&first_name=-1&last_name=-1&email=0&internal=-1"
    page = world["recruiter"].get(matched).text
    assert "Carin Låtsas" in page
    before = candidate_rows(world)
    confirm(world, matched)
    assert candidate_rows(world) == [*before, NEW[0]]


def test_without_a_column_for_names_nothing_can_be_confirmed(world, recruiter):
    location, page = preview(world, "Ort;Ålder\nLund;40\n")
    assert "Ange vilken kolumn som har namnet" in page
    before = candidate_rows(world)
    assert confirm(world, location).status_code == 302
    for query in ("?name=99", "?name=x", "?first_name=0&last_name=-1&name=-1"):
        assert "Ange vilken kolumn" in world["recruiter"].get(location + query).text
    assert candidate_rows(world) == before


def bomb():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (200 * 1024 * 1024))
    return content.getvalue()


def with_part(name, text):
    content = io.BytesIO(saved(workbook(["Namn"], ["Carin"])))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("tom.csv", b"", "tom.csv: hittade inget"),
        ("tom.csv", b"\n;;\n", "tom.csv: hittade inget"),
        ("rubrik.csv", b"Namn;E-post\n", "hittade inga rader"),
        ("utan.csv", b"Carin;carin@example.org\n", "rad 1: hittade en kandidat på första raden"),
        ("bild.csv", b"\x89PNG\x00\x00\x01", "hittade en fil som inte är text"),
        ("byte.csv", b"Namn\nCarin \x81\n", "rad 2: hittade byte 0x81"),
        ("citat.csv", b'Namn;E-post\n"Carin;x\n', "citattecken som inte avslutas"),
        (
            "gammal.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
            "en äldre Excelfil (.xls)",
        ),
        (
            "gammal.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
            "en äldre Excelfil (.xls)",
        ),
        ("lista.xlsx", CSV.encode(), "hittade text i stället för en Excelfil"),
        ("lista.csv", saved(workbook(["Namn"], ["Carin"])), "hittade en packad fil"),
        ("lista.xlsx", packed(**{"content.xml": "x"}), "en packad fil som inte är från Excel"),
        ("lista.xlsx", saved(workbook(["Namn"], ["Carin"]))[:-40], "en skadad Excelfil"),
        ("lista.xlsx", packed(**{"xl/workbook.xml": "<x"}), "en skadad Excelfil"),
        ("bomb.xlsx", bomb(), "hittade 200 megabyte när filen packats upp"),
        (
            "entitet.xlsx",
            with_part("xl/extra.xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'),
            "en dokumenttyp i filen",
        ),
        ("blad.xlsx", saved(workbook()), "hittade inget"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value and len(value) < 14 else "",
)
def test_what_cannot_be_read_is_named_and_leaves_nothing(world, recruiter, name, data, said):
    before = candidate_rows(world)
    answer = upload(world, data, name)
    assert answer.status_code == 400
    assert said in answer.text
    assert 'href="#file"' in answer.text
    assert candidate_rows(world) == before
    assert kept(world) == 0


def kept(world):
    with world.app.app_context():
        count = db.session.scalar(db.select(db.func.count()).select_from(CandidateImport))
        db.session.remove()
    return count


def test_merged_cells_and_formulas_are_named(world, recruiter):
    book = workbook(
        ["Kandidater 2027"],
        ["Namn", "E-post"],
        ["Carin", "carin@example.org"],
        [None, "anna@example.org"],
        ['=A3&" L"', "d@example.org"],
    )
    book.active.merge_cells("A1:B1")
    book.active.merge_cells("A3:A4")
    _, page = preview(world, saved(book), "lista.xlsx")
    assert [fault[:3] for fault in faults_of(page)] == [
        ("3", "–", "sammanslagna celler, A3:A4"),
        ("4", "–", "sammanslagna celler, A3:A4"),
        ("5", "Namn", "en formel, =A3&amp;&#34; L&#34;"),
    ]


def test_a_sheet_that_claims_to_be_huge(world, recruiter):
    """Whoever believed it would read billions of cells, and never come to an end."""
    content = saved(workbook(["Namn"], ["Carin"]))
    rebuilt = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(rebuilt, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                data = re.sub(rb'ref="A1:A2"', b'ref="A1:XFD1048576"', data, count=1)
                data = data.replace(b'<row r="2"', b'<row r="900000"').replace(b"A2", b"A900000")
            new.writestr(part.filename, data)
    answer = upload(world, rebuilt.getvalue(), "lista.xlsx")
    assert answer.status_code == 400
    assert "hittade inga rader" in answer.text


def test_ten_thousand_rows_and_one_more(world, recruiter):
    before = len(candidate_rows(world))
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Lista")
    sheet.append(["Namn", "E-post"])
    for number in range(10_000):
        sheet.append([f"Person {number}", f"p{number}@example.org"])
    location, page = preview(world, saved(book), "lista.xlsx")
    assert "10000 kandidater importeras." in page
    assert "… och 9980 till." in page
    assert confirm(world, location).status_code == 302
    assert len(candidate_rows(world)) == before + 10_000
    assert recruiter.get(f"{world.path}/candidates/").status_code == 200
    answer = upload(world, "Namn\n" + "".join(f"P {n}\n" for n in range(10_001)))
    assert answer.status_code == 400
    assert "fler än 10 000 rader" in answer.text


def test_a_file_is_imported_once(world, recruiter):
    location, _ = preview(world, CSV)
    fields = {"name": "0", "first_name": "-1", "last_name": "-1", "email": "1", "internal": "2"}
    assert recruiter.post(location, fields).status_code == 302
    after = candidate_rows(world)
    answer = recruiter.post(location, fields)
    assert answer.status_code == 410
    assert "redan importerad" in answer.text
    assert recruiter.get(location).status_code == 410
    assert candidate_rows(world) == after


def test_a_file_can_be_thrown_away(world, recruiter):
    before = candidate_rows(world)
    location, _ = preview(world, CSV)
    assert recruiter.post(location, {"action": "discard"}).status_code == 302
    assert kept(world) == 0
    assert candidate_rows(world) == before


def test_what_nobody_confirms_is_forgotten(world, recruiter):
    preview(world, CSV)
    with world.app.app_context():
        actions.forget_imports()
        assert db.session.scalar(db.select(db.func.count()).select_from(CandidateImport)) == 1
        with write():
            db.session.scalar(db.select(CandidateImport)).created_at = datetime.now(
                UTC
            ) - timedelta(hours=25)
        actions.forget_imports()
        db.session.remove()
    assert kept(world) == 0


def test_a_file_of_another_requisition_is_not_found(world, recruiter):
    from recruit.library import library
    from recruit.requisitions import actions as requisitions

    with world.app.app_context():
        other = requisitions.create(
            library().roles["head-of-unit-home-care"], title="Annan", unit="", actor_id=recruiter.id
        ).id
        db.session.remove()
    location, _ = preview(world, CSV)
    foreign = location.replace(world.path, f"/requisitions/{other}")
    assert recruiter.get(foreign).status_code == 410
    assert recruiter.post(foreign, {"action": "discard"}).status_code == 410
    assert kept(world) == 1


def test_the_preview_speaks_english_too(world, recruiter):
    location, _ = preview(world, "Namn;E-post\n;x@example.org\n")
    recruiter.post("/language", {"language": "en"})
    page = recruiter.get(location).text
    assert faults_of(page) == [("2", "Namn", "nothing", "a name")]


def test_hostile_text_in_a_file_is_text(world, recruiter):
    name = '<script>alert(1)</script> {{ 7*7 }}"'
    location, page = preview(world, "Namn;<b>E-post\n" + '"' + name.replace('"', '""') + '";\n')
    assert "<script>alert" not in page
    assert "&lt;b&gt;E-post" in page
    confirm(world, location)
    assert "<script>alert" not in recruiter.get(f"{world.path}/candidates/").text
