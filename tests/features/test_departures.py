"""Conflicts of interest: leaving a panel, being replaced, and what stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from recruit.database import db
from recruit.interviews.departures import SeatIsLeft, SeatIsTaken, replace, step_down
from recruit.interviews.models import DepartureKind, PanelDeparture, PanelMember
from tests.features.test_submissions import panel, submit
from tests.locks import at_once
from tests.mail import deliver, event_of, text_of


def leave(world, name, number, kind="stepped_down", reason=""):
    person = world[name] if world[name].token else world[name].sign_in()
    path = f"{world.path}/interviews/{world.interviews[number]}/step-down"
    assert person.get(path).status_code == 200
    answer = person.post(path, {"kind": kind, "reason": reason})
    assert answer.status_code == 302, answer.text
    return person


def seats(world, number):
    with world.app.app_context():
        found = db.session.scalars(
            db.select(PanelMember.user_id)
            .where(PanelMember.interview_id == world.interviews[number])
            .order_by(PanelMember.id)
        ).all()
        db.session.remove()
    return list(found)


def departures(world):
    with world.app.app_context():
        found = [
            (one.id, one.interview_id, one.user_id, one.kind, one.reason, one.replaced_by_id)
            for one in db.session.scalars(db.select(PanelDeparture).order_by(PanelDeparture.id))
        ]
        db.session.remove()
    return found


def test_stepping_down_leaves_one_panel(world):
    interviewer = leave(world, "interviewer", 0, reason="Är på annan ort.")
    assert seats(world, 0) == [world["colleague"].id]
    assert world["interviewer"].id in seats(world, 1)
    assert [one[1:5] for one in departures(world)] == [
        (world.interviews[0], interviewer.id, "stepped_down", "Är på annan ort.")
    ]
    assert interviewer.get(world.scorecard(0)).status_code == 403
    assert interviewer.post(world.scorecard(0), world.ratings(0)).status_code == 403
    path = f"{world.path}/interviews/{world.interviews[0]}/step-down"
    assert interviewer.post(path, {"kind": "conflict"}).status_code == 403


def test_a_conflict_leaves_every_panel_of_the_candidate(world):
    """And no panel of another candidate."""
    leave(world, "interviewer", 0, kind="conflict")
    assert seats(world, 0) == [world["colleague"].id]
    assert seats(world, 1) == [world["colleague"].id, world["hiring_manager"].id]
    assert world["interviewer"].id in seats(world, 2)
    assert [one[1] for one in departures(world)] == world.interviews[:2]


def test_who_has_left_sees_nothing_of_the_interview(world):
    interviewer = leave(world, "interviewer", 0)
    index = interviewer.get(f"{world.path}/interviews/").text
    assert f'id="interview-{world.interviews[0]}"' not in index
    assert f'id="interview-{world.interviews[1]}"' in index
    start = interviewer.get("/").text
    assert f"/interviews/{world.interviews[0]}/" not in start
    assert f"/interviews/{world.interviews[1]}/" in start
    leave(world, "interviewer", 1)
    assert "Amina Exempel" not in interviewer.get(f"{world.path}/interviews/").text


def test_who_has_left_never_gets_the_others_ratings(world):
    """Not on another panel of the candidate, and not as hiring manager."""
    submit(world, "colleague", 0, evidence="Kollegans hemliga underlag.")
    submit(world, "colleague", 1, evidence="Kollegans hemliga underlag.")
    submit(world, "colleague", 2, evidence="Om Björn.")
    interviewer = leave(world, "interviewer", 0)
    submit(world, "interviewer", 1, evidence="Eget.")
    assert "Kollegans hemliga underlag." not in interviewer.get(world.scorecard(1)).text
    manager = leave(world, "hiring_manager", 1, kind="conflict")
    comparison = manager.get(f"{world.path}/comparison/").text
    assert "Kollegans hemliga underlag." not in comparison
    assert "Eget." not in comparison
    assert "Om Björn." in comparison
    path = f"{panel(world, 0)}{world['colleague'].id}/submissions"
    assert manager.get(path).status_code == 409
    assert manager.get(f"{world.path}/comparison/comparison.json").json["candidates"]


def test_what_who_has_left_had_submitted_no_longer_counts(world):
    submit(world, "interviewer", 0, evidence="Skrivet av en jävig.")
    submit(world, "colleague", 0, evidence="Skrivet av en kollega.")
    leave(world, "interviewer", 0, kind="conflict")
    comparison = world["recruiter"].sign_in().get(f"{world.path}/comparison/").text
    assert "Skrivet av en kollega." in comparison
    assert "Skrivet av en jävig." not in comparison
    kept = world["recruiter"].get(f"{panel(world, 0)}{world['interviewer'].id}/submissions")
    assert "Skrivet av en jävig." in kept.text


def test_replacing_keeps_the_history(world):
    leave(world, "interviewer", 0, reason="Släkt med kandidaten.", kind="conflict")
    recruiter = world["recruiter"].sign_in()
    assert "Interviewer Prov har lämnat panelen" in recruiter.get("/").text
    page = recruiter.get(panel(world, 0)).text
    assert "Släkt med kandidaten." in page
    assert "jäv" in page
    number = departures(world)[0][0]
    path = f"{world.path}/interviews/{world.interviews[0]}/departures/{number}/replace"
    answer = recruiter.post(path, {"user": str(world["bystander"].id)})
    assert answer.status_code == 302
    assert seats(world, 0) == [world["colleague"].id, world["bystander"].id]
    assert departures(world)[0][2:] == (
        world["interviewer"].id,
        "conflict",
        "Släkt med kandidaten.",
        world["bystander"].id,
    )
    assert "Bystander Prov tog platsen" in recruiter.get(panel(world, 0)).text
    assert world["bystander"].sign_in().get(world.scorecard(0)).status_code == 200
    again = recruiter.post(path, {"user": str(world["hiring_manager"].id)})
    assert again.status_code == 409
    assert seats(world, 0) == [world["colleague"].id, world["bystander"].id]


@pytest.mark.parametrize("who", ["interviewer", "colleague", "stranger"])
def test_a_seat_goes_to_nobody_who_cannot_have_it(world, who):
    """Not back to whoever left, not to somebody who sits there, not to a stranger."""
    leave(world, "interviewer", 0)
    recruiter = world["recruiter"].sign_in()
    number = departures(world)[0][0]
    path = f"{world.path}/interviews/{world.interviews[0]}/departures/{number}/replace"
    assert recruiter.post(path, {"user": str(world[who].id)}).status_code == 302
    assert "Välj en person." in recruiter.get(panel(world, 0)).text
    assert seats(world, 0) == [world["colleague"].id]


def test_of_two_who_are_given_a_seat_at_once_one_gets_it(world):
    leave(world, "interviewer", 0)
    number = departures(world)[0][0]

    def give(name):
        return replace(
            world.interviews[0],
            number,
            user_id=world[name].id,
            actor_id=world["recruiter"].id,
        )

    found = at_once(
        world, "panel_departure", lambda: give("bystander"), lambda: give("hiring_manager")
    )
    assert {type(one) for one in found} == {PanelDeparture, SeatIsTaken}
    assert len(seats(world, 0)) == 2


def test_a_seat_is_left_once(world):
    """A conflict declared twice in the same moment is one departure from each panel."""

    def conflict():
        return step_down(
            world.interviews[0],
            world["interviewer"].id,
            kind=DepartureKind.CONFLICT,
            reason="",
        )

    found = at_once(world, "panel_member", conflict, conflict)
    assert {type(one) for one in found} == {list, SeatIsLeft}
    assert [one[1] for one in departures(world)] == world.interviews[:2]


def test_a_departure_belongs_to_its_interview(world):
    leave(world, "interviewer", 0)
    recruiter = world["recruiter"].sign_in()
    number = departures(world)[0][0]
    for interview, departure in ((world.interviews[1], number), (world.interviews[0], 999)):
        path = f"{world.path}/interviews/{interview}/departures/{departure}/replace"
        answer = recruiter.post(path, {"user": str(world["bystander"].id)})
        assert answer.status_code == 404
    assert world["bystander"].id not in seats(world, 0) + seats(world, 1)


def test_a_new_interview_is_not_planned_with_whoever_left(world):
    leave(world, "interviewer", 0, kind="conflict")
    recruiter = world["recruiter"].sign_in()
    answer = recruiter.post(
        f"{world.path}/interviews/new",
        {
            "candidate": str(world.candidates[0]),
            "version": str(world.versions[0]),
            "date": str(datetime.now(UTC).date() + timedelta(days=30)),
            "time": "10:00",
            "timezone": "Europe/Stockholm",
            "place": "",
            "panel": [str(world["interviewer"].id)],
        },
    )
    assert answer.status_code == 409
    assert "anmält jäv" in answer.text


def test_what_must_be_said(world):
    interviewer = world["interviewer"].sign_in()
    path = f"{world.path}/interviews/{world.interviews[0]}/step-down"
    for form in ({}, {"kind": "tired"}, {"kind": "conflict", "reason": "x" * 1001}):
        assert interviewer.post(path, form).status_code == 400
    assert world["interviewer"].id in seats(world, 0)


def test_everybody_concerned_is_told(mailing, mailbox):
    """Whoever leaves gets the time back, the rest an update, the recruiter a seat to fill."""
    deliver(mailing.app)
    mailbox.letters.clear()
    leave(mailing, "interviewer", 2, kind="conflict")
    deliver(mailing.app)
    (left,) = mailbox.to("interviewer@example.org")
    (stays,) = mailbox.to("colleague@example.org")
    (recruiter,) = mailbox.to("recruiter@example.org")
    assert len(mailbox.letters) == 3
    assert str(event_of(left)["status"]) == "CANCELLED"
    assert str(event_of(left)["attendee"]) == "mailto:interviewer@example.org"
    assert str(event_of(stays)["status"]) == "CONFIRMED"
    assert str(event_of(stays)["attendee"]) == "mailto:colleague@example.org"
    assert event_of(left)["uid"] == event_of(stays)["uid"]
    assert event_of(left)["sequence"] == event_of(stays)["sequence"] == 1
    assert recruiter["Subject"] == "Interviewer Prov har lämnat en panel"
    assert "anmält jäv" in text_of(recruiter)
    address = panel(mailing, 2)
    assert address in text_of(recruiter)

    mailbox.letters.clear()
    number = departures(mailing)[0][0]
    path = f"{mailing.path}/interviews/{mailing.interviews[2]}/departures/{number}/replace"
    taken = {"user": str(mailing["bystander"].id)}
    assert mailing["recruiter"].sign_in().post(path, taken).status_code == 302
    deliver(mailing.app)
    (joins,) = mailbox.to("bystander@example.org")
    (stays,) = mailbox.to("colleague@example.org")
    assert len(mailbox.letters) == 2
    assert event_of(joins)["sequence"] == event_of(stays)["sequence"] == 2
    assert [str(a) for a in event_of(stays)["attendee"]] == [
        "mailto:colleague@example.org",
        "mailto:bystander@example.org",
    ]
