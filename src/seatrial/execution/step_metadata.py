"""What ListPipelineExecutionSteps tells of a step whose job runs; a kind is one row here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from seatrial.ports.jobs import JobKind, JobRequest

_BY_KIND: dict[JobKind, Callable[[JobRequest], dict[str, Any]]] = {
    "Lambda": lambda request: {"Lambda": {"Arn": request.parameters["FunctionName"]}},
    "Endpoint": lambda request: {
        "Endpoint": {"Arn": f"{request.arn.rpartition('/')[0]}/{request.parameters['EndpointName']}"}
    },
    "Callback": lambda request: {
        "Callback": {name: request.parameters[name] for name in ("CallbackToken", "SqsQueueUrl")}
    },
    "Substitute": lambda request: {},  # nothing runs that has an ARN
}


def metadata_of(request: JobRequest) -> Mapping[str, Any]:
    """The job by its ARN, under a key that is mostly the kind's."""
    told = _BY_KIND.get(request.kind)
    return told(request) if told else {f"{request.kind}Job": {"Arn": request.arn}}
