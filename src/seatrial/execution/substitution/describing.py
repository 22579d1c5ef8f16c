"""What a step that ran by substitute looks like: the members of its Describe response that its request
decides, and its entry in the listing of steps; a type that has names of its own is one row in a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from seatrial.definition import StepShape, project
from seatrial.definition.service_model import named_shape
from seatrial.execution.names import Account


@dataclass(frozen=True)
class Made:
    """What the service makes of a Create* call: the ARN's kind, the members of the answer."""

    resource: str
    name: str
    arn: str
    status: Mapping[str, str] = field(default_factory=dict)


MADE: dict[str, Made] = {
    "AutoML": Made(
        "automl-job",
        "AutoMLJobName",
        "AutoMLJobArn",
        {"AutoMLJobStatus": "Completed", "AutoMLJobSecondaryStatus": "Completed"},
    ),
    "Tuning": Made(
        "hyper-parameter-tuning-job",
        "HyperParameterTuningJobName",
        "HyperParameterTuningJobArn",
        {"HyperParameterTuningJobStatus": "Completed"},
    ),
    "Model": Made("model", "ModelName", "ModelArn"),
    "EndpointConfig": Made("endpoint-config", "EndpointConfigName", "EndpointConfigArn"),
    "Endpoint": Made("endpoint", "EndpointName", "EndpointArn", {"EndpointStatus": "InService"}),
    "InferenceComponent": Made(
        "inference-component",
        "InferenceComponentName",
        "InferenceComponentArn",
        {"InferenceComponentStatus": "InService"},
    ),
}
_TIMES = ("CreationTime", "EndTime", "LastModifiedTime")

# The listing's own words where they are not the step type, or not the property's name.
_LISTED_AS = {"AutoML": "AutoMLJob", "Tuning": "TuningJob"}
_PROPERTY_OF = {
    ("EMR", "StepId"): "Id",
    ("EMR", "StepName"): "Name",
    ("EMR", "LogFilePath"): "LogUri",
    ("RegisterModel", "Arn"): "ModelPackageArn",
    ("Lambda", "Arn"): "FunctionArn",
}


def described(
    shape: StepShape, name: str, parameters: Mapping[str, Any], account: Account, now: datetime
) -> dict[str, Any]:
    """The members of the Describe response that are known without the work: the request's, names, times."""
    if shape.describe_shape is None:
        return {member: value for member, value in parameters.items() if member in shape.extra_properties}
    made, members = MADE.get(shape.type), named_shape(shape.describe_shape).members
    repeated = project(shape.describe_shape, parameters)
    times = {member: now.isoformat() for member in _TIMES if member in members}
    if made is None:
        return {**repeated, **times}
    named = str(parameters.get(made.name, name))
    own = {made.name: named, made.arn: account.arn(made.resource, named)}
    return {**repeated, **own, **made.status, **times}


def decided(shape: StepShape, arguments: Mapping[str, Any]) -> frozenset[str]:
    """The properties that `described` gives, by their first name: nobody has to."""
    if shape.describe_shape is None:
        return shape.extra_properties & arguments.keys()
    members = frozenset(named_shape(shape.describe_shape).members)
    made = MADE.get(shape.type)
    own = {made.name, made.arn, *made.status} if made else set()
    return members & {*arguments, *own, *_TIMES}


def metadata_of(step_type: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """The step's entry in ListPipelineExecutionSteps, as far as its properties hold what belongs there."""
    key = _LISTED_AS.get(step_type, step_type)
    entries = named_shape("PipelineExecutionStepMetadata").members
    if key not in entries:
        return {}
    told = {member: _told(step_type, member, properties) for member in entries[key].members}
    return {key: {member: value for member, value in told.items() if value is not None}}


def _told(step_type: str, member: str, properties: Mapping[str, Any]) -> Any:
    made = MADE.get(step_type)
    source = made.arn if made and member == "Arn" else _PROPERTY_OF.get((step_type, member), member)
    value = properties.get(source)
    if member == "OutputParameters" and isinstance(value, Mapping):
        return [{"Name": name, "Value": str(each)} for name, each in value.items()]
    return value
