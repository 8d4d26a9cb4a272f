"""Documents of a requisition over HTTP: what they hold, who gets them, what the log tells."""

from __future__ import annotations

import csv
import io
import json
import threading
import time

import openpyxl
import pytest

from recruit.database import db
from tests.features.test_queries import grow, queries

SECRET = "Det kollegan hörde och ingen annan får läsa än"


def submit(world, name, number, evidence="", score=3, **more):
    answer = world[name].post(
        world.scorecard(number), world.ratings(number, score=score, evidence=evidence, **more)
    )
    assert answer.status_code == 302, answer.text


@pytest.fixture
def rated(world):
    """Everyone on the panels has submitted; the recruiter is signed in."""
    for name in ("interviewer", "colleague", "hiring_manager"):
        world[name].sign_in()
    for number in range(3):
        for name, score in (("interviewer", 3), ("colleague", 4)):
            submit(world, name, number, f"Hörde {name} om {number}.", score)
    submit(world, "hiring_manager", 1, "Chefen hörde.", 5)
    world["recruiter"].sign_in()
    return world


def decide(world, outcomes, seen=0, others=None):
    """Decide, by candidate in order; ``others`` are outcomes of more candidates by number."""
    from recruit.comparisons.actions import OutcomeEntry
    from recruit.comparisons.actions import decide as act
    from recruit.comparisons.models import Outcome

    with world.app.app_context():
        act(
            world.requisition,
            rationale="Vad vi hörde.",
            reason="Nytt läge." if seen else "",
            outcomes={
                one: OutcomeEntry(Outcome(outcome), "", ())
                for one, outcome in (
                    dict(zip(world.candidates, outcomes, strict=True)) | (others or {})
                ).items()
            },
            seen=seen,
            actor_id=world["recruiter"].id,
        )


def scorecards(world):
    """Return (interview, scorecard, user) of every scorecard."""
    from recruit.scorecards.models import Scorecard

    with world.app.app_context():
        cards = db.session.query(Scorecard).order_by(Scorecard.id)
        found = [(s.interview_id, s.id, s.user_id) for s in cards]
        db.session.remove()
    return found


def paths(world):
    """Return the path of every document by its kind, about the first candidate."""
    one = f"{world.path}/candidates/{world.candidates[0]}"
    return {
        "xlsx": f"{world.path}/comparison/comparison.xlsx",
        "figures": f"{world.path}/comparison/figures.csv",
        "ratings": f"{world.path}/comparison/ratings.csv",
        "agreement": f"{world.path}/documents/panel-agreement.pdf",
        "report": f"{one}/report.pdf",
        "plan": f"{one}/plan.pdf",
        "own": f"{one}/own-data.pdf",
        "own-json": f"{one}/own-data.json",
    }


def text_of(answer, tmp_path):
    import subprocess

    assert answer.status_code == 200, answer.text
    path = tmp_path / "document.pdf"
    path.write_bytes(answer.data)
    told = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    return " ".join(told.stdout.split())


def events(world):
    from recruit.audit.models import AuditEvent

    with world.app.app_context():
        found = [
            (event.actor_id, event.subject, event.detail["kind"])
            for event in db.session.query(AuditEvent)
            .filter_by(action="report.view")
            .order_by(AuditEvent.id)
        ]
        db.session.remove()
    return found


def test_exports_hold_the_numbers_of_the_json(rated):
    recruiter = rated["recruiter"]
    figures = recruiter.get(f"{rated.path}/comparison/comparison.json").json
    answer = recruiter.get(paths(rated)["xlsx"])
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    rows = list(book["Samlat"].iter_rows(min_row=2, values_only=True))
    assert [row[:2] for row in rows] == [(c["id"], c["rank"]) for c in figures["candidates"]]
    for row, told in zip(rows, figures["candidates"], strict=True):
        overall = told["overall"]
        assert row[4:6] == pytest.approx((overall["adjusted"], overall["se"]), rel=1e-15)
    lines = csv.reader(io.StringIO(recruiter.get(paths(rated)["figures"]).data.decode("utf-8-sig")))
    found = {tuple(line[:4]): line[4] for line in lines}
    for candidate in figures["candidates"]:
        for key, cell in candidate["competencies"].items():
            for name, value in cell.items():
                told = found[f"cell.{name}", candidate["id"], "", key]
                assert told == ("" if value is None else str(value))


