"""From requisition to candidates: forms, guides, members."""

from __future__ import annotations

import pytest

from recruit.database import db
from recruit.requisitions import actions
from recruit.requisitions.models import MemberRole
from tests.locks import at_once


@pytest.fixture
def recruiter(world):
    return world["recruiter"].sign_in()


def count(app, model):
    with app.app_context():
        found = db.session.scalar(db.select(db.func.count()).select_from(model))
        db.session.remove()
    return found


def test_a_requisition_from_a_role_profile(world, recruiter):
    answer = recruiter.post(
        "/requisitions/new",
        {
            "role": "head-of-unit-home-care",
            "title": "Enhetschef natt",
            "unit": "Natt",
            "language": "en",
        },
    )
    assert answer.status_code == 302
    assert "Enhetschef natt" in recruiter.get(answer.location).text


@pytest.mark.parametrize(
    "change", [{"title": ""}, {"title": "x" * 201}, {"role": "no-such"}, {"language": "xx"}]
)
def test_a_faulty_requisition_is_explained_and_not_made(world, recruiter, change):
    from recruit.requisitions.models import Requisition

    form = {
        "role": "head-of-unit-home-care",
        "title": "Ny",
        "unit": "Kvar i fältet",
        "language": "sv",
    }
    before = count(world.app, Requisition)
    answer = recruiter.post("/requisitions/new", form | change)
    assert answer.status_code == 400
    assert "ds-error-summary" in answer.text
    assert "Kvar i fältet" in answer.text
    assert count(world.app, Requisition) == before


def test_publishing_without_a_draft_is_a_conflict(world, recruiter):
    assert recruiter.post(f"{world.path}/guides/publish").status_code == 409


def test_a_new_draft_leaves_the_published_version_in_force(world, recruiter):
    before = recruiter.get(f"{world.path}/guides/{world.versions[0]}/guide.json").json
    assert recruiter.post(f"{world.path}/guides/generate").status_code == 303
    assert recruiter.get(f"{world.path}/guides/{world.versions[0]}/guide.json").json == before
    assert recruiter.post(f"{world.path}/guides/publish").status_code == 302
    assert recruiter.get(f"{world.path}/guides/{world.versions[0]}/guide.json").json == before


def test_the_same_version_gives_the_same_pdf(world, recruiter):
    path = f"{world.path}/guides/{world.versions[0]}/kit.pdf"
    first, second = recruiter.get(path), recruiter.get(path)
    assert first.mimetype == "application/pdf"
    assert first.data == second.data


def change_profile(world, **changes):
    from recruit.requisitions.models import Requisition

    with world.app.app_context():
        requisition = db.session.get(Requisition, world.requisition)
        requisition.profile = requisition.profile | changes
        db.session.commit()
        db.session.remove()


def test_an_impossible_profile_says_what_would_help(world, recruiter):
    change_profile(world, rounds=[{"name": "Kort", "minutes": 20, "interviewers": 2}])
    answer = recruiter.post(f"{world.path}/guides/generate")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "omgångarna har 5 minuter för frågor." in answer.text
    assert "Förläng ”Kort” med " in answer.text


def test_a_competency_that_the_library_no_longer_has_is_named(world, recruiter):
    change_profile(
        world, competencies={key: {"weight": 1} for key in ("autonomy", "feedback", "ghost")}
    )
    answer = recruiter.post(f"{world.path}/guides/generate")
    assert answer.status_code == 422
    assert "Biblioteket har ingen kompetens som heter ghost." in answer.text


def test_the_same_candidate_twice(world, recruiter):
    form = {"name": "Carin Låtsas", "email": "carin@example.org"}
    assert recruiter.post(f"{world.path}/candidates/", form).status_code == 302
    assert recruiter.post(f"{world.path}/candidates/", form).status_code == 400
    assert (
        recruiter.post(f"{world.path}/candidates/", {"name": "", "email": "fel"}).status_code == 400
    )


def test_a_withdrawn_candidate_is_not_planned(world, recruiter):
    path = f"{world.path}/candidates/{world.candidates[1]}/withdraw"
    assert recruiter.post(path).status_code == 302
    assert recruiter.post(path).status_code == 302
    recruiter.get(world.path)  # shows the message that names the candidate
    assert "Björn Fiktiv" not in recruiter.get(f"{world.path}/interviews/new").text


def test_a_member_is_invited_once(world, recruiter):
    form = {"name": "Nya Prov", "email": "Nya@Example.org", "role": "interviewer"}
    assert recruiter.post(f"{world.path}/members", form).status_code == 302
    assert recruiter.post(f"{world.path}/members", form).status_code == 409
    assert (
        recruiter.post(f"{world.path}/members", form | {"email": "inte en adress"}).status_code
        == 400
    )


def test_whoever_takes_part_can_be_removed(world, recruiter):
    """And reads nothing more; what becomes of their seats is told by ``test_seats``."""
    from recruit.requisitions.models import Membership

    with world.app.app_context():
        numbers = {m.user_id: m.id for m in db.session.scalars(db.select(Membership))}
        db.session.remove()
    bystander, colleague = (numbers[world[name].id] for name in ("bystander", "colleague"))
    page = recruiter.get(world.path).text
    assert "Recruiter Prov" in page
    assert recruiter.post(f"{world.path}/members/{bystander}/remove").status_code == 302
    assert recruiter.post(f"{world.path}/members/{bystander}/remove").status_code == 404
    assert world["bystander"].sign_in().get(world.path).status_code == 404
    assert recruiter.post(f"{world.path}/members/{colleague}/remove").status_code == 302
    assert world["colleague"].sign_in().get(world.scorecard(0)).status_code == 404


def test_the_same_member_added_twice_at_once(world):
    def add():
        return actions.add_member(
            world.requisition,
            world["stranger"].id,
            MemberRole.INTERVIEWER,
            actor_id=world["recruiter"].id,
        ).role

    found = at_once(world, "requisition", add, add)
    assert {type(one) for one in found} == {str, actions.MembershipExists}


@pytest.mark.parametrize("path", ["/requisitions/new", "/requisitions/new/scratch"])
def test_a_title_of_spaces_is_no_title(world, recruiter, path):
    page = recruiter.post(path, {"title": "  \x00"})
    assert page.status_code == 400
    assert "Skriv tjänstens titel." in page.text
