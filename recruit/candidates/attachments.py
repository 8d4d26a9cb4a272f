"""What may be attached as a CV: told by its content, whatever its name."""

from __future__ import annotations

import io
import zipfile

import pikepdf

from recruit.candidates.office_files import Element, UnfitOfficeFile, inspect

MOST_BYTES = 10 * 1024 * 1024
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MOST_OBJECTS = 300_000
ACTIVE_KEYS = frozenset(
    {"/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"}
)
ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToR",
        "/GoToE",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
        "/GoTo3DView",
    }
)
ACTIVE_SUBTYPES = frozenset({"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D", "/FileAttachment"})
"""Annotations that run or carry something."""
PARTS_OF_DOCX = frozenset({"word/document.xml", "[Content_Types].xml"})
LOOKED_AT = frozenset(
    {
        "Relationship",
        "altChunk",
        "OLEObject",
        "control",
        "instrText",
        "fldSimple",
        "Override",
        "Default",
    }
)
FIELDS_THAT_FETCH = frozenset(
    {"DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "INCLUDE", "IMPORT", "LINK", "DATABASE"}
)


class UnfitAttachment(ValueError):
    """The file cannot be attached; the text is a code for the reason.

    ``empty``, ``large``, ``kind`` (neither PDF nor DOCX), ``two_kinds``, ``damaged``,
    ``password``, ``large_inside``,
    ``macros``, ``doctype``, ``active`` (acts when opened) or ``outside`` (fetches from elsewhere).
    """


def kind_of(data: bytes) -> str:
    """Return "pdf" or "docx". Raises UnfitAttachment."""
    if not data:
        raise UnfitAttachment("empty")
    if len(data) > MOST_BYTES:
        raise UnfitAttachment("large")
    if data.startswith(b"%PDF-"):
        if zipfile.is_zipfile(io.BytesIO(data)):
            raise UnfitAttachment("two_kinds")
        return _check_pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return _check_docx(data)
    raise UnfitAttachment("kind")


def _check_pdf(data: bytes) -> str:
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
            if document.is_encrypted:
                raise UnfitAttachment("password")
            if not document.pages:
                raise UnfitAttachment("damaged")
            _check_is_passive(document)
    except pikepdf.PasswordError as error:
        raise UnfitAttachment("password") from error
    except (pikepdf.PdfError, RuntimeError, TypeError) as error:
        raise UnfitAttachment("damaged") from error
    return "pdf"


def _check_is_passive(document: pikepdf.Pdf) -> None:
    """Refuse what does something by itself when the document is opened or read."""
    opening = document.Root.get("/OpenAction")
    # A place to begin at is a list or a jump there; any other action is not for a CV to take.
    if isinstance(opening, pikepdf.Dictionary) and _name(opening.get("/S")) != "/GoTo":
        raise UnfitAttachment("active")
    if len(document.objects) > MOST_OBJECTS:
        raise UnfitAttachment("large")
    pending = [*document.objects, document.trailer]
    looked_at = 0
    while pending:
        value = pending.pop()
        looked_at += 1
        if looked_at > MOST_OBJECTS * 10:
            raise UnfitAttachment("large")
        if isinstance(value, pikepdf.Array):
            pending += [item for item in value if _may_act(item)]  # type: ignore[attr-defined]
        elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
            entries = dict(value.items())
            if (
                entries.keys() & ACTIVE_KEYS
                or _name(entries.get("/S")) in ACTIONS
                or _name(entries.get("/Subtype")) in ACTIVE_SUBTYPES
            ):
                raise UnfitAttachment("active")
            pending += [item for item in entries.values() if _may_act(item)]


def _may_act(item: object) -> bool:
    """Return whether an item is looked into here; what has a number is in the list already."""
    return (
        isinstance(item, pikepdf.Array | pikepdf.Dictionary | pikepdf.Stream)
        and not item.is_indirect
    )


def _name(value: object) -> str:
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _check_docx(data: bytes) -> str:
    try:
        inspection = inspect(data, PARTS_OF_DOCX, LOOKED_AT)
    except UnfitOfficeFile as error:
        code = str(error)
        raise UnfitAttachment(
            "large_inside" if code in {"large", "dense", "complex"} else code
        ) from error
    parts = {name.lower().replace("\\", "/") for name in inspection.parts}
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in parts):
        raise UnfitAttachment("macros")
    if any("/embeddings/" in name or "/activex/" in name for name in parts):
        raise UnfitAttachment("active")
    for element in inspection.elements:
        _check_element(element)
    return "docx"


def _check_element(element: Element) -> None:
    attributes = {key.lower(): value for key, value in element.attributes.items()}
    kind = attributes.get("contenttype", "").lower() + attributes.get("type", "").lower()
    if element.name in {"altChunk", "OLEObject", "control"}:
        raise UnfitAttachment("active")
    if "macroenabled" in kind or "vbaproject" in kind:
        raise UnfitAttachment("macros")
    if element.name in {"Override", "Default"} and ("activex" in kind or "oleobject" in kind):
        raise UnfitAttachment("active")
    if element.name == "Relationship":
        type_ = kind.rpartition("/")[2]
        if type_ in {"oleobject", "package", "control", "afchunk", "activexcontrol"}:
            raise UnfitAttachment("active")
        external = attributes.get("targetmode", "").strip().lower() == "external"
        scheme = attributes.get("target", "").strip().lower().partition(":")[0]
        if external and not (type_ == "hyperlink" and scheme in {"http", "https", "mailto", "tel"}):
            raise UnfitAttachment("outside")
    words = (attributes.get("instr", "") + element.text).upper().split()
    if FIELDS_THAT_FETCH & set(words[:1]):
        raise UnfitAttachment("outside")
