"""Documents and letters carry the title and the unit of the post, not the role profile's name."""

from __future__ import annotations

import json

import pytest
import yaml

from recruit.database import db
from tests.features.test_flagged_wording import text_of

TITLE, UNIT = "Föreståndare för Solgården", "Äldreomsorg Norr"


@pytest.fixture(autouse=True)
def _post(world):
    from recruit.requisitions.models import Requisition

    with world.app.app_context():
        requisition = db.session.get(Requisition, world.requisition)
        assert requisition.profile["title"] != TITLE
        names = requisition.profile["title"]
        world.role_names = [names] if isinstance(names, str) else list(names.values())
        requisition.title, requisition.unit = TITLE, UNIT
        db.session.commit()
        db.session.remove()


@pytest.mark.parametrize("document", ["kit", "questions", "scorecard", "scorecard-form"])
def test_every_document_of_a_guide(world, recruiter, document):
    paper = text_of(recruiter.get(f"{world.path}/guides/{world.versions[0]}/{document}.pdf").data)
    assert f"{TITLE}, {UNIT}" in paper
    for name in world.role_names:
        assert name not in paper


def test_the_guide_as_data(world, recruiter):
    here = f"{world.path}/guides/{world.versions[0]}"
    assert json.loads(recruiter.get(f"{here}/guide.json").text)["title"] == TITLE
    assert yaml.safe_load(recruiter.get(f"{here}/guide.yaml").text)["title"] == TITLE


def test_the_pages(world, recruiter):
    interviewer = world["interviewer"].sign_in()
    guide = recruiter.get(f"{world.path}/guides/{world.versions[0]}").text
    scorecard = interviewer.get(world.scorecard(0)).text
    for page in (guide, scorecard):
        assert TITLE in page
        assert UNIT in page
        for name in world.role_names:
            assert name not in page


def test_letters_and_calendar_entries(world):
    from recruit.interviews import letters
    from recruit.interviews.models import Interview

    with world.app.test_request_context():
        interview = db.session.scalars(db.select(Interview)).first()
        user = interview.panel[0].user
        told = [
            letters.panel_letter(interview, user, kind)
            for kind in (
                "interview_invitation",
                "interview_changed",
                "interview_cancelled",
                "interview_left",
            )
        ]
        told += [
            letters.candidate_letter(interview, kind)
            for kind in ("candidate_invitation", "candidate_changed", "candidate_cancelled")
        ]
        told += [letters.reminder(interview, user)]
        for letter in told:
            assert f"{TITLE}, {UNIT}" in letter.text.body, letter.kind
            for name in world.role_names:
                assert name not in letter.text.body
            if letter.calendar is not None:
                entry = letter.calendar.content.replace("\r\n ", "").replace("\\,", ",")
                assert f"{TITLE}, {UNIT}" in entry, letter.kind
        db.session.remove()


def test_a_new_title_alone_makes_no_new_version(world, recruiter):
    from tests.features.test_builder import draft_of, edit
    from tests.features.test_builder_publish import versions

    before = versions(world)
    edit(world, recruiter, "pin", question=draft_of(world).draft.questions[0][0])
    recruiter.post(f"{world.path}/guides/publish")
    assert versions(world) == before
