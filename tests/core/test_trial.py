"""Weights that are tried give what the whole comparison gives under them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recruit.core.comparison import build
from recruit.core.ratings import RatingTable, Score
from recruit.core.trial import tried

KEYS = ("a", "b", "c")


def table(values):
    return RatingTable(
        tuple(
            Score(f"P{p}", f"I{i}", key, values[(p * 9 + i * 3 + k) % len(values)])
            for p in range(4)
            for i in range(3)
            for k, key in enumerate(KEYS)
        )
    )


@settings(max_examples=100)
@given(
    values=st.lists(st.one_of(st.none(), st.integers(1, 5)), min_size=5, max_size=36).filter(any),
    weights=st.lists(st.integers(0, 9), min_size=3, max_size=3).filter(any),
)
def test_same_as_the_comparison(values, weights):
    rows, given_ = table(values), dict(zip(KEYS, weights, strict=True))
    whole, quick = build(rows, given_), tried(rows, given_)
    assert quick.weights == whole.weights
    ranked = {found.id: found.rank for found in whole.candidates if found.rank is not None}
    assert quick.ranks == ranked
    assert list(quick.order) == list(ranked)
    for found in whole.candidates:
        if found.overall.adjusted is None:
            assert found.id not in quick.adjusted
            continue
        assert quick.adjusted[found.id] == pytest.approx(found.overall.adjusted)
        assert quick.intervals[found.id] == found.overall.ci95
    first = whole.pairs[0] if whole.pairs else None
    assert quick.first_pair == first


def test_only_zero_weights_are_refused():
    with pytest.raises(ValueError, match="only zero weights"):
        tried(table([3, 4, 5, 2, 1]), dict.fromkeys(KEYS, 0))
