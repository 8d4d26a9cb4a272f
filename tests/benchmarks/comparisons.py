"""Prints what comparisons cost: ``.venv/bin/python tests/benchmarks/comparisons.py``.

Each line comes from a process of its own with one thread for linear algebra: the least of several
rounds in milliseconds of the clock and of the processors, the clock's as a ratio to sorting a
million random numbers in the same process, and the peak of memory above what the process held
before. The bounds to keep: 50 ms for a panel, a second for a thousand candidates, seconds and 1 GB
for the interviewers of a whole organisation.
"""

from __future__ import annotations

import itertools
import os
import random
import resource
import subprocess
import sys
import time

import numpy as np

from recruit.core import comparison, scores, trial
from recruit.core.arrays import long_scores
from recruit.core.ratings import RatingTable, Score
from recruit.core.variance import variance_components

SEED = 1
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def panel(candidates, interviewers, competencies, gaps):
    """Everybody meets everybody; ``gaps`` is the share of the scores that is not assessed."""
    chance, quality, severity = people(candidates, interviewers)
    return RatingTable(
        tuple(
            Score(
                f"Candidate {p}",
                f"Interviewer {i}",
                f"competency-{c}",
                None if chance.random() < gaps else point(quality[p] + severity[i], chance),
            )
            for p, i, c in itertools.product(
                range(candidates), range(interviewers), range(competencies)
            )
        )
    )


def organisation(candidates, interviewers, ratings):
    """No two ratings by the same pair, which is the most that the fit can have to do."""
    chance, quality, severity = people(candidates, interviewers)
    met = chance.sample(range(candidates * interviewers), ratings)
    pairs = (divmod(number, interviewers) for number in met)
    return RatingTable(
        tuple(
            Score(
                f"Candidate {p}", f"Interviewer {i}", "c", point(quality[p] + severity[i], chance)
            )
            for p, i in pairs
        )
    )


def people(candidates, interviewers):
    chance = random.Random(SEED)
    quality = [chance.gauss(3, 0.8) for _ in range(candidates)]
    severity = [chance.gauss(0, 0.4) for _ in range(interviewers)]
    return chance, quality, severity


def point(value, chance):
    return min(5, max(1, round(value + chance.gauss(0, 0.7))))


def severities(table):
    """The fit and the variances of a table with one competency, without the rest."""
    data = long_scores(table).averaged().of_competency("c")
    return variance_components(data, scores.fit(data))


CASES = {
    "30 candidates × 10 × 5": (20, lambda: panel(30, 10, 5, 0), comparison.build),
    "the same, a quarter missing": (20, lambda: panel(30, 10, 5, 0.25), comparison.build),
    "the same, other weights tried": (
        20,
        lambda: panel(30, 10, 5, 0.25),
        lambda table: trial.tried(table, dict.fromkeys(table.competencies, 1)),
    ),
    "1,000 candidates × 5 × 10": (5, lambda: panel(1000, 5, 10, 0), comparison.build),
    "as many, a quarter missing": (5, lambda: panel(1000, 5, 10, 0.25), comparison.build),
    "70,000 ratings by 3,000 of 1,100": (
        3,
        lambda: organisation(1100, 3000, 70_000),
        severities,
    ),
}


def measure(name):
    rounds, made, work = CASES[name]
    table = made()
    yardstick = least(lambda: np.sort(np.random.default_rng(SEED).random(1_000_000)), 5)[0]
    before = peak()
    clock, processors = least(lambda: work(table), rounds)
    print(
        f"{clock * 1000:10.1f} {processors * 1000:10.1f} {clock / yardstick:7.1f} "
        f"{peak() - before:6.0f}  {name}"
    )


def least(work, rounds):
    """The least seconds of the clock, and of the processors, that a round took."""
    times = []
    for _ in range(rounds):
        clock, processors = time.perf_counter(), time.process_time()
        work()
        times.append((time.perf_counter() - clock, time.process_time() - processors))
    return tuple(map(min, zip(*times, strict=True)))


def peak():
    """The most memory that this process has held so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    short = sys.argv[1:] == ["--short"]
    if len(sys.argv) > 1 and not short:
        measure(sys.argv[1])
    else:
        print(f"{'ms':>10} {'ms of CPU':>10} {'ratio':>7} {'MB':>6}")
        for case in list(CASES)[:1] if short else CASES:
            subprocess.run(
                [sys.executable, __file__, case], check=True, env=os.environ | ONE_THREAD
            )
