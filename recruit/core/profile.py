"""The role profile: what is being hired for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from recruit.core.faults import NOTHING, Fault, Faults, Said, said, short
from recruit.core.plain_yaml import BadYaml, path_of, read_yaml

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Level = Literal["first_line", "manager_of_managers", "executive", "project_lead"]
Sector = Literal["public", "private", "nonprofit"]

OPENING_MINUTES = 5
CLOSING_MINUTES = 10
LONGEST_ROUND = 480
"""Minutes of one interview, scripts included."""

FEWEST_COMPETENCIES = 3
MOST_COMPETENCIES = 8

Words = Annotated[str, Field(min_length=1, max_length=200)]
Named = Words | dict[Literal["sv", "en"], Words]
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
    interviewers: int = Field(ge=1, le=20, strict=True)

    @field_validator("minutes")
    @classmethod
    def _has_time_for_questions(cls, minutes: int) -> int:
        scripts = OPENING_MINUTES + CLOSING_MINUTES
        if minutes <= scripts:
            raise ValueError(minutes)
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
    rounds: list[Round] = Field(min_length=1, max_length=5)
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


class ProfileFaults(Faults):
    """The profile cannot be used."""


def read(data: bytes, name: str) -> Profile:
    """Return the profile in a YAML document called ``name``. Raises ProfileFaults."""
    try:
        document = read_yaml(data)
    except BadYaml as error:
        raise ProfileFaults(
            [Fault(name, None, None, said(str(error)), Said("enkel YAML", "plain YAML"))]
        ) from error
    if not isinstance(document, dict):
        expected = Said("en rollprofil med dess nycklar", "a role profile with its keys")
        raise ProfileFaults([Fault(name, None, None, said(short(document)), expected)])
    try:
        return Profile.model_validate(document)
    except ValidationError as error:
        raise ProfileFaults([_fault(name, found) for found in error.errors()]) from error


def _fault(name: str, error: ErrorDetails) -> Fault:
    value = error["input"]
    if error["type"] == "missing" or value is None:
        found = NOTHING
    elif isinstance(value, dict | list):
        found = Said(f"{len(value)} poster", f"{len(value)} entries")
    else:
        found = said(short(value))
    return Fault(name, None, path_of(error["loc"]), found, _expected(error))


def _expected(error: ErrorDetails) -> Said:
    """Return what a pydantic error asks for; in its own words where we have none."""
    limits = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return Said("ett värde", "a value")
        case "extra_forbidden":
            return Said("ingen sådan nyckel", "no such key")
        case "int_type":
            return Said("ett heltal", "a whole number")
        case "greater_than_equal":
            return Said(f"minst {limits['ge']}", f"at least {limits['ge']}")
        case "less_than_equal":
            return Said(f"högst {limits['le']}", f"at most {limits['le']}")
        case "too_short":
            least = limits["min_length"]
            return Said(f"minst {least} poster", f"at least {least} entries")
        case "too_long":
            most = limits["max_length"]
            return Said(f"högst {most} poster", f"at most {most} entries")
        case "literal_error":
            choices = str(limits["expected"])
            return Said(choices.replace(" or ", " eller "), choices)
        case "value_error":
            least = OPENING_MINUTES + CLOSING_MINUTES
            return Said(
                f"mer än {least} minuter: inledning och avslutning tar {least}",
                f"more than {least} minutes: opening and closing take {least}",
            )
        case _:
            return said(error["msg"])
