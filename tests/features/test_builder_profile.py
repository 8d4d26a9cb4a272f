"""The role profile of a requisition: changed after creation, or built from scratch."""

from __future__ import annotations

import pytest

from recruit.database import db
from tests.features.test_builder import draft_of, profile_form


def profile_of(world, number=None):
    from recruit.requisitions.models import Requisition

    with world.app.app_context():
        requisition = db.session.get(Requisition, number or world.requisition)
        found = requisition.profile, requisition.level, requisition.sector
        db.session.remove()
    return found


def place(world):
    return f"{world.path}/profile/"


def test_saving_without_a_change_changes_nothing(world, recruiter):
    """Names and reasons in two languages stay in both, though the page shows one."""
    before = profile_of(world)
    assert recruiter.post(place(world), profile_form(world, recruiter)).status_code == 303
    assert profile_of(world) == before


def test_a_changed_profile_is_stored_and_the_guide_follows(world, recruiter):
    form = profile_form(world, recruiter)
    weights = {k: v for k, v in form.items() if k.endswith("-weight") and v != "0"}
    first = next(iter(weights))
    last = list(weights)[-1]
    key = form[first.replace("weight", "key")]
    gone = form[last.replace("weight", "key")]
    form |= {
        first: "5",
        first.replace("weight", "must_have"): "4",
        last: "0",
        "level": "manager_of_managers",
        "rounds-2-name": "Avslutande samtal",
        "rounds-2-minutes": "45",
        "rounds-2-interviewers": "1",
    }
    assert recruiter.post(place(world), form).status_code == 303
    profile, level, _ = profile_of(world)
    assert level == "manager_of_managers"
    assert profile["competencies"][key] == {"weight": 5, "must_have": 4}
    assert gone not in profile["competencies"]
    assert profile["rounds"][2] == {"name": "Avslutande samtal", "minutes": 45, "interviewers": 1}
    draft = draft_of(world).draft
    assert len(draft.rounds) == 3
    page = recruiter.get(f"{world.path}/guides/builder/").text
    assert "Avslutande samtal" in page
    form = profile_form(world, recruiter) | {"rounds-2-remove": "y", "then": "generate"}
    answer = recruiter.post(place(world), form)
    assert answer.status_code == 303
    assert answer.location.endswith("/guides/builder/")
    assert len(draft_of(world).draft.rounds) == 2
    assert draft_of(world).draft.optimal


def set_all(form, suffix, value):
    return {k: value for k in form if k.endswith(suffix)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: set_all(f, "-weight", "0"), "Alla vikter är 0."),
        (
            lambda f: (
                set_all(f, "-weight", "0")
                | {"competencies-0-weight": "1", "competencies-1-weight": "2"}
            ),
            "Välj minst 3 kompetenser; du har valt 2.",
        ),
        (lambda f: set_all(f, "-weight", "1"), "Välj högst 8 kompetenser; du har valt 12."),
        (
            lambda f: {"rounds-0-minutes": "15"},
            "”Första intervjun” är för kort: inledning och avslutning tar 15 minuter.",
        ),
        (lambda f: {"rounds-0-name": " "}, "Ge omgång 1 ett namn eller ta bort den."),
        (
            lambda f: {"rounds-0-minutes": ""},
            "Ange minuter och antal intervjuare för ”Första intervjun”.",
        ),
        (
            lambda f: {"rounds-0-remove": "y", "rounds-1-remove": "y"},
            "Ge minst en omgång ett namn.",
        ),
        (lambda f: {"rounds-0-minutes": "10000"}, "En omgång får vara högst 480 minuter."),
        (lambda f: {"rounds-0-interviewers": "0"}, "Ange 1 till 20 intervjuare."),
        (lambda f: {"rounds-0-minutes": "en timme"}, '#rounds-0-minutes"'),
        (lambda f: {"competencies-0-weight": "9"}, '#competencies-0-weight"'),
        (lambda f: {"competencies-0-reason": "x" * 201}, "Använd högst 200 tecken."),
        (lambda f: {"level": "king"}, '#level"'),
    ],
)
def test_a_profile_that_cannot_be_is_explained_and_nothing_lost(world, recruiter, change, message):
    before = draft_of(world), profile_of(world)
    form = profile_form(world, recruiter)
    form["rounds-1-name"] = "Kvar i fältet"
    answer = recruiter.post(place(world), form | change(form))
    assert answer.status_code == 400
    assert "ds-error-summary" in answer.text
    assert message in answer.text
    assert "Kvar i fältet" in answer.text
    assert (draft_of(world), profile_of(world)) == before


