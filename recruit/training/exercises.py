"""The calibration exercises that the library holds, and how they are named."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort

from recruit.library import library

if TYPE_CHECKING:
    from collections.abc import Collection

    from recruit.core.library import Calibration, Competency


@dataclass(frozen=True)
class Exercise:
    """One written answer to rate; ``number`` counts from 1 within the competency."""

    competency: Competency
    number: int
    content: Calibration

    @property
    def key(self) -> tuple[str, int]:
        """Competency and number, which name the exercise."""
        return self.competency.id, self.number

    @property
    def text_hash(self) -> str:
        """SHA-256 (hexadecimal) of the answer in both languages and the expert's rating."""
        answer = self.content.answer
        parts = (answer.sv, answer.en, str(self.content.rating))
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def exercises(competencies: Collection[str] | None = None) -> tuple[Exercise, ...]:
    """Return the exercises of the competencies, or of all, in the library's order."""
    return tuple(
        Exercise(competency, number, content)
        for competency in library().competencies.values()
        if competencies is None or competency.id in competencies
        for number, content in enumerate(competency.calibration, 1)
    )


def exercise(competency_id: str, number: int) -> Exercise:
    """Return one exercise. Raises a 404 error when there is none."""
    found = (item for item in exercises({competency_id}) if item.number == number)
    return next(found, None) or abort(404)
