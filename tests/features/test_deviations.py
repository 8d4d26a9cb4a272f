"""Deviations: recorded by panel and recruiter, kept, and withheld as notes are."""

from __future__ import annotations

import pytest

from recruit.database import db


def place(world, number=0):
    return f"{world.path}/interviews/{world.interviews[number]}/deviations/"


def form(**changes):
    return {
        "question": "",
        "what": "Vi hann inte med sista frågan.",
        "reason": "Brandlarmet gick.",
    } | changes


def count(world):
    from recruit.deviations.models import Deviation

    with world.app.app_context():
        found = db.session.scalar(db.select(db.func.count()).select_from(Deviation))
        db.session.remove()
    return found


def question_of(world, number=0):
    from recruit.guides.models import GuideVersion

    with world.app.app_context():
        content = db.session.get(GuideVersion, world.versions[number]).content
        db.session.remove()
    return content["rounds"][0]["sections"][0]["questions"][0]


def test_a_deviation_is_recorded_with_its_reason(world):
    from recruit.audit.models import AuditEvent

    interviewer = world["interviewer"].sign_in()
    question = question_of(world)
    assert interviewer.post(place(world), form(question=question["id"])).status_code == 302
    page = interviewer.get(place(world)).text
    assert "Vi hann inte med sista frågan." in page
    assert "Brandlarmet gick." in page
    assert question["text"] in page
    assert "Interviewer Prov" in page
    with world.app.app_context():
        last = db.session.scalar(db.select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1))
        assert (last.action, last.detail) == ("deviation.record", {"deviation": 1})
        db.session.remove()
    assert place(world) in interviewer.get(f"{world.path}/interviews/").text


def test_others_deviations_are_withheld_until_one_has_rated(world):
    colleague = world["colleague"].sign_in()
    colleague.post(place(world), form(what="Kollegan hoppade över en fråga."))
    colleague.post(place(world, 1), form(what="Kollegan bytte ordning."))
    interviewer = world["interviewer"].sign_in()
    assert "Kollegan hoppade över" not in interviewer.get(place(world)).text
    assert "Kollegan hoppade över" in world["recruiter"].sign_in().get(place(world)).text
    interviewer.post(world.scorecard(0), world.ratings(0))
    assert "Kollegan hoppade över" not in interviewer.get(place(world)).text
    interviewer.post(world.scorecard(1), world.ratings(1))
    assert "Kollegan hoppade över" in interviewer.get(place(world)).text


@pytest.mark.parametrize(
    "change",
    [
        {"what": ""},
        {"what": " \x00 "},
        {"what": "x" * 2001},
        {"reason": ""},
        {"reason": "x" * 2001},
        {"question": "no-such-question"},
    ],
)
def test_a_faulty_deviation_is_explained_and_kept_in_the_form(world, change):
    recruiter = world["recruiter"].sign_in()
    data = form(**{"reason": "Kvar i fältet"} | change)
    answer = recruiter.post(place(world), data)
    assert answer.status_code == 400
    assert "ds-error-summary" in answer.text
    assert "Kvar i fältet" in answer.text or "reason" in change
    assert count(world) == 0


def test_a_cancelled_interview_has_no_more_deviations(world):
    recruiter = world["recruiter"].sign_in()
    path = f"{world.path}/interviews/{world.interviews[0]}/cancel"
    assert recruiter.post(path).status_code == 302
    assert recruiter.post(place(world), form()).status_code == 409
    assert count(world) == 0
    assert recruiter.get(place(world)).status_code == 200


def test_hostile_text_is_shown_as_text(world):
    recruiter = world["recruiter"].sign_in()
    recruiter.post(place(world), form(what="<img src=x onerror=alert(1)>\u202e"))
    page = recruiter.get(place(world)).text
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_one_person_records_so_many_and_loses_no_word_of_the_next(world):
    interviewer = world["interviewer"].sign_in()
    for number in range(40):
        answer = interviewer.post(place(world), form(what=f"Avvikelse {number}."))
        assert answer.status_code == 302
    refused = interviewer.post(place(world), form(what="En till, som inte får gå förlorad."))
    assert refused.status_code == 400
    assert "Du har antecknat 40 avvikelser" in refused.text
    assert "En till, som inte får gå förlorad.</textarea>" in refused.text
    assert count(world) == 40
    # Others' number is withheld, so it holds nobody back.
    assert world["colleague"].sign_in().post(place(world), form()).status_code == 302
