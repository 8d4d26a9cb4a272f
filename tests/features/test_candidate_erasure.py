"""One candidate who is erased is gone: from every table, and for whoever comes late."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from recruit.audit.models import AuditEvent
from recruit.candidates import actions as candidates
from recruit.candidates.models import Candidate, CandidateImport, Cv
from recruit.comparisons.models import DecidedOutcome, Decision
from recruit.database import db, write
from recruit.interviews import actions as interviews
from recruit.interviews.models import Interview
from recruit.mail.models import Delivery
from recruit.privacy import actions
from recruit.privacy.models import ErasureGround
from recruit.scorecards import actions as scorecards
from recruit.scorecards.entries import Entries
from recruit.scorecards.models import Scorecard
from tests.features.erasure import MARK, fill, occurrences, run_job, with_what_hangs_on


def test_nothing_that_refers_to_a_candidate_outlives_one(app):
    """A row that names a candidate goes with the candidate alone too."""
    gone = with_what_hangs_on({"candidate"})
    left = {
        (table.name, key.parent.name)
        for table in db.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in gone and table.name not in gone
    }
    assert left == set()


def test_no_trace_is_left_of_one_candidate(world, database):
    fill(world)
    # A mail about a scorecard names the candidate too.
    reopen = f"{world.path}/interviews/{world.interviews[0]}/panel/{world['colleague'].id}/reopen"
    assert world["recruiter"].sign_in().post(reopen, {"reason": MARK}).status_code == 302
    with world.app.app_context():
        gone = with_what_hangs_on({"candidate"})
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
    world["colleague"].sign_in().post(world.scorecard(2), world.ratings(2, action="draft"))
    with world.app.app_context():
        card = db.session.scalars(sa.select(Scorecard.id)).one()
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
        entries = Entries(ratings={}, notes={}, recommendation=None, summary="")
        scorecards.save(interview.id, world["colleague"].id, entries, 0)
        assert db.session.scalars(sa.select(Scorecard.id)).one() > card
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
