"""What may be tried on one account, from however many addresses."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from recruit.database import db, now, write
from recruit.mail.actions import put, send_waiting
from recruit.mail.letters import Letter, Text
from recruit.mail.models import Delivery, DeliveryState
from tests.conftest import PASSWORD, csrf_token


def tries(world, path, number, *, client=None, **form):
    """Return the statuses of tries, each from an address of its own."""
    client = client or world.app.test_client()
    form["csrf_token"] = csrf_token(client)
    return [
        client.post(path, data=form, environ_base={"REMOTE_ADDR": f"192.0.2.{i}"}).status_code
        for i in range(number)
    ]


@pytest.mark.parametrize("address", ["interviewer@example.org", "nobody@example.org"])
@pytest.mark.parametrize(
    ("path", "allowed"), [("/sign-in", 20), ("/sign-in/link", 5), ("/password/reset", 5)]
)
def test_an_account_is_tried_so_often_from_everywhere(world, path, allowed, address):
    """And an address that nobody has is answered the same."""
    statuses = tries(world, path, allowed, email=address, password="fel lösenord")
    assert 429 not in statuses
    spelt = f" {address.upper()} "
    assert tries(world, path, 2, email=spelt, password="fel lösenord") == [429, 429]
    assert tries(world, path, 1, email="other@example.org", password="fel") == statuses[:1]


def test_strangers_keep_nobody_out_of_a_browser_that_is_theirs(world):
    person = world["interviewer"].sign_in()
    assert person.post("/sign-out").status_code == 302
    form = {"email": person.email, "password": "fel lösenord"}
    assert tries(world, "/sign-in", 21, **form)[-1] == 429
    assert "Logga in" in person.get("/sign-in").text
    assert tries(world, "/sign-in", 20, client=person.client, **form) == [200] * 20
    assert tries(world, "/sign-in", 1, client=person.client, **form) == [429]


def test_the_right_password_is_let_in_where_it_was_before(world):
    person = world["interviewer"].sign_in()
    assert person.post("/sign-out").status_code == 302
    form = {"email": person.email, "password": "fel lösenord"}
    assert tries(world, "/sign-in", 25, **form)[-1] == 429
    right = form | {"password": PASSWORD}
    assert tries(world, "/sign-in", 1, client=person.client, **right) == [302]


def test_a_mail_that_failed_keeps_no_link_longer_than_it_works(world):
    with world.app.app_context():
        for number, lasts in enumerate((timedelta(minutes=-1), timedelta(minutes=1))):
            with write():
                text = Text("Länk", "https://recruit.example.org/sign-in")
                letter = Letter(
                    to="a@example.org",
                    kind="sign_in_link",
                    text=text,
                    key=f"failed {number}",
                    lasts_until=now() + lasts,
                )
                put(letter)
                delivery = db.session.scalars(
                    sa.select(Delivery).where(Delivery.key == letter.key)
                ).one()
                delivery.state = DeliveryState.FAILED
                delivery.finished_at = now()
        send_waiting()
        kept = db.session.scalars(
            sa.select(Delivery).where(Delivery.key.startswith("failed")).order_by(Delivery.key)
        ).all()
        assert [delivery.message is None for delivery in kept] == [True, False]
        db.session.remove()
