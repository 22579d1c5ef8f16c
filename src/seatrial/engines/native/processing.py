"""From a CreateProcessingJob request to the job that this engine runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seatrial.engines.native.config_files import processing_config_files
from seatrial.engines.native.job import Job, JobInput, JobOutput
from seatrial.engines.native.locations import read_local_path, read_uri
from seatrial.ports.jobs import JobRequest

ROOT = "/opt/ml/processing"
MESSAGE_FILE = "/opt/ml/output/message"
DEFAULT_MAX_RUNTIME_SECONDS = 86400


def read_processing_job(request: JobRequest) -> Job:
    """The job; raise `RefusedJobError` for what CreateProcessingJob would refuse."""
    parameters = request.parameters
    application = parameters["AppSpecification"]
    entrypoint, command = start_command(
        application.get("ContainerEntrypoint"), application.get("ContainerArguments")
    )
    inputs = _inputs(parameters.get("ProcessingInputs") or [])
    outputs = _outputs((parameters.get("ProcessingOutputConfig") or {}).get("Outputs") or [])
    max_runtime = _max_runtime(parameters)
    return Job(
        image_uri=application["ImageUri"],
        entrypoint=entrypoint,
        command=command,
        environment=dict(parameters.get("Environment") or {}),
        inputs=inputs,
        outputs=outputs,
        mounts=("/opt/ml/config", "/opt/ml/output", ROOT),
        # Output folders are there before the entrypoint runs.
        folders=(*(item.container_path for item in inputs), *(item.container_path for item in outputs)),
        config_files=processing_config_files(request.name, request.arn, parameters, max_runtime),
        instance_type=parameters["ProcessingResources"]["ClusterConfig"]["InstanceType"],
        max_runtime_seconds=max_runtime,
        isolated=bool((parameters.get("NetworkConfig") or {}).get("EnableNetworkIsolation")),
        init=True,
        empty_input="failed",
        role_arn=parameters.get("RoleArn", ""),
    )


def start_command(
    entrypoint: Sequence[str] | None, arguments: Sequence[str] | None
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Docker's own rules: an entrypoint clears the image's CMD, arguments alone keep its ENTRYPOINT."""
    if entrypoint:
        return tuple(entrypoint), tuple(arguments or ())
    return None, tuple(arguments) if arguments else None


def _max_runtime(parameters: Mapping[str, Any]) -> int:
    condition = parameters.get("StoppingCondition") or {}
    return int(condition.get("MaxRuntimeInSeconds", DEFAULT_MAX_RUNTIME_SECONDS))


def _inputs(items: Sequence[Mapping[str, Any]]) -> tuple[JobInput, ...]:
    return tuple(
        JobInput(
            name=item["InputName"],
            uri=read_uri(item["S3Input"]["S3Uri"], f"/ProcessingInputs/{index}/S3Input/S3Uri"),
            container_path=read_local_path(
                item["S3Input"].get("LocalPath"), ROOT, f"/ProcessingInputs/{index}/S3Input/LocalPath"
            ),
        )
        for index, item in enumerate(items)
    )


def _outputs(items: Sequence[Mapping[str, Any]]) -> tuple[JobOutput, ...]:
    return tuple(
        _output(item, f"/ProcessingOutputConfig/Outputs/{index}/S3Output") for index, item in enumerate(items)
    )


def _output(item: Mapping[str, Any], pointer: str) -> JobOutput:
    name, target = item["OutputName"], item["S3Output"]
    return JobOutput(
        name=name,
        uri=read_uri(target["S3Uri"], f"{pointer}/S3Uri"),
        container_path=read_local_path(target.get("LocalPath"), ROOT, f"{pointer}/LocalPath"),
        property_path=f"ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri",
        # Continuous uploads happen while the job runs, so what a failing job wrote is there as well.
        always=target.get("S3UploadMode") == "Continuous",
    )
