"""What others wrote makes no difference to what a person can read who must not see it yet.

Two worlds are alike but for what others have written: texts, scores, levels, recommendations,
marks, times and versions, and whether a draft exists. Whoever is to be kept from it walks every
address of both, and must get the same answers to the last byte: no word, number, count, order,
header, length or error message can tell the worlds apart. Who has submitted is no secret and is
the same.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count, product
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from recruit.access import Permission, may
from recruit.accounts import tokens
from recruit.accounts.models import User
from recruit.comparisons.models import DecidedOutcome, Decision
from recruit.consensus.models import Agreement, ConsensusMeeting
from recruit.database import db
from recruit.interviews.models import Interview, PanelMember
from recruit.scorecards import actions as scorecards
from recruit.scorecards.entries import Entries, RatingEntry
from recruit.scorecards.independence import withheld_candidates
from recruit.scorecards.models import EvidenceLevel, Recommendation, Scorecard
from recruit.scorecards.states import ScorecardState
from tests.conftest import _administer, shared_app, without_token
from tests.security.leavings import leave

LEFT_OUT = {
    "static",
    "security.static",
    "accounts.sign_out",
    "accounts.language",
    "account.begin_two_steps",
    "account.programs",
    "security.wan_verify",
}
"""Files of the application, what ends or changes the walk itself, and what draws lots each time:
the key of an app, the question to a passkey, a token."""

OF_ALL_REQUISITIONS = {"home", "search", "trail"}
"""Rooms without a requisition in any address that tell of requisitions nevertheless."""

ENDINGS = ("/cancel", "/withdraw")
"""What takes seats away, and with them what keeps their holders from reading: it comes last."""

CLOCKED = {"Date", "Retry-After", "Set-Cookie"}
"""Headers that differ by the second in which they were sent."""

READERS = {
    "interviewer": (
        "none",
        "draft",
        "one submitted",
        "reopened",
        "left",
        "seat replaced",
        "cancelled",
        "removed",
        "removed after submitting",
        "sits again",
        "applies",
    ),
    "hiring_manager": (
        "none",
        "draft",
        "reopened",
        "left",
        "removed",
        "was hiring manager",
        "applies",
    ),
    "recruiter": ("none", "draft", "reopened", "role ended", "applies"),
    "bystander": ("none",),
    "administrator": ("none",),
    "stranger": ("none",),
}


@pytest.fixture
def keep(request, database, tmp_path):
    """Return a function that keeps the database as it is, and returns what puts it back.

    One application serves every world, so that none makes it slower or other than the rest.
    """
    sqlite = database.startswith("sqlite")
    server = None if sqlite else request.getfixturevalue("postgres")
    here = urlsplit(database).path.removeprefix("/")
    numbers = count()
    kept = []

    def copy(source, target):
        let_go(database)
        if sqlite:
            for rest in ("-wal", "-shm"):
                Path(f"{target}{rest}").unlink(missing_ok=True)
            shutil.copyfile(source, target)
        else:
            _administer(
                server,
                f"DROP DATABASE IF EXISTS {target} WITH (FORCE)",
                f"CREATE DATABASE {target} TEMPLATE {source}",
            )

    def keep_it():
        name = f"kept_{next(numbers)}"
        kept.append(tmp_path / name if sqlite else name)
        copy(here, kept[-1])
        return partial(copy, kept[-1], here)

    yield keep_it
    for name in () if sqlite else kept:
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def let_go(database):
    """Close the connections, and let the application forget what it has seen."""
    app = shared_app(database)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def stopped_clock(monkeypatch):
    """The walk through one world must not differ from the other's by the time that it took."""
    moment = datetime.now(UTC)

    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    monkeypatch.setattr("recruit.database.datetime", Stopped)


def entries_for(world, number, score, text):
    return Entries(
        ratings={
            key: RatingEntry(score, EvidenceLevel.EXAMPLE, f"{text} {key}")
            for key in world.competencies[number]
        },
        notes={},
        recommendation=Recommendation.YES,
        summary=text,
    )


def write_what_others_wrote(world):
    """The colleague has submitted everything, some of it twice; the others hold drafts."""
    for number in range(3):
        colleague = world["colleague"].id
        interview = world.interviews[number]
        entries = entries_for(world, number, 2, "Hemligt")
        scorecards.submit(interview, colleague, entries, 0, ahead_of=world.start_mark(number))
        scorecards.reopen(
            interview, colleague, reason="Hemligt skäl", actor_id=world["recruiter"].id
        )
        entries = entries_for(world, number, 4, "Hemligare")
        scorecards.submit(interview, colleague, entries, 1, ahead_of=world.start_mark(number))
    scorecards.save(
        world.interviews[1],
        world["hiring_manager"].id,
        entries_for(world, 1, 5, "Chefens utkast"),
        0,
    )
    conclude(world)


