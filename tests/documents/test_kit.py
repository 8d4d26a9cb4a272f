"""The interviewer's kit, rendered and read back."""

from __future__ import annotations

import io

import pikepdf
import pytest

from recruit.documents.renderer import render_pdf
from tests.documents.example import assert_accessible, kit


@pytest.fixture(scope="module")
def swedish():
    return kit(round_index=0)


@pytest.fixture(scope="module")
def pdf(swedish):
    return render_pdf(swedish.html())


@pytest.fixture
def text(pdf, read):
    return read(pdf)


def test_is_tagged_titled_and_in_its_language(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as made:
        assert_accessible(made, title="Intervjuguide: Enhetschef i hemtjänsten", language="sv")


def test_passes_an_independent_checker(pdf, check):
    done = check(pdf)
    assert done.returncode == 0, done.stdout


def test_same_kit_gives_same_bytes(swedish, pdf):
    assert render_pdf(swedish.html()) == pdf


def test_holds_everything_that_the_interview_needs(swedish, text):
    (round_,) = swedish.rounds
    assert round_.sections
    wanted = [*round_.opening.paragraphs, *round_.closing.paragraphs]
    for section in round_.sections:
        wanted += [section.name, *section.anchors.values()]
        for question in section.questions:
            wanted += [question.text, *question.probes]
            wanted += [*question.listen_for.practice, *question.listen_for.talk]
    assert [part for part in wanted if " ".join(part.split()) not in text] == []


def test_holds_the_parts_that_official_guides_have(swedish, text):
    """Opening script, definition, question, probes, scale, notes, own form, panel's form, closing:
    the list of OPM's Structured Interviews: A Practical Guide (2008)."""
    (round_,) = swedish.rounds
    for section in round_.sections:
        assert text.count(" ".join(section.definition.split())) == 2
    for heading in (
        round_.opening.title,
        "Anteckningar",
        "Min bedömning",
        "Inte bedömt, därför att",
        "Min rekommendation",
        "Panelens samlade bedömning",
        "Enades om",
        swedish.guide.notes.consensus_meeting.title,
        round_.closing.title,
    ):
        assert heading in text


def test_a_number_stays_with_what_it_counts(swedish):
    html = swedish.html()
    assert "\N{NO-BREAK SPACE}frågor, " in html
    assert "\N{NO-BREAK SPACE}minuter planerade" in html


def test_each_question_has_a_page_with_room_for_notes(swedish, pdf, pages):
    texts = pages(pdf)
    for number, question in enumerate(
        (q for section in swedish.rounds[0].sections for q in section.questions), start=1
    ):
        (found,) = [text for text in texts if question.text in text]
        assert f"FRÅGA {number} " in found.upper()
        assert "Anteckningar" in found


def test_rounds_to_print_are_chosen():
    every = kit()
    assert [round_.name for round_ in every.rounds] == ["Första intervjun", "Fördjupande intervju"]
    assert [r.name for r in kit(round_index=1).rounds] == ["Fördjupande intervju"]
    html = every.html()
    assert html.count("<h1>") == 2


def test_names_are_printed_when_known():
    html = kit(candidate="Amina <b>Exempel", interviewer="Ivar Test").html()
    assert "<strong>Amina &lt;b&gt;Exempel</strong>" in html
    assert "<strong>Ivar Test</strong>" in html


def test_english_kit_holds_no_swedish_word_of_ours(read):
    text = read(render_pdf(kit("en", round_index=0).html()))
    assert "Before the interview" in text
    for word in ("Före", "Fråga", "Tecken", "Anteckningar", "Bedöm", "Underlag", "Sida"):
        assert word not in text