def test_ratings_can_be_read_again(rated):
    from recruit.core.ratings import Scale
    from recruit.core.ratings_file import read_csv

    data = rated["recruiter"].get(paths(rated)["ratings"]).data
    table = read_csv(data, name="ratings.csv", scale=Scale(1, 5))
    assert set(table.candidates) == {"Amina Exempel", "Björn Fiktiv"}
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(rows) == sum(
        len(rated.competencies[number]) * raters for number, raters in ((0, 2), (1, 3), (2, 2))
    )


def test_every_document_of_a_candidate_is_made_and_logged(rated, tmp_path):
    recruiter = rated["recruiter"]
    report = text_of(recruiter.get(paths(rated)["report"]), tmp_path)
    assert "Hörde colleague om 0." in report
    assert "Björn" not in report
    decide(rated, ("offered", "declined"))
    plan = text_of(recruiter.get(paths(rated)["plan"]), tmp_path)
    assert "Hörde" in plan
    assert "Colleague Prov" not in plan
    agreement = text_of(recruiter.get(paths(rated)["agreement"]), tmp_path)
    assert "Formler och källor" in agreement
    own = text_of(recruiter.get(paths(rated)["own"]), tmp_path)
    assert "Hörde colleague om 0." in own
    assert "Colleague Prov" not in own
    assert "Björn" not in own
    actor = rated["recruiter"].id
    about = f"candidate:{rated.candidates[0]}"
    assert events(rated) == [
        (actor, about, "candidate"),
        (actor, about, "plan"),
        (actor, f"requisition:{rated.requisition}", "panel-agreement"),
        (actor, about, "own-data"),
    ]


def test_reports_tell_candidates_of_one_name_apart_before_both_are_rated(world, tmp_path):
    from recruit.candidates.models import Candidate

    with world.app.app_context():
        other = db.session.get(Candidate, world.candidates[1])
        other.name = "Amina Exempel"
        db.session.commit()
    world["interviewer"].sign_in()
    submit(world, "interviewer", 0, "Amina lät gruppen välja.")
    recruiter = world["recruiter"].sign_in()
    assert "Amina lät gruppen välja." in text_of(recruiter.get(paths(world)["report"]), tmp_path)
    decide(world, ("offered", "declined"))
    assert "Amina lät gruppen välja." in text_of(recruiter.get(paths(world)["plan"]), tmp_path)


def test_guides_stand_in_the_order_of_the_rounds_so_that_checksums_stay(world):
    from recruit.guides.queries import published_versions
    from recruit.reports.queries import identity
    from recruit.requisitions.queries import requisition

    with world.app.app_context():
        found = requisition(world.requisition)
        versions = published_versions(found.id)
        names = [f"{version.guide.name} v{version.number}" for version in versions]
        assert len(names) > 1
        for given in (versions, versions[::-1]):
            assert identity(found, given).guide_versions == ", ".join(names)
        db.session.remove()


def test_the_plan_is_for_whom_the_decision_offers_the_job(rated, tmp_path):
    recruiter, path = rated["recruiter"], paths(rated)["plan"]

    def refused():
        answer = recruiter.get(path)
        assert answer.status_code == 409
        assert "är till för den som erbjuds jobbet" in answer.text
        assert path not in recruiter.get(f"{rated.path}/documents/").text

    refused()
    decide(rated, ("declined", "offered"))
    refused()
    decide(rated, ("offered", "reserve"), seen=1)
    assert "Hörde" in text_of(recruiter.get(path), tmp_path)
    page = recruiter.get(f"{rated.path}/documents/").text
    assert page.count("plan.pdf") == 1
    assert path in page
    decide(rated, ("reserve", "offered"), seen=2)
    answer = recruiter.get(path)
    assert answer.status_code == 409
    assert "är till för den som erbjuds jobbet" in answer.text


