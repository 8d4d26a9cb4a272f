"""The chain of the trail: each line is sealed with a key, together with the line before it.

Lines from before there was a key carry a plain digest. They hold only in front of the line that
sealed them, which nobody can make who has the database but not the key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from recruit.audit.models import AuditEvent

START = "0" * 64
SEALING = "trail.seal"
"""What the line does that takes the lines from before there was a key under the key."""


def plain_digest(event: AuditEvent) -> str:
    """Return the SHA-256 (hexadecimal) of a line from before there was a key."""
    return hashlib.sha256(_text(event).encode()).hexdigest()


def keyed_digest(event: AuditEvent, number: int) -> str:
    """Return the HMAC (hexadecimal) of the line with that number, counted from 1."""
    return _mac("line", number, _text(event))


def end_seal(count: int, digest: str) -> str:
    """Return the HMAC (hexadecimal) of where the trail ends."""
    return _mac("end", count, digest)


def key_mark() -> str:
    """Return what tells one key from another, and gives none away."""
    return _mac("mark", 0, "")[:16]


def _mac(purpose: str, number: int, text: str) -> str:
    key: bytes = current_app.config["TRAIL_KEY"]
    return hmac.new(key, f"{purpose}:{number}:{text}".encode(), hashlib.sha256).hexdigest()


def _text(event: AuditEvent) -> str:
    return json.dumps(
        [
            event.at.isoformat(),
            event.actor_id,
            event.action,
            event.subject,
            event.requisition_id,
            event.detail,
            event.previous_digest,
        ],
        sort_keys=True,
        ensure_ascii=False,
    )
