"""The comparison page: selections, evidence, letters, weights to try."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from recruit.candidates.models import Candidate
from recruit.database import db, now
from recruit.interviews.models import Interview
from recruit.requisitions.models import Requisition
from tests.conftest import without_token
from tests.features.conftest import submit
from tests.features.test_queries import queries
from tests.features.test_reports import text_of

NAMES = ("Amina", "Björn", "Fiktiv")


def page(world, name="recruiter", address="", status=200):
    answer = world[name].get(f"{world.path}/comparison/{address}")
    assert answer.status_code == status, answer.text
    return answer.text


def heat_rows(text):
    table = text.partition('<table class="heat"')[2].partition("</table>")[0]
    return re.findall(r'<th scope="row"[^>]*>([^<]+)</th>', table)


def test_shows_how_sure_it_is(rated):
    text = page(rated)
    for phrase in ("Hur säkert är det?", "Platser", "Vikter och samstämmighet", "Mot panelen"):
        assert phrase in text, phrase
    assert "Hela ordningen är klar" in text


def test_round_and_competencies_narrow_what_is_counted(rated):
    with rated.app.app_context():
        from recruit.guides.queries import published_versions

        guides = [v.guide_id for v in published_versions(rated.requisition)]
    first, second = (set(rated.competencies[n]) for n in (0, 1))
    assert first != second
    text = page(rated, address=f"?round={guides[0]}")
    shown = set(re.findall(r"/evidence/\d+/([\w-]+)", text))
    assert shown == first
    one = rated.competencies[0][0]
    text = page(rated, address=f"?competency={one}")
    assert set(re.findall(r"/evidence/\d+/([\w-]+)", text)) == {one}
    assert "Du ser ett urval." in text
    assert "data-weights" not in text


def test_choices_that_are_not_offered_are_refused(rated):
    for address in (
        "?round=999999",
        "?round=x",
        "?round=-1",
        "?competency=nothing",
        "?competency=%3Cscript%3E",
        "?sort=password",
        "?round=" + "9" * 400,
    ):
        assert "ett val som inte finns" in page(rated, address=address, status=400), address


def test_table_sorts_by_name_and_by_competency(rated):
    one = rated.competencies[0][0]
    assert heat_rows(page(rated)) == ["Amina Exempel", "Björn Fiktiv"]
    with rated.app.app_context():
        db.session.execute(
            sa.text(
                "UPDATE rating SET score = 5 WHERE competency = :c AND "
                "scorecard_id IN (SELECT id FROM scorecard WHERE interview_id = :i)"
            ),
            {"c": one, "i": rated.interviews[2]},
        )
        db.session.commit()
    text = page(rated, address=f"?sort={one}")
    assert heat_rows(text) == ["Björn Fiktiv", "Amina Exempel"]
    assert text.count('aria-sort="descending"') == 1
    with rated.app.app_context():
        db.session.get_one(Candidate, rated.candidates[0]).name = "Östen Exempel"
        db.session.commit()
    assert heat_rows(page(rated)) == ["Östen Exempel", "Björn Fiktiv"]
    assert heat_rows(page(rated, address="?sort=name")) == ["Björn Fiktiv", "Östen Exempel"]


def test_evidence_by_interviewer(rated):
    one = rated.competencies[0][0]
    text = page(rated, address=f"evidence/{rated.lot(0)}/{one}")
    part = text.partition('id="evidence"')[2]
    assert part.count("<li>") == sum(one in found for found in rated.competencies[:2]) * 2
    assert "Amina lät interviewer se rundorna." in part
    assert "Amina lät colleague se rundorna." in part
    assert "Björn" not in part
    for address in (f"evidence/999999/{one}", f"evidence/{rated.lot(0)}/nothing"):
        page(rated, address=address, status=404)


def test_letters_until_a_decision(rated):
    one = rated.competencies[0][0]
    path = f"{rated.path}/comparison/"
    assert rated["recruiter"].post(f"{path}pseudonyms", {"wanted": "yes"}).status_code == 302
    rated["recruiter"].get("/")
    readings = {
        address: rated["recruiter"].get(f"{path}{address}")
        for address in (
            "",
            "comparison.json",
            f"evidence/{rated.lot(0)}/{one}",
            "weights",
            "decision/",
            f"?competency={one}",
        )
    }
    for address, answer in readings.items():
        assert answer.status_code == 200, address
        assert [name for name in NAMES if name.lower() in answer.text.lower()] == [], address
        assert "Kandidat A" in answer.text or "Kandidat B" in answer.text, address
    assert "Kandidat" in rated["recruiter"].get(f"{path}comparison.json").text
    assert rated["recruiter"].post(f"{path}pseudonyms", {"wanted": "no"}).status_code == 302
    assert "Amina Exempel" in page(rated)


def test_letters_hold_in_the_pdf(rated, tmp_path):
    rated["recruiter"].post(f"{rated.path}/comparison/pseudonyms", {"wanted": "yes"})
    answer = rated["recruiter"].get(f"{rated.path}/comparison/comparison.pdf")
    text = text_of(answer, tmp_path)
    assert "Kandidat A" in text
    assert re.search(r"Kandidat [AB] (lät|tog)", text)
    assert [name for name in NAMES if name.lower() in text.lower()] == []
    assert [name for name in NAMES if name.encode() in answer.data] == []


def test_only_who_edits_the_requisition_chooses_letters(rated):
    answer = rated["hiring_manager"].post(f"{rated.path}/comparison/pseudonyms", {"wanted": "yes"})
    assert answer.status_code == 403
    assert "Amina Exempel" in page(rated)


def test_weights_are_tried_and_not_saved(rated):
    keys = {key for found in rated.competencies for key in found}
    one = rated.competencies[0][0]
    before = json.loads(page(rated, address="comparison.json"))["weights"]
    text = page(rated, address="weights?" + "&".join(f"w-{k}={int(k == one)}" for k in keys))
    assert "Prövat, inte sparat." in text
    assert re.search(r"100\s%", text)
    # What is written there is tried: the way back leads to the weights as they are.
    assert f'href="{rated.path}/comparison/weights">Som de är' in text
    assert before[one] < 1
    assert json.loads(page(rated, address="comparison.json"))["weights"] == before


def test_weights_that_are_no_numbers_are_told(rated):
    one = rated.competencies[0][0]
    wrong = ["-1", "x", "", "1e9", "NaN", "inf", "1001", "1,2,3", "٣", "1" * 500, "<b>"]
    for text in wrong:
        answer = rated["recruiter"].get(
            f"{rated.path}/comparison/weights", query_string={f"w-{one}": text}
        )
        assert answer.status_code == 400, text
        assert "skriv ett tal från 0 till 1000" in answer.text, text
        assert 'aria-invalid="true"' in answer.text
        assert "<b>" not in answer.text
    keys = {key for found in rated.competencies for key in found}
    text = page(rated, address="weights?" + "&".join(f"w-{k}=0" for k in keys), status=400)
    assert "Minst en vikt måste vara över 0." in text


def test_hiring_manager_on_the_panel_learns_nothing_new(rated):
    """The manager has yet to rate Amina: no new page, filter, trial or error tells of her."""
    one = rated.competencies[1][0]
    manager = rated["hiring_manager"]
    addresses = [
        "",
        f"?competency={one}",
        "?sort=name",
        f"?sort={one}",
        "weights",
        f"weights?w-{one}=0",
        f"weights?w-{one}=x",
        f"evidence/{rated.lot(0)}/{one}",
        "decision/",
    ]
    with rated.app.app_context():
        from recruit.guides.queries import published_versions

        addresses += [f"?round={v.guide_id}" for v in published_versions(rated.requisition)]
    others = {}
    for address in addresses:
        text = manager.get(f"{rated.path}/comparison/{address}").text
        for secret in ("Aminas grupp", "Amina lät", "4,0"):
            assert secret not in text, (address, secret)
        others[address] = "enligt interviewer" in text
    assert any(others.values())
    assert manager.get(f"{rated.path}/comparison/evidence/{rated.lot(0)}/{one}").status_code == 404
    nothing = manager.get(f"{rated.path}/comparison/evidence/999999/{one}").text
    withheld = manager.get(f"{rated.path}/comparison/evidence/{rated.lot(0)}/{one}").text
    assert without_token(nothing) == without_token(withheld)
    answer = manager.get(f"{rated.path}/comparison/decision/")
    assert answer.status_code == 409
    assert "egna bedömningar kvar" in answer.text


def test_pages_ask_as_often_for_many_as_for_few(rated):
    from tests.features.test_queries import grow

    one = rated.competencies[0][0]
    addresses = [
        f"{rated.path}/comparison/{address}"
        for address in ("", f"evidence/{rated.lot(0)}/{one}", "weights", "decision/")
    ]
    few = [queries(rated, rated["recruiter"], address) for address in addresses]
    grow(rated, range(2, 12))
    assert [queries(rated, rated["recruiter"], address) for address in addresses] == few
    assert max(few) <= 30


def test_what_nobody_has_rated_yet_is_said(world):
    """One round of two is rated: neither the page nor the decision hides the rest."""
    for name in ("interviewer", "colleague"):
        world[name].sign_in()
        for number in (0, 2):
            submit(world, name, number)
    rated = world.competencies[0]
    with world.app.app_context():
        asked = db.session.get_one(Requisition, world.requisition).profile["competencies"]
    unrated = [key for key in asked if key not in rated]
    assert unrated
    world["recruiter"].sign_in()
    said = f"{len(unrated)} kompetenser är inte bedömda än."
    assert said in page(world)
    first = page(world, address=f"?competency={rated[0]}")
    assert said not in first
    assert set(json.loads(page(world, address="comparison.json"))["unrated"]) == set(unrated)
    assert "Ännu inte bedömt av någon:" in page(world, address="decision/")


def test_nothing_more_is_awaited_of_who_has_withdrawn(rated):
    """An interview that has been held stays when the candidate withdraws."""
    with rated.app.app_context():
        db.session.execute(sa.update(Interview).values(starts_at=now() - timedelta(days=1)))
        db.session.commit()
    assert "Hiring Manager Prov (Amina Exempel)" in page(rated)
    path = f"{rated.path}/candidates/{rated.candidates[0]}/withdraw"
    assert rated["recruiter"].post(path).status_code == 302
    assert "Amina Exempel" in page(rated)
    assert "Hiring Manager Prov (Amina Exempel)" not in page(rated)


def test_all_that_is_asked_for_is_rated(rated):
    assert "inte bedömda än" not in page(rated)
    assert json.loads(page(rated, address="comparison.json"))["unrated"] == {}
    assert "Ännu inte bedömt av någon" not in page(rated, address="decision/")


def test_a_document_carries_the_day_of_the_organisation(rated, monkeypatch):
    """Half past eleven in the evening by UTC is the next day in Stockholm."""
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    monkeypatch.setattr("recruit.comparisons.queries.now", lambda: late)
    text = page(rated)
    assert "3 mars 2026" in text
    assert "2 mars 2026" not in text
