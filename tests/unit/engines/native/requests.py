"""Requests for the tests of the engine, and an engine on parts in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from seatrial.engines.native import NativeEngine
from seatrial.ports.jobs import JobProgress, JobRequest, JobResult
from seatrial.ports.runners import Runner
from seatrial.ports.storage import Credentials, ObjectStore, StoreAddress
from seatrial.settings import Settings
from tests.adapters.clock import StillClock
from tests.adapters.memory_images import MemoryImages
from tests.adapters.memory_runner import Inside, MemoryRunner
from tests.adapters.memory_store import MemoryStore

ADDRESS = StoreAddress(
    endpoint_url="http://127.0.0.1:9000",
    container_endpoint_url="http://store:9000",
    network="seatrial-net",
    credentials=Credentials("root", "root-secret"),
    hosts={"store": "10.0.0.2"},
)
ROLE = "arn:aws:iam::123456789012:role/seatrial"


def processing_parameters(**members: Any) -> dict[str, Any]:
    """A CreateProcessingJob request without inputs and outputs."""
    return {
        "ProcessingJobName": "job-1",
        "AppSpecification": {"ImageUri": "image:1", "ContainerEntrypoint": ["program"]},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
        },
        "RoleArn": ROLE,
        **members,
    }


def training_parameters(**members: Any) -> dict[str, Any]:
    """A CreateTrainingJob request without channels."""
    return {
        "TrainingJobName": "job-1",
        "AlgorithmSpecification": {"TrainingImage": "image:1", "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/models/"},
        "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "RoleArn": ROLE,
        **members,
    }


BOOTSTRAP = "sagemaker_remote_function_bootstrap"


def function_members() -> dict[str, Any]:
    """What the SDK adds for the function Make, whose arguments the function Before returned."""
    arguments = [
        *("--s3_base_uri", "s3://bucket/root"),
        *("--pipeline_step_name", "Make"),
        *("--pipeline_execution_id", "exec"),
        *("--func_step_s3_dir", "2026"),
        *("--property_references", "Execution.PipelineExecutionId", "exec"),
        *("Steps.Before.OutputDataConfig.S3OutputPath", "s3://bucket/root/exec/Before/results"),
    ]
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://bucket/root/{BOOTSTRAP}"}
    return {
        "AlgorithmSpecification": {
            "TrainingImage": "image:1",
            "TrainingInputMode": "File",
            "ContainerEntrypoint": ["/bin/bash", f"/opt/ml/input/data/{BOOTSTRAP}/job_driver.sh"],
            "ContainerArguments": arguments,
        },
        "InputDataConfig": [{"ChannelName": BOOTSTRAP, "DataSource": {"S3DataSource": source}}],
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/root/exec/Make/results"},
    }


def processing_input(name: str, s3_uri: str, path: str | None = None) -> dict[str, Any]:
    """One of ProcessingInputs."""
    return {
        "InputName": name,
        "S3Input": {
            "S3Uri": s3_uri,
            "LocalPath": path or f"/opt/ml/processing/{name}",
            "S3DataType": "S3Prefix",
            "S3InputMode": "File",
        },
    }


def processing_output(
    name: str, s3_uri: str, path: str | None = None, mode: str = "EndOfJob"
) -> dict[str, Any]:
    """One of ProcessingOutputConfig.Outputs."""
    return {
        "OutputName": name,
        "S3Output": {
            "S3Uri": s3_uri,
            "LocalPath": path or f"/opt/ml/processing/{name}",
            "S3UploadMode": mode,
        },
    }


def job_request(folder: Path, kind: Any, parameters: dict[str, Any]) -> JobRequest:
    """The request of an attempt that owns `folder`."""
    return JobRequest(
        kind=kind,
        name="job-1",
        arn="arn:aws:sagemaker:us-east-1:123456789012:job/job-1",
        parameters=parameters,
        execution_id="exec00000001",
        step_name="Step",
        attempt=1,
        folder=folder,
    )


class Heard(list[JobProgress]):
    """A listener that remembers."""

    def __call__(self, progress: JobProgress) -> None:
        """Note it."""
        self.append(progress)


class Bench:
    """An engine whose containers run one Python function."""

    def __init__(
        self, folder: Path, program: Callable[[Inside], int] = lambda inside: 0, **settings: Any
    ) -> None:
        self.folder = folder / "attempt"
        self.store = MemoryStore()
        self.runner: Runner = MemoryRunner({"*": program})
        self.images = MemoryImages(everything=True)
        self.settings = Settings(state_dir=folder / "state", cache_dir=folder / "cache", **settings)
        self.progress = Heard()

    def engine(self, runner: Runner | None = None, store: ObjectStore | None = None) -> NativeEngine:
        """The engine, with a part replaced if need be."""
        return NativeEngine(
            runner or self.runner,
            store or self.store,
            ADDRESS,
            self.images,
            self.settings,
            StillClock(tick=1.0),
        )

    def process(self, **members: Any) -> JobResult:
        """Run a processing job."""
        request = job_request(self.folder, "Processing", processing_parameters(**members))
        return self.engine().run(request, self.progress)

    def train(self, **members: Any) -> JobResult:
        """Run a training job."""
        request = job_request(self.folder, "Training", training_parameters(**members))
        return self.engine().run(request, self.progress)
