"""The recruiter at work, and a world in which interviewers have submitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Person, World


def submit(world: World, name: str, number: int, **form: Any) -> None:
    answer = world[name].post(world.scorecard(number), world.ratings(number, **form))
    assert answer.status_code == 302, answer.text


@pytest.fixture
def recruiter(world: World) -> Person:
    return world["recruiter"].sign_in()


@pytest.fixture
def rated(world: World) -> World:
    """Both candidates are rated; the hiring manager has not submitted about the first."""
    for name in ("interviewer", "colleague"):
        world[name].sign_in()
        submit(world, name, 0, score=4, evidence=f"Amina lät {name} se rundorna.")
        submit(world, name, 1, score=4, evidence=f"Aminas grupp, enligt {name}.")
        submit(world, name, 2, score=2, evidence=f"Björn Fiktiv tog tillbaka, enligt {name}.")
    for name in ("recruiter", "hiring_manager"):
        world[name].sign_in()
    return world
