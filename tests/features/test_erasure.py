"""What is erased is gone: from every table, from the file, and for whoever comes late."""

from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from recruit.audit.models import AuditEvent
from recruit.audit.queries import first_broken
from recruit.candidates import actions as candidates
from recruit.candidates.models import Candidate, CandidateImport, Cv
from recruit.comparisons.models import DecidedOutcome, Decision
from recruit.database import db, write
from recruit.interviews import actions as interviews
from recruit.interviews.models import Interview
from recruit.mail.models import Delivery
from recruit.privacy import actions, queries
from recruit.privacy.models import ErasureGround, PrivacyRecord
from recruit.privacy.reach import KEPT, tables_of_requisition
from recruit.requisitions.models import Requisition, RequisitionState
from recruit.scorecards.models import Scorecard
from tests.conftest import world_with

MARK = "qzplant"
LONG_AGO = datetime(2023, 5, 4, 9, tzinfo=UTC)
LATER = datetime.now(UTC).year + 5

NO_CANDIDATE = {
    "audit_event": "the trail: numbers of people and things, no names; its own test below",
    "asked_question": "a question of a published guide",
    "calibration_rating": "how an interviewer rated a made-up answer of the library",
    "guide": "the plan of a round, the same for all candidates",
    "guide_version": "what a round asks; it names nobody",
    "identity": "who people with an account are at the organisation's provider",
    "library_entry": "the organisation's own competencies and questions",
    "privacy_record": "how long and why; its free texts are emptied, which is planted and sought",
    "requisition": "the vacancy: title, unit and profile",
    "role": "roles of accounts",
    "role_of_user": "roles of accounts",
    "user": "people with an account; a candidate has none",
}
"""Tables that erasure leaves alone, with the reason; a table that is new belongs in neither list
until somebody has thought about it."""


def reached():
    """Return the tables whose rows go with a requisition, by name."""
    found = {table.name for table in tables_of_requisition()} | {"delivery"}
    return _with_what_hangs_on(found)


def _with_what_hangs_on(found):
    while True:
        more = {
            table.name
            for table in db.metadata.sorted_tables
            for key in table.foreign_keys
            if key.column.table.name in found and key.ondelete == "CASCADE"
        } - found
        if not more:
            return found
        found |= more


def test_every_table_is_erased_or_holds_no_candidate(app):
    names = {table.name for table in db.metadata.sorted_tables}
    assert names - reached() - set(NO_CANDIDATE) == set()
    assert set(KEPT) <= set(NO_CANDIDATE)
    assert reached() & set(NO_CANDIDATE) == set()


def test_nothing_that_refers_to_a_candidate_outlives_one(app):
    """A row that names a candidate goes with the candidate alone too."""
    gone = _with_what_hangs_on({"candidate"})
    left = {
        (table.name, key.parent.name)
        for table in db.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in gone and table.name not in gone
    }
    assert left == set()


def grow_old(world, moment=LONG_AGO):
    with world.app.app_context(), write():
        db.session.get_one(Requisition, world.requisition).created_at = moment
    with world.app.app_context():
        db.session.remove()


def fill(world):
    """Let there be something of every kind."""
    for name in ("interviewer", "colleague"):
        form = world.ratings(0, evidence=MARK)
        assert world[name].sign_in().post(world.scorecard(0), form).status_code == 302
    draft = world.ratings(2, action="draft")
    assert world["colleague"].post(world.scorecard(2), draft).status_code == 302
    with world.app.app_context():
        candidate = world.candidates[0]
        with write():
            db.session.add(
                Cv(
                    candidate_id=candidate,
                    kind="pdf",
                    size=300_000,
                    content=(MARK.encode() + b" ") * 40_000,
                    attached_by_id=world["recruiter"].id,
                )
            )
        with write():
            db.session.add(
                CandidateImport(
                    requisition_id=world.requisition,
                    created_by_id=world["recruiter"].id,
                    file_name="lista.csv",
                    notes=[],
                    head=["Namn"],
                    rows=[[2, ["Amina"], ""]],
                )
            )
        db.session.remove()


