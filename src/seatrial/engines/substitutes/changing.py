"""Another script, image or input in a job that runs all the same: the request that the engine is given,
and the answer as it would be about the request that was made.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from seatrial.ports.jobs import JobRequest, JobResult
from seatrial.ports.substitutes import Substitute

SUBSTITUTE_INPUT = "seatrial-substitute"
"""The input, or channel, that carries the script."""

OUR_PYTHON = "seatrial/base"
_INTERPRETERS = {".py": "python3", ".sh": "sh"}

Adopt = Callable[[str], str]
"""Brings a local file or folder into the store; where it is then."""


def image_of_substitute(substitute: Substitute) -> str | None:
    """The image that runs instead of the step's own; None where that one runs."""
    return substitute.image or (OUR_PYTHON if substitute.script else None)


def changed(request: JobRequest, substitute: Substitute, adopt: Adopt) -> JobRequest:
    """The request as it is run."""
    change = _CHANGES[request.kind]
    return replace(change(request, substitute, adopt), substitute=None)


def as_asked(result: JobResult, request: JobRequest) -> JobResult:
    """The result in terms of the request that was made: nobody sees the script's input."""
    describe = dict(result.describe)
    for member in _CHANGED:
        if member in request.parameters:
            describe[member] = _repeated(member, request.parameters[member])
        else:
            describe.pop(member, None)
    inputs = tuple(receipt for receipt in result.inputs if receipt.name != SUBSTITUTE_INPUT)
    return replace(result, describe=describe, inputs=inputs)


_CHANGED = ("AppSpecification", "ProcessingInputs", "AlgorithmSpecification", "InputDataConfig")


def _repeated(member: str, value: Any) -> Any:
    """As every Describe response repeats inputs: with the default that the service fills in."""
    if member != "ProcessingInputs":
        return value
    return [{"AppManaged": False, **item} for item in value]


def _processing(request: JobRequest, substitute: Substitute, adopt: Adopt) -> JobRequest:
    asked = copy.deepcopy(dict(request.parameters))
    inputs = asked.get("ProcessingInputs") or []
    for item in inputs:
        local = substitute.inputs.get(item.get("InputName", ""))
        if local is not None:
            _give_input(item, adopt(local))
    specification = asked["AppSpecification"]
    specification["ImageUri"] = image_of_substitute(substitute) or specification["ImageUri"]
    if substitute.script:
        folder = f"/opt/ml/processing/{SUBSTITUTE_INPUT}"
        inputs = [*inputs, _processing_input(adopt(substitute.script), folder)]
        specification["ContainerEntrypoint"] = _command(substitute.script, folder)
    if inputs:
        asked["ProcessingInputs"] = inputs
    return replace(request, parameters=asked)


def _give_input(item: dict[str, Any], uri: str) -> None:
    """Local data for an input, whatever it was to be read from."""
    source = item.pop("DatasetDefinition", None) or item.get("S3Input") or {}
    item.update(_processing_input(uri, source.get("LocalPath", "")), InputName=item["InputName"])


def _processing_input(uri: str, folder: str) -> dict[str, Any]:
    source = {"S3Uri": uri, "LocalPath": folder, "S3DataType": "S3Prefix", "S3InputMode": "File"}
    return {"InputName": SUBSTITUTE_INPUT, "AppManaged": False, "S3Input": source}


def _training(request: JobRequest, substitute: Substitute, adopt: Adopt) -> JobRequest:
    asked = copy.deepcopy(dict(request.parameters))
    channels = asked.get("InputDataConfig") or []
    for channel in channels:
        local = substitute.inputs.get(channel.get("ChannelName", ""))
        if local is not None:
            channel["DataSource"] = _channel("", adopt(local))["DataSource"]
            channel.pop("InputMode", None)
    specification = asked["AlgorithmSpecification"]
    image = image_of_substitute(substitute)
    if image:
        specification.pop("AlgorithmName", None)
        specification["TrainingImage"] = image
    if substitute.script:
        channels = [*channels, _channel(SUBSTITUTE_INPUT, adopt(substitute.script))]
        folder = f"/opt/ml/input/data/{SUBSTITUTE_INPUT}"
        specification["ContainerEntrypoint"] = _command(substitute.script, folder)
    if channels:
        asked["InputDataConfig"] = channels
    return replace(request, parameters=asked)


def _channel(name: str, uri: str) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}}


def _transform(request: JobRequest, substitute: Substitute, adopt: Adopt) -> JobRequest:
    """Only the model's image can be another one."""
    model: Mapping[str, Any] = request.model or {}
    container = model.get("PrimaryContainer")
    if substitute.image and isinstance(container, Mapping):
        model = {**model, "PrimaryContainer": {**container, "Image": substitute.image}}
    return replace(request, model=model)


def _command(script: str, folder: str) -> list[str]:
    path = Path(script)
    return [_INTERPRETERS.get(path.suffix, "python3"), f"{folder}/{path.name}"]


_CHANGES: dict[str, Callable[[JobRequest, Substitute, Adopt], JobRequest]] = {
    "Processing": _processing,
    "Training": _training,
    "Transform": _transform,
}
CHANGEABLE = frozenset(_CHANGES)
"""Kinds of jobs that can be given another script, image or input."""
