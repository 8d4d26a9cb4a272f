"""The start page says what the recruiter does next in each requisition."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from recruit.candidates.models import Candidate, CandidateState
from recruit.database import db, write
from recruit.guides.models import GuideState, GuideVersion
from recruit.home.queries import NextStep, Progress
from recruit.interviews.models import Interview, InterviewState, PanelMember
from recruit.requisitions.models import Membership
from tests.features.conftest import submit
from tests.features.test_queries import queries

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
READY = {"published": 2, "candidates": 3, "interviewers": 2}


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        ({}, NextStep.GENERATE),
        ({"drafts": 2}, NextStep.PUBLISH),
        ({"published": 2}, NextStep.ADD_CANDIDATES),
        ({"published": 2, "candidates": 3, "unplanned": 3}, NextStep.ADD_INTERVIEWERS),
        (READY | {"unplanned": 1}, NextStep.PLAN_INTERVIEWS),
        (READY | {"unplanned": 1, "missing": 2, "next_at": MOMENT}, NextStep.COLLECT_RATINGS),
        (READY | {"next_at": MOMENT}, NextStep.AWAIT_INTERVIEW),
        (READY | {"drafts": 1}, NextStep.COMPARE),
    ],
)
def test_what_holds_up_the_rest_comes_first(facts, step):
    assert Progress(**facts).next_step == step


def steps(world):
    """Return what the start page offers the recruiter as next step, and where it leads."""
    page = world["recruiter"].get("/").text
    found = re.findall(r'class="todo__next[^"]*" href="([^"]+)">([^<]+)<', page)
    return [(path.removeprefix(world.path), label) for path, label in found]


def change(world, statement):
    with world.app.app_context():
        with write():
            db.session.execute(statement)
        db.session.remove()


def move(world, **delta):
    when = datetime.now(UTC) + timedelta(**delta)
    change(world, db.update(Interview).values(starts_at=when))


def test_from_guides_to_comparison(world):
    world["recruiter"].sign_in()
    move(world, days=-2)
    assert steps(world) == [("/interviews/", "7 bedömningar saknas")]
    for name, number in (
        ("interviewer", 0),
        ("interviewer", 1),
        ("interviewer", 2),
        ("colleague", 0),
        ("colleague", 1),
        ("colleague", 2),
    ):
        person = world[name] if world[name].token else world[name].sign_in()
        answer = person.post(world.scorecard(number), world.ratings(number))
        assert answer.status_code == 302
    assert steps(world) == [("/interviews/", "1 bedömning saknas")]
    manager = world["hiring_manager"].sign_in()
    assert manager.post(world.scorecard(1), world.ratings(1)).status_code == 302
    assert steps(world) == [("/comparison/", "Jämför kandidaterna")]
    change(world, db.update(Interview).values(state=InterviewState.CANCELLED))
    assert steps(world) == [("/interviews/", "Planera intervjuer med 2 kandidater")]
    change(world, db.update(Candidate).values(state=CandidateState.WITHDRAWN))
    assert steps(world) == [("/candidates/", "Lägg till kandidater")]
    change(world, db.update(GuideVersion).values(state=GuideState.DRAFT))
    assert steps(world) == [("/guides/", "Läs igenom guiderna och publicera dem")]
    change(world, db.delete(Interview))
    change(world, db.delete(GuideVersion))
    assert steps(world) == [("/guides/", "Bygg intervjuguiderna")]
    # On the requisition's own page it is one press.
    generate = f"{world.path}/guides/generate"
    assert f'action="{generate}"' in world["recruiter"].get(world.path).text
    answer = world["recruiter"].post(generate)
    assert answer.location == f"{world.path}/guides/builder/"


def test_what_is_ahead_is_told_with_its_time(world):
    world["recruiter"].sign_in()
    change(world, db.update(Interview).values(starts_at=datetime(2100, 1, 4, 9, tzinfo=UTC)))
    assert steps(world) == [("/interviews/", "Nästa intervju mån 4 jan. 10:00")]


def test_only_the_recruiter_is_told(world):
    for name in ("hiring_manager", "interviewer", "administrator"):
        page = world[name].sign_in().get("/").text
        assert "todo__next" not in page
    assert "Enhetschef" in world["interviewer"].get("/").text


def test_the_number_of_queries_does_not_grow(world):
    from recruit.library import library
    from recruit.requisitions import actions

    recruiter = world["recruiter"].sign_in()
    one = queries(world, recruiter, "/")
    with world.app.app_context():
        for number in range(5):
            actions.create(
                library().roles["head-of-unit-home-care"],
                title=f"Chef {number}",
                unit="",
                actor_id=recruiter.id,
            )
        db.session.remove()
    assert len(steps(world)) == 6
    assert queries(world, recruiter, "/") == one


def test_before_interviews_somebody_has_to_hold_them(world):
    """Without anybody to sit on a panel, that comes first, and leads to where one adds them."""
    recruiter = world["recruiter"].sign_in()
    change(world, db.delete(PanelMember))
    change(world, db.delete(Interview))
    change(world, db.delete(Membership))
    assert steps(world) == [("#add-member", "Lägg till rekryterande chef och intervjuare")]
    form = 'id="add-member"'
    assert form in recruiter.get(world.path).text
    assert f'href="{world.path}#add-member"' in recruiter.get(f"{world.path}/candidates/").text
    assert f'href="{world.path}#add-member"' in recruiter.get(f"{world.path}/interviews/new").text


def test_the_hiring_manager_sees_when_to_compare(rated):
    manager = rated["hiring_manager"]
    link = f'href="{rated.path}/comparison/"'
    move(rated, days=-2)
    assert link not in manager.get("/").text
    submit(rated, "hiring_manager", 1)
    assert link in manager.get("/").text
    assert link not in rated["interviewer"].get("/").text


def test_an_interview_says_which_position_it_is_for(world):
    assert "Enhetschef · " in world["interviewer"].sign_in().get("/").text