def plant(names, only=()):
    """Write the mark into every column that holds text or bytes of the tables, whatever they are.

    A table without rows gets one, so that a new table is tried too.
    """
    with write():
        for table in db.metadata.sorted_tables:
            if table.name not in names:
                continue
            if not db.session.scalar(sa.select(sa.func.count()).select_from(table)):
                db.session.execute(sa.insert(table).values(_a_row(table)))
            for column in table.columns:
                if column.foreign_keys or (only and column.name not in only):
                    continue
                value = _marked(column)
                if value is not None:
                    db.session.execute(sa.update(table).values({column.name: value}))


def _marked(column):
    kind = column.type
    if isinstance(kind, sa.JSON):
        return [MARK]
    if isinstance(kind, sa.LargeBinary):
        return (MARK.encode() + b" ") * 40_000
    if isinstance(kind, sa.String):
        if column.primary_key or any(column.name in key.columns for key in _unique(column.table)):
            # The same for all rows would not be let in; without a number of its own it is left.
            own = column.table.columns.get("id")
            return None if own is None else sa.literal(MARK) + sa.cast(own, sa.String)
        return MARK if kind.length is None or kind.length >= len(MARK) else None
    return None


def _unique(table):
    found = [key for key in table.constraints if isinstance(key, sa.UniqueConstraint)]
    return [*found, *(index for index in table.indexes if index.unique)]


def _a_row(table):
    row = {}
    for column in table.columns:
        if column.foreign_keys:
            other = next(iter(column.foreign_keys)).column
            row[column.name] = db.session.scalar(sa.select(other).limit(1))
        elif column.primary_key and column.name == "id":
            continue
        elif isinstance(column.type, sa.JSON):
            row[column.name] = [MARK]
        elif isinstance(column.type, sa.String):
            row[column.name] = MARK[: column.type.length]
        elif isinstance(column.type, sa.LargeBinary):
            row[column.name] = MARK.encode()
        elif isinstance(column.type, sa.Boolean):
            row[column.name] = False
        elif isinstance(column.type, sa.Integer):
            row[column.name] = 1
        elif isinstance(column.type, sa.Date):
            row[column.name] = date(2026, 1, 1)
        else:
            row[column.name] = LONG_AGO
    return row


def occurrences(app, database):
    """Count the mark in everything that the database has on disk, or in a dump of all tables."""
    if database.startswith("sqlite"):
        path = Path(database.removeprefix("sqlite:///"))
        return sum(file.read_bytes().count(MARK.encode()) for file in path.parent.glob("*sqlite3*"))
    found = 0
    with app.app_context():
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(sa.text(f'SELECT t::text FROM "{table.name}" t')):
                found += row[0].count(MARK) + row[0].count(MARK.encode().hex())
        db.session.remove()
    return found


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


def test_no_trace_is_left_of_one_candidate(world, database):
    fill(world)
    # A mail about a scorecard names the candidate too.
    reopen = f"{world.path}/interviews/{world.interviews[0]}/panel/{world['colleague'].id}/reopen"
    assert world["recruiter"].sign_in().post(reopen, {"reason": MARK}).status_code == 302
    with world.app.app_context():
        gone = _with_what_hangs_on({"candidate"})
        ids = {
            "cv": Cv.candidate_id == world.candidates[0],
            "interview": Interview.candidate_id == world.candidates[0],
            "candidate": Candidate.id == world.candidates[0],
        }
        with write():
            for name, mine in ids.items():
                table = db.metadata.tables[name]
                column = {"cv": "kind", "interview": "place", "candidate": "name"}[name]
                db.session.execute(sa.update(table).where(mine).values({column: MARK}))
            db.session.execute(sa.update(CandidateImport).values(file_name=MARK))
        actions.erase_candidate(
            world.requisition,
            world.candidates[0],
            ground=ErasureGround.OBJECTION,
            actor_id=world["recruiter"].id,
        )
        left = set(db.session.scalars(sa.select(Candidate.id)))
        cards = db.session.scalars(sa.select(Scorecard)).all()
        mails = set(db.session.scalars(sa.select(Delivery.about)))
        event = db.session.scalar(sa.select(AuditEvent).order_by(AuditEvent.id.desc()))
        assert {"scorecard", "cv", "rating", "submission"} <= gone
        assert left == {world.candidates[1]}
        assert [card.interview.candidate_id for card in cards] == [world.candidates[1]]
        assert mails == {f"interview:{world.interviews[2]}"}
        assert (event.action, event.subject, event.detail) == (
            "candidate.erase",
            f"candidate:{world.candidates[0]}",
            {"ground": "objection"},
        )
        db.session.remove()
        db.engine.dispose()
    assert occurrences(world.app, database) == 0


