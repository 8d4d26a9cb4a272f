"""Whoever applies for a post has no part in filling it, whatever role they have."""

from __future__ import annotations

import pytest

from recruit.accounts.models import User
from recruit.candidates.models import Candidate
from recruit.database import db
from recruit.requisitions.queries import interviewers
from recruit.scorecards.independence import withheld_candidates
from tests.features.test_submissions import submit

SECRET = "Det kollegan skrev om den som söker"


def apply(world, name, *, address=None, candidate=1):
    """Let the person be a candidate in the requisition, under the address of their account."""
    with world.app.app_context():
        db.session.get_one(Candidate, world.candidates[candidate]).email = (
            address or world[name].email
        )
        db.session.commit()
        db.session.remove()


def closed(world):
    interview = f"{world.path}/interviews/{world.interviews[0]}"
    return (
        world.path,
        f"{world.path}/candidates/",
        f"{world.path}/candidates/{world.candidates[0]}",
        f"{world.path}/candidates/{world.candidates[0]}/cv",
        f"{world.path}/interviews/",
        world.scorecard(0),
        f"{interview}/panel/{world['colleague'].id}/scorecard.pdf",
        f"{world.path}/comparison/",
        f"{world.path}/comparison/ratings.csv",
        f"{world.path}/consensus/",
        f"{world.path}/decision/",
        f"{world.path}/privacy/",
    )


@pytest.mark.parametrize("name", ["interviewer", "hiring_manager", "recruiter"])
@pytest.mark.parametrize("address", [None, "upper"])
def test_nothing_of_the_requisition_is_open_to_a_candidate(world, name, address):
    submit(world, "colleague", 0, evidence=SECRET)
    person = world[name].sign_in()
    opened = [path for path in closed(world) if person.get(path).status_code == 200]
    assert len(opened) > 3
    apply(world, name, address=address and world[name].email.upper())
    for path in closed(world):
        answer = person.get(path)
        assert answer.status_code in {403, 404}, path
        assert SECRET not in answer.text
    for path, form in (
        (world.scorecard(0), world.ratings(0)),
        (f"{world.path}/candidates/", {"name": "Ny Exempel", "email": ""}),
    ):
        assert person.post(path, form).status_code in {403, 404, 405}
    assert "Du är kandidat i den här rekryteringen" in person.get(world.path).text
    assert "Amina Exempel" not in person.get("/search?q=amina").text
    assert f'href="{world.path}' not in person.get("/").text
    assert f'href="{world.path}' not in person.get("/requisitions/").text
    with world.app.app_context():
        hidden = withheld_candidates(world[name].id, world.requisition)
        assert hidden == frozenset(world.candidates)
        db.session.remove()


def test_a_candidate_of_another_requisition_is_no_stranger_here(world):
    apply(world, "interviewer")
    with world.app.app_context():
        # Erasure, or another address, opens what was closed: nothing is kept of it.
        db.session.get_one(Candidate, world.candidates[1]).email = "annan@example.org"
        db.session.commit()
        db.session.remove()
    assert world["interviewer"].sign_in().get(world.scorecard(0)).status_code == 200


def test_a_candidate_is_seated_on_no_panel(world):
    apply(world, "interviewer")
    with world.app.app_context():
        seated = interviewers(world.requisition)
        assert world["interviewer"].id not in {user.id for user in seated}
        assert world["colleague"].id in {user.id for user in seated}
        db.session.remove()
    recruiter = world["recruiter"].sign_in()
    page = recruiter.get(f"{world.path}/interviews/new").text
    assert "Colleague Prov" in page
    assert "Interviewer Prov" not in page


def test_the_recruiter_is_told_and_cannot_add_a_candidate_to_the_staff(world):
    recruiter = world["recruiter"].sign_in()
    text = "har ett konto med samma adress som en kandidat"
    assert text not in recruiter.get(f"{world.path}/candidates/").text
    apply(world, "interviewer")
    assert f"Interviewer Prov {text}" in recruiter.get(f"{world.path}/candidates/").text
    with world.app.app_context():
        stranger = db.session.get_one(User, world["stranger"].id)
        form = {"name": stranger.name, "email": stranger.email, "role": "interviewer"}
        db.session.remove()
    apply(world, "stranger")
    answer = recruiter.post(f"{world.path}/members", form)
    assert answer.status_code == 409
    assert "är kandidat i den här rekryteringen" in answer.text


def test_what_was_submitted_before_still_counts(world):
    submit(world, "interviewer", 0, evidence="Före ansökan.")
    apply(world, "interviewer")
    recruiter = world["recruiter"].sign_in()
    assert "Före ansökan." in recruiter.get(f"{world.path}/comparison/ratings.csv").text
