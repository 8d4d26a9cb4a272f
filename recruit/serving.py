"""Serving the application with gunicorn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

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


def serve(app: Flask, bind: str, *, workers: int) -> None:
    """Serve until interrupted; a stop lets running requests finish."""
    from recruit.database import db

    with app.app_context():
        # Connections must not be shared by the processes that are forked from this one.
        db.engine.dispose()
    _Server(
        app,
        {
            "bind": bind,
            "workers": workers,
            "worker_class": "gthread",
            "threads": 4,
            "graceful_timeout": 30,
            "loglevel": "warning",
        },
    ).run()
