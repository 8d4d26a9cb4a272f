"""What a library, a draft, an import and a file may hold is the same, and what cannot be read is
told with a way out."""

from __future__ import annotations

import copy
import json
import random

import pytest

from recruit.core import guide_file
from recruit.core.faults import Faults
from recruit.database import db, now
from tests.features.test_builder import contents, draft_of, edit
from tests.features.test_guide_files import confirm, exported, kept_imports, send

LONG = "Vad gjorde du då? " * 150


def question(content):
    return content["rounds"][0]["sections"][0]["questions"][0]


CHANGES = {
    "text": lambda c: question(c).update(text="x" * 2001),
    "background": lambda c: question(c).update(background="x" * 2001),
    "probes": lambda c: question(c).update(probes=["Hur?"] * 11),
    "probes.0": lambda c: question(c).update(probes=["x" * 401]),
    "note": lambda c: question(c).update(note="x" * 2001),
    "listen_for.practice": lambda c: question(c).update(listen_for={"practice": [], "talk": ["x"]}),
    "listen_for.talk": lambda c: question(c).update(listen_for={"practice": ["x"], "talk": []}),
    "listen_for.talk.0": lambda c: question(c).update(
        listen_for={"practice": ["x"], "talk": [" "]}
    ),
    "elicits": lambda c: question(c).update(elicits=[]),
    "indicators": lambda c: c["rounds"][0]["sections"][0].update(indicators=[]),
    "rounds.0.note": lambda c: c["rounds"][0].update(note="x" * 2001),
}


@pytest.mark.parametrize("place", CHANGES)
def test_a_file_with_what_no_draft_may_hold_is_refused_with_the_place(world, recruiter, place):
    content = copy.deepcopy(exported(world))
    CHANGES[place](content)
    answer = send(world, content)
    assert answer.status_code == 400
    assert f"{place}: hittade" in answer.text
    assert kept_imports(world) == 0
    assert recruiter.get(f"{world.path}/guides/builder/").status_code == 200


def at_the_limits(content):
    question(content).update(
        id="of-our-own",
        text="x" * 2000,
        probes=["x" * 400] * 10,
        note="x" * 2000,
        listen_for={"practice": ["x" * 2000], "talk": ["x"]},
    )
    content["rounds"][0]["note"] = "x" * 2000
    return content


def test_a_file_at_the_limits_goes_in_and_the_builder_works(world, recruiter):
    place = send(world, at_the_limits(copy.deepcopy(exported(world)))).location
    assert confirm(world, place, round_0="1").status_code == 302
    for path in ("guides/builder/", "profile/", "guides/builder/rounds/1/add"):
        assert recruiter.get(f"{world.path}/{path}").status_code == 200
    key = draft_of(world).draft.own[0].id
    assert recruiter.get(f"{world.path}/guides/builder/questions/{key}").status_code == 200


def store(world, change):
    """Let the draft versions hold what an earlier import let through."""
    from recruit.guides.models import DraftStep, GuideDraft, GuideVersion

    with world.app.app_context():
        content = copy.deepcopy(db.session.get(GuideVersion, world.versions[0]).content)
        change(content)
        db.session.execute(
            db.update(GuideVersion)
            .where(GuideVersion.id == world.versions[0])
            # Another moment, because what is published is read once in a process.
            .values(content=content, published_at=now())
        )
        db.session.execute(db.delete(DraftStep))
        db.session.execute(db.delete(GuideDraft))
        db.session.commit()
        db.session.remove()


PAGES = ("guides/builder/", "profile/", "guides/builder/rounds/1/add", "guides/")


@pytest.mark.parametrize("place", ["text", "probes", "listen_for.practice", "rounds.0.note"])
def test_a_guide_of_before_the_limits_is_explained_and_has_a_way_out(world, recruiter, place):
    store(world, CHANGES[place])
    before = contents(world, "published")
    for path in PAGES[:3]:
        answer = recruiter.get(f"{world.path}/{path}")
        assert answer.status_code == 409, path
        assert "En del av guiderna går inte att ändra" in answer.text
        assert f"{world.path}/guides/builder/recover" in answer.text
    if place == "text":
        assert "x" * 2001 in answer.text
    assert recruiter.post(f"{world.path}/guides/generate").status_code == 409
    edited = recruiter.post(
        f"{world.path}/guides/builder/edit", {"revision": 0, "verb": "lock", "number": 0}
    )
    assert edited.status_code == 409
    assert contents(world, "published") == before
    assert recruiter.post(f"{world.path}/guides/builder/recover").status_code == 303
    for path in PAGES:
        assert recruiter.get(f"{world.path}/{path}").status_code == 200
    assert contents(world, "published") == before
    assert edit(world, recruiter, "lock", number=0).status_code == 303


@pytest.mark.parametrize("content", [{}, {"profile": 1}, [], "x", {"rounds": None}])
def test_a_draft_that_cannot_be_read_at_all_has_a_way_out(world, recruiter, content):
    from recruit.guides.models import DraftStep

    edit(world, recruiter, "lock", number=0)
    with world.app.app_context():
        db.session.execute(db.update(DraftStep).values(content=content))
        db.session.commit()
        db.session.remove()
    for path in PAGES[:3]:
        assert recruiter.get(f"{world.path}/{path}").status_code == 409
    for verb in ("undo", "redo", "generate"):
        answer = recruiter.post(f"{world.path}/guides/builder/edit", {"revision": 1, "verb": verb})
        assert answer.status_code == 409
    assert recruiter.post(f"{world.path}/guides/builder/recover").status_code == 303
    assert recruiter.get(f"{world.path}/guides/builder/").status_code == 200


