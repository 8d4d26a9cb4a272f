"""Wording that an interview should leave out: it counts in the builder, and needs a reason."""

from __future__ import annotations

import html
import json
import re
import subprocess

import pytest

from recruit.database import db
from tests.conftest import Person
from tests.features.test_builder import audit, contents, draft_of, edit
from tests.features.test_guide_files import confirm, exported, send
from tests.locks import at_once

CHILDREN = "Har du barn, och hur gamla är de?"
REASON = "Tjänsten kräver det enligt ett särskilt avtal."


def own(world, person, text, **data):
    competency = next(iter(draft_of(world).draft.profile.competencies))
    sent = {
        "revision": draft_of(world).revision,
        "text": text,
        "probes": "Hur märkte andra det?",
        "kind": "past_behaviour",
        "minutes": 5,
        "elicits": world.indicator(competency),
    }
    answer = person.post(f"{world.path}/guides/builder/rounds/1/own/{competency}", sent | data)
    assert answer.status_code == 303, answer.text
    return next(item.id for item in draft_of(world).draft.own if item.wording.text == text)


def publish(world, person, **data):
    return person.post(f"{world.path}/guides/publish", data)


def text_of(pdf):
    read = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())


def fields(page):
    return re.findall(r'name="(reason-[0-9a-f]{16})"', page)


@pytest.fixture(autouse=True)
def _indicators(world):
    def indicator(competency):
        from recruit.library import library

        with world.app.app_context():
            return library().competencies[competency].indicators[0].id

    world.indicator = indicator


def published(world):
    return contents(world, "published")


def test_a_flag_counts_in_the_bar_and_in_the_list(world, recruiter):
    key = own(world, recruiter, CHILDREN)
    page = recruiter.get(f"{world.path}/guides/builder/").text
    assert "Alla regler är uppfyllda" not in page
    faults = page[page.index('id="faults"') : page.index("builder__columns")]
    assert "Har du barn" in faults
    assert "familj och föräldraskap" in faults
    assert "föräldraledighetslagen (1995:584)" in faults
    assert f"/guides/builder/questions/{key}" in faults
    assert f"/guides/builder/questions/{key}/swap" in faults
    assert 'value="drop"' in faults


def test_publishing_with_a_flag_needs_a_reason(world, recruiter):
    before = published(world)
    own(world, recruiter, CHILDREN)
    for data in ({}, {"revision": draft_of(world).revision}):
        answer = publish(world, recruiter, **data)
        assert answer.status_code == 422
        assert "Inget är publicerat ännu" in answer.text
        assert "föräldraledighetslagen (1995:584)" in answer.text
        assert published(world) == before
    (name,) = fields(answer.text)
    for reason in (" ", "\u200b" * 20, "kort", "x" * 501):
        answer = publish(world, recruiter, **{name: reason})
        assert answer.status_code == 422, reason
        assert published(world) == before
    assert publish(world, recruiter, **{name: REASON}).status_code == 302
    assert published(world) != before


def test_each_flag_has_a_reason_of_its_own(world, recruiter):
    before = published(world)
    own(world, recruiter, CHILDREN)
    own(world, recruiter, "Vilken religion har du?")
    names = fields(publish(world, recruiter).text)
    assert len(names) == 2
    answer = publish(world, recruiter, **{names[0]: REASON})
    assert answer.status_code == 422
    assert html.escape(REASON) in answer.text
    assert published(world) == before
    sent = {name: f"{REASON} {number}" for number, name in enumerate(names)}
    assert publish(world, recruiter, **sent).status_code == 302
    assert audit(world).count("guide.publish.flagged") == 2


