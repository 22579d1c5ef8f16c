"""From a CreateTrainingJob request to the job that this engine runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from seatrial.engines.algorithms import searched_metrics
from seatrial.engines.cluster import read_cluster
from seatrial.engines.config_files import TRAINING_RESOURCES, training_config_files
from seatrial.engines.job import Job, JobInput, JobOutput
from seatrial.engines.locations import read_local_path, read_max_runtime, read_uri, required
from seatrial.engines.processing import start_command
from seatrial.engines.reading import read_channel
from seatrial.engines.remote_functions import fetched, left
from seatrial.ports.jobs import JobRequest
from seatrial.ports.storage import S3Uri

FAILURE_FILE = "/opt/ml/output/failure"
CHANNELS = "/opt/ml/input/data"
MODEL = "/opt/ml/model"
OUTPUT_DATA = "/opt/ml/output/data"
DEFAULT_CHECKPOINTS = "/opt/ml/checkpoints"


def read_training_job(request: JobRequest) -> Job:
    """The job; raise `RefusedJobError` for what CreateTrainingJob would refuse."""
    parameters = request.parameters
    algorithm = required(parameters, "/AlgorithmSpecification")
    entrypoint, command = _start_command(algorithm)
    checkpoints = _checkpoint_path(parameters)
    resources = parameters.get("ResourceConfig") or {}
    if not resources.get("InstanceGroups"):
        required(parameters, "/ResourceConfig/InstanceType")
    inputs = tuple(
        _channel(parameters, index) for index, _ in enumerate(parameters.get("InputDataConfig") or [])
    )
    artifacts = _artifacts(request)
    if checkpoints:
        uri = read_uri(parameters["CheckpointConfig"]["S3Uri"], "/CheckpointConfig/S3Uri")
        # A folder is what it mirrors: not also what lies in others whose names begin alike.
        inputs += (JobInput("checkpoints", uri.child(""), checkpoints, required=False),)
        artifacts += (_checkpoint_output(uri, checkpoints),)
    image = required(parameters, "/AlgorithmSpecification/TrainingImage")
    return Job(
        image_uri=image,
        entrypoint=entrypoint,
        command=command,
        environment={**_platform_environment(request), **(parameters.get("Environment") or {})},
        inputs=inputs,
        outputs=artifacts,
        # Not all of /opt/ml: images with their code in /opt/ml/code are common, and run.
        mounts=_mounts(checkpoints),
        folders=(CHANNELS, OUTPUT_DATA, *(item.folder for item in inputs)),
        config_files=training_config_files(parameters, checkpoints),
        resource_file=TRAINING_RESOURCES,
        cluster=read_cluster(resources),
        max_runtime_seconds=read_max_runtime(parameters),
        isolated=bool(parameters.get("EnableNetworkIsolation")),
        # An init as process 1 would swallow what the image's own one does with signals.
        init=False,
        empty_input="refused",
        role_arn=parameters.get("RoleArn", ""),
        metrics=searched_metrics(algorithm),
        own_inputs=fetched(parameters),
        own_outputs=left(parameters),
    )


def _platform_environment(request: JobRequest) -> dict[str, str]:
    """What training containers were seen with; processing containers were not."""
    return {
        "TRAINING_JOB_NAME": request.name,
        "TRAINING_JOB_ARN": request.arn,
        "AWS_EXECUTION_ENV": "AWS_ECS_EC2",
        "DMLC_INTERFACE": "eth0",
    }


def _mounts(checkpoints: str | None) -> tuple[str, ...]:
    mounts = ("/opt/ml/input", MODEL, "/opt/ml/output")
    covered = checkpoints is None or any(PurePosixPath(checkpoints).is_relative_to(item) for item in mounts)
    return mounts if covered or checkpoints is None else (*mounts, checkpoints)


def artifact_uri(request: JobRequest, file_name: str) -> S3Uri:
    """`<S3OutputPath>/<job>/output/<file>`, whether or not the path ends in a slash."""
    base = read_uri(request.parameters["OutputDataConfig"]["S3OutputPath"], "/OutputDataConfig/S3OutputPath")
    return base.child(f"{request.name}/output/{file_name}")


def model_uri(request: JobRequest) -> S3Uri:
    """`model.tar.gz`; of a model that is not packed, the prefix of its files.

    Which prefix is not written down anywhere. It ends in a slash, without which hosting takes no prefix.
    """
    return artifact_uri(request, "model/" if _is_loose(request) else "model.tar.gz")


def _is_loose(request: JobRequest) -> bool:
    return bool(request.parameters["OutputDataConfig"].get("CompressionType") == "NONE")


def _start_command(
    algorithm: Mapping[str, Any],
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    entrypoint, arguments = algorithm.get("ContainerEntrypoint"), algorithm.get("ContainerArguments")
    if not entrypoint and not arguments:
        return None, ("train",)
    return start_command(entrypoint, arguments)


def _channel(parameters: Mapping[str, Any], index: int) -> JobInput:
    pointer = f"/InputDataConfig/{index}"
    name = required(parameters, f"{pointer}/ChannelName")
    source = f"{pointer}/DataSource/S3DataSource"
    mode = parameters["AlgorithmSpecification"].get("TrainingInputMode")
    stored = required(parameters, source)
    return JobInput(
        name=name,
        uri=read_uri(stored["S3Uri"], f"{source}/S3Uri"),
        container_path=read_local_path(f"{CHANNELS}/{name}", CHANNELS, f"{pointer}/ChannelName"),
        reading=read_channel(parameters["InputDataConfig"][index], mode),
        sharded=stored.get("S3DataDistributionType") == "ShardedByS3Key",
        groups=tuple(stored.get("InstanceGroupNames") or ()),
    )


def _artifacts(request: JobRequest) -> tuple[JobOutput, ...]:
    return (
        JobOutput(
            name="model",
            uri=model_uri(request),
            container_path=MODEL,
            property_path="ModelArtifacts.S3ModelArtifacts",
            form="folder" if _is_loose(request) else "archive",
            data_type="ModelArtifacts",
        ),
        JobOutput(
            name="output",
            uri=artifact_uri(request, "output.tar.gz"),
            container_path=OUTPUT_DATA,
            property_path="OutputDataConfig.S3OutputPath",
            form="archive",
        ),
    )


def _checkpoint_path(parameters: Mapping[str, Any]) -> str | None:
    config = parameters.get("CheckpointConfig")
    if not config:
        return None
    return read_local_path(
        config.get("LocalPath") or DEFAULT_CHECKPOINTS, "/opt/ml", "/CheckpointConfig/LocalPath"
    )


def _checkpoint_output(uri: S3Uri, container_path: str) -> JobOutput:
    return JobOutput(
        name="checkpoints",
        uri=uri,
        container_path=container_path,
        property_path="CheckpointConfig.S3Uri",
        form="mirror",
        always=True,
    )
