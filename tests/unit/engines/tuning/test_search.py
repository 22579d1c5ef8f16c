"""What is tried next: a grid, at random, by a model."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.engines.tuning.modelled import ModelledSearch
from seatrial.engines.tuning.ranges import CategoricalRange, NumericRange, Range
from seatrial.engines.tuning.search import GridSearch, RandomSearch, Search

RANGES: list[Range] = [
    NumericRange("rate", 0.001, 1.0, "Logarithmic"),
    NumericRange("depth", 1, 8, "Linear", integer=True),
    CategoricalRange("kind", ("a", "b", "c")),
]


def asked(search: Search, count: int) -> list[dict[str, str]]:
    """The first suggestions."""
    found = (search.ask() for _ in range(count))
    return [dict(each.values) for each in found if each is not None]


@given(st.lists(st.lists(st.text(max_size=2), min_size=1, max_size=4, unique=True), min_size=1, max_size=4))
def test_a_grid_is_every_combination_once(values: list[list[str]]) -> None:
    ranges = [CategoricalRange(f"p{index}", tuple(each)) for index, each in enumerate(values)]
    search = GridSearch(ranges)
    size = math.prod(len(each) for each in values)
    found = [tuple(each.values()) for each in asked(search, size + 3)]
    assert found == list(itertools.product(*values))
    assert search.ask() is None


def test_the_same_seed_gives_the_same_values() -> None:
    assert asked(RandomSearch(RANGES, 3), 5) == asked(RandomSearch(RANGES, 3), 5)
    assert asked(RandomSearch(RANGES, 3), 5) != asked(RandomSearch(RANGES, 4), 5)


def test_nothing_is_drawn_twice_while_there_is_something_else() -> None:
    search = RandomSearch([CategoricalRange("x", tuple("abcdef"))], 1)
    found = [each["x"] for each in asked(search, 6)]
    assert sorted(found) == list("abcdef")
    assert asked(search, 1)[0]["x"] in "abcdef"


def modelled(
    jobs: int | None = 30, seed: int = 1, resources: tuple[int, int] | None = None
) -> ModelledSearch:
    """A search for the highest value."""
    return ModelledSearch(RANGES, maximize=True, seed=seed, jobs=jobs, resources=resources)


def values_within(values: Sequence[dict[str, str]]) -> bool:
    """Whether all lie in their ranges."""
    return all(
        0.001 <= float(each["rate"]) <= 1 and 1 <= int(each["depth"]) <= 8 and each["kind"] in "abc"
        for each in values
    )


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_model_suggests_within_the_ranges_whatever_the_seed(seed: int) -> None:
    search = modelled(seed=seed)
    for _ in range(6):
        suggestion = search.ask()
        assert values_within([dict(suggestion.values)])
        search.tell(suggestion, float(suggestion.values["rate"]))


def _best_of(search: ModelledSearch, count: int) -> float:
    best = 0.0
    for _ in range(count):
        suggestion = search.ask()
        value = 1 - abs(float(suggestion.values["rate"]) - 0.03) - (suggestion.values["kind"] != "b")
        search.tell(suggestion, value)
        best = max(best, value)
    return best


def test_a_model_finds_what_it_is_told_is_good() -> None:
    assert _best_of(modelled(), 30) > 0.97


def test_a_model_with_the_same_seed_suggests_the_same() -> None:
    runs = []
    for _ in range(2):
        search, found = modelled(jobs=9), []
        for _ in range(6):
            suggestion = search.ask()
            search.tell(suggestion, float(suggestion.values["rate"]))
            found.append(dict(suggestion.values))
        runs.append(found)
    assert runs[0] == runs[1]


def test_a_job_without_an_objective_is_taken_note_of() -> None:
    search = modelled()
    suggestion = search.ask()
    search.tell(suggestion, None)
    assert search.ask().number == suggestion.number + 1


def test_bayesian_search_gives_no_job_up() -> None:
    search = modelled()
    suggestion = search.ask()
    assert not search.hopeless(suggestion, [0.0] * 10)


def test_hyperband_gives_up_the_worse_jobs_of_a_bracket() -> None:
    search = modelled(resources=(1, 9))
    given_up = []
    for number in range(12):
        suggestion = search.ask()
        given_up.append(search.hopeless(suggestion, [float(12 - number)] * 9))
        search.tell(suggestion, float(12 - number))
    assert any(given_up)
    assert not given_up[0]


@pytest.mark.parametrize("seed", [0, 7, 2**40])
def test_any_seed_of_a_request_will_do(seed: int) -> None:
    assert len(asked(modelled(seed=seed), 2)) == 2


def test_a_hyperband_search_with_the_same_seed_gives_up_the_same_jobs() -> None:
    runs = []
    for _ in range(2):
        search, found = modelled(resources=(1, 27)), []
        for _ in range(20):
            suggestion = search.ask()
            value = float(suggestion.values["rate"])
            curve = [value * epoch for epoch in range(1, 28)]
            found.append([search.hopeless(suggestion, curve[:epoch]) for epoch in range(1, 28)])
            search.tell(suggestion, value)
        runs.append(found)
    assert runs[0] == runs[1]
    assert any(any(each) for each in runs[0])


def test_a_job_that_came_as_far_as_any_may_is_left_to_save_its_model() -> None:
    search = modelled(resources=(1, 3))
    for number in range(12):
        suggestion = search.ask()
        curve = [float(12 - number)] * 4
        if not search.hopeless(suggestion, curve[:2]):
            assert not search.hopeless(suggestion, curve[:3])
            assert search.hopeless(suggestion, curve)
        search.tell(suggestion, float(12 - number))
