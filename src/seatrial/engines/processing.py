"""From a CreateProcessingJob request to the job that this engine runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seatrial.engines.cluster import read_cluster
from seatrial.engines.config_files import PROCESSING_RESOURCES, processing_config_files
from seatrial.engines.job import Job, JobInput, JobOutput
from seatrial.engines.locations import read_local_path, read_max_runtime, read_uri, required
from seatrial.engines.reading import read_processing_input
from seatrial.ports.jobs import JobRequest

ROOT = "/opt/ml/processing"
MESSAGE_FILE = "/opt/ml/output/message"


def read_processing_job(request: JobRequest) -> Job:
    """The job; raise `RefusedJobError` for what CreateProcessingJob would refuse."""
    parameters = request.parameters
    application = parameters["AppSpecification"]
    entrypoint, command = start_command(
        application.get("ContainerEntrypoint"), application.get("ContainerArguments")
    )
    wanted = parameters.get("ProcessingInputs") or []
    promised = (parameters.get("ProcessingOutputConfig") or {}).get("Outputs") or []
    inputs = tuple(_input(parameters, index) for index, each in enumerate(wanted) if not _is_own(each))
    outputs = tuple(_output(parameters, index) for index, each in enumerate(promised) if not _is_own(each))
    max_runtime = read_max_runtime(parameters)
    required(parameters, "/ProcessingResources/ClusterConfig/InstanceType")
    return Job(
        image_uri=application["ImageUri"],
        entrypoint=entrypoint,
        command=command,
        environment=dict(parameters.get("Environment") or {}),
        inputs=inputs,
        outputs=outputs,
        mounts=("/opt/ml/config", "/opt/ml/output", ROOT),
        # Output folders are there before the entrypoint runs.
        folders=(*(item.folder for item in inputs), *(item.container_path for item in outputs)),
        config_files=processing_config_files(request.name, request.arn, parameters, max_runtime),
        resource_file=PROCESSING_RESOURCES,
        cluster=read_cluster(parameters["ProcessingResources"]["ClusterConfig"]),
        max_runtime_seconds=max_runtime,
        isolated=bool((parameters.get("NetworkConfig") or {}).get("EnableNetworkIsolation")),
        init=True,
        empty_input="failed",
        role_arn=parameters.get("RoleArn", ""),
        own_inputs=tuple(_own_input(parameters, i) for i, each in enumerate(wanted) if _is_own(each)),
        own_outputs=tuple(_own_output(parameters, i) for i, each in enumerate(promised) if _is_own(each)),
    )


def _is_own(item: Mapping[str, Any]) -> bool:
    """Whether the application sees to it itself."""
    return item.get("AppManaged") is True


def start_command(
    entrypoint: Sequence[str] | None, arguments: Sequence[str] | None
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Docker's own rules: an entrypoint clears the image's CMD, arguments alone keep its ENTRYPOINT."""
    if entrypoint:
        return tuple(entrypoint), tuple(arguments or ())
    return None, tuple(arguments) if arguments else None


def _input(parameters: Mapping[str, Any], index: int) -> JobInput:
    pointer = f"/ProcessingInputs/{index}"
    source = required(parameters, f"{pointer}/S3Input")
    return JobInput(
        name=required(parameters, f"{pointer}/InputName"),
        uri=read_uri(source["S3Uri"], f"{pointer}/S3Input/S3Uri"),
        container_path=read_local_path(source.get("LocalPath"), ROOT, f"{pointer}/S3Input/LocalPath"),
        reading=read_processing_input(source),
        sharded=source.get("S3DataDistributionType") == "ShardedByS3Key",
    )


def _own_input(parameters: Mapping[str, Any], index: int) -> JobInput:
    pointer = f"/ProcessingInputs/{index}"
    source = required(parameters, f"{pointer}/S3Input")
    return JobInput(
        name=required(parameters, f"{pointer}/InputName"),
        uri=read_uri(source["S3Uri"], f"{pointer}/S3Input/S3Uri"),
        container_path=source.get("LocalPath") or "",
        required=False,
    )


def _own_output(parameters: Mapping[str, Any], index: int) -> JobOutput:
    pointer = f"/ProcessingOutputConfig/Outputs/{index}"
    name, target = required(parameters, f"{pointer}/OutputName"), required(parameters, f"{pointer}/S3Output")
    return JobOutput(
        name=name,
        uri=read_uri(target["S3Uri"], f"{pointer}/S3Output/S3Uri"),
        container_path=target.get("LocalPath") or "",
        property_path=_property_path(name),
    )


def _property_path(name: str) -> str:
    return f"ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri"


def _output(parameters: Mapping[str, Any], index: int) -> JobOutput:
    pointer = f"/ProcessingOutputConfig/Outputs/{index}"
    name, target = required(parameters, f"{pointer}/OutputName"), required(parameters, f"{pointer}/S3Output")
    return JobOutput(
        name=name,
        uri=read_uri(target["S3Uri"], f"{pointer}/S3Output/S3Uri"),
        container_path=read_local_path(target.get("LocalPath"), ROOT, f"{pointer}/S3Output/LocalPath"),
        property_path=_property_path(name),
        # Continuous uploads happen while the job runs, so what a failing job wrote is there as well.
        always=target.get("S3UploadMode") == "Continuous",
    )
