"""One candidate who is erased is gone: from every table, and for whoever comes late."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from recruit.audit.models import AuditEvent
from recruit.candidates import actions as candidates
from recruit.candidates.models import Candidate, CandidateImport, Cv
from recruit.comparisons.models import DecidedOutcome, Decision
from recruit.consensus.models import Agreement, ConsensusMeeting
from recruit.consensus.queries import fingerprints
from recruit.database import db, write
from recruit.interviews import actions as interviews
from recruit.interviews.models import Interview, PanelMember
from recruit.mail.models import Delivery
from recruit.privacy import actions
from recruit.privacy.mentions import PlacesHaveChanged
from recruit.privacy.models import ErasureGround
from recruit.privacy.writings import NOT_GONE_THROUGH, columns, tables
from recruit.scorecards import actions as scorecards
from recruit.scorecards.entries import Entries
from recruit.scorecards.models import Rating, Scorecard
from tests.conftest import without_token
from tests.features.erasure import MARK, fill, occurrences, run_job, with_what_hangs_on
from tests.security.test_noninterference import entries_for


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
            {"ground": "objection", "texts": 0},
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


def written_about_the_second(world, text):
    """Let both of the second candidate's panel rate with the text."""
    with world.app.app_context():
        for name in ("interviewer", "colleague"):
            scorecards.submit(
                world.interviews[2],
                world[name].id,
                entries(world, text),
                0,
                ahead_of=world.start_mark(2),
            )
        db.session.remove()


def entries(world, text):
    return entries_for(world, 2, 4, text)


def erase_first(world, **options):
    with world.app.app_context():
        actions.erase_candidate(
            world.requisition,
            world.candidates[0],
            ground=ErasureGround.OBJECTION,
            actor_id=world["recruiter"].id,
            **options,
        )
        db.session.remove()


def evidence(world):
    with world.app.app_context():
        found = db.session.scalars(sa.select(Rating.evidence))
        texts = {text.rpartition(" ")[0] for text in found}
        db.session.remove()
    return texts


def erase_page(world):
    return f"{world.path}/candidates/{world.candidates[0]}/erase"


def test_every_column_with_text_is_gone_through_or_named():
    """A table that somebody adds is gone through by itself; what is left out has its reason."""
    reached = {table.name for table in tables()}
    hanging = with_what_hangs_on({"requisition"}) | {"delivery", "requisition"}
    silent = {
        table.name
        for table in db.metadata.sorted_tables
        if table.name in hanging and table.name not in reached and columns(table)
    }
    assert silent == set()
    there = {f"{t.name}.{c.name}" for t in db.metadata.sorted_tables for c in t.columns}
    assert set(NOT_GONE_THROUGH) <= there


def test_the_name_goes_from_what_was_written_of_others(world):
    written_about_the_second(world, "Bättre än AMINA\u00a0EXEMPELS. Amina sa")
    page = world["recruiter"].sign_in().get(erase_page(world)).text
    shown = len(world.competencies[2]) + 1
    assert page.count("<strong>AMINA\u00a0EXEMPELS</strong>") == shown
    assert "om Björn Fiktiv" in page
    erase_first(world)
    assert evidence(world) == {"Bättre än [raderad kandidat]:s. [raderad kandidat] sa"}


def test_a_doubtful_name_goes_where_it_is_ticked(world):
    with world.app.app_context(), write():
        db.session.get_one(Candidate, world.candidates[1]).name = "Amina Fiktiv"
    written_about_the_second(world, "Amina före Amina, ej Amina Exempel")
    recruiter = world["recruiter"].sign_in()
    page = recruiter.get(erase_page(world)).text
    # In the evidence of each competency, and once in the summary, which both wrote alike.
    boxes = re.findall(r'name="places" value="(\w+)"', page)
    assert len(boxes) == 2 * (len(world.competencies[2]) + 1)
    late = recruiter.post(erase_page(world), {"ground": "mistake", "places": ["another"]})
    assert late.status_code == 400
    assert "har ändrats" in late.text
    assert (
        recruiter.post(erase_page(world), {"ground": "mistake", "places": boxes[1::2]}).status_code
        == 302
    )
    assert evidence(world) == {"Amina före [raderad kandidat], ej [raderad kandidat]"}


