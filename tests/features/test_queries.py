"""The number of queries of a page does not grow with what it shows."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from recruit.database import db


@contextmanager
def counted(app):
    statements = []

    def note(connection, cursor, statement, parameters, context, executemany):
        if not statement.startswith(("PRAGMA", "BEGIN")):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


def grow(world, places):
    from recruit.candidates import actions as candidates
    from recruit.interviews import actions as interviews
    from recruit.scorecards import actions as scorecards
    from recruit.scorecards.entries import Entries, RatingEntry
    from recruit.scorecards.models import EvidenceLevel, Recommendation

    with world.app.app_context():
        for place in places:
            candidate = candidates.add(
                world.requisition,
                name=f"Kandidat {place}",
                email="",
                internal=False,
                actor_id=world["recruiter"].id,
            ).id
            interview = interviews.plan(
                world.requisition,
                candidate_id=candidate,
                guide_version_id=world.versions[0],
                starts_at=datetime.now(UTC) - timedelta(days=1, hours=place),
                timezone="Europe/Stockholm",
                place="",
                panel=[world["interviewer"].id, world["colleague"].id],
                actor_id=world["recruiter"].id,
            ).id
            for name in ("interviewer", "colleague"):
                entries = Entries(
                    ratings={
                        competency: RatingEntry(
                            score=3, evidence_level=EvidenceLevel.EXAMPLE, evidence="Hörde."
                        )
                        for competency in world.competencies[0]
                    },
                    recommendation=Recommendation.YES,
                )
                scorecards.submit(interview, world[name].id, entries, 0)
        db.session.remove()


def write_own_texts(world, competencies):
    from recruit.library import actions

    with world.app.app_context():
        for key in competencies:
            name = {"name": {"sv": f"Vår {key}", "en": f"Our {key}"}}
            actions.save(key, name, 0, actor_id=world["recruiter"].id)
        db.session.remove()


def queries(world, person, path):
    person.get(path)
    with counted(world.app) as statements:
        assert person.get(path).status_code == 200, path
    return len(statements)


def test_pages_ask_the_database_as_often_for_many_as_for_few(world):
    visits = {
        "recruiter": [
            "/",
            "/requisitions/",
            world.path,
            f"{world.path}/guides/",
            f"{world.path}/candidates/",
            f"{world.path}/interviews/",
            f"{world.path}/interviews/new",
            f"{world.path}/interviews/several",
            f"{world.path}/interviews/{world.interviews[2]}/change",
            f"{world.path}/candidates/{world.candidates[0]}/withdraw",
            f"{world.path}/comparison/",
            f"{world.path}/comparison/weights",
            f"{world.path}/comparison/decision/",
            f"{world.path}/guides/import/",
            "/library/",
            "/library/autonomy",
            "/library/own/",
        ],
        "interviewer": ["/", f"{world.path}/interviews/", world.scorecard(0)],
    }
    grow(world, range(2))
    write_own_texts(world, ["autonomy"])
    people = {name: world[name].sign_in() for name in visits}
    few = {(n, p): queries(world, people[n], p) for n, paths in visits.items() for p in paths}
    grow(world, range(2, 14))
    write_own_texts(world, ["feedback", "support", "clear-frames"])
    many = {(n, p): queries(world, people[n], p) for n, paths in visits.items() for p in paths}
    assert many == few
    assert max(few.values()) <= 30
