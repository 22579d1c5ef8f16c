"""A functions engine whose container is a Python function."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from seatrial.engines.functions import IMAGE, FunctionsEngine, Parts
from seatrial.ports.functions import FunctionCode
from seatrial.ports.jobs import JobRequest, JobResult
from seatrial.settings import Settings
from tests.adapters.clock import StillClock
from tests.adapters.memory_images import MemoryImages
from tests.adapters.memory_runner import Inside, MemoryRunner, Program
from tests.adapters.memory_store import MemoryStore
from tests.unit.engines.native.requests import ADDRESS, Heard

ARN = "arn:aws:lambda:us-east-1:123456789012:function:count"
RESULT = "/var/invocation/result.json"


def zipped(**files: str) -> bytes:
    """A zip file; two underscores in a name stand for a dot."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "."), text)
    return packed.getvalue()


CODE = FunctionCode("count", zipped(app__py="code"), "app.lambda_handler", timeout_seconds=7)


def outputs(**types: str) -> list[dict[str, str]]:
    """What a step declares."""
    return [{"OutputName": name, "OutputType": kind} for name, kind in types.items()]


def answers(result: Any) -> Program:
    """A container whose function returned that."""

    def program(inside: Inside) -> int:
        inside.write(RESULT, json.dumps({"result": result}))
        return 0

    return program


def told_of(execution_id: str) -> dict[str, str]:
    """What a function is told of the endpoints of its execution."""
    return {"AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": f"http://desk/{execution_id}"}


class Bench:
    """Calls one function; `runner` has what its container was."""

    def __init__(self, folder: Path, program: Program, **runner: Any) -> None:
        self.runner = MemoryRunner({"*": program}, **runner)
        self.store = MemoryStore()
        self.folder = folder / "attempt"
        settings = Settings(state_dir=folder / "state", cache_dir=folder / "cache")
        parts = Parts(self.runner, self.store, ADDRESS, MemoryImages(everything=True), settings, told_of)
        self.engine = FunctionsEngine(parts, StillClock(tick=0.01))

    def request(
        self,
        event: Any = None,
        declared: list[dict[str, str]] | None = None,
        function: FunctionCode | None = CODE,
        **fields: Any,
    ) -> JobRequest:
        parameters: Mapping[str, Any] = {
            "FunctionName": ARN,
            "Payload": event or {},
            "DeclaredOutputs": declared or [],
        }
        request = JobRequest(
            "Lambda",
            "job-1",
            "arn:job",
            parameters,
            "abc123def456",
            "Count",
            1,
            self.folder,
            function=function,
        )
        return replace(request, **fields)

    def call(self, *given: Any, **fields: Any) -> JobResult:
        return self.engine.run(self.request(*given, **fields), Heard())


__all__ = ["ARN", "CODE", "IMAGE", "RESULT", "Bench", "answers", "outputs", "zipped"]