def test_no_number_is_given_twice(world):
    """The trail and the browsers go on to know who is erased by number."""
    with world.app.app_context():
        last = world.candidates[-1]
        actions.erase_candidate(
            world.requisition, last, ground=ErasureGround.MISTAKE, actor_id=world["recruiter"].id
        )
        another = candidates.add(
            world.requisition,
            name="Ny Person",
            email="",
            internal=False,
            actor_id=world["recruiter"].id,
        )
        interview = interviews.plan(
            world.requisition,
            candidate_id=another.id,
            guide_version_id=world.versions[0],
            starts_at=datetime.now(UTC),
            timezone="Europe/Stockholm",
            place="",
            panel=[world["colleague"].id],
            actor_id=world["recruiter"].id,
        )
        assert another.id > last
        assert interview.id > max(world.interviews)
        db.session.remove()


def test_a_browser_learns_which_interviews_are_erased(world):
    interviewer = world["interviewer"].sign_in()

    def told(*numbers):
        return interviewer.get("/interviews/erased", query_string={"number": numbers}).json

    assert told(*world.interviews) == {"erased": []}
    with world.app.app_context():
        actions.erase_candidate(
            world.requisition,
            world.candidates[0],
            ground=ErasureGround.OBJECTION,
            actor_id=world["recruiter"].id,
        )
        db.session.remove()
    assert told(*world.interviews) == {"erased": world.interviews[:2]}
    assert told("", "x", "-1", "0", str(2**70), world.interviews[2]) == {"erased": []}


def test_the_reasons_of_a_decision_no_longer_name_who_is_erased(rated):
    """Nobody can change a decision, so the name is taken out of it; the rest stays as written."""
    first, second = rated.candidates
    with rated.app.app_context(), write():
        decision = Decision(
            requisition_id=rated.requisition,
            number=1,
            rationale="Björn har bredden. Aminas exempel var färre än BJÖRN FIKTIVS.",
            decided_by_id=rated["recruiter"].id,
        )
        decision.outcomes = [
            DecidedOutcome(candidate_id=first, outcome="declined", rationale="Om Amina."),
            DecidedOutcome(candidate_id=second, outcome="offered", rationale="Före Amina Exempel."),
        ]
        db.session.add(decision)
    with rated.app.app_context():
        actions.erase_candidate(
            rated.requisition,
            first,
            ground=ErasureGround.NOT_NEEDED,
            actor_id=rated["recruiter"].id,
        )
        found = db.session.scalar(sa.select(Decision))
        assert found.rationale == (
            "Björn har bredden. [raderad kandidat]:s exempel var färre än BJÖRN FIKTIVS."
        )
        assert [outcome.rationale for outcome in found.outcomes] == ["Före [raderad kandidat]."]
        db.session.remove()


def test_a_name_that_another_candidate_has_too_stays_in_a_decision(rated):
    """Of two with one first name only the full name goes: the other's reasons are not rewritten."""
    first, second = rated.candidates
    with rated.app.app_context(), write():
        db.session.get_one(Candidate, second).name = "Amina Fiktiv"
        db.session.add(
            Decision(
                requisition_id=rated.requisition,
                number=1,
                rationale="Amina Fiktiv valdes. Amina har bredden, mer än Amina Exempel.",
                decided_by_id=rated["recruiter"].id,
            )
        )
    with rated.app.app_context():
        actions.erase_candidate(
            rated.requisition,
            first,
            ground=ErasureGround.NOT_NEEDED,
            actor_id=rated["recruiter"].id,
        )
        assert db.session.scalar(sa.select(Decision.rationale)) == (
            "Amina Fiktiv valdes. Amina har bredden, mer än [raderad kandidat]."
        )
        db.session.remove()


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
        assert first_broken() is None
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


def test_it_is_not_erased_before_its_time(world):
    recruiter = world["recruiter"].sign_in()
    answer = recruiter.post(f"{world.path}/privacy/erase")
    assert answer.status_code == 409
    assert "Uppgifterna ska sparas längre" in answer.text
    page = recruiter.get(f"{world.path}/privacy/erase").text
    assert "Radera för gott" not in page
    with world.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Candidate.id))) == 2
        db.session.remove()


