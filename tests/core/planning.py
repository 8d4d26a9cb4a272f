"""Small libraries at random, and every plan that there is for them.

What a plan must keep and what makes it good is written here once more, from the text of the rules,
without the planner: places are tried one by one, values are fractions.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from functools import reduce
from typing import NamedTuple

from hypothesis import strategies as st

from recruit.core.library import Competency, Library
from recruit.core.planner import Exclusion, Lock, Pin
from recruit.core.profile import Profile

KINDS = ("past_behaviour", "situational", "reflection", "case")
NOWHERE = -1


def text(words):
    return {"sv": words, "en": words}


def question(key, kind, minutes, elicits, levels=("any",)):
    return {
        "id": key,
        "kind": kind,
        "levels": list(levels),
        "sectors": ["any"],
        "minutes": minutes,
        "elicits": list(elicits),
        "text": text(f"Fråga {key}?"),
        "background": text("!") if kind == "case" else None,
        "probes": [text("?")],
        "listen_for": {"practice": [text("+")], "talk": [text("-")]},
    }


def competency(key, indicators, questions):
    return Competency.model_validate(
        {
            "id": key,
            "name": text(key.upper()),
            "definition": text(key),
            "principles": ["trust"],
            "sectors": ["any"],
            "indicators": [
                {"id": f"{key}-i{n}", "source": ["S1"], "text": text(f"{key}{n}")}
                for n in range(indicators)
            ],
            "failures": {
                "over_control": [{"id": "o", "text": text("o")}],
                "laissez_faire": [{"id": "l", "text": text("l")}],
            },
            "questions": questions,
            "anchors": {point: text("a") for point in range(1, 6)},
            "calibration": [],
        }
    )


def library_of(*competencies):
    return Library({item.id: item for item in competencies}, {}, {})


def profile_of(weights, rounds, **more):
    """Return a profile; ``rounds`` are pairs of minutes and interviewers."""
    return Profile.model_validate(
        {
            "title": "Prov",
            "level": "first_line",
            "sector": "public",
            "competencies": {key: {"weight": weight} for key, weight in weights.items()},
            "rounds": [
                {"name": f"R{n}", "minutes": minutes, "interviewers": interviewers}
                for n, (minutes, interviewers) in enumerate(rounds)
            ],
        }
        | more
    )


@st.composite
def competencies(draw, key, most):
    indicators = draw(st.sampled_from([2, 3, 5, 7, 11]))
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=2, max_size=most))
    if draw(st.integers(0, 9)) < 9:
        kinds[:2] = ["past_behaviour", draw(st.sampled_from(KINDS[1:]))]
    return competency(
        key,
        indicators,
        [
            question(
                f"{key}-q{n}",
                kind,
                draw(st.integers(2, 9)),
                draw(
                    st.lists(
                        st.sampled_from([f"{key}-i{i}" for i in range(indicators)]),
                        min_size=1,
                        max_size=3,
                        unique=True,
                    )
                ),
                draw(st.sampled_from([("any",)] * 9 + [("executive",)])),
            )
            for n, kind in enumerate(kinds)
        ],
    )


@st.composite
def problems(draw):
    """Return a library of three competencies and a profile that asks for them in some order."""
    count = draw(st.integers(1, 3))
    # So many questions that trying every plan stays quick.
    most = {1: (5, 4, 4), 2: (3, 4, 3), 3: (2, 2, 3)}[count]
    sizes = zip("abc", most, strict=True)
    library = library_of(*(draw(competencies(key, size)) for key, size in sizes))
    keys = draw(st.permutations("abc"))
    room = {1: (30, 60), 2: (25, 45), 3: (20, 35)}[count]
    rounds = draw(
        st.lists(st.tuples(st.integers(*room), st.integers(1, 2)), min_size=count, max_size=count)
    )
    return library, profile_of(
        {key: draw(st.integers(1, 5)) for key in keys},
        rounds,
        min_questions=draw(st.sampled_from([1, 2, 2, 2])),
    )


@st.composite
def edits(draw, library, rounds):
    """Return up to four edits of any kind."""
    ids = [q.id for item in library.competencies.values() for q in item.questions]
    number = st.integers(0, rounds - 1)
    one = st.one_of(
        st.builds(Pin, st.sampled_from(ids), st.one_of(st.none(), number)),
        st.builds(Exclusion, st.sampled_from(ids)),
        st.builds(
            Lock,
            number,
            st.lists(st.sampled_from(ids), max_size=3, unique=True).map(tuple),
        ),
    )
    return tuple(draw(st.lists(one, max_size=4, unique=True)))


class Part(NamedTuple):
    """A choice about some competencies: where each question is asked, and what it is worth."""

    places: tuple[int, ...]
    minutes: tuple[int, ...]
    cases: tuple[int, ...]
    share: Fraction
    kinds: int


EMPTY = Part((), (), (), Fraction(0), 0)


def joined(first, second):
    if first is EMPTY:
        return second
    return Part(
        first.places + second.places,
        tuple(map(sum, zip(first.minutes, second.minutes, strict=True))),
        tuple(map(sum, zip(first.cases, second.cases, strict=True))),
        first.share + second.share,
        first.kinds + second.kinds,
    )


def worth(part):
    """Return what makes a plan good, in the order of the objectives; the greatest is the best."""
    asked = tuple(place != NOWHERE for place in part.places)
    earliest = tuple(-place for place in part.places if place != NOWHERE)
    return part.share, part.kinds, -sum(part.minutes), asked, earliest


def parts(library, profile, key, *, together=True):
    """Yield each choice about one competency that keeps rules 2, 4 and 5, and level and sector."""
    found = library.competencies[key]
    count = len(profile.rounds)
    panels = {n for n, round_ in enumerate(profile.rounds) if round_.interviewers > 1}
    choices = [
        range(NOWHERE, count)
        if {"any", profile.level} & set(item.levels) and {"any", profile.sector} & set(item.sectors)
        else [NOWHERE]
        for item in found.questions
    ]
    for places in itertools.product(*choices):
        asked = [(q, p) for q, p in zip(found.questions, places, strict=True) if p != NOWHERE]
        past = [q for q, _ in asked if q.kind == "past_behaviour"]
        if len(asked) < profile.min_questions:
            continue
        if profile.min_questions == 2 and not 0 < len(past) < len(asked):
            continue
        if together and panels and not any(p in panels for _, p in asked):
            continue
        shown = {indicator for q, _ in asked for indicator in q.elicits}
        weight = profile.competencies[key].weight
        yield Part(
            places,
            tuple(sum(q.minutes for q, p in asked if p == n) for n in range(count)),
            tuple(sum(q.kind == "case" for q, p in asked if p == n) for n in range(count)),
            Fraction(weight * len(shown), len(found.indicators)),
            len({q.kind for q, _ in asked}),
        )


def fits(profile, part):
    """Tell whether a choice keeps the time of every round, and to one case in each."""
    return not any(over(profile, part.minutes)) and max(part.cases) <= 1


def every_plan(library, profile, edits=()):
    """Return each choice that keeps every rule and every edit."""
    keys = [key for key in library.competencies if key in profile.competencies]
    ids = [[q.id for q in library.competencies[key].questions] for key in keys]

    def extended(found, step):
        key, own = step
        kept = [
            part
            for part in parts(library, profile, key)
            if keeps(dict(zip(own, part.places, strict=True)), edits)
        ]
        return [
            whole for first in found for part in kept if fits(profile, whole := joined(first, part))
        ]

    if any(
        not isinstance(edit, Exclusion) and not set(names(edit)) <= set(itertools.chain(*ids))
        for edit in edits
    ):
        return []
    return reduce(extended, zip(keys, ids, strict=True), [EMPTY])


def keeps(places, edits):
    """Tell whether the places of some questions are as the edits say."""
    for edit in edits:
        match edit:
            case Exclusion(key):
                kept = places.get(key, NOWHERE) == NOWHERE
            case Pin(key, None):
                kept = places.get(key) != NOWHERE
            case Pin(key, number):
                kept = places.get(key, number) == number
            case Lock(number, keys):
                kept = all((place == number) == (key in keys) for key, place in places.items())
        if not kept:
            return False
    return True


def as_rounds(library, profile, part):
    """Return a choice as question ids per round."""
    ids = [
        q.id
        for key in library.competencies
        if key in profile.competencies
        for q in library.competencies[key].questions
    ]
    return tuple(
        tuple(key for key, place in zip(ids, part.places, strict=True) if place == number)
        for number in range(len(profile.rounds))
    )


def every_use(library, profile, edits=(), *, keys=None, cases=True, together=True):
    """Return the minutes and cases per round of each choice that keeps the rules but time.

    Competencies that are not among ``keys`` are not asked about.
    """
    known = [
        q.id
        for key in library.competencies
        if key in profile.competencies
        for q in library.competencies[key].questions
    ]
    if any(
        not isinstance(edit, Exclusion) and not set(names(edit)) <= set(known) for edit in edits
    ):
        return set()
    nothing = (0,) * len(profile.rounds)
    uses = {(nothing, nothing)}
    for key in profile.competencies:
        ids = [q.id for q in library.competencies[key].questions]
        if keys is None or key in keys:
            found = parts(library, profile, key, together=together)
        else:
            found = [Part((NOWHERE,) * len(ids), nothing, nothing, Fraction(0), 0)]
        own = {
            (part.minutes, part.cases)
            for part in found
            if keeps(dict(zip(ids, part.places, strict=True)), edits)
        }
        uses = {
            (added(minutes, more), added(held, some))
            for minutes, held in uses
            for more, some in own
            if not cases or max(added(held, some)) <= 1
        }
    return uses


def names(edit):
    return edit.question_ids if isinstance(edit, Lock) else (edit.question_id,)


def added(first, second):
    return tuple(map(sum, zip(first, second, strict=True)))


def over(profile, minutes):
    """Return by how many minutes the questions exceed each round."""
    return [
        max(0, taken + 15 - round_.minutes)
        for taken, round_ in zip(minutes, profile.rounds, strict=True)
    ]


def possible(library, profile, edits=(), *, time=True, **rules):
    """Tell whether some choice keeps every rule (but those let go) and every edit."""
    uses = every_use(library, profile, edits, **rules)
    return any(not time or not any(over(profile, minutes)) for minutes, _ in uses)
