"""Signing in with the organisation's OpenID Connect provider, a real one."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from recruit.accounts import actions
from recruit.accounts.models import Identity, User
from recruit.audit.models import AuditEvent
from recruit.database import db, write
from tests.conftest import world_with
from tests.locks import at_once
from tests.openid import Provider, sign_in

BASE = "http://127.0.0.1:5000"
DOUBTFUL = ("false", "False", 0, None, "", "0", "no", 1, [True], {"true": True})
PEOPLE = {
    "one": {"email": "Interviewer@example.org", "email_verified": True},
    "two": {"email": "interviewer@example.org", "email_verified": True},
    "unverified": {"email": "recruiter@example.org", "email_verified": False},
    "unsaid": {"email": "colleague@example.org"},
    "word": {"email": "colleague@example.org", "email_verified": "TRUE"},
    **{
        f"doubtful {number}": {"email": "recruiter@example.org", "email_verified": value}
        for number, value in enumerate(DOUBTFUL)
    },
    "stranger": {"email": "nobody@example.org", "email_verified": True},
    "silent": {},
}
BEGIN = "/sign-in/organisation"


@pytest.fixture(scope="module")
def provider():
    with Provider(PEOPLE).serving(BASE) as running:
        yield running


@pytest.fixture
def world(database, provider):
    with world_with(database, **provider.settings) as made:
        yield made


def come_back(client, subject, begin=BEGIN):
    """Sign in at the provider as somebody; return the page's answer to being sent back."""
    there = client.get(begin)
    assert there.status_code == 302, there.text
    back = urlsplit(sign_in(there.location, subject))
    return client.get(f"{back.path}?{back.query}")


def events(world):
    with world.app.app_context():
        return list(
            db.session.scalars(
                sa.select(AuditEvent.action)
                .where(AuditEvent.action.like("account.%"), AuditEvent.action != "account.sign_in")
                .order_by(AuditEvent.id)
            )
        )


def test_somebody_signs_in_and_is_known_again(world):
    client = world.app.test_client()
    assert f'href="{BEGIN}"' in client.get("/sign-in").text
    answer = come_back(client, "one")
    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get("/session").json["person"] == world["interviewer"].id
    assert events(world)[-2:] == ["account.tie", "account.single_sign_on"]
    # The address here changes; the person stays the same.
    with world.app.app_context():
        db.session.get_one(User, world["interviewer"].id).email = "another@example.org"
        db.session.commit()
    again = world.app.test_client()
    come_back(again, "one")
    assert again.get("/session").json["person"] == world["interviewer"].id
    assert events(world)[-2:] == ["account.single_sign_on"] * 2


def test_an_invitation_has_served_its_purpose(world):
    with world.app.app_context():
        with write():
            user = db.session.get_one(User, world["interviewer"].id)
            path = f"/sign-in/invitation/{actions.one_time_link_token(user, 'invitation')}"
        db.session.remove()
    assert world.app.test_client().get(path).status_code == 200
    come_back(world.app.test_client(), "one")
    assert world.app.test_client().get(path).status_code == 410


def test_what_the_provider_is_asked(world):
    asked = parse_qs(urlsplit(world.app.test_client().get(BEGIN).location).query)
    assert asked["redirect_uri"] == [f"{BASE}/sign-in/organisation/answer"]
    assert asked["scope"] == ["openid email"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 20
    assert len(asked["nonce"][0]) >= 20


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("stranger", "Det finns inget konto här för nobody@example.org."),
        ("unverified", "Exempelkommunen talar inte om vilken e-postadress som är din"),
        ("silent", "Exempelkommunen talar inte om vilken e-postadress som är din"),
        ("unsaid", "Exempelkommunen talar inte om vilken e-postadress som är din"),
        *(
            (f"doubtful {number}", "Exempelkommunen talar inte om vilken e-postadress som är din")
            for number in range(len(DOUBTFUL))
        ),
    ],
)
def test_who_has_no_account_gets_none(world, subject, text):
    client = world.app.test_client()
    answer = come_back(client, subject)
    assert answer.location == "/sign-in"
    assert text in client.get("/sign-in").text
    assert client.get("/session").json["person"] is None
    with world.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Identity.id))) == 0


def test_a_provider_that_writes_the_word_is_believed(world):
    client = world.app.test_client()
    come_back(client, "word")
    assert client.get("/session").json["person"] == world["colleague"].id


def test_an_address_of_which_nothing_is_said_is_believed_only_by_setting(database, provider):
    """What the provider disowns is not believed even then."""
    with world_with(database, **provider.settings, oidc_unverified_addresses=True) as world:
        client = world.app.test_client()
        come_back(client, "unsaid")
        assert client.get("/session").json["person"] == world["colleague"].id
        for subject in ("unverified", *(f"doubtful {n}" for n in range(len(DOUBTFUL)))):
            client = world.app.test_client()
            come_back(client, subject)
            assert client.get("/session").json["person"] is None, subject


