"""The builder: every edit is stored, can be undone, and never overwrites somebody else's."""

from __future__ import annotations

import html
import re

import pytest

from recruit.database import db
from tests.conftest import Person
from tests.features.test_queries import counted
from tests.locks import at_once


def path(world, rest=""):
    return f"{world.path}/guides/builder/{rest}"


def draft_of(world):
    from recruit.guides.queries import working
    from recruit.library import library

    with world.app.app_context():
        found = working(world.requisition, library())
        db.session.remove()
    return found


def edit(world, person, verb, revision=None, headers=None, **data):
    if revision is None:
        revision = draft_of(world).revision
    return person.post(
        path(world, "edit"), {"verb": verb, "revision": revision, **data}, headers=headers
    )


def audit(world):
    from recruit.audit.models import AuditEvent

    with world.app.app_context():
        found = list(db.session.scalars(db.select(AuditEvent.action).order_by(AuditEvent.id)))
        db.session.remove()
    return found


def contents(world, state):
    from recruit.guides.models import Guide, GuideVersion

    with world.app.app_context():
        found = [
            version.content
            for version in db.session.scalars(
                db.select(GuideVersion)
                .join(GuideVersion.guide)
                .where(Guide.requisition_id == world.requisition, GuideVersion.state == state)
                .order_by(Guide.position)
            )
        ]
        db.session.remove()
    return found


def asked(content):
    return [q["id"] for section in content["rounds"][0]["sections"] for q in section["questions"]]


def test_an_edit_is_one_step_one_event_and_shown(world, recruiter):
    before = draft_of(world)
    key = before.draft.questions[0][0]
    events = audit(world)
    answer = edit(world, recruiter, "drop", question=key)
    assert answer.status_code == 303
    assert answer.location == f"{path(world)}#builder"
    after = draft_of(world)
    assert key not in after.draft.questions[0]
    assert after.draft.excluded == (key,)
    assert (after.revision, after.undo) == (before.revision + 1, "drop")
    assert audit(world) == [*events, "guide.drop"]
    assert asked(contents(world, "draft")[0]) == list(after.draft.questions[0])
    page = recruiter.get(path(world)).text
    assert f'id="question-{key}"' not in page
    assert f'id="allow-{key}"' in page


def test_every_button_of_a_question_and_a_round(world, recruiter):
    start = draft_of(world).draft
    first, second = start.questions[0][:2]
    for verb, data, check in (
        ("pin", {"question": first}, lambda d: d.pinned == (first,)),
        ("unpin", {"question": first}, lambda d: d.pinned == ()),
        ("down", {"question": first}, lambda d: d.questions[0][:2] == (second, first)),
        ("up", {"question": first}, lambda d: d.questions == start.questions),
        ("move", {"question": first, "number": 1}, lambda d: first in d.questions[1]),
        (
            "note",
            {"number": 0, "note": "Kom i tid.\r\n"},
            lambda d: d.rounds[0].note == "Kom i tid.",
        ),
        ("drop", {"question": second}, lambda d: second in d.excluded),
        ("allow", {"question": second}, lambda d: d.excluded == ()),
        ("add", {"other": second, "number": 0}, lambda d: second in d.questions[0]),
        ("lock", {"number": 0}, lambda d: d.rounds[0].locked),
        ("unlock", {"number": 0}, lambda d: not d.rounds[0].locked),
        ("generate", {}, lambda d: d.optimal),
    ):
        assert edit(world, recruiter, verb, **data).status_code == 303, verb
        assert check(draft_of(world).draft), verb


def test_sections_change_places(world, recruiter):
    before = contents(world, "published")[0]
    sections = [section["competency"] for section in before["rounds"][0]["sections"]]
    edit(world, recruiter, "section-down", number=0, other=sections[0])
    after = contents(world, "draft")[0]
    assert [section["competency"] for section in after["rounds"][0]["sections"]][:2] == [
        sections[1],
        sections[0],
    ]


