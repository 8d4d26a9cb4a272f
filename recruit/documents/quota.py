"""How many documents may be made for one person in a while, so that nobody makes others wait."""

from __future__ import annotations

import math
import time

from flask import current_app
from flask_babel import ngettext
from flask_limiter import RateLimitExceeded
from flask_security import current_user
from werkzeug.exceptions import TooManyRequests

from recruit.limits import limiter


class TooManyDocuments(TooManyRequests):
    """The person has asked for more documents than are made for one person in a while."""


def _limit() -> str:
    return str(current_app.config["RECRUIT_DOCUMENT_LIMIT"])


def _person() -> str:
    return f"documents of {current_user.id}"


@limiter.shared_limit(_limit, scope="documents", key_func=_person)
def _count() -> None:
    """Raise RateLimitExceeded when the person is over the limit."""


def count_document() -> None:
    """Count a document that is about to be made. Raises TooManyDocuments over the limit."""
    try:
        _count()
    except RateLimitExceeded:
        met = limiter.current_limit
        seconds = max(1, math.ceil(met.reset_at - time.time())) if met else 60
        raise TooManyDocuments(
            ngettext(
                "You have asked for many documents in a short time. Nothing is lost: "
                "what you have written and made before is here. Try again in %(num)d second.",
                "You have asked for many documents in a short time. Nothing is lost: "
                "what you have written and made before is here. Try again in %(num)d seconds.",
                seconds,
            ),
            retry_after=seconds,
        ) from None
