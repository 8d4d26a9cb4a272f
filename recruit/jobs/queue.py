"""The queue of background jobs, on SQLite or PostgreSQL like the database itself.

A job takes no arguments: it looks in the database for what is due and does it. So it may run
twice, late, or in two processes at once, and the queue may be lost, without anything being lost or
done twice; what must not happen twice is guarded where it is written. Every job runs at its own
pace and as soon as somebody calls ``wake``.
"""

from __future__ import annotations

import contextlib
import functools
import signal
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from huey import PostgresHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.serializer import SignedSerializer
from psycopg.errors import DuplicateObject, DuplicateTable, UniqueViolation

from recruit.core.trace import place_of
from recruit.database import db, now

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from huey.api import Huey
    from sqlalchemy import URL

log = structlog.get_logger()

NAME = "recruit"
LONGEST_POLL = 1.0
STOP_SECONDS = 25
HEALTH_SECONDS = 10
SQLITE_SUFFIX = ".jobs"
LAST_RUN = "last-run"
"""Where the queue's storage keeps when a job last ran."""


class SignedWithOtherKey(ValueError):
    """What the queue keeps was signed with another secret key than that of the settings."""


@dataclass(frozen=True)
class Job:
    """A function that does what is due, at least every so many minutes."""

    function: Callable[[], object]
    minutes: int

    @property
    def name(self) -> str:
        """The job's name in queue and logs."""
        return f"{self.function.__module__}.{self.function.__name__}"


class _Consumer(Consumer):  # type: ignore[misc]
    """Huey's own, but the process it lives in answers signals."""

    def _set_signal_handlers(self) -> None:
        """Leave the handlers alone: gunicorn or ``run`` has set them."""


class Jobs:
    """The jobs that the features declare, and the queue of the application that they run in."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def job(self, *, minutes: int) -> Callable[[Callable[[], object]], Callable[[], object]]:
        """Declare a job that runs every so many minutes (at most 59) and when it is woken."""

        def declare(function: Callable[[], object]) -> Callable[[], object]:
            job = Job(function, minutes)
            self._jobs[job.name] = job
            return function

        return declare

    def wake(self, app: Flask, function: Callable[[], object]) -> None:
        """Let a job run as soon as a worker is free.

        A queue that cannot be reached is logged and no more: the job runs at its own pace anyway.
        """
        name = Job(function, 0).name
        try:
            with self._lock:
                huey = app.extensions.get("recruit_queue") or self._huey(app)
                app.extensions["recruit_queue"] = huey
                try:
                    task = huey._registry.string_to_task(name)  # noqa: SLF001 - no public way
                    huey.enqueue(task())
                finally:
                    # Kept open, it would be shared by processes forked from this one.
                    huey.storage.close()
        except Exception as error:  # noqa: BLE001 - whatever the storage raises
            log.warning("job.not_woken", job=name, error=type(error).__name__)

    def last_run(self, app: Flask) -> datetime | None:
        """Return when a worker last ran a job, or None when the queue knows of none.

        Raises SignedWithOtherKey. Nothing is made: a queue made by another account would shut the
        workers out.
        """
        with app.app_context():
            address = db.engine.url
        if address.get_backend_name() == "sqlite" and not _queue_file(address).exists():
            return None
        huey = self._huey(app)
        try:
            found = huey.get(LAST_RUN, peek=True)
        except ValueError as error:
            raise SignedWithOtherKey from error
        finally:
            huey.storage.close()
        return None if found is None else datetime.fromisoformat(found)

    def start(self, app: Flask, *, threads: int = 1) -> Consumer:
        """Start a worker in threads of this process; ``stop`` ends it."""
        huey = self._huey(app)
        # Called in each thread: on PostgreSQL each has a connection of its own.
        huey.on_shutdown("close")(functools.partial(_close, huey))
        consumer = _Consumer(
            huey, workers=threads, max_delay=LONGEST_POLL, shutdown_timeout=STOP_SECONDS
        )
        consumer.start()
        return consumer

    def stop(self, *consumers: Consumer) -> None:
        """Let running jobs finish, then end the workers."""
        for consumer in consumers:
            consumer.stop(graceful=True)
            _close(consumer.huey)

    def run(self, app: Flask, *, threads: int) -> None:
        """Work until the process is told to stop (SIGTERM, SIGINT); running jobs finish first."""
        told = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: told.set())
        consumer = self.start(app, threads=threads)
        while not told.wait(HEALTH_SECONDS):
            consumer.check_worker_health()
        self.stop(consumer)

    def _huey(self, app: Flask) -> Huey:
        with app.app_context():
            address = db.engine.url
        # Signed: what is read from the queue is unpickled.
        options = {"results": False, "serializer": SignedSerializer(secret=app.secret_key)}
        if address.get_backend_name() == "postgresql":
            plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
            huey = None
            while huey is None:
                # Another process may make one of the tables in the same moment; then it is there.
                with contextlib.suppress(UniqueViolation, DuplicateObject, DuplicateTable):
                    huey = PostgresHuey(NAME, dsn=plain, **options)
        else:
            huey = SqliteHuey(NAME, filename=str(_queue_file(address)), **options)
        for job in self._jobs.values():
            huey.periodic_task(crontab(minute=f"*/{job.minutes}"))(
                functools.wraps(job.function)(functools.partial(_perform, app, huey, job))
            )
        return huey


def _close(huey: Huey) -> None:
    # Another thread may close what they share in the same moment.
    with contextlib.suppress(AttributeError):
        huey.storage.close()


def _queue_file(address: URL) -> Path:
    return Path(f"{address.database}{SQLITE_SUFFIX}")


def _perform(app: Flask, huey: Huey, job: Job) -> None:
    """Run a job; a fault is logged without its values, which may hold personal data."""
    try:
        with app.app_context():
            job.function()
    except Exception as error:  # noqa: BLE001 - whatever it is, the next run must come
        log.error(  # noqa: TRY400 - without the values of a traceback
            "job.broken", job=job.name, error=type(error).__name__, at=place_of(error)
        )
    huey.put(LAST_RUN, now().isoformat())


jobs = Jobs()
