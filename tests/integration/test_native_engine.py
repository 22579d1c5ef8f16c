"""The native engine where only a real container will do, beyond the conformance cases."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest

from seatrial.engines import instances
from seatrial.engines.native import NativeEngine
from seatrial.images import Images
from seatrial.ports.jobs import JobProgress, JobRequest, JobResult
from seatrial.ports.storage import StoreAddress
from seatrial.runners import DockerRunner
from seatrial.settings import Settings
from seatrial.storage import MinioStore
from tests.adapters.memory_images import MemoryImages, local_image
from tests.conformance.engines import WallClock


@pytest.fixture
def engine(
    runner: DockerRunner, store: MinioStore, store_address: StoreAddress, images: Images, settings: Settings
) -> NativeEngine:
    """Our engine on real parts, with the base image under one name."""
    base = MemoryImages({"base": local_image("base", images.ensure("base"))})
    return NativeEngine(runner, store, store_address, base, settings, WallClock())


def process(engine: NativeEngine, folder: Path, script: str, instance_type: str = "ml.m5.large") -> JobResult:
    name = f"job-{secrets.token_hex(4)}"
    parameters = {
        "ProcessingJobName": name,
        "AppSpecification": {"ImageUri": "base", "ContainerEntrypoint": ["python3", "-c", script]},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": instance_type, "VolumeSizeInGB": 1}
        },
        "RoleArn": "arn:aws:iam::123456789012:role/seatrial",
    }
    heard: list[JobProgress] = []
    request = JobRequest("Processing", name, f"arn:{name}", parameters, "exec00000001", "Step", 1, folder)
    return engine.run(request, heard.append)


def test_running_out_of_memory_is_said_with_limit_and_instance_type(
    engine: NativeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No real instance type is small enough to be filled in a moment.
    monkeypatch.setitem(instances._EXCEPTIONS, "t0.nano", (1, 0.0625))
    result = process(engine, tmp_path / "a", "x = bytearray(300 * 2**20)", "ml.t0.nano")
    assert result.describe["FailureReason"] == (
        "AlgorithmError: the container was killed for exceeding 0.0625 GiB of ml.t0.nano, exit code: 137"
    )


def test_the_log_belongs_to_the_caller_and_nothing_else_is_left(engine: NativeEngine, tmp_path: Path) -> None:
    deep = "/opt/ml/output/deep"
    script = f"import os; os.mkdir('{deep}', 0); os.chown('{deep}', 4711, 4711); print('done')"
    result = process(engine, tmp_path / "a", script)
    assert result.describe["ProcessingJobStatus"] == "Completed"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["log.txt"]
    assert (tmp_path / "a" / "log.txt").stat().st_uid == os.getuid()
    assert result.log_tail == ("done",)
