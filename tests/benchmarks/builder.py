"""Prints how long an edit in the builder takes: ``.venv/bin/python tests/benchmarks/builder.py``.

Eight competencies and three rounds on the shipped library, on SQLite. An edit is a whole request of
htmx: access, the edit, the step, the draft versions, the audit event, and the builder as it is
then. Median of fifteen runs in milliseconds by the clock and, in brackets, of the processor, which
other work on the machine disturbs less. How planning grows from 100 to 2,000 questions is printed
by ``tests/benchmarks/planner.py``.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from recruit.app import create_app
from recruit.core.profile import Profile
from recruit.database import db
from recruit.guides.queries import working
from recruit.library import library
from tests.conftest import Person, migrate, settings_for

RUNS = 1 if "--short" in sys.argv else 15
ROUNDS = ((60, 2), (90, 3), (60, 1))


def wanted() -> Profile:
    keys = list(library().competencies)[:8]
    return Profile.model_validate(
        {
            "title": "Benchmark",
            "level": "first_line",
            "sector": "public",
            "competencies": {key: {"weight": 1 + n * 2 % 5} for n, key in enumerate(keys)},
            "rounds": [
                {"name": f"Omgång {n}", "minutes": minutes, "interviewers": interviewers}
                for n, (minutes, interviewers) in enumerate(ROUNDS, start=1)
            ],
        }
    )


def recruiter_with_guides(app):
    from recruit.accounts.actions import add_user
    from recruit.accounts.models import RoleName
    from recruit.guides import actions as guides
    from recruit.requisitions import actions as requisitions
    from tests.conftest import PASSWORD

    with app.app_context():
        user = add_user(
            name="Mät Prov",
            email="recruiter@example.org",
            roles=[RoleName.RECRUITER],
            password=PASSWORD,
        )
        requisition = requisitions.create(wanted(), title="Mätning", unit="", actor_id=user.id).id
        guides.generate(requisition, library(), actor_id=user.id)
        guides.publish(requisition, actor_id=user.id)
        person = Person(user.id, user.name, user.email, app.test_client())
        db.session.remove()
    return person.sign_in(), requisition


def state(app, requisition):
    with app.app_context():
        found = working(requisition, library())
        db.session.remove()
    return found


def main() -> None:
    folder = tempfile.TemporaryDirectory()
    database = f"sqlite:///{folder.name}/benchmark.sqlite3"
    migrate(database)
    app = create_app(settings_for(database))
    person, requisition = recruiter_with_guides(app)
    address = f"/requisitions/{requisition}/guides/builder"

    def edit(verb, **data):
        data |= {"verb": verb, "revision": state(app, requisition).revision}
        started, spent = time.perf_counter(), time.process_time()
        answer = person.post(f"{address}/edit", data, headers={"HX-Request": "true"})
        taken = time.perf_counter() - started, time.process_time() - spent
        assert answer.status_code == 200, answer.text
        return taken

    def shown(path):
        started, spent = time.perf_counter(), time.process_time()
        assert person.get(path).status_code == 200
        return time.perf_counter() - started, time.process_time() - spent

    keys = state(app, requisition).draft.questions[0]
    print("what                 milliseconds (of the processor)")
    for name, work in (
        ("pin and unpin", lambda n: edit(("pin", "unpin")[n % 2], question=keys[0])),
        ("order", lambda n: edit(("down", "up")[n % 2], question=keys[0])),
        ("move", lambda n: edit("move", question=keys[0], number=(n + 1) % 2)),
        ("remove and undo", lambda n: edit(("drop", "undo")[n % 2], question=keys[0])),
        ("new proposal", lambda _n: edit("generate")),
        ("the builder", lambda _n: shown(f"{address}/")),
        ("what to swap for", lambda _n: shown(f"{address}/questions/{keys[1]}/swap")),
    ):
        work(0)
        work(1)
        taken = [work(n) for n in range(RUNS + 1)]
        clock = statistics.median(item[0] for item in taken) * 1000
        processor = statistics.median(item[1] for item in taken) * 1000
        print(f"{name:20}  {clock:7.0f} ({processor:4.0f})")
    app.extensions["recruit_renderer"].close()
    with app.app_context():
        db.engine.dispose()
    folder.cleanup()


if __name__ == "__main__":
    main()
