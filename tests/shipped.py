"""The shipped library, read once for every test that asks it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from recruit.core.library import load
from recruit.resources import interview_guides_folder

if TYPE_CHECKING:
    from recruit.core.library import Library


@cache
def shipped() -> Library:
    """Return the library; no test changes it."""
    return load(interview_guides_folder())
