"""Making documents is limited for each person; what is made already costs nothing."""

from __future__ import annotations

import pytest

from recruit.audit.models import AuditEvent
from recruit.database import db
from recruit.documents.cache import DocumentCache
from tests.conftest import world_with

JSON = {"Accept": "application/json"}


@pytest.fixture
def limited(database, tmp_path):
    with world_with(database, document_limit="2 per minute") as world:
        world.app.extensions["recruit_documents"] = DocumentCache(tmp_path / "kept", 50)
        yield world


def guide_documents(world):
    here = f"{world.path}/guides/{world.versions[0]}"
    kinds = ("kit", "questions", "scorecard", "scorecard-form")
    return [f"{here}/{kind}.pdf" for kind in kinds]


def test_documents_of_a_guide_are_made_once(world, tmp_path):
    world.app.extensions["recruit_documents"] = DocumentCache(tmp_path / "kept", 50)
    recruiter = world["recruiter"].sign_in()
    made = [recruiter.get(path).data for path in guide_documents(world)]
    assert len(set(made)) == 4
    group = tmp_path / "kept" / f"requisition-{world.requisition}"
    files = {path: path.stat().st_ino for path in group.glob("*.pdf")}
    assert {path.read_bytes() for path in files} >= set(made)
    assert [recruiter.get(path).data for path in guide_documents(world)] == made
    assert {path: path.stat().st_ino for path in group.glob("*.pdf")} == files


def test_who_asks_for_many_documents_is_told_when_to_go_on(limited):
    first, second, third, _ = guide_documents(limited)
    interviewer = limited["interviewer"].sign_in()
    assert [interviewer.get(path).status_code for path in (first, second)] == [200, 200]
    assert [interviewer.get(path).status_code for path in (first, second) * 3] == [200] * 6
    refused = interviewer.get(third)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "sekunder" in refused.text
    assert "Många dokument på kort tid" in refused.text
    assert interviewer.get(third, headers=JSON).json["code"] == "TooManyDocuments"
    # Others are not held up, and what they had made is there for everybody.
    assert limited["recruiter"].sign_in().get(third).status_code == 200
    assert interviewer.get(third).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "comparison/comparison.json",
        "comparison/comparison.xlsx",
        "comparison/figures.csv",
        "comparison/ratings.csv",
        "candidates/{}/own-data.json",
        "candidates/{}/own-data.pdf",
    ],
)
def test_every_kind_of_file_counts_and_a_refusal_leaves_no_trace(limited, address):
    recruiter = limited["recruiter"].sign_in()
    path = f"{limited.path}/{address.format(limited.candidates[0])}"
    own_data = f"{limited.path}/candidates/{limited.candidates[0]}/own-data.json"
    assert [recruiter.get(own_data).status_code for _ in range(2)] == [200, 200]
    before = views(limited)
    assert recruiter.get(path).status_code == 429
    assert views(limited) == before


def views(world):
    with world.app.app_context():
        return db.session.query(AuditEvent).count()
