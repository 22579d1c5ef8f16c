"""The outputs that a definition declares, found by the shape of the request and not by the step's type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from seatrial.definition import Step
from seatrial.definition.model import Json
from seatrial.definition.pointers import child
from seatrial.definition.remote_functions import is_notebook, remote_function
from seatrial.definition.tuning_jobs import model_name, model_path, training_definitions


@dataclass(frozen=True)
class DeclaredOutput:
    """One output that a step says it writes.

    `location` may be an expression. What is written lies in the folder that it names, or, with
    `per_job`, in a folder of the job's own beneath it; `packed` there means one archive. `lasting` is a
    place that outlives executions and that the job may leave empty: its checkpoints.
    """

    step: str
    name: str
    property_path: str
    data_type: str
    container_path: str
    location: Json
    pointer: str
    per_job: bool = False
    packed: bool = True
    app_managed: bool = False
    lasting: bool = False


def declared_outputs(step: Step) -> Iterator[DeclaredOutput]:
    """Every output of the step, in the order of its request."""
    yield from _processing_outputs(step)
    yield from _training_output(step)
    yield from _checkpoints(step)
    yield from _transform_output(step)
    yield from _tuned_model(step)


def _processing_outputs(step: Step) -> Iterator[DeclaredOutput]:
    outputs = _mapping(step.arguments.get("ProcessingOutputConfig")).get("Outputs")
    for index, output in enumerate(outputs if isinstance(outputs, list) else []):
        name = str(_mapping(output).get("OutputName", index))
        stored = _mapping(_mapping(output).get("S3Output"))
        if "S3Uri" in stored:
            yield DeclaredOutput(
                step=step.name,
                name=name,
                property_path=f"ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri",
                data_type="S3Uri",
                container_path=str(stored.get("LocalPath", "")),
                location=stored["S3Uri"],
                pointer=_argument(step, "ProcessingOutputConfig", "Outputs", index, "S3Output", "S3Uri"),
                app_managed=_mapping(output).get("AppManaged") is True,
            )


def _training_output(step: Step) -> Iterator[DeclaredOutput]:
    """A model; of a function what it returns, of a notebook what it writes beside itself."""
    target = _mapping(step.arguments.get("OutputDataConfig"))
    if "S3OutputPath" not in target:
        return
    model = DeclaredOutput(
        step=step.name,
        name="model",
        property_path="ModelArtifacts.S3ModelArtifacts",
        data_type="ModelArtifacts",
        container_path="/opt/ml/model",
        location=target["S3OutputPath"],
        pointer=_argument(step, "OutputDataConfig", "S3OutputPath"),
        per_job=True,
        packed=target.get("CompressionType") != "NONE",
    )
    other = replace(model, property_path="OutputDataConfig.S3OutputPath", data_type="S3Uri")
    if remote_function(step.arguments):
        yield replace(other, name="results", container_path="", per_job=False)
    elif is_notebook(step.arguments):
        yield replace(other, name="output", container_path="/opt/ml/output/data")
    else:
        yield model


def _checkpoints(step: Step) -> Iterator[DeclaredOutput]:
    config = _mapping(step.arguments.get("CheckpointConfig"))
    if "S3Uri" in config:
        yield DeclaredOutput(
            step=step.name,
            name="checkpoints",
            property_path="CheckpointConfig.S3Uri",
            data_type="S3Uri",
            container_path=str(config.get("LocalPath", "/opt/ml/checkpoints")),
            location=config["S3Uri"],
            pointer=_argument(step, "CheckpointConfig", "S3Uri"),
            lasting=True,
        )


def _transform_output(step: Step) -> Iterator[DeclaredOutput]:
    target = _mapping(step.arguments.get("TransformOutput"))
    if "S3OutputPath" in target:
        yield DeclaredOutput(
            step=step.name,
            name="transform",
            property_path="TransformOutput.S3OutputPath",
            data_type="S3Uri",
            container_path="",
            location=target["S3OutputPath"],
            pointer=_argument(step, "TransformOutput", "S3OutputPath"),
        )


def _tuned_model(step: Step) -> Iterator[DeclaredOutput]:
    """The model of the best training job; of several definitions, where those of the first lie."""
    for definition in training_definitions(step.arguments):
        target = _mapping(definition.members.get("OutputDataConfig"))
        if "S3OutputPath" in target:
            yield DeclaredOutput(
                step=step.name,
                name=model_name(0),
                property_path=model_path(0),
                data_type="ModelArtifacts",
                container_path="/opt/ml/model",
                location=target["S3OutputPath"],
                pointer=_argument(step, *definition.keys, "OutputDataConfig", "S3OutputPath"),
                per_job=True,
                packed=target.get("CompressionType") != "NONE",
            )
            return


def _argument(step: Step, *keys: str | int) -> str:
    return child(step.pointer, "Arguments", *keys)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
