"""Files made to harm: each is refused for a reason that is said, in a time linear in its size."""

import contextlib
import io
import time
import zipfile

import openpyxl
import pikepdf
import pytest

from recruit.candidates.attachments import UnfitAttachment, kind_of
from recruit.candidates.sheets import SheetFaults, read_sheet

HEADINGS = frozenset({"namn"})
SHEET = "xl/worksheets/sheet1.xml"
OPEN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
ROW = '<row r="1"><c t="inlineStr"><is><t>Namn</t></is></c></row>'


def packed(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def workbook(sheet=None, **more):
    target = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["Namn"])
    book.active.append(["Åsa"])
    book.save(target)
    with zipfile.ZipFile(target) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if sheet is not None:
        parts[SHEET] = sheet
    return packed(parts | more)


def rows(inner):
    return f"{OPEN}<sheetData>{ROW}{inner}</sheetData></worksheet>"


def doctype(before, coding):
    text = f'<?xml version="1.0" encoding="{coding}"?>{before}<!DOCTYPE x [<!ENTITY a "b">]><x/>'
    return text.encode(coding)


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>{}]><x>&z;</x>".format(
    "".join(
        "<!ENTITY " + b + " '" + f"&{a};" * 10 + "'>"
        for a, b in zip("abcdefgh", "bcdefghz", strict=True)
    )
)
ATTACKS = {
    "doctype": doctype("", "utf-8"),
    "doctype-late": doctype(f"<!--{'x' * 100_000}-->", "utf-8"),
    "doctype-utf-16": doctype("", "utf-16"),
    "utf-32": doctype("", "utf-32"),
    "utf-7": doctype("", "utf-7"),
    "laughs": LAUGHS,
    "external": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    "bomb": b"<x>" + b" " * 34_000_000 + b"</x>",
    "ratio": b"<x>" + b"<y></y>" * 1_000_000 + b"</x>",
    "rows": rows("<row/>" * 1_000_000),
    "attributes": rows("<row " + " ".join(f"a{n}='x'" for n in range(5_000)) + "/>"),
    "long-attribute": rows(f'<row a="{"x" * 100_000}"/>'),
    "deep": "<x>" * 10_000 + "</x>" * 10_000,
    "cut": rows("")[:-20],
    "long-text": rows(f"<row><c><v>{'1' * 100_000}</v></c></row>"),
    "formulas": rows(
        f'<row><c><f t="shared" ref="A1:Z9" si="0">{"1+" * 4_000}1</f></c></row>'
        + '<row><c><f t="shared" si="0"/></c></row>' * 5_000
    ),
}


REASONS = {
    "doctype": "en dokumenttyp",
    "large": "32 megabyte när filen packats upp",
    "dense": "för stor när den packas upp",
    "complex": "mer än ett kalkylblad rymmer",
    "damaged": "en skadad Excelfil",
}
REASON_OF = {
    **dict.fromkeys(
        ("doctype", "doctype-late", "doctype-utf-16", "laughs", "external"), REASONS["doctype"]
    ),
    "bomb": REASONS["large"],
    **dict.fromkeys(("ratio", "rows"), REASONS["dense"]),
    **dict.fromkeys(("utf-32", "utf-7", "cut"), REASONS["damaged"]),
    **dict.fromkeys(
        ("attributes", "long-attribute", "deep", "long-text", "formulas"), REASONS["complex"]
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_part_of_a_workbook_is_refused(attack):
    with pytest.raises(SheetFaults) as refusal:
        read_sheet(workbook(ATTACKS[attack]), "a.xlsx", HEADINGS)
    assert REASON_OF[attack] in refusal.value.faults[0].found.sv


def test_a_text_that_stands_in_every_cell_is_refused():
    cell = '<c t="s"><v>0</v></c>'
    strings = f'<sst xmlns="{OPEN[18:-2]}"><si><t>{"x" * 2_000}</t></si></sst>'
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        types = archive.read("[Content_Types].xml").decode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    more = {
        "xl/sharedStrings.xml": strings,
        "[Content_Types].xml": types.replace("</Types>", override),
    }
    data = workbook(rows(f"<row>{cell * 90}</row>" * 100), **more)
    with pytest.raises(SheetFaults, match="more than a sheet may hold"):
        read_sheet(data, "a.xlsx", HEADINGS)


@pytest.mark.parametrize("change", ["crc", "locked", "many", "nested", "xlsb"])
def test_a_hostile_package_is_refused(change):
    data = workbook()
    if change == "crc":
        place = data.index(b"PK\x01\x02")
        data = data[: place + 16] + b"\x00\x00\x00\x01" + data[place + 20 :]
    elif change == "locked":
        place = data.index(b"PK\x01\x02")
        data = data[: place + 8] + b"\x01" + data[place + 9 :]
    elif change == "many":
        data = workbook(**{f"xl/{n}.xml": "<x/>" for n in range(600)})
    elif change == "nested":
        data = workbook(**{"xl/inner.zip": data})
    else:
        data = packed({"xl/workbook.bin": b"x", "[Content_Types].xml": "<x/>"})
    with pytest.raises(SheetFaults):
        read_sheet(data, "a.xlsx", HEADINGS)


@pytest.mark.parametrize(
    "part",
    [
        lambda n: f"{OPEN}<!--{'<mergeCell ' * n}--><sheetData>{ROW}{ROW}</sheetData></worksheet>",
        lambda n: (
            f"{OPEN}<sheetData>{ROW}<row r='2'><c t='inlineStr'><is><t>A</t></is></c></row>"
            "</sheetData><mergeCells>"
            + "<mergeCell ref='A1:A9999'/>" * n
            + "</mergeCells></worksheet>"
        ),
        lambda n: rows('<row r="2"><c r="XFD2"/></row>' + "<row/>" * n),
    ],
    ids=["comment", "merged", "empty-rows"],
)
def test_time_grows_with_size(part):
    def spent(n):
        data = workbook(part(n))
        times = []
        for _ in range(3):
            begun = time.process_time()
            with contextlib.suppress(SheetFaults):
                read_sheet(data, "a.xlsx", HEADINGS)
            times.append(time.process_time() - begun)
        return min(times)

    assert spent(20_000) / spent(5_000) <= 8


def pdf(change):
    with pikepdf.new() as document:
        page = document.add_blank_page()
        change(document, page)
        target = io.BytesIO()
        document.save(target)
    return target.getvalue()


def set_in(target, entries):
    for key, value in entries.items():
        target[key] = value


def action(kind):
    return pikepdf.Dictionary(S=pikepdf.Name(kind))


def annotation(kind):
    return pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(kind))])