def test_the_way_out_changes_nothing_where_all_is_well(world, recruiter):
    before = draft_of(world)
    assert recruiter.post(f"{world.path}/guides/builder/recover").status_code == 303
    assert draft_of(world) == before


VALUES = (
    None, True, 0, -1, 2**70, 1.5, "", " ", "x", "x" * 2001, "x" * 5001, "\u200b", "own-1", [],
    [None], ["x"] * 12, {}, {"x": "x"}, "sv", "1", ["", " "], {"sv": "x"},
)  # fmt: skip


def mutant(content, chance):
    """Change, leave out or double something at a place of chance."""
    parent, key = None, None
    here = content
    while isinstance(here, (dict, list)) and here and (parent is None or chance.random() < 0.85):
        parent = here
        key = chance.choice(list(here) if isinstance(here, dict) else range(len(here)))
        here = here[key]
    act = chance.randrange(4)
    if act == 0 and isinstance(parent, dict):
        del parent[key]
    elif act == 1 and isinstance(parent, list):
        parent.append(copy.deepcopy(parent[key]))
    else:
        parent[key] = copy.deepcopy(chance.choice(VALUES))
    return content


@pytest.mark.parametrize("seed", range(12))
def test_mutants_of_a_guide_file_are_refused_or_work(world, recruiter, seed):
    chance = random.Random(seed)
    start = exported(world)
    for _ in range(8):
        content = copy.deepcopy(start)
        for _ in range(chance.randint(1, 2)):
            mutant(content, chance)
        answer = send(world, json.dumps(content).encode(), "guide.json")
        assert answer.status_code in {302, 400}, json.dumps(content)[:3000]
        if answer.status_code == 400:
            continue
        assert recruiter.get(answer.location).status_code == 200
        assert confirm(world, answer.location, round_0="1").status_code in {302, 400}
        for path in PAGES:
            assert recruiter.get(f"{world.path}/{path}").status_code in {200, 422}
        assert recruiter.post(f"{world.path}/guides/generate").status_code in {303, 422}


@pytest.mark.parametrize("seed", range(300))
def test_the_reader_gives_a_guide_that_a_draft_takes_or_says_what_is_wrong(shipped_guide, seed):
    from recruit.core import draft_guide

    content, profile, library = shipped_guide
    chance = random.Random(seed)
    try:
        guide = guide_file.read(
            json.dumps(mutant(copy.deepcopy(content), chance)).encode(), "guide.json"
        )
    except Faults:
        return
    draft_guide.read_back({1: guide}, profile, library)


@pytest.fixture(scope="module")
def shipped_guide():
    from recruit.core import guide as core
    from recruit.core import planner
    from tests.shipped import shipped

    library = shipped()
    profile = library.roles["head-of-unit-home-care"]
    guide = core.compose(library, profile, planner.plan(library, profile), "sv")
    whole = guide.model_copy(update={"rounds": guide.rounds[:1]})
    return json.loads(json.dumps(whole.as_json())), profile, library


OWN = {"revision": 0, "text": "Berätta om en gång.", "kind": "past_behaviour", "minutes": 5}


@pytest.fixture
def without_a_competency(world, monkeypatch):
    """Let a competency leave the library while the guides ask about it."""
    from recruit.core.library import Library
    from recruit.guides import builder_views, profile_views, views, wording_views
    from recruit.library import library, queries

    with world.app.app_context():
        whole = library()
    key = next(iter(draft_of(world).draft.profile.competencies))
    rest = {name: item for name, item in whole.competencies.items() if name != key}
    smaller = Library(rest, whole.scripts, whole.roles, whole.claims)
    for module in (builder_views, profile_views, views, wording_views, queries):
        monkeypatch.setattr(module, "library", lambda: smaller)
    gone = [q.id for q in whole.competencies[key].questions]
    return key, next(k for k in draft_of(world).draft.questions[0] if k in gone)


def test_a_competency_that_left_the_library_is_explained_and_no_text_is_lost(
    world, recruiter, without_a_competency
):
    competency, asked = without_a_competency
    there = next(key for key in draft_of(world).draft.profile.competencies if key != competency)
    here = f"{world.path}/guides/builder"
    for path, data in (
        (f"questions/{asked}", {"revision": 0, "text": "Mina egna ord om saken."}),
        (f"rounds/1/own/{competency}", OWN | {"text": "Mina egna ord om saken."}),
    ):
        assert recruiter.get(f"{here}/{path}").status_code in {409, 422}
        answer = recruiter.post(f"{here}/{path}", data)
        assert answer.status_code in {409, 422}
        assert "Mina egna ord om saken." in answer.text
        assert "finns inte längre i biblioteket" in answer.text
        assert f"ingen kompetens som heter {competency}" in answer.text
    other = next(
        key for keys in draft_of(world).draft.questions for key in keys if key.startswith(there)
    )
    answer = recruiter.post(
        f"{here}/questions/{other}",
        {"revision": draft_of(world).revision, "text": "Mina egna ord om saken."},
    )
    assert answer.status_code == 409
    assert "Mina egna ord om saken." in answer.text
    assert f"ingen kompetens som heter {competency}" in answer.text
    assert recruiter.get(f"{here}/questions/{asked}/swap").status_code in {409, 422}
    assert recruiter.get(f"{here}/").status_code == 422
    assert recruiter.get(f"{world.path}/profile/").status_code == 200
