"""What is counted, and what is read when a figure is asked for."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg
from flask import current_app, g, request
from prometheus_client import REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from recruit import __version__
from recruit.jobs.queue import SignedWithOtherKey, jobs
from recruit.mail.queries import unsent_by_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask, Response
    from prometheus_client import Metric

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
ANSWERED = Histogram(
    "recruit_request_seconds",
    "Seconds that an answer took, by page, method and status.",
    ("endpoint", "method", "status"),
    buckets=SECONDS,
)


def register(app: Flask) -> None:
    """Let every answer be counted."""
    app.before_request(_begin)
    app.after_request(_count)


def _begin() -> None:
    g.asked_at = time.perf_counter()


def _count(response: Response) -> Response:
    # What leads nowhere has no endpoint; its address is whatever somebody made up.
    ANSWERED.labels(request.endpoint or "none", request.method, response.status_code).observe(
        time.perf_counter() - g.asked_at
    )
    return response


class _State(Collector):
    """What the database and the queue hold just now."""

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("recruit", "The program.", {"version": __version__})
        mails = GaugeMetricFamily(
            "recruit_mails", "Mails that have not gone, by state.", labels=("state",)
        )
        answers = GaugeMetricFamily("recruit_database_answers", "1 when the database answers.")
        try:
            found = unsent_by_state()
        except SQLAlchemyError:
            answers.add_metric((), 0)
        else:
            answers.add_metric((), 1)
            for state, count in found.items():
                mails.add_metric((state.value,), count)
        yield answers
        yield mails
        ran = GaugeMetricFamily("recruit_last_job_timestamp_seconds", "When a worker last worked.")
        # A queue that is away or cannot be read must not keep the rest from being told.
        with suppress(sqlite3.Error, psycopg.Error, SignedWithOtherKey):
            last = jobs.last_run(current_app)
            if last is not None:
                ran.add_metric((), last.timestamp())
        yield ran


def text() -> bytes:
    """Return every figure, in Prometheus's text format.

    What is counted is the sum of all processes of a server, which count in one folder.
    """
    counted = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    state = CollectorRegistry()
    state.register(_State())
    return bytes(generate_latest(counted) + generate_latest(state))
