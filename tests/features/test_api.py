"""The API: by token only, what the token's person may, described as it is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import schemathesis
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from recruit.accounts import tokens
from recruit.accounts.actions import close_account, open_account, set_roles
from recruit.accounts.models import ApiToken, RoleName
from recruit.audit.models import AuditEvent
from recruit.candidates.models import Candidate
from recruit.database import db, now, write
from tests.locks import held
from tests.mail import deliver, text_of

HERE = "/api/v1"


def token_of(world, person, *, name="Prov", days=30, may_write=False):
    with world.app.app_context():
        secret = tokens.make(world[person].id, name=name, days=days, may_write=may_write)
        db.session.remove()
    return secret


class Program:
    """A program that has a token and nothing else."""

    def __init__(self, world, person="recruiter", *, may_write=False):
        self._client = world.app.test_client()
        token = token_of(world, person, may_write=may_write)
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path):
        return self._client.get(f"{HERE}{path}", headers=self.headers)

    def post(self, path, json):
        return self._client.post(f"{HERE}{path}", json=json, headers=self.headers)


def test_a_recruiters_program_reads_everything_of_a_requisition(world):
    program = Program(world)
    requisition = program.get(world.path).json
    assert program.get("/requisitions").json == [requisition]
    assert requisition["title"] == "Enhetschef"
    assert requisition["state"] == "open"
    names = [one["name"] for one in program.get(f"{world.path}/candidates").json]
    assert names == ["Amina Exempel", "Björn Fiktiv"]
    interviews = program.get(f"{world.path}/interviews").json
    assert sorted(one["id"] for one in interviews) == sorted(world.interviews)
    panel = [member["email"] for member in interviews[0]["panel"]]
    assert panel == ["interviewer@example.org", "colleague@example.org"]
    assert {one["guide_version_id"] for one in interviews} <= set(world.versions)
    versions = program.get(f"{world.path}/guides").json
    assert [one["id"] for one in versions] == world.versions
    content = program.get(f"{world.path}/guides/{world.versions[0]}").json
    assert content["schema"] == "recruit.guide/1"
    assert content["rounds"][0]["name"] == versions[0]["round"]


def test_a_comparison_is_that_of_its_page(world):
    for name in ("interviewer", "colleague"):
        form = world.ratings(0)
        assert world[name].sign_in().post(world.scorecard(0), form).status_code == 302
    page = world["recruiter"].sign_in().get(f"{world.path}/comparison/comparison.json").json
    assert Program(world).get(f"{world.path}/comparison").json == page
    with world.app.app_context():
        seen = sa.select(AuditEvent).where(AuditEvent.action == "comparison.view")
        kinds = [event.detail["kind"] for event in db.session.scalars(seen)]
        assert kinds == ["json", "api"]


def test_without_a_token_that_holds_nothing_is_told(world):
    client = world.app.test_client()
    good = token_of(world, "recruiter")
    late, ended = token_of(world, "recruiter", days=1), token_of(world, "recruiter")
    with world.app.app_context():
        with write():
            changed = sa.update(ApiToken).where(ApiToken.hash == ApiToken.hash_of(late))
            db.session.execute(changed.values(lasts_until=now() - timedelta(seconds=1)))
            number = db.session.scalar(
                sa.select(ApiToken.id).where(ApiToken.hash == ApiToken.hash_of(ended))
            )
        tokens.end(world["recruiter"].id, number)
        db.session.remove()
    for header in (
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Basic {good}",
        f"Bearer {good}x",
        f"Bearer {good[:-1]}",
        f"Bearer {late}",
        f"Bearer {ended}",
        "Bearer " + "x" * 5000,
        "Bearer å",
    ):
        headers = {} if header is None else {"Authorization": header}
        answer = client.get(f"{HERE}/requisitions", headers=headers)
        assert answer.status_code == 401, header
        assert answer.json["code"] == "SignIn"
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert client.get(f"{HERE}/requisitions?token={good}", headers=headers).status_code == 401
    right = {"Authorization": f"bearer {good}"}
    assert client.get(f"{HERE}/requisitions", headers=right).status_code == 200


def test_a_cookie_counts_for_nothing_there_and_a_token_for_nothing_elsewhere(world):
    recruiter = world["recruiter"].sign_in()
    assert recruiter.get(f"{HERE}/requisitions").status_code == 401
    path = f"{HERE}{world.path}/candidates"
    answer = recruiter.client.post(path, json={"name": "Carin Exempel"})
    assert answer.status_code == 401
    headers = Program(world, may_write=True).headers
    client = world.app.test_client()
    for path in ("/", world.path, "/account", "/account/tokens", "/account/passkeys"):
        assert client.get(path, headers=headers).status_code == 302, path
    assert client.get("/session", headers=headers).json["person"] is None


def test_it_may_what_its_person_may_and_no_longer(world):
    person, by = world["recruiter"].id, {"actor_id": world["administrator"].id}

    def after(change):
        program = Program(world, may_write=True)
        assert program.get(f"{world.path}/candidates").status_code == 200
        with world.app.app_context():
            change()
            db.session.remove()
        return program

    program = after(lambda: set_roles(person, [RoleName.ADMINISTRATOR], **by))
    assert program.get("/requisitions").json == []
    assert program.get(f"{world.path}/candidates").status_code == 404
    for change in (
        lambda: (close_account(person, **by), open_account(person, **by)),
        lambda: set_roles(person, [], **by),
    ):
        with world.app.app_context():
            set_roles(person, [RoleName.RECRUITER], **by)
            db.session.remove()
        program = after(change)
        assert program.get("/requisitions").status_code == 401


def test_what_is_to_be_kept_from_its_person_is_kept_from_it(world):
    """The hiring manager sits on a panel, and has not rated yet."""
    for name in ("interviewer", "colleague"):
        person = world[name].sign_in()
        assert person.post(world.scorecard(1), world.ratings(1)).status_code == 302
        assert person.post(world.scorecard(2), world.ratings(2)).status_code == 302
    manager = Program(world, "hiring_manager")
    mine = world["hiring_manager"].sign_in().get(f"{world.path}/comparison/comparison.json")
    found = manager.get(f"{world.path}/comparison").json
    assert found == mine.json
    assert found["design"]["candidates"] == 1
    assert Program(world).get(f"{world.path}/comparison").json["design"]["candidates"] == 2
    for path in ("candidates", "interviews"):
        assert manager.get(f"{world.path}/{path}").status_code == 403


def test_a_candidate_is_added_once(world):
    program = Program(world, may_write=True)
    path = f"{world.path}/candidates"
    new = {"name": "  Carin\tExempel ", "email": "carin@example.org", "internal": True}
    made = program.post(path, new)
    assert made.status_code == 201
    assert (made.json["name"], made.json["internal"]) == ("Carin Exempel", True)
    again = program.post(path, new)
    assert (again.status_code, again.json["code"]) == (409, "CandidateExists")
    assert "finns redan" in again.json["error"]
    assert program.post(path, {"name": "David Exempel", "email": ""}).json["email"] == ""
    with world.app.app_context():
        event = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert (event.action, event.actor_id) == ("candidate.add", world["recruiter"].id)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Candidate)) == 4


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({}, {"name"}),
        ({"name": ""}, {"name"}),
        ({"name": " \n "}, {"name"}),
        ({"name": "x" * 121}, {"name"}),
        ({"name": None}, {"name"}),
        ({"name": ["Carin"]}, {"name"}),
        ({"name": "Carin", "email": "carin"}, {"email"}),
        ({"name": "Carin", "email": f"{'c' * 250}@example.org"}, {"email"}),
        ({"name": "Carin", "internal": "perhaps"}, {"internal"}),
        ({"name": "Carin", "id": 1}, {"id"}),
        ({"name": "Carin", "gender": "f"}, {"gender"}),
        ([], {"_schema"}),
        ("Carin", {"_schema"}),
    ],
)
def test_what_is_wrong_is_named_and_nothing_added(world, sent, wrong):
    program = Program(world, may_write=True)
    answer = program.post(f"{world.path}/candidates", sent)
    assert answer.status_code == 422
    assert set(answer.json["fields"]) == wrong
    assert len(program.get(f"{world.path}/candidates").json) == 2


def test_what_is_no_json_is_refused(world):
    program = Program(world, may_write=True)
    client = world.app.test_client()
    path = f"{HERE}{world.path}/candidates"
    for sent, kind, status in (
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"name=Carin", "application/x-www-form-urlencoded", 422),
        (b"", "application/json", 422),
        (b"[" * 100_000, "application/json", 400),
        (b'{"name": "' + b"x" * 3_000_000 + b'"}', "application/json", 422),
    ):
        headers = program.headers | {"Content-Type": kind}
        answer = client.post(path, data=sent, headers=headers)
        assert answer.status_code == status, sent[:20]
        assert answer.json["error"]
    assert len(program.get(f"{world.path}/candidates").json) == 2


def test_an_address_that_is_none_and_a_method_that_is_not_there_are_told_as_json(world):
    program = Program(world)
    assert program.get("/nothing").json["error"]
    answer = program.post("/requisitions", {})
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert answer.json["error"]


def test_it_reads_while_nothing_can_be_written(world):
    program = Program(world)
    with held(world, "api_token"):
        assert program.get("/requisitions").status_code == 200
    with world.app.app_context():
        assert db.session.scalars(sa.select(ApiToken.used_at)).one() is None


def test_a_token_that_only_reads_adds_nobody(world):
    answer = Program(world).post(f"{world.path}/candidates", {"name": "Carin Exempel"})
    assert answer.status_code == 403
    assert len(Program(world).get(f"{world.path}/candidates").json) == 2


def test_a_token_is_made_shown_once_and_ended_on_ones_account(world):
    recruiter = world["recruiter"].sign_in()
    assert "/account/tokens" in recruiter.get("/account").text
    empty = recruiter.post("/account/tokens", {"name": " ", "days": "30"})
    assert empty.status_code == 400
    made = recruiter.post("/account/tokens", {"name": "Annonssystemet", "days": "30"})
    secret = re.search(r'<code class="key">(recruit_[\w-]{43})</code>', made.text)[1]
    page = recruiter.get("/account/tokens").text
    assert secret not in page
    assert "Annonssystemet" in page
    client = world.app.test_client()
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get(f"{HERE}/requisitions", headers=headers).status_code == 200
    with world.app.app_context():
        kept = db.session.scalars(sa.select(ApiToken)).one()
        assert secret not in str(vars(kept))
        assert kept.used_at is not None
        assert not kept.may_write
        first = kept.used_at
        db.session.remove()
    # It is not written on every request.
    assert client.get(f"{HERE}/requisitions", headers=headers).status_code == 200
    with world.app.app_context():
        assert db.session.scalars(sa.select(ApiToken.used_at)).one() == first
    end = re.search(r"/account/tokens/\d+/end", page)[0]
    assert world["administrator"].sign_in().post(end).status_code == 302
    assert client.get(f"{HERE}/requisitions", headers=headers).status_code == 200
    assert recruiter.post(end).status_code == 302
    assert client.get(f"{HERE}/requisitions", headers=headers).status_code == 401
    assert recruiter.post(end).status_code == 302


def test_whoever_has_no_role_makes_no_token(world):
    interviewer = world["interviewer"].sign_in()
    assert "/account/tokens" not in interviewer.get("/account").text
    assert interviewer.get("/account/tokens").status_code == 403
    form = {"name": "Prov", "days": "30"}
    assert interviewer.post("/account/tokens", form).status_code == 403


def test_signing_in_as_a_program_is_told_by_mail(mailing, mailbox):
    deliver(mailing.app)
    mailbox.letters.clear()
    token_of(mailing, "recruiter", name="Annonssystemet")
    deliver(mailing.app)
    assert [letter["To"] for letter in mailbox.letters] == ["recruiter@example.org"]
    assert "Annonssystemet" in text_of(mailbox.letters[0])


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_answer_is_as_described(world):
    """Whatever is sent, answers keep to the description, and none is a fault of ours."""
    described = world.app.test_client().get(f"{HERE}/openapi.json").json
    assert described["openapi"] == "3.1.0"
    headers = Program(world, may_write=True).headers
    schema = schemathesis.openapi.from_wsgi(f"{HERE}/openapi.json", world.app)
    operations = [found.ok() for found in schema.get_all_operations()]
    # The description itself was read above.
    assert {operation.label for operation in operations} == {
        f"{method.upper()} {path}"
        for path, methods in described["paths"].items()
        for method in methods.keys() & {"get", "post"}
    } - {f"GET {HERE}/openapi.json"}
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=8, derandomize=True, suppress_health_check=list(HealthCheck))
        def check(case):
            # That a name of control characters is none, no schema says.
            case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

        check()
