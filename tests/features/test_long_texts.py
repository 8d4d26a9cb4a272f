"""A text that is too long is refused with its limit and stays on the page; no browser cuts it."""

from __future__ import annotations

import re

import pytest

from tests.features.test_builder import draft_of
from tests.features.test_consensus import agree, begin
from tests.security.test_noninterference import addresses


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_field_for_a_long_text_is_cut(rated):
    recruiter = rated["recruiter"]
    fields = set()
    for method, path in addresses(rated.app, rated):
        if method == "GET" and not path.startswith("/api"):
            answer = recruiter.get(path)
            if answer.status_code == 200 and "html" in answer.content_type:
                fields |= set(re.findall(r"<textarea[^>]*>", answer.text))
            answer.close()
    assert len(fields) > 10
    assert [field for field in fields if "maxlength" in field] == []


def test_a_long_agreement_stays_on_the_page(rated):
    person = begin(rated)
    text = "Vi enades om det. " * 300
    answer = agree(rated, person, rated.competencies[2][2], rationale=text)
    assert answer.status_code == 400
    assert "högst 4 000 tecken" in answer.text.replace("\xa0", " ")
    assert text.strip() in answer.text


def test_a_long_note_on_a_round_stays_on_the_page(rated):
    recruiter = rated["recruiter"]
    text = "Läs detta först. " * 200
    path = f"{rated.path}/guides/builder"
    form = {"verb": "note", "round": "1", "note": text, "revision": draft_of(rated).revision}
    answer = recruiter.post(f"{path}/edit", form)
    assert answer.status_code == 400, answer.location
    assert text.strip() in answer.text
