"""When a tuning job ends before its limits, and what its end is called; knows neither threads nor clocks."""

from __future__ import annotations

from collections.abc import Sequence

from seatrial.engines.ending import COMPLETED, Ending, failed
from seatrial.engines.tuning.request import Completion
from seatrial.engines.tuning.trials import Ended

ATTEMPTS = 5
"""After so many training jobs without any success the service starts no other."""


class Verdict:
    """Looks at the training jobs in the order in which they ended."""

    def __init__(self, completion: Completion) -> None:
        self._completion = completion
        self._best: Ended | None = None
        self._ended = 0
        self.not_improving = 0

    def learn(self, ended: Ended) -> bool:
        """Take one more into account; whether it is the best so far."""
        self._ended += 1
        improved = ended.value is not None and (self._best is None or ended.badness < self._best.badness)
        if improved:
            self._best = ended
        self.not_improving = 0 if improved else self.not_improving + 1
        return improved

    @property
    def in_vain(self) -> bool:
        """Whether there have been enough attempts; one that still runs may yet bring the first value."""
        return self._best is None and self._ended >= ATTEMPTS

    def enough(self) -> str | None:
        """Why no training job is needed any more, None while they are."""
        if self._best is None:
            return None
        target = self._completion.target
        badness = self._best.trial.candidate.objective.badness
        if target is not None and self._best.badness <= badness(target):
            return f"the objective has reached {target:g}"
        stale = self._completion.not_improving
        if stale is not None and self.not_improving >= stale:
            return f"{self.not_improving} training jobs in a row did not improve the objective"
        return None


def ending_of(trials: Sequence[Ended]) -> Ending:
    """One training job with an objective is success; else why there is none, in the service's words."""
    if any(each.value is not None for each in trials):
        return COMPLETED
    if not trials:
        return failed("No training job was started before the tuning job's time was over.")
    failures = [each for each in trials if each.status == "Failed"]
    if len(failures) < len(trials):
        return failed(
            f"No objective metrics found after running {len(trials)} training jobs. Please ensure that the "
            "custom algorithm is emitting the objective metric as defined by the regular expression provided."
        )
    said = (
        f"No training job succeeded after {len(trials)} attempts. Please take a look at the training job "
        f"failures to get more details."
        if len(trials) >= ATTEMPTS
        else "All training jobs failed. Please take a look at the training jobs failures to get more details."
    )
    return failed(f"{said} ({failures[0].trial.label}: {failures[0].reason})")
