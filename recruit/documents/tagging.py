"""What PDF/UA asks for and WeasyPrint leaves out: scopes, artifacts, print flags, form fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from recruit.documents import fields

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT_HOLDERS = frozenset(
    {Name.H1, Name.H2, Name.H3, Name.H4, Name.LBody, Name.P, Name.Span, Name.TD, Name.TH}
)
NOTHING_BUT_CONTENT = frozenset({"/Type", "/S", "/P", "/Pg", "/K"})
MARK = re.compile(rb"/\w+\s*<<\s*/MCID\s+(\d+)\s*>>\s*BDC")
PRINT = 4
ARTIFACT = b"/Artifact << /Type /Pagination >> BDC"


def finish(pdf: Pdf) -> None:
    """Say what cells head, dissolve empty spans, make margin boxes artifacts, let links print."""
    listed = pdf.Root.StructTreeRoot.ParentTree.Nums
    owners = {int(listed[at]): listed[at + 1] for at in range(0, len(listed), 2)}
    tagged: dict[tuple[int, int], set[int]] = {}
    for element, in_head in _elements(pdf.Root.StructTreeRoot):
        kind = element.S
        if kind in TEXT_HOLDERS:
            _dissolve_spans(element, owners)
        if kind == Name.TH:
            _set_scope(element, Name.Column if in_head else Name.Row)
        elif kind == Name.TD:
            _forget_heads(element)
        if "/Pg" in element:
            own = tagged.setdefault(element.Pg.objgen, set())
            own.update(_marks(element.get("/K")))
    for page in pdf.pages:
        _mark_artifacts(pdf, page, tagged.get(page.obj.objgen, set()))
        for annotation in page.obj.get("/Annots", ()):
            annotation.F = int(annotation.get("/F", 0)) | PRINT
    fields.finish(pdf)


def _elements(root: Any) -> Iterator[tuple[Any, bool]]:
    """Yield the structure elements and whether they are within a table head.

    What is below an element is looked up after it was yielded, so that it may be changed.
    """
    pending = [(root, False)]
    while pending:
        parent, in_head = pending.pop()
        kids = parent.get("/K", ())
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary) and kid.get("/Type") == Name.StructElem:
                head = in_head or kid.get("/S") == Name.THead
                yield kid, head
                pending.append((kid, head))


def _dissolve_spans(element: Any, owners: dict[int, Any]) -> None:
    """Let the text of spans that have no language or other meaning belong to what they stand in.

    WeasyPrint makes one or two for every piece of text, half of all elements. Where other elements
    stand beside the text they stay: programs differ in how they order text among elements.
    ``owners`` are the lists from mark to element, by what pages call them.
    """
    page = element.Pg
    content = list(_content(element.get("/K", Array()), page.objgen))
    if all(isinstance(kid, int) for kid in content):
        element.K = Array(content)
        own = owners[int(page.StructParents)]
        for kid in content:
            own[kid] = element


def _content(kids: Any, page: tuple[int, int]) -> Iterator[Any]:
    """Yield what stands on a page, what stands in spans that say nothing in their place."""
    for kid in kids if isinstance(kids, Array) else [kids]:
        if (
            isinstance(kid, Dictionary)
            and kid.get("/S") == Name.Span
            and kid.keys() == NOTHING_BUT_CONTENT
            and kid.Pg.objgen == page
        ):
            yield from _content(kid.K, page)
        else:
            yield kid


def _set_scope(element: Any, scope: Name) -> None:
    """Let a head say whether it heads its column or its row."""
    if "/ID" in element:
        del element.ID
    attributes = _of_table(element)
    if attributes is None:
        element.A = Dictionary(O=Name.Table, Scope=scope)
    else:
        attributes.Scope = scope


def _forget_heads(element: Any) -> None:
    """Let a cell no longer name its heads.

    WeasyPrint names them without the list of names that the standard asks for then. Where no cells
    are merged, what the heads say of themselves is enough.
    """
    attributes = _of_table(element)
    if attributes is not None and "/Headers" in attributes:
        del attributes.Headers
        if attributes.keys() == {"/O"}:
            del element.A


def _of_table(element: Any) -> Any:
    """Return what an element says of its place in a table, or None."""
    attributes = element.get("/A")
    if isinstance(attributes, Array):
        return next((item for item in attributes if item.get("/O") == Name.Table), None)
    return attributes


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