def test_undo_and_redo_go_back_and_forth(world, recruiter):
    start = draft_of(world).draft
    key = start.questions[0][0]
    edit(world, recruiter, "drop", question=key)
    edit(world, recruiter, "lock", number=1)
    latest = draft_of(world).draft
    assert edit(world, recruiter, "undo").status_code == 303
    assert edit(world, recruiter, "undo").status_code == 303
    assert draft_of(world).draft == start
    assert asked(contents(world, "draft")[0]) == list(start.questions[0])
    edit(world, recruiter, "redo")
    edit(world, recruiter, "redo")
    assert draft_of(world).draft == latest
    assert edit(world, recruiter, "redo").status_code == 409
    edit(world, recruiter, "undo")
    edit(world, recruiter, "pin", question=start.questions[1][0])
    assert draft_of(world).redo is None


def test_undo_gives_a_changed_profile_back(world, recruiter):
    from recruit.requisitions.models import Requisition

    form = profile_form(world, recruiter)
    form["rounds-0-minutes"] = "90"
    assert recruiter.post(f"{world.path}/profile/", form).status_code == 303
    with world.app.app_context():
        assert db.session.get(Requisition, world.requisition).profile["rounds"][0]["minutes"] == 90
        db.session.remove()
    edit(world, recruiter, "undo")
    with world.app.app_context():
        assert db.session.get(Requisition, world.requisition).profile["rounds"][0]["minutes"] == 75
        db.session.remove()


def profile_form(world, person):
    """Return what the page of the profile would send if nothing were changed."""
    page = person.get(f"{world.path}/profile/").text
    form = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    texts = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n(.*?)</textarea>', page, re.DOTALL)
    form |= {name: html.unescape(text) for name, text in texts}
    choices = re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    for name, body in choices:
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        form[name] = (chosen or re.search(r'value="([^"]*)"', body)).group(1)
    for name in re.findall(r'<input[^>]*name="([^"]+)"[^>]*type="checkbox"', page):
        form.pop(name, None)
    return {k: v for k, v in form.items() if k not in {"csrf_token", "language"}}


def test_an_edit_from_an_outdated_page_is_refused_and_told(world, recruiter):
    start = draft_of(world)
    first, second = start.draft.questions[0][:2]
    assert edit(world, recruiter, "drop", start.revision, question=first).status_code == 303
    answer = edit(world, recruiter, "note", start.revision, number=0, note="Min egen anteckning")
    assert answer.status_code == 409
    assert "Inget skrevs över." in answer.text
    assert "Min egen anteckning" in answer.text
    assert draft_of(world).draft.rounds[0].note == ""
    assert draft_of(world).draft.excluded == (first,)
    again = edit(world, recruiter, "undo", start.revision)
    assert again.status_code == 409
    assert draft_of(world).draft.excluded == (first,)
    assert second in draft_of(world).draft.questions[0]


def test_two_at_once_one_of_them_wins(world, recruiter):
    start = draft_of(world)
    first, second = start.draft.questions[0][:2]
    other = Person(recruiter.id, recruiter.name, recruiter.email, world.app.test_client()).sign_in()
    answers = at_once(
        world,
        "requisition",
        lambda: edit(world, recruiter, "drop", start.revision, question=first),
        lambda: edit(world, other, "drop", start.revision, question=second),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(draft_of(world).draft.excluded) == 1
    assert draft_of(world).revision == start.revision + 1


@pytest.mark.parametrize(
    ("address", "form"), [("guides/generate", {}), ("profile/", {"then": "generate"})]
)
def test_a_proposal_that_somebody_overtakes_is_not_stored(
    world, recruiter, monkeypatch, address, form
):
    from recruit.core import draft

    form = (profile_form(world, recruiter) if form else {}) | form
    other = Person(recruiter.id, recruiter.name, recruiter.email, world.app.test_client())
    other.sign_in()
    replan = draft.replan

    def overtaken(found, known):
        monkeypatch.setattr(draft, "replan", replan)
        assert edit(world, other, "lock", number=0).status_code == 303
        return replan(found, known)

    monkeypatch.setattr(draft, "replan", overtaken)
    answer = recruiter.post(f"{world.path}/{address}", form)
    assert answer.status_code == 409
    assert "i ett annat fönster eller av någon annan" in answer.text
    assert draft_of(world).undo == "lock"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"verb": "drop", "question": "no-such-question"}, 409),
        ({"verb": "drop", "question": "x" * 81}, 400),
        ({"verb": "swap", "question": "FIRST", "other": "no-such-question"}, 409),
        ({"verb": "swap", "question": "FIRST", "other": "SECOND"}, 409),
        ({"verb": "move", "question": "FIRST", "number": "9"}, 409),
        ({"verb": "move", "question": "FIRST"}, 409),
        ({"verb": "move", "question": "FIRST", "number": "-1"}, 400),
        ({"verb": "lock", "number": "99999999999999999999"}, 400),
        ({"verb": "note", "number": "0", "note": "x" * 2001}, 400),
        ({"verb": "note", "number": "7", "note": "x"}, 409),
        ({"verb": "section-up", "number": "0", "other": "ghost"}, 409),
        ({"verb": "explode"}, 400),
        ({"verb": "drop", "question": "FIRST", "revision": "två"}, 400),
        ({"verb": "drop", "question": "FIRST", "revision": ""}, 400),
        ({"verb": "drop", "question": "FIRST", "revision": str(2**63)}, 400),
    ],
)
def test_what_cannot_be_done_changes_nothing(world, recruiter, data, status):
    start = draft_of(world)
    first, second = start.draft.questions[0][:2]
    named = {"FIRST": first, "SECOND": second}
    form = {"revision": str(start.revision)} | {k: named.get(v, v) for k, v in data.items()}
    answer = recruiter.post(path(world, "edit"), form)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert draft_of(world) == start