@pytest.mark.parametrize(
    "change",
    [
        lambda d, _: set_in(d.Root, {"/OpenAction": action("/JavaScript")}),
        lambda d, _: set_in(d.Root, {"/OpenAction": action("/URI")}),
        lambda d, _: set_in(d.Root, {"/AA": pikepdf.Dictionary(WC=action("/URI"))}),
        lambda d, _: set_in(d.Root, {"/Names": pikepdf.Dictionary(EmbeddedFiles=[])}),
        lambda d, _: set_in(d.Root, {"/AcroForm": pikepdf.Dictionary(XFA=pikepdf.String("x"))}),
        *(
            lambda _, p, kind=kind: set_in(
                p.obj, {"/Annots": pikepdf.Array([pikepdf.Dictionary(A=action(kind))])}
            )
            for kind in ("/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE")
        ),
        *(
            lambda _, p, kind=kind: set_in(p.obj, {"/Annots": annotation(kind)})
            for kind in ("/RichMedia", "/3D", "/FileAttachment")
        ),
    ],
)
def test_a_pdf_that_acts_is_refused(change):
    with pytest.raises(UnfitAttachment, match="active"):
        kind_of(pdf(change))


def test_a_pdf_that_is_a_packed_file_too_is_refused():
    with pytest.raises(UnfitAttachment, match="two_kinds"):
        kind_of(pdf(lambda *_: None) + packed({"a": "b"}))


def docx(body="", relations="", types="", **more):
    return packed(
        {
            "[Content_Types].xml": f"<Types>{types}</Types>",
            "word/document.xml": f'<w:document xmlns:w="w">{body}</w:document>',
            "word/_rels/document.xml.rels": f"<Relationships>{relations}</Relationships>",
        }
        | more
    )


def relation(kind, target):
    return f'<Relationship Type="x/{kind}" Target="{target}" TargetMode="External"/>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (docx(relations=relation("attachedTemplate", "https://a.example/x.dotm")), "outside"),
        (docx(relations=relation("image", "//a.example/x.png")), "outside"),
        (docx(relations=relation("hyperlink", "file://a.example/x")), "outside"),
        (docx(body="<w:instrText>DDEAUTO c</w:instrText>"), "outside"),
        (docx(body="<w:instrText>DD</w:instrText><w:instrText>E c</w:instrText>"), "outside"),
        (docx(body='<w:fldSimple w:instr=" INCLUDETEXT x"/>'), "outside"),
        (docx(body="<w:altChunk/>"), "active"),
        (docx(body="<w:object><OLEObject/></w:object>"), "active"),
        (docx(**{"word/embeddings/a.bin": b"x"}), "active"),
        (docx(**{"word/activeX/a.bin": b"x"}), "active"),
        (docx(types='<Override ContentType="a.macroEnabled.b"/>'), "macros"),
        (docx(**{"word/vbaProject.bin": b"x"}), "macros"),
        (docx(**{"word/x.xml": doctype(f"<!--{'x' * 9_000}-->", "utf-16")}), "doctype"),
        (docx(**{"word/x.xml": b"<x>" + b" " * 34_000_000 + b"</x>"}), "large_inside"),
        (docx()[:-30], "damaged"),
    ],
)
def test_a_docx_that_acts_or_fetches_is_refused(data, reason):
    with pytest.raises(UnfitAttachment, match=reason):
        kind_of(data)


def test_a_plain_docx_with_a_link_is_taken():
    assert kind_of(docx(relations=relation("hyperlink", "https://a.example/"))) == "docx"
