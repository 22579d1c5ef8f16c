"""A shuffle loses nothing, and its seed alone decides it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seatrial.engines.native.shuffling import order_of_epoch

items = st.lists(st.integers())
epochs = st.integers(min_value=0, max_value=100)


@given(items, st.integers(min_value=0), epochs)
def test_every_epoch_has_all_items(found: list[int], seed: int, epoch: int) -> None:
    assert sorted(order_of_epoch(found, seed, epoch)) == sorted(found)


@given(items, st.integers(min_value=0), epochs)
def test_the_same_seed_gives_the_same_order(found: list[int], seed: int, epoch: int) -> None:
    assert order_of_epoch(found, seed, epoch) == order_of_epoch(list(found), seed, epoch)


@given(items, epochs)
def test_nothing_is_moved_without_a_seed(found: list[int], epoch: int) -> None:
    assert order_of_epoch(found, None, epoch) == found


def test_epochs_and_seeds_differ() -> None:
    orders = {tuple(order_of_epoch(range(20), seed, epoch)) for seed in (1, 2) for epoch in range(3)}
    assert len(orders) == 6
