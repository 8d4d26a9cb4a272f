"""Prints how long planning takes: ``.venv/bin/python tests/benchmarks/planner.py``.

Median of five runs for eight competencies and three rounds, in milliseconds by the clock and, in
brackets, of the processor, which other work on the machine disturbs less. The libraries are
made of three shipped competencies under new names; a competency with more questions than it ships
has them over again with other indicators and minutes, so that they are worth choosing between.
"""

from __future__ import annotations

import contextlib
import statistics
import sys
import time
from typing import TYPE_CHECKING

from recruit.core import draft_guide, planner
from recruit.core.draft import Draft, DraftRound
from recruit.core.library import Competency, Library, Question, load
from recruit.core.profile import Profile
from recruit.resources import interview_guides_folder

if TYPE_CHECKING:
    from collections.abc import Callable

SHORT = "--short" in sys.argv
RUNS = 1 if SHORT else 5
COMPETENCIES = 12
QUESTIONS_EACH = (9,) if SHORT else (9, 10, 20, 40, 80, 167)
TOO_SHORT = ((40, 2), (40, 1), (40, 1))
ROUNDS = {"roomy": ((60, 2), (90, 3), (60, 1)), "tight": ((58, 2), (57, 2), (56, 1))}
SOURCES = ("autonomy", "clear-frames", "feedback")


def synthetic(questions_each: int) -> Library:
    shipped = load(interview_guides_folder())
    competencies = {}
    for number in range(COMPETENCIES):
        source = shipped.competencies[SOURCES[number % len(SOURCES)]]
        key = f"{source.id}-{number:02d}"
        questions = [_question(source, key, number, place) for place in range(questions_each)]
        competencies[key] = source.model_copy(update={"id": key, "questions": questions})
    return Library(competencies, shipped.scripts, {})


def _question(source: Competency, key: str, number: int, place: int) -> Question:
    ids = [indicator.id for indicator in source.indicators]
    turn, place_there = divmod(place, len(source.questions))
    turn += number // len(SOURCES)
    question = source.questions[place_there]
    elicits = [
        ids[(ids.index(indicator) + turn * (n + 1)) % len(ids)]
        for n, indicator in enumerate(question.elicits)
    ]
    minutes = question.minutes + (turn * 7 + place * 3) % 5 - 2 if turn else question.minutes
    return question.model_copy(
        update={
            "id": f"{key}-{place}",
            "elicits": list(dict.fromkeys(elicits)),
            "minutes": max(4, minutes),
        }
    )


def profile(library: Library, rounds: tuple[tuple[int, int], ...]) -> Profile:
    keys = list(library.competencies)[:8]
    return Profile.model_validate(
        {
            "title": "Benchmark",
            "level": "first_line",
            "sector": "public",
            "competencies": {key: {"weight": 1 + n * 2 % 5} for n, key in enumerate(keys)},
            "rounds": [
                {"name": f"{n}", "minutes": minutes, "interviewers": interviewers}
                for n, (minutes, interviewers) in enumerate(rounds, start=1)
            ],
        }
    )


def median(work: Callable[..., object], *arguments: object) -> tuple[float, float]:
    """Return the median milliseconds by the clock and by the processor."""
    clock, processor = [], []
    for _ in range(RUNS):
        started, spent = time.perf_counter(), time.process_time()
        work(*arguments)
        clock.append(1000 * (time.perf_counter() - started))
        processor.append(1000 * (time.process_time() - spent))
    return statistics.median(clock), statistics.median(processor)


def refuse(library: Library, wanted: Profile) -> None:
    with contextlib.suppress(planner.Infeasible):
        planner.plan(library, wanted)
        raise AssertionError(wanted)


def main() -> None:
    print(
        "questions  rounds          plan        assess  replacements       refusal  growth of plan"
    )
    first: dict[str, float] = {}
    for each in QUESTIONS_EACH:
        library = synthetic(each)
        short = profile(library, TOO_SHORT)
        for name, rounds in ROUNDS.items():
            wanted = profile(library, rounds)
            found = planner.plan(library, wanted)
            planning = median(planner.plan, library, wanted)
            asked = tuple(DraftRound(questions=keys) for keys in found.rounds)
            draft = Draft(profile=wanted, rounds=asked)
            cells = [
                planning,
                median(planner.assess, library, wanted, found.rounds),
                median(draft_guide.replacements, draft, library, found.rounds[0][0]),
                median(refuse, library, short),
            ]
            growth = planning[1] / first.setdefault(name, planning[1])
            shown = "  ".join(f"{clock:5.0f} ({processor:4.0f})" for clock, processor in cells)
            print(f"{each * COMPETENCIES:9}  {name:6}  {shown}  × {growth:.1f}")


if __name__ == "__main__":
    main()
