"""What an examination of an installation tells of each part."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How a part of the installation is.

    A fault stops people or lets strangers in; a warning is what will, or might.
    """

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """What was found of one part, and what to do about it (empty when all is well)."""

    health: Health
    part: str
    found: str
    remedy: str = ""
