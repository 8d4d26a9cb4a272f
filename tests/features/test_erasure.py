"""A requisition that is erased is gone: from every table, and for who comes late."""

from __future__ import annotations

import threading
import time
from datetime import date

import pytest
import sqlalchemy as sa

from recruit.audit.models import AuditEvent
from recruit.audit.queries import verdict
from recruit.candidates import actions as candidates
from recruit.candidates.models import Candidate
from recruit.database import db, write
from recruit.mail.models import Delivery
from recruit.privacy import actions, queries
from recruit.privacy.models import PrivacyRecord
from recruit.privacy.reach import KEPT
from recruit.requisitions.models import RequisitionState
from tests.features.erasure import LATER, MARK, fill, grow_old, occurrences, plant, reached, run_job

NO_CANDIDATE = {
    "api_token": "what programs of people with an account show",
    "audit_event": "the trail: numbers of people and things, no names; its own test below",
    "audit_end": "where the trail ends: a count and digests",
    "asked_question": "a question of a published guide",
    "flagged_wording": "why a question of a published guide is asked; it names nobody",
    "calibration_rating": "how an interviewer rated a made-up answer of the library",
    "guide": "the plan of a round, the same for all candidates",
    "guide_version": "what a round asks; it names nobody",
    "identity": "who people with an account are at the organisation's provider",
    "library_entry": "the organisation's own competencies and questions",
    "one_time_link": "what people with an account sign in with once",
    "link_request": "for which address a link is asked, until a job has looked it up",
    "passkey": "what people with an account sign in with",
    "privacy_record": "how long and why; its free texts are emptied, which is planted and sought",
    "requisition": "the vacancy: title, unit and profile",
    "role": "roles of accounts",
    "role_of_user": "roles of accounts",
    "sign_in": "browsers in which people with accounts are signed in",
    "user": "people with an account; a candidate has none",
}
"""Tables that erasure leaves alone, with the reason; a table that is new belongs in neither list
until somebody has thought about it."""


def test_every_table_is_erased_or_holds_no_candidate(app):
    names = {table.name for table in db.metadata.sorted_tables}
    assert names - reached() - set(NO_CANDIDATE) == set()
    assert set(KEPT) <= set(NO_CANDIDATE)
    assert reached() & set(NO_CANDIDATE) == set()


def test_no_trace_is_left_of_a_requisition(world, database):
    fill(world)
    grow_old(world)
    with world.app.app_context():
        actions.keep_until(
            world.requisition, date(2024, 1, 1), reason=MARK, actor_id=world["recruiter"].id
        )
        plant(reached())
        plant({"privacy_record"}, actions.FREE_TEXTS)
        db.session.remove()
    assert occurrences(world.app, database) > 50
    with world.app.app_context():
        actions.erase(world.requisition, actor_id=world["recruiter"].id)
        left = {
            name: db.session.scalar(
                sa.select(sa.func.count()).select_from(db.metadata.tables[name])
            )
            for name in reached()
        }
        db.session.remove()
        db.engine.dispose()
    assert {name: count for name, count in left.items() if count} == {}
    assert occurrences(world.app, database) == 0


def test_what_stays_is_the_vacancy_and_numbers(world):
    fill(world)
    grow_old(world)
    recruiter = world["recruiter"].sign_in()
    page = recruiter.get(f"{world.path}/privacy/erase").text
    for line in (
        "2 kandidater",
        "3 intervjuer",
        "2 inlämnade bedömningsformulär",
        "1 utkast",
        "1 cv",
        "1 fil ",
    ):
        assert line in page, line
    answer = recruiter.post(f"{world.path}/privacy/erase")
    assert (answer.status_code, answer.location) == (302, f"{world.path}/privacy/")
    shown = recruiter.get(f"{world.path}/privacy/").text
    assert "Allt om kandidaterna är raderat" in shown
    with world.app.app_context():
        kept = db.session.get_one(PrivacyRecord, world.requisition)
        assert kept.statistics == {"candidates": 2, "interviews": 3, "scorecards": 2}
        assert kept.requisition.state == RequisitionState.ERASED
        assert kept.requisition.title == "Enhetschef"
        assert verdict().flaw is None
        trail = [e.detail for e in db.session.scalars(sa.select(AuditEvent))]
        db.session.remove()
    assert "Amina" not in str(trail)
    for path in ("", "/guides/", "/candidates/", "/interviews/", "/comparison/", "/privacy/erase"):
        assert recruiter.get(world.path + path).status_code == 200, path
    assert recruiter.get(world.scorecard(0)).status_code in {403, 404}


