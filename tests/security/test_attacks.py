"""What an attacker would try against the server in earnest: two processes behind nginx.

Each attack is one that worked once. What is built against it has tests of its own; here it is tried
from outside, with nothing but addresses and passwords.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.conftest import PASSWORD
from tests.features.test_hostile_uploads import ATTACKS, workbook
from tests.features.test_readings import panel_form
from tests.mail import text_of

NAME = "rekrytering.example.org"
SECRET = "Det här har bara kollegan skrivit"


class Visitor:
    """Somebody with a browser, who knows the address of the web server in front."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._browser = requests.Session()
        self._browser.headers["Host"] = NAME

    def get(self, path: str) -> requests.Response:
        return self._browser.get(f"{self._address}{path}", allow_redirects=False, timeout=60)

    def post(self, path: str, form: dict | None = None, page: str = "/sign-in", **more):
        """Send a form with the token that is on the page."""
        token = re.search(
            r'name="csrf-?_?token"[^>]*(?:value|content)="([^"]+)"', self.get(page).text
        )
        data = {"csrf_token": token.group(1) if token else "", **(form or {})}
        return self._browser.post(
            f"{self._address}{path}", data=data, allow_redirects=False, timeout=60, **more
        )

    def sign_in(self, person) -> Visitor:
        answer = self.post("/sign-in", {"email": person.email, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return self


@pytest.fixture
def outside(served):
    world, address = served
    return (
        world,
        lambda name=None: Visitor(address).sign_in(world[name]) if name else Visitor(address),
    )


def test_a_link_follows_no_header(outside, mailbox):
    world, visitor = outside
    stranger = visitor()
    for header in ("X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-Host"):
        stranger._browser.headers[header] = "host=evil.example"
    for path in ("/password/reset", "/sign-in/link"):
        stranger.post(path, {"email": world["administrator"].email}, page=path)
    letters = mailbox.wait_for(world["administrator"].email, 2)
    for letter in letters:
        links = re.findall(r"https?://[^/\s]+", text_of(letter))
        assert set(links) == {f"http://{NAME}"}


def test_whoever_was_removed_is_out(outside):
    world, visitor = outside
    colleague, recruiter = visitor("colleague"), visitor("recruiter")
    card = world.scorecard(0)
    assert colleague.get(card).status_code == 200
    page = recruiter.get(world.path).text
    removals = re.findall(rf"{world.path}/members/\d+/remove", page)
    for address in removals:
        recruiter.post(address, page=world.path)
    assert removals
    for path in (
        world.path,
        card,
        f"{world.path}/interviews/",
        f"{world.path}/consensus/",
        f"{world.path}/comparison/",
        f"{world.path}/candidates/{world.candidates[0]}/cv",
    ):
        assert colleague.get(path).status_code in {403, 404}, path
    sent = colleague.post(card, world.ratings(0, evidence=SECRET), page="/")
    assert sent.status_code in {403, 404}


def test_whoever_reads_first_is_not_counted_as_independent(outside):
    world, visitor = outside
    colleague, recruiter, manager = map(visitor, ("colleague", "recruiter", "hiring_manager"))
    card, interview = world.scorecard(2), f"{world.path}/interviews/{world.interviews[2]}"
    sent = colleague.post(card, world.ratings(2, evidence=SECRET), page=card)
    assert sent.status_code == 302, sent.text
    assert SECRET in manager.get(f"{world.path}/comparison/").text
    page = recruiter.get(f"{interview}/change").text
    form = panel_form(world, page, "interviewer", "colleague", "hiring_manager")
    asked = recruiter.post(f"{interview}/change", form, page=f"{interview}/change")
    assert world["hiring_manager"].name in asked.text
    accept = re.search(r'name="accept" value="(\w+)"', asked.text).group(1)
    seated = recruiter.post(
        f"{interview}/change", form | {"accept": accept}, page=f"{interview}/change"
    )
    assert seated.status_code == 302, seated.text
    # The seat closes what was open a moment ago.
    assert SECRET not in manager.get(f"{world.path}/comparison/").text
    mark = re.search(r'name="ahead_of" value="(\d+)"', manager.get(card).text)
    ratings = world.ratings(2) | ({"ahead_of": mark.group(1)} if mark else {})
    sent = manager.post(card, ratings, page=card)
    if sent.status_code != 302:
        mark = re.search(r'name="ahead_of" value="(\d+)"', sent.text).group(1)
        version = re.search(r'name="version" value="(\d+)"', sent.text).group(1)
        sent = manager.post(card, ratings | {"ahead_of": mark, "version": version}, page=card)
    assert sent.status_code == 302, sent.text
    told = recruiter.get(f"{world.path}/comparison/comparison.json").json()["made_after_others"]
    assert [one["interviewer"] for one in told] == [world["hiring_manager"].name]


def test_files_made_to_harm_hold_nobody_up(outside):
    world, visitor = outside
    recruiter = visitor("recruiter")
    import_page = f"{world.path}/candidates/import/"
    assert recruiter.get(import_page).status_code == 200
    hostile = [workbook(sheet) for sheet in ATTACKS.values()]
    hostile.append(b"PK\x03\x04" + b"\0" * 5_000)

    def send(content: bytes) -> int:
        name = "kandidater.xlsx"
        return recruiter.post(
            import_page, page=import_page, files={"file": (name, content)}
        ).status_code

    with ThreadPoolExecutor(2) as attackers:
        answers = [attackers.submit(send, content) for content in hostile]
        # Others work on meanwhile.
        others = [visitor().get("/health").status_code for _ in range(20)]
        statuses = {answer.result() for answer in answers}
    assert set(others) == {200}
    assert statuses == {400}
    # What is fit to be read is read, by the same page.
    assert send(workbook()) == 302
    assert visitor().get("/health").status_code == 200


def test_whoever_asks_for_links_ends_nobodys_invitation(outside, mailbox):
    _, visitor = outside
    administrator = visitor("administrator")
    form = {"name": "Nya Exempel", "email": "nya@example.org", "role": "", "language": "sv"}
    assert administrator.post("/users", form, page="/users").status_code == 302
    (invitation,) = mailbox.wait_for("nya@example.org")
    link = re.search(rf"http://{NAME}(/sign-in/\S+)", text_of(invitation)).group(1)
    stranger = visitor()
    for path in ("/sign-in/link", "/password/reset"):
        for _ in range(4):
            stranger.post(path, {"email": "nya@example.org"}, page=path)
    assert visitor().get(link).status_code == 200
