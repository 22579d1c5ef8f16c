"""What the service refuses of a request whose members do not go together; an expression may have hidden it.

Before the run the definition's own checks say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.definition.input_modes import channel_faults, processing_input_faults
from seatrial.engines.job import RefusedJobError
from seatrial.ports.jobs import JobKind


def refuse_contradictions(kind: JobKind, parameters: Mapping[str, Any]) -> None:
    """Raise for the first that there is."""
    for message in _training(parameters) if kind == "Training" else _processing(parameters):
        raise RefusedJobError(f"ValidationException: {message}")


def _training(parameters: Mapping[str, Any]) -> Iterator[str]:
    return (fault.message for fault in channel_faults(parameters, _as_it_is))


def _processing(parameters: Mapping[str, Any]) -> Iterator[str]:
    for item in parameters.get("ProcessingInputs") or []:
        for fault in processing_input_faults(item.get("S3Input") or {}, _as_it_is):
            yield f"input {item.get('InputName')!r}: {fault.message}"


def _as_it_is(value: Any) -> Any:
    return value
