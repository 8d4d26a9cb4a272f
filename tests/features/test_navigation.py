"""Every page says where one is: in the main menu, and in the path that leads to it."""

from __future__ import annotations

import io
import re

import pytest

from tests.browser.test_accessibility import asked_first, hold_a_meeting, keep_a_guide
from tests.security.test_access import guarded_rules

NOWHERE = {
    "/about/accessibility": "belongs to no part of the menu: the footer leads there",
    "/about/scores": "belongs to no part of the menu: the footer leads there",
    "/help/": "belongs to no part of the menu: the footer leads there",
    "/help/administrator": "belongs to no part of the menu: the footer leads there",
    "/account": "one's own: the name in the header leads there",
    "/account/passkeys": "one's own: the name in the header leads there",
    "/account/tokens": "one's own: the name in the header leads there",
    "/account/two-steps": "one's own: the name in the header leads there",
    "/search": "looks through every part",
    "/signed-in": "tells another tab that one is signed in",
}
"""Pages of the whole frame without a current entry, with the reason."""


def current_of(text, name):
    """Return the address of each entry that is marked as current, in the navigation so named."""
    nav = re.search(rf'<nav[^>]*class="[^"]*\b{name}\b[^"]*".*?</nav>', text, re.DOTALL)
    if nav is None:
        return None
    return re.findall(r'<a[^>]*href="([^"]*)"\s+aria-current="page"', nav[0])


def first_of(text):
    crumbs = re.search(r'<nav[^>]*\bcrumbs\b.*?href="([^"]*)"', text, re.DOTALL)
    return crumbs and crumbs[1]


def pages(world, person):
    """Return path and text of every page with a menu that the person can open."""
    values = {
        "requisition_id": world.requisition,
        "version_id": world.versions[0],
        "candidate_id": world.candidates[-1],
        "interview_id": world.interviews[0],
        "import_id": 1,
        "scorecard_id": 1,
        "rating_id": 1,
        "user_id": world["interviewer"].id,
        "competency_id": "autonomy",
        "question_id": "autonomy-pb-1",
        "part": "scale",
        "number": 1,
        "round_number": 1,
        "round_position": 0,
        "topic": "_recommendation",
        "reader": "administrator",
    }
    build = world.app.url_map.bind("localhost").build
    of_draft = asked_first(world)
    for rule, _view in guarded_rules(world.app):
        if "GET" not in rule.methods or rule.rule.endswith(".pdf") or rule.arguments - set(values):
            continue
        for question in (values["question_id"], of_draft):
            known = {k: v for k, v in values.items() if k in rule.arguments}
            if "question_id" in known:
                known["question_id"] = question
            path = build(rule.endpoint, known)
            answer = person.get(path)
            text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
            if answer.status_code == 200 and "site-nav" in text:
                yield path, text
            if "question_id" not in known:
                break


@pytest.mark.parametrize(
    ("name", "least"), [("recruiter", 45), ("administrator", 10), ("interviewer", 12)]
)
def test_exactly_one_entry_is_current(world, name, least):
    recruiter = world["recruiter"].sign_in()
    for other in ("interviewer", "colleague"):
        person = world[other].sign_in()
        assert person.post(world.scorecard(0), world.ratings(0)).status_code == 302
    answer = {"rating": "4", "seen": "0", "why": ""}
    assert world["interviewer"].post("/training/exercises/autonomy/1", answer).status_code == 302
    file = (io.BytesIO(b"Namn\nCarin\n"), "lista.csv")
    path = f"{world.path}/candidates/import/"
    assert recruiter.post(path, {"file": file}).status_code == 302
    hold_a_meeting(world)
    keep_a_guide(world)
    person = world[name] if world[name].token else world[name].sign_in()
    faults, seen = [], set()
    for path, text in pages(world, person):
        seen.add(path)
        current = current_of(text, "site-nav")
        if len(current) != (0 if path in NOWHERE else 1):
            faults.append((path, "menu", current))
            continue
        crumbs = current_of(text, "crumbs")
        if crumbs is not None and len(crumbs) != 1:
            faults.append((path, "last crumb", crumbs))
        if crumbs is not None and first_of(text) != current[0]:
            faults.append((path, "first crumb", first_of(text)))
        if current[0:1] != [path] and path not in NOWHERE and crumbs is None:
            faults.append((path, "no crumbs", current))
    assert faults == []
    assert len(seen) >= least, sorted(seen)
