"""Definitions as the SDK writes them, small."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]
ROLE = "arn:aws:iam::123456789012:role/Pipeline"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/tool:1"


def pipeline(*steps: Json, parameters: Sequence[Json] = ()) -> str:
    return json.dumps(
        {"Version": "2020-12-01", "Metadata": {}, "Parameters": list(parameters), "Steps": list(steps)}
    )


def parameter(name: str, default: object = None, kind: str = "String") -> Json:
    document = {"Name": name, "Type": kind}
    return document if default is None else {**document, "DefaultValue": default}


def processing(
    name: str,
    *inputs: Any,
    outputs: Sequence[str] = ("out",),
    files: Sequence[Json] = (),
    arguments: Sequence[Any] = (),
    depends_on: Sequence[str] = (),
    **more: Any,
) -> Json:
    """A processing step; `inputs` are the S3 URIs that it reads, literal or expressions."""
    specification: Json = {"ImageUri": IMAGE, "ContainerEntrypoint": ["python3", "run.py"]}
    if arguments:
        specification["ContainerArguments"] = list(arguments)
    return {
        "Name": name,
        "Type": "Processing",
        "Arguments": {
            "ProcessingResources": {
                "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
            },
            "AppSpecification": specification,
            "RoleArn": ROLE,
            "ProcessingInputs": [_input(position, uri) for position, uri in enumerate(inputs)],
            "ProcessingOutputConfig": {"Outputs": [_output(name, output) for output in outputs]},
            **more,
        },
        "PropertyFiles": list(files),
        "DependsOn": list(depends_on),
    }


def training(name: str, data: Any, *, hyperparameters: Json | None = None, **more: Any) -> Json:
    return {
        "Name": name,
        "Type": "Training",
        "Arguments": {
            "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            "OutputDataConfig": {"S3OutputPath": "s3://bucket/models"},
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
            "RoleArn": ROLE,
            "InputDataConfig": [
                {
                    "ChannelName": "train",
                    "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": data}},
                }
            ],
            "HyperParameters": hyperparameters or {"depth": "3"},
            **more,
        },
    }


def condition(
    name: str, conditions: Sequence[Json], if_steps: Sequence[Json] = (), else_steps: Sequence[Json] = ()
) -> Json:
    arguments = {"Conditions": list(conditions), "IfSteps": list(if_steps), "ElseSteps": list(else_steps)}
    return {"Name": name, "Type": "Condition", "Arguments": arguments}


def at_least(left: Any, right: Any) -> Json:
    return {"Type": "GreaterThanOrEqualTo", "LeftValue": left, "RightValue": right}


def fail(name: str, message: Any = None) -> Json:
    return {"Name": name, "Type": "Fail", "Arguments": {} if message is None else {"ErrorMessage": message}}


def register(name: str, model: Any, group: str = "ChurnModels", **more: Any) -> Json:
    return {
        "Name": name,
        "Type": "RegisterModel",
        "Arguments": {
            "ModelPackageGroupName": group,
            "InferenceSpecification": {
                "Containers": [{"Image": IMAGE, "ModelDataUrl": model}],
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv"],
            },
            **more,
        },
    }


def model(name: str, data: Any) -> Json:
    arguments = {"ExecutionRoleArn": ROLE, "PrimaryContainer": {"Image": IMAGE, "ModelDataUrl": data}}
    return {"Name": name, "Type": "Model", "Arguments": arguments}


def get(path: str) -> Json:
    return {"Get": path}


def output_of(step: str, output: str = "out") -> Json:
    return get(f"Steps.{step}.ProcessingOutputConfig.Outputs['{output}'].S3Output.S3Uri")


def model_of(step: str) -> Json:
    return get(f"Steps.{step}.ModelArtifacts.S3ModelArtifacts")


def join(*values: Any, on: str = "") -> Json:
    return {"Std:Join": {"On": on, "Values": list(values)}}


def json_get(step: str, path: str, file: str = "Report") -> Json:
    return {"Std:JsonGet": {"PropertyFile": get(f"Steps.{step}.PropertyFiles.{file}"), "Path": path}}


def report(output: str = "out", path: str = "evaluation.json", name: str = "Report") -> Json:
    return {"PropertyFileName": name, "OutputName": output, "FilePath": path}


def _input(position: int, uri: Any) -> Json:
    return {
        "InputName": f"input-{position}",
        "S3Input": {
            "S3Uri": uri,
            "LocalPath": f"/opt/ml/processing/input/{position}",
            "S3DataType": "S3Prefix",
            "S3InputMode": "File",
        },
    }


def _output(step: str, output: str) -> Json:
    return {
        "OutputName": output,
        "S3Output": {
            "S3Uri": f"s3://bucket/{step}/{output}",
            "LocalPath": f"/opt/ml/processing/{output}",
            "S3UploadMode": "EndOfJob",
        },
    }
