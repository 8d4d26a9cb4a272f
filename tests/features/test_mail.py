"""Mail: what calendar programs make of it, and servers that refuse, hang, or ask to try later."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from recruit.audit.models import AuditEvent
from recruit.core.text import one_line
from recruit.database import db, now, write
from recruit.mail import actions
from recruit.mail.calendar import Appointment, calendar_entry
from recruit.mail.letters import Letter, Text
from recruit.mail.models import Delivery
from tests.conftest import PASSWORD, csrf_token, world_with
from tests.features.test_interviews import change, plan, rows
from tests.mail import (
    calendar_of,
    certificate,
    deliver,
    event_of,
    mail_server,
    silent_server,
    text_of,
)

HOSTILE = 'Rum "3"; å, ä \\n\r\nATTENDEE:mailto:x@example.org\r\nEND:VEVENT \x00\u2028 ' + "ö" * 200


def appointment(**changes):
    values = {
        "uid": "a@recruit",
        "sequence": 3,
        "starts_at": datetime(2027, 6, 1, 9, 30, tzinfo=UTC),
        "timezone": "Europe/Stockholm",
        "minutes": 60,
        "summary": "Intervju: Åsa Öberg, Första intervjun",
        "place": "Rum 3",
        "description": "",
        "url": "http://127.0.0.1/x",
        "organizer": ("Exempelkommunen", "recruit@example.org"),
        "attendees": (("Ivar Ärlig", "ivar@example.org"), ("Hanna", "hanna@example.org")),
        "cancelled": False,
    }
    return Appointment(**(values | changes))


def both(content):
    """Return the event as two parsers read it."""
    (first,) = Calendar.from_ical(content).walk("VEVENT")
    (second,) = IcsCalendarStream.calendar_from_ics(content).events
    return first, second


def test_two_parsers_read_the_same():
    entry = calendar_entry(appointment())
    first, second = both(entry.content)
    assert str(first["uid"]) == second.uid == "a@recruit"
    assert first["sequence"] == second.sequence == 3
    assert str(first["summary"]) == second.summary == "Intervju: Åsa Öberg, Första intervjun"
    assert str(first["location"]) == second.location == "Rum 3"
    assert first.decoded("dtstart") == second.dtstart
    assert second.dtstart.isoformat() == "2027-06-01T11:30:00+02:00"
    assert first.decoded("dtend") == second.dtend == second.dtstart + timedelta(hours=1)
    assert str(first["organizer"]) == second.organizer.uri == "mailto:recruit@example.org"
    assert [str(a) for a in first["attendee"]] == [a.uri for a in second.attendees]
    assert [a.common_name for a in second.attendees] == ["Ivar Ärlig", "Hanna"]
    assert str(first["status"]) == "CONFIRMED"
    assert str(Calendar.from_ical(entry.content)["method"]) == entry.method == "REQUEST"


def test_a_cancellation():
    entry = calendar_entry(appointment(cancelled=True))
    first, second = both(entry.content)
    assert str(first["status"]) == second.status.value == "CANCELLED"
    assert str(Calendar.from_ical(entry.content)["method"]) == entry.method == "CANCEL"


@pytest.mark.parametrize("field", ["place", "summary"])
def test_nothing_that_somebody_writes_becomes_a_line_of_its_own(field):
    content = calendar_entry(appointment(**{field: HOSTILE})).content
    first, second = both(content)
    name = {"place": "location"}.get(field, field)
    assert str(first[name]) == getattr(second, name) == one_line(HOSTILE)
    assert len(first["attendee"]) == len(second.attendees) == 2


def test_a_name_becomes_no_line_of_its_own():
    names = (('Anna "Nanna"; Ek, PhD:x\r\nX-EVIL:1', "anna@example.org"),)
    content = calendar_entry(appointment(attendees=names)).content
    first, second = both(content)
    assert "X-EVIL" not in first
    assert str(first["attendee"].params["CN"]) == "Anna 'Nanna'; Ek, PhD:x X-EVIL:1"
    assert second.attendees[0].common_name == "Anna 'Nanna'; Ek, PhD:x X-EVIL:1"


def test_lines_are_folded_within_75_octets():
    content = calendar_entry(appointment(place="å" * 280, summary="ö" * 200)).content
    lines = content.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    for line in lines:
        line.decode()


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("Europe/Stockholm", datetime(2027, 1, 15, 9, tzinfo=UTC)),
        ("Europe/Stockholm", datetime(2027, 6, 15, 9, tzinfo=UTC)),
        # The first and the last minute of summer time.
        ("Europe/Stockholm", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        ("Europe/Stockholm", datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        ("Europe/Stockholm", datetime(2027, 10, 31, 0, 59, tzinfo=UTC)),
        ("Europe/Stockholm", datetime(2027, 10, 31, 1, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2050, 7, 1, 9, tzinfo=UTC)),
        ("Europe/Moscow", datetime(2027, 7, 1, 9, tzinfo=UTC)),
    ],
)
def test_the_time_zone_that_is_sent_along_says_what_the_clock_says(zone, moment):
    """A program that knows no zone names reads the moment from VTIMEZONE alone."""
    content = calendar_entry(appointment(timezone=zone, starts_at=moment)).content
    stated = tzical(io.StringIO(content.replace("\r\n ", ""))).get(zone)
    event, _ = both(content)
    local = event.decoded("dtstart").replace(tzinfo=None)
    expected = moment.astimezone(ZoneInfo(zone))
    assert local == expected.replace(tzinfo=None)
    if expected.fold == 0:
        assert local.replace(tzinfo=stated).utcoffset() == expected.utcoffset()


def test_utc_needs_no_time_zone():
    content = calendar_entry(appointment(timezone="UTC")).content
    assert "VTIMEZONE" not in content
    assert "DTSTART:20270601T093000Z" in content


def test_an_interview_across_a_change_of_the_clock_keeps_its_length():
    start = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    event, _ = both(calendar_entry(appointment(starts_at=start, minutes=120)).content)
    length = event.decoded("dtend").astimezone(UTC) - event.decoded("dtstart").astimezone(UTC)
    assert length == timedelta(hours=2)


def test_the_mail_as_it_is_sent(mailing, mailbox):
    mailing["recruiter"].sign_in()
    deliver(mailing.app)
    mailbox.letters.clear()
    assert plan(mailing).status_code == 302
    deliver(mailing.app)
    assert {letter["To"] for letter in mailbox.letters} == {
        "interviewer@example.org",
        "colleague@example.org",
    }
    (letter,) = mailbox.to("interviewer@example.org")
    text = text_of(letter)
    assert "Björn Fiktiv" in text
    assert 'Rum 3; våning 2, "ekan"' in text
    assert "/scorecard/" in text
    assert letter["Reply-To"] == "recruiter@example.org"
    (part,) = [p for p in letter.walk() if p.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    (file,) = [p for p in letter.walk() if p.get_content_type() == "application/ics"]
    assert file.get_filename() == "interview.ics"
    assert file.get_payload(decode=True) == part.get_payload(decode=True)
    _, second = both(part.get_payload(decode=True).decode())
    assert second.location == 'Rum 3; våning 2, "ekan"'
    assert second.dtstart.strftime("%H:%M") == "13:30"


def test_moves_count_up_and_keep_the_name(mailing, mailbox):
    mailing["recruiter"].sign_in()
    deliver(mailing.app)
    first = both(calendar_of(mailbox.to("colleague@example.org")[-1]).decode())[1]
    for number, clock in enumerate(("10:00", "11:00"), start=1):
        assert change(mailing, 2, time=clock).status_code == 302
        deliver(mailing.app)
        event = both(calendar_of(mailbox.to("colleague@example.org")[-1]).decode())[1]
        assert event.uid == first.uid
        assert event.sequence == number
        assert event.dtstart.strftime("%H:%M") == clock


def states(app, about=None):
    with app.app_context():
        found = db.session.execute(
            db.select(Delivery.address, Delivery.state, Delivery.fault, Delivery.attempts)
            .where(Delivery.about == about if about else db.true())
            .order_by(Delivery.id)
        ).all()
        db.session.remove()
    return [tuple(row) for row in found]


def pass_time(app, by):
    """Let so much time pass for the mails that wait."""
    with app.app_context():
        with write():
            for delivery in db.session.scalars(db.select(Delivery)):
                delivery.due_at -= by
                if delivery.claimed_at:
                    delivery.claimed_at -= by
        db.session.remove()


@pytest.fixture
def interview(mailing):
    """Plan one more; return what its mails are about. They are not sent yet."""
    mailing["recruiter"].sign_in()
    deliver(mailing.app)
    assert plan(mailing).status_code == 302
    return f"interview:{rows(mailing)[-1]['id']}"


def page(world):
    return world["recruiter"].get(f"{world.path}/interviews/").text


def test_the_list_tells_how_the_mail_went(mailing, mailbox, interview):
    mailbox.refused.add("colleague@example.org")
    assert page(mailing).count("Mejl skickas") == 2
    deliver(mailing.app)
    shown = page(mailing)
    assert "Mejlet kom inte fram" in shown
    assert "Colleague Prov: mejlservern tar inte emot adressen" in shown
    # Others on the requisition need not know.
    assert "Mejl" not in mailing["bystander"].sign_in().get(f"{mailing.path}/interviews/").text
    mailbox.refused.clear()
    number = interview.partition(":")[2]
    path = f"{mailing.path}/interviews/{number}/mail"
    assert mailing["recruiter"].post(path).status_code == 302
    deliver(mailing.app)
    assert "Mejl skickat till 3 personer" in page(mailing)
    assert [len(mailbox.to(f"{n}@example.org")) for n in ("interviewer", "colleague")] == [4, 4]
    assert mailing["recruiter"].post(path).status_code == 302
    assert "Det finns inget mejl som inte kommit fram" in page(mailing)


def test_a_server_that_asks_to_try_later_is_tried_later(mailing, mailbox, interview):
    before = len(mailbox.letters)
    mailbox.answers = ["451 Try again", None, "451 Try again"]
    deliver(mailing.app)
    assert len(mailbox.letters) == before + 1
    assert sorted(s[1:] for s in states(mailing.app, interview)) == [
        ("sent", "", 1),
        ("waiting", "deferred", 1),
    ]
    assert "mejlservern ber oss försöka senare" in page(mailing)
    deliver(mailing.app)
    assert len(mailbox.letters) == before + 1
    pass_time(mailing.app, timedelta(minutes=1))
    deliver(mailing.app)
    assert states(mailing.app, interview)[0][1:] == ("waiting", "deferred", 2)
    pass_time(mailing.app, timedelta(minutes=5))
    deliver(mailing.app)
    assert len(mailbox.letters) == before + 2
    assert {s[1] for s in states(mailing.app, interview)} == {"sent"}


def test_a_mail_is_given_up_after_a_day_and_can_be_tried_again(mailing, mailbox, interview):
    before = len(mailbox.letters)
    mailbox.answers = ["451 Try again"] * 2 * (len(actions.PAUSES) + 1)
    for pause in (*actions.PAUSES, timedelta(0)):
        assert "Mejlet kom inte fram" not in page(mailing)
        deliver(mailing.app)
        pass_time(mailing.app, pause)
    assert {s[1:] for s in states(mailing.app, interview)} == {("failed", "deferred", 8)}
    assert page(mailing).count("Mejlet kom inte fram") == 1
    assert "Interviewer Prov, Colleague Prov" in page(mailing)
    assert mailbox.answers == []
    deliver(mailing.app)
    assert len(mailbox.letters) == before
    number = interview.partition(":")[2]
    mailing["recruiter"].post(f"{mailing.path}/interviews/{number}/mail")
    deliver(mailing.app)
    assert len(mailbox.letters) == before + 2


def test_a_corrected_address_is_used_when_it_is_tried_again(mailing, mailbox):
    recruiter = mailing["recruiter"].sign_in()
    person = f"{mailing.path}/candidates/{mailing.candidates[1]}"
    mailbox.refused.add("bjron@example.org")
    wrong = {"name": "Björn Fiktiv", "email": "bjron@example.org"}
    assert recruiter.post(person, wrong).status_code == 302
    assert plan(mailing, invite="y").status_code == 302
    deliver(mailing.app)
    assert recruiter.post(person, wrong | {"email": "bjorn@example.org"}).status_code == 302
    number = rows(mailing)[-1]["id"]
    assert recruiter.post(f"{mailing.path}/interviews/{number}/mail").status_code == 302
    deliver(mailing.app)
    assert len(mailbox.to("bjorn@example.org")) == 1
    assert mailbox.to("bjron@example.org") == []


def test_what_went_to_a_former_address_is_offered_to_the_new_one(mailing, mailbox):
    recruiter = mailing["recruiter"].sign_in()
    person = f"{mailing.path}/candidates/{mailing.candidates[1]}"
    old = {"name": "Björn Fiktiv", "email": "bjron@example.org"}
    assert recruiter.post(person, old).status_code == 302
    assert plan(mailing, invite="y").status_code == 302
    deliver(mailing.app)
    assert "bjron@example.org" not in recruiter.get(f"{mailing.path}/interviews/").text
    before = recruiter.get(f"{mailing.path}/interviews/").text.count("Mejl skickat till 3 personer")
    answer = recruiter.post(person, old | {"email": "bjorn@example.org"}, follow_redirects=True)
    assert "Skicka till den nya adressen" in answer.text
    page = recruiter.get(f"{mailing.path}/interviews/").text
    assert "bjron@example.org" in page
    assert page.count("Mejl skickat till 3 personer") == before - 1
    for _twice in range(2):
        assert recruiter.post(f"{person}/invite").status_code == 302
    deliver(mailing.app)
    (mail,) = mailbox.to("bjorn@example.org")
    assert event_of(mail)["STATUS"] == "CONFIRMED"
    assert len(mailbox.to("bjron@example.org")) == 1
    assert "Skicka till den nya adressen" not in recruiter.get(person).text
    page = recruiter.get(f"{mailing.path}/interviews/").text
    assert page.count("Mejl skickat till 3 personer") == before


def test_a_dead_server_breaks_no_page(database):
    with world_with(database, mail_server="127.0.0.1", mail_port=1) as world:
        world["recruiter"].sign_in()
        assert plan(world).status_code == 302
        deliver(world.app)
        # One attempt tells that there is nobody: the others wait without one.
        assert {s[1:] for s in states(world.app)} == {("waiting", "unreachable", 1)}
        assert "mejlservern svarar inte" in page(world)


def test_mail_goes_encrypted_only_to_a_server_that_can_be_trusted(database, tmp_path, monkeypatch):
    """A certificate that nobody vouches for keeps the mail here, and the page says why."""
    context, authority = certificate(tmp_path)
    with (
        mail_server(tls_context=context) as box,
        world_with(database, mail_server="127.0.0.1", mail_port=box.port, mail_tls=True) as world,
    ):
        world["recruiter"].sign_in()
        assert plan(world).status_code == 302
        deliver(world.app)
        assert {s[1:] for s in states(world.app)} == {("waiting", "certificate", 1)}
        assert "mejlserverns certifikat går inte att lita på" in page(world)
        assert box.letters == []
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        pass_time(world.app, actions.PAUSES[0])
        deliver(world.app)
        assert {s[1] for s in states(world.app)} == {"sent"}
        assert box.letters != []


def test_a_server_that_hangs_blocks_no_page(database):
    with (
        silent_server() as (port, callers),
        world_with(database, mail_server="127.0.0.1", mail_port=port) as world,
    ):
        world.app.config["MAIL_TIMEOUT"] = 1
        world.app.extensions["mailman"].timeout = 1
        world["recruiter"].sign_in()
        assert plan(world).status_code == 302
        assert callers == []
        deliver(world.app)
        # One wait, not one for each mail.
        assert len(callers) == 1
        assert {s[1:] for s in states(world.app)} == {("waiting", "unreachable", 1)}


def test_without_a_server_it_is_said_at_once(world):
    world["recruiter"].sign_in()
    plan(world)
    deliver(world.app)
    shown = page(world)
    assert "ingen mejlserver är inställd" in shown
    assert {s[1] for s in states(world.app)} == {"failed"}


def test_a_newer_letter_replaces_one_that_waits(mailing, mailbox, interview):
    mailbox.answers = ["451 Try again"] * 2
    deliver(mailing.app)
    mailbox.letters.clear()
    number = int(interview.partition(":")[2])
    mailing["recruiter"].post(f"{mailing.path}/interviews/{number}/cancel")
    deliver(mailing.app)
    assert len(mailbox.letters) == 2
    pass_time(mailing.app, timedelta(days=1))
    deliver(mailing.app)
    assert len(mailbox.letters) == 2
    assert [s[1] for s in states(mailing.app, interview)] == ["dropped"] * 2 + ["sent"] * 2


def test_what_was_sent_is_not_kept(mailing, interview):
    deliver(mailing.app)
    with mailing.app.app_context():
        kept = db.session.scalars(db.select(Delivery.message).where(Delivery.state == "sent")).all()
        db.session.remove()
    assert len(kept) > 2
    assert set(kept) == {None}


def test_a_change_that_is_not_saved_sends_nothing(world):
    with world.app.app_context():
        with pytest.raises(RuntimeError):
            put_and_break()
        db.session.remove()
    assert [s for s in states(world.app) if s[0] == "x@example.org"] == []


def put_and_break():
    with write():
        actions.put(Letter(to="x@example.org", kind="prov", text=Text("Ämne", "Text")))
        raise RuntimeError


def put(app, **changes):
    with app.app_context():
        with write():
            letter = {"to": "x@example.org", "kind": "prov", "text": Text("Ämne", "Text")}
            added = actions.put(Letter(**(letter | changes)))
        db.session.remove()
    return added


def test_a_key_is_used_once(mailing, mailbox):
    assert put(mailing.app, key="samma") is True
    assert put(mailing.app, key="samma") is False
    deliver(mailing.app)
    assert len(mailbox.to("x@example.org")) == 1
    assert put(mailing.app, key="samma") is False


def test_a_letter_that_came_too_late_is_not_sent(mailing, mailbox):
    put(mailing.app, lasts_until=now() - timedelta(seconds=1))
    deliver(mailing.app)
    assert mailbox.to("x@example.org") == []


def test_a_letter_without_an_address_goes_to_nobody(mailing):
    before = states(mailing.app)
    assert put(mailing.app, to="") is False
    assert states(mailing.app) == before


@pytest.mark.parametrize("address", ["två@exempel@x", "a\r\nBcc: b@example.org"])
def test_an_address_that_cannot_be_used_fails_at_once(mailing, mailbox, address):
    put(mailing.app, to=address)
    put(mailing.app)
    deliver(mailing.app)
    assert len(mailbox.to("x@example.org")) == 1
    assert [s[1] for s in states(mailing.app) if s[0] == one_line(address)] == ["failed"]


def test_a_subject_is_one_heading(mailing, mailbox):
    from recruit.mail.letters import compose

    with mailing.app.app_context():
        text = compose(
            "interview_cancelled",
            "sv",
            name="Ivar",
            candidate="Björn\r\nBcc: alla@example.org",
            round="Första",
            starts_at=now(),
            timezone="UTC",
            minutes=60,
            place='Rum <3> & "4"',
            panel=[],
        )
    put(mailing.app, text=text)
    deliver(mailing.app)
    (letter,) = mailbox.to("x@example.org")
    assert letter["Bcc"] is None
    assert "Björn" in letter["Subject"]
    # It is text, in which nothing is written as in a page.
    assert 'Rum <3> & "4"' in text_of(letter)


def test_mails_about_an_account_are_forgotten_and_those_of_a_requisition_kept(mailing):
    put(mailing.app, key="konto")
    put(mailing.app, key="rekrytering", requisition_id=mailing.requisition)
    deliver(mailing.app)

    def kept(keys):
        with mailing.app.app_context():
            found = db.session.scalars(
                db.select(Delivery.key).where(Delivery.key.in_(keys)).order_by(Delivery.id)
            ).all()
            db.session.remove()
        return list(found)

    assert kept(["konto", "rekrytering"]) == ["konto", "rekrytering"]
    with mailing.app.app_context():
        with write():
            db.session.execute(db.update(Delivery).values(finished_at=now() - actions.KEPT * 2))
        db.session.remove()
    deliver(mailing.app)
    assert kept(["konto", "rekrytering"]) == ["rekrytering"]


def test_a_sender_with_a_name(database, mailbox):
    settings = {"mail_server": "127.0.0.1", "mail_port": mailbox.port}
    sender = "Exempelkommunen <recruit@example.org>"
    with world_with(database, mail_sender=sender, **settings) as world:
        world["recruiter"].sign_in()
        assert plan(world).status_code == 302
        deliver(world.app)
    letter = mailbox.letters[-1]
    assert letter["From"] == sender
    assert letter["Message-ID"].endswith("@example.org>")
    assert str(event_of(letter)["ORGANIZER"]) == "mailto:recruit@example.org"


def test_what_a_dead_process_held_is_sent_by_another(mailing, mailbox):
    put(mailing.app, key="hängande")
    with mailing.app.app_context():
        with write():
            delivery = db.session.scalar(db.select(Delivery).where(Delivery.key == "hängande"))
            delivery.state, delivery.claimed_at = "sending", now()
        db.session.remove()
    deliver(mailing.app)
    assert mailbox.to("x@example.org") == []
    pass_time(mailing.app, actions.ABANDONED)
    deliver(mailing.app)
    (letter,) = mailbox.to("x@example.org")
    assert re.fullmatch(r"<[\w-]+@example\.org>", letter["Message-ID"])


def test_a_changed_password_is_changed_and_told_of(mailing, mailbox):
    person = mailing["interviewer"].sign_in()
    new = "en helt annan mening att minnas"
    answer = person.post(
        "/password/change",
        {"password": PASSWORD, "new_password": new, "new_password_confirm": new},
    )
    assert answer.status_code == 302
    assert person.get("/").status_code == 200
    with mailing.app.app_context():
        chosen = db.select(AuditEvent).where(AuditEvent.action == "account.password")
        event = db.session.scalars(chosen).one()
        assert (event.actor_id, event.subject) == (person.id, f"user:{person.id}")
        db.session.remove()
    client = mailing.app.test_client()
    for password, status in ((PASSWORD, 200), (new, 302)):
        form = {"email": person.email, "password": password, "csrf_token": csrf_token(client)}
        assert client.post("/sign-in", data=form).status_code == status
    mailbox.letters.clear()
    deliver(mailing.app)
    assert "Ditt lösenord är ändrat" in [
        letter["Subject"].strip() for letter in mailbox.to(person.email)
    ]


def test_sign_in_links_and_password_mails_wait_in_the_outbox_too(database):
    with world_with(database, mail_server="127.0.0.1", mail_port=1) as world:
        client = world.app.test_client()
        for path in ("/sign-in/link", "/password/reset"):
            answer = client.post(
                path,
                data={"email": "interviewer@example.org", "csrf_token": csrf_token(client, path)},
            )
            assert answer.status_code in {200, 302}, path
        with mail_server() as box:
            world.app.extensions["mailman"].port = box.port
            deliver(world.app)
            letters = box.to("interviewer@example.org")
        assert any("/sign-in/sign_in/" in text_of(letter) for letter in letters)
        assert any("/password/reset/" in text_of(letter) for letter in letters)
