"""What an application fetches and sends itself is left to it, and seen."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from seatrial.engines.native import continuous
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_runner import Inside, MemoryRunner
from tests.unit.engines.native.requests import Bench, processing_input, processing_output


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    for key in ("in/a", "out/old", "out/again", "out-of-it"):
        bench.store.write(S3Uri("bucket", key), b"before")
    return bench


def test_what_the_application_wrote_counts_however_it_ends(bench: Bench) -> None:
    def send(inside: Inside) -> int:
        for key in ("out/new", "out/again", "elsewhere"):
            bench.store.write(S3Uri("bucket", key), b"before")
        return 1

    bench.runner = MemoryRunner({"*": send})
    own = {**processing_output("own", "s3://bucket/out"), "AppManaged": True}
    result = bench.process(ProcessingOutputConfig={"Outputs": [own]})

    assert result.describe["ProcessingJobStatus"] == "Failed"
    [receipt] = result.outputs
    assert [item.key for item in receipt.objects] == ["out/again", "out/new"]
    assert [item.key for item in receipt.existing] == ["out/old"]
    assert bench.store.uploads == []


def test_what_it_may_fetch_is_listed_and_not_staged(bench: Bench) -> None:
    seen: list[str] = []

    def look(inside: Inside) -> int:
        seen.extend(path.name for path in inside.path("/opt/ml/processing").iterdir())
        seen.append(inside.path("/opt/ml/config/processingjobconfig.json").read_text())
        return 0

    bench.runner = MemoryRunner({"*": look})
    own = processing_input("own", "s3://bucket/in/")
    del own["S3Input"]["LocalPath"]
    nothing = processing_input("nothing", "s3://bucket/nothing/")
    inputs = [{**each, "AppManaged": True} for each in (own, nothing)]
    result = bench.process(ProcessingInputs=inputs)

    assert result.describe["ProcessingJobStatus"] == "Completed"
    assert [[item.key for item in receipt.objects] for receipt in result.inputs] == [["in/a"], []]
    assert not any(receipt.required for receipt in result.inputs)
    assert len(seen) == 1
    assert json.loads(seen[0])["ProcessingInputs"][0]["S3Input"]["LocalPath"] is None
    assert bench.store.downloads == []


def test_an_object_named_to_the_letter_is_the_output(bench: Bench) -> None:
    def send(inside: Inside) -> int:
        bench.store.write(S3Uri("bucket", "report.json"), b"{}")
        bench.store.write(S3Uri("bucket", "report.json.bak"), b"{}")
        return 0

    bench.runner = MemoryRunner({"*": send})
    own = {**processing_output("own", "s3://bucket/report.json"), "AppManaged": True}
    result = bench.process(ProcessingOutputConfig={"Outputs": [own]})

    assert [item.key for item in result.outputs[0].objects] == ["report.json"]


def test_copies_of_what_it_fetches_and_sends_are_nothing_lost(bench: Bench) -> None:
    def copy(inside: Inside) -> int:
        inside.write("/opt/ml/processing/own-in/a", "fetched")
        inside.write("/opt/ml/processing/own-out/a", "sent")
        inside.write("/opt/ml/processing/elsewhere/a", "lost")
        return 0

    bench.runner = MemoryRunner({"*": copy})
    fetched = {**processing_input("own-in", "s3://bucket/in/"), "AppManaged": True}
    sent = {**processing_output("own-out", "s3://bucket/out"), "AppManaged": True}
    result = bench.process(ProcessingInputs=[fetched], ProcessingOutputConfig={"Outputs": [sent]})

    assert [file.container_path for file in result.lost_files] == ["/opt/ml/processing/elsewhere/a"]


def test_what_goes_up_while_the_job_runs_is_not_the_applications(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(continuous, "PAUSE_SECONDS", 0.005)

    def send(inside: Inside) -> int:
        inside.write("/opt/ml/processing/live/a", "half")
        until = time.monotonic() + 10
        while bench.store.stat(S3Uri("bucket", "out/live/a")) is None and time.monotonic() < until:
            time.sleep(0.005)
        bench.store.write(S3Uri("bucket", "out/new"), b"new")
        return 0

    bench.runner = MemoryRunner({"*": send})
    own = {**processing_output("own", "s3://bucket/out"), "AppManaged": True}
    live = processing_output("live", "s3://bucket/out/live", mode="Continuous")
    result = bench.process(ProcessingOutputConfig={"Outputs": [own, live]})

    written = {receipt.name: [item.key for item in receipt.objects] for receipt in result.outputs}
    assert written == {"live": ["out/live/a"], "own": ["out/new"]}
