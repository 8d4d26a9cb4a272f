"""The role profile: what is being hired for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from recruit.core.faults import Said
from recruit.core.plain_yaml import read_model

Level = Literal["first_line", "manager_of_managers", "executive", "project_lead"]
Sector = Literal["public", "private", "nonprofit"]

OPENING_MINUTES = 5
CLOSING_MINUTES = 10
SCRIPT_MINUTES = OPENING_MINUTES + CLOSING_MINUTES
"""What the scripts take of every round."""
LONGEST_ROUND = 480
"""Minutes of one interview, scripts included."""
MOST_ROUNDS = 5
MOST_INTERVIEWERS = 20
LONGEST_NAME = 200

FEWEST_COMPETENCIES = 3
MOST_COMPETENCIES = 8

Words = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Named = Words | Annotated[dict[Literal["sv", "en"], Words], Field(min_length=1)]
"""One name, or a name per language."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProfileCompetency(_Part):
    """How much a competency counts, and the least score that is required, if any."""

    weight: int = Field(ge=1, le=5, strict=True)
    must_have: int | None = Field(None, ge=1, le=5, strict=True)


class Round(_Part):
    """One meeting type in the process; ``minutes`` covers everything from opening to closing."""

    name: Named
    minutes: int = Field(ge=1, le=LONGEST_ROUND, strict=True)
    interviewers: int = Field(ge=1, le=MOST_INTERVIEWERS, strict=True)

    @field_validator("minutes")
    @classmethod
    def _has_time_for_questions(cls, minutes: int) -> int:
        least = SCRIPT_MINUTES
        if minutes <= least:
            raise ValueError(
                Said(
                    f"mer än {least} minuter: inledning och avslutning tar {least}",
                    f"more than {least} minutes: opening and closing take {least}",
                )
            )
        return minutes


class Profile(_Part):
    """A ready-made choice of competencies, weights and rounds for a kind of job."""

    id: str | None = None
    title: Named
    language: Literal["sv", "en"] = "sv"
    level: Level
    sector: Sector
    competencies: dict[str, ProfileCompetency] = Field(
        min_length=FEWEST_COMPETENCIES, max_length=MOST_COMPETENCIES
    )
    rounds: list[Round] = Field(min_length=1, max_length=MOST_ROUNDS)
    min_questions: Literal[1, 2] = 2
    reasons: dict[str, Named] = {}

    def title_in(self, language: str) -> str:
        """Return the title in the language."""
        return named_in(self.title, language)


def named_in(name: Named, language: str) -> str:
    """Return a name in the language, whether it is one name or one per language."""
    if isinstance(name, str):
        return name
    return name["sv" if language == "sv" and "sv" in name else "en" if "en" in name else "sv"]


def read(data: bytes, name: str) -> Profile:
    """Return the profile in a YAML document called ``name``. Raises Faults."""
    return read_model(data, Profile, name)
