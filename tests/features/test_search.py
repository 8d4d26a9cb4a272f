"""One search finds what a person may know of, the way a Swede writes it, on both databases."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from urllib.parse import quote

import pytest

from recruit.candidates import actions as candidates
from recruit.candidates.models import Candidate
from recruit.database import db, write
from recruit.guides.models import Guide
from recruit.interviews.models import Interview, InterviewState
from recruit.library import library
from recruit.privacy import actions as privacy
from recruit.privacy.models import ErasureGround
from recruit.requisitions.models import Requisition, RequisitionState
from recruit.search.words import folded, words
from tests.features.test_queries import queries


def found(person, text):
    """Return the titles that the page shows, by kind."""
    answer = person.get(f"/search?q={quote(text)}")
    assert answer.status_code == 200, answer.text
    kinds = {}
    for section in answer.text.split('<section class="block" aria-labelledby="')[1:]:
        kind = section.partition('"')[0]
        titles = re.findall(r'class="todo__title" href="[^"]+">([^<]*)<', section)
        kinds[kind] = [unescape(title) for title in titles]
    return kinds


def found_candidates(person, text):
    return found(person, text).get("candidates", [])


def name(world, number, text):
    with world.app.app_context():
        with write():
            db.session.get(Candidate, world.candidates[number]).name = text
        db.session.remove()


def add_candidates(world, names):
    with world.app.app_context():
        for each in names:
            candidates.add(
                world.requisition,
                name=each,
                email="",
                internal=False,
                actor_id=world["recruiter"].id,
            )
        db.session.remove()


def change(world, **values):
    with world.app.app_context():
        with write():
            db.session.execute(db.update(Requisition).values(**values))
        db.session.remove()


def test_each_kind_is_found_with_where_it_stands(world):
    recruiter = world["recruiter"].sign_in()
    assert found(recruiter, "enhetsch") == {"requisitions": ["Enhetschef"]}
    page = recruiter.get("/search?q=amina").text
    path = f"{world.path}/candidates/{world.candidates[0]}"
    assert f'<a class="todo__title" href="{path}">Amina Exempel</a>' in page
    assert "<p>Enhetschef</p>" in page
    with world.app.app_context():
        first = db.session.scalars(db.select(Guide.name).order_by(Guide.position)).first()
        db.session.remove()
    assert found(recruiter, first)["guides"] == [first]
    page = recruiter.get("/search?q=handlingsutrymme").text
    assert '<a class="todo__title" href="/library/autonomy">' in page
    page = recruiter.get("/search?q=mandat").text
    asked = re.findall(r'class="todo__title" href="/library/questions/([^"]+)"', page)
    texts = {
        question.id: question.text.in_("sv")
        for competency in library().competencies.values()
        for question in competency.questions
    }
    assert asked == [key for key, text in texts.items() if re.search(r"\bmandat", text.lower())]
    assert asked


@pytest.mark.parametrize(
    ("written", "asked", "is_found"),
    [
        ("Åsa Öberg", "åsa", True),
        ("Åsa Öberg", "ÖBERG ås", True),
        ("Åsa Öberg", "asa", False),
        ("Åsa Öberg", "oberg", False),
        ("Asa Oberg", "åsa", False),
        ("René Müller", "rene muller", True),
        ("Rene Muller", "rené müller", True),
        ("Søren Kjær", "sören kjär", True),
        ("Łukasz Dvořák", "lukasz dvorak", True),
        ("Ирина Ёлкина", "ИРИНА ел", True),
        ("Anna-Karin O'Hara", "karin hara", True),
        ("Anna Lund", "nna", False),
        ("Anna Lund", "anna lunds", False),
        (unicodedata.normalize("NFD", "Åsa Öberg"), "åsa", True),
        (unicodedata.normalize("NFD", "Åsa Öberg"), "asa", False),
        ("Åsa Öberg", unicodedata.normalize("NFD", "åsa"), True),
        ("100 % Chef", "100", True),
        ("Anna Lund", "%", False),
        ("Anna Lund", "a_na", False),
        ("Anna Lund", "\\", False),
    ],
)
def test_letters_as_a_swede_expects(world, written, asked, is_found):
    name(world, 0, written)
    recruiter = world["recruiter"].sign_in()
    assert found_candidates(recruiter, asked) == ([written] if is_found else [])


def test_python_and_database_fold_alike(world):
    every = "".join(chr(code) for code in [*range(0x21, 0x530), *range(0x1E00, 0x2060)])
    with world.app.app_context():
        from recruit.search.words import _spaced

        for start in range(0, len(every), 100):
            part = every[start : start + 100]
            with_column = db.select(_spaced([db.literal(part)]))
            assert db.session.scalar(with_column) == f" {folded(part)} "
        db.session.remove()


def test_another_word_may_stand_in_the_requisition(world):
    recruiter = world["recruiter"].sign_in()
    assert found_candidates(recruiter, "amina enhets") == ["Amina Exempel"]
    assert found_candidates(recruiter, "amina hemtj") == ["Amina Exempel"]
    assert found_candidates(recruiter, "hemtj") == []


def test_only_what_one_may_know_of_is_found(world):
    """The interviewer meets Amina and Björn, the hiring manager interviews Amina alone."""
    for person in ("recruiter", "hiring_manager", "interviewer"):
        world[person].sign_in()
        assert found_candidates(world[person], "amina") == ["Amina Exempel"]
        assert found_candidates(world[person], "björn") == ["Björn Fiktiv"]
        assert found(world[person], "enhetschef") == {"requisitions": ["Enhetschef"]}
    bystander = world["bystander"].sign_in()
    assert found(bystander, "amina") == {}
    assert found(bystander, "enhetschef") == {"requisitions": ["Enhetschef"]}
    for person in ("administrator", "stranger"):
        world[person].sign_in()
        assert found(world[person], "amina") == {}
        assert found(world[person], "enhetschef") == {}
        assert found(world[person], "intervju").get("guides") is None
        assert set(found(world[person], "handlingsutrymme")) == {"competencies"}


def test_who_interviews_no_longer_finds_no_longer(world):
    interviewer = world["interviewer"].sign_in()
    with world.app.app_context():
        with write():
            one = db.update(Interview).where(Interview.candidate_id == world.candidates[1])
            db.session.execute(one.values(state=InterviewState.CANCELLED))
        db.session.remove()
    assert found_candidates(interviewer, "björn") == []
    assert found_candidates(interviewer, "amina") == ["Amina Exempel"]


def test_letters_in_place_of_names_are_respected(world):
    """The hiring manager interviews Amina, so knows her name, and not Björn's."""
    change(world, pseudonymous=True)
    manager = world["hiring_manager"].sign_in()
    assert found_candidates(manager, "amina") == ["Amina Exempel"]
    assert found_candidates(manager, "björn") == []
    change(world, state=RequisitionState.DECIDED)
    assert found_candidates(manager, "björn") == ["Björn Fiktiv"]


