"""HTML to tagged, reproducible PDF, in bounded worker processes.

WeasyPrint holds the interpreter lock and can be made to work long on hostile input. So a server
renders in workers with a time limit and a memory limit, and recycles them; the command line renders
in its own process. The parts of a long document are made by several workers, and those that were
made before are not made again.
"""

from __future__ import annotations

import atexit
import gc
import hashlib
import io
import multiprocessing
import os
import queue
import re
import resource
import signal
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote

import pikepdf

from recruit.documents import fonts, joining, seal, tagging
from recruit.resources import static_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

ASSET_SCHEME = "recruit:"
LARGEST_DATA_URL = 64 * 1024
JOBS_PER_WORKER = 200
"""A worker is replaced after this many documents or parts, so that no leak lives long."""
NICENESS = 5
OBJECTS_UNTIL_COLLECTION = 50_000
STACK_OF_ALL_CALLS = 70_000
"""Places of 8 bytes each; more than half of a piece of 1 MB, so that this is what is asked for."""
LASTING_STYLE = re.compile(r"<style>([^<]*@font-face[^<]*)</style>")
"""The style sheet that documents of a kind share. Text of users is escaped and holds no element."""
STYLES_KEPT = 8
STANDSTILL = 5
"""A worker that after so many times its limit by the clock has not reached it will never."""
MEBIBYTE = 1024 * 1024
_spawn = multiprocessing.get_context("spawn")


class RenderError(RuntimeError):
    """The document could not be made."""


class RenderTimeout(RenderError):
    """Making the document took more of a processor than the limit, or came to a standstill."""


class ForbiddenResource(RenderError):
    """The document asked for something other than the product's own assets."""


def asset(url: str) -> bytes:
    """Return a bundled asset addressed as ``recruit:inter/<file>``. Raises ForbiddenResource."""
    if url.startswith("data:") and len(url) <= LARGEST_DATA_URL:
        from urllib.request import urlopen

        with urlopen(url) as answer:  # noqa: S310 - only data: comes here, which opens nothing
            return bytes(answer.read())
    if not url.startswith(ASSET_SCHEME):
        raise ForbiddenResource(url[:100])
    folder = (static_folder() / "vendor").resolve()
    path = (folder / unquote(url.removeprefix(ASSET_SCHEME))).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise ForbiddenResource(url[:100])
    return path.read_bytes()


@cache
def _unpacked(url: str) -> bytes:
    """Return a bundled font as WeasyPrint would unpack it, for every document anew."""
    from fontTools.ttLib import woff2

    font = io.BytesIO()
    woff2.decompress(io.BytesIO(asset(url)), font)
    return font.getvalue()


def _plain(url: str) -> bytes:
    return _unpacked(url) if url.endswith(".woff2") else asset(url)


def render_pdf(html: str) -> bytes:
    """Return the PDF of a document, made in this process. Raises ForbiddenResource.

    The same HTML gives the same bytes: dates come from its own metadata, the identifier from its
    content.
    """
    parts = joining.parts(html)
    if len(parts) == 1:
        with _tagged(html, html) as pdf:
            return seal.seal(pdf, html)
    made = [render_part(part) for part in parts]
    return join(html, made, render_part(joining.numbers(html, joining.count_pages(made))))


def render_part(html: str) -> bytes:
    """Return one part of a document, sealed, to be kept or joined. Raises ForbiddenResource."""
    with _tagged(html, html, is_part=True) as pdf:
        return seal.sealed(joining.counted(pdf, seal.saved(pdf)))


def join(html: str, made: list[bytes], numbered: bytes) -> bytes:
    """Return the PDF of a document whose parts and numbers are made. Raises ForbiddenResource."""
    with _tagged(joining.frame(html), html) as pdf:
        joining.join(pdf, made, numbered)
        return seal.seal(pdf, html)


def _digest(html: str) -> bytes:
    return hashlib.sha256(html.encode("utf-8", "surrogatepass")).digest()


