"""Settings that cannot be used are told before anything runs."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from flask import Flask

from recruit.config import BadSettings, read
from recruit.database import db
from tests.conftest import make_app, settings_for


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE", "nonsense", "database: an address like sqlite:////srv/"),
        ("DATABASE", "postgresql://recruit@localhost/recruit", "postgresql+psycopg://"),
        ("TIMEZONE", "Europe/Stokholm", "timezone: there is no time zone Europe/Stokholm"),
        ("SIGN_IN_LIMIT", "ten a minute", "sign_in_limit: a limit like 10 per minute"),
        ("OIDC_ISSUER", "http://login.example.org", "oidc_issuer: an address that begins with"),
        ("OIDC_ISSUER", "login.example.org", "oidc_issuer: an address that begins with"),
        (
            "MAIL_SEVER",
            "mail.example.org",
            "mail_sever: there is no such setting; one is called mail",
        ),
        ("OIDC_ISSUER", "ftp://localhost", "oidc_issuer: an address that begins with"),
        ("MAIL_PORT", "mail", "mail_port: Input should be a valid integer"),
        *(
            ("BASE_URL", address, "base_url: an address like https://recruit.example.org")
            for address in (
                "recruit.example.org",
                "https://",
                "ftp://a",
                "https://a?b",
                "https://[::1]",
            )
        ),
        *(
            ("HOSTS", names, "hosts: names like recruit.example.org")
            for names in (".example.org", "*.example.org", "a.example/b", "http://a.example")
        ),
        *(
            ("MAIL_SENDER", sender, "mail_sender: an address like recruit@example.org")
            for sender in (
                "",
                "nobody",
                "Recruit",
                "<>",
                "a@example.org, b@example.org",
                "åke@example.org",
                "Recruit\r\nBcc: b@example.org <a@example.org>",
                "a@example.org\n",
                "a b@example.org",
            )
        ),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name, value, said):
    with pytest.raises(BadSettings) as caught:
        read({f"RECRUIT_{name}": value})
    assert said in str(caught.value)


@pytest.mark.parametrize("sender", ["hr@ekby.example", "Kommunen Å <hr@ekby.example>"])
def test_a_sender_may_have_a_name(sender):
    assert read({"RECRUIT_MAIL_SENDER": sender}).mail_sender == sender


@pytest.mark.parametrize("missing", ["oidc_client_id", "oidc_client_secret"])
def test_what_the_provider_gave_is_needed(missing):
    given = {"oidc_issuer": "https://login.example.org", "oidc_client_id": "a"}
    given |= {"oidc_client_secret": "b", missing: ""}
    with pytest.raises(BadSettings, match=f"^{missing}: "):
        make_app(settings_for("sqlite://", **given))


def test_variables_of_others_are_let_be(tmp_path):
    """Kubernetes sets these for a service called recruit; in the file are no others' names."""
    assert read({"RECRUIT_PORT": "tcp://10.0.0.1:80", "RECRUIT_SERVICE_HOST": "10.0.0.1"}) == read(
        {}
    )
    path = tmp_path / "recruit.toml"
    path.write_text('colour = "red"', "utf-8")
    with pytest.raises(BadSettings, match=r"colour: there is no such setting$"):
        read({"RECRUIT_CONFIG": str(path)})


def test_every_bad_setting_has_a_line():
    with pytest.raises(BadSettings) as caught:
        read({"RECRUIT_PROXIES": "-1", "RECRUIT_LANGUAGE": "no", "RECRUIT_TIMEZONE": "Mars"})
    names = [line.partition(":")[0] for line in str(caught.value).splitlines()]
    assert names == ["language", "timezone", "proxies"]


def test_the_environment_goes_before_the_file(tmp_path):
    file = tmp_path / "recruit.toml"
    file.write_text('organisation = "Filen"\ntimezone = "Europe/Helsinki"\n', encoding="utf-8")
    found = read({"RECRUIT_CONFIG": str(file), "RECRUIT_ORGANISATION": "Miljön", "PATH": "/"})
    assert (found.organisation, found.timezone) == ("Miljön", "Europe/Helsinki")


@pytest.mark.parametrize("text", ["organisation = ", "colour = 'green'\n", None])
def test_a_file_that_cannot_be_used_is_named(tmp_path, text):
    file = tmp_path / "recruit.toml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(BadSettings, match=r"recruit\.toml|colour"):
        read({"RECRUIT_CONFIG": str(file)})


@pytest.mark.parametrize("address", ["sqlite:///recruit.sqlite3", "sqlite:////srv/x/r.sqlite3"])
def test_finished_documents_lie_beside_the_database(monkeypatch, tmp_path, address):
    """Flask-SQLAlchemy looks for a relative address in a folder of its own."""
    monkeypatch.setattr(Flask, "auto_find_instance_path", lambda _app: str(tmp_path))
    app = make_app(settings_for(address))
    with app.app_context():
        database = db.engine.url.database
    assert Path(database).is_absolute()
    assert app.extensions["recruit_documents"].folder == Path(f"{database}.documents")


@pytest.mark.parametrize(
    ("chosen", "parent"), [("/srv/documents", "/srv"), ("", tempfile.gettempdir())]
)
def test_documents_of_a_database_server_have_a_folder_of_their_own(chosen, parent):
    address = "postgresql+psycopg://recruit@localhost/recruit"
    app = make_app(settings_for(address, pdf_cache=chosen))
    assert app.extensions["recruit_documents"].folder.parent == Path(parent)
