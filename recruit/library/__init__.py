"""The shipped competency library, read once in the life of the process."""

from __future__ import annotations

from functools import lru_cache

from recruit.core import library as core_library
from recruit.resources import interview_guides_folder


@lru_cache(maxsize=1)
def library() -> core_library.Library:
    """Return the library. Raises ``Faults`` when its files are broken."""
    return core_library.load(interview_guides_folder())
