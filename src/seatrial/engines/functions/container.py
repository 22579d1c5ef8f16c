"""The container in which a function is called, wholly described; starts nothing."""

from __future__ import annotations

from datetime import timedelta

from seatrial.engines.functions.parts import INVOCATION, TASK, Parts
from seatrial.engines.job_keys import JobKeys
from seatrial.engines.locations import staged
from seatrial.engines.native.environment import job_environment
from seatrial.engines.native.old_clients import CONTAINER_FOLDER, write_client_files
from seatrial.engines.native.staging import Stage
from seatrial.ports.functions import DEFAULT_MEGABYTES, FunctionCode
from seatrial.ports.jobs import JobRequest
from seatrial.ports.runners import JobSpec, Mount
from seatrial.runners.labels import EXECUTION_LABEL, JOB_LABEL, STEP_LABEL

# Lambda counts a function's time from its call; what comes before has ten seconds of its own there. The
# runtime in the container counts as well: this is for one that the function keeps from counting.
_BEFORE_THE_CALL = 15.0
_CREDENTIALS_MARGIN = timedelta(minutes=15)
_MEGABYTE = 1024 * 1024


def called_spec(
    parts: Parts, keys: JobKeys, request: JobRequest, function: FunctionCode, image: str, stage: Stage
) -> JobSpec:
    """The image's own entrypoint, with the code, the event, and the environment that a function has."""
    folder = stage.scratch / "aws"
    write_client_files(folder, parts.address.container_endpoint_url)
    memory = function.memory_megabytes
    return JobSpec(
        name=request.name,
        image=image,
        log_path=request.folder / "log.txt",
        environment=_environment(parts, keys, request, function),
        mounts=(
            Mount(staged(stage.tree, TASK), TASK, read_only=True),
            Mount(staged(stage.tree, INVOCATION), INVOCATION),
            Mount(folder, CONTAINER_FOLDER, read_only=True),
        ),
        network=parts.address.network,
        hosts=parts.address.hosts,
        labels={
            EXECUTION_LABEL: request.execution_id,
            STEP_LABEL: request.step_name,
            JOB_LABEL: request.name,
        },
        memory_bytes=memory * _MEGABYTE if memory else None,
        timeout_seconds=function.timeout_seconds + _BEFORE_THE_CALL,
        grace_seconds=0.0,
    )


def _environment(parts: Parts, keys: JobKeys, request: JobRequest, function: FunctionCode) -> dict[str, str]:
    name = function.name
    return job_environment(
        {
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_megabytes or DEFAULT_MEGABYTES),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout_seconds),
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": request.name,
            "SEATRIAL_FUNCTION_ARN": str(request.parameters["FunctionName"]),
            "_HANDLER": function.handler or "",
            **parts.standing(request.execution_id),
            **function.environment,
        },
        parts.address,
        keys.for_a_container(timedelta(seconds=function.timeout_seconds) + _CREDENTIALS_MARGIN),
        set_default_region=True,
    )
