"""Which places meet is found without comparing every pair; the pairs are the same."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from seatrial.dataflow.checks.collisions import _meeting
from seatrial.dataflow.places import relation

PARTS = st.lists(st.sampled_from(["a", "a/b", "a//b", "a/b/", "ab", "/", "{x}/a", "{x}"]), max_size=3)
PLACES = st.builds(lambda parts: "s3://bucket/" + "/".join(parts), PARTS)


@given(st.lists(PLACES, max_size=8))
def test_places_meet_where_one_is_or_lies_under_the_other(places: list[str]) -> None:
    placed: list[Any] = [(index, place) for index, place in enumerate(places)]
    every_pair = [pair for pair in combinations(placed, 2) if relation(pair[0][1], pair[1][1])]
    assert list(_meeting(placed)) == every_pair
