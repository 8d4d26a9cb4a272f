"""The service worker that keeps an interview page readable without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app

from recruit.access import Permission, requires

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("offline", __name__)


@blueprint.get("/interview-worker.js")
@requires(Permission.PUBLIC)
def worker() -> Response:
    """Return the worker's script.

    It is served from the root, for a worker can only be registered for pages below its own
    address; each interview page registers it for itself alone.
    """
    return current_app.send_static_file("js/interview/worker.js")
