"""Serving the application with gunicorn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from recruit.database import db
from recruit.jobs.queue import jobs

if TYPE_CHECKING:
    from flask import Flask


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
    }
    if with_jobs:
        # Started after the fork: threads do not survive one.
        running: list[Any] = []
        options["post_worker_init"] = lambda _worker: running.append(jobs.start(app))
        options["worker_exit"] = lambda _server, _worker: jobs.stop(*running)
    _Server(app, options).run()
