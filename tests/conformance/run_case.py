"""Runs one case under one engine, in a real container on the real store."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seatrial.ports.jobs import JobEngine, JobProgress, JobRequest
from seatrial.ports.storage import S3Uri
from seatrial.settings import FidelitySettings, Settings
from seatrial.storage import MinioStore
from tests.conformance.case import Case
from tests.conformance.engines import ENGINES, Real
from tests.conformance.outcome import observe


@dataclass(frozen=True)
class CaseRun:
    """What the engine said of the case before it ran, and what came of the run in `expected.json`'s words."""

    unsupported: list[str]
    expected: dict[str, Any]
    seen: dict[str, Any]


def run_case(
    case: Case, engine_name: str, real: Real, settings: Settings, folder: Path, stop_once: str | None = None
) -> CaseRun:
    """To its end, whatever that is; one that would have none is stopped once its log has that text."""
    bucket, job = f"{engine_name}-{case.name}", f"{case.name}-{engine_name}"
    values = {"bucket": bucket, "job": job, "endpoint": real.address.container_endpoint_url}
    values["arn"] = f"arn:aws:sagemaker:us-east-1:123456789012:job/{job}"
    asked = case.request(values)
    fidelity = FidelitySettings(**asked.get("settings", {}))
    engine = ENGINES[engine_name](
        real, settings.model_copy(update={"fidelity": fidelity, "stop_grace_seconds": 1.0})
    )
    request = JobRequest(
        kind=asked["kind"],
        name=job,
        arn=values["arn"],
        parameters={**asked["parameters"], f"{asked['kind']}JobName": job},
        execution_id="conformance1",
        step_name=case.name,
        attempt=1,
        folder=folder / "attempt",
    )
    before = _fill(real.store, bucket, case, asked.get("objects", {}))
    progress: list[JobProgress] = []
    with _stopping(engine, request, stop_once or asked.get("stop_when_log_has")):
        result = engine.run(request, progress.append)
    seen = observe(request, result, progress, real.store, bucket, before)
    return CaseRun(engine.unsupported(request.kind, request.parameters), case.expected(values), seen)


def _fill(store: MinioStore, bucket: str, case: Case, more: dict[str, str]) -> dict[str, str]:
    store.ensure_bucket(bucket)
    objects = {**dict(case.objects()), **{key: text.encode() for key, text in more.items()}}
    return {key: store.write(S3Uri(bucket, key), data).etag for key, data in objects.items()}


@contextmanager
def _stopping(engine: JobEngine, request: JobRequest, text: str | None) -> Iterator[None]:
    """Stop the job as soon as its log contains the text, if there is one."""
    over, log = threading.Event(), request.folder / "log.txt"

    def watch() -> None:
        while not over.wait(0.02):
            if log.exists() and str(text) in log.read_text():
                engine.stop(request.name)
                return

    thread = threading.Thread(target=watch, daemon=True)
    if text:
        thread.start()
    yield
    over.set()
    if text:
        thread.join()