def test_a_place_that_has_changed_since_it_was_ticked_stops_the_erasure(world):
    with pytest.raises(PlacesHaveChanged):
        erase_first(world, chosen=["another"])
    with world.app.app_context():
        assert db.session.get(Candidate, world.candidates[0]) is not None
        db.session.remove()


def test_a_doubtful_name_that_is_not_shown_goes_with_the_rest(world):
    """A draft is shown to nobody but its author, and the browser that holds it is told."""
    with world.app.app_context():
        scorecards.save(
            world.interviews[2], world["colleague"].id, entries(world, "som amina gör"), 0
        )
        db.session.remove()
    recruiter = world["recruiter"].sign_in()
    assert "som amina" not in recruiter.get(erase_page(world)).text
    form = {"ground": "mistake", "rest": "y"}
    assert recruiter.post(erase_page(world), form).status_code == 302
    assert evidence(world) == {"som [raderad kandidat] gör"}
    with world.app.app_context():
        assert db.session.scalar(sa.select(Scorecard.version)) == 2
        db.session.remove()


def test_a_recruiter_who_has_yet_to_rate_reads_nothing_of_others(world):
    with world.app.app_context(), write():
        interview = db.session.get_one(Interview, world.interviews[2])
        interview.panel.append(PanelMember(user_id=world["recruiter"].id))
    recruiter = world["recruiter"].sign_in()
    written_about_the_second(world, "Ingen nämnd")
    silent = without_token(recruiter.get(erase_page(world)).text)
    with world.app.app_context(), write():
        for table, column in (("rating", "evidence"), ("scorecard", "summary")):
            changed = sa.update(db.metadata.tables[table])
            db.session.execute(changed.values({column: "Bättre än Amina Exempel och amina x"}))
    named = without_token(recruiter.get(erase_page(world)).text)
    assert "2 inlämnade bedömningsformulär" in named
    assert named == silent
    erase_first(world)
    assert evidence(world) == {"Bättre än [raderad kandidat] och amina"}


def test_an_agreement_still_rests_on_the_ratings_it_rested_on(world):
    written_about_the_second(world, "Bättre än Amina Exempel")
    with world.app.app_context():
        former = fingerprints(world.requisition)
        meeting = ConsensusMeeting(
            requisition_id=world.requisition,
            candidate_id=world.candidates[1],
            round_position=0,
            present=[world["interviewer"].id],
        )
        with write():
            db.session.add(meeting)
        former = fingerprints(world.requisition)
        number, topic = next(iter(former))
        with write():
            for version, fingerprint in ((1, "0" * 64), (2, former[number, topic])):
                db.session.add(
                    Agreement(
                        meeting_id=number,
                        topic=topic,
                        version=version,
                        rationale="Som Amina Exempel.",
                        present=["Interviewer Prov"],
                        fingerprint=fingerprint,
                        saved_by_id=world["recruiter"].id,
                    )
                )
        db.session.remove()
    erase_first(world)
    with world.app.app_context():
        first, second = db.session.scalars(sa.select(Agreement).order_by(Agreement.version))
        assert second.fingerprint == fingerprints(world.requisition)[number, topic]
        assert second.fingerprint != former[number, topic]
        assert (first.fingerprint, first.rationale) == ("0" * 64, "Som [raderad kandidat].")
        db.session.remove()


def test_a_calendar_entry_that_waits_is_whole_without_the_name(world):
    place = "Samma rum som Amina Exempel hade " + "förra veckan " * 12
    with world.app.app_context():
        interview = db.session.get_one(Interview, world.interviews[2])
        interviews.change(
            world.requisition,
            interview.id,
            sequence=interview.sequence,
            starts_at=interview.starts_at,
            setting=interviews.Setting("Europe/Stockholm", place, (world["colleague"].id,)),
            actor_id=world["recruiter"].id,
        )
        db.session.remove()
    erase_first(world)
    with world.app.app_context():
        waiting = db.session.scalars(sa.select(Delivery).where(Delivery.message.is_not(None)))
        entries_ = [Calendar.from_ical(mail.message["calendar"]) for mail in waiting]
        places = {str(entry.walk("VEVENT")[0]["LOCATION"]) for entry in entries_}
        assert place.strip().replace("Amina Exempel", "[raderad kandidat]") in places
        assert not any("Amina" in one for one in places)
        db.session.remove()
