"""A decision with its reasons: made once, changed only with a reason, never lost."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from recruit.audit.models import AuditEvent
from recruit.comparisons.models import Decision, Outcome
from recruit.comparisons.queries import decisions
from recruit.database import db
from recruit.documents.phrases import Words
from recruit.labels import OUTCOMES, RECOMMENDATIONS
from recruit.requisitions.models import TRANSITIONS, Requisition, RequisitionState
from recruit.requisitions.work import RequisitionHasEnded, enter
from recruit.scorecards.models import Rating, Recommendation, Scorecard
from tests.features.conftest import submit
from tests.features.test_reports import text_of
from tests.locks import at_once


def path(world):
    return f"{world.path}/comparison/decision/"


def ratings(world, candidate):
    """Return the numbers of the candidate's ratings."""
    from recruit.interviews.models import Interview

    with world.app.app_context():
        return list(
            db.session.scalars(
                sa.select(Rating.id)
                .join(Scorecard, Scorecard.id == Rating.scorecard_id)
                .join(Interview, Interview.id == Scorecard.interview_id)
                .where(Interview.candidate_id == world.candidates[candidate])
                .order_by(Rating.id)
            )
        )


def form(world, **changes):
    first, second = world.lot(0), world.lot(1)
    return {
        "seen": "0",
        f"outcome-{first}": "offered",
        f"ground-{first}": [str(ratings(world, 0)[0])],
        f"why-{first}": "Flyttar beslut och står för dem.",
        f"outcome-{second}": "declined",
        "rationale": "Amina har visat det i handling.",
        "reason": "",
    } | changes


def kept(world):
    with world.app.app_context():
        return [
            (d.number, d.rationale, d.reason, {o.candidate_id: o.outcome for o in d.outcomes})
            for d in decisions(world.requisition)
        ]


def state(world):
    with world.app.app_context():
        return db.session.get_one(Requisition, world.requisition).state


def test_the_comparison_holds_the_decision_in_force(rated, tmp_path):
    recruiter = rated["recruiter"]
    address = f"{rated.path}/comparison/comparison"
    assert recruiter.get(f"{address}.json").json["decided"] is None
    assert recruiter.post(path(rated), form(rated)).status_code == 302
    assert recruiter.get(f"{address}.json").json["decided"]["candidates"] == [
        {
            "candidate": "Amina Exempel",
            "outcome": "offered",
            "rationale": "Flyttar beslut och står för dem.",
        },
        {"candidate": "Björn Fiktiv", "outcome": "declined", "rationale": ""},
    ]
    told = text_of(recruiter.get(f"{address}.pdf"), tmp_path)
    assert "Amina har visat det i handling." in told
    assert "Amina Exempel – erbjuds jobbet" in told
    later = form(rated, seen="1", reason="Amina tackade nej.", rationale="Björn tar över.")
    assert recruiter.post(path(rated), later).status_code == 302
    told = text_of(recruiter.get(f"{address}.pdf"), tmp_path)
    assert "Björn tar över." in told
    assert "Amina har visat det" not in told


def test_decide_then_change_with_a_reason(rated):
    first, second = rated.candidates
    recruiter = rated["recruiter"]
    assert recruiter.post(path(rated), form(rated)).status_code == 302
    outcomes = {first: "offered", second: "declined"}
    once = (1, "Amina har visat det i handling.", "", outcomes)
    assert kept(rated) == [once]
    assert state(rated) == "decided"
    text = recruiter.get(f"{rated.path}/comparison/").text
    assert "Amina har visat det i handling." in text
    told = text.partition('class="block decision"')[2].partition("</section>")[0]
    assert "Amina lät interviewer se rundorna." in told
    change = form(rated, seen="1", **{f"outcome-{rated.lot(1)}": "reserve"})
    answer = recruiter.post(path(rated), change)
    assert answer.status_code == 400
    assert "Skriv varför beslutet ändras." in answer.text
    assert "Amina har visat det i handling." in answer.text
    assert kept(rated) == [once]
    change["reason"] = "Björn kan bli aktuell i höst."
    assert recruiter.post(path(rated), change).status_code == 302
    assert [row[:1] + row[2:] for row in kept(rated)] == [
        (2, "Björn kan bli aktuell i höst.", outcomes | {second: "reserve"}),
        (1, "", outcomes),
    ]
    with rated.app.app_context():
        events = db.session.scalars(
            sa.select(AuditEvent)
            .where(AuditEvent.action == "decision.make")
            .order_by(AuditEvent.id)
        ).all()
        assert [event.detail for event in events] == [{"number": 1}, {"number": 2}]
        assert {event.actor_id for event in events} == {recruiter.id}


def test_grounds_keep_what_was_read(rated):
    number = ratings(rated, 0)[0]
    assert rated["recruiter"].post(path(rated), form(rated)).status_code == 302
    with rated.app.app_context():
        rating = db.session.get_one(Rating, number)
        before = rating.evidence
        rating.evidence = "Ändrat efteråt."
        db.session.commit()
        (decision,) = decisions(rated.requisition)
        grounds = [ground for outcome in decision.outcomes for ground in outcome.grounds]
        assert [(g.rating_id, g.evidence) for g in grounds] == [(number, before)]


