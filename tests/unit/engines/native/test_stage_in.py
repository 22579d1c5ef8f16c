"""Inputs come in whole, in their places, or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import MethodType

import pytest

from seatrial.ports.jobs import JobResult
from seatrial.ports.storage import S3Uri, StoredObject
from tests.adapters.memory_runner import Inside, MemoryRunner
from tests.adapters.memory_store import MemoryStore
from tests.unit.engines.native.requests import Bench, processing_input, processing_output


def run_with(bench: Bench, keys: dict[str, bytes], *inputs: dict[str, object]) -> JobResult:
    bench.store.contents.setdefault("bucket", {}).update(keys)
    return bench.process(ProcessingInputs=list(inputs))


def reason(result: JobResult) -> str:
    assert result.describe["ProcessingJobStatus"] == "Failed"
    return str(result.describe["FailureReason"])


def specs(bench: Bench) -> int:
    assert isinstance(bench.runner, MemoryRunner)
    return len(bench.runner.specs)


@pytest.mark.parametrize("key", ["in/../../../escaped", "in/../x", "in/.."])
def test_no_key_leaves_its_input(tmp_path: Path, key: str) -> None:
    bench = Bench(tmp_path)
    result = run_with(bench, {key: b"x", "in/a": b"a"}, processing_input("data", "s3://bucket/in/"))
    assert reason(result).startswith("ClientError: Failed to download data. ")
    assert not [path for path in tmp_path.rglob("*") if path.name in ("escaped", "x")]
    assert specs(bench) == 0


def test_an_object_that_is_file_and_folder_is_said_as_the_service_does(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    result = run_with(bench, {"in/a": b"1", "in/a/b": b"2"}, processing_input("data", "s3://bucket/in/"))
    assert "no object that is both a folder as well as a file" in reason(result)
    assert bench.store.downloads == []


def test_two_inputs_of_one_folder_may_not_bring_the_same_file(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    inputs = [processing_input(name, f"s3://bucket/{name}/", "/opt/ml/processing/in") for name in ("x", "y")]
    result = run_with(bench, {"x/f": b"1", "y/f": b"2"}, *inputs)
    assert "s3://bucket/x/f and s3://bucket/y/f" in reason(result)


@pytest.mark.parametrize(
    "other",
    [
        processing_input("y", "s3://bucket/y/", "/opt/ml/processing/in/f"),
        processing_input("y", "s3://bucket/deep/", "/opt/ml/processing/in"),
    ],
    ids=["an input's folder", "a folder within an input"],
)
def test_a_file_may_not_lie_where_another_input_has_a_folder(
    tmp_path: Path, other: dict[str, object]
) -> None:
    first = processing_input("x", "s3://bucket/x/", "/opt/ml/processing/in")
    result = run_with(Bench(tmp_path), {"x/f": b"1", "y/z": b"2", "deep/f/z": b"3"}, first, other)
    assert "s3://bucket/x/f would lie where /opt/ml/processing/in/f is a folder" in reason(result)


def test_a_file_may_not_lie_where_an_output_has_its_folder(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.store.contents["bucket"] = {"x/f": b"1"}
    result = bench.process(
        ProcessingInputs=[processing_input("x", "s3://bucket/x/", "/opt/ml/processing/in")],
        ProcessingOutputConfig={
            "Outputs": [processing_output("o", "s3://bucket/o", "/opt/ml/processing/in/f")]
        },
    )
    assert "is a folder" in reason(result)


def test_an_object_replaced_after_the_listing_fails_the_job(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    listed = MemoryStore.list_objects

    def list_then_replace(store: MemoryStore, prefix: S3Uri) -> Iterator[StoredObject]:
        found = list(listed(store, prefix))
        store.write(S3Uri("bucket", "x/f"), b"another")
        return iter(found)

    bench.store.list_objects = MethodType(list_then_replace, bench.store)  # type: ignore[method-assign]  # it races
    result = run_with(bench, {"x/f": b"1"}, processing_input("x", "s3://bucket/x/"))
    assert reason(result).startswith("ClientError: Failed to download data. replaced: s3://bucket/x/f")


def test_two_inputs_of_one_folder_are_merged(tmp_path: Path) -> None:
    seen: list[str] = []

    def look(inside: Inside) -> int:
        seen.extend(sorted(path.name for path in inside.path("/opt/ml/processing/in").iterdir()))
        return 0

    bench = Bench(tmp_path, look)
    inputs = [processing_input(name, f"s3://bucket/{name}/", "/opt/ml/processing/in") for name in ("x", "y")]
    result = run_with(bench, {"x/1": b"1", "y/2": b"2"}, *inputs)
    assert result.describe["ProcessingJobStatus"] == "Completed"
    assert seen == ["1", "2"]


def test_all_inputs_are_fetched_in_one_go(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    run_with(
        bench,
        {"x/1": b"1", "y/2": b"2"},
        processing_input("x", "s3://bucket/x/"),
        processing_input("y", "s3://bucket/y/"),
    )
    assert [len(batch) for batch in bench.store.downloads] == [2]


def test_a_bucket_that_is_not_there_is_an_empty_input(tmp_path: Path) -> None:
    result = run_with(Bench(tmp_path), {}, processing_input("data", "s3://no-such-bucket/in/"))
    assert 'No S3 objects found under S3 URL "s3://no-such-bucket/in/"' in reason(result)


def test_an_object_that_vanishes_after_the_listing_fails_the_job(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.store.write(S3Uri("bucket", "in/a"), b"a")
    listed = list(bench.store.list_objects(S3Uri("bucket", "in/")))
    bench.store.list_objects = lambda prefix: iter(listed)  # type: ignore[method-assign]  # frozen listing
    bench.store.delete([S3Uri("bucket", "in/a")])
    result = bench.process(ProcessingInputs=[processing_input("data", "s3://bucket/in/")])
    assert reason(result).startswith("ClientError: Failed to download data. ")


@pytest.mark.parametrize(
    "path", ["/opt/ml/processing/../../etc", "/etc", "/opt/ml/processingx/a", "relative", None]
)
def test_a_local_path_elsewhere_is_refused_before_anything_runs(tmp_path: Path, path: str | None) -> None:
    item = processing_input("data", "s3://bucket/in/")
    item["S3Input"]["LocalPath"] = path
    bench = Bench(tmp_path)
    result = run_with(bench, {"in/a": b"a"}, item)
    assert result.refusal is not None
    assert "/ProcessingInputs/0/S3Input/LocalPath" in result.refusal
    assert specs(bench) == 0


def test_what_is_no_s3_uri_is_refused_with_its_pointer(tmp_path: Path) -> None:
    result = run_with(Bench(tmp_path), {}, processing_input("data", "file:///tmp/x"))
    assert str(result.refusal).startswith("ValidationException: /ProcessingInputs/0/S3Input/S3Uri: ")


def test_a_strict_umask_keeps_no_input_from_the_user_of_the_image(tmp_path: Path) -> None:
    modes: dict[str, int] = {}

    def look(inside: Inside) -> int:
        for path in ("/opt/ml/processing/data/sub/a", "/opt/ml/processing/data/sub", "/opt/ml/config"):
            modes[path] = stat.S_IMODE(inside.path(path).stat().st_mode)
        config = inside.path("/opt/ml/config/processingjobconfig.json")
        modes["config"] = stat.S_IMODE(config.stat().st_mode)
        return 0

    bench = Bench(tmp_path, look)
    before = os.umask(0o077)
    try:
        run_with(bench, {"in/sub/a": b"a"}, processing_input("data", "s3://bucket/in/"))
    finally:
        os.umask(before)
    assert list(modes.values()) == [0o644, 0o777, 0o777, 0o644]
