"""The API's addresses: each asks for its permission, as the page of the same thing does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, current_app, g, jsonify, request
from flask_security import current_user
from flask_smorest import Api, Blueprint
from webargs.flaskparser import FlaskParser

from recruit.access import Permission, requires
from recruit.api.schemas import (
    CandidateSchema,
    GuideVersionSchema,
    InterviewSchema,
    NewCandidateSchema,
    RequisitionSchema,
)
from recruit.candidates import actions as candidate_actions
from recruit.candidates import queries as candidate_queries
from recruit.comparisons import actions as comparison_actions
from recruit.comparisons import queries as comparison_queries
from recruit.extensions import csrf
from recruit.guides import queries as guide_queries
from recruit.interviews import queries as interview_queries
from recruit.requisitions import queries as requisition_queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from recruit.candidates.models import Candidate
    from recruit.guides.models import GuideVersion
    from recruit.interviews.models import Interview
    from recruit.requisitions.models import Requisition

VERSION = "1"
SAFE = {"GET", "HEAD", "OPTIONS"}
DESCRIPTION = (
    "What other systems read and add. Show a token as `Authorization: Bearer …`; people with a "
    "role in the organisation make theirs under their account. A token may do what its person "
    "may, and nothing that the person may not see yet is told: as long as own ratings are to be "
    "submitted, others' ratings of that candidate are withheld here too. A refusal is JSON with "
    "`error`, a sentence, and `code`."
)
REFUSALS: dict[int, str] = {
    401: "No token, or one that is unknown, ended or too old.",
    403: "The token's person may not do this, or the token may only read.",
    404: "It is not there, or not shared with the token's person.",
}


class _Parser(FlaskParser):
    """Refuses brackets by the thousand within each other, which Python cannot follow."""

    def load_json(self, req: Any, schema: Any) -> Any:
        """Return what was sent."""
        try:
            return super().load_json(req, schema)
        except RecursionError:
            abort(400)


class _Blueprint(Blueprint):  # type: ignore[misc]
    ARGUMENTS_PARSER = _Parser()


blueprint = _Blueprint("api", __name__, url_prefix="/api/v1")


class _Documented(Api):  # type: ignore[misc]
    """flask-smorest without its own error pages: the application's tell the same everywhere."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        pass


def register(app: Flask) -> None:
    """Give the application its API, and the API its description."""
    app.config.update(API_TITLE="Recruit", API_VERSION=VERSION, OPENAPI_VERSION="3.1.0")
    error = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("error", "code", "reference")},
        "required": ["error", "code", "reference"],
    }
    api = _Documented(
        app,
        spec_kwargs={
            "info": {"description": DESCRIPTION, "license": {"name": "Apache-2.0"}},
            "security": [{"token": []}],
            "servers": [{"url": str(app.config["RECRUIT_BASE_URL"]).rstrip("/")}],
        },
    )
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    api.spec.components.schema("Refusal", error)
    api.register_blueprint(blueprint)
    # No cookie counts here, so nothing that a browser sends by itself can be forged.
    csrf.exempt(blueprint)
    app.extensions["recruit_api"] = api


def _refusals(*more: int) -> dict[str, Any]:
    texts = REFUSALS | {
        400: "What was sent is no JSON.",
        409: "It cannot be done as things stand; `code` says which rule stands against it.",
        422: "What was sent is not as described; `fields` says what is wrong with each.",
    }
    return {
        str(status): {
            "description": texts[status],
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
        }
        for status in (*REFUSALS, *more)
    }


@blueprint.before_request
def check_may_write() -> None:
    """Refuse a token that may only read what would change something."""
    if current_user.is_authenticated and request.method not in SAFE and not g.may_write:
        abort(403)


@blueprint.get("/openapi.json")
@requires(Permission.PUBLIC)
@blueprint.doc(summary="This description", security=[], responses={"200": {"description": "It."}})
def description() -> ResponseReturnValue:
    """Return the description of the API."""
    return jsonify(current_app.extensions["recruit_api"].spec.to_dict())


