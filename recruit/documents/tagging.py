"""What PDF/UA asks for and WeasyPrint leaves out: scopes, artifacts, print flags, form fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from recruit.documents import fields

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = re.compile(rb"/\w+\s*<<\s*/MCID\s+(\d+)\s*>>\s*BDC")
PRINT = 4
ARTIFACT = b"/Artifact << /Type /Pagination >> BDC"


def finish(pdf: Pdf, scope: str = "") -> None:
    """Give every TH a /Scope, make margin boxes artifacts, and let links print.

    ``scope`` is set before the names of header cells, so that those of parts that are joined
    differ.
    """
    tagged: dict[tuple[int, int], set[int]] = {}
    for element, in_head in _elements(pdf.Root.StructTreeRoot.K, in_head=False):
        if element.get("/S") == Name.TH:
            _set_scope(element, Name.Column if in_head else Name.Row)
        if scope:
            _rename(element, scope)
        if "/Pg" in element:
            own = tagged.setdefault(element.Pg.objgen, set())
            own.update(_marks(element.get("/K")))
    for page in pdf.pages:
        _mark_artifacts(pdf, page, tagged.get(page.obj.objgen, set()))
        for annotation in page.obj.get("/Annots", ()):
            annotation.F = int(annotation.get("/F", 0)) | PRINT
    fields.finish(pdf)


def _elements(kids: Any, *, in_head: bool) -> Iterator[tuple[Any, bool]]:
    """Yield the structure elements below ``kids`` and whether they are within a table head."""
    pending = [(kids, in_head)]
    while pending:
        kid, within = pending.pop()
        if isinstance(kid, Array):
            pending.extend((child, within) for child in kid)
        elif isinstance(kid, Dictionary) and kid.get("/Type") == Name.StructElem:
            head = within or kid.get("/S") == Name.THead
            yield kid, head
            if "/K" in kid:
                pending.append((kid.K, head))


def _set_scope(element: Any, scope: Name) -> None:
    attributes = element.get("/A")
    if isinstance(attributes, Array):
        attributes = next((item for item in attributes if item.get("/O") == Name.Table), None)
    if attributes is None:
        element.A = Dictionary(O=Name.Table, Scope=scope)
    else:
        attributes.Scope = scope


def _rename(element: Any, scope: str) -> None:
    if "/ID" in element:
        element.ID = String(scope + str(element.ID))
    attributes = element.get("/A", ())
    for item in attributes if isinstance(attributes, Array) else [attributes]:
        if "/Headers" in item:
            item.Headers = Array(String(scope + str(name)) for name in item.Headers)


def _marks(kids: Any) -> Iterator[int]:
    """Yield the numbers of the pieces of content that belong to an element itself."""
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, int):
            yield kid
        elif isinstance(kid, Dictionary) and kid.get("/Type") == Name.MCR:
            yield int(kid.MCID)


def _mark_artifacts(pdf: Pdf, page: pikepdf.Page, tagged: set[int]) -> None:
    """Turn marked content that no structure element owns into artifacts."""

    def rewritten(match: re.Match[bytes]) -> bytes:
        return match[0] if int(match[1]) in tagged else ARTIFACT

    contents = page.obj.Contents
    for stream in contents if isinstance(contents, Array) else [contents]:
        assert isinstance(stream, Stream)
        before = stream.read_bytes()
        after = MARK.sub(rewritten, before)
        if after != before:
            stream.write(after)
    _forget(pdf, page, tagged)


def _forget(pdf: Pdf, page: pikepdf.Page, tagged: set[int]) -> None:
    """Let the page's list from mark to element no longer name what has become an artifact."""
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    key = page.obj.get("/StructParents")
    for position in range(0, len(numbers), 2):
        entries = numbers[position + 1]
        if numbers[position] == key and isinstance(entries, Array):
            numbers[position + 1] = Array(
                entry if mark in tagged else None for mark, entry in enumerate(entries)
            )
