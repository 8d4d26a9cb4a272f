"""Forms in which an organisation writes its own library."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from recruit.core.library import LONGEST_IDENTIFIER, OWN
from recruit.core.text import written
from recruit.labels import KINDS, LEVELS, SECTORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask_babel.speaklater import LazyString

    from recruit.core.library import Competency, Question, Text

LONGEST = 5_000
LONGEST_MADE = LONGEST_IDENTIFIER - 30
"""An id that is made of words; what is added to it must fit, too."""
POINTS = (1, 2, 3, 4, 5)
Said = dict[str, str]


class Pair(NamedTuple):
    """The same words in both languages; ``lines`` when each line is an entry of its own."""

    name: str
    label: LazyString
    lines: bool = False
    rows: int = 3
    required: bool = True
    help: LazyString | str = ""


TEXTS = (
    Pair("name", _l("Name"), rows=1),
    Pair("definition", _l("Definition"), rows=5),
    *(Pair(f"anchor_{n}", _l("What a %(point)s looks like", point=n), rows=5) for n in POINTS),
)
ONE_PER_LINE = _l("One per line, in the same order in both languages.")
BEHAVIOURS = (
    Pair("indicators", _l("Behaviours that show it"), lines=True, rows=5, help=ONE_PER_LINE),
    Pair("over_control", _l("How it fails through over-control"), lines=True, help=ONE_PER_LINE),
    Pair(
        "laissez_faire", _l("How it fails by letting things drift"), lines=True, help=ONE_PER_LINE
    ),
)
QUESTION = (
    Pair("text", _l("Question"), rows=3),
    Pair(
        "background",
        _l("Background to hand over"),
        rows=5,
        required=False,
        help=_l("Only for a case."),
    ),
    Pair("probes", _l("Follow-up questions"), lines=True, help=ONE_PER_LINE),
    Pair("practice", _l("Signs of practice"), lines=True, help=ONE_PER_LINE),
    Pair("talk", _l("Signs of talk only"), lines=True, help=ONE_PER_LINE),
)
IN = {"sv": _l("in Swedish"), "en": _l("in English")}


class OwnForm(FlaskForm):
    """Words in two languages. ``version`` tells what they build on.

    ``may_save_anyway`` is set where only the checker's advice stands against saving, ``outdated``
    where somebody else saved meanwhile.
    """

    pairs: ClassVar[tuple[Pair, ...]] = ()
    may_save_anyway = False
    outdated = False

    version = HiddenField(default="0")
    anyway = BooleanField(_l("Save although the checker advises against it"))

    def words(self, name: str) -> Said:
        """Return what is written in both languages."""
        return {language: self[f"{name}_{language}"].data for language in IN}

    def entries(self, name: str) -> list[Said]:
        """Return the lines of both languages, side by side."""
        by_language = [_lines(self[f"{name}_{language}"].data) for language in IN]
        return [dict(zip(IN, texts, strict=True)) for texts in zip(*by_language, strict=True)]

    def base_version(self) -> int:
        """Return the version that the form builds on; -1 when no page of ours sent it."""
        text = self.version.data or ""
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1

    def validate(self, extra_validators: Any = None) -> bool:
        """Tell whether everything is there, with as many lines in both languages."""
        fits = bool(super().validate(extra_validators))
        for pair in self.pairs:
            if pair.lines:
                swedish, english = (self[f"{pair.name}_{language}"] for language in IN)
                count = len(_lines(swedish.data))
                if count != len(_lines(english.data)):
                    english.errors = [
                        *english.errors,
                        _("Write as many lines as in Swedish: %(number)d.", number=count),
                    ]
                    fits = False
        return fits

    def fill(self, name: str, text: Text | None) -> None:
        """Show words as they are today."""
        for language in IN:
            self[f"{name}_{language}"].data = text.in_(language) if text else ""

    def fill_lines(self, name: str, texts: Iterable[Text]) -> None:
        """Show entries as they are today, one per line."""
        entries = list(texts)
        for language in IN:
            self[f"{name}_{language}"].data = "\n".join(text.in_(language) for text in entries)


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").split("\n") if line.strip()]


def _declare(form: type[OwnForm], pairs: tuple[Pair, ...]) -> None:
    """Give the form the fields of its pairs."""
    form.pairs = pairs
    for pair in pairs:
        for language, where in IN.items():
            label = _l("%(label)s, %(language)s", label=pair.label, language=where)
            presence = DataRequired(_l("Write something here.")) if pair.required else Optional()
            length = Length(max=LONGEST, message=_l("Use at most 5,000 characters."))
            field = StringField if pair.rows == 1 else TextAreaField
            setattr(
                form,
                f"{pair.name}_{language}",
                field(
                    label,
                    filters=[written],
                    validators=[presence, length],
                    description=pair.help,
                    render_kw={"lang": language},
                ),
            )


class TextsForm(OwnForm):
    """Name, definition and rating scale of a competency."""

    def show(self, competency: Competency) -> None:
        """Show the texts as they are today."""
        self.fill("name", competency.name)
        self.fill("definition", competency.definition)
        for point, anchor in competency.anchors.items():
            self.fill(f"anchor_{point}", anchor)

    def texts(self) -> dict[str, Any]:
        """Return the texts as a competency's file has them."""
        return {
            "name": self.words("name"),
            "definition": self.words("definition"),
            "anchors": {str(point): self.words(f"anchor_{point}") for point in POINTS},
        }


