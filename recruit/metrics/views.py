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
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not secrets.compare_digest(given.encode(), token.encode()):
        abort(404)
    return Response(figures.text(), content_type=CONTENT_TYPE_LATEST)
