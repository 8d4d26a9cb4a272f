"""HTML to tagged, reproducible PDF, in bounded worker processes.

WeasyPrint holds the interpreter lock and can be made to work long on hostile input. So a server
renders in workers with a time limit and a memory limit, and recycles them; the command line renders
in its own process.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import queue
import resource
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from recruit.documents import tagging
from recruit.resources import static_folder

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

ASSET_SCHEME = "recruit:"
LARGEST_DATA_URL = 64 * 1024
JOBS_PER_WORKER = 50
"""A worker is replaced after this many documents, so that no leak lives long."""
NICENESS = 5
MEBIBYTE = 1024 * 1024
_spawn = multiprocessing.get_context("spawn")


class RenderError(RuntimeError):
    """The document could not be made."""


class RenderTimeout(RenderError):
    """The document took longer than the limit, or no worker became free in that time."""


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


def render_pdf(html: str) -> bytes:
    """Return the PDF of a document in this process. Raises ForbiddenResource.

    The same HTML gives the same bytes: dates come from its own metadata, the identifier from its
    content.
    """
    # Importing WeasyPrint costs a third of a second: only those who render pay it.
    import weasyprint
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class AssetFetcher(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002
            return URLFetcherResponse(url, asset(url))

    identifier = hashlib.sha256(html.encode("utf-8", "surrogatepass")).digest()[:16]
    try:
        pdf: bytes = weasyprint.HTML(
            string=html, url_fetcher=AssetFetcher(fail_on_errors=True)
        ).write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    except FatalURLFetchingError as error:
        # Text of users is escaped, so a foreign address is a fault of ours or an attack: stop.
        if isinstance(error.__cause__, RenderError):
            raise error.__cause__ from None
        raise RenderError(str(error)) from error
    return tagging.finish(pdf, html)


def _work(connection: Connection, memory: int) -> None:
    """Render what comes through the pipe until it closes; runs in the worker process."""
    # Pages of others come first.
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    while True:
        try:
            html = connection.recv()
        except EOFError:
            return
        try:
            answer = ("pdf", render_pdf(html))
        except ForbiddenResource as error:
            answer = ("forbidden", str(error).encode())
        except MemoryError:
            answer = ("error", b"out of memory")
        except Exception as error:  # noqa: BLE001 - the parent decides what to do with it
            answer = ("error", f"{type(error).__name__}: {error}".encode())
        connection.send(answer)


@dataclass
class _Worker:
    process: SpawnProcess
    connection: Connection
    jobs: int = 0

    @classmethod
    def start(cls, memory: int) -> _Worker:
        ours, theirs = _spawn.Pipe()
        process = _spawn.Process(target=_work, args=(theirs, memory), daemon=True)
        process.start()
        theirs.close()
        return cls(process, ours)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.process.close()
        self.connection.close()


class Renderer:
    """At most ``workers`` documents at a time, each within a time and a memory limit.

    Workers start when first needed, so that a process which never renders pays nothing.
    """

    def __init__(self, workers: int = 1, timeout: float = 60, memory_mb: int = 1500) -> None:
        self._timeout = timeout
        self._memory = memory_mb * MEBIBYTE
        # Each place holds an idle worker, or None where one is still to be started.
        self._places: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(workers):
            self._places.put(None)

    def pdf(self, html: str) -> bytes:
        """Return the PDF of a document.

        Raises RenderTimeout, ForbiddenResource, or RenderError when the worker failed.
        """
        deadline = time.monotonic() + self._timeout
        try:
            worker = self._places.get(timeout=self._timeout)
        except queue.Empty:
            raise RenderTimeout("no worker became free") from None
        # Whatever goes wrong, the place is given back: empty, unless the worker may go on.
        keep: _Worker | None = None
        try:
            if worker is None:
                worker = _Worker.start(self._memory)
            kind, content = self._ask(worker, html, deadline)
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

    def _ask(self, worker: _Worker, html: str, deadline: float) -> tuple[str, bytes]:
        try:
            worker.connection.send(html)
            if not worker.connection.poll(max(0.0, deadline - time.monotonic())):
                raise RenderTimeout(f"more than {self._timeout:g} seconds")
            kind, content = worker.connection.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise RenderError("the worker ended, perhaps for want of memory") from None
        return kind, content

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