def test_the_erased_are_not_found(world):
    recruiter = world["recruiter"].sign_in()
    with world.app.app_context():
        privacy.erase_candidate(
            world.requisition,
            world.candidates[0],
            ground=ErasureGround.OBJECTION,
            actor_id=recruiter.id,
        )
        db.session.remove()
    assert found(recruiter, "amina") == {}
    assert found_candidates(recruiter, "björn") == ["Björn Fiktiv"]


def test_hostile_words_find_nothing_and_break_nothing(world):
    recruiter = world["recruiter"].sign_in()
    for text in ("%", "_", "%_%", "\x00", "🎉", "'; DROP TABLE candidate; --", "\ud83d", "a\x00b"):
        answer = recruiter.get(f"/search?q={quote(text, errors='surrogatepass')}")
        assert answer.status_code == 200, text
        assert 'aria-labelledby="candidates"' not in answer.text
    answer = recruiter.get("/search?q=" + "ö" * 10_000)
    assert answer.status_code == 400
    assert "Skriv högst 100 tecken." in answer.text
    assert found(recruiter, "") == found(recruiter, "   ") == {}


def test_no_more_than_fits_is_shown(world):
    recruiter = world["recruiter"].sign_in()
    add_candidates(world, [f"Fler {number:02}" for number in range(21)])
    assert found_candidates(recruiter, "fler") == [f"Fler {number:02}" for number in range(20)]
    assert "Det finns fler." in recruiter.get("/search?q=fler").text
    assert "Det finns fler." not in recruiter.get("/search?q=amina").text


def test_the_number_of_queries_does_not_grow(world):
    recruiter = world["recruiter"].sign_in()
    few = queries(world, recruiter, "/search?q=kandidat")
    add_candidates(world, [f"Kandidat {number}" for number in range(15)])
    assert len(found_candidates(recruiter, "kandidat")) == 15
    assert queries(world, recruiter, "/search?q=kandidat") == few <= 25


def test_the_words_stand_in_no_log(world, capfd, monkeypatch):
    """A name that is searched for is a person; trouble is logged without it."""
    recruiter = world["recruiter"].sign_in()

    def broken(*_arguments):
        raise RuntimeError("Sökordet")

    monkeypatch.setattr("recruit.search.queries.find", broken)
    assert recruiter.get("/search?q=Sökordet").status_code == 500
    log = "".join(capfd.readouterr())
    assert "search.show" in log
    assert "kordet" not in log


def test_words_are_counted():
    assert words("Åsa, åsa; ÅSA_Öberg") == ["åsa", "åsa", "åsa", "öberg"]
    assert len(words("a " * 50)) == 10
