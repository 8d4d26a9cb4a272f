"""The worked example tells a true story, and its accounts say rightly what each may not see yet."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from recruit import demo
from recruit.app import create_app
from recruit.candidates.models import Candidate
from recruit.core import wording
from recruit.core.plain_yaml import read_yaml
from recruit.core.profile import read
from recruit.database import db, now
from recruit.interviews.models import Interview, InterviewStage
from recruit.scorecards.models import Rating, Scorecard, ScorecardState
from tests.conftest import csrf_token

pytestmark = pytest.mark.xdist_group("demo")

STORY = read_yaml((demo.PACKAGE / "demo" / "story.yaml").read_bytes())
WORKED = STORY["requisitions"][0]
TEXTS = [
    pytest.param(told, id=f"{candidate['name']}-{competency}-{interviewer}")
    for candidate in WORKED["candidates"]
    for competency, ratings in candidate["ratings"].items()
    for interviewer, told in ratings.items()
]


@contextmanager
def running(app):
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()
    app.extensions["recruit_renderer"].close()


@pytest.fixture(scope="module")
def wanted(tmp_path_factory):
    return demo.settings(tmp_path_factory.mktemp("demo"), 5000)


@pytest.fixture(scope="module")
def out(wanted):
    """Return the folder of a built example; its database is open and only read."""
    folder = Path(wanted.database.removeprefix("sqlite:///")).parent
    with running(demo.build(folder, wanted)):
        yield folder


def accounts(out):
    return {a["name"]: a for a in json.loads((out / "accounts.json").read_text())}


def test_whatever_a_round_asks_has_a_rating_from_everybody(out):
    profile = read((out / "profile.yaml").read_bytes(), "profile.yaml")
    assert len(WORKED["candidates"]) == 5
    for candidate in WORKED["candidates"]:
        assert list(candidate["ratings"]) == list(profile.competencies)
        for ratings in candidate["ratings"].values():
            assert set(ratings) == set(WORKED["members"])


@pytest.mark.parametrize("told", TEXTS)
def test_what_is_written_is_what_the_product_asks_for(told):
    written = told.get("evidence") or told["reason"]
    assert ("score" in told) == ("evidence" in told) == ("reason" not in told)
    assert told.get("score", 0) < 4 or told["level"] != "talk"
    assert written != told.get("note")
    traits = set(wording.flags(written, "sv")) | set(wording.flags(told.get("note", ""), "sv"))
    assert [flag for flag in traits if flag.ground not in {"leading", "double_barrelled"}] == []


def test_interviews_are_held_on_working_days(out):
    interviews = db.session.scalars(db.select(Interview).order_by(Interview.starts_at)).all()
    for interview in interviews:
        begins = interview.starts_at.astimezone(ZoneInfo(interview.timezone))
        assert begins.isoweekday() <= 5
        assert begins.hour >= 8
        assert (begins + timedelta(minutes=interview.minutes)).hour < 17
        held = interview.requisition_id == 1
        assert interview.stage == (InterviewStage.HELD if held else InterviewStage.PLANNED)
        assert (interview.starts_at < now()) == held
    assert len(interviews) == 12
    ends = {}
    for interview in interviews:
        for member in interview.panel:
            assert ends.get(member.user_id, interview.starts_at) <= interview.starts_at
            ends[member.user_id] = interview.starts_at + timedelta(minutes=interview.minutes)


def test_what_kim_may_not_see_is_what_the_others_submitted_about_elsa(out):
    submitted = db.session.scalars(
        db.select(Rating)
        .join(Rating.scorecard)
        .join(Scorecard.interview)
        .join(Interview.candidate)
        .where(Scorecard.state == ScorecardState.SUBMITTED, Candidate.name == "Elsa Modell")
    )
    theirs = sorted(rating.evidence or rating.not_assessed_reason for rating in submitted)
    assert theirs
    found = accounts(out)
    hidden = {name: sorted(account["may_not_see_yet"]) for name, account in found.items()}
    assert hidden == {name: [] for name in found} | {"Kim Utkast": theirs}


def test_kim_sees_it_after_submitting_and_not_before(out, wanted, tmp_path):
    copy = shutil.copytree(out, tmp_path / "copy")
    database = f"sqlite:///{copy / demo.DATABASE}"
    app = create_app(wanted.model_copy(update={"database": database}))
    with running(app):
        kim = accounts(copy)["Kim Utkast"]
        client = app.test_client()
        form = {"email": kim["email"], "password": kim["password"]}
        client.post("/sign-in", data=form | {"csrf_token": csrf_token(client)})
        before = everything(client)
        late = db.session.scalars(
            db.select(Scorecard).where(Scorecard.state == ScorecardState.DRAFT)
        ).one()
        path = f"/requisitions/1/interviews/{late.interview_id}/scorecard/"
        form = {"version": late.version, "recommendation": "yes", "summary": ""}
        for rating in late.ratings:
            for name in ("score", "evidence_level", "evidence", "not_assessed_reason"):
                form[f"rating-{rating.competency}-{name}"] = getattr(rating, name) or ""
        form["csrf_token"] = csrf_token(client, path)
        assert client.post(path, data=form).status_code == 302
        after = everything(client)
    assert "Elsa Modell" in before
    assert [text for text in kim["may_not_see_yet"] if text in before] == []
    assert [text for text in kim["may_not_see_yet"] if text not in after] == []


def everything(client):
    """Return the text of every page that links lead to, as one string."""
    waiting, seen, texts = ["/"], set(), []
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        if answer.is_json:
            texts.append(json.dumps(answer.json, ensure_ascii=False))
        elif answer.mimetype == "text/html":
            texts.append(answer.text)
            waiting += re.findall(r'href="(/(?!static|library)[^"#]*(?<!\.pdf))"', answer.text)
    assert len(seen) > 10
    return "\n".join(texts)


def test_the_story_that_the_figures_tell(out):
    """Two close leaders with different strengths, two disagreements, one below the must-have."""
    figures = json.loads((out / "comparison.json").read_text())
    found = {candidate["id"]: candidate for candidate in figures["candidates"]}
    assert list(found) == [
        "Amina Exempel",
        "Björn Fiktiv",
        "Carin Låtsas",
        "Elsa Modell",
        "David Påhitt",
    ]
    verdicts = {(pair["a"], pair["b"]): pair["verdict"] for pair in figures["pairs"]}
    assert verdicts["Amina Exempel", "Björn Fiktiv"] == "too close to call"
    assert verdicts["Björn Fiktiv", "Carin Låtsas"] == "clear"
    means = {
        name: {key: cell["mean"] for key, cell in candidate["competencies"].items()}
        for name, candidate in found.items()
    }
    assert max(means["Amina Exempel"], key=means["Amina Exempel"].get) == "autonomy"
    assert max(means["Björn Fiktiv"], key=means["Björn Fiktiv"].get) == "dialogue-learning"
    assert [name for name, own in means.items() if own["autonomy"] < 3] == ["David Påhitt"]
    discussed = [
        (name, competency, cell["min"], cell["max"])
        for name, candidate in found.items()
        for competency, cell in candidate["competencies"].items()
        if cell["flag"] == "discuss"
    ]
    assert discussed == [
        ("Björn Fiktiv", "autonomy", 2, 4),
        ("Carin Låtsas", "follow-up", 2, 4),
    ]
    severity = {i["id"]: i["severity"] for i in figures["interviewers"]}
    assert min(severity, key=severity.get) == "Johanna Skiss"
    assert severity["Kim Utkast"] > 0
    assert found["Elsa Modell"]["overall"]["n"] == 3
