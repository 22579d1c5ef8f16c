"""`ShuffleConfig`: an order for every epoch that its seed alone decides; knows no jobs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def order_of_epoch(items: Sequence[Item], seed: int | None, epoch: int) -> Sequence[Item]:
    """The items as they are; with a seed in another order for each epoch, and the same in every run.

    Which orders the service makes of a seed is not written down anywhere.
    """
    if seed is None:
        return items
    return random.Random(f"{seed} {epoch}").sample(items, len(items))  # noqa: S311  # no secret
