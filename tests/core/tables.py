"""Rating tables for the tests of the statistics, and what they are computed from anew."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import numpy as np

from recruit.core import arrays
from recruit.core.ratings import RatingTable, Scale, Score
from recruit.core.ratings_file import read_csv

DATA = Path(__file__).parent / "data"


def table(rows, scale=None):
    return RatingTable(rows=tuple(Score(*row) for row in rows), scale=scale or Scale(1, 5))


def random_table(seed, candidates=5, interviewers=4, competencies=3, gaps=0.0, scale=None):
    chance = random.Random(seed)
    scale = scale or Scale(1, 5)
    return table(
        (
            (
                f"K{p}",
                f"I{i}",
                f"c{c}",
                chance.randint(scale.minimum, scale.maximum) if chance.random() >= gaps else None,
            )
            for p, i, c in itertools.product(
                range(candidates), range(interviewers), range(competencies)
            )
        ),
        scale,
    )


def published(name, scale):
    return read_csv((DATA / name).read_bytes(), name=name, scale=scale)


def crossed(values):
    """A matrix, candidates by interviewers, NaN where there is no number."""
    return arrays.crossed(
        {
            (f"p{p:03}", f"i{i:03}"): float(value)
            for (p, i), value in np.ndenumerate(np.asarray(values, dtype=float))
            if not np.isnan(value)
        }
    )


def random_crossed(seed, candidates, interviewers, gaps=0.0, sd=(0.8, 0.4, 0.6)):
    """Numbers that have the given standard deviations between candidates, interviewers, within."""
    chance = np.random.default_rng(seed)
    size = (candidates, interviewers)
    values = 3 + chance.normal(0, sd[0], (candidates, 1)) + chance.normal(0, sd[1], interviewers)
    values = values + chance.normal(0, sd[2], size)
    return crossed(np.where(chance.random(size) < gaps, np.nan, values))


def connected_groups(data):
    """The candidates of each connected component, found by walking."""
    pairs = list(zip(data.row.tolist(), data.column.tolist(), strict=True))
    left, found = set(range(len(data.candidates))), []
    while left:
        group, before = {min(left)}, set()
        while group != before:
            before = group
            met = {i for p, i in pairs if p in group}
            group = {p for p, i in pairs if i in met}
        found.append(group)
        left -= group
    return found
