"""Whether a document is as it was made: the seal on its last line, and the source within it.

Every document ends in a line with the SHA-256 of all bytes before it; ``head -n -1 FILE |
sha256sum`` shows the same sum. So a changed, cut or again saved file is told from the one that was
made. Within the file, where the PDF standard keeps programs' own data (/PieceInfo), lies the HTML
that it was made from. Rendering that again must give the same file to the byte: so the pages show
what their source says, and nothing was painted over before the seal was put on anew.

A seal without a secret cannot tell who made a file. The checksum of the content, which is printed
in the document, is the same for the same grounds: compare it with that of a fresh document, or
with the copy on paper.
"""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Dictionary, Name, Pdf, Stream

from recruit import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAM = "Recruit"
LINE = re.compile(rb"%recruit sha256 ([0-9a-f]{64})\n\Z")
LINE_BYTES = 81
LARGEST_SOURCE = 64 * 1024 * 1024
CHECKSUM = re.compile(r'<meta name="recruit\.checksum" content="([0-9a-f]{64})">')
TITLE = re.compile(r"<title>([^<]*)</title>")


class Unfit(StrEnum):
    """Why a file cannot be judged."""

    EMPTY = "empty"
    NOT_PDF = "not pdf"
    LOCKED = "locked"
    DAMAGED = "damaged"
    FOREIGN = "foreign"


class UnfitFile(ValueError):
    """The file is no document of this product that can be judged; ``why`` says what it is."""

    def __init__(self, why: Unfit) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Verdict:
    """What a file says of itself.

    ``untouched``: the seal holds. ``same``: rendering the source again gives the same bytes; False
    when it was not tried, because the seal is broken or missing. ``version`` is the program's that
    made it, ``checksum`` that of the content, empty for a document that prints none.
    """

    untouched: bool
    same: bool
    title: str
    checksum: str
    version: str


def seal(pdf: Pdf, html: str) -> bytes:
    """Return the document with the HTML that it was made from, and its seal as the last line.

    The same input gives the same bytes.
    """
    made = pdf.docinfo.get("/ModDate") or pdf.docinfo.get("/CreationDate") or "D:19700101000000Z"
    private = Dictionary(Version=__version__, Source=Stream(pdf, html.encode()))
    pdf.Root.PieceInfo = Dictionary(
        {f"/{PROGRAM}": Dictionary(LastModified=str(made), Private=private)}
    )
    return sealed(saved(pdf))


def saved(pdf: Pdf) -> bytes:
    """Return the file; the identifier that the renderer derived from the content stays."""
    result = io.BytesIO()
    pdf.save(
        result,
        static_id=False,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return result.getvalue()


def sealed(data: bytes) -> bytes:
    """Return the file with its seal as the last line."""
    return data + f"%recruit sha256 {hashlib.sha256(data).hexdigest()}\n".encode()


def holds(data: bytes) -> bool:
    """Tell whether a file has a seal and is as it was when that was set."""
    seal = LINE.search(data, max(0, len(data) - LINE_BYTES))
    return seal is not None and (
        hashlib.sha256(memoryview(data)[: seal.start()]).hexdigest().encode() == seal[1]
    )


def verify(data: bytes, render: Callable[[str], bytes]) -> Verdict:
    """Return whether a file is untouched and would be made the same again.

    ``render`` makes the document of HTML. Raises UnfitFile, and what ``render`` raises.
    """
    if not data:
        raise UnfitFile(Unfit.EMPTY)
    seal = LINE.search(data, max(0, len(data) - LINE_BYTES))
    untouched = holds(data)
    if seal is None and b"%PDF-" not in data[:1024]:
        raise UnfitFile(Unfit.NOT_PDF)
    try:
        html, version = _source(data)
    except UnfitFile:
        if seal is None:
            raise
        # The seal line is ours, and what lies before it cannot even be read.
        return Verdict(untouched=False, same=False, title="", checksum="", version="")
    title, checksum = TITLE.search(html), CHECKSUM.search(html)
    return Verdict(
        untouched=untouched,
        same=untouched and render(html) == data,
        title=unescape(title[1].strip()) if title else "",
        checksum=checksum[1] if checksum else "",
        version=version,
    )


def _source(data: bytes) -> tuple[str, str]:
    """Return the HTML in a file and the version that wrote it. Raises UnfitFile."""
    try:
        with Pdf.open(io.BytesIO(data)) as pdf:
            private: Any = pdf.Root
            for key in ("/PieceInfo", f"/{PROGRAM}", "/Private"):
                private = private.get(key, Dictionary())
            if "/Source" not in private:
                raise UnfitFile(Unfit.FOREIGN)
            return _inflated(private.Source), str(private.get("/Version", ""))
    except pikepdf.PasswordError:
        raise UnfitFile(Unfit.LOCKED) from None
    except (pikepdf.PdfError, zlib.error, UnicodeDecodeError, AttributeError, TypeError):
        raise UnfitFile(Unfit.DAMAGED) from None


def _inflated(stream: Any) -> str:
    """Return the text of a stream, never more than the largest that is ours."""
    if stream.get("/Filter") != Name.FlateDecode:
        raise UnfitFile(Unfit.DAMAGED)
    decoder = zlib.decompressobj()
    text = decoder.decompress(stream.read_raw_bytes(), LARGEST_SOURCE)
    if decoder.unconsumed_tail or not decoder.eof:
        raise UnfitFile(Unfit.DAMAGED)
    return text.decode()
