"""Of one candidate who is erased nobody reads the name again, wherever the product kept it."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
import sqlalchemy as sa

from recruit.candidates import actions as candidates
from recruit.comparisons.models import DecidedOutcome, Decision
from recruit.consensus.models import Agreement, ConsensusMeeting
from recruit.database import db, now, write
from recruit.deviations.models import Deviation
from recruit.documents.cache import DocumentCache
from recruit.guides.models import FlaggedWording
from recruit.interviews.departures import step_down
from recruit.interviews.models import DepartureKind, Interview
from recruit.jobs.queue import jobs
from recruit.reminders import actions as reminders
from recruit.reports.jobs import prepare
from recruit.scorecards import actions as scorecards
from tests.security.test_noninterference import addresses, entries_for

NAME = "Zebulon Qvantorp"
ADDRESS = "zebulon.qvantorp@example.org"
FORMS = {
    "interviewer": "Mer än ZEBULON\u00a0QVANTORPS: hon",
    "colleague": "Mer än Zebulons, men Qvantorp, Zebu\u00adlon Qvantorp",
}
"""How the name is written in what is about the other candidate."""
PARTS = ("zebulon", "qvantorp")
READERS = ("recruiter", "hiring_manager", "interviewer", "colleague")


def a_cv():
    file = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Title"] = NAME
    document.save(file)
    return file.getvalue()


@pytest.fixture
def lived(world, tmp_path):
    """The first candidate has been through everything, and each place holds the name."""
    world.app.extensions["recruit_documents"] = DocumentCache(tmp_path / "kept", 50)
    recruiter = world["recruiter"].sign_in()
    first = world.candidates[0]
    with world.app.app_context():
        candidates.edit(
            world.requisition,
            first,
            name=NAME,
            email=ADDRESS,
            internal=False,
            actor_id=recruiter.id,
        )
        candidates.attach_cv(world.requisition, first, a_cv(), actor_id=recruiter.id)
        for number, name in (
            (0, "interviewer"),
            (0, "colleague"),
            (1, "interviewer"),
            (1, "hiring_manager"),
            (2, "interviewer"),
            (2, "colleague"),
        ):
            about = NAME if number < 2 else FORMS[name]
            written = entries_for(world, number, 4, f"{about} delade makten.")
            scorecards.submit(
                world.interviews[number],
                world[name].id,
                written,
                0,
                ahead_of=world.start_mark(number),
            )
        draft = entries_for(world, 1, 4, f"{NAME} i ett utkast.")
        scorecards.save(world.interviews[1], world["colleague"].id, draft, 0)
        scorecards.reopen(
            world.interviews[0],
            world["colleague"].id,
            reason=f"{NAME} bad om det.",
            actor_id=recruiter.id,
        )
        step_down(
            world.interviews[1],
            world["hiring_manager"].id,
            kind=DepartureKind.CONFLICT,
            reason=f"{NAME} är min kusin.",
        )
        step_down(
            world.interviews[2],
            world["interviewer"].id,
            kind=DepartureKind.CONFLICT,
            reason=f"{NAME} är min kusin, och {NAME.lower()} vet det.",
        )
        reminders.remind()
        with write():
            meeting = ConsensusMeeting(
                requisition_id=world.requisition,
                candidate_id=world.candidates[1],
                round_position=0,
                present=[],
            )
            meeting.agreements = [
                Agreement(
                    topic="recommendation",
                    version=1,
                    rationale=f"Framför {NAME}.",
                    present=[],
                    fingerprint="0" * 64,
                    saved_by_id=recruiter.id,
                )
            ]
            db.session.add(meeting)
            db.session.add(
                Deviation(
                    interview_id=world.interviews[2],
                    what=f"{NAME} satt kvar i rummet.",
                    reason=f"Av misstag, {NAME} bad om ursäkt.",
                    recorded_by_id=recruiter.id,
                )
            )
            db.session.get_one(Interview, world.interviews[2]).message = f"Efter {NAME}."
            db.session.add(
                FlaggedWording(
                    guide_version_id=world.versions[0],
                    key="k",
                    position=1,
                    part="note",
                    ground="age",
                    words="ung",
                    law="lagen",
                    reason=f"{NAME} är ung.",
                )
            )
            db.session.add(
                Decision(
                    requisition_id=world.requisition,
                    number=1,
                    rationale=f"Bredden. {NAME} hade färre exempel.",
                    decided_by_id=recruiter.id,
                    outcomes=[
                        DecidedOutcome(
                            candidate_id=number, outcome="declined", rationale=f"Inte {NAME}."
                        )
                        for number in world.candidates
                    ],
                )
            )
        jobs.wake(world.app, prepare)
        db.session.remove()
    day = {"until": str(now().date() + timedelta(days=900)), "reason": f"{NAME} har klagat."}
    assert recruiter.post(f"{world.path}/privacy/keep", day).status_code == 302
    sheet = (io.BytesIO(f"Namn;E-post\n{NAME} den yngre;\n".encode()), "lista.csv")
    assert recruiter.post(f"{world.path}/candidates/import/", {"file": sheet}).status_code == 302
    for path in ("comparison/comparison.pdf", f"candidates/{first}/report.pdf"):
        assert recruiter.get(f"{world.path}/{path}").status_code == 200, path
    return world


def erase(world):
    path = f"{world.path}/candidates/{world.candidates[0]}/erase"
    answer = world["recruiter"].post(path, {"ground": "objection"})
    assert answer.status_code == 302


def read(world, name):
    """Return the addresses at which the person reads a part of the name."""
    person = world[name]
    client = person if person.token else person.sign_in()
    found = []
    for method, path in [*addresses(world.app, world), ("GET", f"/search?q={PARTS[0]}")]:
        if method == "GET":
            answer = client.get(path)
            assert answer.status_code < 500, path
            text = answer.get_data().decode("utf-8", "replace").lower()
            answer.close()
            # The search repeats what was asked.
            wanted = PARTS[1:] if path.endswith(PARTS[0]) else PARTS
            if any(part in text for part in wanted):
                found.append(path)
    return found


def stored(world):
    """Return the columns of the database that hold a part of the name, as text or as bytes."""
    found = set()
    with world.app.app_context():
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(sa.select(table)).mappings():
                for column, value in row.items():
                    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                    if any(part in text.lower() for part in PARTS):
                        found.add(f"{table.name}.{column}")
        db.session.remove()
    return found


def test_nobody_reads_the_name_on_any_page(lived):
    assert all(read(lived, name) for name in READERS)
    erase(lived)
    assert {name: read(lived, name) for name in READERS} == {key: [] for key in READERS}


def test_no_column_holds_the_name(lived):
    """Rows, attachments, drafts, mails that wait, files that wait, reasons and the trail."""
    before = stored(lived)
    assert {
        "candidate.name",
        "candidate.email",
        "candidate_import.rows",
        "consensus_agreement.rationale",
        "cv.content",
        "decided_outcome.rationale",
        "decision.rationale",
        "delivery.message",
        "deviation.reason",
        "deviation.what",
        "flagged_wording.reason",
        "interview.message",
        "panel_departure.reason",
        "privacy_record.keep_reason",
        "rating.evidence",
        "scorecard.summary",
        "submission.content",
        "submission.reopened_reason",
    } <= before
    assert not any(column.startswith("audit_event.") for column in before)
    erase(lived)
    assert stored(lived) == set()


def test_no_document_or_part_of_one_is_kept(lived):
    documents = lived.app.extensions["recruit_documents"]
    # A long document is put together from parts, which are kept like the whole.
    documents.parts(f"requisition-{lived.requisition}").keep(f"<p>{NAME}</p>", b"%PDF")
    folder = documents.folder
    assert len(list(folder.glob("*/*.pdf"))) == 3
    erase(lived)
    assert list(folder.glob("**/*.pdf")) == []


def test_neither_queue_nor_log_names_anybody(lived, capfd, caplog, database):
    erase(lived)
    said = "".join((*capfd.readouterr(), caplog.text)).lower()
    assert [part for part in (*PARTS, ADDRESS) if part in said] == []
    if database.startswith("sqlite"):
        path = Path(database.removeprefix("sqlite:///"))
        kept = {file.name: file.read_bytes().lower() for file in path.parent.glob("*jobs*")}
        assert kept != {}
        assert [name for name, data in kept.items() if PARTS[0].encode() in data] == []
        return
    with lived.app.app_context():
        # The queue's own table, which no model describes.
        kept = db.session.execute(sa.text("SELECT data FROM huey_task")).scalars().all()
        db.session.remove()
    assert kept != []
    assert [data for data in kept if PARTS[0].encode() in bytes(data).lower()] == []
