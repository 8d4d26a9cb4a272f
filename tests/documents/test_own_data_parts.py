"""A candidate's own data comes however much was written, within the renderer's limits."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from recruit.documents.own_data import OwnDeviation, OwnRating, OwnScorecard
from recruit.documents.own_data_parts import in_parts
from recruit.documents.renderer import Renderer
from tests.documents.reports import own_data

LONGEST = 20_000
TEXTS = {
    "words": "Hon lät gruppen välja arbetssätt. " * 600,
    "one word": "x" * LONGEST,
    "short lines": "a\n" * (LONGEST // 2),
    "empty lines": "a" + "\n" * (LONGEST - 2) + "b",
    "signs that need an entity": "&" * LONGEST,
    "accents": "e\u0301\u0302\u0303\u0304" * (LONGEST // 5),
}


def much(text, cards=1):
    deviation = OwnDeviation("Första intervjun", "18 november 2026", text[:2000], text[:2000])
    card = OwnScorecard(
        "A",
        "Första intervjun",
        "18 november 2026",
        tuple(OwnRating(f"Kompetens {n}", 4, "example", text) for n in range(6)),
        tuple((f"Fråga {n}", text) for n in range(20)),
        "yes",
        text,
    )
    return own_data(deviations=(deviation,) * 40, scorecards=(card,) * cards)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_largest_scorecard_is_made_within_the_limits(text):
    parts = in_parts(much(text))
    largest = max(parts, key=lambda part: len(part.html()))
    with closing(Renderer(workers=1, timeout=30, memory_mb=1500)) as renderer:
        assert renderer.pdf(largest.html()).startswith(b"%PDF")


@pytest.mark.parametrize("most", [10, 40, 4000])
def test_parts_hold_everything_once_and_in_order(most):
    text = "\n".join(f"rad {number}" for number in range(30)) + "y" * 9000
    whole = much(text, cards=2)
    parts = in_parts(whole, most)
    assert [part.part for part in parts] == list(range(1, len(parts) + 1))
    assert {part.parts for part in parts} == {len(parts)}
    assert len({part.content_hash for part in parts}) == len(parts)
    assert written(*parts) == written(whole)
    for field in ("facts_held", "interviews", "mails", "log"):
        assert sum((getattr(part, field) for part in parts), ()) == getattr(whole, field)
    assert [part.pending for part in parts if part.pending] == [whole.pending]
    assert [part.content_hash for part in in_parts(whole, most)] == [
        part.content_hash for part in parts
    ]


def written(*parts):
    """Return the texts of each kind, in order, put together."""
    cards = [card for part in parts for card in part.scorecards]
    decisions = [decision for part in parts for decision in part.decisions]
    return {
        "deviations": [(d.what, d.reason) for part in parts for d in part.deviations],
        "ratings": "".join(rating.text for card in cards for rating in card.ratings),
        "notes": "".join(text for card in cards for _, text in card.notes),
        "summaries": "".join(card.summary for card in cards),
        "advice": [card.recommendation for card in cards if card.recommendation],
        "agreements": "".join(a.rationale for part in parts for a in part.agreements),
        "reasons": "".join(text for decision in decisions for text in decision.reasons),
        "grounds": "".join(text for decision in decisions for _, text in decision.grounds),
    }


def test_what_fits_is_one_document_as_it_was():
    whole = own_data()
    assert in_parts(whole) == (whole,)


def test_each_part_tells_which_it_is_and_is_made_the_same_each_time(read):
    parts = in_parts(own_data(), 25)
    assert len(parts) > 1
    for part in parts:
        with closing(Renderer(workers=1)) as renderer:
            made, again = (renderer.pdf(part.html()) for _ in range(2))
        assert made == again
        text = read(made)
        assert f"Dina uppgifter, del {part.part} av {len(parts)}".casefold() in text.casefold()
        assert part.content_hash in text.replace(" ", "")


def test_a_long_qualification_is_whole(read):
    facts = (("o.name", "Amina Exempel"), ("me.education", "rad\n" * 1000 + "slut"))
    with closing(Renderer(workers=1)) as renderer:
        text = read(renderer.pdf(own_data(facts_held=facts).html()))
    assert text.count("rad ") == 1000
    assert "slut" in text


def test_a_word_without_end_is_whole(read):
    made = own_data()
    card = replace(made.scorecards[0], summary="ŵ" * 5000)
    with closing(Renderer(workers=1)) as renderer:
        text = read(renderer.pdf(replace(made, scorecards=(card,)).html()))
    assert text.count("ŵ") == 5000
