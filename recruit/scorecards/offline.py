"""The service worker that keeps an interview page readable without a network."""

from __future__ import annotations

from flask import Blueprint, Response

from recruit.access import Permission, requires
from recruit.resources import static_folder

blueprint = Blueprint("offline", __name__)


@blueprint.get("/interview-worker.js")
@requires(Permission.PUBLIC)
def worker() -> Response:
    """Return the worker's script.

    It is served from the root, for a worker can only be registered for pages below its own
    address; each interview page registers it for itself alone.
    """
    script = (static_folder() / "js" / "interview" / "worker.js").read_bytes()
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})
