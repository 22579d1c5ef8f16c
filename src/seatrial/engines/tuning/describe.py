"""A tuning job's properties: DescribeHyperParameterTuningJob, the list of its training jobs merged in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seatrial.definition.tuning_jobs import LISTED
from seatrial.engines.ending import Ending
from seatrial.engines.tuning.parents import overall_best
from seatrial.engines.tuning.trials import Ended
from seatrial.ports.jobs import JobRequest

_NOT_REPEATED = frozenset({"Tags"})


@dataclass(frozen=True)
class Outcome:
    """What is known of a tuning job at its end; `trials` are best first."""

    began: datetime
    ended: datetime
    trials: Sequence[Ended] = ()
    not_improving: int | None = None


def describe_tuning_job(request: JobRequest, ending: Ending, outcome: Outcome) -> dict[str, Any]:
    """Both responses in one, as a pipeline's properties have them; timestamps as ISO 8601 text."""
    found = next((each for each in outcome.trials if each.value is not None), None)
    best = summary(found) if found else None
    overall = overall_best(request.parameters, request.parents, best)
    return {
        **_without_nulls({k: v for k, v in request.parameters.items() if k not in _NOT_REPEATED}),
        "HyperParameterTuningJobName": request.name,
        "HyperParameterTuningJobArn": request.arn,
        "HyperParameterTuningJobStatus": ending.status,
        "CreationTime": outcome.began.isoformat(),
        "HyperParameterTuningEndTime": outcome.ended.isoformat(),
        "LastModifiedTime": outcome.ended.isoformat(),
        "TrainingJobStatusCounters": _status_counters(outcome.trials),
        "ObjectiveStatusCounters": _objective_counters(outcome.trials),
        **({"BestTrainingJob": best} if best else {}),
        **({"OverallBestTrainingJob": overall} if overall else {}),
        **({"FailureReason": ending.failure_reason} if ending.failure_reason else {}),
        **_completion(outcome.not_improving),
        "ConsumedResources": {"RuntimeInSeconds": _seconds(outcome)},
        "TrainingJobSummaries": [summary(each, request.name) for each in outcome.trials[:LISTED]],
    }


def summary(ended: Ended, tuning_job: str | None = None) -> dict[str, Any]:
    """HyperParameterTrainingJobSummary."""
    trial, describe = ended.trial, ended.result.describe
    named = {"TrainingJobDefinitionName": trial.candidate.name, "TuningJobName": tuning_job}
    times = {name: describe.get(name) for name in ("TrainingStartTime", "TrainingEndTime")}
    return _without_nulls(
        {
            **named,
            "TrainingJobName": trial.name,
            "TrainingJobArn": trial.request.arn,
            "CreationTime": describe.get("CreationTime") or trial.created.isoformat(),
            **times,
            "TrainingJobStatus": ended.status,
            "TunedHyperParameters": dict(trial.suggestion.values),
            "FailureReason": ended.reason,
            "FinalHyperParameterTuningJobObjectiveMetric": _objective(ended),
            "ObjectiveStatus": ended.objective_status,
        }
    )


def _objective(ended: Ended) -> dict[str, Any] | None:
    objective = ended.trial.candidate.objective
    if ended.value is None:
        return None
    return {
        "Type": "Maximize" if objective.maximize else "Minimize",
        "MetricName": objective.metric.name,
        "Value": ended.value,
    }


def _status_counters(trials: Sequence[Ended]) -> dict[str, int]:
    statuses = Counter(each.status for each in trials)
    return {
        "Completed": statuses["Completed"],
        "InProgress": 0,
        "RetryableError": 0,
        "NonRetryableError": statuses["Failed"],
        "Stopped": statuses["Stopped"],
    }


def _objective_counters(trials: Sequence[Ended]) -> dict[str, int]:
    found = Counter(each.objective_status for each in trials)
    return {"Succeeded": found["Succeeded"], "Pending": 0, "Failed": found["Failed"]}


def _completion(not_improving: int | None) -> dict[str, Any]:
    if not_improving is None:
        return {}
    return {
        "TuningJobCompletionDetails": {"NumberOfTrainingJobsObjectiveNotImproving": not_improving},
    }


def _seconds(outcome: Outcome) -> int:
    return max(0, round((outcome.ended - outcome.began).total_seconds()))


def _without_nulls(value: Mapping[str, Any]) -> dict[str, Any]:
    """A member that is null is one that was left out."""
    return {
        name: _without_nulls(member) if isinstance(member, Mapping) else member
        for name, member in value.items()
        if member is not None
    }
