"""Where an error came from, without the values that a traceback shows."""

from __future__ import annotations

import traceback
from pathlib import PurePath

KEPT = 6
"""Places that are told: the last ones, which are nearest to the fault."""


def place_of(error: BaseException) -> list[str]:
    """Return the last places that an error passed, as "file.py:12:function"."""
    passed = traceback.walk_tb(error.__traceback__)
    frames = traceback.StackSummary.extract(passed, limit=-KEPT, lookup_lines=False)
    return [f"{PurePath(frame.filename).name}:{frame.lineno}:{frame.name}" for frame in frames]