def test_a_competency_without_questions_for_the_level_is_named(world, recruiter, monkeypatch):
    from recruit.core.library import Library
    from recruit.guides import profile_views
    from recruit.library import library

    shipped = library()
    item = shipped.competencies["autonomy"]
    elsewhere = [q.model_copy(update={"levels": ["executive"]}) for q in item.questions]
    without = Library(
        shipped.competencies | {"autonomy": item.model_copy(update={"questions": elsewhere})},
        shipped.scripts,
        shipped.roles,
        shipped.claims,
    )
    form = profile_form(world, recruiter)
    monkeypatch.setattr(profile_views, "library", lambda: without)
    answer = recruiter.post(place(world), form)
    assert answer.status_code == 400
    assert (
        "”Handlingsutrymme och mandat” har ingen fråga att välja på för nivån och sektorn."
        in answer.text
    )


def test_a_profile_from_an_outdated_page_is_refused_and_kept(world, recruiter):
    form = profile_form(world, recruiter)
    assert recruiter.post(place(world), form | {"rounds-0-minutes": "80"}).status_code == 303
    answer = recruiter.post(place(world), form | {"rounds-0-minutes": "95"})
    assert answer.status_code == 409
    assert 'value="95"' in answer.text
    assert "Inget skrevs över" in answer.text
    assert profile_of(world)[0]["rounds"][0]["minutes"] == 80
    for revision in ("", "x", "-1", "²"):
        assert recruiter.post(place(world), form | {"revision": revision}).status_code == 409


def test_a_requisition_from_scratch(world, recruiter):
    from recruit.requisitions.models import Requisition

    page = recruiter.get("/requisitions/new/scratch").text
    assert "Ny rekrytering från grunden" in page
    keys = [part.partition('"')[0] for part in page.split('-key" value="')[1:]]
    form = {f"competencies-{n}-key": key for n, key in enumerate(keys)}
    form |= {f"competencies-{n}-weight": "2" if n < 4 else "0" for n in range(len(keys))}
    form |= {f"competencies-{n}-must_have": "0" for n in range(len(keys))}
    form |= {
        "title": "Tillitschef <b>",
        "unit": "",
        "guide_language": "en",
        "level": "executive",
        "sector": "nonprofit",
        "min_questions": "1",
        "rounds-0-name": "Talk",
        "rounds-0-minutes": "60",
        "rounds-0-interviewers": "2",
    }
    with world.app.app_context():
        before = db.session.scalar(db.select(db.func.count()).select_from(Requisition))
        db.session.remove()
    faulty = recruiter.post("/requisitions/new/scratch", form | {"title": ""})
    assert faulty.status_code == 400
    assert "ds-error-summary" in faulty.text
    answer = recruiter.post("/requisitions/new/scratch", form)
    assert answer.status_code == 302
    number = int(answer.location.rpartition("/")[2])
    profile, level, sector = profile_of(world, number)
    assert (level, sector) == ("executive", "nonprofit")
    assert (profile["title"], profile["language"]) == ("Tillitschef <b>", "en")
    assert list(profile["competencies"]) == keys[:4]
    with world.app.app_context():
        after = db.session.scalar(db.select(db.func.count()).select_from(Requisition))
        db.session.remove()
    assert after == before + 1
    builder = f"/requisitions/{number}/guides/builder/"
    assert recruiter.post(f"/requisitions/{number}/guides/generate").status_code == 303
    assert "Talk" in recruiter.get(builder).text
