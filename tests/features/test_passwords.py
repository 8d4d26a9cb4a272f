"""Passwords that can be guessed are refused wherever one is chosen."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from recruit.cli import main
from recruit.passwords import is_guessable
from tests.conftest import PASSWORD

REFUSED = "Lösenordet går att gissa"


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "password1234",
        "123456789012",
        "qwertyuiop12",
        "abcdefghijkl",
        "recruiter@example.org",
        "Recruiter Prov",
        "Exempelkommunen",
        "Exempelkommunen1",
        "recruit12345",
    ],
)
def test_what_can_be_guessed_is_refused(world, password):
    person = world["recruiter"].sign_in()
    form = {"password": PASSWORD, "new_password": password, "new_password_confirm": password}
    answer = person.post("/password/change", form)
    assert answer.status_code == 200
    assert REFUSED in answer.text
    form["new_password"] = form["new_password_confirm"] = "häst batteri klammer rätt"
    assert person.post("/password/change", form).status_code == 302


def test_a_long_one_costs_no_more_than_a_short_one(app):
    with app.app_context():
        assert not is_guessable("häst batteri klammer rätt " * 400)


def test_the_command_refuses_what_can_be_guessed(database, monkeypatch):
    monkeypatch.setenv("RECRUIT_DATABASE", database)
    monkeypatch.setenv("RECRUIT_SECRET_KEY", "k" * 64)
    command = ["user", "add", "ny@example.org", "--name", "Ny Exempel", "--password"]
    answer = CliRunner().invoke(main, [*command, "password1234"])
    assert answer.exit_code == 2
    assert "gissa" in answer.output or "guessed" in answer.output
