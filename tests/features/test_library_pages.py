"""The library in the interface: found by words and choices, read whole, traced to its use."""

from __future__ import annotations

import re

import pytest

from recruit.database import db
from recruit.guides.models import GuideVersion
from recruit.library import library


def shown(answer):
    """Return the ids of the questions that a page leads to, in its order."""
    return re.findall(r'href="/library/questions/([a-z0-9-]+)"', answer.text)


@pytest.fixture
def reader(world):
    return world["interviewer"].sign_in()


def test_without_a_search_every_competency_is_shown(reader):
    page = reader.get("/library/").text
    assert re.findall(r'href="/library/([a-z-]+)"', page) == list(library().competencies)


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("kind=case", lambda c, q: q.kind == "case"),
        ("competency=feedback", lambda c, q: c.id == "feedback"),
        ("level=executive", lambda c, q: {"any", "executive"} & set(q.levels)),
        ("sector=private", lambda c, q: {"any", "private"} & set(q.sectors)),
        ("q=HANDBOLL", lambda c, q: q.background and "handboll" in q.background.sv),
        (
            "competency=autonomy&kind=situational&level=first_line&sector=public",
            lambda c, q: (
                c.id == "autonomy"
                and q.kind == "situational"
                and "any" in q.sectors
                and {"any", "first_line"} & set(q.levels)
            ),
        ),
    ],
)
def test_a_search_shows_what_fits_and_nothing_else(reader, query, fits):
    expected = [q.id for c in library().competencies.values() for q in c.questions if fits(c, q)]
    assert expected
    assert shown(reader.get(f"/library/?{query}")) == expected


def test_every_word_has_to_be_there(reader):
    both = shown(reader.get("/library/?q=nämnden+styrelsen"))
    assert both
    assert set(both) < set(shown(reader.get("/library/?q=nämnden")))


def test_words_are_looked_for_in_the_readers_language(reader):
    assert shown(reader.get("/library/?q=handboll")) == ["autonomy-ca-1"]
    reader.post("/language", {"language": "en"})
    assert shown(reader.get("/library/?q=handbollsturnering")) == []
    assert shown(reader.get("/library/?q=handball")) == ["autonomy-ca-1"]


def test_nothing_found_says_what_to_do(reader):
    page = reader.get("/library/?q=zzz").text
    assert "Ingen fråga stämmer med hela urvalet" in page
    assert shown(reader.get("/library/?q=zzz")) == []


@pytest.mark.parametrize("query", ["kind=quiz", "competency=ghost", "q=" + "x" * 201])
def test_a_search_that_cannot_be_made(reader, query):
    answer = reader.get(f"/library/?{query}")
    assert answer.status_code == 400
    assert "ds-error-summary" in answer.text


def test_hostile_words_are_only_text(reader):
    page = reader.get("/library/?q=<script>alert(1)</script>").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_competency_is_shown_whole(reader, language):
    reader.post("/language", {"language": language})
    found = library().competencies["user-focus"]
    page = reader.get("/library/user-focus").text
    texts = [found.definition, *found.anchors.values()]
    texts += [indicator.text for indicator in found.indicators]
    texts += [f.text for f in found.failures.over_control + found.failures.laissez_faire]
    texts += [question.text for question in found.questions]
    plain = page.replace("&#39;", "'").replace("&amp;", "&")
    assert [t.in_(language) for t in texts if t.in_(language) not in plain] == []
    cited = {claim for indicator in found.indicators for claim in indicator.source}
    assert set(re.findall(r'<div id="([ST]\d+)">', page)) == cited
    # Those who are to practise rating do not find the answers here.
    assert found.calibration[0].reasons.in_(language) not in plain


def test_a_question_tells_who_asks_it_to_those_who_may_know(world):
    asked = library().competencies["autonomy"].questions
    versions = [f"{world.path}/guides/{version}" for version in world.versions]
    member, stranger = world["interviewer"].sign_in(), world["stranger"].sign_in()
    pages = {q.id: member.get(f"/library/questions/{q.id}").text for q in asked}
    links = {
        key: [path for path in versions if f'href="{path}"' in page] for key, page in pages.items()
    }
    with world.app.app_context():
        for number, path in zip(world.versions, versions, strict=True):
            content = db.session.get_one(GuideVersion, number).content
            own = {q["id"] for s in content["rounds"][0]["sections"] for q in s["questions"]}
            assert {key for key, paths in links.items() if path in paths} == own & set(links)
    used = next(key for key, paths in links.items() if paths)
    page = stranger.get(f"/library/questions/{used}").text
    assert "Ingen guide som du får läsa ställer den här frågan än." in page


@pytest.mark.parametrize("path", ["/library/ghost", "/library/questions/ghost"])
def test_what_is_not_in_the_library(reader, path):
    assert reader.get(path).status_code == 404


def test_visitors_are_sent_to_sign_in(app):
    answer = app.test_client().get("/library/")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")
