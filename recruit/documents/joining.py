"""A long document as a list of parts, which are set each on their own and then joined.

A part begins on a page of its own, at a mark between two children of the body. What belongs to the
document as a whole stands between two other marks in the head: title, dates, and what runs at the
foot of every page. So does, between two more, the rule that numbers the pages. A part's HTML lacks
both, so the same text gives the same part wherever it stands and whatever stands beside it. The
frame is the opposite: the document without its text, as one empty page. The numbers are as many
empty pages as the parts need together, and the same for every document so long. Joining puts the
foot of the frame and a number under each page of the parts.

A link must point to its own part or out of the document, and the text of users is escaped, so that
it can hold no mark.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, OutlineItem, Pdf

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PART = "<!-- part -->"
OF_THE_WHOLE = re.compile(r"<!-- whole -->.*?<!-- /whole -->", re.DOTALL)
NUMBERING = re.compile(r"<!-- numbers -->.*?<!-- /numbers -->", re.DOTALL)
BODY = re.compile(r"(?<=<body>).*(?=</body>)", re.DOTALL)
PAGES = re.compile(rb"^%pages (\d+)\n", re.MULTILINE)
TAIL_BYTES = 120
"""So many at the end of a part hold the number of its pages and its seal."""
LEVELS = "Levels"
"""Where in its catalogue a part keeps the level of each of its bookmarks, in order."""


def parts(html: str) -> list[str]:
    """Return the HTML of each part; of a document without marks, itself."""
    body = BODY.search(html)
    if body is None or PART not in body[0]:
        return [html]
    before = NUMBERING.sub("", OF_THE_WHOLE.sub("", html[: body.start()]))
    return [before + text + html[body.end() :] for text in body[0].split(PART)]


def frame(html: str) -> str:
    """Return the document without its text and numbers: a page with nothing but its foot."""
    return NUMBERING.sub("", _empty(html, 1))


def numbers(html: str, pages: int) -> str:
    """Return so many pages with nothing but their numbers."""
    return OF_THE_WHOLE.sub("", _empty(html, pages))


def _empty(html: str, pages: int) -> str:
    pages_without_text = '<div class="new-page"></div>' * pages
    return BODY.sub(lambda _text: pages_without_text, html)


def counted(part: Pdf, data: bytes) -> bytes:
    """Return the part's file with the number of its pages as its last line."""
    return data + f"%pages {len(part.pages)}\n".encode()


def count_pages(made: Iterable[bytes]) -> int:
    """Return how many pages the parts, counted and sealed, have together."""
    return sum(int(PAGES.findall(part, len(part) - TAIL_BYTES)[-1]) for part in made)


def join(framed: Pdf, made: Sequence[bytes], numbered: bytes) -> None:
    """Put the parts' pages, structure, links and bookmarks into their frame, in order.

    ``numbered`` has exactly as many pages as the parts together.
    """
    foot = framed.pages[0].as_form_xobject()
    with Pdf.open(io.BytesIO(numbered)) as pdf:
        page_numbers = [framed.copy_foreign(page.as_form_xobject()) for page in pdf.pages]
    del framed.pages[:]
    root = framed.Root.StructTreeRoot
    document = root.K[0]
    elements: Any = Array()
    owners: Any = Array()
    outline: list[tuple[int, OutlineItem]] = []
    following = 0
    for data in made:
        with Pdf.open(io.BytesIO(data)) as part:
            first = len(framed.pages)
            outline += _bookmarks(part, first)
            framed.add_pages_from(part, outlines="ignore")
            # After the pages, so that what points to a page points to the copy.
            tree = framed.copy_foreign(part.Root.StructTreeRoot)
            for element in tree.K[0].K:
                element.P = document
                elements.append(element)
            own = tree.ParentTree.Nums
            for position in range(0, len(own), 2):
                owners.append(int(own[position]) + following)
                owners.append(own[position + 1])
            for number in range(first, len(framed.pages)):
                page = framed.pages[number]
                _renumber(page, following)
                _set_feet(page, {"/Foot": foot, f"/Number{number}": page_numbers[number]})
            following += max((int(own[at]) for at in range(0, len(own), 2)), default=-1) + 1
    document.K = elements
    root.ParentTree.Nums = owners
    _set_outline(framed, outline)


def _renumber(page: pikepdf.Page, following: int) -> None:
    """Let a page and its links name their places in the whole document's list."""
    page.obj.StructParents = int(page.obj.StructParents) + following
    for annotation in page.obj.get("/Annots", ()):
        if "/StructParent" in annotation:
            annotation.StructParent = int(annotation.StructParent) + following


def _set_feet(page: pikepdf.Page, feet: dict[str, Any]) -> None:
    """Draw the feet, which are named as no other page of the part names its own."""
    for name, foot in feet.items():
        page.obj.Resources.XObject[name] = foot
    drawn = " ".join(f"{name} Do" for name in feet)
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(f"\nQ\n/Artifact BMC {drawn} EMC\n".encode())


def _bookmarks(part: Pdf, first: int) -> list[tuple[int, OutlineItem]]:
    """Return the bookmarks of a part with their levels; ``first`` is its first page."""
    places = {page.objgen: number for number, page in enumerate(part.pages, start=first)}
    found: list[tuple[str, int, Any]] = []

    def walk(item: Any) -> None:
        while item is not None:
            page, _kind, left, top, _zoom = item.Dest
            found.append((str(item.Title), places[page.objgen], (left, top)))
            walk(item.get("/First"))
            item = item.get("/Next")

    walk(part.Root.get("/Outlines", Dictionary()).get("/First"))
    levels = [int(level) for level in part.Root[f"/{LEVELS}"]]
    return [
        (level, OutlineItem(title, page, "XYZ", left=float(left), top=float(top)))
        for level, (title, page, (left, top)) in zip(levels, found, strict=True)
    ]


def _set_outline(pdf: Pdf, items: Iterable[tuple[int, OutlineItem]]) -> None:
    with pdf.open_outline() as outline:
        outline.root.clear()
        above: list[tuple[int, OutlineItem]] = []
        for level, item in items:
            while above and above[-1][0] >= level:
                above.pop()
            (above[-1][1].children if above else outline.root).append(item)
            above.append((level, item))