def test_the_trail_holds_no_name_or_address(world):
    """Everything that the tests' world has done so far, and what they do here, by its detail."""
    fill(world)
    recruiter = world["recruiter"].sign_in()
    recruiter.post(f"{world.path}/privacy/hold", {"hold_reason": "Amina Exempel har klagat."})
    recruiter.post(
        f"{world.path}/privacy/keep",
        {"until": f"{LATER}-01-01", "reason": "Amina Exempel har klagat."},
    )
    with world.app.app_context():
        trail = "".join(
            f"{e.action} {e.subject} {e.detail}" for e in db.session.scalars(sa.select(AuditEvent))
        )
        names = [*db.session.scalars(sa.select(Candidate.name)), MARK, "klagat"]
        db.session.remove()
    assert "privacy.hold" in trail
    assert [name for name in names if name in trail] == []


def test_who_comes_late_stores_nothing(world):
    """A page that was open when it was erased: each way in is refused, and says why."""
    grow_old(world)
    recruiter = world["recruiter"].sign_in()
    interviewer = world["interviewer"].sign_in()
    with world.app.app_context():
        actions.erase(world.requisition, actor_id=world["recruiter"].id)
        db.session.remove()
    late = recruiter.post(f"{world.path}/candidates/", {"name": "Sen Ankomst", "email": ""})
    assert late.status_code == 410
    assert "Rekryteringen är raderad" in late.text
    for path, data in (
        ("members", {"name": "Ny", "email": "colleague@example.org", "role": "interviewer"}),
        ("privacy/hold", {"hold_reason": "För sent"}),
        ("privacy/keep", {"until": f"{LATER}-01-01", "reason": "För sent"}),
    ):
        assert recruiter.post(f"{world.path}/{path}", data).status_code == 410, path
    card = interviewer.post(world.scorecard(0), world.ratings(0))
    assert card.status_code in {403, 404}
    with world.app.app_context():
        for table in ("candidate", "membership", "scorecard", "interview"):
            assert db.session.scalar(sa.text(f"SELECT count(*) FROM {table}")) == 0
        db.session.remove()


def test_saved_while_it_is_erased(world):
    """Whoever adds candidates in the same moment is either erased with the rest or refused."""
    grow_old(world)
    told = []

    def add():
        with world.app.app_context():
            number = 0
            while len(told) < 3:
                # SQLite is not fair: whoever asks without a pause may keep the other waiting.
                time.sleep(0.005)
                number += 1
                try:
                    candidates.add(
                        world.requisition,
                        name=f"Samtidig {number}",
                        email="",
                        internal=False,
                        actor_id=world["recruiter"].id,
                    )
                except actions.RequisitionIsErased:
                    told.append(number)
            db.session.remove()
            db.engine.dispose()

    thread = threading.Thread(target=add)
    thread.start()
    with world.app.app_context():
        actions.erase(world.requisition, actor_id=world["recruiter"].id)
        db.session.remove()
    thread.join()
    with world.app.app_context():
        left = db.session.scalar(sa.select(sa.func.count(Candidate.id)))
        with pytest.raises(actions.RequisitionIsErased):
            actions.erase(world.requisition, actor_id=None)
        db.session.remove()
    assert left == 0
    assert told == [told[0], told[0] + 1, told[0] + 2]


def test_drafts_are_not_counted_for_whoever_has_yet_to_rate(world):
    fill(world)
    with world.app.app_context():
        seen = [
            queries.contents(world.requisition, reader_id=world[name].id).drafts
            for name in ("recruiter", "interviewer")
        ]
        db.session.remove()
    assert seen == [1, None]


def test_finished_documents_go_too(world):
    fill(world)
    grow_old(world)
    documents = world.app.extensions["recruit_documents"]
    mine, others = f"requisition-{world.requisition}", f"requisition-{world.requisition + 1}"
    for group in (mine, others):
        documents.keep(group, "x", b"%PDF")
    folder = documents._folder
    assert {path.parent.name for path in folder.glob("*/*.pdf")} == {mine, others}
    with world.app.app_context():
        actions.erase(world.requisition, actor_id=None)
        db.session.remove()
    assert {path.parent.name for path in folder.glob("*/*.pdf")} == {others}
    documents.erase(others)


def test_what_came_in_between_is_swept_away(world):
    """A reminder that was being written while its requisition was erased."""
    grow_old(world)
    with world.app.app_context():
        actions.erase(world.requisition, actor_id=None)
        with write():
            db.session.add(
                Delivery(
                    key="late",
                    kind="reminder_overdue",
                    requisition_id=world.requisition,
                    address="a@example.org",
                    message={"subject": "Amina"},
                )
            )
        db.session.remove()
    run_job(world.app)
    with world.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Delivery.id))) == 0
        db.session.remove()
