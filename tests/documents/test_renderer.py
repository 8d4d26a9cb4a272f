"""HTML to PDF: the same bytes, the product's own assets only, within limits."""

from __future__ import annotations

import io
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest

from recruit.documents import renderer
from recruit.documents.renderer import (
    ForbiddenResource,
    Renderer,
    RenderError,
    RenderTimeout,
    asset,
    render_pdf,
)
from tests.documents.example import elements

PAGE = (
    '<!DOCTYPE html><html lang="sv"><head><title>Prov</title>'
    '<meta name="dcterms.created" content="2026-11-18T09:30:00+00:00"><style>'
    "@font-face { font-family: Inter; src: url(recruit:inter/inter-latin-400-normal.woff2); }"
    "@page { @bottom-right { content: counter(page) } } html { font-family: Inter }"
    "</style></head><body><h1>Prov</h1><table><thead><tr><th>A</th><th>B</th></tr></thead>"
    "<tbody><tr><th>C</th><td>D</td></tr></tbody></table>"
    '<p style="break-before: page">Två</p></body></html>'
)


def page(body: str) -> str:
    return PAGE.replace("</body>", f"{body}</body>")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_pdf(PAGE)


@pytest.fixture(scope="module")
def pool():
    pool = Renderer(workers=2, timeout=60)
    yield pool
    pool.close()


@pytest.fixture
def lone():
    """A pool of one worker, which has made a document already."""
    pool = Renderer(workers=1, timeout=60)
    pool.pdf(PAGE)
    yield pool
    pool.close()


def test_same_html_gives_same_bytes_at_another_time_and_in_a_worker(pdf, pool):
    time.sleep(1.1)
    assert render_pdf(PAGE) == pdf
    assert pool.pdf(PAGE) == pdf


def test_other_html_gives_another_identifier(pdf):
    with (
        pikepdf.open(io.BytesIO(pdf)) as one,
        pikepdf.open(io.BytesIO(render_pdf(page("<p>Tre</p>")))) as other,
    ):
        assert one.trailer.ID[0] != other.trailer.ID[0]


def test_dates_come_from_the_document(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as made:
        assert str(made.docinfo.CreationDate).startswith("D:20261118093000")


def test_header_cells_say_what_they_head(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as made:
        heads = [str(found.A.Scope) for found in elements(made) if str(found.S) == "/TH"]
        named = [found for found in elements(made) if "/ID" in found or "/A" in found]
    assert heads == ["/Column", "/Column", "/Row"]
    assert {str(found.S) for found in named} == {"/TH"}


def test_page_numbers_are_artifacts(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as made:
        for sheet in made.pages:
            content = sheet.Contents.read_bytes()
            assert content.count(b"/Artifact << /Type /Pagination >> BDC") == 1


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.png",
        "https://example.org/x.css",
        "ftp://example.org/x",
        "recruit:../../config.py",
        "recruit:%2e%2e/%2e%2e/config.py",
        "recruit:inter/../../../config.py",
        "recruit:/etc/passwd",
        "recruit:inter",
        "data:text/plain," + "x" * renderer.LARGEST_DATA_URL,
    ],
)
def test_only_the_products_own_assets_are_read(url):
    with pytest.raises(ForbiddenResource):
        asset(url)


@pytest.mark.parametrize(
    "body",
    [
        '<img alt="x" src="file:///etc/passwd">',
        '<img alt="x" src="http://127.0.0.1:9/x.png">',
        "<style>body { background: url(https://example.org/x.png) }</style>",
        "<style>@import url(file:///etc/passwd);</style>",
        '<link rel="stylesheet" href="file:///etc/passwd">',
        '<object data="file:///etc/passwd"></object>',
    ],
)
def test_forbidden_address_stops_the_document(body):
    with pytest.raises(ForbiddenResource):
        render_pdf(page(body))


def test_small_data_and_bundled_fonts_are_read():
    assert asset("data:text/plain,abc") == b"abc"
    assert asset("recruit:inter/inter-latin-400-normal.woff2")[:4] == b"wOF2"


def test_worker_says_what_was_forbidden_and_goes_on(pool, pdf):
    with pytest.raises(ForbiddenResource, match=r"^file:///etc/passwd$"):
        pool.pdf(page('<img alt="x" src="file:///etc/passwd">'))
    assert pool.pdf(PAGE) == pdf


def test_slow_document_is_stopped_and_the_place_is_free_again(pdf):
    pool = Renderer(workers=1, timeout=0.05)
    try:
        for _ in range(2):
            with pytest.raises(RenderTimeout):
                pool.pdf(PAGE)
        pool._timeout = 60
        assert pool.pdf(PAGE) == pdf
    finally:
        pool.close()


def test_waiting_for_a_worker_is_not_counted(lone, pdf):
    lone._timeout = 2
    place = lone._places.get()
    with ThreadPoolExecutor(1) as threads:
        made = threads.submit(lone.pdf, PAGE)
        time.sleep(2.5)
        assert not made.done()
        lone._places.put(place)
        assert made.result() == pdf


def test_time_that_others_take_is_not_counted(lone, pdf):
    worker = lone._places.queue[0].process
    lone._timeout = 2
    with ThreadPoolExecutor(1) as threads:
        os.kill(worker.pid, signal.SIGSTOP)
        made = threads.submit(lone.pdf, PAGE)
        time.sleep(2.5)
        os.kill(worker.pid, signal.SIGCONT)
        assert made.result() == pdf


def test_a_worker_at_a_standstill_is_given_up(lone, pdf):
    os.kill(lone._places.queue[0].process.pid, signal.SIGSTOP)
    lone._timeout = 0.1
    with pytest.raises(RenderTimeout):
        lone.pdf(PAGE)
    lone._timeout = 60
    assert lone.pdf(PAGE) == pdf


def test_too_little_memory_is_an_error_and_not_a_crash():
    pool = Renderer(workers=1, timeout=60, memory_mb=100)
    try:
        for _ in range(2):
            with pytest.raises(RenderError):
                pool.pdf(PAGE)
    finally:
        pool.close()


def test_pool_survives_the_death_of_a_worker(lone, pdf):
    worker = lone._places.queue[0].process
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    with pytest.raises(RenderError):
        lone.pdf(PAGE)
    assert lone.pdf(PAGE) == pdf


def test_what_a_worker_wrote_goes_with_it(lone):
    worker = lone._places.queue[0]
    folder = Path(worker.folder.name)
    assert any(folder.iterdir())
    os.kill(worker.process.pid, signal.SIGKILL)
    with pytest.raises(RenderError):
        lone.pdf(PAGE)
    assert not folder.exists()


def test_worker_is_replaced_after_its_share_of_work(monkeypatch, pdf):
    monkeypatch.setattr(renderer, "JOBS_PER_WORKER", 1)
    pool = Renderer(workers=1, timeout=60)
    try:
        assert pool.pdf(PAGE) == pdf
        assert pool._places.queue == [None]
    finally:
        pool.close()


def test_closing_stops_every_worker(make_pool):
    pool = make_pool(workers=2)
    pool.pdf(PAGE)
    busy = pool._places.get()
    pool.pdf(PAGE)
    pool._places.put(busy)
    processes = [worker.process for worker in pool._places.queue]
    pool.close()
    assert len(processes) == 2
    assert pool._places.queue == [None, None]
    for process in processes:
        with pytest.raises(ValueError, match="closed"):
            process.is_alive()