def test_hostile_text_is_shown_as_text(world, recruiter):
    evil = "<script>alert(1)</script>{{ 7*7 }}\x00\u202e"
    edit(world, recruiter, "note", number=0, note=evil)
    assert draft_of(world).draft.rounds[0].note.startswith("<script>")
    page = recruiter.get(path(world)).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page


def wording_form(world, **changes):
    return {
        "revision": str(draft_of(world).revision),
        "text": "Berätta om ett beslut som du lämnade över.",
        "background": "",
        "probes": "Hur gick det?\r\n\r\n  Vad lärde du dig? ",
        "note": "",
    } | changes


def test_words_are_changed_and_flagged_with_the_reason(world, recruiter):
    key = draft_of(world).draft.questions[0][0]
    place = path(world, f"questions/{key}")
    form = wording_form(world, text="Tänker du skaffa barn snart?", note="Fråga lugnt.")
    answer = recruiter.post(place, form)
    assert (answer.status_code, answer.location) == (303, f"{path(world)}#question-{key}")
    kept = draft_of(world).draft
    assert kept.wording[key].probes == ("Hur gick det?", "Vad lärde du dig?")
    assert kept.notes == {key: "Fråga lugnt."}
    page = recruiter.get(path(world)).text
    assert 'class="flags" lang="sv"' in page
    content = contents(world, "draft")[0]
    question = content["rounds"][0]["sections"][0]["questions"][0]
    assert (question["text"], question["note"]) == ("Tänker du skaffa barn snart?", "Fråga lugnt.")
    page = recruiter.get(place).text
    assert 'class="flags" lang="sv"' in page
    assert len(re.findall(r'<textarea[^>]*lang="sv"', page)) == 3


def test_flags_while_writing_in_both_languages(world, recruiter):
    answer = recruiter.post(path(world, "wording"), {"text": "Är du gravid?"})
    assert answer.status_code == 200
    assert 'class="flags" lang="sv"' in answer.text
    assert "gravid" in answer.text
    answer = recruiter.post(path(world, "wording"), {"text": "Berätta om ett beslut."})
    assert "flags" not in answer.text
    from recruit.requisitions.models import Requisition

    with world.app.app_context():
        db.session.get(Requisition, world.requisition).language = "en"
        db.session.commit()
        db.session.remove()
    answer = recruiter.post(path(world, "wording"), {"text": "Are you pregnant?"})
    assert 'class="flags" lang="en"' in answer.text
    assert draft_of(world).draft.wording == {}


def test_the_librarys_own_words_are_no_change(world, recruiter):
    from recruit.core.draft_guide import wording_of
    from recruit.library.queries import question

    key = draft_of(world).draft.questions[0][0]
    with world.app.app_context():
        words = wording_of(question(key)[1], "sv")
    form = wording_form(
        world,
        text=words.text,
        background=words.background or "",
        probes="\n".join(words.probes),
    )
    assert recruiter.post(path(world, f"questions/{key}"), form).status_code == 303
    assert draft_of(world).draft.wording == {}


