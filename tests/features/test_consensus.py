"""Consensus meetings: when all have submitted, beside the ratings and never instead of them."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import delete, select

from recruit.audit.models import AuditEvent
from recruit.consensus import queries as consensus
from recruit.consensus.models import Agreement, ConsensusMeeting
from recruit.database import db, write
from recruit.interviews.models import Interview
from recruit.scorecards.models import Rating, Scorecard
from tests.features import test_reports as documents
from tests.features.test_queries import grow, queries
from tests.features.test_training import text_of
from tests.locks import at_once

SECRET = "Det kollegan hörde och ingen annan får läsa än"
WHY = "Hon lät gruppen ta över schemat och tog inte tillbaka det."


def submit(world, name, number, scores=(), **more):
    """Submit with the scores for the first competencies, 3 for the rest; None: not assessed."""
    person = world[name]
    if not person.token:
        person.sign_in()
    form = world.ratings(number, evidence=f"{name} hörde detta.") | more
    for competency, score in zip(world.competencies[number], scores, strict=False):
        form[f"rating-{competency}-score"] = "" if score is None else str(score)
        if score is None:
            form[f"rating-{competency}-not_assessed_reason"] = "Ingen tid."
    answer = person.post(world.scorecard(number), form)
    assert answer.status_code == 302, answer.text


@pytest.fixture
def rated(world):
    """Both have rated the second candidate, three apart on the third competency of the guide."""
    submit(world, "interviewer", 2, (3, 4, 2, 4), recommendation="yes")
    submit(world, "colleague", 2, (3, 3, 5, None), recommendation="no")
    return world


def place(world, candidate=1, round_=0):
    return f"{world.path}/consensus/{world.lot(candidate)}/{round_}"


def begin(world, name="colleague", others="", version="0"):
    person = world[name]
    if not person.token:
        person.sign_in()
    present = [str(world[key].id) for key in ("interviewer", "colleague")]
    form = {"present": present, "others": others, "version": version}
    answer = person.post(f"{place(world)}/", form)
    assert answer.status_code == 302, answer.text
    return person


def agree(world, person, topic, outcome="4", rationale=WHY, version="0"):
    form = {"outcome": outcome, "rationale": rationale, "version": version}
    return person.post(f"{place(world)}/topics/{topic}", form)


def stored(world):
    with world.app.app_context():
        rows = db.session.scalars(select(Agreement).order_by(Agreement.topic, Agreement.version))
        found = [(a.topic, a.version, a.score, a.recommendation, a.rationale) for a in rows]
        db.session.remove()
    return found


def every_rating(world):
    """Return every column of every rating and scorecard."""
    with world.app.app_context():
        found = [
            sorted(map(repr, db.session.execute(select(table.__table__))))
            for table in (Scorecard, Rating)
        ]
        db.session.remove()
    return found


def test_topics_come_by_spread_then_advice_then_what_is_not_assessed(rated):
    person = begin(rated)
    with rated.app.test_request_context():
        from recruit.candidates.queries import candidate

        found = consensus.meeting(
            person.id, rated.requisition, candidate(rated.requisition, rated.candidates[1]), 0
        )
        topics = [(t.key, t.spread, t.differs) for t in found.topics]
    first, second, third, *rest = rated.competencies[2]
    assert topics[:2] == [(third, 3, True), (second, 1, True)]
    assert topics[2] == ("_recommendation", None, True)
    assert topics[3:] == [*((key, None, True) for key in rest[:1]), (first, 0, False)] + [
        (key, 0, False) for key in rest[1:]
    ]


def test_evidence_stands_side_by_side_the_lowest_first(rated):
    person = begin(rated)
    topic = rated.competencies[2][2]
    page = text_of(person.get(f"{place(rated)}/topics/{topic}").text)
    assert "3 steg isär" in page
    low, high = page.index("interviewer hörde detta."), page.index("colleague hörde detta.")
    assert low < high
    assert "Underlag: Exempel" in page


@pytest.mark.parametrize("reader", ["recruiter", "hiring_manager", "interviewer", "colleague"])
def test_nothing_leaks_before_all_have_submitted(world, reader):
    """The colleague has submitted, the interviewer has not: nobody gets a meeting."""
    submit(world, "colleague", 2, summary=SECRET)
    person = world[reader]
    if not person.token:
        person.sign_in()
    topic = world.competencies[2][0]
    here = place(world)
    for path in (f"{world.path}/consensus/", f"{here}/", f"{here}/minutes"):
        page = person.get(path)
        assert page.status_code == 200
        assert SECRET not in page.text
        assert "colleague hörde" not in page.text
        assert "isär" not in page.text
        assert "att tala om" not in page.text
    assert person.get(f"{here}/topics/{topic}").location == f"{here}/"
    sent = agree(world, person, topic)
    assert sent.status_code == 409
    assert "colleague hörde" not in sent.text
    assert person.post(f"{here}/", {"present": [str(person.id)], "version": "0"}).status_code in {
        400,
        409,
    }
    assert stored(world) == []
    # There is something that could have leaked.
    submit(world, "interviewer", 2)
    begin(world, "recruiter")
    assert SECRET in world["recruiter"].get(f"{here}/topics/_recommendation").text


def test_a_recruiter_on_the_panel_is_withheld_like_everybody(rated):
    """On a panel of another round that is still to be rated, the recruiter gets nothing."""
    begin(rated)
    agree(rated, rated["colleague"], rated.competencies[2][2], rationale=SECRET)
    with rated.app.app_context():
        from datetime import UTC, datetime

        from recruit.interviews import actions as interviews

        interviews.plan(
            rated.requisition,
            candidate_id=rated.candidates[1],
            guide_version_id=rated.versions[1],
            starts_at=datetime.now(UTC),
            timezone="Europe/Stockholm",
            place="",
            panel=[rated["recruiter"].id],
            actor_id=rated["recruiter"].id,
        )
        db.session.remove()
    recruiter = rated["recruiter"].sign_in()
    for round_ in (0, 1):
        here = place(rated, round_=round_)
        for path in (f"{rated.path}/consensus/", f"{here}/", f"{here}/minutes"):
            page = recruiter.get(path).text
            assert "Du har själv kvar att bedöma" in page
            assert SECRET not in page
            assert "colleague hörde" not in page
        assert recruiter.get(f"{here}/topics/{rated.competencies[2][2]}").status_code == 302
    with rated.app.app_context():
        assert consensus.agreed(recruiter.id, rated.requisition) == ()
        assert len(consensus.agreed(rated["colleague"].id, rated.requisition)) == 1
        db.session.remove()
    # The first round's panel has nobody left to wait for: they may meet about that round.
    colleague = rated["colleague"]
    assert colleague.get(f"{place(rated, round_=1)}/").status_code == 200
    assert "steg isär" in colleague.get(f"{place(rated, round_=1)}/").text
    assert "steg isär" not in colleague.get(f"{place(rated, round_=0)}/").text


def test_a_round_waits_for_its_people_in_other_rounds_too(world):
    """Who has a round left to rate would hear the others first."""
    for name in ("interviewer", "colleague"):
        submit(world, name, 0)
    page = text_of(world["recruiter"].sign_in().get(f"{place(world, 0, 1)}/").text)
    assert "Kvar att lämna in: Colleague Prov, Interviewer Prov" in page


def test_each_candidate_has_one_row_that_says_what_is_next(rated):
    def rows():
        page = rated["recruiter"].get(f"{rated.path}/consensus/").text
        found = re.findall(r'<tr>\s*<th scope="row">.*?</tr>', page, re.DOTALL)
        return [text_of(f"<main>{row}</main>") for row in found]

    rated["recruiter"].sign_in()
    amina, bjorn = rows()
    # She meets two rounds, and nobody has rated her.
    assert "Amina Exempel" in amina
    assert amina.count("Väntar på") == 1
    assert "En omgång för sig" not in amina
    assert "Håll mötet" in bjorn
    assert "3 punkter att tala om" in bjorn
    person = begin(rated)
    topics = [*rated.competencies[2][1:3], "_recommendation"]
    for topic in topics[:2]:
        agree(rated, person, topic)
    assert "Fortsätt mötet" in rows()[1]
    assert "1 punkt att tala om" in rows()[1]
    agree(rated, person, topics[2], "yes")
    assert "Tillbaka till mötet" in rows()[1]
    assert "allt är genomgånget" in rows()[1]
    assert "Hela processen" in rows()[1]
    with rated.app.app_context():
        from recruit.interviews import actions as interviews

        # It has been held: what is yet to come is cancelled when a candidate withdraws.
        with write():
            held = db.session.get_one(Interview, rated.interviews[2])
            held.starts_at -= timedelta(days=9)
        for candidate in rated.candidates:
            interviews.withdraw_candidate(
                rated.requisition, candidate, actor_id=rated["recruiter"].id
            )
        db.session.remove()
    # Nobody waits for ratings of who has withdrawn; what was agreed can still be read.
    (left,) = rows()
    assert "Björn Fiktiv" in left


def test_a_round_that_may_meet_already_is_offered_beside_the_whole(world):
    """The second round's panel has yet to rate; the first one's need not wait for it."""
    for name in ("interviewer", "colleague"):
        submit(world, name, 0)
    with world.app.app_context():
        from recruit.interviews.models import PanelMember

        with write():
            seats = PanelMember.interview_id == world.interviews[1]
            others = PanelMember.user_id != world["hiring_manager"].id
            db.session.execute(delete(PanelMember).where(seats, others))
        db.session.remove()
    page = text_of(world["recruiter"].sign_in().get(f"{world.path}/consensus/").text)
    assert "Väntar på Hiring Manager Prov" in page
    assert "En omgång för sig: Första intervjun" in page
    assert "En omgång för sig: Första intervjun, " not in page


def test_a_meeting_from_presence_to_minutes(rated):
    before = every_rating(rated)
    person = begin(rated, others="Mötesledare Ek,  Facklig\u202e Företrädare\r\n")
    topics = [rated.competencies[2][2], "_recommendation"]
    answer = agree(rated, person, topics[0], "4")
    assert answer.location == f"{place(rated)}/topics/{rated.competencies[2][1]}"
    assert agree(rated, person, topics[1], "none", "Vi behöver en referens.").status_code == 302
    assert stored(rated) == [
        ("_recommendation", 1, None, None, "Vi behöver en referens."),
        (topics[0], 1, 4, None, WHY),
    ]
    page = text_of(person.get(f"{place(rated)}/minutes").text)
    assert "Ni enades om: 4" in page
    assert "Inte ense" in page
    assert WHY in page
    people = "Colleague Prov, Interviewer Prov, Mötesledare Ek, Facklig Företrädare"
    assert f"antecknat av Colleague Prov. Närvarande: {people}." in page
    assert "Var för sig: Interviewer Prov 2 , Colleague Prov 5" in page
    assert every_rating(rated) == before


def test_the_last_topic_leads_to_the_minutes(rated):
    person = begin(rated)
    page = person.get(f"{place(rated)}/").text
    last = page.rpartition("/topics/")[2].partition('"')[0]
    answer = agree(rated, person, last)
    assert answer.location == f"{place(rated)}/minutes"


def test_a_change_keeps_what_was_agreed_before(rated):
    person = begin(rated)
    topic = rated.competencies[2][2]
    agree(rated, person, topic, "4")
    agree(rated, person, topic, "3", "Vi läste om ankaret.", version="1")
    assert [row[1:3] for row in stored(rated)] == [(1, 4), (2, 3)]
    page = text_of(person.get(f"{place(rated)}/minutes").text)
    assert page.index("Vi läste om ankaret.") < page.index("Före det") < page.index(WHY)
    with rated.app.app_context():
        (held,) = consensus.agreed(person.id, rated.requisition)
        assert (held.score, held.version, held.rationale) == (3, 2, "Vi läste om ankaret.")
        assert held.saved_by == "Colleague Prov"
        assert held.present == ("Colleague Prov", "Interviewer Prov")
        assert (held.round_name, held.changed_since) == ("", False)
        db.session.remove()


def test_two_devices_are_shown_side_by_side_and_nothing_is_lost(rated):
    topic = rated.competencies[2][2]
    one, other = begin(rated), rated["interviewer"]
    agree(rated, one, topic, "4", "Det första.")
    answer = agree(rated, other, topic, "2", "<i>Det andra.</i>")
    assert answer.status_code == 409
    page = answer.text
    assert "Det första." in page
    assert page.count("&lt;i&gt;Det andra.&lt;/i&gt;") == 2
    assert 'name="version" type="hidden" value="1"' in page
    assert [row[2] for row in stored(rated)] == [4]
    assert agree(rated, other, topic, "2", "Det andra.", version="1").status_code == 302
    assert [row[2] for row in stored(rated)] == [4, 2]


def test_the_same_save_twice_is_one(rated):
    person = begin(rated)
    topic = rated.competencies[2][2]
    assert agree(rated, person, topic).location == agree(rated, person, topic).location
    assert len(stored(rated)) == 1


def test_two_saves_at_once_leave_one_and_a_conflict(rated):
    topic = rated.competencies[2][2]
    one, other = begin(rated), rated["interviewer"]
    answers = at_once(
        rated,
        "consensus_meeting",
        lambda: agree(rated, one, topic, "1"),
        lambda: agree(rated, other, topic, "2"),
    )
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert [row[1] for row in stored(rated)] == [1]


def test_who_is_here_is_not_overwritten_either(rated):
    begin(rated, others="Ek")
    other = rated["interviewer"]
    here = [other.id, rated["colleague"].id]
    form = {"present": list(map(str, here)), "others": "Al", "version": "0"}
    answer = other.post(f"{place(rated)}/", form)
    assert answer.status_code == 409
    assert "Colleague Prov, Interviewer Prov, Ek" in answer.text
    assert "\nAl</textarea>" in answer.text
    assert other.post(f"{place(rated)}/", form | {"version": "1"}).status_code == 302
    with rated.app.app_context():
        meeting = db.session.scalars(select(ConsensusMeeting)).one()
        assert (meeting.others, meeting.version) == ("Al", 2)
        assert sorted(meeting.present) == sorted(here)
        db.session.remove()


def test_nothing_is_agreed_before_it_is_known_who_is_here(rated):
    person = rated["colleague"]
    topic = rated.competencies[2][2]
    assert agree(rated, person, topic).location == f"{place(rated)}/"
    assert person.get(f"{place(rated)}/topics/{topic}").location == f"{place(rated)}/"
    assert person.post(f"{place(rated)}/", {"version": "0"}).status_code == 400
    assert stored(rated) == []


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": ""},
        {"outcome": "0"},
        {"outcome": "6"},
        {"outcome": "yes"},
        {"outcome": "4.5"},
        {"rationale": ""},
        {"rationale": " \n\t "},
        {"rationale": "\x00"},
        {"rationale": "x" * 4001},
        {"version": ""},
        {"version": "-1"},
        {"version": "9" * 40},
    ],
)
def test_what_cannot_be_agreed(rated, change):
    person = begin(rated)
    topic = rated.competencies[2][2]
    form = {"outcome": "4", "rationale": "Kvar i rutan.", "version": "0"} | change
    answer = person.post(f"{place(rated)}/topics/{topic}", form)
    assert answer.status_code == 400
    assert stored(rated) == []
    if "rationale" not in change:
        assert "Kvar i rutan." in answer.text


def test_advice_is_agreed_in_its_own_words(rated):
    person = begin(rated)
    assert agree(rated, person, "_recommendation", "3").status_code == 400
    assert agree(rated, person, "_recommendation", "yes_with_doubts").status_code == 302
    assert stored(rated) == [("_recommendation", 1, None, "yes_with_doubts", WHY)]


@pytest.mark.parametrize("present", [["999999"], ["x"], ["1; DROP TABLE user"]])
def test_only_the_panel_is_ticked(rated, present):
    answer = rated["colleague"].post(f"{place(rated)}/", {"present": present, "version": "0"})
    assert answer.status_code == 400
    with rated.app.app_context():
        assert db.session.scalars(select(ConsensusMeeting)).all() == []
        db.session.remove()


def test_places_that_do_not_exist(rated):
    person = begin(rated)
    here = rated.path
    for path in (
        f"{place(rated)}/topics/nothing",
        f"{place(rated, round_=1)}/",
        f"{place(rated, round_=7)}/minutes",
        f"{here}/consensus/999999/0/",
    ):
        assert person.get(path).status_code in {403, 404}
    assert agree(rated, person, "nothing").status_code == 404


def test_only_those_concerned(rated):
    begin(rated)
    agree(rated, rated["colleague"], rated.competencies[2][2])
    for name in ("bystander", "administrator", "stranger"):
        person = rated[name].sign_in()
        for path in (f"{place(rated)}/", f"{place(rated)}/minutes"):
            assert person.get(path).status_code in {403, 404}
        assert agree(rated, person, rated.competencies[2][2], version="1").status_code in {403, 404}
    assert len(stored(rated)) == 1
    page = text_of(rated["bystander"].get(f"{rated.path}/consensus/").text)
    assert "Björn Fiktiv" not in page
    page = text_of(rated["hiring_manager"].sign_in().get(f"{rated.path}/consensus/").text)
    assert "Björn Fiktiv" in page


def reopen(world, name, number):
    with world.app.app_context():
        from recruit.scorecards import actions as scorecards

        scorecards.reopen(
            world.interviews[number],
            world[name].id,
            reason="Fel betyg valdes.",
            actor_id=world["recruiter"].id,
        )
        db.session.remove()


def test_ratings_that_change_after_the_meeting_are_told(rated):
    person = begin(rated)
    _, second, third, *_ = rated.competencies[2]
    agree(rated, person, third)
    agree(rated, person, second)
    reopen(rated, "interviewer", 2)
    page = text_of(person.get(f"{place(rated)}/minutes").text)
    assert "Bedömningar är öppnade igen eller nya: Interviewer Prov." in page
    assert "interviewer hörde" not in page
    assert agree(rated, person, third, "2", version="1").status_code == 409
    # Whoever rates anew gets nothing until they have submitted again.
    assert WHY not in rated["interviewer"].get(f"{place(rated)}/minutes").text
    submit(rated, "interviewer", 2, (3, 4, 3, 4), version="1", recommendation="yes")
    with rated.app.app_context():
        held = {a.topic: a for a in consensus.agreed(person.id, rated.requisition)}
        assert {key: a.changed_since for key, a in held.items()} == {third: True, second: False}
        assert held[third].score == 4
        db.session.remove()
    note = "Egna bedömningar har tillkommit eller ändrats sedan ni enades om det här."
    assert text_of(person.get(f"{place(rated)}/minutes").text).count(note) == 1
    assert note in text_of(person.get(f"{place(rated)}/topics/{third}").text)
    # The same outcome on the new ratings is a new version, and no longer out of date.
    assert agree(rated, person, third, version="1").status_code == 302
    assert note not in text_of(person.get(f"{place(rated)}/minutes").text)


def test_the_trail_tells_who_and_never_what(rated):
    person = begin(rated)
    topic = rated.competencies[2][2]
    agree(rated, person, topic, rationale=SECRET)
    person.get(f"{place(rated)}/topics/{topic}")
    person.get(f"{place(rated)}/minutes")
    opened = {"candidates": [rated.candidates[1]]}
    with rated.app.app_context():
        events = db.session.scalars(
            select(AuditEvent)
            .where(AuditEvent.action.startswith("consensus."))
            .order_by(AuditEvent.id)
        ).all()
        assert [(e.action, e.actor_id, e.detail) for e in events] == [
            ("consensus.note_presence", person.id, {"round": 0}),
            ("consensus.agree", person.id, {"round": 0, "topic": topic, "version": 1}),
            ("consensus.view", person.id, {"round": 0, "kind": "topics"} | opened),
            ("consensus.view", person.id, {"round": 0, "kind": "minutes"} | opened),
        ]
        db.session.remove()


def test_english(rated):
    person = begin(rated)
    person.post("/language", {"language": "en"})
    topic = rated.competencies[2][2]
    page = text_of(person.get(f"{place(rated)}/topics/{topic}").text)
    assert "3 steps apart" in page
    assert "Write why, in a sentence or two." in agree(rated, person, topic, rationale="").text


def test_as_many_queries_for_many_as_for_few(rated):
    person = begin(rated)
    topic = rated.competencies[2][2]
    agree(rated, person, topic)
    here = place(rated)
    paths = [
        f"{rated.path}/consensus/",
        f"{here}/",
        f"{here}/topics/{topic}",
        f"{here}/minutes",
    ]
    few = [queries(rated, person, path) for path in paths]
    grow(rated, range(8))
    assert [queries(rated, person, path) for path in paths] == few
    assert max(few) <= 30


def comparison(world, name, path="comparison/"):
    person = world[name]
    if not person.token:
        person.sign_in()
    return person.get(f"{world.path}/{path}")


def test_what_was_agreed_stands_beside_the_comparison(rated, tmp_path):
    topic = rated.competencies[2][2]
    before = comparison(rated, "recruiter", "comparison/comparison.json").json
    person = begin(rated, others="Utredaren Prov")
    assert agree(rated, person, topic).status_code == 302
    assert agree(rated, person, "_recommendation", outcome="no").status_code == 302
    after = comparison(rated, "recruiter", "comparison/comparison.json").json
    assert before["agreed"] == []
    assert [(a["competency"], a["score"], a["recommendation"]) for a in after["agreed"]] == [
        (topic, 4, ""),
        ("", None, "no"),
    ]
    assert {a["candidate"] for a in after["agreed"]} == {"Björn Fiktiv"}
    assert {a["rationale"] for a in after["agreed"]} == {WHY}
    assert "Utredaren Prov" in after["agreed"][0]["present"]
    # No figure is another than before.
    assert {k: v for k, v in after.items() if k != "agreed"} == {
        k: v for k, v in before.items() if k != "agreed"
    }
    page = text_of(comparison(rated, "recruiter").text)
    assert "Vad panelen enades om" in page
    assert WHY in page
    answer = comparison(rated, "recruiter", "comparison/comparison.pdf")
    pdf = documents.text_of(answer, tmp_path)
    assert "Vad panelen enades om" in pdf
    assert " ".join(WHY.split()) in pdf
    sheets = comparison(rated, "recruiter", "comparison/comparison.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(sheets))
    assert [row[2].value for row in book["Enades om"].iter_rows(min_row=2)] == ["4", "Nej"]


def test_what_was_agreed_is_withheld_with_the_ratings_it_rests_on(rated):
    assert agree(rated, begin(rated), rated.competencies[2][2]).status_code == 302
    with rated.app.app_context():
        from recruit.interviews.models import PanelMember

        member = PanelMember(interview_id=rated.interviews[2], user_id=rated["hiring_manager"].id)
        db.session.add(member)
        db.session.commit()
        db.session.remove()
    for path in ("comparison/", "comparison/comparison.json", "comparison/comparison.xlsx"):
        answer = comparison(rated, "hiring_manager", path)
        assert WHY.encode() not in answer.data


def test_letters_stand_for_names_in_what_was_agreed(rated):
    person = begin(rated)
    topic = rated.competencies[2][2]
    assert agree(rated, person, topic, rationale="Björn visade det.").status_code == 302
    rated["recruiter"].sign_in().post(f"{rated.path}/comparison/pseudonyms", {"wanted": "yes"})
    found = comparison(rated, "recruiter", "comparison/comparison.json").json["agreed"]
    assert "Björn" not in str(found)
    assert found[0]["rationale"] == f"{found[0]['candidate']} visade det."
