"""axe-core finds nothing, and nothing overflows, on every page in three widths.

Each page fits 320 pixels too, which is 400 % zoom.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from recruit.accounts.actions import sign_in_as
from recruit.accounts.models import User
from recruit.candidates.models import Candidate
from recruit.database import db
from recruit.privacy.notice import address_of
from recruit.resources import PACKAGE
from tests.browser.conftest import sign_in
from tests.conftest import PASSWORD, build_world
from tests.features.test_queries import grow

pytestmark = pytest.mark.xdist_group("browser")

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"phone": (390, 844), "tablet": (820, 1180), "laptop": (1366, 900)}

PROVIDER = {
    "oidc_issuer": "https://login.example.org",
    "oidc_client_id": "recruit",
    "oidc_client_secret": "never shown",
}
"""Nobody signs in there; its button and its part of an account's page are to be seen."""

TRAINED = ("autonomy", "support", "feedback")


def pages_of(world):
    home, question = world.path, asked_first(world)
    return {
        None: [
            "/sign-in",
            "/sign-in/link",
            "/sign-in/passkey",
            "/password/reset",
            "/nothing",
            *public_pages(world),
        ],
        "administrator": [
            "/",
            "/users",
            f"/users/{world['stranger'].id}",
            "/account",
            "/account/passkeys",
            "/account/tokens",
            "/account/two-steps",
            "/sign-in/again",
            "/sign-in/again/passkey",
            "/password/change",
            "/privacy/",
            f"{home}/privacy/",
            "/trail/?check=1",
            "/trail/?since=i+dag",
            "/help/",
        ],
        "recruiter": [
            "/",
            "/search",
            "/search?q=enhetschef",
            f"/search?q={'x' * 101}",
            "/requisitions/",
            "/requisitions/new",
            home,
            f"{home}/guides/",
            f"{home}/guides/{world.versions[0]}",
            f"{home}/guides/{world.versions[0]}/changes",
            f"{home}/guides/builder/",
            f"{home}/guides/builder/rounds/1/add",
            f"{home}/guides/builder/rounds/1/own/autonomy",
            f"{home}/guides/builder/questions/{question}",
            f"{home}/guides/builder/questions/{question}/swap",
            f"{home}/profile/",
            f"{home}/interviews/{world.interviews[0]}/deviations/",
            "/requisitions/new/scratch",
            f"{home}/guides/import/",
            f"{home}/guides/import/1",
            f"{home}/candidates/",
            f"{home}/candidates/?q=finns+inte",
            f"{home}/candidates/{world.candidates[0]}",
            f"{home}/candidates/{world.candidates[0]}/withdraw",
            f"{home}/candidates/{world.candidates[0]}/cv/remove",
            f"{home}/candidates/import/",
            f"{home}/candidates/import/1",
            f"{home}/interviews/",
            f"{home}/interviews/new",
            f"{home}/interviews/several",
            f"{home}/interviews/{world.interviews[2]}/change",
            f"{home}/interviews/{world.interviews[2]}/cancel",
            f"{home}/comparison/",
            f"{home}/privacy/",
            f"{home}/privacy/erase",
            f"{home}/privacy/information",
            f"{home}/candidates/{world.candidates[0]}/erase",
            f"{home}/comparison/?sort=name&competency={world.competencies[1][0]}",
            f"{home}/comparison/evidence/{world.lot(0)}/{world.competencies[1][0]}",
            f"{home}/comparison/weights?w-{world.competencies[1][0]}=x",
            f"{home}/comparison/weights",
            f"{home}/comparison/decision/",
            f"{home}/consensus/",
            f"{home}/consensus/{world.lot(-1)}/0/",
            f"{home}/consensus/{world.lot(-1)}/0/topics/{world.competencies[2][0]}",
            f"{home}/consensus/{world.lot(-1)}/0/topics/_recommendation",
            f"{home}/consensus/{world.lot(-1)}/0/minutes",
            f"{home}/training",
            f"{home}/documents/",
            f"{home}/candidates/{world.candidates[0]}/merits",
            "/library/",
            "/library/?q=mandat&kind=situational",
            "/library/?kind=quiz",
            "/library/autonomy",
            "/library/questions/autonomy-ca-1",
            "/library/own/",
            "/library/own/new",
            "/library/own/autonomy/texts",
            "/library/own/autonomy/questions/new",
            "/library/own/autonomy/questions/autonomy-pb-1",
            "/library/questions/autonomy-pb-1",
            *panel_pages(world),
        ],
        "interviewer": [
            "/",
            "/training/",
            "/training/?competency=support",
            "/training/read/errors",
            "/training/exercises/autonomy/1",
            "/training/ratings/1",
            "/training/own",
            "/signed-in",
            f"{home}/interviews/{world.interviews[2]}/step-down",
            world.scorecard(0),
            f"{world.scorecard(0)}#step-{world.competencies[0][0]}",
            f"{world.scorecard(0)}#step-closing",
            f"{world.scorecard(0)}#step-summary",
            world.scorecard(1),
            world.scorecard(2),
            f"{home}/comparison/",
        ],
    }