def test_what_is_missing_is_told_and_nothing_lost(rated):
    first, second = rated.lot(0), rated.lot(1)
    empty = form(rated, rationale=" ", **{f"outcome-{second}": "", f"ground-{first}": []})
    answer = rated["recruiter"].post(path(rated), empty)
    assert answer.status_code == 400
    for text in (
        "Välj ett utfall för Björn Fiktiv.",
        "Välj det underlag som erbjudandet till Amina Exempel vilar på.",
        "Skriv varför du beslutar så.",
        "Flyttar beslut och står för dem.",
    ):
        assert text in answer.text, text
    long = rated["recruiter"].post(path(rated), form(rated, rationale="x" * 5001))
    assert "Skriv högst 5000 tecken." in long.text
    assert kept(rated) == []
    assert state(rated) == "open"


def test_hostile_forms_change_nothing(rated):
    first = rated.lot(0)
    foreign = str(ratings(rated, 1)[0])
    for changes, status in (
        ({f"outcome-{first}": "hired"}, 400),
        ({"seen": "x"}, 400),
        ({"seen": "-1"}, 400),
        ({f"ground-{first}": ["x"]}, 400),
        ({f"ground-{first}": [foreign]}, 409),
        ({f"ground-{first}": ["999999"]}, 409),
        ({"seen": "7", "reason": "Nytt."}, 409),
    ):
        answer = rated["recruiter"].post(path(rated), form(rated, **changes))
        assert answer.status_code == status, changes
    assert kept(rated) == []
    assert state(rated) == "open"
    text = "<script>alert(1)</script>"
    assert rated["recruiter"].post(path(rated), form(rated, rationale=text)).status_code == 302
    assert text not in rated["recruiter"].get(f"{rated.path}/comparison/").text


def test_two_at_once_make_one_decision(rated):
    """Both forms were opened before either was sent."""
    submit(rated, "hiring_manager", 1, score=3)
    entry = form(rated)
    answers = at_once(
        rated,
        "requisition",
        lambda: rated["recruiter"].post(path(rated), entry),
        lambda: rated["hiring_manager"].post(path(rated), entry),
    )
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert [row[0] for row in kept(rated)] == [1]


def test_who_has_yet_to_rate_neither_decides_nor_reads_the_decision(rated):
    manager = rated["hiring_manager"]
    answer = manager.post(path(rated), form(rated))
    assert answer.status_code == 409
    assert "egna bedömningar kvar" in answer.text
    assert kept(rated) == []
    assert rated["recruiter"].post(path(rated), form(rated)).status_code == 302
    text = manager.get(f"{rated.path}/comparison/").text
    assert "Ett beslut är fattat." in text
    for secret in ("Amina har visat", "Flyttar beslut", "Erbjuds jobbet", "Amina lät"):
        assert secret not in text, secret
    # Too late to rate: what was held back until then stays so.
    answer = manager.post(rated.scorecard(1), rated.ratings(1, score=3))
    assert answer.status_code == 409
    assert "Amina har visat" not in manager.get(f"{rated.path}/comparison/").text


def test_a_decision_lifts_the_letters(rated):
    rated["recruiter"].post(f"{rated.path}/comparison/pseudonyms", {"wanted": "yes"})
    text = rated["recruiter"].get(path(rated)).text
    assert "Amina" not in text
    assert rated["recruiter"].post(path(rated), form(rated)).status_code == 302
    assert "Amina Exempel" in rated["recruiter"].get(f"{rated.path}/comparison/").text


def test_a_closed_requisition_is_not_decided(rated):
    with rated.app.app_context():
        db.session.get_one(Requisition, rated.requisition).state = RequisitionState.CLOSED
        db.session.commit()
    answer = rated["recruiter"].post(path(rated), form(rated))
    assert answer.status_code == 409
    assert "Rekryteringen är avslutad, så inget mer görs eller beslutas i den." in answer.text
    with rated.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Decision.id))) == 0


@pytest.mark.parametrize("language", ["sv", "en"])
def test_pages_and_documents_call_an_outcome_the_same(app, language):
    words = Words(language)
    with app.test_request_context(), force_locale(language):
        assert {key: str(label) for key, label in OUTCOMES.items()} == {
            key: words(f"decided.{key}") for key in Outcome
        }
        assert {key: str(label) for key, label in RECOMMENDATIONS.items()} == {
            key: words(f"recommend.{key}") for key in Recommendation
        }


def test_states_follow_their_table():
    assert set(TRANSITIONS) == set(RequisitionState)
    for before in RequisitionState:
        for after in RequisitionState:
            requisition = Requisition(state=before)
            if after in TRANSITIONS[before]:
                enter(requisition, after)
                assert requisition.state == after
            else:
                with pytest.raises(RequisitionHasEnded):
                    enter(requisition, after)
                assert requisition.state == before
