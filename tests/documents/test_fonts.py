"""Names and notes in any script, on a machine without fonts."""

from __future__ import annotations

import dataclasses
import io
import itertools
import logging
import unicodedata

import pikepdf
import pytest

from recruit.core.ratings import RatingTable
from recruit.documents import fonts
from recruit.documents.phrases import Words
from recruit.documents.renderer import render_pdf
from tests.documents.example import SCORES, assert_accessible, document, kit, table
from tests.documents.reports import EVERY

NAMES = {
    "Arabic": "محمد عبد الله الحسيني",
    "Persian": "شیرین پورمحمدی گلچهره",
    "Kurdish": "ڕێبوار کوردۆ",
    "Hebrew": "שרה כהן",
    "Greek": "Ελένη Παπαδοπούλου",
    "Ukrainian": "Юлія Шевченко",
    "Vietnamese": "Nguyễn Thị Hà",
    "Chinese": "王小明",
    "Japanese": "山田あい",
    "Korean": "김민수",
    "Polish": "Łukasz Żółć",
    "emoji": "Zoë 😀👩🏽‍🔧",
}
NOTE = 'قالت: "اتركوا القرار للفريق" ثم تابعت ثلاث مرات!'
SIGNS = "Från 2 → 4, minst ≥ 3, ‰, ✓, ✗, ★, ①, № 7, 5‑6"


def everybody():
    """Return a comparison with a candidate of each script, their notes in Arabic and in signs."""
    rows = table(dict(zip(NAMES.values(), itertools.cycle(SCORES.values()), strict=False))).rows
    notes = itertools.cycle((NOTE, SIGNS))
    written = (dataclasses.replace(row, evidence=next(notes)) for row in rows)
    return document(RatingTable(tuple(written)), title=f"Chef {NAMES['Arabic']}")


def text_of(read, pdf):
    """Return the text as a reader sees it, without the marks of direction."""
    return "".join(c for c in read(pdf) if unicodedata.category(c) != "Cf")


@pytest.fixture(scope="module")
def html():
    return everybody().html()


@pytest.fixture(scope="module")
def pdf(html):
    return render_pdf(html)


def test_every_name_is_drawn_and_can_be_read_back(html, read, caplog):
    with caplog.at_level(logging.WARNING, "weasyprint"):
        text = text_of(read, render_pdf(html))
    assert [record.getMessage() for record in caplog.records] == []
    shown = {script: name.replace("\N{ZERO WIDTH JOINER}", "") for script, name in NAMES.items()}
    assert {script for script, name in shown.items() if name not in text} == set()
    assert "minst ≥ 3, ‰, ✓" in text


def test_is_the_same_every_time_and_stays_tagged(html, pdf, check):
    assert render_pdf(html) == pdf
    with pikepdf.open(io.BytesIO(pdf)) as made:
        title = f"Kandidatjämförelse: Chef {NAMES['Arabic']}"
        assert_accessible(made, title=title, language="sv")
    # The checker wants one shape for each letter, which Arabic has not, and words in every name.
    plain = [NAMES[script] for script in ("Hebrew", "Greek", "Ukrainian", "Chinese", "Korean")]
    rows = table(dict(zip(plain, SCORES.values(), strict=True)))
    done = check(render_pdf(document(rows).html()))
    assert done.returncode == 0, done.stdout


def test_every_font_comes_with_the_document(pdf):
    ours = {"Inter", "Inter Ext", *(font.family for font in fonts._fonts())}
    with pikepdf.open(io.BytesIO(pdf)) as made:
        used = [
            obj
            for obj in made.objects
            if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/FontDescriptor"
        ]
        assert {str(font.FontFamily) for font in used} <= ours
        assert all("/FontFile2" in font for font in used)


def test_an_ordinary_document_loads_no_further_font():
    assert fonts.needed(document().html()) == []
    assert fonts.needed(kit("en").html()) == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_fonts_hold_every_sign_of_our_own(language):
    held = frozenset().union(*(font.characters for font in fonts._fonts()))
    made = [report(language=language) for report in EVERY.values()]
    text = "".join(found.html() for found in (*made, kit(language), document(language=language)))
    assert {c for c in text if c >= fonts.FIRST_FOREIGN} - held == set()


@pytest.mark.parametrize(
    ("text", "family"),
    [
        (NAMES["Arabic"], "amiri-arabic"),
        (NAMES["Hebrew"], "noto-sans-hebrew-hebrew"),
        (NAMES["Ukrainian"], "inter-cyrillic"),
        (NAMES["Greek"], "inter-greek"),
        ("😀", "NotoEmoji_400Regular"),
    ],
)
def test_only_what_is_used_is_loaded(text, family):
    assert [font.family for font in fonts.needed(f"Amina och {text}")] == [family]


def test_what_no_font_holds_stops_nothing():
    assert render_pdf(document(title="Chef \ue000\U000f0000").html())


def test_a_note_runs_as_its_first_letter_does():
    assert f'<p dir="rtl">{NOTE.split(":", maxsplit=1)[0]}' in everybody().html()


def test_a_name_that_runs_the_other_way_leaves_the_sentence_alone():
    name, words = NAMES["Hebrew"], Words("sv")
    alone = f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}"
    assert alone in words("dot", name=name, score=4)
    assert words.join(["Amina", name]) == f"Amina och {alone}"
