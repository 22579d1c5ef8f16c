"""A job whose role may not do what the service does for it: the job fails, and it is known of what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from seatrial.ports.jobs import Denial, JobResult
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_runner import Inside
from tests.adapters.role_bound_store import RoleBoundMemoryStore
from tests.unit.dataflow.permissions.policies import allow
from tests.unit.engines.native.requests import (
    Bench,
    job_request,
    processing_input,
    processing_output,
    processing_parameters,
    training_parameters,
)

LISTS = allow("s3:ListBucket", "arn:aws:s3:::bucket")
READS = allow("s3:GetObject", "arn:aws:s3:::bucket/in/*")
WRITES = allow("s3:PutObject", "arn:aws:s3:::bucket/out/*")
CHANNEL = {
    "ChannelName": "train",
    "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/in/"}},
}


def _write(inside: Inside) -> int:
    inside.write("/opt/ml/processing/out/a.csv", "1")
    inside.write("/opt/ml/output/message", "done")
    return 0


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path, _write)
    bench.store.write(S3Uri("bucket", "in/a.csv"), b"1,2")
    bench.store.write(S3Uri("bucket", "out/before.csv"), b"1,2")
    return bench


def run(bench: Bench, kind: str, *statements: dict[str, Any], **members: Any) -> JobResult:
    parameters = processing_parameters if kind == "Processing" else training_parameters
    store = RoleBoundMemoryStore(bench.store, *statements)
    request = job_request(bench.folder, kind, parameters(**members))
    return bench.engine(store=store).run(request, bench.progress)


def process(bench: Bench, *statements: dict[str, Any], data_type: str = "S3Prefix") -> JobResult:
    given = processing_input("in", "s3://bucket/in/a.csv" if data_type != "S3Prefix" else "s3://bucket/in/")
    given["S3Input"]["S3DataType"] = data_type
    outputs = {"Outputs": [processing_output("out", "s3://bucket/out/new")]}
    return run(bench, "Processing", *statements, ProcessingInputs=[given], ProcessingOutputConfig=outputs)


def test_a_role_that_may_do_what_the_service_does_needs_nothing_more(bench: Bench) -> None:
    result = process(bench, LISTS, READS, WRITES)
    assert result.describe["ProcessingJobStatus"] == "Completed"
    assert result.denied == ()
    assert [item.key for item in result.outputs[0].objects] == ["out/new/a.csv"]


def test_what_cannot_be_listed_is_not_found_as_the_service_words_it(bench: Bench) -> None:
    result = process(bench, READS, WRITES)
    assert result.describe["FailureReason"].startswith(
        'ClientError: Failed to download data. No S3 objects found under S3 URL "s3://bucket/in/"'
    )
    assert result.denied == (Denial("s3:ListBucket", "s3://bucket/in/"),)


def test_a_training_job_that_cannot_list_its_channel_is_never_made(bench: Bench) -> None:
    result = run(bench, "Training", READS, WRITES, InputDataConfig=[CHANNEL])
    assert result.refusal is not None
    assert result.refusal.startswith("ValidationException: No S3 objects found")
    assert result.denied == (Denial("s3:ListBucket", "s3://bucket/in/"),)


def test_what_cannot_be_read_is_not_downloaded(bench: Bench) -> None:
    result = process(bench, LISTS, WRITES)
    assert result.describe["FailureReason"] == (
        "ClientError: Failed to download data. AccessDenied: s3:GetObject on s3://bucket/in/a.csv"
    )
    assert result.denied == (Denial("s3:GetObject", "s3://bucket/in/a.csv"),)


def test_what_cannot_be_written_is_not_uploaded_and_the_message_is_kept(bench: Bench) -> None:
    result = process(bench, LISTS, READS)
    assert result.describe["FailureReason"] == (
        "ClientError: Failed to upload data. AccessDenied: s3:PutObject on s3://bucket/out/new/a.csv"
    )
    assert result.describe["ExitMessage"] == "done"
    assert result.denied == (Denial("s3:PutObject", "s3://bucket/out/new/a.csv"),)


def test_a_manifest_and_what_it_names_are_read_and_nothing_is_listed(bench: Bench) -> None:
    manifest = json.dumps([{"prefix": "s3://bucket/in/"}, "b.csv"]).encode()
    bench.store.write(S3Uri("bucket", "in/a.csv"), manifest)
    bench.store.write(S3Uri("bucket", "in/b.csv"), b"3,4")
    result = process(bench, READS, WRITES, data_type="ManifestFile")
    assert result.describe["ProcessingJobStatus"] == "Completed"
    denied = process(bench, allow("s3:GetObject", "arn:aws:s3:::bucket/in/a.csv"), data_type="ManifestFile")
    assert denied.denied == (Denial("s3:GetObject", "s3://bucket/in/b.csv"),)
