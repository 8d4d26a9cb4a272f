"""What was submitted stays: reopening, the second submission, and the states in between."""

from __future__ import annotations

from functools import partial

import pytest

from recruit.audit.models import AuditEvent
from recruit.database import db
from recruit.scorecards import actions
from recruit.scorecards.entries import Entries
from recruit.scorecards.models import Scorecard, Submission
from recruit.scorecards.states import (
    TRANSITIONS,
    ScorecardIsNotSubmitted,
    ScorecardIsSubmitted,
    ScorecardState,
    moved,
)
from tests.locks import at_once
from tests.mail import deliver, text_of
from tests.security.test_noninterference import entries_for


def panel(world, number):
    return f"{world.path}/interviews/{world.interviews[number]}/panel/"


def submit(world, name, number, **more):
    person = world[name].sign_in() if not world[name].token else world[name]
    answer = person.post(world.scorecard(number), world.ratings(number, **more))
    assert answer.status_code == 302, answer.text
    return person


def reopen(world, number, name, reason="Betyget hamnade på fel kompetens."):
    recruiter = world["recruiter"].sign_in()
    answer = recruiter.post(f"{panel(world, number)}{world[name].id}/reopen", {"reason": reason})
    assert answer.status_code == 302, answer.text
    return recruiter


def submissions(world, number, name):
    with world.app.app_context():
        found = [
            (item.number, Entries.from_json(item.content), item.after_others, item.reopened_reason)
            for item in db.session.scalars(
                db.select(Submission)
                .join(Submission.scorecard)
                .where(
                    Scorecard.interview_id == world.interviews[number],
                    Scorecard.user_id == world[name].id,
                )
                .order_by(Submission.number)
            )
        ]
        db.session.remove()
    return found


def version_of(world, number, name):
    with world.app.app_context():
        found = db.session.scalar(
            db.select(Scorecard.version).where(
                Scorecard.interview_id == world.interviews[number],
                Scorecard.user_id == world[name].id,
            )
        )
        db.session.remove()
    return str(found)


def test_every_way_between_states_is_in_the_table():
    """Each pair of states is either a transition or refused by name."""
    for state in ScorecardState:
        for wanted in ScorecardState:
            if wanted in TRANSITIONS[state]:
                assert moved(state, wanted) == wanted
            elif state == ScorecardState.SUBMITTED:
                with pytest.raises(ScorecardIsSubmitted):
                    moved(state, wanted)
            else:
                with pytest.raises(ScorecardIsNotSubmitted):
                    moved(state, wanted)


def test_the_first_submission_is_kept_unchanged(world):
    interviewer = submit(world, "interviewer", 0, evidence="Först skrivet.", score=3)
    first = submissions(world, 0, "interviewer")
    reopen(world, 0, "interviewer")
    page = interviewer.get(world.scorecard(0))
    assert "Betyget hamnade på fel kompetens." in page.text
    form = world.ratings(0, evidence="Sedan skrivet.", score=5)
    form["version"] = version_of(world, 0, "interviewer")
    assert interviewer.post(world.scorecard(0), form).status_code == 302
    both = submissions(world, 0, "interviewer")
    assert [number for number, *_ in both] == [1, 2]
    assert both[0][1] == first[0][1]
    assert {rating.evidence for rating in both[0][1].ratings.values()} == {"Först skrivet."}
    assert {rating.score for rating in both[1][1].ratings.values()} == {5}
    assert both[0][3] == "Betyget hamnade på fel kompetens."
    kept = world["recruiter"].get(f"{panel(world, 0)}{interviewer.id}/submissions").text
    assert "Först skrivet." in kept
    assert "Sedan skrivet." in kept


def test_a_reopened_scorecard_counts_as_not_submitted(world):
    """It leaves the comparison, its interviewer loses sight of the others until submitting anew."""
    submit(world, "colleague", 0, evidence="Kollegans underlag.")
    submit(world, "interviewer", 0, evidence="Eget underlag.")
    interviewer = submit(world, "interviewer", 1, evidence="Eget underlag i omgång två.")
    assert "Kollegans underlag." in interviewer.get(world.scorecard(0)).text
    recruiter = reopen(world, 0, "interviewer")
    assert "Kollegans underlag." not in interviewer.get(world.scorecard(0)).text
    assert "Kollegans underlag." not in interviewer.get(world.scorecard(1)).text
    place = f"{world.path}/comparison/evidence/{world.lot(0)}/{world.competencies[0][0]}"
    evidence = recruiter.get(place).text
    assert "Kollegans underlag." in evidence
    assert "Eget underlag." not in evidence
    assert "Eget underlag." not in recruiter.get(f"{world.path}/comparison/").text
    form = world.ratings(0, evidence="Eget underlag, ändrat.")
    form["version"] = version_of(world, 0, "interviewer")
    assert interviewer.post(world.scorecard(0), form).status_code == 302
    assert "Eget underlag, ändrat." in recruiter.get(place).text


def test_a_submission_after_the_others_were_open_is_marked(world):
    submit(world, "colleague", 0)
    for number in (0, 1):
        interviewer = submit(world, "interviewer", number)
    reopen(world, 0, "interviewer")
    form = world.ratings(0, evidence="Ändrat.") | {"version": version_of(world, 0, "interviewer")}
    interviewer.post(world.scorecard(0), form)
    assert [mark for _, _, mark, _ in submissions(world, 0, "interviewer")] == [False, True]
    for reader in (world["recruiter"], submit(world, "colleague", 1)):
        path = (
            f"{panel(world, 0)}{interviewer.id}/submissions"
            if reader is world["recruiter"]
            else world.scorecard(0)
        )
        assert "Gjord efter att andras bedömningar hade öppnats" in reader.get(path).text


