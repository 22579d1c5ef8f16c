"""Which failures here are what retry policies call by an exception type; knows nothing of waiting.

Most types name trouble of the service that one machine does not have: nothing is throttled, there is no
quota and no capacity to run out of. What a script does wrong is never retried, on AWS neither.
"""

from __future__ import annotations

from seatrial.errors import ContainerError, MissingObjectError, StorageError
from seatrial.ports.jobs import JobResult

SERVICE_FAULT = "Step.SERVICE_FAULT"
"""Docker Engine or the object store refused or was lost."""

JOB_INTERNAL_ERROR = "SageMaker.JOB_INTERNAL_ERROR"
"""The container's end was not seen: its exit status is lost."""

OCCURRING = frozenset({SERVICE_FAULT, JOB_INTERNAL_ERROR})

_LOST = "InternalServerError"


def fault_of_error(error: BaseException) -> str | None:
    """The exception type of what was raised; an object that is not there is the pipeline's own trouble."""
    if isinstance(error, MissingObjectError):
        return None
    return SERVICE_FAULT if isinstance(error, ContainerError | StorageError) else None


def fault_of_result(result: JobResult | None) -> str | None:
    """The exception type of a job's end."""
    reason = result.describe.get("FailureReason") if result is not None else None
    return JOB_INTERNAL_ERROR if str(reason or "").startswith(_LOST) else None
