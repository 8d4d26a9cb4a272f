"""What browsers keep of interviews for a network that fails: the worker that does, and its end."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from recruit.access import Permission, requires
from recruit.database import HIGHEST
from recruit.interviews import queries
from recruit.resources import static_folder

blueprint = Blueprint("offline", __name__)
MOST = 200
"""Interviews that are asked about at once."""


@blueprint.get("/interview-worker.js")
@requires(Permission.PUBLIC)
def worker() -> Response:
    """Return the worker's script.

    It is served from the root, for a worker can only be registered for pages below its own
    address; each interview page registers it for itself alone.
    """
    script = (static_folder() / "js" / "interview" / "worker.js").read_bytes()
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@blueprint.get("/interviews/erased")
@requires(Permission.HOME)
def erased() -> Response:
    """Return which of the interviews with the given numbers are erased.

    A browser that still holds something of them then lets it go. The numbers tell nothing else.
    """
    numbers = request.args.getlist("number", type=int)[:MOST]
    return jsonify(erased=queries.erased([n for n in numbers if 0 < n <= HIGHEST]))
