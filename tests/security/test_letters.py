"""While the candidates are letters, who reads a name is told by one rule, on every page."""

from __future__ import annotations

import re

import pytest

from recruit.candidates.models import Candidate, Cv
from recruit.candidates.naming import letters_of
from recruit.database import db
from recruit.requisitions.models import Requisition
from recruit.scorecards import actions as scorecards
from recruit.scorecards.models import Scorecard
from tests.security.test_noninterference import addresses, entries_for

UNMET = ("Björn", "Fiktiv")
"""The hiring manager interviews Amina, and not Björn."""


@pytest.fixture
def veiled(world):
    """Everybody has submitted, with Björn's name in what they wrote, and letters are chosen."""
    with world.app.app_context():
        seats = ((0, "interviewer"), (0, "colleague"), (1, "hiring_manager"), (1, "colleague"))
        for number, name in (*seats, (2, "interviewer"), (2, "colleague")):
            score = 2 if name == "colleague" else 4
            # One's own words tell oneself nothing new.
            text = "Eget." if name == "hiring_manager" else "Hon jämförde sig med Björn."
            written = entries_for(world, number, score, text)
            scorecards.submit(
                world.interviews[number],
                world[name].id,
                written,
                0,
                ahead_of=world.start_mark(number),
            )
        db.session.get_one(Requisition, world.requisition).pseudonymous = True
        db.session.commit()
        db.session.remove()
    return world


def told(world, name, *, within=""):
    """Return the pages on which the person reads a name, by address."""
    client = world[name].sign_in()
    found, shown = {}, 0
    for method, path in addresses(world.app, world):
        if method == "GET" and path.startswith(f"{world.path}{within}"):
            answer = client.get(path)
            assert answer.status_code < 500, path
            shown += answer.status_code == 200
            text = answer.get_data().decode("utf-8", "replace")
            answer.close()
            if any(part in text for part in UNMET):
                found[path] = answer.status_code
    assert shown > 2, "hardly a page was read"
    return found


def test_the_hiring_manager_reads_no_name_of_whom_they_do_not_meet(veiled):
    assert told(veiled, "hiring_manager") == {}


@pytest.mark.parametrize("within", ["/consensus", "/comparison"])
def test_who_compares_reads_letters_where_ratings_stand(veiled, within):
    assert told(veiled, "recruiter", within=within) == {}


def test_the_letter_is_the_comparisons_own(veiled):
    with veiled.app.app_context():
        assert db.session.get_one(Candidate, veiled.candidates[1]).name == "Björn Fiktiv"
    recruiter = veiled["recruiter"].sign_in()
    meetings = recruiter.get(f"{veiled.path}/consensus/").text
    assert "Kandidat A" in meetings
    assert "Kandidat B" in meetings
    manager = veiled["hiring_manager"].sign_in()
    documents = manager.get(f"{veiled.path}/documents/").text
    assert "Amina Exempel" in documents
    assert "Kandidat" in documents


def test_who_plans_or_meets_reads_the_name(veiled):
    plan = veiled["recruiter"].sign_in().get(f"{veiled.path}/interviews/").text
    assert "Björn Fiktiv" in plan
    met = veiled["colleague"].sign_in().get(f"{veiled.path}/consensus/").text
    assert "Björn Fiktiv" in met


def test_what_others_submitted_about_one_waits_for_the_decision(veiled):
    interview, colleague = veiled.interviews[0], veiled["colleague"].id
    path = f"{veiled.path}/interviews/{interview}/panel/{colleague}/submissions"
    answer = veiled["recruiter"].sign_in().get(path)
    assert answer.status_code == 409
    assert "skulle visa vems bokstav det är" in answer.text


def test_no_address_of_evidence_names_a_row_that_stands_beside_a_name(veiled):
    recruiter = veiled["recruiter"].sign_in()
    page = recruiter.get(f"{veiled.path}/comparison/").text
    numbers = {int(number) for number in re.findall(r"/comparison/evidence/(\d+)/", page)}
    assert numbers == {veiled.lot(0), veiled.lot(1)}
    assert not numbers & set(veiled.candidates)
    competency = veiled.competencies[0][0]
    for number in veiled.candidates:
        answer = recruiter.get(f"{veiled.path}/comparison/evidence/{number}/{competency}")
        assert answer.status_code == 404


NUMBERED = re.compile(r"(?:/candidates/|/consensus/|(?:outcome|why|grounds?)-)(\d+)")
"""Where an address or a field on a page names a candidate by a number."""


