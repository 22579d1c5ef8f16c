"""A model is served for as long as one job runs: Clarify's own shadow endpoint, in two engines' hands."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from seatrial.engines import logs
from seatrial.engines.describe import describe_job
from seatrial.engines.diary import Diary
from seatrial.engines.ending import STOPPED, Ending, failed
from seatrial.engines.hosting import HostingEngine, Standing
from seatrial.engines.hosting.standing import RUNTIME_URL
from seatrial.engines.stopping import StopRequests
from seatrial.ports.clock import Clock
from seatrial.ports.jobs import JobEngine, JobKind, JobListener, JobProgress, JobRequest, JobResult

MODEL_URL = "model_url"
"""The variable that tells the job's container where the model answers."""


class ShadowEngine(JobEngine):
    """Runs processing jobs; one whose request has an endpoint has it for itself while it runs."""

    def __init__(self, jobs: JobEngine, hosting: HostingEngine, standing: Standing, clock: Clock) -> None:
        self._jobs = jobs
        self._hosting = hosting
        self._standing = standing
        self._clock = clock
        self._stops = StopRequests()

    def unsupported(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """What the engine of the jobs says."""
        return self._jobs.unsupported(kind, parameters)

    def without_effect(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """What the engine of the jobs says."""
        return self._jobs.without_effect(kind, parameters)

    def run(self, request: JobRequest, listener: JobListener) -> JobResult:
        """Run the job, its endpoint beside it if it has one."""
        if request.endpoint is None:
            return self._jobs.run(request, listener)
        with self._stops.expecting(request.name) as stop:
            return self._run_beside(request, listener, stop)

    def stop(self, job_name: str) -> None:
        """Stop whichever of the two there is by now."""
        self._stops.ask(job_name)
        self._hosting.stop(_shadow_name(job_name))
        self._jobs.stop(job_name)

    def release(self, execution_id: str) -> None:
        """What the engine of the jobs holds; endpoints are the hosting engine's to let go."""
        self._jobs.release(execution_id)

    def _run_beside(self, request: JobRequest, listener: JobListener, stop: threading.Event) -> JobResult:
        diary = Diary(request.name, listener, self._clock)
        diary.enter("Starting")
        shadow = _shadow(request)
        if _is_isolated(request):
            reason = "ClientError: with network isolation the job does not reach the model that it asks"
            return self._ended(request, diary, failed(reason))
        try:
            served = self._hosting.run(shadow, _no_news)
            if stop.is_set():
                return self._ended(request, diary, STOPPED)
            if served.describe["EndpointStatus"] != "InService":
                reason = str(served.describe.get("FailureReason") or "the model is not in service")
                return self._ended(request, diary, failed(f"ClientError: {reason}"), shadow.folder)
            result = self._jobs.run(self._told(request, shadow), listener)
            return replace(result, inputs=(*result.inputs, *served.inputs))
        finally:
            self._standing.dismiss(request.execution_id, shadow.name)

    def _told(self, request: JobRequest, shadow: JobRequest) -> JobRequest:
        """The request, with the model's address among its variables."""
        desk = self._standing.environment(request.execution_id)[RUNTIME_URL]
        url = f"{desk}/endpoints/{quote(shadow.name)}/invocations"
        variables = {**(request.parameters.get("Environment") or {}), MODEL_URL: url}
        return replace(request, parameters={**request.parameters, "Environment": variables})

    def _ended(
        self, request: JobRequest, diary: Diary, ending: Ending, folder: Path | None = None
    ) -> JobResult:
        """The end of a job whose container never started."""
        diary.enter(ending.secondary_status)
        tail = logs.tail(folder / "log.txt") if folder is not None else ()
        (request.folder / "log.txt").write_text("".join(f"{line}\n" for line in tail), encoding="utf-8")
        return JobResult(describe=describe_job(request, ending, diary.history, {}), log_tail=tuple(tail))


def _shadow(request: JobRequest) -> JobRequest:
    """The request for the endpoint; its files lie within the job's folder."""
    name = _shadow_name(request.name)
    config = request.endpoint.config["EndpointConfigName"] if request.endpoint else ""
    return replace(
        request,
        kind="Endpoint",
        name=name,
        arn=request.arn.replace("processing-job/", "endpoint/"),
        parameters={"EndpointName": name, "EndpointConfigName": config},
        folder=request.folder / "shadow",
    )


def _shadow_name(job_name: str) -> str:
    return f"{job_name}-shadow"


def _is_isolated(request: JobRequest) -> bool:
    return bool((request.parameters.get("NetworkConfig") or {}).get("EnableNetworkIsolation"))


def _no_news(progress: JobProgress) -> None:
    """The job's own news is what listeners hear."""
