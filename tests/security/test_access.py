"""Every route, every role, own and foreign requisition: one table decides, and it is complete."""

from __future__ import annotations

from functools import cache

import pytest

from recruit.access import PERMISSIONS, Permission, Relation
from recruit.accounts import tokens
from recruit.accounts.views import NOT_OFFERED
from recruit.database import db
from tests.conftest import csrf_token

ROLES = (
    "visitor",
    "stranger",
    "administrator",
    "hiring_manager",
    "interviewer",
    "bystander",
    "recruiter",
)
"""The recruiter comes last: who cancels an interview changes what its panel may do."""
OTHERS = {
    "static",
    "security.login",
    "security.static",
    "security.logout",
    "security.verify",
    "security.forgot_password",
    "security.reset_password",
    "security.change_password",
    "security.two_factor_token_validation",
    "security.mf_recovery",
    "security.wan_register",
    "security.wan_register_response",
    "security.wan_delete",
    "security.wan_signin",
    "security.wan_signin_response",
    "security.wan_verify",
    "security.wan_verify_response",
    *NOT_OFFERED,
}
"""Answered by Flask and by Flask-Security, which guard their own."""


def relations_of(role, *, own):
    held = {Relation.ANYONE}
    if role == "visitor":
        return held
    held.add(Relation.SIGNED_IN)
    if role in {"administrator", "recruiter"}:
        held.add(Relation(role))
    if own and role == "hiring_manager":
        held.add(Relation.HIRING_MANAGER)
    if own and role in {"interviewer", "bystander"}:
        held.add(Relation.INTERVIEWER)
    if own and role == "interviewer":
        held |= {Relation.PANEL, Relation.CANDIDATE_PANEL}
    return held


def guarded_rules(app):
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in OTHERS:
            yield rule, app.view_functions[rule.endpoint]


def test_every_route_names_a_permission(app):
    unguarded = [r.endpoint for r, view in guarded_rules(app) if not hasattr(view, "permission")]
    assert unguarded == []
    assert set(PERMISSIONS) == set(Permission)


def test_security_routes_are_the_known_ones(app):
    found = {r.endpoint for r in app.url_map.iter_rules() if r.endpoint.startswith("security.")}
    assert found <= OTHERS, found - OTHERS


@pytest.mark.parametrize("own", [True, False], ids=["own", "foreign"])
def test_route_by_role(world, own, monkeypatch):
    """Who lacks the permission gets 401, 403 or 404 by method and role; who has it gets no such."""
    requisition = world.requisition if own else 999_999
    values = {
        "requisition_id": requisition,
        "version_id": world.versions[0],
        "candidate_id": world.candidates[0],
        "lot": world.lot(0),
        "interview_id": world.interviews[0],
        "import_id": 1,
        "scorecard_id": 1,
        "applicant_id": world.candidates[1],
        # Not one of the roles: the administrator closes this account.
        "user_id": world["colleague"].id,
        # Not one's own, which would be ended.
        "sign_in_id": 999_999,
        "token_id": 999_999,
        "membership_id": 1,
        "departure_id": 1,
        "purpose": "sign_in",
        "token": "x",
        "competency_id": "autonomy",
        "round_number": 1,
        "question_id": "autonomy-pb-1",
        "part": "scale",
        "number": 1,
        "rating_id": 1,
        "round_position": 0,
        "topic": "autonomy",
        "reader": "recruiter",
    }
    # The same HTML gives the same bytes: what several roles may read is set once.
    renderer = world.app.extensions["recruit_renderer"]
    monkeypatch.setattr(renderer, "pdf", cache(renderer.pdf))
    faults = []
    for role in ROLES:
        person = None if role == "visitor" else world[role].sign_in()
        client = world.app.test_client() if person is None else person.client
        token = csrf_token(client) if person is None else person.token
        shown = {} if person is None else {"Authorization": f"Bearer {program_of(world, role)}"}
        for rule, view in guarded_rules(world.app):
            if rule.endpoint == "accounts.sign_out":
                continue
            path = world.app.url_map.bind("localhost").build(
                rule.endpoint, {k: v for k, v in values.items() if k in rule.arguments}
            )
            if "requisition_id" not in rule.arguments and not own:
                continue
            allowed = bool(PERMISSIONS[view.permission] & relations_of(role, own=own))
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                headers = shown if rule.endpoint.startswith("api.") else {}
                status = _status(client, token, method, path, headers)
                refused = status in {401, 403}
                if allowed and refused:
                    faults.append((role, method, path, status, "should be let in"))
                if not allowed and status not in {401, 403, 404}:
                    faults.append((role, method, path, status, "should be refused"))
    assert faults == []