def test_who_inherits_an_address_does_not_inherit_the_account(database, provider):
    # Whether the address ends in a slash is all one.
    with world_with(
        database, **provider.settings | {"oidc_issuer": f"{provider.issuer}/"}
    ) as world:
        an_heir_waits_for_an_administrator(world)


def an_heir_waits_for_an_administrator(world):
    come_back(world.app.test_client(), "one")
    heir = world.app.test_client()
    come_back(heir, "two")
    assert "tillhör någon annan på Exempelkommunen" in heir.get("/sign-in").text
    assert heir.get("/session").json["person"] is None

    administrator = world["administrator"].sign_in()
    path = f"/users/{world['interviewer'].id}"
    assert "Tillåt ny inloggning" in administrator.get(path).text
    assert administrator.post(f"{path}/untie").status_code == 302
    assert "Tillåt ny inloggning" not in administrator.get(path).text
    assert events(world)[-1] == "account.untie"
    come_back(heir, "two")
    assert heir.get("/session").json["person"] == world["interviewer"].id


def test_a_closed_account_stays_closed(world):
    person = world["interviewer"]
    come_back(world.app.test_client(), "one")
    with world.app.app_context():
        actions.close_account(person.id, actor_id=world["administrator"].id)
    client = world.app.test_client()
    come_back(client, "one")
    assert "Ditt konto är stängt." in client.get("/sign-in").text
    assert client.get("/session").json["person"] is None


def test_one_returns_to_the_page_that_asked(world):
    here = f"{BEGIN}?next={world.path}"
    assert come_back(world.app.test_client(), "one", here).location == world.path
    foreign = f"{BEGIN}?next=https://elsewhere.example/"
    assert come_back(world.app.test_client(), "one", foreign).location == "/"


def test_an_answer_that_was_not_asked_for_signs_nobody_in(world):
    """It is another's, which would lead into their account; it was spent; or it is made up."""
    attacker, victim = world.app.test_client(), world.app.test_client()
    back = urlsplit(sign_in(attacker.get(BEGIN).location, "one"))
    answer = f"{back.path}?{back.query}"
    for client, path in (
        (victim, answer),
        (victim, f"{BEGIN}/answer"),
        (victim, f"{BEGIN}/answer?code=x&state=y"),
        (victim, f"{BEGIN}/answer?error=access_denied&state=y"),
    ):
        assert client.get(path).location == "/sign-in"
        assert "Inloggningen blev inte klar." in client.get("/sign-in").text
        assert client.get("/session").json["person"] is None
    assert attacker.get(answer).location == "/"
    second = world.app.test_client()
    assert second.get(answer).location == "/sign-in"


def test_two_windows_at_once_tie_one_identity(world):
    clients = [world.app.test_client() for _ in range(2)]
    answers = [urlsplit(sign_in(client.get(BEGIN).location, "one")) for client in clients]
    done = at_once(
        world,
        "user",
        *(
            lambda client=client, back=back: client.get(f"{back.path}?{back.query}").location
            for client, back in zip(clients, answers, strict=True)
        ),
    )
    assert done == ["/", "/"]
    assert events(world).count("account.tie") == 1


def test_a_provider_that_is_away_leaves_other_ways(database, provider):
    with world_with(database, **provider.settings | {"oidc_issuer": "http://127.0.0.1:9"}) as world:
        client = world.app.test_client()
        assert client.get(BEGIN).location == "/sign-in"
        page = client.get("/sign-in").text
        assert "Exempelkommunen svarar inte just nu." in page
        assert 'name="password"' in page
        assert client.get(f"{BEGIN}/answer?code=x&state=y").location == "/sign-in"


def test_who_answers_in_anothers_name_is_not_trusted(database, provider):
    """What is found at the address says that it is of another provider."""
    alias = provider.issuer.replace("127.0.0.1", "localhost")
    with world_with(database, **provider.settings | {"oidc_issuer": alias}) as world:
        client = world.app.test_client()
        assert client.get(BEGIN).location == "/sign-in"
        assert "svarar inte" in client.get("/sign-in").text


@pytest.mark.parametrize("answer", ["[]", "no JSON", '{"issuer": null}', '{"issuer": "{here}"}'])
def test_an_answer_that_is_not_as_prescribed(database, provider, answer):
    """The last names itself and nothing to send people to."""

    class Nonsense(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer.replace("{here}", here).encode())

        def log_message(self, *_):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Nonsense) as server:
        here = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, args=(0.02,)).start()
        with world_with(database, **provider.settings | {"oidc_issuer": here}) as world:
            client = world.app.test_client()
            assert client.get(BEGIN).location == "/sign-in"
            assert "svarar inte just nu" in client.get("/sign-in").text
            client.get(f"{BEGIN}/answer?code=x&state=y")
            assert client.get("/session").json["person"] is None
        server.shutdown()


def test_without_a_provider_there_is_no_such_way(database):
    with world_with(database) as world:
        client = world.app.test_client()
        assert BEGIN not in client.get("/sign-in").text
        assert client.get(BEGIN).status_code == 404
        assert client.get(f"{BEGIN}/answer").status_code == 404
