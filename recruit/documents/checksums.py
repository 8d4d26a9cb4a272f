"""Checksums that a document prints: equal grounds give equal sums."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def checksum(content: dict[str, Any]) -> str:
    """Return the SHA-256 of what a document shows."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def short(checksum: str) -> str:
    """Return its beginning, in groups that can be read aloud."""
    return " ".join(checksum[start : start + 4] for start in (0, 4, 8))
