"""Files from office programs, which are packed XML: looked over within limits before any reading.

A few kilobytes can unpack to gigabytes, or hold what a reader takes minutes for. So each part is
unpacked piece by piece and read by expat, which takes a time linear in its size, until a limit is
met.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.parsers import expat

MOST_UNPACKED = 32 * 1024 * 1024
MOST_PARTS = 500
MOST_TIMES_SMALLER = 100
"""How much smaller packing may make a file; sheets that people fill come to some tens."""
SMALL = 256 * 1024
"""Unpacked bytes below which any packing will do."""
MOST_ELEMENTS = 600_000
MOST_ATTRIBUTES = 1_500_000
MOST_ATTRIBUTES_OF_ONE = 100
LONGEST_ATTRIBUTE = 8_192
LONGEST_FORMAT = 255
LONGEST_NAME = 200
DEEPEST = 100
LONGEST_TEXT = 65_536
MOST_FORMATS = 1_000
MOST_FORMULA_WORK = 3_000_000
"""Formulas times characters of the longest: a formula that cells share is read for each of them."""
PIECE = 64 * 1024
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".wdp")
OTHER_DATA = (*PICTURES, ".bin", ".odttf", ".fntdata", ".vml", ".psmdcp")


class UnfitOfficeFile(ValueError):
    """The file is not read; the text is a code for the reason.

    ``kind`` (has not the parts asked for), ``damaged``, ``password``, ``large``, ``dense`` (packed
    as no program packs what people write), ``doctype`` or ``complex``. ``unpacked`` are the bytes
    of what is ``large``.
    """

    def __init__(self, code: str, unpacked: int = 0) -> None:
        super().__init__(code)
        self.unpacked = unpacked


@dataclass
class Element:
    """An element that somebody asked for, with the names as written less their prefixes."""

    part: str
    name: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Inspection:
    """What was seen in a file, and the file again with nothing but the XML that was looked at."""

    parts: list[str]
    elements: list[Element]
    checked: bytes


@dataclass
class _Counts:
    bytes: int = 0
    elements: int = 0
    attributes: int = 0
    formats: int = 0
    formulas: int = 0
    longest_formula: int = 0


@dataclass
class _PartReader:
    """Reads one part; raises UnfitOfficeFile as soon as it passes a limit."""

    part: str
    counts: _Counts
    wanted: frozenset[str]
    elements: list[Element]
    path: list[str] = field(default_factory=list)
    text: int = 0
    in_one_field: bool = False

    def parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self.doctype
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        return parser

    def doctype(self, *_declared: object) -> None:
        raise UnfitOfficeFile("doctype")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        counts = self.counts
        counts.elements += 1
        counts.attributes += len(attributes)
        self.path.append(name)
        self.text = 0
        if (
            counts.elements > MOST_ELEMENTS
            or counts.attributes > MOST_ATTRIBUTES
            or len(attributes) > MOST_ATTRIBUTES_OF_ONE
            or len(self.path) > DEEPEST
            or len(tag) > LONGEST_NAME
            or any(
                len(key) > LONGEST_NAME or len(value) > LONGEST_ATTRIBUTE
                for key, value in attributes.items()
            )
        ):
            raise UnfitOfficeFile("complex")
        if name == "numFmt":
            counts.formats += 1
            if counts.formats > MOST_FORMATS or len(attributes.get("formatCode", "")) > (
                LONGEST_FORMAT
            ):
                raise UnfitOfficeFile("complex")
        if name == "f":
            counts.formulas += 1
        if name == "fldChar":
            self.in_one_field = "begin" not in attributes.values() and self.in_one_field
        if name == "instrText" and self.in_one_field:
            return
        if name in self.wanted:
            self.in_one_field = name == "instrText"
            plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
            self.elements.append(Element(self.part, name, plain))

    def end(self, _tag: str) -> None:
        counts = self.counts
        if self.path.pop() == "f":
            counts.longest_formula = max(counts.longest_formula, self.text)
            if counts.formulas * counts.longest_formula > MOST_FORMULA_WORK:
                raise UnfitOfficeFile("complex")
        self.text = 0

    def characters(self, text: str) -> None:
        self.text += len(text)
        # A field's instruction may be cut into runs; they are read together.
        if self.path and self.path[-1] == "instrText" and self.elements:
            instruction = self.elements[-1]
            instruction.text = (instruction.text + text).lstrip()[:LONGEST_NAME]
        if self.text > LONGEST_TEXT:
            raise UnfitOfficeFile("complex")


def inspect(data: bytes, needed: frozenset[str], wanted: frozenset[str]) -> Inspection:
    """Return what a file with the parts ``needed`` holds, with the elements called ``wanted``.

    Raises UnfitOfficeFile.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if not needed <= set(archive.namelist()):
                raise UnfitOfficeFile("kind")
            return _inspect(archive, wanted, len(data))
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError) as error:
        raise UnfitOfficeFile("damaged") from error
    # Codings that nobody has, packing that is not known, a part that ends too soon.
    except (ValueError, LookupError, OSError, EOFError, RuntimeError) as error:
        if isinstance(error, UnfitOfficeFile):
            raise
        raise UnfitOfficeFile("damaged") from error


def _inspect(archive: zipfile.ZipFile, wanted: frozenset[str], packed: int) -> Inspection:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    declared = sum(part.file_size for part in parts)
    if declared > MOST_UNPACKED:
        raise UnfitOfficeFile("large", declared)
    if len(parts) > MOST_PARTS:
        raise UnfitOfficeFile("complex")
    if declared > SMALL and declared > packed * MOST_TIMES_SMALLER:
        raise UnfitOfficeFile("dense")
    if len({name.lower() for name in names}) < len(names):
        raise UnfitOfficeFile("damaged")
    if any(part.flag_bits & 1 for part in parts):
        raise UnfitOfficeFile("password")
    if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts):
        raise UnfitOfficeFile("damaged")
    counts = _Counts()
    elements: list[Element] = []
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as checked:
        for part in parts:
            if part.is_dir() or part.filename.lower().endswith(OTHER_DATA):
                continue
            content = _content(archive, part, counts)
            _PartReader(part.filename, counts, wanted, elements).parser().Parse(content, True)  # noqa: FBT003 - the parser's own
            checked.writestr(part.filename, content)
    return Inspection(names, elements, target.getvalue())


def _content(archive: zipfile.ZipFile, part: zipfile.ZipInfo, counts: _Counts) -> bytes:
    pieces = []
    with archive.open(part) as source:
        while piece := source.read(PIECE):
            counts.bytes += len(piece)
            if counts.bytes > MOST_UNPACKED:
                raise UnfitOfficeFile("large", counts.bytes)
            pieces.append(piece)
    return b"".join(pieces)