def conclude(world):
    """Let a panel agree on the first candidate, and decide on everybody.

    The rows are written as they would stand after ratings were opened again: no action writes them
    while somebody has yet to rate.
    """
    colleague = world["colleague"].id
    topic = world.competencies[0][0]
    agreement = Agreement(
        topic=topic,
        version=1,
        score=2,
        rationale="Hemligt enade",
        present=["Colleague Prov"],
        fingerprint="0" * 64,
        saved_by_id=colleague,
    )
    db.session.add_all(
        [
            ConsensusMeeting(
                requisition_id=world.requisition,
                candidate_id=world.candidates[0],
                round_position=0,
                present=[colleague],
                agreements=[agreement],
            ),
            Decision(
                requisition_id=world.requisition,
                number=1,
                rationale="Hemligt beslut",
                decided_by_id=world["recruiter"].id,
                outcomes=[
                    DecidedOutcome(candidate_id=number, outcome="declined", rationale="Hemligt")
                    for number in world.candidates
                ],
            ),
        ]
    )
    db.session.commit()


def change_what_others_wrote(world, name):
    """Turn what others wrote, and the reader must not see, into something else; drafts go.

    Whoever may compare may see the candidates whom they have no rating to give.
    """
    reader_id = world[name].id
    compares = may(
        db.session.get_one(User, reader_id), Permission.COMPARISON_VIEW, world.requisition
    )
    hidden = withheld_candidates(reader_id, world.requisition) if compares else world.candidates
    assert world.candidates[0] in hidden
    for card in db.session.scalars(
        db.select(Scorecard)
        .join(Scorecard.interview)
        .where(Scorecard.user_id != reader_id, Interview.candidate_id.in_(hidden))
    ):
        if card.state == ScorecardState.DRAFT:
            db.session.delete(card)
            continue
        card.recommendation = Recommendation.NO.value
        card.summary = "Helt andra och mycket längre ord än de som stod där"
        card.version += 7
        card.saved_at += timedelta(hours=5)
        card.submitted_at += timedelta(hours=5)
        card.entered_by_id = reader_id
        for rating in card.ratings:
            rating.score = 6 - rating.score
            rating.evidence_level = EvidenceLevel.PATTERN.value
            rating.evidence = "Något annat, och längre, om samma sak."
        for submission in card.submissions:
            submission.content = {**submission.content, "summary": "Annat"}
            submission.submitted_at += timedelta(hours=5)
            submission.after_others = not submission.after_others
            if card.interview_id == world.interviews[0]:
                submission.left_out_at = submission.submitted_at
                submission.left_out_by_id = reader_id
                submission.left_out_reason = "Ännu ett skäl"
            submission.entered_by_id = reader_id
            submission.reopened_reason = "Annat skäl"
    change_conclusions()
    db.session.commit()


def change_conclusions():
    for agreement in db.session.scalars(db.select(Agreement)):
        agreement.score, agreement.version = 5, 3
        agreement.rationale = "Något annat, och längre, än det som de enades om."
        agreement.present = ["Interviewer Prov", "Colleague Prov"]
        agreement.saved_at += timedelta(hours=5)
    for decision in db.session.scalars(db.select(Decision)):
        decision.rationale = "Ett helt annat och mycket längre beslut än det som stod där"
        decision.decided_at += timedelta(hours=5)
        for outcome in decision.outcomes:
            outcome.outcome, outcome.rationale = "reserve", "Annat"


def put(world, name, state):
    """Put the reader into a state towards the first candidate's interviews."""
    person = world[name].id
    number = 1 if name == "hiring_manager" else 0
    interview = world.interviews[number]
    if name == "recruiter":
        db.session.add(PanelMember(interview_id=interview, user_id=person))
        db.session.commit()
    mine = entries_for(world, number, 3, "Eget")
    version = (
        db.session.scalar(
            db.select(Scorecard.version).where(
                Scorecard.interview_id == interview, Scorecard.user_id == person
            )
        )
        or 0
    )
    match state:
        case "draft":
            scorecards.save(interview, person, mine, version)
        case "one submitted":
            scorecards.submit(interview, person, mine, version, ahead_of=world.start_mark(number))
        case "reopened":
            scorecards.submit(interview, person, mine, version, ahead_of=world.start_mark(number))
            scorecards.reopen(interview, person, reason="Fel", actor_id=world["recruiter"].id)
        case "removed after submitting":
            scorecards.submit(interview, person, mine, version, ahead_of=world.start_mark(number))
            scorecards.submit(
                world.interviews[1],
                person,
                entries_for(world, 1, 3, "Eget"),
                0,
                ahead_of=world.start_mark(1),
            )
    leave(world, person, interview, state)


