"""The comparison as a document: its words, its pages, its hash."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recruit.core import findings
from recruit.core.ratings import RatingTable, Scale, Score
from recruit.core.ratings_file import read_csv
from recruit.core.reasons import Reason
from recruit.documents import charts, sentences
from recruit.documents.comparison import short_names
from recruit.documents.grounds import LONGEST_QUOTE, clip
from recruit.documents.phrases import Words, phrases
from recruit.documents.renderer import render_pdf
from recruit.resources import PACKAGE, static_folder, templates_folder
from tests.documents.example import (
    MADE,
    NAMES,
    PANEL,
    SCORES,
    assert_accessible,
    document,
    elements,
    table,
)

POOL = ("Amina Exempel", "Björn Fiktiv", "Carin Låtsas", "David Påhitt", "Elsa Modell", "Fia Prov")


@pytest.fixture(scope="module")
def pdf():
    return render_pdf(document().html())


@pytest.fixture
def text(pdf, read):
    return read(pdf)


def test_is_tagged_titled_and_in_its_language(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as made:
        assert_accessible(made, title="Kandidatjämförelse: Enhetschef i hemtjänsten", language="sv")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_passes_an_independent_checker(language, check):
    done = check(render_pdf(document(language=language).html()))
    assert done.returncode == 0, done.stdout


def test_same_comparison_gives_same_bytes(pdf):
    assert render_pdf(document().html()) == pdf


def test_carries_its_time_and_no_other(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as made:
        assert str(made.docinfo.CreationDate).startswith("D:20261118093000")
        assert str(made.docinfo.ModDate).startswith("D:20261118093000")


def test_every_font_is_bundled_and_embedded(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as made:
        fonts = [
            obj
            for obj in made.objects
            if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert {str(font.FontFamily) for font in fonts} == {"Inter"}
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


def test_first_page_answers_who_how_sure_and_what_next(pdf, pages):
    first, *_others = pages(pdf)
    for part in (
        "Enhetschef i hemtjänsten",
        "5 kandidater",
        "3 kompetenser",
        "4 intervjuare",
        "1 formulär väntas",
        "18 november 2026",
        "Samlad bedömning, med osäkerhet",
        "Kompetens för kompetens",
        "Att reda ut före beslut",
        "Björn, handlingsutrymme och mandat (2–5).",
        "Bedömningar som inte är inlämnade: Kim Utkast (Carin Låtsas)",
        "Så säkra är vi",
        "Sida 1 av",
        "Konfidentiellt",
        document().short_hash,
        *document().headline(),
        *SCORES,
    ):
        assert part in first, part


def test_every_page_says_which_it_is(pdf, text):
    with pikepdf.open(io.BytesIO(pdf)) as made:
        count = len(made.pages)
    assert 4 <= count <= 6
    found = re.findall(r"Sida (\d+) av (\d+)", text)
    assert found == [(str(number), str(count)) for number in range(1, count + 1)]


def test_figures_are_told_in_words(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as made:
        told = [str(e.Alt) for e in elements(made) if str(e.S) == "/Figure"]
    # Overall, places, generous and strict, and each competency of each candidate.
    assert len(told) == 5 + 5 + 4 + 5 * 3
    amina = document().comparison.result("Amina Exempel").overall
    t = Words("sv")
    low, high = (t.score(min(max(x, 1), 5)) for x in amina.ci95)
    expected = f"Amina Exempel bedöms samlat till {t.score(amina.adjusted)}, troligen {low}–{high}"
    assert told[0] == expected
    assert told[5].startswith("Amina Exempel skulle få plats 1 i ")
    assert told[10].startswith("Hanna Prov: ")
    assert told[14] == (
        "Tydliga mål och ramar: Ivar Test gav 5, Johanna Skiss gav 4, Hanna Prov gav 4, "
        "Kim Utkast gav 4"
    )


def test_evidence_of_both_sides_stands_under_disagreements(text):
    part = text.split("Där panelen är oense")[1]
    for name in ("Hanna Prov", "Ivar Test"):
        assert f"Björn Fiktiv om autonomy: lät gruppen besluta, enligt {name}." in part


def test_page_and_pdf_show_the_same_object():
    content = document().content()
    cells = content["heat_tables"][0]["rows"][1]["cells"]
    heads = content["heat_tables"][0]["heads"]
    assert [(head["name"], head["must_have"]) for head in heads] == list(
        zip(NAMES.values(), ("", "minst 3", ""), strict=True)
    )
    assert (cells[1].text, cells[1].span, cells[1].below) == ("3,8", "2–5", False)
    below = {
        row["name"]: [cell.below for cell in row["cells"]]
        for row in content["heat_tables"][0]["rows"]
    }
    assert below["David Påhitt"] == below["Elsa Modell"] == [False, True, False]
    carin = next(p for p in content["portraits"] if p.name == "Carin Låtsas")
    assert [row.mean for row in carin.rows] == ["3,2", "3,0", "4,5"]


def test_strengths_rest_on_more_than_talk_and_doubts_are_low_or_talk():
    rows = [
        Score("A A", "I", "x", 5, "Bara prat.", "talk"),
        Score("A A", "J", "x", 5, "Visade hur.", "example"),
        Score("A A", "K", "x", 5, "Tre gånger.", "pattern"),
        Score("A A", "L", "x", 2, "Tog tillbaka.", "example"),
        Score("A A", "M", "x", 4, "", "pattern"),
    ]
    (portrait,) = document(RatingTable(tuple(rows)), must_have={}).content()["portraits"]
    assert [quote.text for quote in portrait.strongest] == ["Tre gånger.", "Visade hur."]
    assert [quote.text for quote in portrait.doubts] == ["Tog tillbaka.", "Bara prat."]


def test_hash_follows_the_grounds_and_not_the_clock():
    one = document()
    assert one.content_hash == replace(one, generated_at=MADE + timedelta(days=1)).content_hash
    assert one.content_hash != replace(one, title="Annan").content_hash
    assert one.content_hash != document(table(evidence=False)).content_hash
    assert one.short_hash.replace(" ", "") == one.content_hash[:12]


def test_other_scale_from_a_file_without_evidence(read):
    # Shrout and Fleiss 1979, table 2.
    ratings = ((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7))
    lines = ["candidate,interviewer,competency,score"]
    for candidate, row in enumerate(ratings, start=1):
        lines += [f"S{candidate},J{j},quality,{score}" for j, score in enumerate(row, start=1)]
    rows = read_csv("\n".join(lines).encode(), name="x.csv", scale=Scale(1, 10))
    made = document(rows, competency_names={}, must_have={}, pending=(), rounds=(), unit="")
    dots = [(dot["name"], dot["score"]) for dot in made.content()["dots"]]
    assert dots == [
        ("S5", "7,5"),
        ("S3", "6,5"),
        ("S1", "6,0"),
        ("S6", "4,8"),
        ("S4", "4,0"),
        ("S2", "3,0"),
    ]
    text = read(render_pdf(made.html()))
    assert "Skala 1–10." in text
    assert "Starkaste underlag" not in text
    assert "Där panelen är oense" not in text


def test_one_candidate_and_one_interviewer(read, check):
    rows = RatingTable((Score("Amina Exempel", "Ivar Test", "x", 4, "Bra.", "example"),))
    made = document(rows, competency_names={"x": "Stöd"}, must_have={}, pending=())
    assert made.headline() == (
        "Amina Exempel bedöms till 4,0 på skalan 1–5.",
        "För få intervjuare har bedömt för att osäkerheten ska gå att räkna ut.",
    )
    pdf = render_pdf(made.html())
    done = check(pdf)
    assert done.returncode == 0, done.stdout
    text = read(pdf)
    assert "Med en kandidat finns ingen ordning att vara säker på." in text
    assert "1 kandidat" in text


def test_nobody_assessed():
    rows = RatingTable((Score("Amina Exempel", "Ivar Test", "x", None),))
    made = document(rows, must_have={"x": 3}, pending=())
    assert made.headline() == ("Ingen kandidat är bedömd på tillräckligt mycket för att jämföras.",)
    assert render_pdf(made.html()).startswith(b"%PDF")


def test_groups_without_a_common_interviewer_are_not_ranked():
    rows = table(panel=PANEL).rows
    first = [r for r in rows if r.candidate[0] in "AB" and r.interviewer in PANEL[:2]]
    second = [r for r in rows if r.candidate[0] in "CD" and r.interviewer in PANEL[2:]]
    made = document(RatingTable((*first, *second)), language="en")
    assert made.headline()[0] == (
        "The candidates cannot be ranked, because they have not met the same interviewers."
    )
    process = dict(made.content()["process"])
    assert process["Groups that share interviewers"] == [
        "Amina Exempel and Björn Fiktiv",
        "Carin Låtsas and David Påhitt",
    ]


def test_large_comparison_keeps_its_order_on_one_page(pages):
    names = [f"Kandidat {number}" for number in range(1, 31)]
    scores = {
        name: tuple(tuple(1 + (n * 7 + c * 3 + i) % 5 for i in range(5)) for c in range(10))
        for n, name in enumerate(names)
    }
    rows = table(scores, tuple("IJKLM"), tuple(f"k{c}" for c in range(10)), evidence=False)
    first, *_others = pages(render_pdf(document(rows, must_have={}, competency_names={}).html()))
    assert [name for name in names if not re.search(rf"{name}\b", first)] == []


def test_no_few_rows_of_places_stand_alone(places, check):
    everyone = {
        f"{chr(65 + n % 26)}{'aeiou'[n // 26]}lin Prov": tuple(
            tuple(1 + (n // 7 + row * place + n * place) % 5 for place in range(4))
            for row in range(3)
        )
        for n in range(30)
    }
    made = document(table(everyone, evidence=False))
    pdf = render_pdf(made.html())
    done = check(pdf)
    assert done.returncode == 0, done.stdout
    counts = []
    for page, _ in places(pdf):
        heads = [top for _, top, _, _, word in page if word == "Troligen"]
        if heads:
            counts.append(sum(word == "Prov" and top > heads[0] for _, top, _, _, word in page))
    assert sum(counts) == len(everyone)
    assert min(counts) >= 5


def test_bars_of_many_places_are_told_by_the_tallest():
    few = document().content()["places"][0]["strip"]
    assert "i 88 fall av 100" in few
    everyone = {f"K{n:02} Prov": ((1 + n % 5,) * 4,) * 3 for n in range(12)}
    most = document(table(everyone, evidence=False)).content()["places"][0]["strip"]
    told = re.search(r"<title>(.*?)</title>", most)[1]
    assert re.fullmatch(
        r"K\d\d Prov skulle oftast få plats \d, i .+ fall av 100, och troligen plats .+", told
    )


def test_long_names_and_hostile_text_stay_text(read):
    long = "Anna-Maria Charlotta Eleonora von Tröllhättan-Österlångsgatan af Skärgårdssundet"
    assert len(long) == 80
    hostile = (
        "<script>alert(1)</script>",
        "file:///etc/passwd",
        '"; } @page { content: url(file:///etc/passwd) } /*',
        "{{ 7 * 7 }} {% raw %}",
    )
    scores = dict.fromkeys((long, *hostile), ((4, 3), (2, 5)))
    rows = table(scores, ("</style><img src=file:///x>", long), ("x", long))
    made = document(rows, title="</title><script>\\ } url(http://x)", must_have={"x": 4}, unit=long)
    text = read(render_pdf(made.html()))
    for part in (*hostile, "</title><script>\\ } url(http://x)", "Skärgårdssundet"):
        assert part in text, part


def test_loose_accents_are_joined():
    assert "Åsa Öberg" in document(title="A\u030asa O\u0308berg").html()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Amina Berg", "Björn Dahl"], ["Amina", "Björn"]),
        (["Anna Berg", "Anna Dahl"], ["Anna Berg", "Anna Dahl"]),
        (["Kandidat A", "Kandidat B"], ["Kandidat A", "Kandidat B"]),
        (["Kandidat 12"], ["Kandidat 12"]),
        (["Anna", "Anna Berg"], ["Anna", "Anna Berg"]),
    ],
)
def test_short_names_are_unmistakable(names, expected):
    assert list(short_names(names).values()) == expected


def test_long_quotes_are_cut_at_a_word():
    cut = clip("ordet " * 100)
    # The dots do not begin a line.
    assert cut.endswith("ordet\N{NO-BREAK SPACE}…")
    assert len(cut) <= LONGEST_QUOTE + 2
    assert clip(" kort\n text ") == "kort text"


def rated(**rows):
    """Return a document on one competency, from the scores that each candidate got."""
    panel = PANEL[: len(next(iter(rows.values())))]
    scores = {f"{name} Prov": (tuple(given),) for name, given in rows.items()}
    return document(table(scores, panel, ("autonomy",)), must_have={}, pending=())


@pytest.mark.parametrize(
    ("rows", "swedish", "english"),
    [
        (
            {"Amina": (5, 5, 4), "Björn": (3, 3, 2), "Carin": (2, 2, 1)},
            "Amina Prov ligger klart före de andra.",
            "Amina Prov is clearly ahead of the others.",
        ),
        (
            {"Amina": (5, 5, 4), "Björn": (2, 2, 1)},
            "Amina Prov ligger klart före Björn Prov.",
            "Amina Prov is clearly ahead of Björn Prov.",
        ),
        (
            {"Amina": (4, 3, 4), "Björn": (3, 4, 4)},
            "Amina Prov och Björn Prov är för jämna för att skiljas åt.",
            "Amina Prov and Björn Prov are too close to call.",
        ),
        (
            dict.fromkeys(("Amina", "Björn", "Carin", "David", "Elsa"), (4, 3, 4)),
            "Alla fem kandidater är för jämna för att skiljas åt.",
            "All five candidates are too close to call.",
        ),
        (
            {"Amina": (4,), "Björn": (3,)},
            (
                "Amina Prov har högst samlad bedömning (4,0), men det går inte att säga hur "
                "säkert det är."
            ),
            "Amina Prov has the highest overall rating (4.0), but how sure that is cannot be said.",
        ),
        (
            {"Amina": (4,), "Björn": (4,)},
            "Amina Prov och Björn Prov har samma samlade bedömning (4,0).",
            "Amina Prov and Björn Prov have the same overall rating (4.0).",
        ),
    ],
)
def test_first_sentence_says_who_and_how_sure(rows, swedish, english):
    made = rated(**rows)
    assert made.headline()[0] == swedish
    assert replace(made, language="en").headline()[0] == english


tables = st.builds(
    lambda names, panel, keys, scores: [
        Score(name, person, key, score)
        for (name, person, key), score in zip(
            ((n, p, k) for n in names for p in panel for k in keys), scores, strict=False
        )
    ],
    st.lists(st.sampled_from(POOL), min_size=1, max_size=5, unique=True),
    st.lists(st.sampled_from(PANEL), min_size=1, max_size=4, unique=True),
    st.lists(st.sampled_from(list(NAMES)), min_size=1, max_size=3, unique=True),
    st.lists(st.one_of(st.none(), st.integers(1, 5)), min_size=1, max_size=60),
)


@settings(max_examples=150)
@given(rows=tables, language=st.sampled_from(["sv", "en"]))
def test_summary_speaks_of_these_candidates_and_holds_what_it_says(rows, language):
    made = document(RatingTable(tuple(rows)), language=language)
    sentences = made.headline()
    text = " ".join(sentences)
    there = set(made.comparison.table.candidates)
    for name in set(POOL) - there:
        assert name not in text
        assert name.split()[0] not in text
    assert not re.search(r"[{}]|None|\bnan\b", text)
    assert all(sentence.endswith(".") for sentence in sentences)
    t = Words(language)
    pairs = {(p.a, p.b): p.verdict for p in made.comparison.pairs or ()}
    ranked = [c.id for c in made.comparison.candidates if c.rank is not None]
    if sentences[0] in {
        t("h.clear", a=ranked[0]) if ranked else "",
        t("h.clear.one", a=ranked[0], b=ranked[1]) if len(ranked) > 1 else "",
    }:
        assert {pairs[ranked[0], other] for other in ranked[1:]} == {"clear"}
    if not made.comparison.design.comparable:
        assert sentences[0] == t("h.incomparable")
    assert made.html().count("<h1>") == 1


def test_every_phrase_exists_in_both_languages_and_is_used():
    files = [*(PACKAGE).rglob("*.py"), *templates_folder().rglob("*.html")]
    sources = "\n".join(path.read_text("utf-8") for path in files)
    made_up = re.compile(
        r".*\.(1|short)$|(verdict|severity|level|recommend|decided|reason|x\.flag|[eov])\..+"
        r"|signs of .+|sure\.(more|less)$|a\.lead .+|p\.after .+"
    )
    for name, texts in phrases().items():
        assert set(texts) == {"sv", "en"}
        # YAML reads a bare Yes or No as true or false.
        assert all(isinstance(text, str) for text in texts.values()), name
        fields = [set(re.findall(r"{(\w+)}", text)) for text in texts.values()]
        assert fields[0] == fields[1], name
        assert re.search(f"[\"']{re.escape(name)}[\"']", sources) or made_up.match(name), name


def test_numbers_and_dates_follow_the_language():
    swedish, english = Words("sv"), Words("en")
    assert (swedish.score(3.25), english.score(3.25)) == ("3,2", "3.2")
    assert (swedish.percent(0.375), english.percent(0.375)) == ("37,5\N{NO-BREAK SPACE}%", "37.5%")
    assert (swedish.date(MADE), english.date(MADE)) == ("18 november 2026", "18 November 2026")
    assert swedish.join(["A", "B", "C"]) == "A, B och C"
    assert swedish.chance(1.0) == "mer än 99"
    assert english.chance(0.0) == "less than 1"


def test_every_reason_and_every_finding_can_be_said():
    assert {f"reason.{reason}" for reason in Reason} <= set(phrases())
    source = Path(findings.__file__).read_text("utf-8")
    named = set(re.findall(r'Finding\(\s*"([^"]+)"', source))
    assert len(named) > 15
    assert named <= set(phrases())
    for key in named:
        fields = set(re.findall(r"{(\w+)}", phrases()[key]["sv"]))
        assert fields <= set(sentences._WRITTEN), key


def test_what_concerns_the_leaders_is_settled_first():
    """David is far behind and below a must-have: he comes after what divides the panel on Björn."""
    heads = [head for head, _ in document().content()["settle"]["items"]]
    assert heads[0] == "Björn, handlingsutrymme och mandat (2–5)."
    assert heads[1:3] == [
        "David, handlingsutrymme och mandat.",
        "Elsa, handlingsutrymme och mandat.",
    ]


def test_each_not_assessed_is_listed_with_its_reason():
    found = dict(document().content()["process"])
    (line,) = found["Inte bedömt"]
    assert line == (
        "Carin Låtsas, handlingsutrymme och mandat: Kim Utkast. Carin Låtsas om autonomy: lät "
        "gruppen besluta, enligt Kim Utkast."
    )
    assert found["Bedömningar"] == ["59 betyg, 1 ”inte bedömt”"]


def test_rounds_that_ask_different_things_do_not_mean_that_somebody_was_not_met():
    rows = table().rows
    half = tuple(
        row for row in rows if (row.competency == "autonomy") == (row.interviewer in PANEL[:2])
    )
    facts = dict(document(RatingTable(half), pending=()).content()["facts"])
    assert facts["4 intervjuare"] == "alla mötte alla"
    some = tuple(row for row in rows if row.candidate[0] != "E" or row.interviewer != PANEL[0])
    facts = dict(document(RatingTable(some), pending=()).content()["facts"])
    assert facts["4 intervjuare"] == "alla bedömde inte alla"
    process = dict(document(RatingTable(half), pending=()).content()["process"])
    assert process["Bedömningar"] == [f"{len(half)} betyg, allt frågat är bedömt"]


def test_a_single_voice_is_called_that():
    rows = tuple(
        row
        for row in table().rows
        if row.candidate[0] != "A" or row.competency != "feedback" or row.interviewer == PANEL[0]
    )
    content = document(RatingTable(rows)).content()
    amina = next(p for p in content["portraits"] if p.name == "Amina Exempel")
    assert [row.span for row in amina.rows] == ["4–5", "4–5", "en röst"]
    row = next(r for r in content["heat_tables"][0]["rows"] if r["name"] == "Amina Exempel")
    assert [cell.voice for cell in row["cells"]] == ["", "", "en röst"]


def test_quotations_are_about_different_competencies_first():
    portrait = document().content()["portraits"][0]
    for quotes in (portrait.strongest, portrait.doubts):
        found = [quote.competency for quote in quotes]
        assert len(set(found)) == len(found) or len(set(found)) == len(NAMES)


def test_meaningless_agreement_shows_no_number():
    """Where the candidates do not differ ICC(A,k) can be above 1."""
    scores = {"A A": ((1, 3),), "B B": ((3, 1),), "C C": ((2, 2),)}
    made = document(table(scores, PANEL[:2], ("autonomy",)), must_have={}, pending=())
    content = made.content()
    assert made.comparison.agreement.overall.reason == "candidates-do-not-differ"
    reason = Words("sv")("reason.candidates-do-not-differ")
    assert content["agreement_said"] == [reason]
    assert content["by_competency"][0]["agreement"] == "–"


def test_bars_and_strips_hold_to_the_numbers():
    bars = charts.place_bars((0.6, 0.4, 0.0), "A", labels=lambda share: f"{share:.0%}")
    assert re.findall(r"M[\d.]+ 42v-([\d.]+)", bars) == ["18.0", "12.0"]
    assert re.findall(r">(\d+%)<", bars) == ["60%", "40%"]
    many = charts.place_bars((0.4, 0.2, 0.2, 0.0, *[0.04] * 5), "A", labels=str, highest=0.4)
    wide = charts.PLACES_WIDTH / 9
    ends = [f"{wide * places:.1f}" for places in (1, 3, 4, 9)]
    assert re.search(r"M0 18((?:V[\d.]+H[\d.]+)+)V18z", many)[1] == "".join(
        f"V{top}H{end}" for top, end in zip(("2", "10", "18", "16.5"), ends, strict=True)
    )
    strip = charts.deviation_strip(0.5, 0.5, 1.0, "A")
    assert re.search(r'circle cx="([\d.]+)"', strip)[1] == "176.5"
    assert re.search(r'rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', strip).groups() == (
        "120.0",
        "113.0",
    )


def test_every_colour_of_a_chart_follows_the_scheme_on_screen():
    scale = Scale(1, 5)
    drawn = (
        charts.interval_strip(scale, 3, (2, 4), "x"),
        charts.spread_strip(scale, [(2, True), (4, False)], "x"),
        charts.place_bars((0.6, 0.4), "x", labels=str),
        charts.deviation_strip(0.1, 0.2, 0.5, "x"),
    )
    css = (static_folder() / "css" / "comparison.css").read_text("utf-8")
    used = {found for chart in drawn for found in re.findall(r'(?:fill|stroke)="#\w+"', chart)}
    assert len(used) >= 5
    assert {one for one in used if f"[{one}] {{" not in css} == set()


def test_each_voice_has_a_dot():
    given = [(3, True), (4, False), (3, True), (1, True), (4, True)]
    strip = charts.spread_strip(Scale(1, 5), given, "A")
    assert len(re.findall(r"M[\d.]+ [\d.]+h\.01", strip)) == 4
    assert strip.count("<circle") == 1


def test_letters_beyond_western_europe_have_their_own_font():
    """Two parts of one font under one name drew "Łukasz" with the glyphs of other letters."""
    scores = {"Łukasz Żółć": SCORES["Amina Exempel"], "Zoë Ek": SCORES["Björn Fiktiv"]}
    with pikepdf.open(io.BytesIO(render_pdf(document(table(scores)).html()))) as made:
        families = {
            str(obj.FontFamily)
            for obj in made.objects
            if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/FontDescriptor"
        }
    assert families == {"Inter", "Inter Ext"}


def test_two_candidates_pass_an_independent_checker(check):
    two = {name: SCORES[name] for name in ("Amina Exempel", "Björn Fiktiv")}
    done = check(render_pdf(document(table(two)).html()))
    assert done.returncode == 0, done.stdout


def test_what_nobody_has_rated_is_said_beside_the_conclusion():
    """An order that rests on part of the profile says so, in the summary and among what to do."""
    unrated = {"feedback": 0.3, "openness": 0.25}
    found = document(unrated=unrated)
    n = len(found.comparison.weights)
    assert found.headline()[1] == (
        f"Än är bara {found.words.number(n)} av {found.words.number(n + 2)} kompetenser bedömda, "
        "45\N{NO-BREAK SPACE}% av vikten."
    )
    items = found.content()["settle"]["items"]
    assert items[0][0] == "2 kompetenser är inte bedömda än."
    assert len(items) <= 4
    assert found.as_json()["unrated"] == unrated
    assert found.content_hash != document().content_hash
    assert not any("Än är bara" in sentence for sentence in document().headline())
    english = document(unrated={"feedback": 0.3}, language="en")
    assert english.headline()[1].startswith("So far only")
    assert english.content()["settle"]["items"][0][0] == "One competency is not rated yet."
