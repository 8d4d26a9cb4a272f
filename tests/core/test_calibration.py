"""Severities over many recruitments at once."""

from __future__ import annotations

import random
import statistics

import pytest

from recruit.core import comparison
from recruit.core.calibration import calibrate
from recruit.core.ratings import Scale
from recruit.core.reasons import Reason
from tests.core.tables import random_table, table


def test_severities_are_those_of_the_comparison():
    rated = random_table(3, gaps=0.3)
    weights = {"c0": 2.0, "c1": 1.0, "c2": 0.0}
    found, compared = calibrate(rated, weights), comparison.build(rated, weights)
    assert found.fit.severity == {i.id: i.severity for i in compared.interviewers}
    assert found.fit.severity_se == {i.id: i.se for i in compared.interviewers}
    assert found.components == compared.agreement.overall.components
    assert found.reason is None


def test_what_went_into_many_recruitments_is_found_again():
    """400 candidates, 150 interviewers of whom each has met a few, in a sparse table."""
    chance = random.Random(5)
    severity = [chance.gauss(0, 6) for _ in range(150)]
    qualities = [chance.gauss(50, 8) for _ in range(400)]
    rows = []
    for p, quality in enumerate(qualities):
        for i in chance.sample(range(150), 6):
            score = round(quality + severity[i] + chance.gauss(0, 5))
            rows.append((f"P{p}", f"I{i:03}", "c", score))
    found = calibrate(table(rows, Scale(0, 100)))
    assert len(found.fit.groups) == 1
    # Of those who took part, not of the distribution that they were drawn from.
    assert found.components.candidate == pytest.approx(statistics.variance(qualities), rel=0.05)
    assert found.components.interviewer == pytest.approx(statistics.variance(severity), rel=0.05)
    assert found.components.residual == pytest.approx(5**2, rel=0.1)
    centre = sum(severity) / 150
    errors = [
        (found.fit.severity[f"I{i:03}"] - severity[i] + centre) / found.fit.severity_se[f"I{i:03}"]
        for i in range(150)
    ]
    # Standardised errors: their mean square is 1 within four of its standard errors.
    assert sum(error**2 for error in errors) / 150 == pytest.approx(1, abs=4 * (2 / 150) ** 0.5)


def test_one_recruitment_by_one_interviewer_tells_nothing():
    found = calibrate(table([("A", "X", "c", 3), ("B", "X", "c", 4)]))
    assert (found.components, found.reason) == (None, Reason.ONE_INTERVIEWER)
    assert found.fit.severity == {"X": 0.0}
