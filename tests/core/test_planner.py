"""The planner against trying every plan there is, and the ways out that it names."""

from __future__ import annotations

import itertools
import random

import pytest

from recruit.core import planner
from recruit.core.library import Competency, Library, load
from recruit.core.profile import Profile
from recruit.resources import interview_guides_folder

KINDS = ("past_behaviour", "situational", "reflection", "case")


def text(words):
    return {"sv": words, "en": words}


def competency(key, chance, count):
    indicators = [f"{key}-i{n}" for n in range(chance.randint(2, 4))]
    questions = []
    for number in range(count):
        kind = KINDS[number % 2] if number < 2 else chance.choice(KINDS)
        questions.append(
            {
                "id": f"{key}-q{number}",
                "kind": kind,
                "levels": ["any"],
                "sectors": ["any"],
                "minutes": chance.randint(4, 9),
                "elicits": chance.sample(indicators, chance.randint(1, len(indicators))),
                "text": text("?"),
                "background": text("!") if kind == "case" else None,
                "probes": [text("?")],
                "listen_for": {"practice": [text("+")], "talk": [text("-")]},
            }
        )
    return Competency.model_validate(
        {
            "id": key,
            "name": text(key),
            "definition": text(key),
            "principles": ["trust"],
            "sectors": ["any"],
            "indicators": [
                {"id": name, "source": ["S1"], "text": text(name)} for name in indicators
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


def small(seed):
    chance = random.Random(seed)
    keys = ("a", "b", "c")
    library = Library({key: competency(key, chance, 3) for key in keys}, {}, {})
    profile = Profile.model_validate(
        {
            "title": "Prov",
            "level": "first_line",
            "sector": "public",
            "competencies": {key: {"weight": chance.randint(1, 5)} for key in keys},
            "rounds": [
                {"name": "1", "minutes": chance.randint(35, 50), "interviewers": 2},
                {"name": "2", "minutes": chance.randint(30, 45), "interviewers": 1},
            ],
        }
    )
    return library, profile


def every_plan(library, profile):
    """Yield each choice of a round (or none) for each question that keeps every rule."""
    questions = [q for key in profile.competencies for q in library.competencies[key].questions]
    for places in itertools.product((None, 0, 1), repeat=len(questions)):
        chosen = [(q, r) for q, r in zip(questions, places, strict=True) if r is not None]
        if all(keeps_rules(library, profile, chosen, r) for r in range(2)) and all(
            is_covered(library, chosen, key) for key in profile.competencies
        ):
            yield chosen


def keeps_rules(library, profile, chosen, round_):
    own = [q for q, r in chosen if r == round_]
    time = profile.rounds[round_].minutes - planner.SCRIPT_MINUTES
    return sum(q.minutes for q in own) <= time and sum(q.kind == "case" for q in own) <= 1


def is_covered(library, chosen, key):
    ids = {q.id for q in library.competencies[key].questions}
    own = [(q, r) for q, r in chosen if q.id in ids]
    past = sum(q.kind == "past_behaviour" for q, _ in own)
    return len(own) >= 2 and 1 <= past < len(own) and any(r == 0 for _, r in own)


def worth(library, profile, chosen):
    total = sum(item.weight for item in profile.competencies.values())
    share = kinds = 0
    for key, item in profile.competencies.items():
        own = [q for q, _ in chosen if q.id.startswith(f"{key}-")]
        found = {indicator for q in own for indicator in q.elicits}
        share += item.weight * len(found) / len(library.competencies[key].indicators)
        kinds += len({q.kind for q in own})
    return round(share / total, 9), kinds, -sum(q.minutes for q, _ in chosen)


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_better(seed):
    library, profile = small(seed)
    best = max(
        (worth(library, profile, plan) for plan in every_plan(library, profile)), default=None
    )
    if best is None:
        with pytest.raises(planner.Infeasible):
            planner.plan(library, profile)
        return
    found = planner.plan(library, profile)
    assert (round(found.coverage_value, 9), found.kinds) == best[:2]
    assert sum(found.minutes) - 2 * planner.SCRIPT_MINUTES == -best[2]
    assert planner.plan(library, profile) == found


def shipped_profile(**changes):
    library = load(interview_guides_folder())
    profile = library.roles["head-of-unit-home-care"]
    return library, Profile.model_validate(profile.model_dump() | changes)


def test_the_shipped_profile_fits_and_covers():
    library, profile = shipped_profile()
    found = planner.plan(library, profile)
    assert found.coverage_value == pytest.approx(1)
    for minutes, round_ in zip(found.minutes, profile.rounds, strict=True):
        assert minutes <= round_.minutes


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_way_out_is_a_way_out(language):
    short = [{"name": "Kort", "minutes": 30, "interviewers": 2}]
    library, profile = shipped_profile(rounds=short)
    with pytest.raises(planner.Infeasible) as caught:
        planner.plan(library, profile)
    assert caught.value.rule == "time"
    assert all(caught.value.messages(language))
    longer, fewer = caught.value.ways_out
    minutes = 30 + longer.minutes
    assert planner.plan(*shipped_profile(rounds=[short[0] | {"minutes": minutes}]))
    with pytest.raises(planner.Infeasible):
        planner.plan(*shipped_profile(rounds=[short[0] | {"minutes": minutes - 1}]))
    assert set(fewer.keep) | set(fewer.drop) == set(profile.competencies)


def test_an_unknown_competency_is_named():
    library, profile = shipped_profile(
        competencies={key: {"weight": 1} for key in ("autonomy", "feedback", "ghost")}
    )
    with pytest.raises(planner.UnknownCompetency, match="ghost"):
        planner.plan(library, profile)
