"""Describe* responses of ended jobs, in AWS's shape; timestamps as ISO 8601 text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seatrial.engines.ending import Ending
from seatrial.engines.job import RefusedJobError
from seatrial.engines.locations import read_max_runtime
from seatrial.engines.training import model_uri
from seatrial.ports.jobs import JobKind, JobRequest

# Members of the Create* request that the Describe* response does not repeat.
_NOT_REPEATED = frozenset({"Tags", "SessionChainingConfig"})

_MESSAGES = {
    "Starting": "Preparing the instances for training",
    "Downloading": "Downloading input data",
    "Training": "Training image download completed. Training in progress.",
    "Uploading": "Uploading generated training model",
    "Completed": "Training job completed",
    "Failed": "Training job failed",
    "Stopped": "Training job stopped",
    "MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds provided",
}


@dataclass(frozen=True)
class History:
    """When the job entered each of its states; `container` is the time in which its process ran."""

    states: Sequence[tuple[str, datetime]]
    container: tuple[datetime, datetime] | None = None

    @property
    def created(self) -> datetime:
        """The first moment."""
        return self.states[0][1]

    @property
    def ended(self) -> datetime:
        """The last moment."""
        return self.states[-1][1]


def describe_job(
    request: JobRequest, ending: Ending, history: History, metrics: Mapping[str, float]
) -> dict[str, Any]:
    """The Describe* response of a job of any kind."""
    return _BY_KIND[request.kind](request, ending, history, metrics)


def describe_processing_job(request: JobRequest, ending: Ending, history: History) -> dict[str, Any]:
    """DescribeProcessingJobResponse."""
    times = _times("Processing", history)
    return {
        **_repeated(request.parameters),
        **_processing_members(request.parameters),
        "ProcessingJobName": request.name,
        "ProcessingJobArn": request.arn,
        "ProcessingJobStatus": ending.status,
        **({"ExitMessage": ending.exit_message} if ending.exit_message else {}),
        **_reason(ending),
        **times,
    }


def describe_training_job(
    request: JobRequest, ending: Ending, history: History, metrics: Mapping[str, float]
) -> dict[str, Any]:
    """DescribeTrainingJobResponse."""
    seconds = _seconds(history)
    return {
        **_repeated(request.parameters),
        **_stopping_condition(request.parameters),
        "TrainingJobName": request.name,
        "TrainingJobArn": request.arn,
        "ModelArtifacts": {"S3ModelArtifacts": _model_artifacts(request)},
        "TrainingJobStatus": ending.status,
        "SecondaryStatus": ending.secondary_status,
        **_reason(ending),
        **_times("Training", history),
        "SecondaryStatusTransitions": _transitions(history, ending),
        **({"FinalMetricDataList": _metrics(metrics, history)} if metrics else {}),
        "TrainingTimeInSeconds": seconds,
        "BillableTimeInSeconds": seconds,
    }


def describe_transform_job(request: JobRequest, ending: Ending, history: History) -> dict[str, Any]:
    """DescribeTransformJobResponse; it knows no time of the last change."""
    times = _times("Transform", history)
    del times["LastModifiedTime"]
    return {
        **_repeated(request.parameters),
        **_transform_members(request.parameters),
        "TransformJobName": request.name,
        "TransformJobArn": request.arn,
        "TransformJobStatus": ending.status,
        **_reason(ending),
        **times,
    }


def describe_endpoint(request: JobRequest, ending: Ending, history: History) -> dict[str, Any]:
    """DescribeEndpointOutput; an endpoint that was stopped while it was made serves nobody."""
    statuses = {"Completed": "InService", "Failed": "Failed", "Stopped": "OutOfService"}
    config = request.endpoint.config if request.endpoint else {}
    return {
        "EndpointName": request.parameters["EndpointName"],
        "EndpointArn": endpoint_arn(request),
        "EndpointConfigName": request.parameters["EndpointConfigName"],
        "ProductionVariants": [_variant_summary(each) for each in config.get("ProductionVariants", ())],
        "EndpointStatus": statuses[ending.status],
        **_reason(ending),
        "CreationTime": history.created.isoformat(),
        "LastModifiedTime": history.ended.isoformat(),
    }


def endpoint_arn(request: JobRequest) -> str:
    """The endpoint's own: the request has one for each attempt, as every job does."""
    return f"{request.arn.rpartition('/')[0]}/{request.parameters['EndpointName']}"