@pytest.mark.parametrize("name", ["recruiter", "hiring_manager"])
@pytest.mark.parametrize("within", ["/consensus", "/comparison", "/documents"])
def test_nothing_beside_a_letter_names_a_row(veiled, name, within):
    client = veiled[name].sign_in()
    lots = {veiled.lot(0), veiled.lot(1)}
    seen = set()
    for method, path in addresses(veiled.app, veiled):
        if method != "GET" or not path.startswith(f"{veiled.path}{within}"):
            continue
        answer = client.get(path)
        if answer.status_code == 200 and "html" in answer.content_type:
            seen |= {int(number) for number in NUMBERED.findall(answer.text)}
        answer.close()
    if within == "/documents":
        # Who answers a candidate knows them by name; who reads a letter is offered nothing.
        met = {veiled.candidates[0]} if name == "hiring_manager" else set(veiled.candidates)
        assert seen <= met
    else:
        assert seen <= lots
    assert seen or within == "/documents" or name == "hiring_manager"


def test_a_mark_on_somebodys_ratings_does_not_tell_whose_letter_it_is(veiled):
    """Who gave the seat knows of whom others' ratings had been opened."""
    recruiter, colleague = veiled["recruiter"].sign_in(), veiled["colleague"]
    with veiled.app.app_context():
        card = db.session.scalars(
            db.select(Scorecard).where(
                Scorecard.interview_id == veiled.interviews[2], Scorecard.user_id == colleague.id
            )
        ).one()
        card.submissions[-1].after_others = True
        db.session.commit()
        db.session.remove()
    page = recruiter.get(f"{veiled.path}/comparison/").text
    mark = page.partition("hade öppnats:")[2].partition("</div>")[0]
    assert colleague.name in mark
    assert "Kandidat" not in mark
    assert "/interviews/" not in mark
    (told,) = recruiter.get(f"{veiled.path}/comparison/comparison.json").json["made_after_others"]
    assert (told["interviewer"], told["candidate"]) == (colleague.name, "")
    panel = f"{veiled.path}/interviews/{veiled.interviews[2]}/panel/{colleague.id}"
    for answer in (
        recruiter.get(f"{panel}/leave-out"),
        recruiter.post(f"{panel}/leave-out", {"reason": "Hade läst."}),
        recruiter.post(f"{panel}/count-again"),
    ):
        assert answer.status_code == 409
        assert "skulle visa vems bokstav det är" in answer.text


def test_lists_of_letters_follow_the_letters(veiled):
    recruiter = veiled["recruiter"].sign_in()
    for lots in ((1, 2), (2, 1)):
        with veiled.app.app_context():
            everybody = [db.session.get_one(Candidate, number) for number in veiled.candidates]
            for candidate, place in zip(everybody, (1001, 1002), strict=True):
                candidate.lot = place
            db.session.flush()
            for candidate, lot in zip(everybody, lots, strict=True):
                candidate.lot = lot
            db.session.commit()
            db.session.remove()
        for path in ("consensus/", "comparison/decision/"):
            page = recruiter.get(f"{veiled.path}/{path}").text
            assert page.rindex("Kandidat A") < page.rindex("Kandidat B")


def test_letters_follow_a_draw_that_is_kept(veiled):
    with veiled.app.app_context():
        requisition = db.session.get_one(Requisition, veiled.requisition)
        candidates = [db.session.get_one(Candidate, number) for number in veiled.candidates]
        orders = set()
        for lots in ((number, number + 1) for number in range(1, 80, 2)):
            for candidate, lot in zip(candidates, lots, strict=True):
                candidate.lot = lot
            db.session.flush()
            given = letters_of(requisition, "sv")
            assert letters_of(requisition, "sv") == given
            orders.add(given[candidates[0].id])
        db.session.rollback()
    assert orders == {"Kandidat A", "Kandidat B"}


def test_who_reads_a_letter_is_offered_no_cv(veiled):
    with veiled.app.app_context():
        for number in veiled.candidates:
            db.session.add(
                Cv(
                    candidate_id=number,
                    kind="pdf",
                    size=4,
                    content=b"%PDF",
                    attached_by_id=veiled["recruiter"].id,
                )
            )
        db.session.commit()
        db.session.remove()
    page = veiled["hiring_manager"].sign_in().get(f"{veiled.path}/interviews/").text
    assert f"/candidates/{veiled.candidates[1]}/cv" not in page
    plan = veiled["recruiter"].sign_in().get(f"{veiled.path}/interviews/").text
    assert f"/candidates/{veiled.candidates[1]}/cv" in plan
