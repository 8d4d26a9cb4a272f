"""Planning, changing and cancelling interviews: forms, clashes, the clock, who is told what."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from recruit.database import db
from recruit.interviews import actions
from recruit.interviews.clashes import Planned, clashes
from recruit.interviews.models import Interview
from tests.locks import at_once
from tests.mail import deliver, event_of, text_of

DAY = str(datetime.now(UTC).date() + timedelta(days=30))


@pytest.fixture
def recruiter(world):
    return world["recruiter"].sign_in()


def form(world, **changes):
    return {
        "candidate": str(world.candidates[1]),
        "version": str(world.versions[1]),
        "date": DAY,
        "time": "13:30",
        "timezone": "Europe/Stockholm",
        "place": 'Rum 3; våning 2, "ekan"',
        "panel": [str(world["interviewer"].id), str(world["colleague"].id)],
    } | changes


def plan(world, **changes):
    return world["recruiter"].post(f"{world.path}/interviews/new", form(world, **changes))


def rows(world, **wanted):
    """Return what is stored of the interviews, in order, as plain facts."""
    with world.app.app_context():
        found = [
            {
                "id": i.id,
                "candidate": i.candidate_id,
                "starts": i.starts_at,
                "place": i.place,
                "state": str(i.state),
                "sequence": i.sequence,
                "panel": [m.user_id for m in i.panel],
                "uid": i.uid,
            }
            for i in db.session.scalars(db.select(Interview).order_by(Interview.id))
        ]
        db.session.remove()
    return [row for row in found if wanted.items() <= row.items()]


def accept(world, path, answer, data):
    """Send the form again with the button that goes on in spite of the cautions."""
    mark = re.search(r'name="accept" value="([0-9a-f]+)"', answer.text)
    assert mark is not None, answer.text
    return world["recruiter"].post(path, data | {"accept": mark[1]})


def test_a_planned_interview_is_stored_in_utc(world, recruiter):
    assert plan(world).status_code == 302
    stored = rows(world)[-1]
    local = datetime.combine(
        date.fromisoformat(DAY), datetime.min.time(), ZoneInfo("Europe/Stockholm")
    ).replace(hour=13, minute=30)
    assert stored["starts"] == local.astimezone(UTC)
    assert stored["panel"] == [world["interviewer"].id, world["colleague"].id]
    assert "Rum 3; våning 2" in recruiter.get(f"{world.path}/interviews/").text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"candidate": "999"}, "candidate"),
        ({"version": "999"}, "version"),
        ({"date": ""}, "date"),
        ({"date": "i morgon"}, "date"),
        ({"date": "0001-01-01"}, "date"),
        ({"date": "9999-12-31"}, "date"),
        ({"time": "25:00"}, "time"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"place": "x" * 301}, "place"),
        ({"panel": []}, "panel"),
        ({"panel": ["999"]}, "panel"),
        ({"message": "x" * 2001}, "message"),
        ({"invite": "y"}, "invite"),
    ],
)
def test_a_faulty_plan_is_explained_field_by_field(world, recruiter, changes, field):
    before = rows(world)
    answer = plan(world, **changes)
    assert answer.status_code == 400
    assert f'href="#{field}"' in answer.text.partition("ds-error-summary")[2].partition("</ul>")[0]
    assert rows(world) == before


def last_sunday_of(month):
    """Return the day of next year on which the clock is changed in a month of 31 days."""
    last = date(datetime.now(UTC).year + 1, month, 31)
    return str(last - timedelta(days=last.isoweekday() % 7))


@pytest.mark.parametrize(("month", "words"), [(3, "finns inte"), (10, "kommer två gånger")])
def test_times_that_the_clock_skips_or_repeats(world, recruiter, month, words):
    day = last_sunday_of(month)
    answer = plan(world, date=day, time="02:30")
    assert answer.status_code == 400
    assert f"02:30 {words}" in answer.text
    assert plan(world, date=day, time="04:30").status_code == 302


def test_a_place_is_one_line(world, recruiter):
    assert plan(world, place="Rum 3\r\nATTENDEE:mailto:x@example.org\x00").status_code == 302
    assert rows(world)[-1]["place"] == "Rum 3 ATTENDEE:mailto:x@example.org"


def test_a_message_may_hold_anything(world, recruiter):
    message = "Rad ett\r\nrad två \x00 <b>å</b> 🙂"
    assert plan(world, message=message).status_code == 302
    with world.app.app_context():
        stored = db.session.get(Interview, rows(world)[-1]["id"]).message
        db.session.remove()
    assert stored == "Rad ett\nrad två  <b>å</b> 🙂"


def test_a_clash_is_shown_before_saving_and_may_be_accepted(world, recruiter):
    assert plan(world).status_code == 302
    before = rows(world)
    again = {"candidate": str(world.candidates[0]), "time": "13:45"}
    answer = plan(world, **again)
    assert answer.status_code == 409
    assert "Interviewer Prov är med i en annan intervju" in answer.text
    assert "Colleague Prov är med i en annan intervju" in answer.text
    assert "Björn Fiktiv, Enhetschef" in answer.text
    assert 'value="13:45"' in answer.text
    assert rows(world) == before
    path = f"{world.path}/interviews/new"
    assert accept(world, path, answer, form(world, **again)).status_code == 302
    assert len(rows(world)) == len(before) + 1
    page = recruiter.get(f"{world.path}/interviews/").text
    assert page.count("<strong>Krock</strong>") == 4


def test_other_cautions_are_not_accepted_by_an_old_answer(world, recruiter):
    plan(world)
    answer = plan(world, candidate=str(world.candidates[0]), time="13:45")
    other = form(world, candidate=str(world.candidates[0]), time="14:00")
    assert accept(world, f"{world.path}/interviews/new", answer, other).status_code == 409


def test_interviews_end_to_end_do_not_clash(world, recruiter):
    with world.app.app_context():
        minutes = db.session.get(Interview, world.interviews[1]).minutes
        db.session.remove()
    plan(world, time="10:00")
    later = (datetime(2027, 1, 1, 10, tzinfo=UTC) + timedelta(minutes=minutes)).strftime("%H:%M")
    answer = plan(world, candidate=str(world.candidates[0]), time=later)
    # There is a caution that the candidate has an interview in the round, and no other.
    assert answer.text.partition("Inget är sparat än")[2].partition("</ul>")[0].count("<li>") == 1


def test_the_same_candidate_elsewhere_is_known_by_address(world, recruiter):
    here = world.candidates[1]
    with world.app.app_context():
        elsewhere(world, "Bjorn@Example.org", world["bystander"].id)
        from recruit.candidates import actions

        actions.edit(
            world.requisition,
            here,
            name="Björn Fiktiv",
            email="bjorn@example.org",
            internal=False,
            actor_id=world["recruiter"].id,
        )
        db.session.remove()
    answer = plan(world)
    assert answer.status_code == 409
    assert "Björn Fiktiv är med i en annan intervju" in answer.text
    assert "Hemligt uppdrag" in answer.text


def elsewhere(world, email, member):
    """Plan an interview on the same day and time in another requisition."""
    from recruit.candidates import actions as candidates
    from recruit.guides import actions as guides
    from recruit.interviews import actions as interviews
    from recruit.library import library
    from recruit.requisitions import actions as requisitions

    recruiter = world["recruiter"].id
    requisition = requisitions.create(
        library().roles["head-of-unit-home-care"],
        title="Hemligt uppdrag",
        unit="",
        actor_id=recruiter,
    ).id
    guides.generate(requisition, library(), actor_id=recruiter)
    version = guides.publish(requisition, actor_id=recruiter)[0].id
    candidate = candidates.add(
        requisition, name="Hemlig Sökande", email=email, internal=False, actor_id=recruiter
    ).id
    interviews.plan(
        requisition,
        candidate_id=candidate,
        guide_version_id=version,
        starts_at=datetime.fromisoformat(f"{DAY}T13:30").replace(
            tzinfo=ZoneInfo("Europe/Stockholm")
        ),
        timezone="Europe/Stockholm",
        place="",
        panel=[member],
        actor_id=recruiter,
    )


def test_a_clash_tells_nothing_of_a_requisition_that_one_may_not_view(world):
    world["recruiter"].sign_in()
    with world.app.app_context():
        elsewhere(world, "", world["interviewer"].id)
        db.session.remove()
    path = f"{world.path}/interviews/new"
    assert accept(world, path, plan(world), form(world)).status_code == 302
    full = world["recruiter"].get(f"{world.path}/interviews/").text
    assert "Hemlig Sökande, Hemligt uppdrag" in full
    seen = world["hiring_manager"].sign_in().get(f"{world.path}/interviews/").text
    assert "Interviewer Prov är upptagen" in seen
    assert "Hemlig" not in seen


def test_clashes_cover_every_way_to_overlap(world):
    from recruit.accounts.models import User

    with world.app.app_context():
        reader = db.session.get(User, world["recruiter"].id)
        taken = db.session.get(Interview, world.interviews[2])
        start, end = taken.starts_at, taken.ends_at
        minute = timedelta(minutes=1)

        def busy(begins, minutes, person="interviewer", candidate=0):
            one = Planned(
                world.candidates[candidate], begins, minutes, frozenset({world[person].id})
            )
            return [clash.person for clash in clashes(reader, [one])]

        length = int((end - start) / minute)
        assert busy(start, length) == ["Interviewer Prov"]
        assert busy(start - minute, 2) == ["Interviewer Prov"]
        assert busy(end - minute, 5) == ["Interviewer Prov"]
        assert busy(start - minute, length + 2) == ["Interviewer Prov"]
        assert busy(start + minute, 1) == ["Interviewer Prov"]
        assert busy(start - minute, 1) == []
        assert busy(end, 1) == []
        assert busy(start, length, person="bystander") == []
        assert busy(start, length, person="bystander", candidate=1) == ["Björn Fiktiv"]
        db.session.remove()


def test_a_second_interview_in_a_round_and_a_past_time_are_pointed_out(world, recruiter):
    answer = plan(world, candidate=str(world.candidates[0]), version=str(world.versions[0]))
    assert answer.status_code == 409
    assert "Amina Exempel har redan en intervju i omgången" in answer.text
    yesterday = str(datetime.now(UTC).date() - timedelta(days=2))
    answer = plan(world, date=yesterday)
    assert answer.status_code == 409
    assert "Tiden har passerat" in answer.text
    path = f"{world.path}/interviews/new"
    assert accept(world, path, answer, form(world, date=yesterday)).status_code == 302


def several(world, **rows_):
    data = form(world)
    for name in ("candidate", "date", "time"):
        del data[name]
    return world["recruiter"].post(f"{world.path}/interviews/several", data | rows_)


def test_several_are_planned_at_once(world, recruiter):
    first, second = world.candidates
    before = len(rows(world))
    answer = several(
        world,
        **{
            f"date_{first}": DAY,
            f"time_{first}": "09:00",
            f"date_{second}": DAY,
            f"time_{second}": "11:00",
            "version": str(world.versions[0]),
        },
    )
    # The first has an interview in that round already.
    assert answer.status_code == 409
    answer = several(world, **{f"date_{second}": DAY, f"time_{second}": "11:00"})
    assert answer.status_code == 302
    assert [row["candidate"] for row in rows(world)[before:]] == [second]


def test_several_all_or_none_and_clashes_among_them(world, recruiter):
    first, second = world.candidates
    before = rows(world)
    faulty = {f"date_{first}": DAY, f"date_{second}": DAY, f"time_{second}": "09:00"}
    answer = several(world, **faulty)
    assert answer.status_code == 400
    assert "Amina Exempel: Välj en tid också." in answer.text
    assert f'href="#time_{first}"' in answer.text
    assert several(world).status_code == 400
    together = {
        f"date_{first}": DAY,
        f"time_{first}": "09:00",
        f"date_{second}": DAY,
        f"time_{second}": "09:15",
    }
    answer = several(world, **together)
    assert answer.status_code == 409
    assert answer.text.count("skulle vara i två av intervjuerna samtidigt") == 2
    assert rows(world) == before


def test_several_are_planned_though_one_has_no_address(world, recruiter):
    """Whoever has one is invited, and the recruiter is told to whom to speak."""
    path = f"{world.path}/candidates/"
    for name, email in (("Cleo Påhitt", "cleo@example.org"), ("David Dikt", "")):
        assert recruiter.post(path, {"name": name, "email": email}).status_code == 302
    page = recruiter.get(f"{world.path}/interviews/several").text
    numbers = [int(number) for number in re.findall(r'id="date_(\d+)"', page)]
    cleo, david = (one for one in numbers if one not in world.candidates)
    assert page.count("ingen e-postadress") == 3
    answer = several(
        world,
        **{
            f"date_{cleo}": DAY,
            f"time_{cleo}": "09:00",
            f"date_{david}": DAY,
            f"time_{david}": "11:00",
            "invite": "y",
        },
    )
    assert answer.status_code == 302
    said = recruiter.get(answer.location).text
    assert "Det finns ingen e-postadress till David Dikt, så hör av dig själv." in said
    with world.app.app_context():
        invited = db.session.execute(
            db.select(Interview.candidate_id, Interview.candidate_invited).where(
                Interview.candidate_id.in_([cleo, david])
            )
        ).all()
        db.session.remove()
    assert {tuple(row) for row in invited} == {(cleo, True), (david, False)}


def change(world, number, **changes):
    stored = next(row for row in rows(world) if row["id"] == world.interviews[number])
    data = {
        "date": DAY,
        "time": "10:00",
        "timezone": "Europe/Stockholm",
        "place": "Rum 3",
        "panel": [str(user) for user in stored["panel"]],
        "sequence": str(stored["sequence"]),
    } | changes
    return world["recruiter"].post(
        f"{world.path}/interviews/{world.interviews[number]}/change", data
    )


def test_the_change_page_shows_the_interview_as_it_is(world, recruiter):
    page = recruiter.get(f"{world.path}/interviews/{world.interviews[2]}/change").text
    assert 'value="Rum 3"' in page
    assert page.count(" checked") == 2


def test_an_interview_that_changed_meanwhile_is_not_overwritten(world, recruiter):
    assert change(world, 2).status_code == 302
    answer = change(world, 2, sequence="0", place="Annan plats")
    assert answer.status_code == 409
    assert "Inget har skrivits över" in answer.text
    assert rows(world)[2]["place"] == "Rum 3"


def test_of_two_changes_at_once_the_second_is_told(world):
    """It waits for the first, and then finds that the page it was made on is out of date."""
    number = world.interviews[0]

    def move_to(place):
        actions.change(
            world.requisition,
            number,
            sequence=0,
            starts_at=datetime.now(UTC) + timedelta(days=400),
            setting=actions.Setting("Europe/Stockholm", place, (world["colleague"].id,)),
            actor_id=world["recruiter"].id,
        )
        return place

    found = at_once(world, "interview", partial(move_to, "Rum 1"), partial(move_to, "Rum 2"))
    (kept,) = (one for one in found if isinstance(one, str))
    assert {type(one) for one in found} == {str, actions.InterviewHasChanged}
    assert [row["place"] for row in rows(world, id=number)] == [kept]


def test_who_has_rated_stays_on_the_panel(world, recruiter):
    interviewer = world["interviewer"].sign_in()
    assert interviewer.post(world.scorecard(2), world.ratings(2)).status_code == 302
    answer = change(world, 2, panel=[str(world["colleague"].id)])
    assert answer.status_code == 409
    assert rows(world)[2]["panel"] == [world["interviewer"].id, world["colleague"].id]


def test_an_unchanged_interview_tells_nobody(mailing, mailbox):
    mailing["recruiter"].sign_in()
    change(mailing, 2)
    deliver(mailing.app)
    mailbox.letters.clear()
    assert change(mailing, 2).status_code == 302
    deliver(mailing.app)
    assert mailbox.letters == []
    assert rows(mailing)[2]["sequence"] == 1


def test_change_of_panel_adds_updates_and_takes_away(mailing, mailbox):
    mailing["recruiter"].sign_in()
    deliver(mailing.app)
    mailbox.letters.clear()
    panel = [str(mailing["interviewer"].id), str(mailing["bystander"].id)]
    assert change(mailing, 2, panel=panel).status_code == 302
    deliver(mailing.app)
    (kept,) = mailbox.to("interviewer@example.org")
    (added,) = mailbox.to("bystander@example.org")
    (removed,) = mailbox.to("colleague@example.org")
    assert len(mailbox.letters) == 3
    assert "Ändrad" in kept["Subject"]
    assert event_of(kept)["sequence"] == event_of(added)["sequence"] == 1
    assert len({str(event_of(x)["uid"]) for x in (kept, added, removed)}) == 1
    assert [str(a) for a in event_of(kept)["attendee"]] == [
        "mailto:interviewer@example.org",
        "mailto:bystander@example.org",
    ]
    assert str(event_of(removed)["status"]) == "CANCELLED"
    assert str(event_of(removed)["attendee"]) == "mailto:colleague@example.org"
    assert event_of(removed)["sequence"] == 1
    # Put back again, the higher sequence brings the entry back.
    assert change(mailing, 2).status_code == 302
    assert change(mailing, 2, panel=[*panel, str(mailing["colleague"].id)]).status_code == 302
    deliver(mailing.app)
    back = mailbox.to("colleague@example.org")[-1]
    assert str(event_of(back)["status"]) == "CONFIRMED"
    assert event_of(back)["sequence"] > 1


def test_cancelling_asks_first_and_tells_the_panel(mailing, mailbox):
    recruiter = mailing["recruiter"].sign_in()
    deliver(mailing.app)
    uid = str(event_of(mailbox.to("interviewer@example.org")[-1])["uid"])
    mailbox.letters.clear()
    path = f"{mailing.path}/interviews/{mailing.interviews[2]}/cancel"
    page = recruiter.get(path).text
    assert "Interviewer Prov, Colleague Prov" in page
    assert rows(mailing)[2]["state"] == "planned"
    assert recruiter.post(path).status_code == 302
    assert recruiter.post(path).status_code == 409
    deliver(mailing.app)
    assert sorted(letter["To"] for letter in mailbox.letters) == [
        "colleague@example.org",
        "interviewer@example.org",
    ]
    for letter in mailbox.letters:
        assert str(event_of(letter)["uid"]) == uid
        assert str(event_of(letter)["status"]) == "CANCELLED"
        assert event_of(letter)["sequence"] == 1


def test_withdrawal_names_what_is_cancelled_and_can_be_taken_back(mailing, mailbox):
    recruiter = mailing["recruiter"].sign_in()
    deliver(mailing.app)
    mailbox.letters.clear()
    candidate = mailing.candidates[0]
    path = f"{mailing.path}/candidates/{candidate}"
    page = recruiter.get(f"{path}/withdraw").text
    # Interview 1 is ahead, interview 0 has begun.
    assert page.count("Interviewer Prov, Colleague Prov") == 1
    assert "Hiring Manager Prov" in page
    assert mailbox.letters == []
    assert recruiter.post(f"{path}/withdraw").status_code == 302
    assert recruiter.post(f"{path}/withdraw").status_code == 302
    assert [row["state"] for row in rows(mailing)] == ["planned", "cancelled", "planned"]
    deliver(mailing.app)
    assert {letter["To"] for letter in mailbox.letters} == {
        "interviewer@example.org",
        "colleague@example.org",
        "hiring_manager@example.org",
    }
    assert len(mailbox.letters) == 3
    assert recruiter.post(f"{path}/reinstate").status_code == 302
    assert "Amina Exempel" in recruiter.get(f"{mailing.path}/interviews/new").text
    assert rows(mailing)[1]["state"] == "cancelled"


def test_an_invited_candidate_is_told_everything_but_the_questions(mailing, mailbox):
    recruiter = mailing["recruiter"].sign_in()
    deliver(mailing.app)
    mailbox.letters.clear()
    recruiter.post(
        f"{mailing.path}/candidates/{mailing.candidates[1]}",
        {"name": "Björn Fiktiv", "email": "bjorn@example.org"},
    )
    message = "Anmäl dig i receptionen.\nKaffe finns."
    assert plan(mailing, invite="y", message=message).status_code == 302
    deliver(mailing.app)
    (letter,) = mailbox.to("bjorn@example.org")
    text = text_of(letter)
    for part in (
        "Enhetschef",
        "13:30",
        "våning 2",
        "Interviewer Prov, Colleague Prov",
        "Anmäl dig i receptionen.\nKaffe finns.",
        "samma frågor",
        "Integritetsskyddsmyndigheten",
        "recruiter@example.org",
    ):
        assert part in text, part
    assert letter["Reply-To"] == "recruiter@example.org"
    questions = [
        question["text"]
        for section in recruiter.get(
            f"{mailing.path}/guides/{mailing.versions[1]}/guide.json"
        ).json["rounds"][0]["sections"]
        for question in section["questions"]
    ]
    assert len(questions) > 2
    assert [q for q in questions if q in text] == []
    assert "/scorecard/" not in text
    event = event_of(letter)
    assert str(event["attendee"]) == "mailto:bjorn@example.org"
    panel_event = event_of(mailbox.to("interviewer@example.org")[-1])
    assert str(event["uid"]) != str(panel_event["uid"])
    assert "bjorn@example.org" not in str(panel_event["attendee"])
    number = rows(mailing)[-1]["id"]
    mailbox.letters.clear()
    assert recruiter.post(f"{mailing.path}/interviews/{number}/cancel").status_code == 302
    deliver(mailing.app)
    (gone,) = mailbox.to("bjorn@example.org")
    assert str(event_of(gone)["uid"]) == str(event["uid"])
    assert str(event_of(gone)["status"]) == "CANCELLED"


def test_nobody_is_told_of_an_interview_that_is_over(mailing, mailbox):
    mailing["recruiter"].sign_in()
    deliver(mailing.app)
    mailbox.letters.clear()
    yesterday = str(datetime.now(UTC).date() - timedelta(days=2))
    answer = plan(mailing, date=yesterday)
    path = f"{mailing.path}/interviews/new"
    assert accept(mailing, path, answer, form(mailing, date=yesterday)).status_code == 302
    deliver(mailing.app)
    assert mailbox.letters == []


def test_the_time_zone_of_the_settings_is_offered_first(database):
    from tests.conftest import world_with

    with world_with(database, timezone="America/New_York") as world:
        page = world["recruiter"].sign_in().get(f"{world.path}/interviews/new").text
        options = re.findall(r'<option(?: selected)? value="([A-Z]\w+/[\w/]+|UTC)"', page)
        assert options[0] == "America/New_York"
        assert "Europe/Stockholm" in options
        assert plan(world, timezone="America/New_York").status_code == 302
