"""The competency library: its model, its loader, and what keeps a library from being used.

The library is a folder of YAML files in two languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from recruit.core.faults import NOTHING, Fault, Faults, Said, said
from recruit.core.plain_yaml import read_model
from recruit.core.profile import Level, Profile, Sector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_IDENTIFIER = 80
Identifier = Annotated[str, Field(pattern=f"^{IDENTIFIER.pattern}$", max_length=LONGEST_IDENTIFIER)]
MOST_MINUTES = 60
"""What one question may take."""
RESERVED = "own-"
"""How the ids of questions begin that a recruiter writes for one guide; no library has such ids."""
LONGEST_TEXT = 2000
"""Characters of a question, its background, a sign or a note, wherever it is written."""
MOST_PROBES = 10
LONGEST_PROBE = 400
OWN = "own"
"""The source of an indicator that an organisation stands for itself."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Text(_Part):
    """The same words in both languages."""

    sv: Words
    en: Words

    def in_(self, language: str) -> str:
        """Return the words in the language ("sv" or "en")."""
        return self.sv if language == "sv" else self.en


def _at_most(most: int) -> AfterValidator:
    def check(text: Text) -> Text:
        if max(len(text.sv), len(text.en)) > most:
            raise ValueError(Said(f"högst {most} tecken", f"at most {most} characters"))
        return text

    return AfterValidator(check)


AskedText = Annotated[Text, _at_most(LONGEST_TEXT)]
ProbeText = Annotated[Text, _at_most(LONGEST_PROBE)]


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

    practice: list[AskedText] = Field(min_length=1)
    talk: list[AskedText] = Field(min_length=1)


class Question(_Part):
    """A lead question with its neutral follow-ups; ``minutes`` covers question, probes, notes."""

    id: Identifier
    kind: Kind
    levels: list[Level | Literal["any"]] = Field(min_length=1)
    sectors: list[Sector | Literal["any"]] = Field(min_length=1)
    minutes: int = Field(ge=1, le=MOST_MINUTES)
    elicits: list[str] = Field(min_length=1)
    text: AskedText
    background: AskedText | None = None
    probes: list[ProbeText] = Field(max_length=MOST_PROBES)
    listen_for: ListenFor

    def fits(self, level: str | None, sector: str | None) -> bool:
        """Tell whether the question may be asked at the level and in the sector.

        None stands for a level or sector that is left open: every question fits it.
        """
        at_level = level is None or {"any", level} & set(self.levels)
        in_sector = sector is None or {"any", sector} & set(self.sectors)
        return bool(at_level and in_sector)


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


class Claim(_Part):
    """One thing that the source of the competency model says, as something that can be seen.

    The letter of ``id`` names the source. ``met_by`` says how the product itself meets a claim
    that is about hiring and not about a leader's behaviour; such a claim needs no indicator.
    """

    id: str = Field(pattern=r"^[A-Z][1-9][0-9]?$")
    text: Text
    observable: Text
    met_by: Text | None = None

    @property
    def source(self) -> str:
        """The letter of the source that makes the claim."""
        return self.id[0]


class ClaimTable(_Part):
    """The claims that indicators stand for; ``sources`` is by the letter of the claims' ids."""

    sources: dict[str, Text] = {}
    claims: list[Claim] = []


@dataclass(frozen=True)
class Library:
    """Everything a guide is made of. Mappings are by id, in the order of the file names."""

    competencies: dict[str, Competency]
    scripts: dict[str, Script]
    roles: dict[str, Profile]
    claims: ClaimTable = field(default_factory=ClaimTable)


def load(folder: Path) -> Library:
    """Return the library in a folder. Raises Faults."""
    library, faults = read(folder)
    if faults:
        raise Faults(faults)
    return library


def read(folder: Path) -> tuple[Library, list[Fault]]:
    """Return what can be read of a library, and every fault that keeps it from being used."""
    faults: list[Fault] = []
    competencies = _parts(sorted(folder.glob("competencies/*.yaml")), Competency, faults)
    scripts = _parts(sorted(folder.glob("scripts/*.yaml")), Script, faults)
    roles = _parts(sorted(folder.glob("roles/*.yaml")), Profile, faults)
    tables = _parts(sorted(folder.glob("claims.yaml")), ClaimTable, faults)
    claims = next(iter(tables.values()), ClaimTable())
    if not competencies and not faults:
        expected = Said("minst en kompetens i competencies/", "a competency in competencies/")
        faults.append(Fault(folder.name, None, None, NOTHING, expected))
    owner: dict[str, str] = {}
    for name, competency in competencies.items():
        faults.extend(competency_faults(competency, name, claims, owner))
    # A competency that could not be read is one fault, not one more in every role.
    known = {item.id for item in competencies.values()}
    known |= {path.stem for path in folder.glob("competencies/*.yaml")}
    for name, role in roles.items():
        faults.extend(role_faults(role, name, known))
    library = Library(
        {part.id: part for part in competencies.values()},
        {part.id: part for part in scripts.values()},
        {role.id or Path(name).stem: role for name, role in roles.items()},
        claims,
    )
    return library, sorted(faults, key=lambda fault: (fault.file, fault.place or ""))


