"""Every report in both languages: tagged, reproducible, and right about its grounds."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest

from recruit.core.ratings import RatingTable, Score
from recruit.core.reasons import Reason
from recruit.documents import onboarding
from recruit.documents.definitions import definitions, reason
from recruit.documents.own_data import protected
from recruit.documents.renderer import render_pdf
from tests.documents.example import MADE, NAMES, PANEL, document, table
from tests.documents.reports import (
    AMINA,
    EVERY,
    agreement,
    candidate_report,
    merits,
    own_data,
    plan,
    scorecard,
)

HEADS = {
    "candidate": ("Kandidatrapport", "Candidate report"),
    "scorecard": ("Bedömningsformulär", "Scorecard"),
    "agreement": ("Panelens samstämmighet", "Panel agreement"),
    "merits": ("Uppgift om meriter", "Information on qualifications"),
    "own": ("Dina uppgifter", "Your data"),
    "plan": ("Plan för introduktion och utveckling", "Onboarding and development plan"),
}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("kind", EVERY)
def test_every_report_passes_an_independent_checker(kind, language, check):
    made = EVERY[kind](language)
    pdf = render_pdf(made.html())
    done = check(pdf)
    assert done.returncode == 0, done.stdout
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.Root.Lang) == language
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            head = HEADS[kind][language == "en"]
            assert metadata["dc:title"] == f"{head}: {made.subject}"


@pytest.mark.parametrize("kind", EVERY)
def test_same_grounds_give_the_same_bytes_and_the_checksum_stands_there(kind, read):
    made = EVERY[kind]()
    pdf = render_pdf(made.html())
    assert render_pdf(EVERY[kind]().html()) == pdf
    assert made.content_hash in read(pdf).replace(" ", "")


@pytest.mark.parametrize("kind", EVERY)
def test_the_checksum_follows_the_grounds_and_not_the_clock(kind):
    made = EVERY[kind]()
    later = replace(made.identity, generated_at=MADE + timedelta(days=1))
    assert replace(made, identity=later).content_hash == made.content_hash
    other = replace(made.identity, title="Annat uppdrag")
    assert replace(made, identity=other).content_hash != made.content_hash


def test_candidate_report_tells_all_that_was_written_and_of_nobody_else(read):
    text = read(render_pdf(candidate_report().html()))
    for key in NAMES:
        for name in PANEL:
            assert f"Amina Exempel om {key}: lät gruppen besluta, enligt {name}." in text
    for other in ("Björn", "Carin", "David", "Elsa"):
        assert other not in text
    assert "Ja, med tvekan" in text


def test_candidate_report_marks_what_is_missed_and_where_the_panel_is_apart():
    found = candidate_report(candidate="David Påhitt").content()["competencies"]
    assert [item["below"] for item in found] == ["", "under skallkravet 3", ""]
    found = candidate_report(candidate="Björn Fiktiv").content()["competencies"]
    assert [(item["discuss"], item["span"]) for item in found] == [
        (False, "4–5"),
        (True, "2–5"),
        (False, "3–4"),
    ]


def test_scorecard_says_what_was_chosen_and_why_not(read):
    text = read(render_pdf(scorecard(marks=("Inmatad från papper av rekryteraren.",)).html()))
    for part in ("Sätter ramar.", "Vi hann inte.", "Inmatad från papper", "Ja, med tvekan"):
        assert part in text
    assert "Och sedan?" not in text


def test_agreement_shows_the_figures_of_the_comparison():
    made = agreement("en")
    found = made.comparison.comparison.agreement.overall
    content = made.content()
    name, figures = content["agreement"][0]
    shown = {
        key.removeprefix("agreement."): figure.text
        for key, figure in zip(content["agreement_keys"], figures, strict=True)
    }
    assert shown["icc_ck"] == f"{found.icc_ck:.2f}"
    assert shown["alpha_interval"] == f"{found.alpha_interval:.2f}"
    assert name == "Overall"
    assert len(content["agreement"]) == 1 + len(NAMES)
    overall = made.comparison.comparison.candidates[0].overall
    low, high = overall.ci95
    assert [figure.text for figure in content["candidates"][0][1][2:]] == [
        f"{overall.mean:.2f}",
        f"{overall.adjusted:.2f}",
        f"{overall.se:.2f}",
        f"{low:.2f}–{high:.2f}",
        "88 in 100",
    ]


def test_agreement_of_one_interviewer_says_why_there_is_none(read):
    scores = {"Amina Exempel": ((5,), (4,), (4,)), "Björn Fiktiv": ((4,), (5,), (3,))}
    rows = table(scores, PANEL[:1])
    text = read(render_pdf(agreement(rows=rows).html()))
    assert (
        "Hur samstämmig panelen är går inte att räkna ut. Det behövs minst två intervjuare." in text
    )


def test_every_figure_and_every_reason_is_defined_in_both_languages():
    swedish, english = definitions("sv"), definitions("en")
    assert list(swedish) == list(english)
    for key, found in swedish.items():
        assert found.formula == english[key].formula
        assert all(vars(found).values())
        assert found.meaning != english[key].meaning
    for why in Reason:
        assert reason(why, "sv")
        assert reason(why, "sv") != reason(why, "en")
    assert reason(None, "sv") == ""


def test_merits_hold_what_the_law_names_and_no_rating(read):
    text = read(render_pdf(merits().html()))
    for part in ("Björn Fiktiv", "Socionomexamen 2009", "Tre år som planerare", "2008:567"):
        assert part in text
    assert "Andra meriter Inga uppgifter." in text
    assert "den hade som fick arbetet" in text
    called = read(render_pdf(merits(hired=False).html()))
    assert "en sökande hade som kallades till intervju" in called
    assert "som fick arbetet." not in called.partition("Varför du får uppgiften")[0]


def test_own_data_is_whole_and_portable(read):
    made = own_data()
    text = read(render_pdf(made.html()))
    for part in ("amina@example.org", "Rum 3", "Lät gruppen välja.", "Vi hann inte.", "Du lades"):
        assert part in text
    told = made.as_json()
    assert told["candidate"] == {
        "name": AMINA,
        "email": "amina@example.org",
        "internal": "nej",
    }
    assert told["scorecards"][0]["ratings"][0]["text"] == "Lät gruppen välja."


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Björn Fiktiv var med.", "X var med."),
        ("Björns idé, och Fiktivs.", "X idé, och X."),
        ("Björnen sov.", "Björnen sov."),
        ("Amina Exempel själv.", "Amina Exempel själv."),
        ("Bo bor här.", "Bo bor här."),
        ("Sade Bo Ek.", "Sade X."),
        ("Fiktiv-Amina", "X-Amina"),
        ("BJÖRN och FIKTIVS BO EK", "X och X X"),
        ("Enligt björn fiktiv och bo eks chef.", "Enligt X och X chef."),
        ("En björn sov per dag i hans bo.", "En björn sov per dag i hans bo."),
        ("Hans Dag", "X"),
    ],
)
def test_others_names_are_taken_out(text, after):
    names = ["Björn Fiktiv", "Amina Prov", "Bo Ek", "Hans Dag", "Per", AMINA]
    assert protected(text, names, AMINA, "X") == after


def test_plan_builds_on_the_strong_and_supports_the_weak():
    compared = document()
    amina = onboarding.choose(compared, AMINA)
    assert amina.build_on == ("clear-frames", "autonomy")
    assert amina.support == ("feedback",)
    elsa = onboarding.choose(compared, "Elsa Modell")
    assert elsa.support[0] == "autonomy"
    assert elsa.build_on == ()
    bjorn = onboarding.choose(compared, "Björn Fiktiv")
    assert bjorn.explore == ("autonomy",)


def test_plan_rests_on_more_than_talk():
    rows = RatingTable(
        (
            Score("A A", "I", "x", 5, "Bara prat.", "talk"),
            Score("A A", "I", "y", 4, "Visade hur.", "example"),
        )
    )
    found = onboarding.choose(document(rows, must_have={}), "A A")
    assert (found.build_on, found.support) == (("y",), ("x",))


def test_plan_names_no_interviewer_and_no_score(read):
    text = read(render_pdf(plan(candidate="Björn Fiktiv").html()))
    assert "Prata om" in text
    assert re.search(r"gav \d", text) is None
    assert "Ivar Test ·" not in text


def test_long_texts_foreign_scripts_and_markup_stay_texts(read):
    nasty = "<script>alert(1)</script> & عائشة 🎉 " + "ord " * 800
    made = scorecard(summary=nasty, candidate="عائشة بنت أحمد")
    pdf = render_pdf(made.html())
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) >= 2
    assert "<script>alert(1)</script> &" in read(pdf)


LONG_NAME = "Maximiliana-Konstantina Wolfeschlegelsteinhausenbergerdorff"
LONG_TEXT = "Gruppen fick ramar, och hon lät den välja väg. " * 45


def test_long_names_keep_within_the_page(places):
    long = replace(
        scorecard().identity,
        title="Verksamhetsområdeschef för förebyggande och samhällsgemensamma insatser",
        unit="Avdelningen för individ- och familjeomsorg samt ekonomiskt bistånd",
        organisation="Kommunalförbundet Sydvästra Exempelbygdens samordnade vård",
    )
    for made in (
        scorecard(identity=long, candidate=LONG_NAME, interviewer=LONG_NAME, round=long.unit),
        own_data(identity=long, candidate=LONG_NAME),
        merits(identity=long, applicant=LONG_NAME),
    ):
        for found, width in places(render_pdf(made.html())):
            assert max(right for _, _, right, _, _ in found) < width - 40


def test_a_plan_with_long_texts_leaves_no_page_empty(places):
    told = onboarding.Growth("Tydliga mål", "Vad det är.", (LONG_TEXT, LONG_TEXT + "!"), ("Gör.",))
    made = replace(plan(), build_on=(told, told), support=(told,))
    *pages, _last = places(render_pdf(made.html()))
    assert len(pages) >= 3
    for found, _ in pages:
        # The foot stands below 790 of an A4 page's 842 points.
        assert max(bottom for *_, bottom, _ in found if bottom < 790) > 500