@pytest.mark.parametrize(
    "change",
    [
        {"text": "  "},
        {"text": "x" * 2001},
        {"probes": "\n".join(["Och?"] * 11)},
        {"probes": "x" * 401},
        {"note": "x" * 2001},
        {"background": "x" * 2001},
        {"revision": "igår"},
    ],
)
def test_faulty_words_are_explained_and_kept(world, recruiter, change):
    key = draft_of(world).draft.questions[0][0]
    form = wording_form(world, **{"note": "Kvar i fältet"} | change)
    answer = recruiter.post(path(world, f"questions/{key}"), form)
    assert answer.status_code == 400
    assert "ds-error-summary" in answer.text
    assert "Kvar i fältet" in answer.text or "note" in change
    assert draft_of(world).draft.wording == {}


def test_words_from_an_outdated_page_are_kept_to_save_again(world, recruiter):
    key, other = draft_of(world).draft.questions[0][:2]
    form = wording_form(world, text="Mina ord?")
    edit(world, recruiter, "pin", question=other)
    answer = recruiter.post(path(world, f"questions/{key}"), form)
    assert answer.status_code == 409
    assert "Mina ord?" in answer.text
    assert draft_of(world).draft.wording == {}
    revision = answer.text.partition('name="revision" value="')[2].partition('"')[0]
    assert revision == str(draft_of(world).revision)
    again = recruiter.post(path(world, f"questions/{key}"), form | {"revision": revision})
    assert again.status_code == 303
    assert draft_of(world).draft.wording[key].text == "Mina ord?"


def own_form(world, **changes):
    return wording_form(
        world,
        text="Vad gör du när ingen frågar dig?",
        kind="reflection",
        minutes="5",
        elicits="hands-over-decisions",
        **changes,
    )


def test_a_question_of_ones_own(world, recruiter):
    place = path(world, "rounds/1/own/autonomy")
    indicator = recruiter.get(place).text.partition('name="elicits" value="')[2].partition('"')[0]
    answer = recruiter.post(place, own_form(world) | {"elicits": indicator})
    assert answer.status_code == 303
    assert "own-1" in draft_of(world).draft.questions[0]
    assert "Vad gör du när ingen frågar dig?" in recruiter.get(path(world)).text
    edit(world, recruiter, "generate")
    assert "own-1" in draft_of(world).draft.questions[0]
    assert recruiter.post(f"{world.path}/guides/publish").status_code == 302
    published = contents(world, "published")[0]
    assert "own-1" in asked(published)


@pytest.mark.parametrize(
    "change",
    [{"elicits": ""}, {"elicits": "ghost"}, {"minutes": "0"}, {"minutes": "x"}, {"kind": "quiz"}],
)
def test_a_faulty_question_of_ones_own_is_not_added(world, recruiter, change):
    place = path(world, "rounds/1/own/autonomy")
    indicator = recruiter.get(place).text.partition('name="elicits" value="')[2].partition('"')[0]
    answer = recruiter.post(place, own_form(world) | {"elicits": indicator} | change)
    assert answer.status_code == 400
    assert "Vad gör du när ingen frågar dig?" in answer.text
    assert draft_of(world).draft.own == ()


def test_pages_of_what_is_not_there(world, recruiter):
    for rest in (
        "questions/no-such-question",
        "questions/no-such-question/swap",
        "rounds/0/add",
        "rounds/3/add",
        "rounds/1/own/openness",
        "rounds/1/own/ghost",
    ):
        assert recruiter.get(path(world, rest)).status_code == 404, rest


def test_a_swap_says_what_it_would_gain_or_lose(world, recruiter):
    key = draft_of(world).draft.questions[0][0]
    page = recruiter.get(path(world, f"questions/{key}/swap")).text
    other = page.partition('name="other" value="')[2].partition('"')[0]
    assert "procentenheter" in page
    answer = edit(world, recruiter, "swap", question=key, other=other)
    assert answer.location == f"{path(world)}#question-{other}"
    assert other in draft_of(world).draft.questions[0]
    edit(world, recruiter, "undo")
    edit(world, recruiter, "drop", question=draft_of(world).draft.questions[0][1])
    dropped = draft_of(world).draft.excluded[0]
    assert f'value="{dropped}"' not in recruiter.get(path(world, f"questions/{key}/swap")).text