def _parts(paths: list[Path], model: type[Any], faults: list[Fault]) -> dict[str, Any]:
    found = {}
    for path in paths:
        name = path.name if model is ClaimTable else f"{path.parent.name}/{path.name}"
        try:
            found[name] = read_model(path.read_bytes(), model, name)
        except Faults as error:
            faults.extend(error.faults)
    return found


def competency_faults(
    competency: Competency, file: str, claims: ClaimTable, owner: dict[str, str]
) -> Iterator[Fault]:
    """Yield what contradicts itself in a competency, or others.

    ``owner`` is the file of each question seen so far; the competency's own are added.
    """
    if competency.id != Path(file).stem:
        name = Path(file).stem
        expected = Said(f"filens namn {name}", f"the file's name {name}")
        yield Fault(file, None, "id", said(competency.id), expected)
    yield from _double_ids(competency, file)
    known = {claim.id for claim in claims.claims}
    for indicator in competency.indicators:
        for claim in indicator.source:
            # A library without claims tells its sources as it likes.
            if known and claim not in {OWN, *known}:
                place = f"indicators.{indicator.id}.source"
                expected = Said("ett id i claims.yaml", "an id of claims.yaml")
                yield Fault(file, None, place, said(claim), expected)
    indicators = {indicator.id for indicator in competency.indicators}
    for question in competency.questions:
        yield from _question_faults(question, file, indicators, owner)
    points = sorted(competency.anchors)
    if points != [1, 2, 3, 4, 5]:
        found = said(", ".join(map(str, points)))
        yield Fault(file, None, "anchors", found, said("1, 2, 3, 4, 5"))


def _double_ids(competency: Competency, file: str) -> Iterator[Fault]:
    failures = competency.failures.over_control + competency.failures.laissez_faire
    parts: dict[str, list[str]] = {
        "indicators": [indicator.id for indicator in competency.indicators],
        "failures": [failure.id for failure in failures],
        "questions": [question.id for question in competency.questions],
    }
    for place, ids in parts.items():
        for double in sorted({key for key in ids if ids.count(key) > 1}):
            found = Said(f"{double} två gånger", f"{double} twice")
            yield Fault(file, None, place, found, Said("varje id en gång", "each id once"))


def _question_faults(
    question: Question, file: str, indicators: set[str], owner: dict[str, str]
) -> Iterator[Fault]:
    place = f"questions.{question.id}"
    first = owner.setdefault(question.id, file)
    if first != file:
        found = Said(f"samma id i {first}", f"the same id in {first}")
        yield Fault(file, None, place, found, Said("ett eget id", "an id of its own"))
    if question.id.startswith(RESERVED):
        own = Said(
            f"ett id som inte börjar med {RESERVED}", f"an id that does not begin with {RESERVED}"
        )
        yield Fault(file, None, f"{place}.id", said(question.id), own)
    for key in question.elicits:
        if key not in indicators:
            expected = Said("ett id bland indicators", "an id of the indicators")
            yield Fault(file, None, f"{place}.elicits", said(key), expected)
    background = Said("en bakgrund", "a background")
    if question.kind == "case" and question.background is None:
        yield Fault(file, None, f"{place}.background", NOTHING, background)
    if question.kind != "case" and question.background is not None:
        yield Fault(file, None, f"{place}.background", background, Said("ingen", "none"))


def role_faults(role: Profile, file: str, known: set[str]) -> Iterator[Fault]:
    """Yield the competencies that a role profile names and nobody knows."""
    mentioned: dict[str, Mapping[str, object]] = {
        "competencies": role.competencies,
        "reasons": role.reasons,
    }
    for place, keys in mentioned.items():
        for key in keys:
            if key not in known:
                expected = Said("id för en kompetens", "the id of a competency")
                yield Fault(file, None, f"{place}.{key}", said(key), expected)