def test_documents_about_one_wait_while_the_candidates_are_letters(rated, tmp_path):
    recruiter = rated["recruiter"]
    recruiter.post(f"{rated.path}/comparison/pseudonyms", {"wanted": "yes"})
    interview, card, user = scorecards(rated)[0]
    mine = f"{rated.path}/interviews/{interview}/scorecards/{card}.pdf"
    report = paths(rated)["report"]
    for path in (report, mine):
        answer = recruiter.get(path)
        assert answer.status_code == 409
        assert "skulle visa vems bokstav det är" in answer.text
    page = recruiter.get(f"{rated.path}/documents/").text
    assert "Väntar på beslutet" in page
    assert "report.pdf" not in page
    assert "scorecards/" not in page
    # One's own words tell nothing new, and the candidate's right does not wait.
    author = next(person for person in rated.people.values() if person.id == user)
    assert text_of(author.get(mine), tmp_path)
    assert (
        recruiter.get(f"{rated.path}/candidates/{rated.candidates[0]}/own-data.pdf").status_code
        == 200
    )
    decide(rated, ("offered", "declined"))
    assert "Amina" in text_of(recruiter.get(report), tmp_path)
    assert "Amina" in text_of(recruiter.get(mine), tmp_path)


def test_a_completed_scorecard(rated, tmp_path):
    interview, card, _user = scorecards(rated)[0]
    path = f"{rated.path}/interviews/{interview}/scorecards/{card}.pdf"
    told = text_of(rated["recruiter"].get(path), tmp_path)
    assert "Interviewer Prov" in told
    assert "Hörde interviewer om 0." in told
    # Under another interview it does not exist.
    other = f"{rated.path}/interviews/{rated.interviews[2]}/scorecards/{card}.pdf"
    assert rated["recruiter"].get(other).status_code == 404
    assert rated["bystander"].sign_in().get(path).status_code == 403
    # The panel of that interview may read it, having submitted.
    assert "Hörde interviewer om 0." in text_of(rated["colleague"].get(path), tmp_path)


def test_own_data_takes_others_out_and_can_be_read_by_a_machine(world):
    for name in ("interviewer", "colleague"):
        world[name].sign_in()
    submit(world, "interviewer", 0, "Amina bättre än Björn Fiktiv, sade Colleague Prov.")
    answer = world["recruiter"].sign_in().get(paths(world)["own-json"])
    data = json.loads(answer.data)
    assert data["candidate"]["name"] == "Amina Exempel"
    assert data["not_yet_submitted"] == 4
    texts = [rating["text"] for card in data["scorecards"] for rating in card["ratings"]]
    assert set(texts) == {"Amina bättre än [annan person], sade [annan person]."}
    assert [card["interviewer"] for card in data["scorecards"]] == ["A"]
    assert "Interviewer Prov" not in answer.text


def test_own_data_holds_what_was_agreed_decided_and_done_otherwise(rated, tmp_path):
    from recruit.consensus.models import Agreement, ConsensusMeeting
    from recruit.database import write
    from recruit.deviations.models import Deviation

    recruiter, one = rated["recruiter"], rated.candidates[0]
    with rated.app.app_context(), write():
        told = {"present": [], "fingerprint": "", "saved_by_id": recruiter.id}
        texts = ("Först lägre än Björn.", "Sedan lika.")
        db.session.add(
            ConsensusMeeting(
                requisition_id=rated.requisition,
                candidate_id=one,
                round_position=0,
                present=[],
                agreements=[
                    Agreement(topic="feedback", version=n, score=n, rationale=text, **told)
                    for n, text in enumerate(texts, start=1)
                ],
            )
        )
        db.session.add(
            Deviation(
                interview_id=rated.interviews[0],
                what="Colleague Prov kom sent.",
                reason="Tåget stod.",
                recorded_by_id=recruiter.id,
            )
        )
    decide(rated, ("reserve", "offered"))
    decide(rated, ("offered", "declined"), seen=1)
    found = paths(rated)
    data = recruiter.get(found["own-json"]).json
    assert [(a["score"], a["rationale"]) for a in data["agreements"]] == [
        (1, "Först lägre än [annan person]."),
        (2, "Sedan lika."),
    ]
    assert [(d["outcome"], d["reasons"]) for d in data["decisions"]] == [
        ("reserve", ["Vad vi hörde."]),
        ("offered", ["Vad vi hörde.", "Nytt läge."]),
    ]
    assert [d["what"] for d in data["deviations"]] == ["[annan person] kom sent."]
    text = text_of(recruiter.get(found["own"]), tmp_path)
    for part in ("Sedan lika.", "Erbjuds jobbet", "I reserv", "Nytt läge.", "Tåget stod."):
        assert part in text
    # The other candidate's data tell of the other outcome, and nothing of what was agreed.
    other = found["own-json"].replace(f"/candidates/{one}/", f"/candidates/{rated.candidates[1]}/")
    data = recruiter.get(other).json
    assert [d["outcome"] for d in data["decisions"]] == ["offered", "declined"]
    assert data["agreements"] == data["deviations"] == []


