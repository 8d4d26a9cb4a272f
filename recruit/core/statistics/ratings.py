"""Ratings by number, in an order that depends on what they say and not on who is called what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from recruit.core.arrays import Codes, Floats

STEPS = (10.0, 5.0, 1.0, 0.5, 0.1)
"""Smallest steps that a scale can have, the greatest first."""
WIDE = 50
"""Points from lowest to highest from which a scale may have steps of 5 and 10."""
TIES_BROKEN = 50
"""So many ties between people who are not alike in every score are broken one by one."""


@dataclass(frozen=True)
class Ratings:
    """One score a row; people, competencies and rounds are numbers from 0.

    ``low`` and ``high`` are the ends of the scale and ``step`` its smallest step; ``weights`` (by
    competency) sum to 1. ``rows`` counts the interviews that a score is the mean of.
    """

    candidate: Codes
    interviewer: Codes
    competency: Codes
    round: Codes
    score: Floats
    rows: Floats
    weights: Floats
    low: float
    high: float
    step: float

    @property
    def candidates(self) -> int:
        """Return how many candidates have a score."""
        return int(self.candidate.max()) + 1 if len(self.candidate) else 0

    @property
    def interviewers(self) -> int:
        """Return how many interviewers gave a score."""
        return int(self.interviewer.max()) + 1 if len(self.interviewer) else 0

    def averaged(self) -> Ratings:
        """Return one score for each candidate, competency and interviewer: the mean."""
        key = (self.candidate * len(self.weights) + self.competency) * self.interviewers
        _, first, place = np.unique(key + self.interviewer, return_index=True, return_inverse=True)
        rows = np.bincount(place, weights=self.rows).astype(float)
        return Ratings(
            self.candidate[first],
            self.interviewer[first],
            self.competency[first],
            self.round[first],
            np.bincount(place, weights=self.score) / rows,
            rows,
            self.weights,
            self.low,
            self.high,
            self.step,
        )

    @cached_property
    def spread(self) -> float:
        """Return a quarter of the scale: one point of a scale of five."""
        return (self.high - self.low) / 4


def step_of(scores: Floats, low: float, high: float) -> float:
    """Return the greatest step that leads from the lowest point to every score."""
    above = np.asarray(scores) - low
    for step in STEPS:
        if step >= 5 and high - low < WIDE:
            continue
        if np.all(np.abs(above / step - np.round(above / step)) < 1e-9):
            return step
    return STEPS[-1]


def canonical(
    candidate: Codes,
    interviewer: Codes,
    competency: Codes,
    round_: Codes,
    score: Floats,
    weights: Floats,
) -> tuple[Codes, Codes, Codes, Codes]:
    """Return the places of candidates, interviewers, competencies and rounds by content.

    ``places[number]`` is where somebody stands among all; whoever has no row comes last. Colours
    are refined until nothing more is told apart: what a candidate got, from whom, on what. Of those
    who are still alike and do not stand in the same rows, one is set apart and the refinement goes
    on, so that any order of two tables that differ in names ends in the same arrays.
    """
    codes = [candidate, interviewer, competency, round_]
    sizes = [
        max(int(part.max()) + 1 if len(part) else 0, least)
        for part, least in zip(codes, (0, 0, len(weights), 0), strict=True)
    ]
    base = _mixed(score.astype(np.float64).view(np.uint64))
    colours = [np.full(size, number, dtype=np.uint64) for number, size in enumerate(sizes)]
    colours[2] = _mixed(weights.astype(np.float64).view(np.uint64))
    colours = _refined(codes, colours, base)
    for mark in range(TIES_BROKEN):
        tied = _tied(codes, colours, base)
        if tied is None:
            break
        side, number = tied
        colours[side][number] ^= np.uint64(0x9E3779B97F4A7C15) + np.uint64(mark)
        colours = _refined(codes, colours, base)
    return tuple(  # type: ignore[return-value]
        np.argsort(np.argsort(colour, kind="stable"), kind="stable").astype(np.intp)
        for colour in colours
    )


def _mixed(values: np.ndarray) -> np.ndarray:
    """Return well-spread numbers of 64 bits (the finaliser of splitmix64)."""
    with np.errstate(over="ignore"):
        mixed = values + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(mixed ^ (mixed >> np.uint64(31)))


def _refined(codes: list[Codes], colours: list[np.ndarray], base: np.ndarray) -> list[np.ndarray]:
    classes = -1
    with np.errstate(over="ignore"):
        while True:
            now = sum(len(np.unique(colour)) for colour in colours)
            if now == classes:
                return colours
            classes = now
            row = base.copy()
            for side, (part, colour) in enumerate(zip(codes, colours, strict=True)):
                row += _mixed(colour[part] + np.uint64(side + 1))
            row = _mixed(row)
            following = []
            for part, colour in zip(codes, colours, strict=True):
                received = np.zeros(len(colour), dtype=np.uint64)
                np.add.at(received, part, row)
                following.append(_mixed(_mixed(colour) + received))
            colours = following


def _tied(
    codes: list[Codes], colours: list[np.ndarray], base: np.ndarray
) -> tuple[int, int] | None:
    """Return one of some who share a colour and not all their rows, or None."""
    with np.errstate(over="ignore"):
        for side in (0, 1):
            colour, part = colours[side], codes[side]
            values, place, count = np.unique(colour, return_inverse=True, return_counts=True)
            if len(values) == len(colour):
                continue
            row = base.copy()
            for other in range(4):
                if other != side:
                    row += _mixed(codes[other].astype(np.uint64) + np.uint64(77 * (other + 1)))
            rows = np.zeros(len(colour), dtype=np.uint64)
            np.add.at(rows, part, _mixed(row))
            for number in np.flatnonzero(count > 1):
                alike = np.flatnonzero(place == number)
                if len(np.unique(rows[alike])) > 1:
                    return side, int(alike[0])
    return None


def incidence(rows: Codes, columns: Codes, shape: tuple[int, int]) -> sparse.csr_array:
    """Return 1 where a row and a column meet."""
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
