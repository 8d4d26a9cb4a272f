"""What a monitoring system reads at /metrics: counted over all processes, and nobody's name."""

from __future__ import annotations

import time
import urllib.request
from collections import Counter

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from recruit.database import db, write
from recruit.mail.models import Delivery, DeliveryState
from tests.conftest import make_app, settings_for, world_with
from tests.gunicorn import Gunicorn
from tests.mail import free_port

TOKEN = "what the monitoring system knows"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


def figures(text):
    """Return every sample by name and labels."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def answered(found, endpoint, status):
    wanted = {("endpoint", endpoint), ("status", str(status))}
    return sum(
        value
        for (name, *labels), value in found.items()
        if name == "recruit_request_seconds_count" and wanted <= set(labels)
    )


def test_without_a_token_there_is_no_such_page(world):
    assert world["administrator"].sign_in().get("/metrics").status_code == 404
    for header in ({}, SHOWN, {"Authorization": "Bearer "}):
        assert world.app.test_client().get("/metrics", headers=header).status_code == 404


def test_only_who_has_the_token_reads_it(database):
    with world_with(database, metrics_token=TOKEN) as world:
        client = world.app.test_client()
        wrong = ("", "Bearer", TOKEN, "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}é")
        for header in wrong:
            answer = client.get("/metrics", headers={"Authorization": header})
            assert answer.status_code == 404, header
        assert client.get(f"/metrics?token={TOKEN}").status_code == 404
        answer = client.get("/metrics", headers=SHOWN)
        assert answer.status_code == 200
        assert answer.content_type.startswith("text/plain")


def test_answers_mails_and_the_database_are_counted(database, mailbox):
    server = {"mail_server": "127.0.0.1", "mail_port": mailbox.port}
    with world_with(database, metrics_token=TOKEN, **server) as world:
        client = world.app.test_client()
        before = figures(client.get("/metrics", headers=SHOWN).text)
        person = world["interviewer"].sign_in()
        for _ in range(3):
            assert person.get(world.scorecard(0)).status_code == 200
        assert person.get("/requisitions/999999").status_code == 404
        with world.app.app_context(), write():
            first = db.session.scalars(sa.select(Delivery.id)).first()
            failed = sa.update(Delivery).where(Delivery.id == first)
            db.session.execute(failed.values(state=DeliveryState.FAILED))
            waiting = sa.select(sa.func.count()).where(Delivery.state == DeliveryState.WAITING)
            left = db.session.scalar(waiting)
        text = client.get("/metrics", headers=SHOWN).text
        found = figures(text)
        assert answered(found, "scorecards.fill", 200) == (
            answered(before, "scorecards.fill", 200) + 3
        )
        assert answered(found, "requisitions.show", 404) == (
            answered(before, "requisitions.show", 404) + 1
        )
        assert found["recruit_mails", ("state", "failed")] == 1
        assert found["recruit_mails", ("state", "waiting")] == left > 0
        assert found["recruit_database_answers",] == 1
        for secret in ("Amina", "interviewer@", world.path, TOKEN):
            assert secret not in text


@pytest.mark.parametrize(
    "address",
    ["sqlite:////nowhere/recruit.sqlite3", "postgresql+psycopg://nobody@127.0.0.1:{port}/nothing"],
)
def test_it_tells_that_the_database_is_away(address):
    app = make_app(settings_for(address.format(port=free_port()), metrics_token=TOKEN))
    answer = app.test_client().get("/metrics", headers=SHOWN)
    app.extensions["recruit_renderer"].close()
    assert answer.status_code == 200
    assert figures(answer.text)["recruit_database_answers",] == 0


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_processes_of_a_server_count_together(database):
    with world_with(database), Gunicorn(database, metrics_token=TOKEN) as server:

        def get(path):
            asked = urllib.request.Request(f"{server.address}{path}", headers=SHOWN)
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return answer.read().decode()

        before = answered(figures(get("/metrics")), "about.scores", 200)
        for _ in range(12):
            get("/about/scores")
        seen = Counter(answered(figures(get("/metrics")), "about.scores", 200) for _ in range(6))
        assert seen == {before + 12: 6}
        # A worker has run by itself, and is told of.
        until = time.monotonic() + 30
        while ("recruit_last_job_timestamp_seconds",) not in figures(get("/metrics")):
            assert time.monotonic() < until
            time.sleep(0.2)
