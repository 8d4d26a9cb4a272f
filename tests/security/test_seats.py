"""A seat on a panel counts only for whoever takes part in the requisition when they read or write.

Whoever was removed reads nothing more of the requisition, writes nothing more in it, and is asked
for nothing more; what they had submitted counts as before.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from recruit.access import candidates_met
from recruit.accounts.models import User
from recruit.consensus.models import Agreement
from recruit.database import db
from recruit.interviews.models import Interview, PanelMember
from recruit.mail.models import Delivery
from recruit.reminders import queries as reminders
from recruit.requisitions.models import Membership
from recruit.scorecards import actions as scorecards
from recruit.scorecards import queries as ratings
from recruit.scorecards.entries import Entries
from recruit.scorecards.models import Scorecard
from recruit.scorecards.states import ScorecardState
from tests.features.test_departures import departures, seats
from tests.features.test_interviews import change
from tests.features.test_submissions import panel, submit

SECRET = "Det kollegan hörde och ingen annan får läsa"


def membership(world, name):
    with world.app.app_context():
        number = db.session.scalar(
            select(Membership.id).where(
                Membership.requisition_id == world.requisition,
                Membership.user_id == world[name].id,
            )
        )
        db.session.remove()
    return number


def remove(world, name):
    recruiter = world["recruiter"]
    if not recruiter.token:
        recruiter.sign_in()
    answer = recruiter.post(f"{world.path}/members/{membership(world, name)}/remove")
    assert answer.status_code == 302, answer.text
    return recruiter.get(world.path).text


def hold_all(world):
    """Let every interview be over."""
    with world.app.app_context():
        for interview in db.session.scalars(select(Interview)):
            interview.starts_at -= timedelta(days=30)
        db.session.commit()
        db.session.remove()


@pytest.fixture
def rated(world):
    """The panels have rated both candidates, and the interviews are over."""
    hold_all(world)
    for number in (0, 1, 2):
        submit(world, "colleague", number, evidence=SECRET)
        submit(world, "interviewer", number, evidence="Eget underlag.")
    submit(world, "hiring_manager", 1, evidence="Chefens underlag.")
    return world


def test_whoever_is_removed_reads_and_writes_nothing_more(rated):
    world, interviewer = rated, rated["interviewer"]
    scorecard = world.scorecard(0)
    meeting = f"{world.path}/consensus/{world.lot(0)}/0"
    topic = world.competencies[0][0]
    assert SECRET in interviewer.get(scorecard).text
    remove(world, "interviewer")
    interview = f"{world.path}/interviews/{world.interviews[0]}"
    for path in (
        world.path,
        scorecard,
        f"{scorecard}draft",
        f"{world.path}/interviews/",
        f"{interview}/step-down",
        f"{interview}/deviations/",
        f"{interview}/panel/{world['colleague'].id}/scorecard.pdf",
        f"{interview}/panel/{world['interviewer'].id}/scorecard.pdf",
        f"{world.path}/consensus/",
        f"{meeting}/",
        f"{meeting}/topics/{topic}",
        f"{meeting}/minutes",
        f"{world.path}/candidates/{world.candidates[0]}/cv",
    ):
        answer = interviewer.get(path)
        assert answer.status_code in {403, 404}, path
        assert SECRET not in answer.text
    for path, form in (
        (scorecard, world.ratings(0)),
        (f"{scorecard}draft", world.ratings(0)),
        (f"{interview}/step-down", {"kind": "conflict"}),
        (f"{interview}/deviations/", {"what": "Något", "reason": "Något"}),
        (f"{meeting}/", {"present": [str(world["colleague"].id)], "version": "0"}),
        (f"{meeting}/topics/{topic}", {"outcome": "4", "rationale": "Ja", "version": "0"}),
    ):
        assert interviewer.post(path, form).status_code in {403, 404, 405}, path
    assert "Amina Exempel" not in interviewer.get("/search?q=amina").text
    assert "Amina Exempel" not in interviewer.get("/").text
    with world.app.app_context():
        user = db.session.get_one(User, interviewer.id)
        assert candidates_met(user, world.requisition) == frozenset()
        db.session.remove()


def test_what_whoever_is_removed_had_submitted_still_counts(rated):
    remove(rated, "interviewer")
    compared = rated["recruiter"].get(f"{rated.path}/comparison/ratings.csv").text
    assert "Eget underlag." in compared


def test_what_whoever_is_removed_had_submitted_is_not_opened_for_them(rated):
    """They could not change it, and would get mail about the candidate."""
    remove(rated, "interviewer")
    path = f"{panel(rated, 0)}{rated['interviewer'].id}/reopen"
    assert rated["recruiter"].post(path, {"reason": "Fel."}).status_code == 403
    with rated.app.app_context():
        states = select(Scorecard.state).where(Scorecard.user_id == rated["interviewer"].id)
        assert set(db.session.scalars(states)) == {ScorecardState.SUBMITTED}
        kinds = select(Delivery.kind).where(Delivery.recipient == f"user:{rated['interviewer'].id}")
        assert "scorecard_reopened" not in set(db.session.scalars(kinds))
        db.session.remove()


def test_a_recruiter_whose_role_has_ended_has_no_seat(world):
    """And has it again with the role, or with a membership."""
    recruiter = world["recruiter"].sign_in()
    submit(world, "colleague", 0, evidence=SECRET)
    with world.app.app_context():
        db.session.add(PanelMember(interview_id=world.interviews[0], user_id=recruiter.id))
        db.session.commit()
        db.session.remove()
    assert recruiter.get(world.scorecard(0)).status_code == 200
    with world.app.app_context():
        db.session.get_one(User, recruiter.id).roles = []
        db.session.commit()
        db.session.remove()
    assert recruiter.get(world.scorecard(0)).status_code == 404
    assert "Amina Exempel" not in recruiter.get("/search?q=amina").text
    with world.app.app_context():
        moment = datetime.now(UTC) + timedelta(days=300)
        asked = {
            member.user_id
            for day in range(300)
            for member in reminders.ratings_missing(moment - timedelta(days=day), timedelta(days=1))
        }
        assert world["interviewer"].id in asked
        assert recruiter.id not in asked
        waiting = {user.id for _, user in ratings.outstanding(world.requisition)}
        assert recruiter.id not in waiting
        with pytest.raises(scorecards.NotOnPanel):
            scorecards.save(world.interviews[0], recruiter.id, Entries(), 0)
        db.session.add(
            Membership(requisition_id=world.requisition, user_id=recruiter.id, role="interviewer")
        )
        db.session.commit()
        db.session.remove()
    assert recruiter.get(world.scorecard(0)).status_code == 200
    assert SECRET not in recruiter.get(world.scorecard(0)).text


def test_removing_somebody_leaves_their_seats_and_says_what_to_do(world):
    """A seat that something was submitted from stays, so that it counts."""
    submit(world, "colleague", 2, evidence="Redan lämnat.")
    page = remove(world, "colleague")
    assert "2 platser i paneler blev lediga" in page
    assert world["colleague"].id not in seats(world, 0) + seats(world, 1)
    assert world["colleague"].id in seats(world, 2)
    assert [(one[1], one[3]) for one in departures(world)] == [
        (world.interviews[0], "removed"),
        (world.interviews[1], "removed"),
    ]
    assert "Colleague Prov har lämnat panelen" in world["recruiter"].get("/").text
    assert "deltar inte längre i rekryteringen" in world["recruiter"].get(panel(world, 0)).text


def test_whoever_takes_part_otherwise_too_keeps_the_seats(world):
    with world.app.app_context():
        manager = world["hiring_manager"].id
        db.session.add(
            Membership(requisition_id=world.requisition, user_id=manager, role="interviewer")
        )
        db.session.commit()
        db.session.remove()
    remove(world, "hiring_manager")
    assert manager in seats(world, 1)
    remove(world, "hiring_manager")
    assert manager not in seats(world, 1)


def test_whoever_was_removed_may_sit_again_and_the_record_stays(world):
    remove(world, "colleague")
    recruiter = world["recruiter"]
    form = {"name": "Colleague Prov", "email": "colleague@example.org", "role": "interviewer"}
    assert recruiter.post(f"{world.path}/members", form).status_code == 302
    number = departures(world)[0][0]
    path = f"{world.path}/interviews/{world.interviews[0]}/departures/{number}/replace"
    assert recruiter.post(path, {"user": str(world["colleague"].id)}).status_code == 302
    assert world["colleague"].id in seats(world, 0)
    assert len(departures(world)) == 3
    assert world["colleague"].sign_in().get(world.scorecard(0)).status_code == 200


def test_planning_anew_without_somebody_leaves_a_record(world):
    """It is no vacant seat: whoever planned chose the panel. And the person may sit again."""
    recruiter = world["recruiter"].sign_in()
    for people in (["interviewer"], ["interviewer", "colleague"]):
        answer = change(world, 0, panel=[str(world[name].id) for name in people])
        assert answer.status_code == 302, answer.text
    assert [one[1:4] for one in departures(world)] == [
        (world.interviews[0], world["colleague"].id, "changed")
    ]
    assert world["colleague"].id in seats(world, 0)
    assert "har lämnat panelen" not in recruiter.get("/").text
    assert "panelen ändrades" in recruiter.get(panel(world, 0)).text


def _meeting(world, present, topic=None, others=""):
    """Try to agree about the second candidate, and return the answers and what is stored."""
    recruiter = world["recruiter"] if world["recruiter"].token else world["recruiter"].sign_in()
    path = f"{world.path}/consensus/{world.lot(1)}/0"
    form = {"present": [str(world[name].id) for name in present], "others": others}
    here = recruiter.post(f"{path}/", form | {"version": "0"})
    agreed = recruiter.post(
        f"{path}/topics/{world.competencies[2][0]}",
        {"outcome": "4", "rationale": "Vi är eniga.", "version": "0"},
    )
    with world.app.app_context():
        stored = [one.present for one in db.session.scalars(select(Agreement))]
        db.session.remove()
    return here, agreed, stored


@pytest.mark.parametrize(
    ("present", "others"), [([], ""), ([], "En Vän\nEn Till"), (["interviewer"], "En Vän")]
)
def test_nobody_agrees_alone_on_the_panels_behalf(rated, present, others):
    here, _, stored = _meeting(rated, present, others=others)
    assert here.status_code == 400
    assert "Välj minst två ur panelen" in here.text
    assert stored == []


def test_an_agreement_needs_two_who_have_a_seat_when_it_is_made(rated):
    here, _, stored = _meeting(rated, ["interviewer", "colleague"])
    assert here.status_code == 302
    assert stored == [["Colleague Prov", "Interviewer Prov"]]
    remove(rated, "colleague")
    path = f"{rated.path}/consensus/{rated.lot(1)}/0"
    answer = rated["recruiter"].post(
        f"{path}/topics/{rated.competencies[2][1]}",
        {"outcome": "2", "rationale": "Ensam.", "version": "0"},
    )
    assert answer.status_code == 409
    assert "Färre än två" in rated["recruiter"].get(f"{path}/").text
    with rated.app.app_context():
        assert len(db.session.scalars(select(Agreement)).all()) == 1
        db.session.remove()


def test_those_present_are_counted_anew_when_something_is_agreed(rated):
    """Two others have seats, but one of the two who were there has none any more."""
    with rated.app.app_context():
        extra = PanelMember(interview_id=rated.interviews[2], user_id=rated["bystander"].id)
        db.session.add(extra)
        db.session.commit()
        db.session.remove()
    submit(rated, "bystander", 2)
    _, _, stored = _meeting(rated, ["interviewer", "colleague"])
    assert len(stored) == 1
    remove(rated, "colleague")
    path = f"{rated.path}/consensus/{rated.lot(1)}/0"
    answer = rated["recruiter"].post(
        f"{path}/topics/{rated.competencies[2][1]}",
        {"outcome": "2", "rationale": "Ensam.", "version": "0"},
    )
    assert answer.status_code == 302
    assert "minst två" in rated["recruiter"].get(f"{path}/").text
    with rated.app.app_context():
        assert len(db.session.scalars(select(Agreement)).all()) == 1
        db.session.remove()
