"""Totals and mean squares against vectors and against dense matrices."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import stdtr

from recruit.core.statistics.fit import Fit
from recruit.core.statistics.ratings import Ratings, canonical, step_of
from recruit.core.statistics.squares import mean_squares
from recruit.core.statistics.totals import Totals

DATA = Path(__file__).parent / "data"


def ratings(rows, weights=None):
    """Rows of (candidate, interviewer, competency, score), with names; and the names in order."""
    names = [list(dict.fromkeys(row[side] for row in rows)) for side in range(3)]
    codes = [
        np.array([names[side].index(row[side]) for row in rows], dtype=np.intp) for side in range(3)
    ]
    score = np.array([float(row[3]) for row in rows])
    share = np.array([(weights or {}).get(name, 0 if weights else 1) for name in names[2]], float)
    table = Ratings(
        *codes,
        np.zeros(len(rows), dtype=np.intp),
        score,
        np.ones(len(rows)),
        share / share.sum(),
        1.0,
        5.0,
        step_of(score, 1.0, 5.0),
    )
    return table.averaged(), names[0]


def shipped(name):
    with (DATA / name).open(encoding="utf-8") as file:
        return [tuple(row.values()) for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("name", "weights", "expected"),
    [
        (
            "two-rounds.csv",
            {"autonomy": 6, "feedback": 2, "support": 2},
            {"Xenia": 4.2, "Ylva": 3.8, "Zoran": 2.0},
        ),
        ("funnel.csv", None, {"Bo": 5.0, "Anna": 4.5, "Cecilia": 3.75}),
    ],
)
def test_totals_follow_the_printed_weights(name, weights, expected):
    table, names = ratings(shipped(name), weights)
    totals = Totals(Fit(table))
    found = dict(zip(names, totals.values.tolist(), strict=True))
    assert {key: found[key] for key in expected} == pytest.approx(expected)
    assert len(set(totals.group)) == 1


@pytest.mark.parametrize("gaps", [0.0, 0.25])
@pytest.mark.parametrize("seed", range(6))
def test_fit_and_forms_are_those_of_dense_matrices(seed, gaps):
    chance = np.random.default_rng(seed)
    rows = [
        (p, i, c, chance.integers(1, 6))
        for p in range(5)
        for i in range(4)
        for c in range(3)
        if chance.random() >= gaps
    ]
    table, _ = ratings(rows)
    fit = Fit(table)
    totals, squares = Totals(fit), mean_squares(fit)
    n = len(table.score)
    cells, people, pairs = np.eye(fit.cells)[fit.cell], np.eye(4)[table.interviewer], None
    pairs = np.eye(fit.pairs)[fit.pair]
    first = np.hstack((cells, people))
    left = np.eye(n) - first @ np.linalg.pinv(first)
    second = np.hstack((cells, pairs))
    rest = np.eye(n) - second @ np.linalg.pinv(second)
    df1, df2 = round(np.trace(left)), round(np.trace(rest))
    q2 = table.score @ rest @ table.score
    kappa = np.trace(pairs.T @ left @ pairs) / (df1 - df2)
    assert (fit.df, squares.df, squares.error_df) == (df1, df1, df2)
    assert fit.residual @ fit.residual == pytest.approx(table.score @ left @ table.score)
    assert squares.error == pytest.approx(max(q2 / df2, 1 / 12))
    assert squares.kappa == pytest.approx(kappa)
    # The forms themselves, column by column: the total that each score alone would give.
    forms = np.array([Totals(Fit(_with(table, unit))).values for unit in np.eye(n)]).T
    assert forms @ table.score == pytest.approx(totals.values)
    of = np.vstack((np.eye(5), [1, -1, 0, 0, 0], [0, 0, 1, 0, -1]))
    coefficients, form = of @ forms, totals.form(of)
    assert form.scores == pytest.approx(np.sum(coefficients**2, axis=1))
    assert form.pairs == pytest.approx(np.sum((coefficients @ pairs) ** 2, axis=1))
    assert form.cells == pytest.approx(np.sum((coefficients @ cells) ** 2, axis=1))


def _with(table, score):
    return replace(table, score=score)


def test_who_is_called_what_does_not_move_a_place():
    rows = [(0, 0, 0, 1), (0, 1, 0, 2), (1, 0, 0, 2), (1, 1, 0, 1)]
    expected = None
    for swap in (0, 1):
        columns = [np.array(column) for column in zip(*rows, strict=True)]
        candidate = columns[0] ^ swap
        places = canonical(
            candidate,
            columns[1],
            columns[2],
            np.zeros(4, int),
            columns[3].astype(float),
            np.ones(1),
        )
        content = sorted(
            zip(places[0][candidate], places[1][columns[1]], columns[3].tolist(), strict=True)
        )
        expected = expected or content
        assert content == expected


def test_candidates_a_step_apart_on_one_of_five_are_never_clear():
    table, _ = ratings(shipped("step-apart.csv"))
    totals, squares = Totals(Fit(table)), mean_squares(Fit(table))
    difference = np.array([[1.0, -1.0]])
    found = squares.variance(totals.form(difference))
    t = difference @ totals.values / np.sqrt(found.total)
    assert 0.5 < stdtr(found.df, t).item() < 0.95
