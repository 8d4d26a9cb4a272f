"""A database that cannot write says so, acknowledges nothing and loses nothing."""

from __future__ import annotations

import json
import random
import resource
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPException

import psycopg
import pytest
import sqlalchemy as sa
from flask_security.utils import get_hmac
from sqlalchemy.exc import OperationalError

from recruit.accounts.jobs import send_links
from recruit.accounts.models import User
from recruit.audit.queries import verdict
from recruit.database import DatabaseIsAway, DatabaseIsBusy, StorageIsFull, db, trouble, write
from recruit.extensions import security
from recruit.mail.models import Delivery
from recruit.scorecards.entries import entries_of
from recruit.scorecards.models import Scorecard
from tests.conftest import PASSWORD, csrf_token, world_with
from tests.gunicorn import Gunicorn
from tests.locks import held, sent
from tests.mail import PATIENCE

JSON = {"Accept": "application/json"}


def summary_of(world, number=0, name="interviewer"):
    with world.app.app_context():
        found = db.session.execute(
            db.select(Scorecard.version, Scorecard.summary).where(
                Scorecard.interview_id == world.interviews[number],
                Scorecard.user_id == world[name].id,
            )
        ).one_or_none()
        db.session.remove()
    return None if found is None else tuple(found)


@pytest.fixture
def impatient(database):
    """A world whose application waits a moment for another write, and no longer."""
    with world_with(database, database_wait=0.3) as world:
        yield world


sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_held_database_answers_in_time_and_saves_afterwards(impatient):
    world = impatient
    interviewer = world["interviewer"].sign_in()
    draft = f"{world.scorecard(0)}draft"
    assert interviewer.post(draft, world.ratings(0, summary="Före")).status_code == 200
    later = world.ratings(0, summary="Under tiden", version="1")
    with held(world):
        answer = interviewer.post(draft, later, headers=JSON)
        assert answer.status_code == 503
        assert answer.json["code"] == "DatabaseIsBusy"
        assert "Inget ändrades" in answer.json["error"]
        page = interviewer.post(world.scorecard(0), later)
        assert page.status_code == 503
        assert "upptagen" in page.text
        assert summary_of(world) == (1, "Före")
    assert interviewer.post(draft, later).json["version"] == 2
    assert summary_of(world) == (2, "Under tiden")


def outdate_password(world, name):
    """Store a password as a former setting would have it: sign-in then hashes it anew."""
    with world.app.app_context():
        former = security.pwd_context.copy(argon2__memory_cost=16)
        stored = former.hash(get_hmac(security.password_util.normalize(PASSWORD)))
        with write():
            db.session.get_one(User, world[name].id).password = stored
    return stored


def password_of(world, name):
    with world.app.app_context():
        found = db.session.get_one(User, world[name].id).password
        db.session.remove()
    return found


def test_a_sign_in_that_hashes_the_password_anew_waits_for_its_turn(world):
    """SQLite would tell a reader that turns writer at once that the database is locked."""
    former = outdate_password(world, "interviewer")
    with (
        ThreadPoolExecutor(1) as pool,
        sent(world, r"^BEGIN IMMEDIATE|^UPDATE") as writes,
        held(world, "user"),
    ):
        answer = pool.submit(world["interviewer"].sign_in)
        assert writes.acquire(timeout=60)
    answer.result()
    assert password_of(world, "interviewer") != former


def test_a_sign_in_that_may_not_wait_longer_is_told_so(impatient):
    world = impatient
    former = outdate_password(world, "interviewer")
    client = world.app.test_client()
    form = {"email": world["interviewer"].email, "password": PASSWORD}
    form["csrf_token"] = csrf_token(client)
    with held(world, "user"):
        answer = client.post("/sign-in", data=form, headers={"Accept-Language": "sv"})
        assert answer.status_code == 503
        assert "upptagen" in answer.text
    assert password_of(world, "interviewer") == former
    world["interviewer"].sign_in()
    assert password_of(world, "interviewer") != former


def test_a_mail_about_a_password_waits_for_its_turn(world):
    client = world.app.test_client()
    form = {"email": world["interviewer"].email, "csrf_token": csrf_token(client)}
    with (
        ThreadPoolExecutor(1) as pool,
        sent(world, r"^BEGIN IMMEDIATE|^INSERT") as writes,
        held(world, "link_request"),
    ):
        answer = pool.submit(client.post, "/password/reset", data=form)
        assert writes.acquire(timeout=60)
    assert answer.result().status_code == 200
    with world.app.app_context():
        send_links()
        assert (
            db.session.scalar(
                sa.select(Delivery.address).where(Delivery.kind == "reset_instructions")
            )
            == world["interviewer"].email
        )
        db.session.remove()


def test_a_commit_that_fails_after_the_view_is_told_as_any_other(world, monkeypatch):
    def full():
        raise OperationalError("", {}, psycopg.errors.DiskFull())

    monkeypatch.setattr(security.datastore, "commit", full)
    client = world.app.test_client()
    form = {"email": world["interviewer"].email, "password": PASSWORD}
    form["csrf_token"] = csrf_token(client)
    assert client.post("/sign-in", data=form).status_code == 507


