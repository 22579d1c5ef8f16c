"""Small definitions as the SDK writes them, made of steps that take a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

PREFIX = {"Get": "Parameters.EXECUTION_S3_PREFIX"}
ROLE = "arn:aws:iam::123456789012:role/pipeline"

Json = Any


def under_prefix(*parts: str) -> Json:
    """An output location as a step catalog builds it."""
    return {"Std:Join": {"On": "/", "Values": [PREFIX, *parts]}}


def pipeline(*steps: Json, parameters: Sequence[Json] = ()) -> dict[str, Json]:
    """A whole definition with EXECUTION_S3_PREFIX."""
    return {
        "Version": "2020-12-01",
        "Metadata": {},
        "Parameters": [
            {"Name": "EXECUTION_S3_PREFIX", "Type": "String", "DefaultValue": "s3://seatrial/here"},
            *parameters,
        ],
        "PipelineExperimentConfig": None,
        "Steps": list(steps),
    }


def processing(
    name: str,
    script: str,
    *,
    inputs: Mapping[str, Json] | None = None,
    outputs: Mapping[str, Json] | None = None,
    **extra: Json,
) -> dict[str, Json]:
    """A step that runs a line of Python; inputs at /opt/ml/processing/in/NAME, outputs at out/NAME."""
    arguments: dict[str, Json] = {
        "ProcessingResources": {
            "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
        },
        "AppSpecification": {"ImageUri": "python", "ContainerEntrypoint": ["python3", "-c", script]},
        "RoleArn": ROLE,
    }
    if inputs:
        arguments["ProcessingInputs"] = [_input(key, uri) for key, uri in inputs.items()]
    if outputs:
        arguments["ProcessingOutputConfig"] = {"Outputs": [_output(key, uri) for key, uri in outputs.items()]}
    return {"Name": name, "Type": "Processing", "Arguments": arguments, **extra}


def training(name: str, script: str, *, inputs: Mapping[str, Json] | None = None) -> dict[str, Json]:
    """A step that runs a line of Python as a training; channels at /opt/ml/input/data/NAME."""
    channels = [
        {
            "ChannelName": channel,
            "DataSource": {
                "S3DataSource": {
                    "S3DataType": "S3Prefix",
                    "S3Uri": uri,
                    "S3DataDistributionType": "FullyReplicated",
                }
            },
        }
        for channel, uri in (inputs or {}).items()
    ]
    arguments: dict[str, Json] = {
        "AlgorithmSpecification": {
            "TrainingImage": "python",
            "TrainingInputMode": "File",
            "ContainerEntrypoint": ["python3", "-c", script],
        },
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        "OutputDataConfig": {"S3OutputPath": under_prefix(name.lower())},
        "RoleArn": ROLE,
        **({"InputDataConfig": channels} if channels else {}),
    }
    return {"Name": name, "Type": "Training", "Arguments": arguments}


def _input(name: str, uri: Json) -> Json:
    s3_input = {
        "S3Uri": uri,
        "LocalPath": f"/opt/ml/processing/in/{name}",
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
    }
    return {"InputName": name, "AppManaged": False, "S3Input": s3_input}


def _output(name: str, uri: Json) -> Json:
    s3_output = {"S3Uri": uri, "LocalPath": f"/opt/ml/processing/out/{name}", "S3UploadMode": "EndOfJob"}
    return {"OutputName": name, "AppManaged": False, "S3Output": s3_output}


def output_of(step: str, name: str) -> Json:
    """A reference to another step's output."""
    return {"Get": f"Steps.{step}.ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri"}


def writes(name: str, text: str = "done") -> str:
    """A script that writes one file into its output."""
    return f"open('/opt/ml/processing/out/{name}/file.txt', 'w').write({text!r})"
