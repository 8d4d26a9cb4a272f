"""Question sheet and blank scorecard, rendered and read back."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest

from recruit.documents.phrases import Words
from recruit.documents.renderer import render_pdf
from tests.documents.example import (
    assert_accessible,
    elements,
    guide_for,
    kit,
    question_sheet,
    scorecard,
)

WITH_A_CASE = "school-principal"
TITLES = {
    ("sheet", "sv"): "Frågor till intervjun: Rektor",
    ("sheet", "en"): "Interview questions: Head teacher",
    ("card", "sv"): "Bedömningsformulär: Rektor",
    ("card", "en"): "Scorecard: Head teacher",
}


def made(kind, language):
    guide = guide_for(language, WITH_A_CASE)
    if kind == "sheet":
        return question_sheet(language, guide=guide)
    return scorecard(language, guide=guide, fillable=kind == "form")


@pytest.fixture(scope="module")
def rendered():
    """Return a document as PDF, made once."""
    kept = {}

    def render(kind, language):
        if (kind, language) not in kept:
            kept[kind, language] = render_pdf(made(kind, language).html())
        return kept[kind, language]

    return render


def plain(text):
    return " ".join(text.split())


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("kind", ["sheet", "card", "form"])
def test_passes_two_independent_checkers(kind, language, rendered, check):
    for command in ((), ("pdfua", "check")):
        done = check(rendered(kind, language), *command)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("kind", ["sheet", "card", "form"])
def test_same_guide_gives_same_bytes(kind, rendered):
    assert render_pdf(made(kind, "sv").html()) == rendered(kind, "sv")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_scorecard_is_tagged_titled_and_in_its_language(language, rendered):
    with pikepdf.open(io.BytesIO(rendered("card", language))) as pdf:
        assert_accessible(pdf, title=TITLES["card", language], language=language)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_sheet_is_titled_and_in_its_language(language, rendered):
    with pikepdf.open(io.BytesIO(rendered("sheet", language))) as pdf:
        assert str(pdf.Root.Lang) == language
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == TITLES["sheet", language]
        assert [str(e.S) for e in elements(pdf)].count("/H1") == 3


@pytest.mark.parametrize("language", ["sv", "en"])
def test_sheet_holds_questions_and_rights_and_nothing_to_rate_by(language, rendered, read):
    guide = guide_for(language, WITH_A_CASE)
    text = read(rendered("sheet", language))
    wanted = [guide.notes.candidate_information.title]
    wanted += [entry.text for entry in guide.notes.candidate_information.items]
    secret = []
    for round_ in guide.rounds:
        wanted.append(round_.name)
        for section in round_.sections:
            secret += [*section.anchors.values(), section.definition]
            secret += [indicator.text for indicator in section.indicators]
            for question in section.questions:
                wanted.append(question.text)
                secret += [*question.probes, *question.listen_for.practice]
                secret += question.listen_for.talk
    assert [part for part in wanted if plain(part) not in text] == []
    assert secret
    assert [part for part in secret if plain(part) in text] == []


def test_a_case_stands_alone_so_that_it_can_be_kept_back(rendered, pages):
    guide = guide_for("sv", WITH_A_CASE)
    (case,) = [
        question
        for round_ in guide.rounds
        for section in round_.sections
        for question in section.questions
        if question.background
    ]
    texts = pages(rendered("sheet", "sv"))
    (page,) = [text for text in texts if plain(case.text) in text]
    assert all(plain(line) in page for line in case.background.splitlines() if line.strip())
    others = [q.text for r in guide.rounds for s in r.sections for q in s.questions]
    assert [text for text in others if plain(text) in page] == [case.text]
    assert sum("Du får en text att läsa och tio minuter att tänka" in text for text in texts) == 1


@pytest.mark.parametrize("language", ["sv", "en"])
def test_scorecard_has_a_page_for_each_competency_with_all_there_is_to_fill_in(
    language, rendered, pages
):
    t, guide = Words(language), guide_for(language, WITH_A_CASE)
    texts = pages(rendered("card", language))
    assert len(texts) == sum(2 + len(round_.sections) for round_ in guide.rounds)
    for round_ in guide.rounds:
        for section in round_.sections:
            found = [text for text in texts if text.startswith(plain(section.name))]
            assert len(found) == sum(
                section.competency == other.competency for r in guide.rounds for other in r.sections
            )
            wanted = [section.definition, *section.anchors.values(), t("not assessed why")]
            wanted += [t("level.talk"), t("level.example"), t("level.pattern"), t("evidence")]
            assert [part for part in wanted if plain(part) not in found[0]] == []
    first, *_others, last = texts
    for phrase in ("recommend.yes", "recommend.yes_with_doubts", "recommend.no"):
        assert t(phrase) in last
    for phrase in ("candidate", "interviewer", "date"):
        assert t(phrase) in first


def fields(pdf):
    """Return the fields of a form by name: their kinds, what they are called, their buttons."""
    found = {}
    for field in pdf.Root.AcroForm.Fields:
        buttons = [str(kid.TU) for kid in field.get("/Kids", [])]
        found[str(field.T)] = (str(field.FT), str(field.TU), buttons)
    return found


@pytest.mark.parametrize("language", ["sv", "en"])
def test_form_has_a_named_field_for_everything_on_paper(language, rendered):
    t, guide = Words(language), guide_for(language, WITH_A_CASE)
    expected = {}
    for number, round_ in enumerate(guide.rounds, start=1):
        for name in ("candidate", "interviewer", "date"):
            expected[f"round-{number}-{name}"] = ("/Tx", t(name), [])
        for section in round_.sections:
            name, key = section.name, f"round-{number}-{section.competency}"
            rate = t("rate", x=t.inside(name))
            points = [*"12345", t("not assessed")]
            level = f"{name}, {t('evidence level')}"
            levels = [t(f"level.{k}").replace(":", ",") for k in ("talk", "example", "pattern")]
            expected |= {
                f"{key}-score": ("/Btn", rate, [f"{rate}: {point}" for point in points]),
                f"{key}-not-assessed-reason": ("/Tx", f"{name}: {t('not assessed why')}", []),
                f"{key}-evidence-level": ("/Btn", level, [f"{level}: {x}" for x in levels]),
                f"{key}-evidence": ("/Tx", f"{name}, {t('evidence')}", []),
            }
        choice = t("recommendation")
        answers = [t(f"recommend.{k}") for k in ("yes", "yes_with_doubts", "no")]
        expected[f"round-{number}-recommendation"] = (
            "/Btn",
            choice,
            [f"{choice}: {answer}" for answer in answers],
        )
        expected[f"round-{number}-summary"] = ("/Tx", t("scorecard.summary"), [])
    with pikepdf.open(io.BytesIO(rendered("form", language))) as pdf:
        assert fields(pdf) == expected
        for page in pdf.pages:
            if "/Annots" in page.obj:
                assert page.obj.Tabs == pikepdf.Name.S


def test_tab_goes_through_the_fields_as_one_reads(rendered):
    """The order of the structure is that of the fields on every page: down, then to the right."""
    with pikepdf.open(io.BytesIO(rendered("form", "sv"))) as pdf:
        places = [page.obj.objgen for page in pdf.pages]
        order = []
        for element in elements(pdf):
            if str(element.S) == "/Form":
                (reference,) = element.K
                rect = reference.Obj.Rect
                order.append((places.index(element.Pg.objgen), -round(float(rect[1]) / 20)))
    assert len(order) > 50
    assert order == sorted(order)


def test_form_can_be_filled_in_and_read_back(rendered):
    with pikepdf.open(io.BytesIO(rendered("form", "sv"))) as pdf:
        by_name = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        name = next(key for key in by_name if key.endswith("-score"))
        by_name["round-1-candidate"].V = pikepdf.String("Åsa Öberg")
        button = by_name[name].Kids[3]
        (state,) = [key for key in button.AP.N if key != "/Off"]
        by_name[name].V = button.AS = pikepdf.Name(state)
        target = io.BytesIO()
        pdf.save(target)
    with pikepdf.open(io.BytesIO(target.getvalue())) as pdf:
        by_name = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        assert str(by_name["round-1-candidate"].V) == "Åsa Öberg"
        assert str(by_name[name].Opt[int(str(by_name[name].V).strip("/"))]) == "4"


def test_paper_has_no_fields(rendered):
    for kind in ("card", "sheet"):
        with pikepdf.open(io.BytesIO(rendered(kind, "sv"))) as pdf:
            assert "/AcroForm" not in pdf.Root


def test_paper_has_room_for_a_name_and_a_form_asks_for_it_once(rendered, places):
    (page, _), *_ = places(rendered("card", "sv"))
    tops = {word: top for _, top, _, _, word in page}
    assert tops["Namn"] - tops["Lämna"] > 50
    (form, _), *_ = places(rendered("form", "sv"))
    assert "Namn" not in {word for *_, word in form}


def test_every_page_says_version_and_checksum(rendered, pages):
    for kind in ("sheet", "card", "form"):
        texts = pages(rendered(kind, "sv"))
        for number, text in enumerate(texts, start=1):
            assert "Version 3" in text
            assert made(kind, "sv").short_hash in text
            assert f"Sida {number} av {len(texts)}" in text


def test_checksum_follows_the_guide_and_not_the_document():
    sums = {made(kind, "sv").short_hash for kind in ("sheet", "card", "form")}
    assert len(sums) == 1
    assert re.fullmatch(r"([0-9a-f]{4} ){2}[0-9a-f]{4}", sums.pop())
    assert question_sheet("sv").short_hash != made("sheet", "sv").short_hash
    assert kit("sv").short_hash == question_sheet("sv").short_hash


def test_text_of_people_cannot_become_markup():
    guide = guide_for("sv", WITH_A_CASE)
    hostile = guide.model_copy(update={"title": '<script>x</script>"; } body { display: none'})
    for document in (
        question_sheet("sv", guide=hostile),
        scorecard("sv", guide=hostile, fillable=True),
    ):
        html = document.html()
        assert "<script>" not in html
        assert "&lt;script&gt;" in html
        style = html.partition("<style>")[2].partition("</style>")[0]
        assert "body { display: none" not in style