def test_a_reason_for_other_words_is_none(world, recruiter):
    before = published(world)
    key = own(world, recruiter, CHILDREN)
    (name,) = fields(publish(world, recruiter).text)
    answer = recruiter.post(
        f"{world.path}/guides/builder/questions/{key}",
        {"revision": draft_of(world).revision, "text": "Är du gravid?", "probes": ""},
    )
    assert answer.status_code == 303
    answer = publish(world, recruiter, **{name: REASON})
    assert answer.status_code == 422
    assert fields(answer.text) != [name]
    assert published(world) == before


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("text", "Hur gammal är du?"),
        ("probes", "Är du gravid?"),
        ("background", "Du är gift och har två barn hemma."),
        ("note", "Ta reda på kandidatens ålder."),
        ("text", "Do you have any children?"),
        ("text", "Har du b\u200barn?"),
        ("probes", "Har du blivit dömd för något brott?"),
    ],
)
def test_every_text_is_looked_at(world, recruiter, field, text):
    question = draft_of(world).draft.questions[0][0]
    sent = {"text": "Berätta om ett beslut.", "probes": "", "revision": draft_of(world).revision}
    answer = recruiter.post(
        f"{world.path}/guides/builder/questions/{question}", sent | {field: text}
    )
    assert answer.status_code == 303
    assert "Alla regler är uppfyllda" not in recruiter.get(f"{world.path}/guides/builder/").text
    assert publish(world, recruiter).status_code == 422


def test_a_note_on_the_round_is_looked_at(world, recruiter):
    edit(world, recruiter, "note", number=0, note="Fråga gärna om kandidatens hälsa.")
    assert publish(world, recruiter).status_code == 422


def test_a_step_that_is_called_directly_is_refused_too(world, recruiter):
    from recruit.guides import actions

    own(world, recruiter, CHILDREN)
    before = published(world)
    with world.app.app_context():
        for reasons in (None, {}, {"0" * 16: REASON}):
            with pytest.raises(actions.ReasonsAreMissing):
                actions.publish(world.requisition, actor_id=recruiter.id, reasons=reasons)
        db.session.remove()
    assert published(world) == before


def test_the_record_tells_the_reason_and_the_sheet_does_not(world, recruiter):
    from recruit.guides.models import GuideVersion

    own(world, recruiter, CHILDREN)
    (name,) = fields(publish(world, recruiter).text)
    publish(world, recruiter, **{name: REASON})
    with world.app.app_context():
        version = db.session.scalars(
            db.select(GuideVersion.id)
            .where(GuideVersion.state == "published")
            .order_by(GuideVersion.published_at.desc())
        ).first()
        db.session.remove()
    here = f"{world.path}/guides/{version}"
    for page in (here, f"{here}/changes"):
        text = recruiter.get(page).text
        assert REASON in text
        assert "föräldraledighetslagen (1995:584)" in text
    kit = text_of(recruiter.get(f"{here}/kit.pdf").data)
    assert REASON in kit
    assert "Publicerat med skäl" in kit
    for name in ("questions", "scorecard", "scorecard-form"):
        paper = text_of(recruiter.get(f"{here}/{name}.pdf").data)
        assert REASON not in paper
        assert "1995:584" not in paper
    for name in ("guide.json", "guide.yaml"):
        assert REASON not in recruiter.get(f"{here}/{name}").text


def test_an_earlier_reason_is_offered_but_not_taken_for_given(world, recruiter):
    own(world, recruiter, CHILDREN)
    (name,) = fields(publish(world, recruiter).text)
    publish(world, recruiter, **{name: REASON})
    edit(world, recruiter, "note", number=0, note="Kom i tid.")
    before = published(world)
    answer = publish(world, recruiter)
    assert answer.status_code == 422
    assert REASON in answer.text
    assert published(world) == before


def test_a_round_that_stays_in_force_needs_no_reason_again(world, recruiter):
    own(world, recruiter, CHILDREN)
    (name,) = fields(publish(world, recruiter).text)
    publish(world, recruiter, **{name: REASON})
    edit(world, recruiter, "note", number=1, note="Kom i tid.")
    assert publish(world, recruiter).status_code == 302


def test_rules_that_change_later_change_no_published_guide(world, recruiter, monkeypatch):
    from recruit.core import remarks as core
    from recruit.guides.models import FlaggedWording

    own(world, recruiter, CHILDREN)
    (name,) = fields(publish(world, recruiter).text)
    publish(world, recruiter, **{name: REASON})
    monkeypatch.setattr(core, "flags", lambda text, language: ())
    with world.app.app_context():
        (flagged,) = db.session.scalars(db.select(FlaggedWording)).all()
        assert flagged.ground == "family"
        assert "1995:584" in flagged.law
        version = flagged.guide_version_id
        db.session.remove()
    assert REASON in recruiter.get(f"{world.path}/guides/{version}").text


