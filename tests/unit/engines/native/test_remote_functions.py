"""A function's job: what the SDK's program in the container fetches and leaves by itself is seen and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.ports.jobs import JobResult
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_runner import Inside, MemoryRunner
from tests.unit.engines.native.requests import BOOTSTRAP, Bench, function_members

PAYLOAD = {"payload.pkl": b"pickled", "metadata.json": b"{}"}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    bench.store.write(S3Uri("bucket", f"root/{BOOTSTRAP}/job_driver.sh"), b"#!/bin/bash")
    for folder in ("root/Make/2026/function", "root/Make/2026/arguments", "root/exec/Before/results"):
        put(bench, folder)
    return bench


def put(bench: Bench, folder: str) -> int:
    for name, content in PAYLOAD.items():
        bench.store.write(S3Uri("bucket", f"{folder}/{name}"), content)
    return 0


def function(bench: Bench) -> JobResult:
    """The job of a function whose arguments another function returned."""
    return bench.train(**function_members())


def written(result: JobResult) -> dict[str, list[str]]:
    """The objects of each output that has some."""
    return {each.name: [item.key for item in each.objects] for each in result.outputs if each.objects}


def test_what_it_returned_is_its_output(bench: Bench) -> None:
    bench.runner = MemoryRunner({"*": lambda inside: put(bench, "root/exec/Make/results")})
    result = function(bench)

    assert result.describe["TrainingJobStatus"] == "Completed"
    assert written(result) == {
        "results": ["root/exec/Make/results/metadata.json", "root/exec/Make/results/payload.pkl"]
    }
    results = next(each for each in result.outputs if each.name == "results")
    assert results.property_path == "OutputDataConfig.S3OutputPath"
    assert results.s3_uri == "s3://bucket/root/exec/Make/results"


def test_the_same_result_of_an_attempt_that_was_killed_counts_again(bench: Bench) -> None:
    put(bench, "root/exec/Make/results")
    bench.runner = MemoryRunner({"*": lambda inside: put(bench, "root/exec/Make/results")})
    assert set(written(function(bench))) == {"results"}


def test_what_an_earlier_attempt_left_is_not_taken_for_this_ones(bench: Bench) -> None:
    put(bench, "root/exec/Make/results")
    bench.runner = MemoryRunner({"*": lambda inside: 0})
    result = function(bench)
    assert written(result) == {}
    assert [len(each.existing) for each in result.outputs if each.name == "results"] == [2]


def test_an_exception_is_kept_and_told(bench: Bench) -> None:
    def fail(inside: Inside) -> int:
        put(bench, "root/exec/Make/exception")
        inside.write("/opt/ml/output/failure", "ValueError('no rows')")
        return 1

    bench.runner = MemoryRunner({"*": fail})
    result = function(bench)
    assert result.describe["FailureReason"] == "AlgorithmError: ValueError('no rows'), exit code: 1"
    assert set(written(result)) == {"exception"}


def test_what_it_fetches_is_listed_and_not_staged(bench: Bench) -> None:
    bench.runner = MemoryRunner({"*": lambda inside: 0})
    result = function(bench)
    fetched = {each.name: [item.key for item in each.objects] for each in result.inputs if not each.required}
    assert set(fetched) == {"function", "arguments", "Before"}
    assert fetched["Before"] == [
        "root/exec/Before/results/metadata.json",
        "root/exec/Before/results/payload.pkl",
    ]
    downloaded = {download.source.key for batch in bench.store.downloads for download in batch}
    assert downloaded == {f"root/{BOOTSTRAP}/job_driver.sh"}


def test_a_job_that_is_no_function_fetches_and_leaves_nothing_itself(bench: Bench) -> None:
    bench.runner = MemoryRunner({"*": lambda inside: 0})
    result = bench.train()
    assert result.inputs == ()
    assert {each.name for each in result.outputs} == {"model", "output"}
