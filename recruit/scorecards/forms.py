"""The scorecard's form: its fields follow the guide, so they are read by name here."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from recruit.core.text import legible, written
from recruit.scorecards.entries import Entries, RatingEntry
from recruit.scorecards.models import EvidenceLevel, Recommendation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recruit.core.guide import Guide

T = TypeVar("T", EvidenceLevel, Recommendation)


class BadScorecard(ValueError):
    """The form holds a value that no page of ours sends; ``field`` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class AnotherPersonIsSignedIn(ValueError):
    """The page was opened by one person and sent in another person's session."""


class ReopenForm(FlaskForm):
    """Why a submitted scorecard is opened again."""

    reason = TextAreaField(
        _l("Why is it opened again?"),
        filters=[written],
        validators=[
            DataRequired(_l("Say why: it is kept with what was submitted.")),
            Length(max=1000, message=_l("Use at most 1,000 characters.")),
        ],
    )


class LeaveOutForm(FlaskForm):
    """Why ratings that were made after others' had been open do not count in the figures."""

    reason = TextAreaField(
        _l("Why do the ratings not count?"),
        filters=[written],
        validators=[
            DataRequired(_l("Say why: it is printed with the comparison.")),
            Length(max=1000, message=_l("Use at most 1,000 characters.")),
        ],
    )


def read_entries(form: Mapping[str, str], guide: Guide) -> Entries:
    """Return what the form holds for the guide. Raises BadScorecard."""
    ratings: dict[str, RatingEntry] = {}
    notes: dict[str, str] = {}
    for round_ in guide.rounds:
        for section in round_.sections:
            prefix = f"rating-{section.competency}"
            ratings[section.competency] = RatingEntry(
                score=_score(form, f"{prefix}-score"),
                evidence_level=_one_of(EvidenceLevel, form, f"{prefix}-evidence_level"),
                evidence=_text(form, f"{prefix}-evidence"),
                not_assessed_reason=_text(form, f"{prefix}-not_assessed_reason"),
            )
            for question in section.questions:
                notes[question.id] = _text(form, f"note-{question.id}")
    return Entries(
        ratings=ratings,
        notes=notes,
        recommendation=_one_of(Recommendation, form, "recommendation"),
        summary=_text(form, "summary"),
    )


def as_fields(entries: Entries, guide: Guide) -> dict[str, str]:
    """Return the form that ``read_entries`` reads back, every field of the guide in it."""
    fields: dict[str, str] = {}
    for round_ in guide.rounds:
        for section in round_.sections:
            prefix = f"rating-{section.competency}"
            entry = entries.ratings.get(section.competency, RatingEntry())
            fields[f"{prefix}-score"] = str(entry.score or "")
            fields[f"{prefix}-evidence_level"] = entry.evidence_level or ""
            fields[f"{prefix}-evidence"] = entry.evidence
            fields[f"{prefix}-not_assessed_reason"] = entry.not_assessed_reason
            for question in section.questions:
                fields[f"note-{question.id}"] = entries.notes.get(question.id, "")
    fields["recommendation"] = entries.recommendation or ""
    fields["summary"] = entries.summary
    return fields


def check_person(form: Mapping[str, str], person_id: int) -> None:
    """Raise AnotherPersonIsSignedIn when the form names somebody else as its author.

    On a shared device a page may still be open when the next person signs in.
    """
    if form.get("person", str(person_id)) != str(person_id):
        raise AnotherPersonIsSignedIn(person_id)


def read_version(form: Mapping[str, str]) -> int:
    """Return the version that the form builds on. Raises BadScorecard."""
    value = form.get("version", "")
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise BadScorecard("version")
    return int(value)


def _score(form: Mapping[str, str], name: str) -> int | None:
    value = form.get(name, "")
    if value == "":
        return None
    if value not in {"1", "2", "3", "4", "5"}:
        raise BadScorecard(name)
    return int(value)


def _one_of(kind: type[T], form: Mapping[str, str], name: str) -> T | None:
    value = form.get(name, "")
    if value == "":
        return None
    try:
        return kind(value)
    except ValueError as error:
        raise BadScorecard(name) from error


def _text(form: Mapping[str, str], name: str) -> str:
    # One form is stored, so that a repeated save is the same.
    return legible(form.get(name, ""))