def test_a_flag_that_appears_between_page_and_press_is_told(world, recruiter):
    own(world, recruiter, CHILDREN)
    page = publish(world, recruiter)
    (name,) = fields(page.text)
    revision = draft_of(world).revision
    edit(world, recruiter, "note", number=1, note="Ta reda på kandidatens ålder.")
    before = published(world)
    assert publish(world, recruiter, revision=revision, **{name: REASON}).status_code in {409, 422}
    answer = publish(world, recruiter, **{name: REASON})
    assert answer.status_code == 422
    assert len(fields(answer.text)) == 2
    assert REASON in answer.text
    assert published(world) == before


def test_an_edit_and_a_publication_at_once_let_nothing_through(world, recruiter):
    edit(world, recruiter, "note", number=0, note="Kom i tid.")
    revision = draft_of(world).revision
    other = Person(recruiter.id, recruiter.name, recruiter.email, world.app.test_client()).sign_in()
    note = {"number": 0, "note": "Fråga om kandidatens hälsa."}
    at_once(
        world,
        "requisition",
        lambda: publish(world, recruiter),
        lambda: edit(world, other, "note", revision, **note),
    )
    assert all("hälsa" not in content["rounds"][0]["note"] for content in published(world))


def test_an_imported_guide_is_looked_at_before_it_is_published(world, recruiter):
    content = exported(world)
    content["rounds"][0]["opening"]["paragraphs"][0] = "Välkommen. Berätta om din familj."
    place = send(world, content).location
    page = recruiter.get(place).text
    assert "din familj" in page
    assert "Inledningen" in page
    assert confirm(world, place, round_0="1").status_code == 302
    answer = publish(world, recruiter)
    assert answer.status_code == 422
    assert "Inledningen: familj och föräldraskap" in answer.text


def test_the_own_library_is_looked_at_too(world, recruiter):
    from recruit.guides.models import GuideVersion

    edit(world, recruiter, "note", number=0, note="Kom i tid.")
    with world.app.app_context():
        draft = db.session.scalars(
            db.select(GuideVersion).where(GuideVersion.state == "draft")
        ).first()
        content = json.loads(json.dumps(draft.content))
        first = content["rounds"][0]["sections"][0]["questions"][0]
        first["listen_for"]["practice"][0] = "Har inga barn hemma, så att du kan lita på hen."
        content["notes"]["candidate_information"]["paragraphs"][0] = "Är du gravid?"
        draft.content = content
        db.session.commit()
        db.session.remove()
    answer = publish(world, recruiter)
    assert answer.status_code == 422
    assert "Informationen till kandidaten: familj och föräldraskap" in answer.text


def test_the_trail_tells_each_reason(world, recruiter):
    from recruit.audit.models import AuditEvent

    key = own(world, recruiter, CHILDREN)
    (name,) = fields(publish(world, recruiter).text)
    publish(world, recruiter, **{name: REASON})
    with world.app.app_context():
        (event,) = db.session.scalars(
            db.select(AuditEvent).where(AuditEvent.action == "guide.publish.flagged")
        ).all()
        told = event.detail
        db.session.remove()
    assert (told["question"], told["ground"], told["reason"]) == (key, "family", REASON)
    page = world["administrator"].sign_in().get("/trail/?action=guide.publish.flagged").text
    assert "grund: familj och föräldraskap" in page
    assert f"skäl: {REASON}" in page


def test_the_reasons_have_a_page_that_can_be_reloaded(world, recruiter):
    address = f"{world.path}/guides/publish"
    assert recruiter.get(address).status_code == 303
    own(world, recruiter, CHILDREN)
    page = recruiter.get(address)
    assert page.status_code == 200
    assert len(fields(page.text)) == 1
