"""While the candidates are letters, who reads a name is told by one rule, on every page."""

from __future__ import annotations

import pytest

from recruit.candidates.models import Candidate
from recruit.database import db
from recruit.requisitions.models import Requisition
from recruit.scorecards import actions as scorecards
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
            scorecards.submit(world.interviews[number], world[name].id, written, 0)
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
