"""The texts of a failed job in the service's form, and as much reason as is known; builds strings only."""

from __future__ import annotations

from seatrial.engines.instances import Instance
from seatrial.errors import AccessDeniedError, SeatrialError

LIMIT = 1024
NOT_STARTED = {126: "entrypoint not executable", 127: "entrypoint not found"}


def algorithm_error(text: str, exit_code: int) -> str:
    """`AlgorithmError: <text>, exit code: N`, its text cut so that the code stays within the limit."""
    opening, closing = "AlgorithmError: ", f", exit code: {exit_code}"
    return opening + text.strip()[: LIMIT - len(opening) - len(closing)] + closing


def out_of_memory(instance_type: str, instance: Instance | None) -> str:
    """Which limit was exceeded."""
    limit = f"{instance.memory_text} of {instance_type}" if instance else "this machine's memory"
    return f"the container was killed for exceeding {limit}"


def image_missing(image_uri: str, error: SeatrialError) -> str:
    """The service's words for an image that cannot be had, then ours."""
    ours = "; ".join(text for text in (error.message, error.hint) if text)
    return cut(
        f"ClientError: API error (404): manifest for {image_uri} not found: manifest unknown: "
        f"Requested image not found ({ours})"
    )


def access_denied(denial: AccessDeniedError) -> str:
    """Data that the role may not read or write, by the way it did not go."""
    way = "upload" if denial.action == "s3:PutObject" else "download"
    return cut(f"ClientError: Failed to {way} data. {denial.message}")


def lost_status(why: str) -> str:
    """A container whose end nobody saw: the service would call it its own fault."""
    return cut(f"InternalServerError: the exit status of the container was lost: {why}")


def max_runtime_exceeded(seconds: int) -> str:
    """A processing job that ran past its limit."""
    return f"ClientError: the job exceeded its MaxRuntimeInSeconds of {seconds} and was stopped"


def message_not_text() -> str:
    """`/opt/ml/output/message` that cannot become an ExitMessage."""
    return "ClientError: /opt/ml/output/message is not encoded as UTF-8"


def cut(text: str) -> str:
    """Within the service's limit."""
    return text[:LIMIT]