def test_a_hold_set_meanwhile_stops_it(world):
    grow_old(world)
    recruiter = world["recruiter"].sign_in()
    assert "Radera för gott" in recruiter.get(f"{world.path}/privacy/erase").text
    administrator = world["administrator"].sign_in()
    told = administrator.post(f"{world.path}/privacy/hold", {"hold_reason": "Prövas i domstol."})
    assert told.status_code == 302
    answer = recruiter.post(f"{world.path}/privacy/erase")
    assert answer.status_code == 409
    assert "rättsligt stopp" in answer.text.lower()
    path = f"{world.path}/candidates/{world.candidates[0]}/erase"
    assert recruiter.post(path, {"ground": "objection"}).status_code == 409
    assert "Prövas i domstol." in recruiter.get(f"{world.path}/privacy/").text
    assert recruiter.post(f"{world.path}/privacy/release").status_code == 302
    assert recruiter.post(f"{world.path}/privacy/release").status_code == 302
    assert recruiter.post(f"{world.path}/privacy/erase").status_code == 302
    assert recruiter.post(f"{world.path}/privacy/erase").status_code == 410
    with world.app.app_context():
        done = [
            e.action
            for e in db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id))
            if e.action.startswith("privacy.") or e.action.endswith(".erase")
        ]
        db.session.remove()
    assert done == ["privacy.hold", "privacy.release", "requisition.erase"]


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


def run_job(app):
    from recruit.privacy.jobs import erase_what_is_due

    with app.app_context():
        erase_what_is_due()
        db.session.remove()


def states(app):
    with app.app_context():
        found = list(db.session.scalars(sa.select(Requisition.state)))
        db.session.remove()
    return found


def test_it_is_erased_by_itself_a_month_after_the_warning(database):
    with world_with(database, erase_when_due=True) as world:
        grow_old(world)
        with world.app.app_context(), write():
            db.session.execute(sa.delete(Delivery))
        for _ in range(2):
            run_job(world.app)
        assert states(world.app) == ["open"]
        with world.app.app_context():
            letter = db.session.scalars(sa.select(Delivery)).one()
            assert letter.address == "recruiter@example.org"
            assert letter.message["subject"] == "Raderas snart: Enhetschef"
            assert "4 maj 2025" in letter.message["body"]
            assert f"{world.path}/privacy/" in letter.message["body"]
            with write():
                kept = db.session.get_one(PrivacyRecord, world.requisition)
                kept.warned_at -= timedelta(days=29)
            db.session.remove()
        run_job(world.app)
        assert states(world.app) == ["open"]
        with world.app.app_context(), write():
            db.session.get_one(PrivacyRecord, world.requisition).warned_at -= timedelta(days=2)
        run_job(world.app)
        run_job(world.app)
        assert states(world.app) == ["erased"]
        with world.app.app_context():
            event = db.session.scalar(
                sa.select(AuditEvent).where(AuditEvent.action == "requisition.erase")
            )
            assert event.actor_id is None
            assert db.session.scalar(sa.select(sa.func.count(Delivery.id))) == 0
            db.session.remove()


def test_another_day_is_warned_of_anew(database):
    with world_with(database, erase_when_due=True) as world:
        grow_old(world)
        run_job(world.app)
        with world.app.app_context():
            with write():
                kept = db.session.get_one(PrivacyRecord, world.requisition)
                kept.warned_at -= timedelta(days=40)
            actions.keep_until(
                world.requisition,
                queries.today() - timedelta(days=1),
                reason="Tidigare",
                actor_id=world["recruiter"].id,
            )
            db.session.remove()
        run_job(world.app)
        assert states(world.app) == ["open"]


def test_nothing_is_erased_by_itself_unless_it_is_wanted(world):
    grow_old(world)
    run_job(world.app)
    assert states(world.app) == ["open"]
    page = world["administrator"].sign_in().get("/privacy/").text
    assert "1 rekrytering ska raderas" in page
    assert "Öppna den" in page


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


