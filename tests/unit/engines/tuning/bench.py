"""Tuning jobs for the tests, and an engine whose training jobs are one Python function of their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from seatrial.engines.tuning import TuningEngine
from seatrial.ports.clock import Clock
from seatrial.ports.jobs import InputReceipt, JobRequest, JobResult, OutputReceipt
from seatrial.ports.storage import S3Uri, StoredObject
from tests.adapters.clock import StillClock
from tests.adapters.memory_engine import MemoryEngine, completed
from tests.unit.engines.native.requests import ROLE, Heard

ARN = "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/tuning"
XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
Values = Mapping[str, str]


def continuous(name: str, low: str = "0", high: str = "1", scale: str = "Linear") -> dict[str, str]:
    """One of ContinuousParameterRanges, or of IntegerParameterRanges."""
    return {"Name": name, "MinValue": low, "MaxValue": high, "ScalingType": scale}


def categorical(name: str, *values: str) -> dict[str, Any]:
    """One of CategoricalParameterRanges."""
    return {"Name": name, "Values": list(values)}


def config(
    strategy: str = "Random", jobs: int | None = 3, parallel: int = 1, **members: Any
) -> dict[str, Any]:
    """HyperParameterTuningJobConfig: the highest `score` among rates between 0 and 1."""
    limits = {"MaxParallelTrainingJobs": parallel}
    return {
        "Strategy": strategy,
        "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "score"},
        "ResourceLimits": limits if jobs is None else {**limits, "MaxNumberOfTrainingJobs": jobs},
        "ParameterRanges": {"ContinuousParameterRanges": [continuous("rate")]},
        **members,
    }


def definition(**members: Any) -> dict[str, Any]:
    """TrainingJobDefinition of an image that prints its score."""
    return {
        "AlgorithmSpecification": {
            "TrainingImage": "image:1",
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "score", "Regex": "score=([0-9.]+)"}],
        },
        "StaticHyperParameters": {"rounds": "5"},
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/models"},
        "HyperParameterTuningResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        "RoleArn": ROLE,
        **members,
    }


def tuning_parameters(
    search: Mapping[str, Any] | None = None, training: Mapping[str, Any] | None = None, **members: Any
) -> dict[str, Any]:
    """A CreateHyperParameterTuningJob request."""
    return {
        "HyperParameterTuningJobName": "tuning",
        "HyperParameterTuningJobConfig": search or config(),
        "TrainingJobDefinition": training or definition(),
        **members,
    }


def tuning_request(folder: Path, parameters: dict[str, Any]) -> JobRequest:
    """The request of an attempt that owns `folder`."""
    return JobRequest("Tuning", "tuning", ARN, parameters, "exec00000001", "Tune", 1, folder)


def values_of(request: JobRequest) -> dict[str, str]:
    """The hyperparameters of a training job."""
    found: dict[str, str] = request.parameters["HyperParameters"]
    return found


def scored(request: JobRequest, value: float, name: str = "score") -> JobResult:
    """A training job that came to this value, read a channel and left a model."""
    metrics = [{"MetricName": name, "Value": value, "Timestamp": "2026-01-02T03:04:05+00:00"}]
    return completed(request, model_of(request), FinalMetricDataList=metrics)


def model_of(request: JobRequest) -> OutputReceipt:
    """The receipt of a training job's model."""
    uri = S3Uri.parse(
        f"{request.parameters['OutputDataConfig']['S3OutputPath']}/{request.name}/output/model.tar.gz"
    )
    stored = StoredObject(uri.bucket, uri.key, 10, "etag")
    path = "ModelArtifacts.S3ModelArtifacts"
    return OutputReceipt("model", str(uri), "/opt/ml/model", path, "ModelArtifacts", (stored,))


def read(name: str = "train") -> InputReceipt:
    """The receipt of a channel."""
    return InputReceipt(name, f"s3://bucket/{name}", f"/opt/ml/input/data/{name}", ())


class Bench:
    """A tuning engine above a function from a training job's request to its result."""

    def __init__(
        self,
        folder: Path,
        answer: Callable[[JobRequest], JobResult] = lambda request: scored(request, rate(request)),
        *,
        slots: int = 4,
        clock: Clock | None = None,
    ) -> None:
        self.folder = folder / "attempt"
        self.training = MemoryEngine({"Tune": answer})
        self.engine = TuningEngine(self.training, slots, clock or StillClock(tick=0.1))
        self.progress = Heard()

    def tune(self, search: Mapping[str, Any] | None = None, **members: Any) -> JobResult:
        """Run a tuning job; `training` is its definition."""
        request = tuning_request(self.folder, tuning_parameters(search, **members))
        return self.engine.run(request, self.progress)

    @property
    def tried(self) -> list[dict[str, str]]:
        """The hyperparameters of each training job, in the order of their numbers."""
        return [values_of(each) for each in sorted(self.training.requests, key=lambda each: each.name)]


def rate(request: JobRequest) -> float:
    """The value that it tries."""
    return float(values_of(request)["rate"])
