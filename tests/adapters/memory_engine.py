"""A job engine that runs nothing: it remembers what it was asked and answers as it was told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from seatrial.ports.jobs import (
    JobEngine,
    JobKind,
    JobListener,
    JobProgress,
    JobRequest,
    JobResult,
    OutputReceipt,
)

Answer = Callable[[JobRequest], JobResult]


def completed(request: JobRequest, *outputs: OutputReceipt, **properties: Any) -> JobResult:
    """A job that went well: the request, as the Describe* response repeats it, and `properties`."""
    return JobResult(
        describe=_describe(request, "Completed", **properties),
        outputs=outputs,
        seconds=dict.fromkeys(("stage_in", "container", "stage_out"), 0.0),
    )


def failed(
    request: JobRequest, reason: str = "AlgorithmError: , exit code: 1", **properties: Any
) -> JobResult:
    """A job whose container ended badly."""
    return JobResult(describe=_describe(request, "Failed", FailureReason=reason, **properties))


def stopped(request: JobRequest, **properties: Any) -> JobResult:
    """A job that was stopped."""
    return JobResult(describe=_describe(request, "Stopped", **properties))


class MemoryEngine(JobEngine):
    """Answers `completed` unless `answers` has something else for the step.

    `requests` holds every request in the order in which they came. A step named in `hold` stays
    running until `release(step)` or `stop(job)`; `started` tells a test that it is running.
    """

    def __init__(
        self,
        answers: Mapping[str, Answer] | None = None,
        *,
        unsupported: tuple[str, ...] = (),
        hold: tuple[str, ...] = (),
    ) -> None:
        self.answers = dict(answers or {})
        self.requests: list[JobRequest] = []
        self.stopped: list[str] = []
        self.started = {step: threading.Event() for step in hold}
        self._go = {step: threading.Event() for step in hold}
        self._refusals = list(unsupported)
        self._lock = threading.Lock()

    def unsupported(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """What the test said at construction."""
        return list(self._refusals)

    def without_effect(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """Nothing: this engine has no settings to ignore."""
        return []

    def run(self, request: JobRequest, listener: JobListener) -> JobResult:
        """Remember the request, wait if the test holds its step, answer."""
        with self._lock:
            self.requests.append(request)
        listener(JobProgress(request.name, "Starting"))
        request.folder.mkdir(parents=True, exist_ok=True)
        (request.folder / "log.txt").write_text(f"{request.step_name} attempt {request.attempt}\n")
        if request.step_name in self._go:
            self.started[request.step_name].set()
            self._go[request.step_name].wait()
        result = self._answer(request)
        listener(JobProgress(request.name, str(result.describe[f"{_resource(request)}Status"])))
        return result

    def stop(self, job_name: str) -> None:
        """Remember it; a held step goes on and answers `stopped`."""
        with self._lock:
            self.stopped.append(job_name)
            held = [request.step_name for request in self.requests if request.name == job_name]
        for step in held:
            self.release(step)

    def release(self, step: str) -> None:
        """Let a held step end."""
        if step in self._go:
            self._go[step].set()

    def _answer(self, request: JobRequest) -> JobResult:
        if request.name in self.stopped:
            return stopped(request)
        return self.answers.get(request.step_name, completed)(request)


def _resource(request: JobRequest) -> str:
    named = {"Tuning": "HyperParameterTuningJob", "Endpoint": "Endpoint"}
    return named.get(request.kind, f"{request.kind}Job")


def _describe_endpoint(request: JobRequest, status: str, **properties: Any) -> dict[str, Any]:
    statuses = {"Completed": "InService", "Stopped": "OutOfService"}
    return {
        **request.parameters,
        "EndpointArn": f"{request.arn.rpartition('/')[0]}/{request.parameters['EndpointName']}",
        "EndpointStatus": statuses.get(status, status),
        **properties,
    }


def _describe(request: JobRequest, status: str, **properties: Any) -> dict[str, Any]:
    if request.kind == "Endpoint":
        return _describe_endpoint(request, status, **properties)
    describe = {
        **request.parameters,
        f"{_resource(request)}Name": request.name,
        f"{_resource(request)}Arn": request.arn,
        f"{_resource(request)}Status": status,
        "CreationTime": "2026-01-02T03:04:05+00:00",
    }
    if request.kind == "Training":
        base = str(request.parameters.get("OutputDataConfig", {}).get("S3OutputPath", "")).rstrip("/")
        describe["SecondaryStatus"] = status
        describe["ModelArtifacts"] = {"S3ModelArtifacts": f"{base}/{request.name}/output/model.tar.gz"}
    return {**describe, **properties}