def test_drafts_are_in_no_document(world, tmp_path):
    world["colleague"].sign_in()
    form = world.ratings(0, evidence=SECRET, action="draft")
    assert world["colleague"].post(world.scorecard(0), form).status_code == 302
    world["interviewer"].sign_in()
    submit(world, "interviewer", 0)
    recruiter = world["recruiter"].sign_in()
    decide(world, ("offered", "declined"))
    for path in paths(world).values():
        answer = recruiter.get(path)
        assert answer.status_code == 200, path
        if answer.mimetype == "application/pdf":
            assert SECRET[:20] not in text_of(answer, tmp_path)
        else:
            assert SECRET.encode() not in answer.data
    card = next(s for s in scorecards(world) if s[2] == world["colleague"].id)
    path = f"{world.path}/interviews/{card[0]}/scorecards/{card[1]}.pdf"
    assert recruiter.get(path).status_code == 404


def test_nobody_reads_in_a_document_what_they_may_not_read_yet(world, tmp_path):
    """The hiring manager sits on a panel for Amina and has not submitted; Björn they may read."""
    world["colleague"].sign_in()
    submit(world, "colleague", 0, SECRET)
    submit(world, "colleague", 2, "Om Björn får chefen läsa.")
    manager = world["hiring_manager"].sign_in()
    found = paths(world)
    for kind in ("report", "plan"):
        answer = manager.get(found[kind])
        assert answer.status_code == 409
        assert SECRET not in answer.text
    for kind in ("xlsx", "figures", "ratings"):
        answer = manager.get(found[kind])
        assert answer.status_code == 200
        if kind == "xlsx":
            book = openpyxl.load_workbook(io.BytesIO(answer.data))
            told = str([[cell.value for cell in row] for sheet in book for row in sheet])
        else:
            told = answer.text
        assert SECRET not in told
        assert "Björn Fiktiv" in told
        assert "Amina" not in told
    assert "Amina" not in text_of(manager.get(found["agreement"]), tmp_path)
    card = next(s for s in scorecards(world) if s[0] == world.interviews[0])
    path = f"{world.path}/interviews/{card[0]}/scorecards/{card[1]}.pdf"
    assert manager.get(path).status_code == 409
    page = manager.get(f"{world.path}/documents/").text
    assert "Öppnas när du har bedömt" in page
    assert f"scorecards/{card[1]}.pdf" not in page


def test_without_ratings_the_page_says_so(world):
    recruiter = world["recruiter"].sign_in()
    for kind in ("xlsx", "agreement", "report", "plan"):
        answer = recruiter.get(paths(world)[kind])
        assert answer.status_code == 409
        assert "Ingen har lämnat in bedömningar än." in answer.text


