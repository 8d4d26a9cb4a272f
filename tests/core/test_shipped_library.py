"""The shipped library meets its bar: enough of everything, for every level and sector."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from tests.shipped import shipped

LIBRARY = shipped()
COMPETENCIES = {
    "clear-frames": {"S4", "S10", "S11", "S14", "S23", "S30"},
    "autonomy": {"S2", "S5", "S24", "S22"},
    "support": {"S6", "S13", "S15"},
    "dialogue-learning": {"S8", "S12", "S18", "S25"},
    "feedback": {"S26"},
    "follow-up": {"S9", "S16", "S27"},
    "openness": {"S1", "S7"},
    "courage-mistakes": {"S3", "S19", "S21"},
    "participation": {"S16", "S17", "S18", "S22"},
    "secure-consistent": {"S1", "S3", "S20", "S30"},
    "user-focus": {"T2"},
    "whole-system": {"T3"},
}
"""The competencies and the claims that each must stand for."""

LEVELS = ("first_line", "manager_of_managers", "executive", "project_lead")
SECTORS = ("public", "private", "nonprofit")
LANGUAGES = ("sv", "en")


def words(text):
    return len(text.split())


def test_the_competencies_are_the_twelve():
    assert set(LIBRARY.competencies) == set(COMPETENCIES)
    assert sum(len(found.questions) for found in LIBRARY.competencies.values()) >= 120


@pytest.mark.parametrize("key", COMPETENCIES)
def test_what_a_competency_consists_of(key):
    found = LIBRARY.competencies[key]
    assert 6 <= len(found.indicators) <= 8
    assert 3 <= len(found.failures.over_control) <= 4
    assert 3 <= len(found.failures.laissez_faire) <= 4
    cited = {claim for indicator in found.indicators for claim in indicator.source}
    assert COMPETENCIES[key] <= cited
    kinds = Counter(question.kind for question in found.questions)
    assert kinds["past_behaviour"] >= 5
    assert kinds["situational"] >= 3
    assert kinds["case"] >= 1
    assert kinds["reflection"] >= 1
    assert [q.id for q in found.questions if not 3 <= len(q.probes) <= 5] == []
    elicited = Counter(key for question in found.questions for key in question.elicits)
    assert [i.id for i in found.indicators if elicited[i.id] < 2] == []


@pytest.mark.parametrize("key", COMPETENCIES)
def test_texts_have_the_length_that_they_need(key):
    found = LIBRARY.competencies[key]
    for language in LANGUAGES:
        for anchor in found.anchors.values():
            assert 3 <= anchor.in_(language).count(". ") + 1 <= 5, anchor
        for exercise in found.calibration:
            assert 120 <= words(exercise.answer.in_(language)) <= 200
        for question in found.questions:
            if question.background is not None:
                assert 180 <= words(question.background.in_(language)) <= 320, question.id


@pytest.mark.parametrize("key", COMPETENCIES)
def test_two_exercises_that_differ(key):
    ratings = sorted(exercise.rating for exercise in LIBRARY.competencies[key].calibration)
    assert len(ratings) == 2
    assert ratings[1] - ratings[0] >= 2


@pytest.mark.parametrize(
    ("key", "level", "sector"),
    [
        (key, level, sector)
        for key, level, sector in itertools.product(COMPETENCIES, LEVELS, SECTORS)
        if {"any", sector} & set(LIBRARY.competencies[key].sectors)
    ],
)
def test_there_is_a_choice_for_every_level_and_sector(key, level, sector):
    kinds = Counter(
        question.kind
        for question in LIBRARY.competencies[key].questions
        if question.fits(level, sector)
    )
    assert kinds["past_behaviour"] >= 3
    assert kinds["situational"] >= 2
    assert kinds["case"] >= 1
    assert kinds["reflection"] >= 1


def test_role_profiles_cover_the_sectors_and_levels():
    roles = LIBRARY.roles.values()
    assert len(roles) >= 8
    assert {role.sector for role in roles} == set(SECTORS)
    assert {role.level for role in roles} == set(LEVELS)
    for role in roles:
        assert 2 <= len(role.rounds) <= 3, role.id
        assert set(role.reasons) == set(role.competencies), role.id


def test_the_scripts_are_there():
    assert set(LIBRARY.scripts) == {
        "opening",
        "note-taking",
        "closing",
        "candidate-information",
        "rater-instructions",
        "rating-errors",
        "consensus-meeting",
    }
