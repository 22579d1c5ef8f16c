"""Small definitions for tests, said in a few words each; nothing is compiled and no SDK is needed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from seatrial.definition import PipelineDefinition, parse

Json = Any
PREFIX: Json = {"Get": "Parameters.EXECUTION_S3_PREFIX"}
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
ROLE = "arn:aws:iam::123456789012:role/Pipeline"


def join(*values: Json, on: str = "/") -> Json:
    """`Std:Join`."""
    return {"Std:Join": {"On": on, "Values": list(values)}}


def output_of(step: str, name: str) -> Json:
    """A reference to a processing output."""
    return {"Get": f"Steps.{step}.ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri"}


def model_of(step: str) -> Json:
    """A reference to a training job's model."""
    return {"Get": f"Steps.{step}.ModelArtifacts.S3ModelArtifacts"}


def json_of(step: str, property_file: str, path: str) -> Json:
    """A value inside a property file."""
    reference = {"Get": f"Steps.{step}.PropertyFiles.{property_file}"}
    return {"Std:JsonGet": {"PropertyFile": reference, "Path": path}}


def processing(
    name: str,
    inputs: Mapping[str, Json] | None = None,
    outputs: Mapping[str, Json] | None = None,
    *,
    property_files: Mapping[str, tuple[str, str]] | None = None,
    arguments: list[Json] | None = None,
    environment: Mapping[str, Json] | None = None,
    depends_on: tuple[str, ...] = (),
    image: str = IMAGE,
    script: str | None = None,
    **extra: Json,
) -> dict[str, Json]:
    """A processing step; `property_files` are name to (output, path), `script` is Python to run."""
    request: dict[str, Json] = {
        "ProcessingResources": {
            "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
        },
        "AppSpecification": {
            "ImageUri": image,
            "ContainerEntrypoint": ["python3", "-c", script] if script else ["python3", "run.py"],
        },
        "RoleArn": ROLE,
        "ProcessingInputs": [
            {
                "InputName": key,
                "AppManaged": False,
                "S3Input": {
                    "S3Uri": uri,
                    "LocalPath": f"/opt/ml/processing/input/{key}",
                    "S3DataType": "S3Prefix",
                    "S3InputMode": "File",
                },
            }
            for key, uri in (inputs or {}).items()
        ],
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": key,
                    "AppManaged": False,
                    "S3Output": {
                        "S3Uri": uri,
                        "LocalPath": f"/opt/ml/processing/{key}",
                        "S3UploadMode": "EndOfJob",
                    },
                }
                for key, uri in (outputs or {}).items()
            ]
        },
    }
    if arguments is not None:
        request["AppSpecification"]["ContainerArguments"] = arguments
    if environment is not None:
        request["Environment"] = dict(environment)
    files = [
        {"PropertyFileName": key, "OutputName": output, "FilePath": path}
        for key, (output, path) in (property_files or {}).items()
    ]
    return _step(
        name, "Processing", request, depends_on, **({"PropertyFiles": files} if files else {}), **extra
    )


def training(
    name: str,
    channels: Mapping[str, Json] | None = None,
    output: Json = "",
    *,
    hyperparameters: Mapping[str, Json] | None = None,
    depends_on: tuple[str, ...] = (),
    **request: Json,
) -> dict[str, Json]:
    """A training step."""
    arguments: dict[str, Json] = {
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": output or join(PREFIX, name)},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "RoleArn": ROLE,
        "InputDataConfig": [
            {
                "ChannelName": key,
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3Uri": uri,
                        "S3DataDistributionType": "FullyReplicated",
                    }
                },
            }
            for key, uri in (channels or {}).items()
        ],
        "HyperParameters": dict(hyperparameters or {}),
        **request,
    }
    return _step(name, "Training", arguments, depends_on)


def register(
    name: str, model: Json, *, report: Json = None, depends_on: tuple[str, ...] = ()
) -> dict[str, Json]:
    """A RegisterModel step."""
    arguments: dict[str, Json] = {
        "ModelPackageGroupName": "Group",
        "InferenceSpecification": {
            "Containers": [{"Image": IMAGE, "ModelDataUrl": model}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    }
    if report is not None:
        statistics = {"ContentType": "application/json", "S3Uri": report}
        arguments["ModelMetrics"] = {"ModelQuality": {"Statistics": statistics}}
    return _step(name, "RegisterModel", arguments, depends_on)


def fail(name: str, message: Json = "refused") -> dict[str, Json]:
    """A Fail step."""
    return _step(name, "Fail", {"ErrorMessage": message}, ())


def condition(
    name: str, left: Json, if_steps: list[dict[str, Json]], else_steps: list[dict[str, Json]] | None = None
) -> dict[str, Json]:
    """A Condition step: `left >= 0.5`."""
    test = {"Type": "GreaterThanOrEqualTo", "LeftValue": left, "RightValue": 0.5}
    arguments = {"Conditions": [test], "IfSteps": if_steps, "ElseSteps": else_steps or []}
    return _step(name, "Condition", arguments, ())


def pipeline(
    *steps: dict[str, Json],
    parameters: Mapping[str, str | None] | None = None,
    prefix: bool = True,
    prefix_default: str | None = None,
    **top: Json,
) -> PipelineDefinition:
    """A definition with string parameters (name to default), EXECUTION_S3_PREFIX among them unless told."""
    declared = {"EXECUTION_S3_PREFIX": prefix_default} if prefix else {}
    document = {
        "Version": "2020-12-01",
        "Metadata": {},
        "Parameters": [
            {"Name": key, "Type": "String", **({"DefaultValue": value} if value is not None else {})}
            for key, value in {**declared, **(parameters or {})}.items()
        ],
        "PipelineExperimentConfig": None,
        "Steps": list(steps),
        **top,
    }
    return parse(json.dumps(document), source="pipeline.json")


def _step(
    name: str, kind: str, arguments: Json, depends_on: tuple[str, ...], **extra: Json
) -> dict[str, Json]:
    waits = {"DependsOn": list(depends_on)} if depends_on else {}
    return {"Name": name, "Type": kind, "Arguments": arguments, **waits, **extra}
