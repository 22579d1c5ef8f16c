"""Outputs go where they were declared, and receipts tell what this attempt wrote."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from seatrial.errors import StorageError
from seatrial.ports.jobs import JobResult
from seatrial.ports.storage import S3Uri, StoredObject, Upload
from tests.adapters.memory_runner import Inside
from tests.adapters.memory_store import MemoryStore
from tests.unit.engines.native.requests import (
    Bench,
    job_request,
    processing_input,
    processing_output,
    processing_parameters,
)

OUT = "/opt/ml/processing/out"


def writing(*names: str) -> Callable[[Inside], int]:
    def program(inside: Inside) -> int:
        for name in names:
            inside.write(f"{OUT}/{name}", name)
        return 0

    return program


def run(bench: Bench, *outputs: dict[str, Any], **members: Any) -> JobResult:
    return bench.process(ProcessingOutputConfig={"Outputs": list(outputs)}, **members)


@pytest.mark.parametrize(
    ("uri", "key"),
    [
        ("s3://bucket/a/b", "a/b/sub/x"),
        ("s3://bucket/a/b/", "a/b/sub/x"),
        ("s3://bucket/", "sub/x"),
        ("s3://bucket", "sub/x"),
    ],
)
def test_keys_are_joined_by_exactly_one_slash(tmp_path: Path, uri: str, key: str) -> None:
    bench = Bench(tmp_path, writing("sub/x"))
    receipt = run(bench, processing_output("out", uri)).outputs[0]
    assert [item.key for item in receipt.objects] == [key]
    assert receipt.s3_uri.rstrip("/") == uri.rstrip("/")


def test_leftovers_of_an_earlier_run_are_not_outputs(tmp_path: Path) -> None:
    bench = Bench(tmp_path, writing("x"))
    for key in ("out/x", "out/old", "outside", "out-2/y"):
        bench.store.write(S3Uri("bucket", key), b"old")
    receipt = run(bench, processing_output("out", "s3://bucket/out")).outputs[0]
    assert [item.key for item in receipt.objects] == ["out/x"]
    assert [item.key for item in receipt.existing] == ["out/old"]


def test_what_another_output_of_the_job_wrote_is_ours_as_well(tmp_path: Path) -> None:
    bench = Bench(tmp_path, writing("x", "deep/y"))
    result = run(
        bench,
        processing_output("all", "s3://bucket/base", OUT),
        processing_output("deep", "s3://bucket/base/second", f"{OUT}/deep"),
    )
    assert [receipt.existing for receipt in result.outputs] == [(), ()]
    assert [[item.key for item in receipt.objects] for receipt in result.outputs] == [
        ["base/deep/y", "base/x"],
        ["base/second/y"],
    ]


def test_all_outputs_are_sent_in_one_go(tmp_path: Path) -> None:
    bench = Bench(tmp_path, writing("x"))
    run(bench, processing_output("a", "s3://bucket/a", OUT), processing_output("b", "s3://bucket/b", OUT))
    assert [len(batch) for batch in bench.store.uploads] == [2]


def test_an_output_folder_that_the_container_removed_is_empty(tmp_path: Path) -> None:
    def remove(inside: Inside) -> int:
        inside.path(OUT).rmdir()
        return 0

    result = run(Bench(tmp_path, remove), processing_output("out", "s3://bucket/out"))
    assert result.describe["ProcessingJobStatus"] == "Completed"
    assert result.outputs[0].objects == ()


@pytest.mark.parametrize("linked", [OUT, "/opt/ml/processing/deep"])
def test_an_output_behind_a_link_does_not_give_away_this_machine(tmp_path: Path, linked: str) -> None:
    secrets = tmp_path / "secrets"
    (secrets / "out").mkdir(parents=True)
    (secrets / "key").write_text("secret")
    (secrets / "out" / "key").write_text("secret")

    def link(inside: Inside) -> int:
        folder = inside.path(linked)
        if (folder / "out").is_dir():
            (folder / "out").rmdir()
        folder.rmdir()
        folder.symlink_to(secrets)
        return 0

    bench = Bench(tmp_path, link)
    path = OUT if linked == OUT else f"{linked}/out"
    result = run(bench, processing_output("out", "s3://bucket/out", path))
    assert result.outputs[0].objects == ()
    assert bench.store.contents == {}
    assert (secrets / "key").read_text() == "secret"


def test_a_name_that_no_object_can_have_fails_the_job_with_the_reason(tmp_path: Path) -> None:
    def write_bytes_name(inside: Inside) -> int:
        inside.write("/opt/ml/output/message", "said all the same")
        (inside.path(OUT) / b"caf\xe9".decode("utf-8", "surrogateescape")).write_text("x")
        return 0

    result = run(Bench(tmp_path, write_bytes_name), processing_output("out", "s3://bucket/out"))
    assert result.describe["ProcessingJobStatus"] == "Failed"
    assert result.describe["ExitMessage"] == "said all the same"
    assert "is not UTF-8" in result.describe["FailureReason"]
    assert result.describe["FailureReason"].isprintable()


def test_outputs_that_hide_each_other_fail_the_job(tmp_path: Path) -> None:
    bench = Bench(tmp_path, writing("x"))
    result = run(
        bench, processing_output("a", "s3://bucket/o", OUT), processing_output("b", "s3://bucket/o/x", OUT)
    )
    assert result.describe["FailureReason"].startswith("ClientError: Failed to upload data. ")


def test_outputs_with_one_name_tell_of_the_one_object_that_is_there(tmp_path: Path) -> None:
    def write(inside: Inside) -> int:
        inside.write(f"{OUT}/same", "first")
        inside.write("/opt/ml/processing/second/same", "second")
        return 0

    bench = Bench(tmp_path, write)
    first, second = run(
        bench,
        processing_output("out", "s3://bucket/place"),
        processing_output("second", "s3://bucket/place"),
    ).outputs
    assert first.objects == second.objects == tuple(bench.store.list_objects(S3Uri("bucket", "place/")))
    assert bench.store.read(S3Uri("bucket", "place/same")) == b"second"


def test_an_object_that_another_hides_fails_the_job(tmp_path: Path) -> None:
    class Hiding(MemoryStore):
        """Keeps what lies beneath another object out of every listing, as MinIO does."""

        def list_objects(self, prefix: S3Uri) -> Iterator[StoredObject]:
            held = self.contents.get(prefix.bucket, {})
            return (
                item
                for item in super().list_objects(prefix)
                if not any(item.key.startswith(f"{other}/") for other in held)
            )

    bench, store = Bench(tmp_path, writing("x")), Hiding()
    store.write(S3Uri("bucket", "report"), b"a file of another step")
    outputs = {"Outputs": [processing_output("out", "s3://bucket/report")]}
    request = job_request(bench.folder, "Processing", processing_parameters(ProcessingOutputConfig=outputs))
    result = bench.engine(store=store).run(request, bench.progress)
    assert result.describe["FailureReason"] == (
        "ClientError: Failed to upload data. s3://bucket/report/x lies beneath another object's key, "
        "which hides it from every listing: rename one of the two"
    )


@pytest.mark.parametrize("uri", ["s3://bucket/base//out", "s3://bucket/" + "/".join(["x" * 200] * 6)])
def test_a_key_that_the_store_cannot_hold_fails_the_job_and_says_what_to_do(tmp_path: Path, uri: str) -> None:
    result = run(Bench(tmp_path, writing("x")), processing_output("out", uri))
    reason = result.describe["FailureReason"]
    assert reason.startswith("ClientError: Failed to upload data. ")
    assert "the local store takes no such key" in reason or "1024 bytes" in reason


@pytest.mark.parametrize(("depth", "status"), [(1200, "Completed"), (2500, "Failed")])
def test_folders_nested_without_end_are_the_jobs_own_fault_and_are_removed(
    tmp_path: Path, depth: int, status: str
) -> None:
    def nest(inside: Inside) -> int:
        opened = os.open(inside.path(OUT), os.O_RDONLY)
        for _ in range(depth):
            os.mkdir("d", dir_fd=opened)
            opened, above = os.open("d", os.O_RDONLY, dir_fd=opened), opened
            os.close(above)
        os.close(opened)
        return 0

    bench = Bench(tmp_path, nest)
    result = run(bench, processing_output("out", "s3://bucket/out"))
    assert result.describe["ProcessingJobStatus"] == status
    assert ("deeper than any path" in result.describe.get("FailureReason", "")) == (status == "Failed")
    assert [path.name for path in bench.folder.iterdir()] == ["log.txt"]


def test_a_file_in_the_place_of_an_output_folder_is_lost_data(tmp_path: Path) -> None:
    def replace_folder(inside: Inside) -> int:
        inside.path(OUT).rmdir()
        inside.write(OUT, "four")
        return 0

    result = run(Bench(tmp_path, replace_folder), processing_output("out", "s3://bucket/out"))
    assert [item.container_path for item in result.lost_files] == [OUT]


def test_a_bucket_that_cannot_be_fails_the_job(tmp_path: Path) -> None:
    result = run(Bench(tmp_path, writing("x")), processing_output("out", "s3://No/out"))
    assert result.describe["FailureReason"].startswith("ClientError: Failed to upload data. ")


def test_a_store_that_is_gone_is_not_the_jobs_failure_and_leaves_nothing(tmp_path: Path) -> None:
    class Gone(MemoryStore):
        def upload(self, uploads: object, *, given_up: bool = False) -> list[StoredObject]:
            raise StorageError("gone", slug="store-lost")

    bench = Bench(tmp_path, writing("x"))
    outputs = {"Outputs": [processing_output("out", "s3://bucket/out")]}
    request = job_request(bench.folder, "Processing", processing_parameters(ProcessingOutputConfig=outputs))
    with pytest.raises(StorageError, match="gone"):
        bench.engine(store=Gone()).run(request, bench.progress)
    assert [path.name for path in bench.folder.iterdir()] == ["log.txt"]


def test_files_that_no_output_covers_are_lost_and_untouched_inputs_are_not(tmp_path: Path) -> None:
    def write(inside: Inside) -> int:
        for path in (f"{OUT}/kept", "/opt/ml/processing/other/x", "/opt/ml/processing/data/new", "/srv/y"):
            inside.write(path, "four")
        inside.write("/opt/ml/processing/data/changed", "other data")
        inside.write("/opt/ml/processing/data/unpacked", "a member of an archive")
        os.utime(inside.path("/opt/ml/processing/data/unpacked"), (0, 0))
        inside.path("/opt/ml/processing/data/old").chmod(0o600)
        inside.write("/opt/ml/output/message", "fine")
        inside.write("/opt/ml/processing/data/__pycache__/m.pyc", "compiled")
        return 0

    bench = Bench(tmp_path, write)
    for key in ("in/old", "in/changed"):
        bench.store.write(S3Uri("bucket", key), b"old")
    result = run(
        bench,
        processing_output("out", "s3://bucket/out"),
        ProcessingInputs=[processing_input("data", "s3://bucket/in/")],
    )
    assert [(item.container_path, item.size) for item in result.lost_files] == [
        ("/opt/ml/processing/data/changed", 10),
        ("/opt/ml/processing/data/new", 4),
        ("/opt/ml/processing/other/x", 4),
        ("/srv/y", 4),
    ]
    assert bench.store.read(S3Uri("bucket", "in/changed")) == b"old"


def test_uploads_are_of_files_and_never_of_what_they_link_to(tmp_path: Path) -> None:
    def link(inside: Inside) -> int:
        (inside.path(OUT) / "passwd").symlink_to("/etc/passwd")
        return 0

    bench = Bench(tmp_path, link)
    run(bench, processing_output("out", "s3://bucket/out"))
    uploads: list[Upload] = [upload for batch in bench.store.uploads for upload in batch]
    assert uploads == []