def public_pages(world):
    """Pages for candidates and everybody."""
    with world.app.app_context():
        information = address_of(world.requisition)
    return [
        "/about/scores",
        "/about/accessibility",
        "/help/",
        "/help/recruiter",
        urlsplit(information).path,
    ]


def asked_first(world):
    page = world["recruiter"].get(f"{world.path}/guides/builder/").text
    return page.partition('id="question-')[2].partition('"')[0]


def keep_a_file(world):
    """Read a file with faults, duplicates and good rows, so that there is a preview to look at."""
    data = "Namn;E-post;Ort\nCarin;carin@example.org;Lund\n;x@example.org;\nAmina Exempel;;\n"
    file = (io.BytesIO(data.encode("cp1252")), "lista.csv")
    answer = world["recruiter"].sign_in().post(f"{world.path}/candidates/import/", {"file": file})
    assert answer.location.endswith("/import/1")


def rate_answers(person):
    """Rate enough answers for the figures of one's own to be shown, and one of them twice."""
    for competency, number in [*((c, n) for c in TRAINED for n in (1, 2)), (TRAINED[0], 1)]:
        path = f"/training/exercises/{competency}/{number}"
        assert person.post(path, {"rating": "4", "seen": "0", "why": ""}).status_code == 302


def hold_a_meeting(world):
    """Have one more candidate rated by both, and agree on a topic; the candidate comes last."""
    grow(world, [9])
    with world.app.app_context():
        candidate = db.session.scalars(select(Candidate).order_by(Candidate.id.desc())).first()
        world.candidates.append(candidate.id)
        db.session.remove()
    here = f"{world.path}/consensus/{world.lot(-1)}/0"
    person = world["colleague"]
    present = [str(person.id), str(world["interviewer"].id)]
    form = {"present": present, "others": "", "version": "0"}
    assert person.post(f"{here}/", form).status_code == 302
    form = {"outcome": "4", "rationale": "Ramarna var gruppens egna.", "version": "0"}
    topic = world.competencies[0][0]
    assert person.post(f"{here}/topics/{topic}", form).status_code == 302


def keep_a_guide(world):
    """Read a guide with flagged wording and a section that does not fit, for a full preview."""
    recruiter = world["recruiter"]
    content = recruiter.get(f"{world.path}/guides/{world.versions[0]}/guide.json").json
    first, second = content["rounds"][0]["sections"][:2]
    first["questions"][0] |= {"text": "Är du gravid?", "probes": ["Vad hände sedan?"]}
    second |= {"competency": "juggling", "name": "Jonglering"}
    file = (io.BytesIO(json.dumps(content).encode()), "guide.json")
    answer = recruiter.post(f"{world.path}/guides/import/", {"file": file})
    assert answer.location.endswith("/import/1")


