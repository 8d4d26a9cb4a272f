"""How much may be written in a scorecard: told with the field, refused without losing a word."""

from __future__ import annotations

import html

import pytest

from recruit.database import db, write
from recruit.scorecards.limits import LONGEST_REASON, LONGEST_SCORECARD, LONGEST_TEXT
from recruit.scorecards.models import QuestionNote, Scorecard

JSON = {"Accept": "application/json"}


@pytest.fixture
def interviewer(world):
    return world["interviewer"].sign_in()


def draft(world):
    return f"{world.scorecard(0)}draft"


def fields_of_notes(interviewer, world):
    fields = interviewer.get(draft(world), headers=JSON).json["fields"]
    return [name for name in fields if name.startswith("note-")]


@pytest.mark.parametrize(
    ("field", "limit", "label"),
    [
        ("summary", LONGEST_TEXT, "Sammanfattning"),
        ("evidence", LONGEST_TEXT, "Vad betyget vilar på"),
        ("not_assessed_reason", LONGEST_REASON, "Varför är det inte bedömt?"),
        ("note", LONGEST_TEXT, "Anteckningar"),
    ],
)
def test_a_text_that_is_too_long_is_refused_by_name_and_kept_on_the_page(
    world, interviewer, field, limit, label
):
    if field == "note":
        field = fields_of_notes(interviewer, world)[0]
    elif field != "summary":
        field = f"rating-{world.competencies[0][0]}-{field}"
    form = {"version": "0"}
    fits = interviewer.post(draft(world), form | {field: "å" * limit}, headers=JSON)
    assert fits.status_code == 200
    text = "å" * limit + "<"
    version = str(fits.json["version"])
    refused = interviewer.post(draft(world), form | {"version": version, field: text}, headers=JSON)
    assert refused.status_code == 422
    assert refused.json["code"] == "TextsAreTooLong"
    assert label in refused.json["error"]
    digits = "".join(c for c in refused.json["error"] if c.isdigit())
    assert digits.endswith(f"{limit + 1}{limit}")
    for action in ({"action": "draft"}, {}):
        sent = form | {"version": version, field: text} | action
        page = interviewer.post(world.scorecard(0), sent)
        assert page.status_code == 422
        assert text in html.unescape(page.text)
        assert f'href="#{field}"' in page.text
        assert f'id="{field}"' in page.text
    held = interviewer.get(draft(world), headers=JSON).json
    assert held["fields"][field] == "å" * limit
    assert held["version"] == fits.json["version"]


def test_all_texts_together_have_a_limit_too(world, interviewer):
    names = fields_of_notes(interviewer, world)
    names += [f"rating-{competency}-evidence" for competency in world.competencies[0]]
    names.append("summary")
    share = LONGEST_SCORECARD // len(names) + 1
    assert share <= LONGEST_TEXT
    form = {"version": "0", **dict.fromkeys(names, "x" * share)}
    refused = interviewer.post(draft(world), form, headers=JSON)
    assert refused.status_code == 422
    assert refused.json["error"].startswith("Texterna är tillsammans")
    assert interviewer.get(draft(world), headers=JSON).json["version"] == 0
    form["summary"] = "x" * (share - (share * len(names) - LONGEST_SCORECARD))
    assert interviewer.post(draft(world), form, headers=JSON).status_code == 200


def test_what_was_longer_before_the_limits_is_read_and_shortened(world, interviewer):
    name, other, *_ = fields_of_notes(interviewer, world)
    assert interviewer.post(draft(world), {"version": "0", name: "x"}).status_code == 200
    with world.app.app_context(), write():
        question = name.removeprefix("note-")
        db.session.scalars(
            db.select(QuestionNote).where(QuestionNote.question == question)
        ).one().text = "y" * 20_000
    assert "y" * 20_000 in interviewer.get(world.scorecard(0)).text

    def save(version, **fields):
        sent = {"version": str(version), name: "y" * 20_000} | fields
        return interviewer.post(draft(world), sent, headers=JSON).status_code

    # Another field goes on, the long one may shrink step by step, and never grows.
    assert save(1, **{other: "nytt"}) == 200
    assert save(2, **{name: "y" * 20_001}) == 422
    assert save(2, **{name: "y" * 15_000}) == 200
    assert save(3, **{name: "y" * 15_001}) == 422
    assert save(3, **{name: "y" * LONGEST_TEXT}) == 200
    with world.app.app_context():
        assert db.session.scalar(db.select(Scorecard.version)) == 4


def test_the_page_cuts_nothing_and_says_what_there_is_room_for(world, interviewer):
    page = interviewer.get(world.scorecard(0)).text
    form = page[page.index("data-autosave") : page.rindex("</form>")]
    assert "maxlength" not in form
    assert form.count("data-limit=") == form.count('class="length"') > 3
    assert f'data-longest="{LONGEST_SCORECARD}"' in form
