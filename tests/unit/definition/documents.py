"""Small definitions for tests: as little as a test needs, and nothing that `check` objects to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from seatrial.definition import Json, PipelineDefinition, PropertyPath, StepShape, look_up, parse
from seatrial.errors import ExpressionError

CORPUS = Path(__file__).parents[2] / "corpus"
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
ROLE = "arn:aws:iam::123456789012:role/pipeline"

SHAPES: dict[str, StepShape] = {
    shape.type: shape
    for shape in (
        StepShape("Processing", "CreateProcessingJob", "DescribeProcessingJobResponse", "ProcessingJobName"),
        StepShape("Training", "CreateTrainingJob", "DescribeTrainingJobResponse", "TrainingJobName"),
        StepShape("Transform", "CreateTransformJob", "DescribeTransformJobResponse", "TransformJobName"),
        StepShape("Model", "CreateModel", "DescribeModelOutput", "ModelName"),
        StepShape(
            "RegisterModel",
            "CreateModelPackage",
            "DescribeModelPackageOutput",
            required_arguments=frozenset({"ModelPackageGroupName"}),
            refused_arguments=frozenset({"ModelPackageName"}),
        ),
        StepShape(
            "Condition",
            arguments=frozenset({"Conditions", "IfSteps", "ElseSteps"}),
            extra_properties=frozenset({"Outcome"}),
        ),
        StepShape("Fail", arguments=frozenset({"ErrorMessage"}), referable=False),
    )
}


def get(path: str) -> Json:
    """A `Get` expression."""
    return {"Get": path}


def join(on: str, *values: Json) -> Json:
    """A `Std:Join` expression."""
    return {"Std:Join": {"On": on, "Values": list(values)}}


def step(name: str, kind: str = "Processing", arguments: Json = None, **keys: Json) -> dict[str, Json]:
    """A step; a processing one unless said otherwise."""
    return {
        "Name": name,
        "Type": kind,
        "Arguments": processing() if arguments is None else arguments,
        **keys,
    }


def processing(**members: Json) -> dict[str, Json]:
    """The least CreateProcessingJob takes, and more if given."""
    return {
        "ProcessingResources": {
            "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
        },
        "AppSpecification": {"ImageUri": IMAGE},
        "RoleArn": ROLE,
        **members,
    }


def output(name: str, local_path: str | None = None) -> dict[str, Json]:
    """One processing output."""
    path = local_path or f"/opt/ml/processing/{name}"
    return {
        "OutputName": name,
        "S3Output": {"S3Uri": f"s3://my-bucket/{name}", "LocalPath": path, "S3UploadMode": "EndOfJob"},
    }


def outputs(*names: str) -> dict[str, Json]:
    """A processing step's outputs."""
    return {"Outputs": [output(name) for name in names]}


def document(*steps: Json, parameters: Sequence[Json] = (), **keys: Json) -> dict[str, Json]:
    """A whole definition."""
    return {
        "Version": "2020-12-01",
        "Metadata": {},
        "Parameters": list(parameters),
        "Steps": list(steps),
        **keys,
    }


def definition(*steps: Json, parameters: Sequence[Json] = (), **keys: Json) -> PipelineDefinition:
    """A whole definition, parsed."""
    return parse(json.dumps(document(*steps, parameters=parameters, **keys)))


def parameter(name: str, kind: str = "String", *default: Json, **keys: Json) -> dict[str, Json]:
    """A parameter, with a default if one is given."""
    return {"Name": name, "Type": kind, **({"DefaultValue": default[0]} if default else {}), **keys}


class Values:
    """A scope over plain mappings."""

    def __init__(
        self,
        parameters: Mapping[str, Json] | None = None,
        steps: Mapping[str, Json] | None = None,
        files: Mapping[str, Json] | None = None,
    ) -> None:
        self.parameters = dict(parameters or {})
        self.steps = dict(steps or {})
        self.files = dict(files or {})

    def parameter(self, name: str) -> Any:
        return self._of(self.parameters, name)

    def execution(self, name: str) -> Any:
        return f"<{name}>"

    def step_property(self, step: str, path: PropertyPath) -> Any:
        return look_up(self._of(self.steps, step), path)

    def property_file(self, step: str, name: str) -> Any:
        return self._of(self.files, f"{step}/{name}")

    def s3_json(self, uri: str) -> Any:
        return self._of(self.files, uri)

    @staticmethod
    def _of(values: Mapping[str, Json], name: str) -> Any:
        if name not in values:
            raise ExpressionError(f"{name} is undefined", slug="undefined", where=name)
        return values[name]