def write_own_texts(world):
    """Let the library hold own words, so that their marks and buttons are there."""
    from recruit.library import library
    from recruit.library.actions import save

    with world.app.app_context():
        question = library().competencies["autonomy"].questions[0].model_dump(mode="json")
        own = {"name": {"sv": "Mandat", "en": "Mandate"}, "questions": [question]}
        save("autonomy", own, 0, actor_id=world["recruiter"].id)


def panel_pages(world):
    """A panel that somebody has left, paper, reopening, and what was submitted."""
    panel = f"{world.path}/interviews/{{}}/panel/"
    colleague = world["colleague"].id
    return [
        panel.format(world.interviews[0]),
        panel.format(world.interviews[1]),
        f"{panel.format(world.interviews[0])}{colleague}/paper",
        f"{panel.format(world.interviews[1])}{colleague}/reopen",
        f"{panel.format(world.interviews[1])}{colleague}/submissions",
    ]


def style_of():
    """Return in which of our style sheets each class of ours is named."""
    found = {}
    for sheet in (PACKAGE / "static" / "css").glob("*.css"):
        for word in re.findall(r"\.(?!ds-)([a-z][\w-]*)", sheet.read_text("utf-8")):
            found.setdefault(word, set()).add(sheet.name)
    return found


STYLES = style_of()


def overflow_of(page, name):
    wide = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [(name, "overflow", wide)] if wide > 0 else []


# No rule that runs reads style sheets beforehand; axe would fetch all of them each time.
LOOK = """async () => ({
  violations: (await axe.run(document, {
    resultTypes: ['violations'], preload: {assets: ['media']},
  })).violations.map(({id, nodes}) => [id, nodes[0].html.slice(0, 120)]),
  sheets: [...document.querySelectorAll('link[rel=stylesheet]')]
    .map((link) => new URL(link.href).pathname.split('/').pop()),
  classes: [...new Set([...document.querySelectorAll('[class]')]
    .flatMap((element) => [...element.classList]))],
  headings: document.querySelectorAll('h1').length,
  title: document.title,
})"""


def faults_of(page, name):
    """Return what axe finds, what is too wide, and classes whose style sheets are not loaded."""
    found = page.evaluate(LOOK)
    loaded = {*found["sheets"]}
    faults = [(name, *violation) for violation in found["violations"]]
    faults += overflow_of(page, name)
    faults += [
        (name, "style", word)
        for word in found["classes"]
        if word in STYLES and not STYLES[word] & loaded
    ]
    if found["headings"] != 1:
        faults.append((name, "headings", found["headings"]))
    if not found["title"].removesuffix(" – Recruit"):
        faults.append((name, "title", found["title"]))
    return faults


MOVING = """() => [...document.querySelectorAll('*')].filter((element) => {
    const style = getComputedStyle(element);
    const times = `${style.transitionDuration},${style.animationDuration}`.split(',');
    return times.some((time) => parseFloat(time) > 0.01);
}).map((element) => element.className || element.tagName).slice(0, 3)"""
"""Elements that would take more than a hundredth of a second over anything."""

UNREACHED = """() => [...document.querySelectorAll('main *')].filter((element) => {
    const style = getComputedStyle(element);
    return /auto|scroll/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1
        && element.clientWidth > 0 && !element.matches('textarea, input, select');
}).filter((element) => !element.querySelector('a, button, input') &&
    !(element.tabIndex === 0 && element.matches('[aria-label], [aria-labelledby]'))
).map((element) => element.className || element.tagName)"""
"""Regions that scroll sideways, which the keyboard does not reach or a reader cannot name."""

SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""
"""The distances of WCAG 1.4.12."""