class _Asking(OwnForm):
    kind = SelectField(
        _l("Kind of question"),
        choices=[SelectChoice(key, label) for key, label in KINDS.items()],
    )
    minutes = IntegerField(
        _l("Minutes"),
        default=7,
        validators=[
            InputRequired(_l("Write a whole number.")),
            NumberRange(1, 60, _l("Between 1 and 60 minutes.")),
        ],
    )
    levels = SelectMultipleField(
        _l("For which levels"),
        choices=[SelectChoice(key, label) for key, label in LEVELS.items()],
        default=["any"],
    )
    sectors = SelectMultipleField(
        _l("For which sectors"),
        choices=[SelectChoice(key, label) for key, label in SECTORS.items()],
        default=["any"],
    )

    def question(self, key: str, elicits: list[str]) -> dict[str, Any]:
        """Return the question as a competency's file has it."""
        background = self.words("background")
        return {
            "id": key,
            "kind": self.kind.data,
            "levels": self.levels.data or ["any"],
            "sectors": self.sectors.data or ["any"],
            "minutes": self.minutes.data,
            "elicits": elicits,
            "text": self.words("text"),
            "background": background if any(background.values()) else None,
            "probes": self.entries("probes"),
            "listen_for": {"practice": self.entries("practice"), "talk": self.entries("talk")},
        }


class QuestionForm(_Asking):
    """A question of a competency. ``elicits.choices`` are the competency's indicators."""

    elicits = SelectMultipleField(
        _l("Behaviours that it tests"),
        choices=[],
        validators=[InputRequired(_l("Choose at least one behaviour."))],
    )

    def show(self, question: Question) -> None:
        """Show the question as it is today."""
        for field in (self.kind, self.minutes, self.levels, self.sectors, self.elicits):
            field.data = getattr(question, field.name)
        self.fill("text", question.text)
        self.fill("background", question.background)
        self.fill_lines("probes", question.probes)
        self.fill_lines("practice", question.listen_for.practice)
        self.fill_lines("talk", question.listen_for.talk)


class CompetencyForm(TextsForm, _Asking):
    """A new competency with its first question, which tests every behaviour."""

    def competency(self, version: int) -> dict[str, Any]:
        """Return the competency as its file has it, in place of what ``version`` said."""
        indicators = _named(self.entries("indicators"))
        key = self.key()
        return {
            "id": key,
            **self.texts(),
            "principles": [],
            "sectors": self.sectors.data or ["any"],
            "indicators": [item | {"source": [OWN]} for item in indicators],
            "failures": {
                direction: _named(self.entries(direction), f"{direction.replace('_', '-')}-")
                for direction in ("over_control", "laissez_faire")
            },
            "questions": [
                self.question(own_question_id(key, version), [item["id"] for item in indicators])
            ],
            "calibration": [],
        }

    def key(self) -> str:
        """Return the id, which is made of the English name; it may be empty."""
        return identifier(self.name_en.data or "")


def own_question_id(competency_id: str, version: int) -> str:
    """Return the id of a question that is added to what ``version`` says of a competency.

    The version only grows, so no id comes twice, not even once a competency has been removed.
    """
    return f"{competency_id}-own-{version + 1}"


def _named(entries: list[Said], prefix: str = "") -> list[dict[str, Any]]:
    """Return the entries with ids of their own, made of the English words."""
    found: dict[str, dict[str, Any]] = {}
    for number, text in enumerate(entries, start=1):
        key = prefix + (identifier(text["en"]) or str(number))
        if key in found:
            key = f"{key}-{number}"
        found[key] = {"id": key, "text": text}
    return list(found.values())


def identifier(words: str) -> str:
    """Return words as an id that more can be added to: small letters a to z, digits, hyphens."""
    letters = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:LONGEST_MADE].strip("-")


def indicator_choices(competency: Competency, language: str) -> list[Any]:
    """Return the indicators of a competency to choose from."""
    return [SelectChoice(i.id, i.text.in_(language)) for i in competency.indicators]


_declare(TextsForm, TEXTS)
_declare(QuestionForm, QUESTION)
_declare(CompetencyForm, (*TEXTS[:2], *BEHAVIOURS, *TEXTS[2:], *QUESTION))


def differing(texts: Mapping[str, Any], base: Competency) -> dict[str, Any]:
    """Return those of the texts that are not the base's."""
    found: dict[str, Any] = {
        part: texts[part]
        for part in ("name", "definition")
        if texts[part] != getattr(base, part).model_dump()
    }
    anchors = {
        point: text
        for point, text in texts["anchors"].items()
        if text != base.anchors[int(point)].model_dump()
    }
    return found | ({"anchors": anchors} if anchors else {})
