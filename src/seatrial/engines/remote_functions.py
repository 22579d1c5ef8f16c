"""What the SDK's own program in the container of a `@step` function fetches from S3 and leaves there.

Knows where by the job's request; neither pickles nor the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.definition.remote_functions import remote_function
from seatrial.engines.job import JobInput, JobOutput
from seatrial.engines.locations import read_uri

_ARGUMENTS = "/AlgorithmSpecification/ContainerArguments"
_OUTPUT_PATH = "/OutputDataConfig/S3OutputPath"


def fetched(parameters: Mapping[str, Any]) -> tuple[JobInput, ...]:
    """The pickled function, its arguments, and what the functions before it returned."""
    function = remote_function(parameters)
    if function is None:
        return ()
    returned = {name: argument.value for name, argument in function.results.items()}
    places = {**function.payloads, **returned}
    return tuple(
        JobInput(name, read_uri(str(text), _ARGUMENTS), "", required=False) for name, text in places.items()
    )


def left(parameters: Mapping[str, Any]) -> tuple[JobOutput, ...]:
    """What the function returned, or the exception that it raised."""
    function = remote_function(parameters)
    if function is None:
        return ()
    places = {"results": parameters["OutputDataConfig"]["S3OutputPath"], "exception": function.exception}
    return tuple(
        JobOutput(name, read_uri(text, _OUTPUT_PATH), "", "OutputDataConfig.S3OutputPath")
        for name, text in places.items()
        if text
    )