def test_htmx_gets_the_builder_alone(world, recruiter):
    key = draft_of(world).draft.questions[0][0]
    answer = edit(world, recruiter, "pin", question=key, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="builder"')
    assert "<html" not in answer.text
    stale = edit(world, recruiter, "unpin", 0, question=key, headers={"HX-Request": "true"})
    assert stale.status_code == 409
    assert stale.text.lstrip().startswith('<div id="builder"')


def test_ways_out_are_buttons_that_work(world, recruiter):
    form = profile_form(world, recruiter)
    form |= {"rounds-0-minutes": "60", "rounds-1-minutes": "20", "then": "generate"}
    answer = recruiter.post(f"{world.path}/profile/", form)
    assert answer.status_code == 422
    assert 'name="verb" value="way"' in answer.text
    assert 'name="number" value="0"' in answer.text
    before = draft_of(world)
    assert edit(world, recruiter, "way", number=0).status_code == 303
    after = draft_of(world).draft
    assert after.optimal
    assert sum(r.minutes for r in after.profile.rounds) > sum(
        r.minutes for r in before.draft.profile.rounds
    ) or len(after.profile.competencies) < len(before.draft.profile.competencies)
    assert edit(world, recruiter, "way", number=0).status_code == 303


def test_an_undo_history_has_an_end(world, recruiter, monkeypatch):
    from recruit.guides import actions
    from recruit.guides.models import DraftStep

    monkeypatch.setattr(actions, "STEPS_KEPT", 3)
    for number in range(6):
        edit(world, recruiter, "note", number=0, note=f"Anteckning {number}")
    with world.app.app_context():
        kept = db.session.scalar(db.select(db.func.count()).select_from(DraftStep))
        db.session.remove()
    assert kept == 3
    assert [edit(world, recruiter, "undo").status_code for _ in range(3)] == [303, 303, 409]
    assert draft_of(world).draft.rounds[0].note == "Anteckning 3"


def test_the_builder_asks_the_database_as_often_for_many_as_for_few(world, recruiter):
    edit(world, recruiter, "note", number=0, note="Ett")

    def queries():
        recruiter.get(path(world))
        with counted(world.app) as statements:
            assert recruiter.get(path(world)).status_code == 200
        return len(statements)

    few = queries()
    for _ in range(3):
        edit(world, recruiter, "note", number=0, note="Ett till")
        recruiter.post(f"{world.path}/guides/publish")
        edit(world, recruiter, "note", number=0, note="Ett annat")
        edit(world, recruiter, "drop", question=draft_of(world).draft.questions[1][0])
    assert queries() == few
    assert few <= 15


def test_guides_made_before_the_builder_can_be_built_on(world, recruiter):
    """A requisition whose guides have no steps yet: what is published is where one begins."""
    from recruit.guides.models import GuideDraft

    with world.app.app_context():
        db.session.execute(db.delete(GuideDraft))
        db.session.commit()
        db.session.remove()
    before = contents(world, "published")
    found = draft_of(world)
    assert (found.revision, found.is_stored) == (0, False)
    assert [list(keys) for keys in found.draft.questions] == [asked(c) for c in before]
    key = found.draft.questions[0][0]
    assert edit(world, recruiter, "drop", question=key).status_code == 303
    assert edit(world, recruiter, "undo").status_code == 303
    assert [asked(content) for content in contents(world, "draft")] == [asked(c) for c in before]


def test_a_competency_that_left_the_library_is_named(world, recruiter):
    from recruit.requisitions.models import Requisition

    with world.app.app_context():
        requisition = db.session.get(Requisition, world.requisition)
        wanted = requisition.profile["competencies"] | {"ghost": {"weight": 1}}
        requisition.profile = requisition.profile | {"competencies": wanted}
        db.session.commit()
        db.session.remove()
    answer = recruiter.get(path(world))
    assert answer.status_code == 422
    assert "Biblioteket har ingen kompetens som heter ghost." in answer.text
    key = contents(world, "published")[0]["rounds"][0]["sections"][0]["questions"][0]["id"]
    assert recruiter.get(path(world, f"questions/{key}/swap")).status_code == 422
    assert recruiter.get(path(world, "rounds/1/add")).status_code == 422
    gone = recruiter.get(path(world, "rounds/1/own/ghost"))
    assert gone.status_code == 422
    assert "Biblioteket har ingen kompetens som heter ghost." in gone.text
