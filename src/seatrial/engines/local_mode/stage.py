"""The folder in which local mode works; it is gone at the end, whatever the containers wrote there."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seatrial.errors import EnvironmentUnfitError, SeatrialError
from seatrial.ports.runners import Runner
from seatrial.runners.trees import remove_tree

_log = logging.getLogger(__name__)
# The separator and the variables of a compose file, in which the SDK escapes nothing.
_NOT_FOR_COMPOSE = (":", "$")


@contextmanager
def staging(attempt: Path, runner: Runner) -> Iterator[Path]:
    """An empty folder below the attempt's, where the sweep of left-overs looks as well."""
    folder = (attempt / "stage").absolute()
    if any(sign in str(folder) for sign in _NOT_FOR_COMPOSE):
        raise EnvironmentUnfitError(
            f"local mode cannot work in {folder}: Docker Compose reads ':' and '$' as its own signs",
            slug="path-not-for-compose",
            where=str(folder),
            hint="name another place: SEATRIAL_STATE_DIR=/some/folder",
        )
    _clear(folder, runner)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        _clear(folder, runner)


def _clear(folder: Path, runner: Runner) -> None:
    if not folder.exists():
        return
    try:
        runner.own(folder)
    except (SeatrialError, OSError) as trouble:
        _log.warning("%s may not be ours to remove: %s", folder, trouble)
    remove_tree(folder)
    if folder.exists():
        _log.warning("%s could not be removed", folder)
