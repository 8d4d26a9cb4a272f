"""The page that a monitoring system reads."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST

from recruit.access import Permission, requires
from recruit.metrics import figures

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
@requires(Permission.PUBLIC)
def show() -> ResponseReturnValue:
    """Answer whoever has the token that the settings name; without one there is no such page."""
    token = str(current_app.config["RECRUIT_METRICS_TOKEN"])
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    right = secrets.compare_digest(given.encode(), token.encode())
    if not token or kind.lower() != "bearer" or not right:
        abort(404)
    return Response(figures.text(), content_type=CONTENT_TYPE_LATEST)