def addresses(app, world, *, everywhere=True):
    """Return every (method, path) of the application, with each number that there is.

    Without ``everywhere``, rooms that know no requisition, such as library and account, are left
    out.
    """
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))
    concerned = OF_ALL_REQUISITIONS | {
        _room(rule) for rule in rules if "requisition_id" in rule.arguments
    }
    known = {
        "requisition_id": [world.requisition],
        "interview_id": world.interviews,
        "version_id": world.versions,
        "candidate_id": world.candidates,
        "lot": [world.lot(0), world.lot(1)],
        "round_position": [0, 1, 2],
        "topic": [world.competencies[0][0], "_recommendation"],
        "user_id": [world["colleague"].id, world["interviewer"].id],
        "competency_id": [found[0] for found in world.competencies],
        "purpose": ["sign_in"],
        "reader": ["interviewer"],
    }
    build = app.url_map.bind("localhost").build
    found = []
    for rule in rules:
        if not everywhere and _room(rule) not in concerned:
            continue
        # A PDF is set from what the page of the same name shows, and its own test reads it.
        if rule.endpoint in LEFT_OUT or rule.rule.endswith(".pdf"):
            continue
        choices = [known.get(argument, [1, 2]) for argument in sorted(rule.arguments)]
        for values in product(*choices):
            path = build(rule.endpoint, dict(zip(sorted(rule.arguments), values, strict=True)))
            found += [(method, path) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    # Whom and what one may know of is found by name; the words of others' texts find nothing.
    found += [("GET", f"/search?q={word}") for word in ("amina", "fiktiv", "enhetschef", "hemligt")]
    return sorted(set(found), key=lambda one: (one[0] != "GET", one[1].endswith(ENDINGS), one))


def _room(rule):
    return rule.endpoint.partition(".")[0]


class Visit(dict):
    """What a visitor sends, and whether anything asked which kind of answer is accepted."""

    asked = False

    def __getitem__(self, key):
        self.asked = self.asked or key == "HTTP_ACCEPT"
        return super().__getitem__(key)

    def get(self, key, default=None):
        self.asked = self.asked or key == "HTTP_ACCEPT"
        return super().get(key, default)


def walk(world, name, monkeypatch, *, everywhere=True):
    """Return every answer that the person gets, without what differs from visit to visit.

    A page is asked for as JSON too, unless nothing has asked which of the two was wanted.
    """
    visit = Visit()
    serve = world.app.wsgi_app

    def noticing(environ, start_response):
        nonlocal visit
        visit = Visit(environ)
        return serve(visit, start_response)

    client = world.app.test_client()
    token = replace(world[name], client=client).sign_in().token
    with world.app.app_context():
        program = tokens.make(world[name].id, name="Prov", days=1, may_write=True)
    monkeypatch.setattr(world.app, "wsgi_app", noticing)
    found = {}
    for method, path in addresses(world.app, world, everywhere=everywhere):
        for accept in ("text/html", "application/json"):
            if accept == "application/json" and not (method == "GET" and visit.asked):
                continue
            shown = {"Authorization": f"Bearer {program}"} if path.startswith("/api/") else {}
            options = {"headers": {"Accept": accept} | shown}
            if method == "GET":
                answer = client.get(path, **options)
            else:
                answer = client.open(path, method=method, data={"csrf_token": token}, **options)
            # A workbook is no text; every byte of it stands for itself here.
            text = answer.get_data().decode("utf-8", "surrogateescape")
            answer.close()
            headers = sorted(
                (key, value)
                for key, value in answer.headers
                if key not in CLOCKED and not key.startswith("X-RateLimit")
            )
            found[method, path, accept] = (
                answer.status_code,
                headers,
                without_token(text),
            )
    monkeypatch.setattr(world.app, "wsgi_app", serve)
    return found


def differences(one, other):
    # An answer that only one world has is a difference too: it asked what is accepted.
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


@pytest.fixture
def written(world):
    """A world in which others have written."""
    with world.app.app_context():
        write_what_others_wrote(world)
    return world


@pytest.mark.parametrize("name", READERS)
def test_others_make_no_difference(written, keep, stopped_clock, monkeypatch, name):
    world = written
    put_back = keep()
    faults = []
    for place, state in enumerate(READERS[name]):
        if place:
            put_back()
        with world.app.app_context():
            put(world, name, state)
        put_state_back = keep()
        one = walk(world, name, monkeypatch, everywhere=not place)
        put_state_back()
        with world.app.app_context():
            change_what_others_wrote(world, name)
        other = walk(world, name, monkeypatch, everywhere=not place)
        assert len(one) > 40
        faults += [(state, *key) for key in differences(one, other)]
    assert faults == []


def test_the_worlds_do_differ_for_whoever_may_see(written, keep, stopped_clock, monkeypatch):
    """The recruiter who sits on no panel sees the difference, and so could anybody."""
    world = written
    put_back = keep()
    one = walk(world, "recruiter", monkeypatch)
    put_back()
    with world.app.app_context():
        change_what_others_wrote(world, "administrator")
    found = {path for _, path, _ in differences(one, walk(world, "recruiter", monkeypatch))}
    assert f"{world.path}/comparison/" in found
    assert f"{world.path}/comparison/comparison.json" in found
    panel = f"{world.path}/interviews/{world.interviews[0]}/panel/{world['colleague'].id}"
    assert f"{panel}/submissions" in found
    assert f"{world.path}/consensus/{world.lot(0)}/0/minutes" in found
