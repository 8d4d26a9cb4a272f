"""The handbook: one page per kind of user and language, true to the names in the product."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from recruit.database import db
from recruit.handbook import pages
from tests.test_catalogues import catalogue, texts_in_use

BOLD = re.compile(r"\*\*(.+?)\*\*")
LANGUAGES = ("sv", "en")


def text_of(reader, language):
    return pages.path_of(reader, language).read_text("utf-8")


def names_in(reader, language):
    return set(BOLD.findall(text_of(reader, language)))


def swedish():
    return {message.id: message.string for message in catalogue("messages")}


def heading(page):
    return re.sub(r"<[^>]*>", "", re.search(r"<h1.*?</h1>", page.text, re.DOTALL)[0]).strip()


def test_there_is_one_page_for_each_reader_and_language():
    wanted = {pages.path_of(reader, language) for reader in pages.READERS for language in LANGUAGES}
    assert set(pages.TEXTS.iterdir()) == wanted


@pytest.mark.parametrize("reader", pages.READERS)
def test_what_is_bold_is_a_name_in_the_product(reader):
    """A button that is renamed makes this fail, and so does a name that only one language has."""
    english, translated = names_in(reader, "en"), swedish()
    assert len(english) >= 8
    assert sorted(english - set(texts_in_use())) == []
    assert {translated[name] for name in english} == names_in(reader, "sv")


@pytest.mark.parametrize("reader", pages.READERS)
def test_both_languages_say_as_much(reader):
    of_line = re.compile(r"^(#+|\d\.|-)? ?", re.MULTILINE)
    shapes = [of_line.findall(text_of(reader, language)) for language in LANGUAGES]
    assert shapes[0] == shapes[1]
    assert len(text_of(reader, "en").split()) < 950


@pytest.mark.parametrize("reader", pages.READERS)
def test_settings_and_commands_are_real(reader):
    """Code in a page is a setting of the table in the README, or a command that is shown there."""
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    for language in LANGUAGES:
        for code in re.findall(r"`([^`]+)`", text_of(reader, language)):
            assert code in readme


def test_everybody_comes_to_the_page_of_their_own_role(world):
    shown = {
        name: heading(world[name].sign_in().get("/help/"))
        for name in ("recruiter", "administrator", "hiring_manager", "interviewer", "stranger")
    }
    assert shown == {
        "recruiter": "För rekryterare",
        "administrator": "För administratörer",
        "hiring_manager": "För rekryterande chefer",
        "interviewer": "För intervjuare",
        "stranger": "För intervjuare",
    }


def test_the_own_role_comes_first_and_the_others_after(world):
    text = world["administrator"].sign_in().get("/help/interviewer").text
    links = re.findall(r'href="/help/(\w+)"(\s+aria-current="page")?', text)
    assert [name for name, _current in links] == [
        "administrator",
        "recruiter",
        "hiring_manager",
        "interviewer",
    ]
    assert [name for name, current in links if current] == ["interviewer"]
    assert "Bedöm samma dag" in text


def test_visitors_read_it_too_and_find_it_from_the_sign_in_page(world):
    visitor = world.app.test_client()
    assert 'href="/help/"' in visitor.get("/sign-in").text
    page = visitor.get("/help/")
    assert page.status_code == 200
    assert heading(page) == "För intervjuare"


@pytest.mark.parametrize("reader", ["candidate", "interviewer/", "..%2Finterviewer"])
def test_an_unknown_page_is_not_found(world, reader):
    answer = world.app.test_client().get(f"/help/{reader}")
    assert answer.status_code == 404


def test_the_invitation_leads_to_it(world):
    from recruit.accounts.invitations import account_for
    from recruit.accounts.models import User
    from recruit.mail.models import Delivery

    with world.app.app_context():
        account_for(
            name="Ny Prov",
            email="ny@example.org",
            language="en",
            title="",
            inviter=db.session.get(User, world["administrator"].id),
        )
        (letter,) = db.session.scalars(select(Delivery).where(Delivery.kind == "invitation"))
        lines = letter.message["body"].splitlines()
    assert lines[-1] == "What you do there, step by step: http://127.0.0.1:5000/help/"
