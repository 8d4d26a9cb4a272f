"""Documents of many parts: joined they are what one rendering in one go gives."""

from __future__ import annotations

import io
import multiprocessing
import os
import re
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pikepdf
import pytest

from recruit.core.ratings import RatingTable
from recruit.documents import joining, seal
from recruit.documents.cache import DocumentCache
from recruit.documents.grounds import TALL_PROFILE
from recruit.documents.overview import LONG_TABLES
from recruit.documents.renderer import (
    Renderer,
    RenderError,
    RenderTimeout,
    render_part,
    render_pdf,
)
from tests.documents.example import assert_accessible, document, elements, table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GROUP = "requisition-1"
BEFORE = (
    '<!DOCTYPE html><html lang="sv"><head><!-- whole --><title>Prov</title>'
    '<meta name="dcterms.created" content="2026-11-18T09:30:00+00:00"><style>'
    '@page { @bottom-left { content: "Prov" } }</style><!-- /whole --><!-- numbers --><style>'
    '@page { @bottom-right { content: "Sida " counter(page) " av " counter(pages) } }'
    "</style><!-- /numbers --><style>"
    "@font-face { font-family: Inter; src: url(recruit:inter/inter-latin-400-normal.woff2); }"
    "html { font-family: Inter } .new-page { break-before: page }"
    "</style></head><body>"
)
TABLE = (
    "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><th>C</th><td>D</td></tr>"
    "</tbody></table>"
)
SMALL = (
    f'{BEFORE}<h1>Ett</h1><p><a href="#far">Dit</a></p>{TABLE}<p class="new-page">Sida två</p>'
    '<h3 id="far">Djupt</h3><!-- part --><h2 class="new-page">Två</h2>'
    f'<p lang="en">Two <a href="https://example.org/x">out</a></p>{TABLE}<h3>Under</h3>'
    f'<!-- part --><h3 class="new-page">Än en</h3><h2>Tre</h2>{TABLE}</body></html>'
)


FIRST = ("Amina", "Björn", "Carin", "David", "Elsa", "Fatima", "Gösta", "Hanna", "Ivan", "Kim")


def large(
    language: str = "sv",
    *,
    names: Sequence[str] = FIRST,
    told: str = "Sa sedan något annat om arbetet.",
) -> str:
    """Return the HTML of a comparison of ten candidates, of whom one gave such an answer."""
    scores = {
        f"{name} Exempel": tuple(
            tuple(1 + (n * 7 + c * 3 + i) % 5 for i in range(4)) for c in range(3)
        )
        for n, name in enumerate(names)
    }
    given = table(scores)
    rows = [replace(given.rows[0], evidence=told), *given.rows[1:]]
    changes = {"must_have": {}, "pending": (), "language": language}
    return document(RatingTable(tuple(rows)), **changes).html()


# So many that the tables of the first pages are parts of their own.
MANY = [f"{first} {n}" for n in range(3) for first in FIRST][:LONG_TABLES]
HTML = {
    "small": SMALL,
    "large sv": large("sv"),
    "large en": large("en"),
    "many": large("sv", names=MANY),
}


@cache
def joined(which: str) -> bytes:
    return render_pdf(HTML[which])


@cache
def in_one_go(which: str) -> bytes:
    return render_pdf(HTML[which].replace(joining.PART, ""))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "documents"


def texts(pdf: bytes, tmp_path: Path) -> list[str]:
    """Return the text of each page."""
    path = tmp_path / "read.pdf"
    path.write_bytes(pdf)
    answer = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", path, "-"], capture_output=True, check=True
    )
    return answer.stdout.decode().split("\f")


def structure(pdf: pikepdf.Pdf) -> list[object]:
    """Return the tree as nested lists: what each element is, says, heads and stands on."""
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}

    def told(element):
        attributes = element.get("/A", ())
        given = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
        kids = element.get("/K", pikepdf.Array())
        return [
            str(element.S),
            str(element.get("/Alt", "")),
            str(element.get("/Lang", "")),
            [str(item.get("/Scope", "")) for item in given if item],
            pages[element.Pg.objgen] if "/Pg" in element else None,
            [
                told(kid) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid else mark(kid)
                for kid in (kids if isinstance(kids, pikepdf.Array) else [kids])
            ],
        ]

    def mark(kid):
        if isinstance(kid, int):
            return kid
        return str(kid.Obj.Subtype) if "/Obj" in kid else int(kid.MCID)

    return told(pdf.Root.StructTreeRoot.K[0])


def outline(pdf: pikepdf.Pdf) -> list[object]:
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}

    def told(item):
        found = []
        while item is not None:
            page, kind, left, top, *_ = item.Dest
            place = (pages[page.objgen], str(kind), round(float(left), 3), round(float(top), 3))
            found.append((str(item.Title), place, told(item.get("/First"))))
            item = item.get("/Next")
        return found

    return told(pdf.Root.Outlines.First)


