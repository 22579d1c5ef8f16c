"""Which files of each input a job opened, put together from what its containers were seen to open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seatrial.ports.jobs import JobResult
from seatrial.ports.observation import InputFiles
from tests.adapters.memory_runner import Inside, MemoryRunner
from tests.unit.engines.native.requests import Bench, processing_input, processing_output

DATA = "/opt/ml/input/data"
IN = "/opt/ml/processing"


def bench_of(
    tmp_path: Path, program: Callable[[Inside], object], *, sees: bool = True, **settings: Any
) -> Bench:
    bench = Bench(tmp_path, **settings)
    bench.runner = MemoryRunner({"*": _run(program)}, sees=sees)
    bench.store.contents["bucket"] = {
        "data/a.csv": b"a",
        "data/b.csv": b"b",
        "data/deep/c.csv": b"c",
        "other/d.csv": b"d",
    }
    return bench


def _run(program: Callable[[Inside], object]) -> Callable[[Inside], int]:
    def run(inside: Inside) -> int:
        program(inside)
        return 0

    return run


def opening(*paths: str) -> Callable[[Inside], None]:
    def program(inside: Inside) -> None:
        for path in paths:
            inside.read(path)

    return program


def channel(name: str, uri: str, mode: str = "File", **source: str) -> dict[str, Any]:
    data = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri, **source}}
    return {"ChannelName": name, "DataSource": data, "InputMode": mode}


def seen(result: JobResult) -> tuple[tuple[InputFiles, ...] | None, str | None]:
    assert result.observation is not None, result.describe
    return result.observation.inputs, result.observation.files_unseen


def process(bench: Bench, **members: Any) -> JobResult:
    given = [processing_input("data", "s3://bucket/data/"), processing_input("other", "s3://bucket/other/")]
    return bench.process(**{"ProcessingInputs": given, **members})


@pytest.mark.parametrize("mode", ["File", "FastFile"])
def test_what_was_opened_of_each_channel_is_counted_and_the_rest_is_named(tmp_path: Path, mode: str) -> None:
    bench = bench_of(tmp_path, opening(f"{DATA}/train/deep/c.csv"))
    channels = [channel("train", "s3://bucket/data/", mode), channel("other", "s3://bucket/other/", mode)]
    assert seen(bench.train(InputDataConfig=channels)) == (
        (InputFiles("train", 3, 1, ("a.csv", "b.csv")), InputFiles("other", 1, 0, ("d.csv",))),
        None,
    )


def test_one_prefix_in_two_inputs_is_two_inputs(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, opening(f"{IN}/one/d.csv"))
    given = [processing_input(name, "s3://bucket/other/") for name in ("one", "two")]
    inputs, _ = seen(bench.process(ProcessingInputs=given))
    assert inputs == (InputFiles("one", 1, 1), InputFiles("two", 1, 0, ("d.csv",)))


def test_a_file_that_is_passed_on_without_being_read_is_used(tmp_path: Path) -> None:
    def program(inside: Inside) -> None:
        out = inside.path(f"{IN}/out")
        inside.path(f"{IN}/data/a.csv").rename(out / "a.csv")
        (out / "b.csv").hardlink_to(inside.path(f"{IN}/data/b.csv"))

    outputs = {"Outputs": [processing_output("out", "s3://bucket/out")]}
    inputs, _ = seen(process(bench_of(tmp_path, program), ProcessingOutputConfig=outputs))
    assert inputs is not None
    assert inputs[0] == InputFiles("data", 3, 2, ("deep/c.csv",))


def test_what_one_of_several_hosts_opened_was_opened(tmp_path: Path) -> None:
    def program(inside: Inside) -> None:
        assert inside.spec.peers is not None
        inside.read(f"{DATA}/all/{'a' if inside.spec.peers.alias == 'algo-1' else 'b'}.csv")

    bench = bench_of(tmp_path, program)
    resources = {"InstanceCount": 2, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
    channels = [
        channel("all", "s3://bucket/data/"),
        channel("dealt", "s3://bucket/data/", S3DataDistributionType="ShardedByS3Key"),
    ]
    inputs, _ = seen(bench.train(InputDataConfig=channels, ResourceConfig=resources))
    assert inputs == (
        InputFiles("all", 3, 2, ("deep/c.csv",)),
        InputFiles("dealt", 3, 0, ("a.csv", "b.csv", "deep/c.csv")),
    )


def test_what_comes_through_pipes_has_no_files_to_open(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, opening(f"{DATA}/train/a.csv"))
    channels = [channel("train", "s3://bucket/data/"), channel("piped", "s3://bucket/other/", "Pipe")]
    inputs, unseen = seen(bench.train(InputDataConfig=channels))
    assert inputs == (InputFiles("train", 3, 1, ("b.csv", "deep/c.csv")),)
    assert unseen == "piped comes through pipes, and has no files"


def test_a_folder_that_we_read_ourselves_meanwhile_is_not_watched(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, opening())
    bench.store.contents["bucket"]["kept/epoch-1"] = b"1"
    result = bench.train(
        InputDataConfig=[channel("train", "s3://bucket/data/")],
        CheckpointConfig={"S3Uri": "s3://bucket/kept"},
    )
    inputs, unseen = seen(result)
    assert [each.input for each in inputs or ()] == ["train"]
    assert "uploaded while the job runs" in (unseen or "")


def test_where_nobody_sees_it_the_reason_is_told_and_no_number(tmp_path: Path) -> None:
    assert seen(process(bench_of(tmp_path, opening(), sees=False))) == (None, "nobody looks")


def test_a_container_that_never_ran_opened_nothing_that_anybody_saw(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, opening())
    bench.runner = MemoryRunner({}, sees=True)
    assert seen(process(bench)) == (None, "the container did not run")


def test_without_inputs_there_is_nothing_to_see(tmp_path: Path) -> None:
    assert seen(bench_of(tmp_path, opening()).process()) == ((), None)


def test_nobody_looks_if_the_setting_says_so(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, opening(), observation={"files": False})
    result = process(bench)
    assert result.observation is None or (result.observation.inputs, result.observation.files_unseen) == (
        None,
        None,
    )
    assert isinstance(bench.runner, MemoryRunner)
    assert [spec.watched for spec in bench.runner.specs] == [()]


def test_the_first_hundred_that_were_not_opened_are_named(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, opening())
    bench.store.contents["bucket"] = {f"data/{number:03}": b"x" for number in range(150)}
    inputs, _ = seen(bench.process(ProcessingInputs=[processing_input("data", "s3://bucket/data/")]))
    assert inputs is not None
    assert (inputs[0].files, inputs[0].opened, len(inputs[0].unopened)) == (150, 0, 100)
    assert inputs[0].unopened[-1] == "099"
