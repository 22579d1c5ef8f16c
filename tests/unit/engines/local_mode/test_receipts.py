"""What a job read and wrote, from listings and its process's word."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Collection
from pathlib import Path

from seatrial.engines.local_mode.receipts import list_inputs, list_outputs, make_receipts
from seatrial.engines.processing import read_processing_job
from seatrial.engines.training import read_training_job
from seatrial.ports.jobs import OutputReceipt
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_store import MemoryStore
from tests.unit.engines.native.requests import (
    job_request,
    processing_input,
    processing_output,
    processing_parameters,
    training_parameters,
)


def keys(receipt: OutputReceipt) -> list[str]:
    return [item.key for item in receipt.objects]


def receipts_of(
    folder: Path,
    *uris: str,
    before: dict[str, bytes],
    after: dict[str, bytes],
    uploaded: Collection[str] | None,
) -> dict[str, OutputReceipt]:
    """One receipt for each output, named by number, of a job that turned `before` into `after`."""
    store = MemoryStore()
    outputs = {"Outputs": [processing_output(str(n), uri) for n, uri in enumerate(uris)]}
    parameters = processing_parameters(ProcessingOutputConfig=outputs)
    job = read_processing_job(job_request(folder, "Processing", parameters))
    for key, data in before.items():
        store.write(S3Uri("bucket", key), data)
    seen = list_outputs(store, job)
    for key, data in after.items():
        store.write(S3Uri("bucket", key), data)
    told = None if uploaded is None else {S3Uri("bucket", key) for key in uploaded}
    return {receipt.name: receipt for receipt in make_receipts(store, seen, told, folder)}


def test_what_was_uploaded_is_written_and_the_rest_was_there(tmp_path: Path) -> None:
    receipt = receipts_of(
        tmp_path, "s3://bucket/out", before={"out/old": b"1"}, after={"out/new": b"2"}, uploaded=["out/new"]
    )["0"]
    assert keys(receipt) == ["out/new"]
    assert [item.key for item in receipt.existing] == ["out/old"]


def test_an_object_written_again_as_it_was_is_written(tmp_path: Path) -> None:
    receipt = receipts_of(
        tmp_path,
        "s3://bucket/out/",
        before={"out/same": b"1"},
        after={"out/same": b"1"},
        uploaded=["out/same"],
    )["0"]
    assert keys(receipt) == ["out/same"]
    assert receipt.existing == ()


def test_what_a_neighbour_wrote_meanwhile_is_not_ours(tmp_path: Path) -> None:
    receipt = receipts_of(tmp_path, "s3://bucket/out", before={}, after={"out/theirs": b"1"}, uploaded=[])[
        "0"
    ]
    assert keys(receipt) == []
    assert [item.key for item in receipt.existing] == ["out/theirs"]


def test_without_the_process_word_new_and_changed_objects_count(tmp_path: Path) -> None:
    before = {"out/same": b"1", "out/changed": b"1"}
    after = {"out/changed": b"2", "out/new": b"3"}
    receipt = receipts_of(tmp_path, "s3://bucket/out", before=before, after=after, uploaded=None)["0"]
    assert keys(receipt) == ["out/changed", "out/new"]


def test_the_closest_prefix_has_the_object(tmp_path: Path) -> None:
    after = {"out/a": b"1", "out/in/b": b"2"}
    receipts = receipts_of(
        tmp_path,
        "s3://bucket/out",
        "s3://bucket/out/in",
        before={},
        after=after,
        uploaded=["out/a", "out/in/b"],
    )
    assert (keys(receipts["0"]), keys(receipts["1"])) == (["out/a"], ["out/in/b"])


def test_a_neighbouring_prefix_is_another(tmp_path: Path) -> None:
    receipt = receipts_of(
        tmp_path, "s3://bucket/out", before={}, after={"out-2/x": b"1"}, uploaded=["out-2/x"]
    )["0"]
    assert (receipt.objects, receipt.existing) == ((), ())


def test_an_archive_has_its_files_with_their_digests(tmp_path: Path) -> None:
    store = MemoryStore()
    request = job_request(tmp_path, "Training", training_parameters())
    before = list_outputs(store, read_training_job(request))
    place = S3Uri("bucket", "models/job-1/output/model.tar.gz")
    store.write(place, archive({"model.bin": b"weights", "deep/er": b"x"}))
    model, output = make_receipts(store, before, {place}, tmp_path)
    assert [(item.name, item.size) for item in model.members] == [("model.bin", 7), ("deep/er", 1)]
    assert model.members[0].sha256 == hashlib.sha256(b"weights").hexdigest()
    assert (output.objects, output.members) == ((), ())
    assert list(tmp_path.iterdir()) == []


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as packed:
        for name, data in files.items():
            header = tarfile.TarInfo(name)
            header.size = len(data)
            packed.addfile(header, io.BytesIO(data))
    return buffer.getvalue()


def test_an_input_is_the_object_of_that_key_or_all_beneath(tmp_path: Path) -> None:
    store = MemoryStore()
    for key in ("code/run.sh", "code/run.sh.bak", "data/a", "data/folder/", "data-2/b"):
        store.write(S3Uri("bucket", key), b"1" if not key.endswith("/") else b"")
    inputs = [
        processing_input("code", "s3://bucket/code/run.sh"),
        processing_input("data", "s3://bucket/data"),
    ]
    job = read_processing_job(
        job_request(tmp_path, "Processing", processing_parameters(ProcessingInputs=inputs))
    )
    code, data = list_inputs(store, job)
    assert [item.key for item in code.objects] == ["code/run.sh"]
    assert [item.key for item in data.objects] == ["data-2/b", "data/a"]