def test_merits_are_written_once_and_given_to_those_who_ask(world, tmp_path):
    recruiter = world["recruiter"].sign_in()
    hired, asking = world.candidates
    decide(world, ("offered", "declined"))
    path = f"{world.path}/candidates/{hired}/merits"
    assert recruiter.get(f"{path}/{asking}.pdf").status_code == 404
    empty = recruiter.post(path, {"education": " ", "experience": "", "other": ""})
    assert empty.status_code == 400
    assert "Skriv minst en merit." in empty.text
    given = {"education": "Socionom 2009", "experience": "=Chef i sju år", "other": ""}
    assert recruiter.post(path, given).status_code == 302
    assert recruiter.post(path, given | {"other": "Talar <finska>"}).status_code == 302
    told = text_of(recruiter.get(f"{path}/{asking}.pdf"), tmp_path)
    for part in ("Björn Fiktiv", "Socionom 2009", "=Chef i sju år", "Talar <finska>"):
        assert part in told
    assert "Amina" not in told
    assert recruiter.get(f"{path}/{hired}.pdf").status_code == 404
    assert events(world)[-1] == (recruiter.id, f"candidate:{asking}", "merits")
    assert world["hiring_manager"].sign_in().get(f"{path}/{asking}.pdf").status_code == 403


def test_merits_are_told_only_to_whom_the_law_gives_them(world, tmp_path):
    """Of the one hired to those who were not; of those called to who was not; of nobody else."""
    from recruit.candidates import actions as candidates
    from recruit.reports.models import MeritStatement

    recruiter = world["recruiter"].sign_in()
    with world.app.app_context():
        uncalled = candidates.add(
            world.requisition, name="Cleo Påhitt", email="", internal=False, actor_id=recruiter.id
        ).id
        db.session.remove()
    first, second = world.candidates
    given = {"education": "Socionom 2009", "experience": "", "other": ""}

    def path(one):
        return f"{world.path}/candidates/{one}/merits"

    def refused(answer):
        assert answer.status_code == 409
        assert "Meriter lämnas ut" in answer.text

    # Neither hired nor called: nobody may ask, so nothing is written.
    refused(recruiter.get(path(uncalled)))
    refused(recruiter.post(path(uncalled), given))
    with world.app.app_context():
        assert db.session.query(MeritStatement).count() == 0
        db.session.remove()
    shown = recruiter.get(f"{world.path}/documents/").text
    assert path(first) in shown
    assert path(uncalled) not in shown
    # Called, and nobody is hired yet: whoever was not called may ask.
    assert recruiter.post(path(first), given).status_code == 302
    refused(recruiter.get(f"{path(first)}/{second}.pdf"))
    told = text_of(recruiter.get(f"{path(first)}/{uncalled}.pdf"), tmp_path)
    assert "en sökande hade som kallades till intervju" in told
    page = recruiter.get(path(first)).text
    assert [f"/{one}.pdf" in page for one in (second, uncalled)] == [False, True]
    decide(world, ("offered", "declined"), others={uncalled: "declined"})
    told = text_of(recruiter.get(f"{path(first)}/{second}.pdf"), tmp_path)
    assert "den hade som fick arbetet" in told
    # Whoever is hired has nothing to ask of the others.
    assert recruiter.post(path(second), given).status_code == 302
    refused(recruiter.get(f"{path(second)}/{first}.pdf"))


def test_merits_written_twice_at_once_are_written_once(world):
    from recruit.reports.actions import write_merits
    from recruit.reports.models import MeritStatement

    barrier = threading.Barrier(4)
    faults = []

    def write(number):
        with world.app.app_context():
            barrier.wait()
            try:
                write_merits(
                    world.requisition,
                    world.candidates[0],
                    education=f"Socionom {number}",
                    experience="",
                    other="",
                    actor_id=world["recruiter"].id,
                )
            except Exception as fault:  # noqa: BLE001 - shown by the assertion
                faults.append(fault)
            db.session.remove()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with world.app.app_context():
        assert db.session.query(MeritStatement).count() == 1
        db.session.remove()


def test_formulas_from_people_stay_texts(world):
    world["colleague"].sign_in()
    world["interviewer"].sign_in()
    nasty = '=HYPERLINK("http://example.org")'
    submit(world, "colleague", 0, nasty)
    submit(world, "interviewer", 0, "\t+1")
    recruiter = world["recruiter"].sign_in()
    book = openpyxl.load_workbook(io.BytesIO(recruiter.get(paths(world)["xlsx"]).data))
    cells = [cell for row in book["Bedömningar"].iter_rows(min_row=2) for cell in row]
    found = [cell for cell in cells if cell.value == nasty]
    assert found
    assert {(cell.data_type, cell.quotePrefix) for cell in found} == {("s", True)}
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    ratings = recruiter.get(paths(world)["ratings"]).data.decode("utf-8-sig")
    told = {row["evidence"] for row in csv.DictReader(io.StringIO(ratings))}
    assert f"'{nasty}" in told


