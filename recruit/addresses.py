"""Addresses of pages as they are seen from outside: in mails, documents and at other systems."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, request
from flask_babel import gettext as _
from werkzeug.exceptions import SecurityError


def external_url(endpoint: str, **values: Any) -> str:
    """Return the address of a page as it is seen from a mail.

    It begins as ``RECRUIT_BASE_URL`` does and never as a request's Host header says, which whoever
    sends the request chooses.
    """
    # Not url_for: a background job has no request.
    path = current_app.url_map.bind("").build(endpoint, values)
    return str(current_app.config["RECRUIT_BASE_URL"]).rstrip("/") + path


class Application(Flask):
    """The application, whose libraries make no address for outside in another way either."""

    def url_for(self, endpoint: str, *, _external: bool | None = None, **values: Any) -> str:
        """Return the address of a page: a path within a request, unless ``_external``."""
        if _external:
            return external_url(endpoint, **values)
        return super().url_for(endpoint, _external=_external, **values)


def register(app: Application) -> None:
    """Refuse requests for other hosts than those of the settings, before anything else is done."""
    app.before_request(_refuse_other_hosts)


def _refuse_other_hosts() -> Response | None:
    if not isinstance(request.routing_exception, SecurityError):
        return None
    # Plain: a page needs addresses, and there are none for a host that is not ours.
    text = _(
        "Recruit does not answer under this name. Use the address that your organisation gave you. "
        "If you run the server: RECRUIT_BASE_URL, or RECRUIT_HOSTS, must hold the name."
    )
    return Response(f"{text}\n", 400, content_type="text/plain; charset=utf-8")
