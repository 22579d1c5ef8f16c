"""Jobs of several instances: one container for each, which fail, end and are stopped together."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from seatrial.errors import ContainerError
from seatrial.ports.jobs import JobResult
from seatrial.ports.runners import JobOutcome, JobSpec
from seatrial.ports.storage import S3Uri
from seatrial.settings import FidelitySettings
from tests.adapters.memory_runner import Inside, MemoryRunner
from tests.unit.engines.native.requests import (
    Bench,
    job_request,
    processing_input,
    processing_output,
    training_parameters,
)

OUT = "/opt/ml/processing/out"
MODEL = "/opt/ml/model"
Work = Callable[[Inside, str], int]


def host_of(inside: Inside) -> str:
    assert inside.spec.peers is not None
    return inside.spec.peers.alias


def bench_of(tmp_path: Path, work: Work, **settings: object) -> Bench:
    bench = Bench(tmp_path, **settings)
    bench.runner = MemoryRunner({"*": lambda inside: work(inside, host_of(inside))})
    return bench


def process(bench: Bench, count: int = 2, **members: object) -> JobResult:
    cluster = {"InstanceCount": count, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
    return bench.process(ProcessingResources={"ClusterConfig": cluster}, **members)


def train(bench: Bench, count: int = 2, **members: object) -> JobResult:
    resources = {"InstanceCount": count, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
    return bench.train(ResourceConfig=resources, **members)


def specs_of(bench: Bench) -> list[JobSpec]:
    assert isinstance(bench.runner, MemoryRunner)
    return sorted(bench.runner.specs, key=lambda spec: spec.name)


def outputs(mode: str = "EndOfJob") -> dict[str, object]:
    return {"Outputs": [processing_output("out", "s3://bucket/out", OUT, mode)]}


def read(bench: Bench, key: str) -> str:
    return bench.store.read(S3Uri("bucket", key)).decode()


def test_each_instance_is_a_container_on_a_network_of_the_jobs_own(tmp_path: Path) -> None:
    networks: list[str] = []

    def look(inside: Inside, host: str) -> int:
        assert isinstance(bench.runner, MemoryRunner)
        networks.extend(bench.runner.networks)
        return 0

    bench = bench_of(tmp_path, look)
    result = process(bench)

    assert result.describe["ProcessingJobStatus"] == "Completed"
    first, second = specs_of(bench)
    assert (first.name, second.name) == ("job-1-algo-1", "job-1-algo-2")
    assert networks == ["job-1", "job-1"]
    assert {spec.peers.network for spec in (first, second) if spec.peers} == {"job-1"}
    assert [spec.network for spec in (first, second)] == ["seatrial-net"] * 2
    assert [spec.hostname for spec in (first, second)] == [None, None]
    assert first.labels == second.labels
    assert {"exec00000001", "Step", "job-1"} <= set(first.labels.values())
    assert not set(first.mounts) & set(second.mounts)
    assert isinstance(bench.runner, MemoryRunner)
    assert bench.runner.networks == []


def test_isolated_instances_reach_one_another_and_nothing_else(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, lambda inside, host: 0)
    process(bench, NetworkConfig={"EnableNetworkIsolation": True})

    assert [(spec.network, spec.hosts, bool(spec.peers)) for spec in specs_of(bench)] == [
        (None, {}, True)
    ] * 2


def test_each_host_is_told_who_it_is(tmp_path: Path) -> None:
    told: dict[str, object] = {}

    def look(inside: Inside, host: str) -> int:
        told[host] = json.loads(inside.path("/opt/ml/config/resourceconfig.json").read_text())
        return 0

    process(bench_of(tmp_path, look), count=11)

    assert {host: seen["current_host"] for host, seen in told.items()} == {host: host for host in told}
    assert told["algo-1"]["hosts"] == sorted(told)
    assert told["algo-1"]["hosts"][:3] == ["algo-1", "algo-10", "algo-11"]


def test_outputs_are_merged_and_the_last_writer_of_a_name_wins(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def write(inside: Inside, host: str) -> int:
        inside.write(f"{OUT}/{host}/a", host)
        if host == "algo-1":
            inside.sleep(0.1)
        inside.write(f"{OUT}/same", host)
        return 0

    bench = bench_of(tmp_path, write)
    result = process(bench, ProcessingOutputConfig=outputs())

    [receipt] = result.outputs
    assert [item.key for item in receipt.objects] == ["out/algo-1/a", "out/algo-2/a", "out/same"]
    assert receipt.existing == ()
    assert read(bench, "out/same") == "algo-1"
    assert "several hosts wrote same" in caplog.text


def test_the_model_is_one_archive_of_all_hosts(tmp_path: Path) -> None:
    def write(inside: Inside, host: str) -> int:
        inside.write(f"{MODEL}/deep/{host}", host)
        return 0

    result = train(bench_of(tmp_path, write))

    assert [member.name for member in result.outputs[0].members] == ["deep/algo-1", "deep/algo-2"]


def test_a_folder_has_the_place_that_two_hosts_want(tmp_path: Path) -> None:
    def write(inside: Inside, host: str) -> int:
        inside.write(f"{MODEL}/a/b" if host == "algo-1" else f"{MODEL}/a", host)
        return 0

    result = train(bench_of(tmp_path, write))

    assert [member.name for member in result.outputs[0].members] == ["a/b"]


def test_one_that_fails_ends_the_others_and_decides(tmp_path: Path) -> None:
    def work(inside: Inside, host: str) -> int:
        if host == "algo-2":
            inside.write("/opt/ml/output/failure", "out of luck")
            return 3
        inside.sleep(60)
        return 0

    began = time.monotonic()
    result = train(bench_of(tmp_path, work))

    assert time.monotonic() - began < 30
    assert result.describe["TrainingJobStatus"] == "Failed"
    assert result.describe["FailureReason"] == "AlgorithmError: out of luck, exit code: 3"
    assert result.outputs == ()


def test_the_failure_text_may_be_another_hosts(tmp_path: Path) -> None:
    def work(inside: Inside, host: str) -> int:
        if host == "algo-1":
            inside.write("/opt/ml/output/failure", "said by the first")
            inside.sleep(60)
        inside.sleep(0.1)
        return 1

    result = train(bench_of(tmp_path, work))

    assert result.describe["FailureReason"] == "AlgorithmError: said by the first, exit code: 1"


def test_exit_messages_are_one_text(tmp_path: Path) -> None:
    def work(inside: Inside, host: str) -> int:
        inside.write("/opt/ml/output/message", f"{host} " * 100)
        return 0

    result = process(bench_of(tmp_path, work))

    said = str(result.describe["ExitMessage"])
    assert len(said) == 1024
    assert said == ("algo-1 " * 100 + "algo-2 " * 100)[:1024]


def test_all_end_when_the_job_is_stopped(tmp_path: Path) -> None:
    begun = threading.Barrier(3)

    def work(inside: Inside, host: str) -> int:
        inside.write(f"{MODEL}/{host}", host)
        begun.wait(10)
        inside.sleep(60)
        return 0

    bench = bench_of(tmp_path, work)
    resources = {"InstanceCount": 2, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
    engine = bench.engine()
    request = job_request(bench.folder, "Training", training_parameters(ResourceConfig=resources))
    results: list[JobResult] = []
    thread = threading.Thread(target=lambda: results.append(engine.run(request, bench.progress)))
    thread.start()
    begun.wait(10)
    engine.stop("job-1")
    thread.join(30)

    assert results[0].describe["TrainingJobStatus"] == "Stopped"
    assert [member.name for member in results[0].outputs[0].members] == ["algo-1", "algo-2"]


def test_running_too_long_ends_all(tmp_path: Path) -> None:
    def work(inside: Inside, host: str) -> int:
        inside.sleep(0.01 if host == "algo-1" else 60)
        return 0

    result = train(bench_of(tmp_path, work), StoppingCondition={"MaxRuntimeInSeconds": 1})

    assert result.describe["SecondaryStatus"] == "MaxRuntimeExceeded"


def test_what_all_print_is_one_log_by_host_and_the_first_has_the_last_word_on_metrics(
    tmp_path: Path,
) -> None:
    def work(inside: Inside, host: str) -> int:
        inside.say(f"loss={host[-1]}\nno end")
        return 0

    parameters = training_parameters()
    algorithm = {
        **parameters["AlgorithmSpecification"],
        "MetricDefinitions": [{"Name": "loss", "Regex": "^loss=([0-9])"}],
    }
    result = train(bench_of(tmp_path, work), AlgorithmSpecification=algorithm)

    lines = [f"{host} | {text}" for host in ("algo-1", "algo-2") for text in ("loss=" + host[-1], "no end")]
    assert sorted(result.log_tail) == sorted(lines)
    assert result.describe["FinalMetricDataList"][0]["Value"] == 1.0


def test_replicated_inputs_are_everybodys_and_sharded_ones_are_dealt_out(tmp_path: Path) -> None:
    seen: dict[str, list[str]] = {}

    def look(inside: Inside, host: str) -> int:
        root = inside.path("/opt/ml/processing")
        seen[host] = sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
        return 0

    bench = bench_of(tmp_path, look)
    for name in "abc":
        bench.store.write(S3Uri("bucket", f"in/{name}"), name.encode())
    sharded = processing_input("part", "s3://bucket/in/")
    sharded["S3Input"]["S3DataDistributionType"] = "ShardedByS3Key"
    result = process(bench, ProcessingInputs=[processing_input("whole", "s3://bucket/in/"), sharded])

    whole = ["whole/a", "whole/b", "whole/c"]
    assert seen == {"algo-1": ["part/a", "part/c", *whole], "algo-2": ["part/b", *whole]}
    assert [len(receipt.objects) for receipt in result.inputs] == [3, 3]


def test_checkpoints_that_one_host_removes_and_another_keeps_stay(tmp_path: Path) -> None:
    def work(inside: Inside, host: str) -> int:
        inside.path("/opt/ml/checkpoints/all").unlink()
        if host == "algo-1":
            inside.path("/opt/ml/checkpoints/one").unlink()
        inside.write(f"/opt/ml/checkpoints/{host}", host)
        return 0

    bench = bench_of(tmp_path, work)
    for name in ("all", "one"):
        bench.store.write(S3Uri("bucket", f"kept/{name}"), b"x")
    train(bench, CheckpointConfig={"S3Uri": "s3://bucket/kept"})

    assert [item.key for item in bench.store.list_objects(S3Uri("bucket", "kept/"))] == [
        "kept/algo-1",
        "kept/algo-2",
        "kept/one",
    ]


def test_the_end_of_one_that_was_lost_is_the_jobs_failure(tmp_path: Path) -> None:
    def lose(outcome: JobOutcome) -> JobOutcome:
        return replace(outcome, exit_code=None, lost="the engine went away")

    bench = bench_of(tmp_path, lambda inside, host: 0)
    bench.runner = MemoryRunner({"program": lambda inside: 0}, outcomes={"program": lose})
    result = process(bench, ProcessingOutputConfig=outputs())

    assert "the engine went away" in result.describe["FailureReason"]


def test_one_that_cannot_start_ends_the_others_and_leaves_nothing(tmp_path: Path) -> None:
    class Refusing(MemoryRunner):
        def run(self, spec: JobSpec) -> JobOutcome:
            if spec.name.endswith("algo-2"):
                raise ContainerError("no room", slug="docker-refused")
            return super().run(spec)

    bench = bench_of(tmp_path, lambda inside, host: 0)
    bench.runner = runner = Refusing({"*": lambda inside: inside.sleep(60) or 0})  # type: ignore[func-returns-value]  # it sleeps, then 0

    with pytest.raises(ContainerError):
        process(bench)

    assert runner.networks == []
    assert sorted(path.name for path in bench.folder.iterdir()) == ["log.txt"]


def test_failed_outputs_are_kept_if_that_is_wished(tmp_path: Path) -> None:
    def work(inside: Inside, host: str) -> int:
        inside.write(f"{OUT}/{host}", host)
        inside.sleep(0.1)
        return 1

    bench = bench_of(tmp_path, work, fidelity=FidelitySettings(upload_outputs_on_failure=True))
    result = process(bench, ProcessingOutputConfig=outputs())

    assert [item.key for item in result.outputs[0].objects] == ["out/algo-1", "out/algo-2"]