CUT = """() => [...document.querySelectorAll(
    'main :is(a, button, h1, h2, h3, p, td, th, label, li)')]
    .filter((element) => {
        const style = getComputedStyle(element);
        return /hidden|clip/.test(style.overflow) && style.position !== 'absolute'
            && element.clientWidth > 1
            && (element.scrollWidth > element.clientWidth + 1
                || element.scrollHeight > element.clientHeight + 1);
    }).map((element) => element.className || element.tagName)"""
"""Text that is cut off."""


def faults_at_320_pixels(page, name):
    """Return what goes wrong there.

    Nothing scrolls sideways but a table in its own region, text may be spaced out, and nothing
    moves for whoever asks for stillness.
    """
    page.set_viewport_size({"width": 320, "height": 640})
    faults = overflow_of(page, name)
    faults += [(name, "moves", found) for found in page.evaluate(MOVING)]
    faults += [(name, "out of reach", found) for found in page.evaluate(UNREACHED)]
    page.evaluate(SPACED)
    faults += [(*fault, "spaced") for fault in overflow_of(page, name)]
    return faults + [(name, "cut", found) for found in page.evaluate(CUT)]


def fill(world):
    """Let every page have something to show."""
    for name in ("interviewer", "colleague"):
        person = world[name].sign_in()
        form = world.ratings(1, evidence="Gruppen skrev sina egna ramar.")
        assert person.post(world.scorecard(1), form).status_code == 302
        draft = world.ratings(2, action="draft")
        assert person.post(world.scorecard(2), draft).status_code == 302
    keep_a_file(world)
    rate_answers(world["interviewer"])
    hold_a_meeting(world)
    keep_a_guide(world)
    write_own_texts(world)
    manager = world["hiring_manager"].sign_in()
    path = f"{world.path}/interviews/{world.interviews[1]}/step-down"
    assert manager.post(path, {"kind": "conflict", "reason": "Släkt."}).status_code == 302
    reopened = f"{world.path}/interviews/{world.interviews[1]}/panel/{world['colleague'].id}"
    recruiter = world["recruiter"]
    again = {"reason": "Betyget hamnade fel."}
    assert recruiter.post(f"{reopened}/reopen", again).status_code == 302
    form = world.ratings(1, evidence="Gruppen skrev om sina ramar.") | {"version": "1"}
    assert world["colleague"].post(world.scorecard(1), form).status_code == 302


@pytest.mark.parametrize(
    ("language", "looks"),
    [
        (
            "sv",
            [("phone", "light"), ("tablet", "light"), ("laptop", "light"), ("tablet", "dark")],
        ),
        ("en", [("phone", "light"), ("laptop", "dark")]),
    ],
    ids=["sv", "en"],
)
@pytest.mark.parametrize("served", [PROVIDER], indirect=True, ids=["provider"])
def test_every_page(served, visitor, language, looks):
    world = build_world(served[0])
    fill(world)
    with served[0].app_context():
        sign_in_as(PROVIDER["oidc_issuer"], "1", "stranger@example.org")
        db.session.execute(update(User).values(language=language))
        db.session.commit()
        db.session.remove()
    faults = []
    for who, paths in pages_of(world).items():
        page = visitor(locale={"sv": "sv-SE", "en": "en-GB"}[language])
        page.add_init_script(path=AXE)
        if who:
            sign_in(page, f"{who}@example.org", PASSWORD)
        for path in paths:
            if "#" in path:
                # Else it might be the page that is open, which would not be loaded anew.
                page.goto("about:blank")
            page.goto(path)
            # A candidate reads in the language in which the recruitment is held.
            own_language = path.startswith("/information/")
            if page.locator("html").get_attribute("lang") != language and not own_language:
                faults.append((f"{who} {path}", "language"))
            for size, scheme in looks:
                page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                faults += faults_of(page, f"{who} {path} {size} {scheme}")
            if language == "sv":
                faults += faults_at_320_pixels(page, f"{who} {path} 320 pixels")
    assert faults == []
