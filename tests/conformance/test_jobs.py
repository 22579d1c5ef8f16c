"""Runs every case under every job engine, in real containers on a real store."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docker
import pytest

from seatrial.images import Images
from seatrial.ports.jobs import JobEngine, JobProgress, JobRequest
from seatrial.ports.storage import S3Uri, StoreAddress
from seatrial.runners import DockerRunner
from seatrial.settings import FidelitySettings, Settings
from seatrial.storage import MinioStore
from tests.conformance.case import CASES, Case
from tests.conformance.engines import ENGINES
from tests.conformance.images import CaseImages, built_images
from tests.conformance.outcome import observe

ALWAYS_COMPARED = ("status", "failure_reason", "exit_message", "refusal", "objects")
DEFAULTS = {"failure_reason": None, "exit_message": None, "refusal": None, "objects": {}}


@pytest.fixture(scope="module")
def case_images(docker_client: docker.DockerClient, images: Images) -> Iterator[CaseImages]:
    """The cases' images, for this module."""
    with built_images(docker_client, images.ensure("base")) as built:
        yield built


@pytest.mark.parametrize("engine_name", list(ENGINES))
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_job_comes_out_as_expected(
    case: Case,
    engine_name: str,
    runner: DockerRunner,
    store: MinioStore,
    store_address: StoreAddress,
    case_images: CaseImages,
    settings: Settings,
    tmp_path: Path,
) -> None:
    bucket = f"{engine_name}-{case.name}"
    job = f"{case.name}-{engine_name}"
    values = {"bucket": bucket, "job": job, "endpoint": store_address.container_endpoint_url}
    values["arn"] = f"arn:aws:sagemaker:us-east-1:123456789012:job/{job}"
    asked = case.request(values)
    fidelity = FidelitySettings(**asked.get("settings", {}))
    engine = ENGINES[engine_name](
        runner,
        store,
        store_address,
        case_images,
        settings.model_copy(update={"fidelity": fidelity, "stop_grace_seconds": 1.0}),
    )
    request = JobRequest(
        kind=asked["kind"],
        name=job,
        arn=values["arn"],
        parameters={**asked["parameters"], f"{asked['kind']}JobName": job},
        execution_id="conformance1",
        step_name=case.name,
        attempt=1,
        folder=tmp_path / "attempt",
    )
    before = _fill(store, bucket, case, asked.get("objects", {}))
    progress: list[JobProgress] = []
    with _stopping(engine, request, asked.get("stop_when_log_has")):
        result = engine.run(request, progress.append)
    seen = observe(request, result, progress, store, bucket, before)
    expected = {**DEFAULTS, **case.expected(values)}
    assert expected.keys() >= set(ALWAYS_COMPARED)
    assert seen["left_in_folder"] == ["log.txt"], "something of the job was left behind"
    problems = [
        f"{member}:\n  expected {wanted!r}\n  seen     {seen[member]!r}"
        for member, wanted in expected.items()
        if not matches(wanted, seen[member])
    ]
    assert not problems, "\n".join([*problems, "log:", seen["log"]])


def matches(wanted: Any, seen: Any) -> bool:
    """Equal, where null in a mapping stands for any value and text between slashes for a pattern."""
    if isinstance(wanted, dict) and isinstance(seen, dict):
        return wanted.keys() == seen.keys() and all(
            value is None or value == seen[name] for name, value in wanted.items()
        )
    if isinstance(wanted, str) and isinstance(seen, str) and wanted.startswith("/^"):
        return re.search(wanted.strip("/"), seen) is not None
    return bool(wanted == seen)


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
