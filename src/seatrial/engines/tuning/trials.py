"""One training job of a tuning job and what became of it, and the order in which the service lists them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from seatrial.engines.tuning.request import Candidate
from seatrial.engines.tuning.search import Suggestion
from seatrial.ports.jobs import JobRequest, JobResult

_DIGITS = 8


@dataclass(frozen=True)
class Trial:
    """A training job that was started; `number` counts from 1."""

    number: int
    candidate: Candidate
    suggestion: Suggestion
    request: JobRequest
    created: datetime

    @property
    def name(self) -> str:
        """The training job."""
        return self.request.name

    @property
    def label(self) -> str:
        """The part of its name that people tell it by."""
        return f"{self.number:03d}"


@dataclass(frozen=True)
class Ended:
    """A training job that has ended. `value` is its objective, None where there is none to count."""

    trial: Trial
    result: JobResult
    value: float | None

    @property
    def status(self) -> str:
        """Completed, Failed or Stopped."""
        return str(self.result.describe["TrainingJobStatus"])

    @property
    def reason(self) -> str | None:
        """Why it failed."""
        reason = self.result.describe.get("FailureReason")
        return str(reason) if reason else None

    @property
    def objective_status(self) -> Literal["Succeeded", "Failed"]:
        """Whether its objective was used by the search."""
        return "Failed" if self.value is None else "Succeeded"

    @property
    def badness(self) -> float:
        """Smaller is better, whatever the direction; infinite without an objective."""
        return math.inf if self.value is None else self.trial.candidate.objective.badness(self.value)


def trial_name(tuning_job: str, number: int) -> str:
    """`<tuning job>-NNN-<8 hex digits>`, as the service names its training jobs.

    The digits come of the number, so that two executions differ in the name of the tuning job alone.
    """
    digits = sha256(str(number).encode()).hexdigest()[:_DIGITS]
    return f"{tuning_job}-{number:03d}-{digits}"


def ended_with(trial: Trial, result: JobResult) -> Ended:
    """The end of a training job: a failed one has no objective, one that was stopped has what it came to."""
    if result.describe.get("TrainingJobStatus") == "Failed":
        return Ended(trial, result, None)
    name = trial.candidate.objective.metric.name
    return Ended(trial, result, _final(result.describe.get("FinalMetricDataList") or (), name))


def best_first(trials: Sequence[Ended]) -> list[Ended]:
    """The best first, equal ones as they were made; those without an objective come last."""
    return sorted(trials, key=lambda each: (each.badness, each.trial.number))


def _final(metrics: Sequence[dict[str, Any]], name: str) -> float | None:
    return next((float(found["Value"]) for found in metrics if found["MetricName"] == name), None)
