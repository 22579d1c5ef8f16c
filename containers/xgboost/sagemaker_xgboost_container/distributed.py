"""Trains on several hosts at once; called by the algorithm, and by public scripts under these names.

XGBoost's own collective does the work. The first host by name keeps the tracker, where all others meet: once
to tell who has data, and then those that have any to train.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sagemaker_algorithm_toolkit.exceptions import PlatformError
from xgboost import collective
from xgboost.tracker import RabitTracker

PORT = 9099
# A name may resolve only after a while.
PATIENCE_SECONDS = 15 * 60.0
PAUSE_SECONDS = 0.2
ATTEMPTS = 30


def wait_hostname_resolution(hosts: Sequence[str]) -> None:
    """Return when every host has an address."""
    for host in hosts:
        _address_of(host)


def rabit_run(
    exec_fun: Callable[..., Any],
    args: dict[str, Any],
    include_in_training: bool,
    hosts: Sequence[str],
    current_host: str,
    first_port: int | None = None,
    second_port: int | None = None,
    max_connect_attempts: int | None = None,
    connect_retry_timeout: int = 10,
    update_rabit_args: bool = False,
) -> None:
    """Call `exec_fun(**args)` on every host that has data, together; the others return at once.

    With `update_rabit_args` it is told whether it `is_master`: the one that writes the model.
    """
    first = first_port or PORT
    with _together(hosts, current_host, first):
        with_data = [host for host, has_data in _told_by_all((current_host, include_in_training)) if has_data]
    if not with_data:
        raise PlatformError("No hosts received training data.")
    if current_host not in with_data:
        logging.warning("Host %s not being used for distributed training.", current_host)
        return
    with _together(with_data, current_host, second_port or first + 1) as is_master:
        exec_fun(**args, **({"is_master": is_master} if update_rabit_args else {}))


@contextmanager
def _together(hosts: Sequence[str], current_host: str, port: int) -> Iterator[bool]:
    """Be one of these hosts; whether this is the one with the lowest rank."""
    if len(hosts) == 1:
        yield True
        return
    first = sorted(hosts)[0]
    address = _address_of(first)
    tracker = RabitTracker(address, len(hosts), port=port) if current_host == first else None
    if tracker is not None:
        tracker.start(len(hosts))
    collective.init(
        DMLC_TRACKER_URI=address,
        DMLC_TRACKER_PORT=port,
        DMLC_TASK_ID=current_host,
        # The tracker's host may be slower to come; XGBoost waits longer after each attempt.
        DMLC_WORKER_CONNECT_RETRY=ATTEMPTS,
    )
    try:
        yield collective.get_rank() == 0
    finally:
        collective.finalize()
    if tracker is not None:
        tracker.join()


def _told_by_all(mine: tuple[str, bool]) -> list[tuple[str, bool]]:
    """What each host has to tell."""
    world, rank = collective.get_world_size(), collective.get_rank()
    return [collective.broadcast(mine if teller == rank else None, teller) for teller in range(world)]


def _address_of(host: str) -> str:
    """Wait for the name to resolve."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return socket.gethostbyname(host)
        except OSError as unknown:
            if time.monotonic() > until:
                raise PlatformError(f"The host {host} was not found.", unknown) from unknown
            time.sleep(PAUSE_SECONDS)