def program_of(world, role):
    """Return a token by which a program may do what the role may."""
    with world.app.app_context():
        made = tokens.make(world[role].id, name="Prov", days=1, may_write=True)
        db.session.remove()
    return made


def _status(client, token, method, path, headers=None):
    """Return the status; 401 for being sent to the sign-in page."""
    data = {"csrf_token": token} if method == "POST" else None
    answer = client.open(path, method=method, data=data, headers=headers)
    if answer.status_code == 302 and answer.location.startswith("/sign-in"):
        return 401
    return answer.status_code


def test_what_flask_security_guards_is_shut_to_visitors(world):
    """Its pages for whoever is signed in send others to sign in, and what is sent there goes."""
    build = world.app.url_map.bind("localhost").build
    client = world.app.test_client()
    token = csrf_token(client)
    for endpoint in (
        "security.change_password",
        "security.verify",
        "security.wan_register",
        "security.wan_register_response",
        "security.wan_delete",
        "security.wan_verify",
        "security.wan_verify_response",
    ):
        rules = [rule for rule in world.app.url_map.iter_rules() if rule.endpoint == endpoint]
        assert rules
        for rule in rules:
            path = build(endpoint, {"token": "x"} if rule.arguments else {})
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                assert _status(client, token, method, path) == 401, (method, path)


def test_a_strangers_requisition_does_not_exist(world):
    world["stranger"].sign_in()
    assert world["stranger"].get(world.path).status_code == 404
    assert world["stranger"].get("/requisitions/999999").status_code == 404


def test_requisition_lists_are_narrowed(world):
    assert "Enhetschef" in world["interviewer"].sign_in().get("/requisitions/").text
    assert "Enhetschef" not in world["stranger"].sign_in().get("/requisitions/").text


def test_numbers_of_another_requisition_do_not_mix(world):
    """A known number under the wrong requisition is not found, even for the recruiter."""
    from recruit.library import library
    from recruit.requisitions import actions

    with world.app.app_context():
        other = actions.create(
            library().roles["head-of-unit-home-care"],
            title="Annan",
            unit="",
            actor_id=world["recruiter"].id,
        ).id
    recruiter = world["recruiter"].sign_in()
    for path in (
        f"/requisitions/{other}/guides/{world.versions[0]}",
        f"/requisitions/{other}/guides/{world.versions[0]}/guide.json",
        f"/requisitions/{other}/candidates/{world.candidates[0]}",
        f"/requisitions/{other}/candidates/{world.candidates[0]}/cv",
        f"/requisitions/{other}/interviews/{world.interviews[0]}/change",
    ):
        assert recruiter.get(path).status_code == 404
    for path in (
        f"/requisitions/{other}/candidates/{world.candidates[0]}/withdraw",
        f"/requisitions/{other}/candidates/{world.candidates[0]}/reinstate",
        f"/requisitions/{other}/candidates/{world.candidates[0]}/cv",
        f"/requisitions/{other}/candidates/{world.candidates[0]}/cv/remove",
        f"/requisitions/{other}/interviews/{world.interviews[0]}/cancel",
        f"/requisitions/{other}/interviews/{world.interviews[0]}/change",
        f"/requisitions/{other}/interviews/{world.interviews[0]}/mail",
    ):
        assert recruiter.post(path).status_code == 404
    panel = world["interviewer"].sign_in()
    path = f"/requisitions/{other}/interviews/{world.interviews[0]}/scorecard/"
    assert panel.get(path).status_code in {403, 404}
