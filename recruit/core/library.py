"""The competency library: its model, its loader and its checker.

The library is a folder of YAML files in two languages; the loader is the only part of the core
that reads files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from recruit.core.plain_yaml import BadYaml, path_of, read_yaml
from recruit.core.profile import Level, Profile, Sector

if TYPE_CHECKING:
    from collections.abc import Iterator

Language = Literal["sv", "en"]
Kind = Literal["past_behaviour", "situational", "case", "reflection"]
Principle = Literal[
    "trust",
    "citizen-focus",
    "whole-system-view",
    "room-for-action",
    "support",
    "knowledge",
    "openness",
]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]

CLAIMS = frozenset(f"S{number}" for number in range(1, 32))
"""The numbered claims of the source text that indicators may cite."""

LONGEST_ANCHOR_RATIO = 2.0
"""The longest anchor of a competency may be this many times the shortest, per language."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


Words = Annotated[str, BeforeValidator(_stripped), Field(min_length=1)]


class Text(_Part):
    """The same words in both languages."""

    sv: Words
    en: Words

    def in_(self, language: str) -> str:
        """Return the words in the language ("sv" or "en")."""
        return self.sv if language == "sv" else self.en


class Indicator(_Part):
    """One observable behaviour of a leader who has the competency."""

    id: Identifier
    source: list[str] = Field(min_length=1)
    text: Text


class Failure(_Part):
    """One observable behaviour of a leader who fails in one of two directions."""

    id: Identifier
    text: Text


class Failures(_Part):
    """Both directions in which a leader can fail."""

    over_control: list[Failure] = Field(min_length=1)
    laissez_faire: list[Failure] = Field(min_length=1)


class ListenFor(_Part):
    """Signs of practice and signs of mere talk in an answer."""

    practice: list[Text] = Field(min_length=1)
    talk: list[Text] = Field(min_length=1)


class Question(_Part):
    """A lead question with its neutral follow-ups; ``minutes`` covers question, probes, notes."""

    id: Identifier
    kind: Kind
    levels: list[Level | Literal["any"]] = Field(min_length=1)
    sectors: list[Sector | Literal["any"]] = Field(min_length=1)
    minutes: int = Field(ge=1, le=60)
    elicits: list[str] = Field(min_length=1)
    text: Text
    background: Text | None = None
    probes: list[Text]
    listen_for: ListenFor

    def fits(self, level: str, sector: str) -> bool:
        """Tell whether the question may be asked at the level and in the sector."""
        return bool({"any", level} & set(self.levels)) and bool({"any", sector} & set(self.sectors))


class Calibration(_Part):
    """A written answer to rate, the expert rating and its reasons."""

    answer: Text
    rating: int = Field(ge=1, le=5)
    reasons: Text


class Competency(_Part):
    """A trust-based leadership ability, defined by behavioural indicators."""

    id: Identifier
    name: Text
    definition: Text
    principles: list[Principle]
    sectors: list[Sector | Literal["any"]] = Field(min_length=1)
    indicators: list[Indicator] = Field(min_length=1)
    failures: Failures
    questions: list[Question] = Field(min_length=1)
    anchors: dict[int, Text]
    calibration: list[Calibration]


class ScriptItem(_Part):
    """One entry of a list within a script."""

    id: Identifier
    name: Text
    text: Text
    example: Text | None = None


class Script(_Part):
    """A text that is read out, or an instruction."""

    id: Identifier
    title: Text
    paragraphs: list[Text] = Field(min_length=1)
    items: list[ScriptItem] = []


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one file; ``path`` leads to the place within it."""

    file: str
    path: str
    message: str

    def __str__(self) -> str:
        """Return the fault in one line."""
        place = f"{self.file}: {self.path}" if self.path else self.file
        return f"{place}: {self.message}"


class LibraryFaults(ValueError):
    """The library cannot be used; ``faults`` says why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True)
class Library:
    """Everything a guide is made of. Mappings are by id, in the order of the file names."""

    competencies: dict[str, Competency]
    scripts: dict[str, Script]
    roles: dict[str, Profile]


