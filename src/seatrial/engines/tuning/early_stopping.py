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

    def values(self) -> Sequence[float]:
        """All so far; a line that is not whole yet is left for the next time."""
        if self._log.exists():
            with self._log.open("rb") as source:
                source.seek(self._read)
                whole, newline, _ = source.read().rpartition(b"\n")
            self._read += len(whole) + len(newline)
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
        self._earlier: list[list[float]] = []

    def learn(self, values: Sequence[float]) -> None:
        """The values of a job that has ended."""
        if values:
            self._earlier.append([self._badness(value) for value in values])

    def hopeless(self, values: Sequence[float]) -> bool:
        """Whether a job with these values is to be stopped."""
        return any(self._worse(self._badness(value), epoch) for epoch, value in enumerate(values, start=1))

    def _worse(self, badness: float, epoch: int) -> bool:
        averages = [fmean(curve[:epoch]) for curve in self._earlier if len(curve) >= epoch]
        return bool(averages) and badness > median(averages)
