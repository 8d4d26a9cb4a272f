"""What may be attached as a CV: told by its content, whatever its name."""

from __future__ import annotations

import io
import zipfile

import pikepdf

MOST_BYTES = 10 * 1024 * 1024
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
LONGEST_LIST = 1024 * 1024


class UnfitAttachment(ValueError):
    """The file cannot be attached; the text is a code for the reason.

    ``empty``, ``large``, ``kind`` (neither PDF nor DOCX), ``damaged``, ``password`` or ``macros``.
    """


def kind_of(data: bytes) -> str:
    """Return "pdf" or "docx". Raises UnfitAttachment."""
    if not data:
        raise UnfitAttachment("empty")
    if len(data) > MOST_BYTES:
        raise UnfitAttachment("large")
    if data.startswith(b"%PDF-"):
        return _check_pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return _check_docx(data)
    raise UnfitAttachment("kind")


def _check_pdf(data: bytes) -> str:
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
            if not document.pages:
                raise UnfitAttachment("damaged")
    except pikepdf.PasswordError as error:
        raise UnfitAttachment("password") from error
    except pikepdf.PdfError as error:
        raise UnfitAttachment("damaged") from error
    return "pdf"


def _check_docx(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {part.filename: part for part in archive.infolist()}
            if "word/document.xml" not in parts or "[Content_Types].xml" not in parts:
                raise UnfitAttachment("kind")
            with archive.open("[Content_Types].xml") as content:
                types = content.read(LONGEST_LIST).lower()
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise UnfitAttachment("damaged") from error
    if b"macroenabled" in types or any(name.lower().endswith("vbaproject.bin") for name in parts):
        raise UnfitAttachment("macros")
    return "docx"