@pytest.mark.parametrize("case", ["nobody else", "other panel open"])
def test_a_submission_that_could_not_know_is_not_marked(world, case):
    """Nobody else had submitted, or the others were withheld for another panel's sake."""
    if case == "other panel open":
        submit(world, "colleague", 0)
    interviewer = submit(world, "interviewer", 0)
    reopen(world, 0, "interviewer")
    if case == "nobody else":
        submit(world, "colleague", 0)
    form = world.ratings(0, evidence="Ändrat.") | {"version": version_of(world, 0, "interviewer")}
    assert interviewer.post(world.scorecard(0), form).status_code == 302
    assert [mark for _, _, mark, _ in submissions(world, 0, "interviewer")] == [False, False]


def test_reopening_needs_a_reason_and_a_submission(world):
    recruiter = world["recruiter"].sign_in()
    path = f"{panel(world, 0)}{world['interviewer'].id}/reopen"
    assert recruiter.post(path, {"reason": "Skäl"}).status_code == 409
    interviewer = world["interviewer"].sign_in()
    interviewer.post(world.scorecard(0), world.ratings(0, action="draft"))
    assert recruiter.post(path, {"reason": "Skäl"}).status_code == 409
    submit(world, "interviewer", 1)
    path = f"{panel(world, 1)}{world['interviewer'].id}/reopen"
    for reason in ("", "   "):
        answer = recruiter.post(path, {"reason": reason})
        assert answer.status_code == 400
        assert "Skriv varför" in answer.text
    assert submissions(world, 1, "interviewer")[0][3] == ""
    assert recruiter.post(path, {"reason": "x" * 1001}).status_code == 400
    assert recruiter.post(path, {"reason": "Skäl"}).status_code == 302
    assert recruiter.post(path, {"reason": "Skäl"}).status_code == 409


def test_the_owner_is_told_of_a_reopening(mailing, mailbox):
    submit(mailing, "interviewer", 2)
    deliver(mailing.app)
    mailbox.letters.clear()
    reopen(mailing, 2, "interviewer", reason="Betyget hamnade fel.")
    deliver(mailing.app)
    (letter,) = mailbox.letters
    assert letter["To"] == "interviewer@example.org"
    assert letter["Subject"].strip() == "Din bedömning är öppen igen: Björn Fiktiv"
    assert "Betyget hamnade fel." in text_of(letter)
    assert mailing.scorecard(2) in text_of(letter)


def test_the_trail_tells_of_beginning_and_submitting_not_of_every_save(world):
    interviewer = world["interviewer"].sign_in()
    for version in range(5):
        form = world.ratings(0, summary=f"Utkast {version}", version=str(version))
        assert interviewer.post(f"{world.scorecard(0)}draft", form).status_code == 200
    form = world.ratings(0, summary="Klart", version="5")
    assert interviewer.post(world.scorecard(0), form).status_code == 302
    reopen(world, 0, "interviewer")
    with world.app.app_context():
        found = db.session.scalars(
            db.select(AuditEvent.action)
            .where(AuditEvent.action.startswith("scorecard."))
            .order_by(AuditEvent.id)
        ).all()
        db.session.remove()
    assert found == ["scorecard.begin", "scorecard.submit", "scorecard.reopen"]


def test_the_save_and_the_lock_are_one(world):
    """Two windows submit at once: one content is locked, and it is that of whoever was let in."""
    interviewer = world["interviewer"].sign_in()
    draft = world.ratings(0, action="draft")
    assert interviewer.post(world.scorecard(0), draft).status_code == 302

    def lock(text):
        written = entries_for(world, 0, 3, text)
        actions.submit(world.interviews[0], interviewer.id, written, 1)
        return written

    found = at_once(world, "scorecard", partial(lock, "Det ena"), partial(lock, "Det andra"))
    assert {type(one) for one in found} == {Entries, ScorecardIsSubmitted}
    locked = [entries for _number, entries, *_ in submissions(world, 0, "interviewer")]
    assert locked == [one for one in found if isinstance(one, Entries)]
    incomplete = world.ratings(0, summary="Ofullständigt", recommendation="", version="2")
    assert interviewer.post(world.scorecard(0), incomplete).status_code == 409
    assert [entries for _number, entries, *_ in submissions(world, 0, "interviewer")] == locked


def test_content_reads_back(world):
    with world.app.app_context():
        interviewer = world["interviewer"].id
        from recruit.scorecards.entries import RatingEntry
        from recruit.scorecards.models import EvidenceLevel, Recommendation

        competencies = world.competencies[0]
        entries = Entries(
            ratings={
                competencies[0]: RatingEntry(5, EvidenceLevel.PATTERN, "å\n🙂", ""),
                **{key: RatingEntry(None, None, "", "Tiden.") for key in competencies[1:]},
            },
            notes={},
            recommendation=Recommendation.YES_WITH_DOUBTS,
            summary="“Citat”",
        )
        actions.submit(world.interviews[0], interviewer, entries, 0)
        db.session.remove()
    assert submissions(world, 0, "interviewer")[0][1] == entries


def test_migration_keeps_what_was_submitted_before(app, world):
    """Going back a version and up again makes the first submission out of the ratings."""
    import flask_migrate

    submit(world, "interviewer", 0, evidence="Från före uppgraderingen.", summary="Kort.")
    before = submissions(world, 0, "interviewer")
    with app.app_context():
        flask_migrate.downgrade(revision="0001")
        assert db.session.execute(db.text("SELECT count(*) FROM rating")).scalar() > 0
        db.session.remove()
        flask_migrate.upgrade()
        db.session.remove()
    after = submissions(world, 0, "interviewer")
    assert [(number, entries) for number, entries, *_ in after] == [
        (number, entries) for number, entries, *_ in before
    ]