def load(folder: Path) -> Library:
    """Return the library in a folder. Raises LibraryFaults."""
    library, faults = _read(folder)
    if faults:
        raise LibraryFaults(faults)
    return library


def check(folder: Path) -> list[Fault]:
    """Return everything that is wrong with the library in a folder."""
    return _read(folder)[1]


def _read(folder: Path) -> tuple[Library, list[Fault]]:
    faults: list[Fault] = []
    competencies = _parts(folder / "competencies", Competency, faults)
    scripts = _parts(folder / "scripts", Script, faults)
    roles = _parts(folder / "roles", Profile, faults)
    if not competencies and not faults:
        faults.append(Fault(str(folder), "", "no competency files in competencies/"))
    owner: dict[str, str] = {}
    for name, competency in competencies.items():
        faults.extend(
            Fault(name, path, message) for path, message in _faults_in(competency, name, owner)
        )
    known = {competency.id for competency in competencies.values()}
    for name, role in roles.items():
        faults.extend(
            Fault(name, f"competencies.{key}", "no competency has this id")
            for key in role.competencies
            if key not in known
        )
    library = Library(
        {part.id: part for part in competencies.values()},
        {part.id: part for part in scripts.values()},
        {role.id or Path(name).stem: role for name, role in roles.items()},
    )
    return library, sorted(faults, key=lambda fault: (fault.file, fault.path))


def _parts(folder: Path, model: type[Any], faults: list[Fault]) -> dict[str, Any]:
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        name = f"{folder.name}/{path.name}"
        try:
            found[name] = model.model_validate(read_yaml(path.read_bytes()))
        except BadYaml as error:
            faults.append(Fault(name, "", str(error)))
        except ValidationError as error:
            faults.extend(Fault(name, path_of(e["loc"]), e["msg"]) for e in error.errors())
    return found


def _faults_in(
    competency: Competency, file: str, owner: dict[str, str]
) -> Iterator[tuple[str, str]]:
    if competency.id != Path(file).stem:
        yield "id", f"found {competency.id}, expected the file's name {Path(file).stem}"
    indicators = [indicator.id for indicator in competency.indicators]
    failures = competency.failures.over_control + competency.failures.laissez_faire
    for kind, ids in (
        ("indicators", indicators),
        ("failures", [failure.id for failure in failures]),
        ("questions", [question.id for question in competency.questions]),
    ):
        for double in sorted({key for key in ids if ids.count(key) > 1}):
            yield kind, f"the id {double} is used twice"
    for indicator in competency.indicators:
        for claim in indicator.source:
            if claim not in CLAIMS:
                yield f"indicators.{indicator.id}.source", f"no claim is numbered {claim}"
    for question in competency.questions:
        yield from _question_faults(question, file, indicators, owner)
    elicited = {key for question in competency.questions for key in question.elicits}
    for key in indicators:
        if key not in elicited:
            yield f"indicators.{key}", "no question elicits this indicator"
    yield from _anchor_faults(competency)


def _question_faults(
    question: Question, file: str, indicators: list[str], owner: dict[str, str]
) -> Iterator[tuple[str, str]]:
    place = f"questions.{question.id}"
    if owner.setdefault(question.id, file) != file:
        yield place, f"{owner[question.id]} has a question with the same id"
    for key in question.elicits:
        if key not in indicators:
            yield f"{place}.elicits", f"no indicator has the id {key}"
    if not question.probes:
        yield f"{place}.probes", "a question needs probes"
    if (question.kind == "case") != (question.background is not None):
        yield f"{place}.background", "a case has a background, other questions have none"


def _anchor_faults(competency: Competency) -> Iterator[tuple[str, str]]:
    if sorted(competency.anchors) != [1, 2, 3, 4, 5]:
        yield "anchors", f"found {sorted(competency.anchors)}, expected all of 1 to 5"
        return
    for language in ("sv", "en"):
        lengths = [len(anchor.in_(language)) for anchor in competency.anchors.values()]
        if max(lengths) > LONGEST_ANCHOR_RATIO * min(lengths):
            yield (
                f"anchors.{language}",
                f"the longest has {max(lengths)} characters, the shortest {min(lengths)}",
            )