def test_the_page_asks_as_often_for_many_as_for_few(rated):
    few = queries(rated, rated["recruiter"], f"{rated.path}/documents/")
    grow(rated, range(5))
    assert queries(rated, rated["recruiter"], f"{rated.path}/documents/") == few


def kept_documents(world):
    """Return the documents on disk about the requisition."""
    folder = world.app.extensions["recruit_documents"].folder
    return sorted((folder / f"requisition-{world.requisition}").glob("*.pdf"))


@pytest.fixture
def own_folder(world, tmp_path):
    """A folder of this test alone, whatever the database."""
    from recruit.documents.cache import DocumentCache

    world.app.extensions["recruit_documents"] = DocumentCache(tmp_path / "kept", 50)
    return world


def test_the_last_scorecard_of_a_round_has_the_comparison_made(own_folder):
    """Round two is complete with its last scorecard, and then a click finds the PDF ready."""
    from recruit.jobs.queue import jobs

    world = own_folder
    consumer = jobs.start(world.app)
    try:
        for name in ("interviewer", "colleague", "hiring_manager"):
            world[name].sign_in()
        submit(world, "interviewer", 1)
        submit(world, "colleague", 1)
        assert kept_documents(world) == []
        submit(world, "hiring_manager", 1)
        deadline = time.monotonic() + 90
        while not kept_documents(world) and time.monotonic() < deadline:
            time.sleep(0.2)
    finally:
        jobs.stop(consumer)
    (made,) = kept_documents(world)
    # Made anew, it would carry another moment.
    answer = world["recruiter"].sign_in().get(f"{world.path}/comparison/comparison.pdf")
    assert answer.data == made.read_bytes()


def test_what_is_kept_follows_the_ratings_and_the_reader(own_folder):
    world = own_folder
    for name in ("interviewer", "colleague", "recruiter", "hiring_manager"):
        world[name].sign_in()
    submit(world, "colleague", 0)
    submit(world, "colleague", 2)
    path = f"{world.path}/comparison/comparison.pdf"
    first = world["recruiter"].get(path).data
    assert world["recruiter"].get(path).data == first
    assert len(kept_documents(world)) == 1
    # The hiring manager has yet to rate Amina, and is given another document.
    assert world["hiring_manager"].get(path).data != first
    submit(world, "interviewer", 2)
    assert world["recruiter"].get(path).data != first
    assert len(kept_documents(world)) == 3


def test_what_is_handed_to_one_person_is_not_kept(own_folder):
    world = own_folder
    answer = world["recruiter"].sign_in().get(paths(world)["own"])
    assert answer.status_code == 200
    assert kept_documents(world) == []


def test_a_reopened_scorecard_says_so_and_its_first_version_is_not_lost(rated, tmp_path):
    recruiter = rated["recruiter"]
    interview, card, user = scorecards(rated)[0]
    reopen = f"{rated.path}/interviews/{interview}/panel/{user}/reopen"
    assert recruiter.post(reopen, {"reason": "Fel kandidat"}).status_code == 302
    who = next(p for p in rated.people.values() if p.id == user)
    number = rated.interviews.index(interview)
    form = rated.ratings(number, score=2, evidence="Rättat underlag.", version="1")
    assert who.post(rated.scorecard(number), form).status_code == 302
    path = f"{rated.path}/interviews/{interview}/scorecards/{card}.pdf"
    told = text_of(recruiter.get(path), tmp_path)
    assert "och inlämnad igen. Skäl: Fel kandidat" in told
    assert "Rättat underlag." in told
    data = json.loads(recruiter.get(paths(rated)["own-json"]).data)
    assert [c["earlier"] for c in data["scorecards"]].count(True) == 1
    texts = {r["text"] for c in data["scorecards"] if c["earlier"] for r in c["ratings"]}
    assert texts == {"Hörde interviewer om 0."}
