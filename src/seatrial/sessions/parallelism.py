"""How many steps at a time a pipeline's code asks for, heard from its calls; starts nothing."""

from __future__ import annotations

from seatrial.sessions.calls import Call

_CONFIGURING = ("CreatePipeline", "UpdatePipeline")


class Parallelism:
    """`MaxParallelExecutionSteps` of each pipeline that code created or updated while it was compiled."""

    def __init__(self) -> None:
        self._limits: dict[str, int] = {}

    def hear(self, call: Call) -> None:
        """Remember what a call configures; the last one of a pipeline counts."""
        if call.service != "sagemaker" or call.operation not in _CONFIGURING:
            return
        configured = call.parameters.get("ParallelismConfiguration") or {}
        limit = configured.get("MaxParallelExecutionSteps")
        if isinstance(limit, int):
            self._limits[str(call.parameters.get("PipelineName"))] = limit

    def of(self, pipeline_name: str) -> int | None:
        """The limit of that pipeline, None if nobody set one."""
        return self._limits.get(pipeline_name)