@blueprint.get("/requisitions")
@requires(Permission.HOME)
@blueprint.response(200, RequisitionSchema(many=True))
@blueprint.doc(responses=_refusals())
def requisitions() -> Sequence[Requisition]:
    """List the requisitions that the token's person may view, newest first."""
    return requisition_queries.requisitions_for(current_user)


@blueprint.get("/requisitions/<int:requisition_id>")
@requires(Permission.REQUISITION_VIEW)
@blueprint.response(200, RequisitionSchema)
@blueprint.doc(responses=_refusals())
def requisition(requisition_id: int) -> Requisition:
    """Return one requisition."""
    return requisition_queries.requisition(requisition_id)


@blueprint.get("/requisitions/<int:requisition_id>/candidates")
@requires(Permission.CANDIDATE_EDIT)
@blueprint.response(200, CandidateSchema(many=True))
@blueprint.doc(responses=_refusals())
def candidates(requisition_id: int) -> Sequence[Candidate]:
    """List the candidates by name."""
    requisition_queries.requisition(requisition_id)
    return candidate_queries.candidates(requisition_id)


@blueprint.post("/requisitions/<int:requisition_id>/candidates")
@requires(Permission.CANDIDATE_EDIT)
@blueprint.arguments(NewCandidateSchema)
@blueprint.response(201, CandidateSchema)
@blueprint.doc(responses=_refusals(400, 409, 422))
def add_candidate(new: dict[str, Any], requisition_id: int) -> Candidate:
    """Add a candidate; one with the same name and address is there once."""
    requisition_queries.requisition(requisition_id)
    return candidate_actions.add(requisition_id, **new, actor_id=current_user.id)


@blueprint.get("/requisitions/<int:requisition_id>/interviews")
@requires(Permission.INTERVIEW_PLAN)
@blueprint.response(200, InterviewSchema(many=True))
@blueprint.doc(responses=_refusals())
def interviews(requisition_id: int) -> Sequence[Interview]:
    """List the interviews by time, with the addresses of their panels."""
    requisition_queries.requisition(requisition_id)
    return interview_queries.interviews(requisition_id)


@blueprint.get("/requisitions/<int:requisition_id>/guides")
@requires(Permission.GUIDE_VIEW)
@blueprint.response(200, GuideVersionSchema(many=True))
@blueprint.doc(responses=_refusals())
def guides(requisition_id: int) -> Sequence[GuideVersion]:
    """List the guide versions in force, one for each round."""
    requisition_queries.requisition(requisition_id)
    return guide_queries.published_versions(requisition_id)


@blueprint.get("/requisitions/<int:requisition_id>/guides/<int:version_id>")
@requires(Permission.GUIDE_VIEW)
@blueprint.doc(
    responses=_refusals()
    | {"200": {"description": "`recruit.guide/1`", "content": {"application/json": {}}}}
)
def guide(requisition_id: int, version_id: int) -> ResponseReturnValue:
    """Return what a guide version says: sections, questions, anchors."""
    version = guide_queries.guide_version(requisition_id, version_id)
    return jsonify(guide_queries.content(version).as_json())


@blueprint.get("/requisitions/<int:requisition_id>/comparison")
@requires(Permission.COMPARISON_VIEW)
@blueprint.doc(
    responses=_refusals(409)
    | {"200": {"description": "`recruit.comparison/1`", "content": {"application/json": {}}}}
)
def comparison(requisition_id: int) -> ResponseReturnValue:
    """Return the comparison of the candidates, as on its page."""
    found = requisition_queries.requisition(requisition_id)
    comparison_actions.note_view(requisition_id, kind="api", actor_id=current_user.id)
    document = comparison_queries.comparison_for(current_user.id, found).document
    if document is None:
        abort(404)
    return jsonify(document.as_json())
