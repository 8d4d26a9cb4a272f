"""Serving the application with gunicorn."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from recruit.database import db
from recruit.jobs.queue import jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus_client looks for the folder in which processes count together."""


class _Server(BaseApplication):
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        return self._app


@contextmanager
def counted_together() -> Iterator[None]:
    """Let all processes of the server count together; to be entered before the app is made.

    prometheus_client looks for the folder when it is imported.
    """
    folder, parent = tempfile.mkdtemp(prefix="recruit-metrics-"), os.getpid()
    os.environ[FOLDER] = folder
    try:
        yield
    finally:
        # A worker that ends comes by here too.
        if os.getpid() == parent:
            shutil.rmtree(folder, ignore_errors=True)


def _forget(server: object, worker: Any) -> None:
    from prometheus_client.multiprocess import mark_process_dead

    del server
    if FOLDER in os.environ:
        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def serve(app: Flask, bind: str, *, workers: int, with_jobs: bool) -> None:
    """Serve until interrupted; a stop lets running requests and jobs finish.

    With jobs, one thread of every process works through the queue.
    """
    with app.app_context():
        # Connections must not be shared by the processes that are forked from this one.
        db.engine.dispose()
    options: dict[str, Any] = {
        "bind": bind,
        "workers": workers,
        "worker_class": "gthread",
        "threads": 4,
        "graceful_timeout": 30,
        "loglevel": "warning",
        "child_exit": _forget,
    }
    if with_jobs:
        # Started after the fork: threads do not survive one.
        running: list[Any] = []
        options["post_worker_init"] = lambda _worker: running.append(jobs.start(app))
        options["worker_exit"] = lambda _server, _worker: jobs.stop(*running)
    _Server(app, options).run()