def test_what_came_in_between_goes_for_one_candidate_too(world):
    """A reminder and a document that had begun when the candidate was erased."""
    documents = world.app.extensions["recruit_documents"]
    group = f"requisition-{world.requisition}"
    with world.app.app_context():
        actions.erase_candidate(
            world.requisition,
            world.candidates[0],
            ground=ErasureGround.OBJECTION,
            actor_id=world["recruiter"].id,
        )
        with write():
            db.session.execute(sa.delete(Delivery))
            for number in (world.interviews[0], world.interviews[2]):
                db.session.add(
                    Delivery(
                        key=f"late {number}",
                        kind="reminder_overdue",
                        about=f"interview:{number}",
                        requisition_id=world.requisition,
                        address="a@example.org",
                        message={"subject": "Påminnelse"},
                    )
                )
        db.session.remove()
    documents.keep(group, "late", b"%PDF")
    run_job(world.app)
    with world.app.app_context():
        assert list(db.session.scalars(sa.select(Delivery.about))) == [
            f"interview:{world.interviews[2]}"
        ]
        db.session.remove()
    assert not (documents.folder / group).exists()


@pytest.mark.parametrize(
    ("created", "decided", "until"),
    [
        (datetime(2024, 3, 1, 12, tzinfo=UTC), None, date(2026, 3, 1)),
        (datetime(2024, 2, 29, 12, tzinfo=UTC), None, date(2026, 3, 1)),
        # Half past eleven in the evening in London is the next day in Stockholm.
        (datetime(2024, 6, 30, 22, 30, tzinfo=UTC), None, date(2026, 7, 1)),
        (
            datetime(2024, 3, 1, 12, tzinfo=UTC),
            datetime(2024, 9, 9, 12, tzinfo=UTC),
            date(2026, 9, 9),
        ),
    ],
)
def test_two_years_after_the_decision_or_the_beginning(app, created, decided, until):
    with app.app_context():
        assert queries.rule(created, decided) == until


def test_a_decision_moves_the_day(world):
    from recruit.audit.actions import record

    grow_old(world)
    with world.app.app_context():
        assert queries.retention(world.requisition).until == date(2025, 5, 4)
        with write():
            record(
                "decision.make",
                actor_id=world["recruiter"].id,
                subject=f"requisition:{world.requisition}",
                requisition_id=world.requisition,
            )
        found = queries.retention(world.requisition)
        assert found.until.year == queries.today().year + 2
        assert not found.is_due
        db.session.remove()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"until": "", "reason": "Ja"}, "Välj en dag"),
        ({"until": "i morgon", "reason": "Ja"}, "Välj en dag"),
        ({"until": "2020-01-01", "reason": "Ja"}, "Välj i dag eller en senare dag"),
        ({"until": "9999-12-31", "reason": "Ja"}, "inom 30 år"),
        ({"until": f"{LATER}-01-01", "reason": "  "}, "Skriv varför"),
        ({"until": f"{LATER}-01-01", "reason": "x" * 1001}, "högst 1 000 tecken"),
    ],
)
def test_another_day_needs_a_day_and_a_reason(world, data, message):
    recruiter = world["recruiter"].sign_in()
    answer = recruiter.post(f"{world.path}/privacy/keep", data)
    assert answer.status_code == 400
    assert message in answer.text
    with world.app.app_context():
        assert db.session.get(PrivacyRecord, world.requisition) is None
        db.session.remove()


def test_another_day_is_shown_with_its_reason(world):
    recruiter = world["recruiter"].sign_in()
    data = {"until": f"{LATER}-02-03", "reason": "Facket har begärt det."}
    assert recruiter.post(f"{world.path}/privacy/keep", data).status_code == 302
    page = recruiter.get(f"{world.path}/privacy/").text
    assert f"3 februari {LATER}" in page
    assert "Facket har begärt det." in page
    assert f"3 februari {LATER}" in recruiter.get(world.path).text
    assert f"3 feb. {LATER}" in recruiter.get("/privacy/").text


def test_a_candidate_is_erased_with_a_ground_only(world):
    recruiter = world["recruiter"].sign_in()
    path = f"{world.path}/candidates/{world.candidates[0]}/erase"
    assert recruiter.post(path, {"ground": "because"}).status_code == 400
    answer = recruiter.post(path)
    assert answer.status_code == 400
    assert "Välj varför" in answer.text
    assert recruiter.post(path, {"ground": "mistake"}).status_code == 302
    assert recruiter.post(path, {"ground": "mistake"}).status_code == 404
    assert "Amina" not in recruiter.get(f"{world.path}/candidates/").text
    assert "Amina" not in recruiter.get(f"{world.path}/interviews/").text