def _variant_summary(variant: Mapping[str, Any]) -> dict[str, Any]:
    weight, count = variant.get("InitialVariantWeight", 1.0), variant.get("InitialInstanceCount", 1)
    return {
        "VariantName": variant["VariantName"],
        "CurrentWeight": weight,
        "DesiredWeight": weight,
        "CurrentInstanceCount": count,
        "DesiredInstanceCount": count,
    }


_BY_KIND: dict[JobKind, Callable[[JobRequest, Ending, History, Mapping[str, float]], dict[str, Any]]] = {
    "Processing": lambda request, ending, history, _: describe_processing_job(request, ending, history),
    "Training": describe_training_job,
    "Transform": lambda request, ending, history, _: describe_transform_job(request, ending, history),
    "Endpoint": lambda request, ending, history, _: describe_endpoint(request, ending, history),
}


def _transform_members(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The request's members as published responses had them: with the defaults that the service fills in."""
    none = {"InputFilter": "$", "OutputFilter": "$", "JoinSource": "None"}
    return {
        "TransformInput": {"CompressionType": "None", "SplitType": "None", **parameters["TransformInput"]},
        "TransformOutput": {"AssembleWith": "None", **parameters["TransformOutput"]},
        "DataProcessing": {**none, **(parameters.get("DataProcessing") or {})},
    }


def _repeated(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if name not in _NOT_REPEATED}


def _stopping_condition(parameters: Mapping[str, Any]) -> dict[str, Any]:
    condition = {"MaxRuntimeInSeconds": read_max_runtime(parameters)}
    return {"StoppingCondition": {**condition, **(parameters.get("StoppingCondition") or {})}}


def _processing_members(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The request's members as the response has them: with the defaults that the service fills in."""
    members = _stopping_condition(parameters)
    if inputs := parameters.get("ProcessingInputs"):
        members["ProcessingInputs"] = [{"AppManaged": False, **item} for item in inputs]
    if config := parameters.get("ProcessingOutputConfig"):
        outputs = [{"AppManaged": False, **item} for item in config.get("Outputs") or []]
        members["ProcessingOutputConfig"] = {**config, "Outputs": outputs}
    return members


def _model_artifacts(request: JobRequest) -> str:
    """Given for every job, also one whose output path was refused."""
    try:
        return str(model_uri(request))
    except RefusedJobError:
        return str(request.parameters["OutputDataConfig"]["S3OutputPath"])


def _reason(ending: Ending) -> dict[str, str]:
    return {"FailureReason": ending.failure_reason} if ending.failure_reason else {}


def _times(kind: str, history: History) -> dict[str, str]:
    started, ended = history.container or (None, None)
    times = {
        "CreationTime": history.created,
        f"{kind}StartTime": started,
        f"{kind}EndTime": history.ended if kind == "Training" else ended or history.ended,
        "LastModifiedTime": history.ended,
    }
    return {name: time.isoformat() for name, time in times.items() if time}


def _seconds(history: History) -> int:
    if not history.container:
        return 0
    started, ended = history.container
    return max(1, round((ended - started).total_seconds()))


def _transitions(history: History, ending: Ending) -> list[dict[str, str]]:
    """Every transition has a message and a start: the SDK prints the last one and expects both."""
    ends = [time for _, time in history.states[1:]] + [history.ended]
    transitions = [
        {
            "Status": status,
            "StartTime": started.isoformat(),
            "EndTime": ended.isoformat(),
            "StatusMessage": _MESSAGES.get(status, status),
        }
        for (status, started), ended in zip(history.states, ends, strict=True)
    ]
    if ending.failure_reason:
        transitions[-1]["StatusMessage"] = ending.failure_reason
    return transitions


def _metrics(metrics: Mapping[str, float], history: History) -> list[dict[str, Any]]:
    time = history.ended.isoformat()
    return [{"MetricName": name, "Value": value, "Timestamp": time} for name, value in metrics.items()]
