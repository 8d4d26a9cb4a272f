"""The administrator's start page is a list of what to see to; so is a recruiter's of erasure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from recruit.accounts.actions import add_user, one_time_link_token, spend_token
from recruit.accounts.models import User
from recruit.database import db, write
from recruit.mail.models import Delivery
from recruit.requisitions.models import Requisition
from tests.conftest import world_with


def waiting(person):
    """Return title and detail of each row of what is to be seen to, or None without the list."""
    page = person.get("/").text
    section = page.partition('aria-labelledby="upkeep"')[2].partition("</section>")[0]
    rows = re.findall(
        r'class="todo__title"[^>]*>([^<]*)<.*?(?:<p>([^<]*)</p>)?\s*</div>', section, re.DOTALL
    )
    return rows if section else None


def titles(person):
    return [title for title, _detail in waiting(person) or []]


def change(world, statement):
    with world.app.app_context():
        with write():
            db.session.execute(statement)
        db.session.remove()


def test_what_is_wrong_with_the_installation(world):
    administrator = world["administrator"].sign_in()
    assert titles(administrator) == ["Inga mejl skickas", "Det går att logga in utan HTTPS"]
    change(world, db.update(User).where(User.id == world["recruiter"].id).values(active=False))
    assert titles(administrator)[0] == "Ingen är rekryterare än"


def test_when_all_is_well_it_says_so(database, mailbox):
    settings = {"mail_server": "127.0.0.1", "mail_port": mailbox.port}
    with world_with(database, **settings) as world:
        # The world, which is built once for all tests, may be of some age.
        change(world, db.update(Delivery).values(due_at=datetime.now(UTC)))
        administrator = world["administrator"].sign_in()
        assert titles(administrator) == ["Det går att logga in utan HTTPS"]
        # Said by the setting alone: the test's own client would not be signed in over HTTP.
        world.app.config["SESSION_COOKIE_SECURE"] = True
        with world.app.test_request_context("/"):
            from recruit.home.upkeep import Upkeep, upkeep

            assert upkeep() == Upkeep(
                no_mail=False, stuck_mails=0, no_https=False, no_recruiter=False, strangers=[]
            )
        world.app.config["SESSION_COOKIE_SECURE"] = False
        late = datetime.now(UTC) - timedelta(hours=1)
        with world.app.app_context():
            with write():
                db.session.add(
                    Delivery(key="x", kind="x", address="a@example.org", message={}, due_at=late)
                )
            db.session.remove()
        assert titles(administrator)[0] == "1 mejl borde ha gått iväg för länge sedan"


def test_who_has_never_signed_in(world):
    administrator = world["administrator"].sign_in()
    with world.app.app_context():
        ids = [
            add_user(name=name, email=f"{name}@example.org", roles=[], password=None).id
            for name in ("Kim", "Ivar")
        ]
        db.session.remove()
    title = ("2 personer har aldrig loggat in", "Ivar, Kim")
    assert title in waiting(administrator)
    with world.app.app_context():
        with write():
            token = one_time_link_token(db.session.get_one(User, ids[0]), "sign_in")
        spend_token(token, "sign_in")
        db.session.remove()
    assert ("1 person har aldrig loggat in", "Ivar") in waiting(administrator)


@pytest.mark.parametrize("name", ["administrator", "recruiter"])
def test_what_is_to_be_erased(world, name):
    person = world[name].sign_in()
    before = titles(person)
    long_ago = datetime.now(UTC) - timedelta(days=2 * 365 - 9)
    change(world, db.update(Requisition).values(created_at=long_ago))
    assert titles(person)[len(before) :] == ["1 rekrytering ska snart raderas"]
    change(world, db.update(Requisition).values(created_at=long_ago - timedelta(days=40)))
    assert titles(person)[len(before) :] == ["1 rekrytering ska raderas."]


def test_nobody_else_is_told(world):
    long_ago = datetime.now(UTC) - timedelta(days=3 * 365)
    change(world, db.update(Requisition).values(created_at=long_ago))
    for name in ("hiring_manager", "interviewer"):
        assert waiting(world[name].sign_in()) is None


def test_the_overview_has_the_same_next_step_as_the_start_page(world):
    recruiter = world["recruiter"].sign_in()
    start = re.search(
        r'class="todo__next ds-link" href="([^"]+)">([^<]+)<', recruiter.get("/").text
    )
    page = recruiter.get(world.path).text
    assert f'<a class="ds-button" href="{start[1]}">{start[2]}</a>' in page
    assert "Nästa steg" in page
    assert "Nästa steg" not in world["hiring_manager"].sign_in().get(world.path).text
    change(world, db.update(Requisition).values(state="decided"))
    assert "Nästa steg" not in recruiter.get(world.path).text
