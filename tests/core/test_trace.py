"""Where an error arose, without what it was about."""

from __future__ import annotations

import pytest

from recruit.core.trace import KEPT, place_of


def fall(deep):
    return int("hemligt") if deep == 0 else fall(deep - 1)


@pytest.mark.parametrize(("deep", "told"), [(0, 2), (KEPT + 3, KEPT)])
def test_the_last_places_are_told_and_none_of_the_values(deep, told):
    with pytest.raises(ValueError, match="hemligt") as raised:
        fall(deep)
    places = place_of(raised.value)
    assert len(places) == told
    assert places[-1] == f"test_trace.py:{fall.__code__.co_firstlineno + 1}:fall"
    assert "hemligt" not in "".join(places)