@contextmanager
def no_more_pages(world):
    """SQLite may not take one page more, as on a disk that is full."""

    def limit(connection, record):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    with world.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "connect", limit)
    engine.dispose()
    yield
    sa.event.remove(engine, "connect", limit)
    engine.dispose()


@sqlite_only
def test_a_full_disk_is_told_apart_and_nothing_is_half_written(world):
    interviewer = world["interviewer"].sign_in()
    draft = f"{world.scorecard(0)}draft"
    assert interviewer.post(draft, world.ratings(0, summary="Före")).status_code == 200
    large = world.ratings(0, summary="å" * 9_000, evidence="ä" * 9_000, version="1")
    with no_more_pages(world):
        answer = interviewer.post(draft, large, headers=JSON)
        assert answer.status_code == 507
        assert answer.json["code"] == "StorageIsFull"
        assert "disk är full" in answer.json["error"]
        assert interviewer.post(world.scorecard(0), large).status_code == 507
        assert interviewer.get(world.scorecard(0)).status_code == 200
    assert summary_of(world) == (1, "Före")
    assert interviewer.post(draft, large).json["version"] == 2


@sqlite_only
def test_a_file_that_cannot_grow(database, world):
    """The operating system refuses the write of a running server; it answers and goes on."""
    interviewer = world["interviewer"].sign_in()
    with Gunicorn(database) as server:
        client = Client(server, interviewer)
        assert client.save(world, summary="Före", version="0")[0] == 200
        for process in server.processes():
            resource.prlimit(process, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        status, answer = client.save(world, summary="Under tiden", version="1")
        assert (status, answer["code"]) in {(503, "DatabaseIsAway"), (507, "StorageIsFull")}
        for process in server.processes():
            resource.prlimit(
                process, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            )
        assert summary_of(world) == (1, "Före")
        status, answer = client.save(world, summary="Efteråt", version="1")
        assert (status, answer["version"]) == (200, 2)


class Client:
    """Somebody's saves over the network."""

    def __init__(self, server, person):
        self.server = server
        self.cookie = f"recruit={person.client.get_cookie('recruit').value}"
        self.token = person.token

    def save(self, world, number=0, **fields):
        request = urllib.request.Request(
            f"{self.server.address}{world.scorecard(number)}draft",
            urllib.parse.urlencode(world.ratings(number, **fields)).encode(),
            JSON | {"Cookie": self.cookie, "X-CSRFToken": self.token},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


def test_the_server_is_killed_in_the_middle_of_saves(database, world):
    """Whatever was acknowledged is there afterwards; at most the save under way is there too.

    It is killed when as many saves as people write have been acknowledged, the last time when
    everybody has had one.
    """
    people = {name: world[name].sign_in() for name in ("interviewer", "colleague")}
    acknowledged = {(name, number): 0 for name in people for number in range(3)}
    chance = random.Random(7)
    with Gunicorn(database) as server:
        for number in range(3):
            if number:
                server.start()
            before = sum(acknowledged.values())
            threads = [
                threading.Thread(
                    target=write_on, args=(world, server, key, people[key[0]], acknowledged)
                )
                for key in acknowledged
            ]
            for thread in threads:
                thread.start()
            until = time.monotonic() + PATIENCE
            while sum(acknowledged.values()) < before + len(acknowledged) or (
                number == 2 and not all(acknowledged.values())
            ):
                assert time.monotonic() < until, "not everybody could save"
                time.sleep(0.02)
            time.sleep(chance.random() / 4)
            server.kill()
            for thread in threads:
                thread.join()
            for (name, interview), version in acknowledged.items():
                stored = summary_of(world, interview, name) or (0, "")
                assert stored[0] in {version, version + 1}
                assert stored[1] == (f"Version {stored[0]}" if stored[0] else "")
                acknowledged[name, interview] = stored[0]
    asked = {frozenset(competencies) for competencies in world.competencies}
    with world.app.app_context():
        assert verdict().flaw is None
        for card in db.session.scalars(db.select(Scorecard)):
            assert frozenset(entries_of(card).ratings) in asked
        db.session.remove()


def write_on(world, server, key, person, acknowledged):
    """Save one version after the other until the server is gone."""
    client = Client(server, person)
    while True:
        version = acknowledged[key]
        try:
            status, answer = client.save(
                world, key[1], summary=f"Version {version + 1}", version=str(version)
            )
        except (OSError, HTTPException):
            return
        assert status == 200, answer
        acknowledged[key] = answer["version"]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (psycopg.errors.DiskFull(), StorageIsFull),
        (psycopg.errors.LockNotAvailable(), DatabaseIsBusy),
        (psycopg.errors.DeadlockDetected(), DatabaseIsBusy),
        (psycopg.errors.AdminShutdown(), DatabaseIsAway),
    ],
)
def test_postgresql_faults_by_their_codes(fault, kind):
    assert isinstance(trouble(OperationalError("", {}, fault)), kind)


def test_what_is_no_trouble_of_the_storage_stays_what_it_is():
    assert trouble(OperationalError("", {}, psycopg.errors.UndefinedTable())) is None