def links(pdf: pikepdf.Pdf) -> list[tuple[int, str]]:
    """Return the page and the target of each link; one within as the page it leads to."""
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    places = {}
    if "/Names" in pdf.Root:
        # The standard lets a name lead to a place or to a dictionary that holds it.
        names = list(pdf.Root.Names.Dests.Names)
        places = {
            str(name): str(
                pages[(place.D if isinstance(place, pikepdf.Dictionary) else place)[0].objgen]
            )
            for name, place in zip(names[::2], names[1::2], strict=True)
        }
    found = []
    for number, page in enumerate(pdf.pages):
        for link in page.obj.get("/Annots", ()):
            outward = "/A" in link and "/URI" in link.A
            found.append((number, str(link.A.URI) if outward else places[str(link.Dest)]))
    return found


@pytest.mark.parametrize("which", HTML)
def test_joined_is_what_one_go_gives(which, tmp_path):
    assert len(joining.parts(HTML[which])) >= 3
    assert texts(joined(which), tmp_path) == texts(in_one_go(which), tmp_path)
    with (
        pikepdf.open(io.BytesIO(joined(which))) as one,
        pikepdf.open(io.BytesIO(in_one_go(which))) as other,
    ):
        assert structure(one) == structure(other)
        assert outline(one) == outline(other)
        assert links(one) == links(other)
        assert dict(one.docinfo.items()) == dict(other.docinfo.items())
        assert one.Root.Metadata.read_bytes() == other.Root.Metadata.read_bytes()
        for key in ("/Lang", "/MarkInfo", "/ViewerPreferences"):
            assert one.Root[key] == other.Root[key]


def test_the_small_one_has_links_of_both_kinds():
    with pikepdf.open(io.BytesIO(joined("small"))) as pdf:
        assert links(pdf) == [(0, "1"), (2, "https://example.org/x")]


@pytest.mark.parametrize("which", HTML)
def test_content_and_structure_name_each_other(which):
    with pikepdf.open(io.BytesIO(joined(which))) as pdf:
        numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
        keys = [int(key) for key in list(numbers)[::2]]
        assert keys == sorted(set(keys))
        owners = dict(zip(keys, list(numbers)[1::2], strict=True))
        pages = [page.obj for page in pdf.pages]
        assert len({int(page.StructParents) for page in pages}) == len(pages)
        for page in pages:
            for mark, owner in enumerate(owners[int(page.StructParents)]):
                if owner is not None:
                    assert owner.Pg.objgen == page.objgen
                    assert mark in [kid for kid in owner.K if isinstance(kid, int)]
            for link in page.get("/Annots", ()):
                assert pikepdf.Name.Link == owners[int(link.StructParent)].S
        # An element with a name would have to stand in a list of names, which there is not.
        assert not [element for element in elements(pdf) if "/ID" in element]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_joined_passes_independent_checkers(language, check):
    made = joined(f"large {language}")
    title = {"sv": "Kandidatjämförelse", "en": "Candidate comparison"}[language]
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert_accessible(pdf, title=f"{title}: Enhetschef i hemtjänsten", language=language)
    done = check(made, "outloud", "--fail-on", "error")
    # Portraits that begin their pages alike look to it like a running head; they are none.
    assert set(re.findall(r"WARNING (\S+)", done.stdout)) <= {"PAG-001"}, done.stdout
    assert done.returncode == 0, done.stdout
    done = check(made, "pdfua", "check")
    assert done.returncode == 0, done.stdout


def test_verify_makes_it_again_from_what_it_holds():
    pdf = joined("small")
    verdict = seal.verify(pdf, render_pdf)
    assert (verdict.untouched, verdict.same, verdict.title) == (True, True, "Prov")


def test_workers_give_the_same_bytes(make_pool):
    pool = make_pool(workers=2)
    assert pool.pdf(SMALL) == joined("small")


def test_a_part_does_not_depend_on_where_it_stands():
    one, two, three = joining.parts(SMALL)
    other = SMALL.replace("<title>Prov", "<title>Annat").replace("Ett", "Ettan")
    assert joining.parts(other)[1:] == [two, three]
    assert "Prov" not in one
    assert "counter" not in one


def test_text_of_users_is_no_mark():
    made = document(title=joining.PART, unit="<!-- whole -->").html()
    assert joining.parts(made) == [made]


class Counted:
    """Parts in a folder, and which of them had to be made."""

    def __init__(self, folder: Path) -> None:
        self._parts = DocumentCache(folder, 50).parts(GROUP)
        self.made: list[str] = []

    def find(self, html: str) -> bytes | None:
        return self._parts.find(html)

    def keep(self, html: str, made: bytes) -> None:
        self.made.append(html)
        self._parts.keep(html, made)


def test_a_long_table_is_a_part_of_its_own():
    front = [
        part
        for part in joining.parts(HTML["many"])
        if "portrait" not in joining.BODY.search(part)[0]
    ]
    assert [part.count("<table") for part in front[:3]] == [1, 1, 3]


