"""Publishing what was built: it freezes, is compared with what was before, and one of two wins."""

from __future__ import annotations

import pytest

from recruit.database import db
from tests.conftest import Person
from tests.features.test_builder import contents, draft_of, edit, profile_form
from tests.locks import at_once


def publish(world, person, **data):
    return person.post(f"{world.path}/guides/publish", data)


def versions(world):
    from recruit.guides.models import Guide, GuideVersion

    with world.app.app_context():
        found = [
            (guide.position, version.number, version.state, version.id)
            for guide, version in db.session.execute(
                db.select(Guide, GuideVersion)
                .join(GuideVersion, GuideVersion.guide_id == Guide.id)
                .where(Guide.requisition_id == world.requisition)
                .order_by(Guide.position, GuideVersion.number)
            )
        ]
        db.session.remove()
    return found


def test_only_the_changed_round_gets_a_new_version(world, recruiter):
    key = draft_of(world).draft.questions[0][0]
    edit(world, recruiter, "note", number=0, note="Kom i tid.")
    assert [v[:3] for v in versions(world)] == [
        (1, 1, "published"),
        (1, 2, "draft"),
        (2, 1, "published"),
        (2, 2, "draft"),
    ]
    assert publish(world, recruiter, revision=draft_of(world).revision).status_code == 302
    assert [v[:3] for v in versions(world)] == [
        (1, 1, "superseded"),
        (1, 2, "published"),
        (2, 1, "published"),
    ]
    assert key in draft_of(world).draft.questions[0]


def test_what_is_published_is_never_changed(world, recruiter):
    from recruit.guides.models import GuideIsPublished, GuideVersion

    before = contents(world, "published")
    edit(world, recruiter, "drop", question=draft_of(world).draft.questions[0][0])
    edit(world, recruiter, "generate")
    edit(world, recruiter, "undo")
    assert contents(world, "published") == before
    with world.app.app_context():
        version = db.session.get(GuideVersion, world.versions[0])
        version.content = version.content | {"title": "Ändrad"}
        with pytest.raises(GuideIsPublished):
            db.session.commit()
        db.session.rollback()
        version = db.session.get(GuideVersion, world.versions[0])
        version.content = version.content | {"title": "Ändrad"}
        version.state = "draft"
        with pytest.raises(GuideIsPublished):
            db.session.commit()
        db.session.rollback()
        db.session.remove()
    assert contents(world, "published") == before


def test_interviews_keep_the_version_that_they_were_planned_with(world, recruiter):
    interviewer = world["interviewer"].sign_in()
    key = contents(world, "published")[0]["rounds"][0]["sections"][0]["questions"][0]["id"]
    page = interviewer.get(world.scorecard(0)).text
    assert f'name="note-{key}"' in page
    edit(world, recruiter, "drop", question=key)
    publish(world, recruiter)
    assert key not in str(contents(world, "published"))
    again = interviewer.get(world.scorecard(0)).text
    assert f'name="note-{key}"' in again
    answer = interviewer.post(world.scorecard(0), world.ratings(0))
    assert answer.status_code == 302


def test_the_difference_is_told_in_words(world, recruiter):
    edit(world, recruiter, "note", number=0, note="Kom i tid.")
    edit(world, recruiter, "drop", question=draft_of(world).draft.questions[0][0])
    publish(world, recruiter)
    newest = next(v[3] for v in versions(world) if v[:2] == (1, 2))
    index = recruiter.get(f"{world.path}/guides/").text
    assert f"{world.path}/guides/{newest}/changes" in index
    for reader in (recruiter, world["interviewer"].sign_in()):
        page = reader.get(f"{world.path}/guides/{newest}/changes").text
        assert "Från version 1 till version 2." in page
        assert "Fråga 1 i den förra versionen, om ”Tydliga mål och ramar”, är borttagen" in page
        assert "Anteckningen till intervjuarna har ny lydelse." in page
    first = recruiter.get(f"{world.path}/guides/{world.versions[0]}/changes").text
    assert "Det här är den första versionen." in first


def test_publishing_what_does_not_differ_changes_nothing(world, recruiter):
    before = versions(world)
    edit(world, recruiter, "pin", question=draft_of(world).draft.questions[0][0])
    assert publish(world, recruiter).status_code == 302
    assert versions(world) == before
    assert "Inget skiljer sig" in recruiter.get(f"{world.path}/guides/").text


def test_a_page_that_is_out_of_date_publishes_nothing(world, recruiter):
    revision = draft_of(world).revision
    edit(world, recruiter, "drop", question=draft_of(world).draft.questions[0][0])
    before = versions(world)
    answer = publish(world, recruiter, revision=revision)
    assert answer.status_code == 409
    assert "Inget publicerades." in answer.text
    assert versions(world) == before
    assert publish(world, recruiter, revision="abc").status_code == 400
    assert versions(world) == before


def test_two_recruiters_publish_at_once(world, recruiter):
    edit(world, recruiter, "drop", question=draft_of(world).draft.questions[0][0])
    revision = draft_of(world).revision
    other = Person(recruiter.id, recruiter.name, recruiter.email, world.app.test_client()).sign_in()
    answers = at_once(
        world,
        "requisition",
        lambda: publish(world, recruiter, revision=revision),
        lambda: publish(world, other, revision=revision),
    )
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert "Recruiter Prov hann före och publicerade guiderna" in loser.text
    assert [v[:3] for v in versions(world)] == [
        (1, 1, "superseded"),
        (1, 2, "published"),
        (2, 1, "published"),
    ]


def test_a_round_without_questions_is_not_published(world, recruiter):
    form = profile_form(world, recruiter) | {
        "rounds-2-name": "Tom omgång",
        "rounds-2-minutes": "45",
        "rounds-2-interviewers": "2",
    }
    recruiter.post(f"{world.path}/profile/", form)
    before = versions(world)
    answer = publish(world, recruiter)
    assert answer.status_code == 409
    assert "En omgång saknar frågor." in answer.text
    assert versions(world) == before


def test_a_round_that_is_removed_is_no_longer_in_force(world, recruiter):
    form = profile_form(world, recruiter) | {
        "rounds-1-remove": "y",
        "rounds-0-minutes": "150",
        "then": "generate",
    }
    assert recruiter.post(f"{world.path}/profile/", form).status_code == 303
    assert publish(world, recruiter).status_code == 302
    assert [v[:3] for v in versions(world)] == [
        (1, 1, "superseded"),
        (1, 2, "published"),
        (2, 1, "superseded"),
    ]


def test_removing_a_round_and_nothing_else_is_a_change(world, recruiter):
    form = profile_form(world, recruiter) | {"rounds-1-remove": "y"}
    assert recruiter.post(f"{world.path}/profile/", form).status_code == 303
    answer = publish(world, recruiter)
    assert "Guiderna är publicerade." in recruiter.get(answer.location).text
    assert [v[:3] for v in versions(world)] == [(1, 1, "published"), (2, 1, "superseded")]


def test_a_renamed_round_is_called_so_once_published(world, recruiter):
    form = profile_form(world, recruiter) | {"rounds-0-name": "Lära känna"}
    recruiter.post(f"{world.path}/profile/", form)
    assert "Lära känna" not in recruiter.get(f"{world.path}/interviews/").text
    publish(world, recruiter)
    assert "Lära känna" in recruiter.get(f"{world.path}/interviews/").text
