"""Which running training jobs are not worth their time: the objective so far, and the median rule."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean, median

from seatrial.engines.metrics import values_of
from seatrial.engines.tuning.request import Objective


class Curve:
    """The objective's values in the log of a job, one an epoch; read on as the log grows."""

    def __init__(self, log: Path, objective: Objective) -> None:
        self._log = log
        self._metric = objective.metric
        self._read = 0
        self._values: list[float] = []

    def values(self, *, ended: bool = False) -> Sequence[float]:
        """All so far; a line that is not whole yet is left for the next time, unless the job has ended."""
        if self._log.exists():
            with self._log.open("rb") as source:
                source.seek(self._read)
                added = source.read()
            whole = added if ended else added[: added.rfind(b"\n") + 1]
            self._read += len(whole)
            lines = whole.decode("utf-8", errors="replace").split("\n")
            self._values += values_of(lines, self._metric)
        return self._values


class MedianRule:
    """The rule that the service publishes.

    A job is stopped once its objective after an epoch is worse than the median of what the jobs before it
    had come to by that epoch, each taken as the average of its epochs so far.
    """

    def __init__(self, objective: Objective) -> None:
        self._badness = objective.badness
        self._averages: list[list[float]] = []

    def learn(self, values: Sequence[float]) -> None:
        """The values of a job that has ended."""
        found = [self._badness(value) for value in values]
        self._averages.append([fmean(found[:epoch]) for epoch in range(1, len(found) + 1)])

    def hopeless(self, values: Sequence[float]) -> bool:
        """Whether a job with these values is to be stopped."""
        return any(self._worse(self._badness(value), epoch) for epoch, value in enumerate(values, start=1))

    def _worse(self, badness: float, epoch: int) -> bool:
        reached = [averages[epoch - 1] for averages in self._averages if len(averages) >= epoch]
        return bool(reached) and badness > median(reached)