@pytest.mark.parametrize(("competencies", "portraits"), [(TALL_PROFILE - 1, 2), (TALL_PROFILE, 1)])
def test_a_part_holds_the_portraits_that_fit_on_its_page(competencies, portraits, pages):
    keys = tuple(f"competency-{n}" for n in range(competencies))
    scores = dict.fromkeys(FIRST, ((1, 2, 4, 5),) * competencies)
    parts = joining.parts(document(table(scores, competencies=keys), must_have={}).html())
    first = next(part for part in parts if 'class="portrait"' in part)
    assert first.count('class="portrait"') == portraits
    assert len(pages(render_pdf(first))) == 1


def test_a_changed_candidate_takes_only_the_parts_it_is_in(folder, make_pool):
    pool, kept = make_pool(workers=2), Counted(folder)
    before, after = large(), large(told="Ett nytt svar, som ingen har hört förut.")
    assert pool.pdf(before, kept) == joined("large sv")
    *parts, numbers = kept.made
    assert sorted(parts) == sorted(joining.parts(before))
    with pikepdf.open(io.BytesIO(joined("large sv"))) as pdf:
        assert numbers == joining.numbers(before, len(pdf.pages))
    kept.made.clear()
    again = pool.pdf(after, kept)
    assert sorted(kept.made) == sorted(set(joining.parts(after)) - set(joining.parts(before)))
    assert 0 < len(kept.made) < len(joining.parts(after))
    assert again == pool.pdf(after)


@pytest.mark.parametrize("damage", [lambda d: b"", lambda d: d[: len(d) // 2], lambda d: d + b"x"])
def test_a_damaged_part_is_made_anew(folder, damage, make_pool):
    pool, kept = make_pool(), Counted(folder)
    pool.pdf(SMALL, kept)
    kept.made.clear()
    broken = next(path for path in (folder / GROUP).iterdir())
    broken.write_bytes(damage(broken.read_bytes()))
    assert pool.pdf(SMALL, kept) == joined("small")
    assert len(kept.made) == 1


def make_in_a_process(folder, answer):
    pool = Renderer(workers=2)
    answer.put(pool.pdf(SMALL, DocumentCache(folder, 50).parts(GROUP)))
    pool.close()


def test_two_processes_at_once_make_the_same(folder):
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    pair = [context.Process(target=make_in_a_process, args=(folder, answer)) for _ in range(2)]
    for process in pair:
        process.start()
    assert [answer.get(timeout=120) for _ in pair] == [joined("small")] * 2
    for process in pair:
        process.join()
    assert [process.exitcode for process in pair] == [0, 0]


def test_a_killed_worker_fails_the_document_and_leaves_no_half_part(folder, make_pool):
    pool, kept = make_pool(), Counted(folder)
    pool.pdf(SMALL)
    worker = pool._places.get()
    os.kill(worker.process.pid, 9)
    worker.process.join()
    pool._places.put(worker)
    with pytest.raises(RenderError):
        pool.pdf(SMALL, kept)
    assert pool.pdf(SMALL, kept) == joined("small")


def test_the_limit_is_for_the_parts_together(make_pool):
    pool = make_pool()
    pool.pdf(SMALL)
    pool._timeout = 0.01
    with pytest.raises(RenderTimeout):
        pool.pdf(SMALL)
    pool._timeout = 60
    assert pool.pdf(SMALL) == joined("small")


class Watched:
    """Parts that are never kept; of each that is looked for the name of its document is noted."""

    def __init__(self, name: str, asked: list[str], go: threading.Event) -> None:
        self.name, self.asked, self.go = name, asked, go

    def find(self, html: str) -> bytes | None:
        self.asked.append(self.name)
        self.go.wait()
        return None

    def keep(self, html: str, made: bytes) -> None:
        pass


def test_documents_take_turns(make_pool):
    pool, asked, go = make_pool(), [], threading.Event()
    try:
        with ThreadPoolExecutor(2) as threads:
            made = []
            for name, begun in (
                ("first", lambda: asked),
                ("second", pool._threads._work_queue.qsize),
            ):
                made.append(threads.submit(pool.pdf, SMALL, Watched(name, asked, go)))
                while not begun():
                    time.sleep(0.01)
            go.set()
            assert [one.result() for one in made] == [joined("small")] * 2
        # Three parts and the numbers of the pages.
        assert asked == ["first", "second"] * 4
    finally:
        go.set()


def test_parts_are_erased_with_their_requisition(folder):
    kept = DocumentCache(folder, 50)
    part = joining.parts(SMALL)[0]
    kept.parts(GROUP).keep(part, render_part(part))
    assert kept.parts(GROUP).find(part) is not None
    assert kept.parts("requisition-2").find(part) is None
    kept.erase(GROUP)
    assert kept.parts(GROUP).find(part) is None