@cache
def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class AssetFetcher(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002
            return URLFetcherResponse(url, _plain(url))

    return AssetFetcher(fail_on_errors=True)


@lru_cache(STYLES_KEPT)
def _style(text: str) -> tuple[Any, Any]:
    """Return a style sheet, and the fonts that it brings, to be used again and again."""
    weasyprint = fonts.weasyprint()
    from weasyprint.text.fonts import FontConfiguration

    faces = FontConfiguration()
    return weasyprint.CSS(string=text, url_fetcher=_fetcher(), font_config=faces), faces


# The fonts lie in a folder of their own, which goes with them.
atexit.register(_style.cache_clear)


def _tagged(html: str, source: str, *, is_part: bool = False) -> pikepdf.Pdf:
    """Return what WeasyPrint makes, finished; its identifier comes from ``source``."""
    # Importing WeasyPrint costs a third of a second: only those who render pay it.
    fonts.weasyprint()
    from weasyprint.urls import FatalURLFetchingError

    def keep_levels(document: Any, pdf: Any) -> None:
        levels = [mark[0] for page in document.pages for mark in page.bookmarks]
        pdf.catalog[joining.LEVELS] = f"[{' '.join(map(str, levels))}]"

    styles = LASTING_STYLE.findall(html)
    # Further fonts are for this document alone.
    style, faces = _style(styles[0]) if len(styles) == 1 else (None, None)
    try:
        data = _write_pdf(
            LASTING_STYLE.sub("", html) if style else html,
            stylesheets=[style] if style else None,
            font_config=faces,
            pdf_variant="pdf/ua-1",
            # What is changed afterwards is compressed when it is saved.
            uncompressed_pdf=True,
            pdf_identifier=_digest(source)[:16],
            finisher=keep_levels if is_part else None,
        )
    except FatalURLFetchingError as error:
        # Text of users is escaped, so a foreign address is a fault of ours or an attack: stop.
        if isinstance(error.__cause__, RenderError):
            raise error.__cause__ from None
        raise RenderError(str(error)) from error
    pdf = pikepdf.Pdf.open(io.BytesIO(data))
    tagging.finish(pdf)
    return pdf


def _write_pdf(html: str, **options: Any) -> bytes:
    """Return what WeasyPrint makes of a document."""
    made: bytes = fonts.weasyprint().HTML(string=html, url_fetcher=_fetcher()).write_pdf(**options)
    return made


# Python keeps the frames of calls in pieces of 16 KB, and gives a piece back as soon as no call is
# in it. A loop whose calls happen to be the first in a piece asks the system for memory each time:
# by the depth of the call, the same document took up to half as long again. A frame that is said
# to need this much gets a piece of 1 MB, in which all calls below it have room.
_write_pdf.__code__ = _write_pdf.__code__.replace(co_stacksize=STACK_OF_ALL_CALLS)


def _work(connection: Connection, memory: int, folder: str) -> None:
    """Do what comes through the pipe until it closes; runs in the worker process.

    ``folder`` is for files of its own: it may be killed and could then not take them away.
    """
    tempfile.tempdir = folder
    # Pages of others come first.
    os.nice(NICENESS)
    gc.set_threshold(OBJECTS_UNTIL_COLLECTION)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    while True:
        try:
            make, arguments, seconds = connection.recv()
        except EOFError:
            return
        begun = time.process_time()
        # Who works longer is ended by the system, wherever in a library that may be.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            answer = ("pdf", make(*arguments))
        except ForbiddenResource as error:
            answer = ("forbidden", str(error).encode())
        except MemoryError:
            answer = ("error", b"out of memory")
        except Exception as error:  # noqa: BLE001 - the parent decides what to do with it
            answer = ("error", f"{type(error).__name__}: {error}".encode())
        signal.setitimer(signal.ITIMER_PROF, 0)
        connection.send((*answer, time.process_time() - begun))
        # All that making a document leaves is thrown away at once, after it. To look for it
        # meanwhile, as Python does by itself, takes a fifth of the time.
        gc.collect()
        gc.freeze()


@dataclass
class _Worker:
    process: SpawnProcess
    connection: Connection
    folder: tempfile.TemporaryDirectory[str]
    jobs: int = 0

    @classmethod
    def start(cls, memory: int) -> _Worker:
        ours, theirs = _spawn.Pipe()
        folder = tempfile.TemporaryDirectory(prefix="recruit-")
        process = _spawn.Process(target=_work, args=(theirs, memory, folder.name), daemon=True)
        process.start()
        theirs.close()
        return cls(process, ours, folder)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.process.close()
        self.connection.close()
        self.folder.cleanup()


class KeptParts(Protocol):
    """Parts of documents that were made before, found by their HTML."""

    def find(self, html: str) -> bytes | None:
        """Return a part that is kept whole, or None."""

    def keep(self, html: str, made: bytes) -> None:
        """Keep a part."""


class Renderer:
    """At most ``workers`` parts of documents at a time, each document within its limits.

    ``timeout`` is the seconds of a processor that the making of one document may take, its parts
    together: waiting for a worker or for others on the machine does not count. Workers start when
    first needed, so that a process which never renders pays nothing.
    """

    def __init__(self, workers: int = 2, timeout: float = 60, memory_mb: int = 1500) -> None:
        self._timeout = timeout
        self._memory = memory_mb * MEBIBYTE
        self._workers = workers
        # Each place holds an idle worker, or None where one is still to be started.
        self._places: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(workers):
            self._places.put(None)
        # As many threads as places: what waits is served in the order it came.
        self._threads = ThreadPoolExecutor(workers, "documents")

    def pdf(self, html: str, kept: KeptParts | None = None) -> bytes:
        """Return the PDF of a document; ``kept`` holds parts that need not be made again.

        Raises RenderTimeout, ForbiddenResource, or RenderError when a worker failed.
        """
        parts = joining.parts(html)
        spent: list[float] = []
        if len(parts) == 1:
            return self._threads.submit(self._make, spent, render_pdf, html).result()
        make = partial(self._in_turn, spent, kept)
        # Those with the most elements first, so that at the end no worker is left alone with one.
        ordered = sorted(set(parts), key=lambda part: part.count("<"), reverse=True)
        # No more of its parts wait than can be made at once: others get their turn in between.
        with ThreadPoolExecutor(self._workers, "parts") as lanes:
            found = dict(zip(ordered, lanes.map(make, ordered), strict=True))
        made = [found[part] for part in parts]
        numbered = make(joining.numbers(html, joining.count_pages(made)))
        return self._threads.submit(self._make, spent, join, html, made, numbered).result()

    def _in_turn(self, spent: list[float], kept: KeptParts | None, html: str) -> bytes:
        return self._threads.submit(self._part, spent, html, kept).result()

    def _part(self, spent: list[float], html: str, kept: KeptParts | None) -> bytes:
        found = kept.find(html) if kept else None
        if found is None:
            found = self._make(spent, render_part, html)
            if kept:
                kept.keep(html, found)
        return found

    def _make(self, spent: list[float], make: Callable[..., bytes], *arguments: Any) -> bytes:
        """Let a worker make something, and add the seconds it worked to what is spent."""
        left = self._timeout - sum(spent)
        if left <= 0:
            raise RenderTimeout(f"more than {self._timeout:g} seconds")
        worker = self._places.get()
        # Whatever goes wrong, the place is given back: empty, unless the worker may go on.
        keep: _Worker | None = None
        try:
            if worker is None:
                worker = _Worker.start(self._memory)
            kind, content, seconds = self._ask(worker, (make, arguments, left))
            spent.append(seconds)
            worker.jobs += 1
            # What failed without a name, for want of memory perhaps, may have left damage.
            if kind != "error" and worker.jobs < JOBS_PER_WORKER:
                keep = worker
        finally:
            if worker is not None and keep is None:
                worker.stop()
            self._places.put(keep)
        if kind == "forbidden":
            raise ForbiddenResource(content.decode())
        if kind == "error":
            raise RenderError(content.decode())
        return content

    def _ask(self, worker: _Worker, job: tuple[Any, ...]) -> tuple[str, bytes, float]:
        try:
            worker.connection.send(job)
            if not worker.connection.poll(self._timeout * STANDSTILL):
                raise RenderTimeout(f"no end after {self._timeout * STANDSTILL:g} seconds")
            kind, content, seconds = worker.connection.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            worker.process.join()
            if worker.process.exitcode == -signal.SIGPROF:
                raise RenderTimeout(f"more than {self._timeout:g} seconds") from None
            raise RenderError("the worker ended, perhaps for want of memory") from None
        return kind, content, seconds

    def close(self) -> None:
        """Stop the idle workers."""
        idle: list[_Worker | None] = []
        with suppress(queue.Empty):
            while True:
                idle.append(self._places.get_nowait())
        for worker in idle:
            if worker is not None:
                worker.stop()
            self._places.put(None)
