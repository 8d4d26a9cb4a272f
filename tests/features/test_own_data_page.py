"""What is too much for one document is handed out in several, together."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import sqlalchemy as sa

from recruit.database import db, write
from recruit.scorecards.models import Submission
from tests.features.erasure import fill


@pytest.fixture
def own(world):
    """Return the address of a candidate's own data, about whom more was written than fits."""
    fill(world)
    with world.app.app_context(), write():
        for submission in db.session.scalars(sa.select(Submission)):
            note = {next(iter(submission.content["notes"])): "a\n" * 3000}
            submission.content = submission.content | {"notes": note}
    return f"{world.path}/candidates/{world.candidates[0]}/own-data"


def test_several_documents_are_offered_together(world, own):
    recruiter = world["recruiter"].sign_in()
    led = recruiter.get(f"{own}.pdf")
    assert led.status_code == 302
    page = recruiter.get(led.location)
    assert page.status_code == 200
    number = page.text.count("own-data.pdf?part=")
    assert number > 1
    assert f"Del 1 av {number} (PDF)" in page.text
    assert f"Del {number} av {number} (PDF)" in page.text
    assert "own-data.zip" in page.text
    assert recruiter.get(f"{own}.pdf?part={number}").data.startswith(b"%PDF")
    for beside in (0, -1, number + 1, "x", "", "9" * 40):
        assert recruiter.get(f"{own}.pdf?part={beside}").status_code == 404, beside


def test_the_archive_holds_every_document(world, own):
    answer = world["recruiter"].sign_in().get(f"{own}.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert packed.testzip() is None
        first, cv, *documents = packed.namelist()
        assert (first, cv) == ("own-data.json", "cv.pdf")
        assert documents == [f"own-data-{n}.pdf" for n in range(1, len(documents) + 1)]
        assert len(documents) > 1
        assert all(packed.read(name).startswith(b"%PDF") for name in documents)
        assert len(json.loads(packed.read("own-data.json"))["scorecards"]) == 2
