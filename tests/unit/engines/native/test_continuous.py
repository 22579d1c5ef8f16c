"""What the service sends while a job runs is in the store before the job has ended."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from seatrial.engines.job import JobOutput
from seatrial.engines.native import continuous
from seatrial.engines.native.continuous import Sync
from seatrial.ports.jobs import JobResult
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_runner import Inside, MemoryRunner
from tests.unit.engines.native.requests import Bench, processing_output

LIVE = "/opt/ml/processing/live"
CHECKPOINTS = "/opt/ml/checkpoints"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(continuous, "PAUSE_SECONDS", 0.005)


def keys(bench: Bench) -> list[str]:
    return [item.key for item in bench.store.list_objects(S3Uri("bucket"))]


def wait_for(bench: Bench, wanted: list[str]) -> None:
    until = time.monotonic() + 10
    while keys(bench) != wanted:
        assert time.monotonic() < until, keys(bench)
        time.sleep(0.005)


def live(tmp_path: Path, work: Callable[[Bench, Inside], int]) -> tuple[Bench, JobResult]:
    bench = Bench(tmp_path)
    bench.runner = MemoryRunner({"*": lambda inside: work(bench, inside)})
    outputs = [processing_output("live", "s3://bucket/live", mode="Continuous")]
    outputs += [processing_output("end", "s3://bucket/end")]
    return bench, bench.process(ProcessingOutputConfig={"Outputs": outputs})


def checkpoint(tmp_path: Path, work: Callable[[Bench, Inside], int]) -> tuple[Bench, JobResult]:
    bench = Bench(tmp_path)
    bench.runner = MemoryRunner({"*": lambda inside: work(bench, inside)})
    for name in ("1", "2"):
        bench.store.write(S3Uri("bucket", f"kept/{name}"), name.encode())
    return bench, bench.train(CheckpointConfig={"S3Uri": "s3://bucket/kept"})


def test_only_continuous_outputs_are_there_before_the_end(tmp_path: Path) -> None:
    def work(bench: Bench, inside: Inside) -> int:
        inside.write("/opt/ml/processing/end/late", "late")
        inside.write(f"{LIVE}/a", "half")
        wait_for(bench, ["live/a"])
        inside.write(f"{LIVE}/a", "all of it")
        inside.write(f"{LIVE}/b", "b")
        return 0

    bench, result = live(tmp_path, work)

    assert bench.store.contents["bucket"] == {
        "end/late": b"late",
        "live/a": b"all of it",
        "live/b": b"b",
    }
    assert [[item.key for item in receipt.objects] for receipt in result.outputs] == [
        ["live/a", "live/b"],
        ["end/late"],
    ]


def test_what_was_sent_and_is_gone_from_the_folder_stays_and_counts(tmp_path: Path) -> None:
    def work(bench: Bench, inside: Inside) -> int:
        inside.write(f"{LIVE}/a", "a")
        wait_for(bench, ["live/a"])
        inside.path(f"{LIVE}/a").unlink()
        return 3

    bench, result = live(tmp_path, work)

    assert keys(bench) == ["live/a"]
    assert [(item.key, item.size) for item in result.outputs[0].objects] == [("live/a", 1)]
    assert result.outputs[0].existing == ()


def test_checkpoints_go_and_come_while_the_job_runs(tmp_path: Path) -> None:
    def work(bench: Bench, inside: Inside) -> int:
        inside.write(f"{CHECKPOINTS}/3", "three")
        inside.path(f"{CHECKPOINTS}/1").unlink()
        wait_for(bench, ["kept/2", "kept/3"])
        inside.path(f"{CHECKPOINTS}/3").unlink()
        inside.write(f"{CHECKPOINTS}/4", "four")
        return 1

    bench, result = checkpoint(tmp_path, work)

    assert keys(bench) == ["kept/2", "kept/4"]
    assert [item.key for item in result.outputs[0].objects] == ["kept/2", "kept/4"]
    assert result.outputs[0].existing == ()


def test_a_name_that_no_object_can_have_does_not_hold_up_the_others(tmp_path: Path) -> None:
    def work(bench: Bench, inside: Inside) -> int:
        inside.write(f"{LIVE}/a", "a")
        (inside.path(LIVE) / os.fsdecode(b"odd-\xff")).write_text("x")
        wait_for(bench, ["live/a"])
        return 0

    bench, result = live(tmp_path, work)

    assert keys(bench) == ["live/a"]
    assert "is not UTF-8" in result.describe["FailureReason"]


def test_what_did_not_change_is_not_sent_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    folder = tmp_path / LIVE.lstrip("/")
    folder.mkdir(parents=True)
    (folder / "before").write_text("lay there before the container did")
    output = JobOutput("live", S3Uri("bucket", "live"), LIVE, "path", always=True)
    sync = Sync(bench.store, [tmp_path], [output])

    sync.begin()
    (folder / "a").write_text("a")
    sync.look()
    sync.look()
    (folder / "a").write_text("longer")
    sync.look()

    assert [[upload.target.key for upload in batch] for batch in bench.store.uploads] == [["live/a"]] * 2


def test_where_nothing_is_seen_until_the_end_it_is_said_and_sent_then(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Blind(MemoryRunner):
        def shows(self, folder: Path, image: str) -> bool:
            return False

    def work(inside: Inside) -> int:
        inside.write(f"{LIVE}/a", "a")
        inside.sleep(0.05)
        assert not bench.store.uploads
        return 0

    bench = Bench(tmp_path)
    bench.runner = Blind({"*": work})
    output = processing_output("live", "s3://bucket/live", mode="Continuous")
    result = bench.process(ProcessingOutputConfig={"Outputs": [output]})

    assert result.describe["ProcessingJobStatus"] == "Completed"
    assert keys(bench) == ["live/a"]
    assert "uploaded when it has ended" in caplog.text


def test_a_file_that_may_not_be_read_for_now_is_not_taken_for_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path)
    folder = tmp_path / CHECKPOINTS.lstrip("/")
    folder.mkdir(parents=True)
    output = JobOutput("kept", S3Uri("bucket", "kept"), CHECKPOINTS, "path", form="mirror", always=True)
    sync = Sync(bench.store, [tmp_path], [output])

    (folder / "1").write_text("one")
    sync.look()
    monkeypatch.setattr(os, "access", lambda *_: False)
    (folder / "1").write_text("one and more")
    sync.look()

    assert bench.store.contents["bucket"] == {"kept/1": b"one"}
