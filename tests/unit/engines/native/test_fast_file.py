"""FastFile: the same files as in File mode, which nobody can write to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from seatrial.ports.jobs import JobResult
from tests.adapters.memory_runner import Inside, MemoryRunner
from tests.unit.engines.native.requests import Bench


def channel(name: str, uri: str, mode: str | None = "FastFile", **source: Any) -> dict[str, Any]:
    data = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri, **source}}
    return {"ChannelName": name, "DataSource": data, **({"InputMode": mode} if mode else {})}


def train(bench: Bench, *channels: dict[str, Any]) -> JobResult:
    bench.store.contents["bucket"] = {
        "data/train/a.csv": b"a",
        "data/train/sub/b.csv": b"b",
        "data/train-2/c.csv": b"c",
        "data/marked/": b"",
    }
    return bench.train(InputDataConfig=list(channels))


def test_its_files_cannot_be_written_to_and_those_of_file_mode_can(tmp_path: Path) -> None:
    refused: list[str] = []

    def program(inside: Inside) -> int:
        for name in ("fast", "file"):
            try:
                inside.write(f"/opt/ml/input/data/{name}/sub/b.csv", "changed")
            except PermissionError:
                refused.append(name)
        told = json.loads(inside.path("/opt/ml/input/config/inputdataconfig.json").read_text())
        assert {each["TrainingInputMode"] for each in told.values()} == {"File"}
        return 0

    bench = Bench(tmp_path, program)
    result = train(
        bench,
        channel("fast", "s3://bucket/data/train/"),
        channel("file", "s3://bucket/data/train/", mode=None),
        channel("none", "s3://bucket/data/marked/"),
    )
    assert result.describe["TrainingJobStatus"] == "Completed", result.describe
    assert refused == ["fast"]
    assert isinstance(bench.runner, MemoryRunner)
    [spec] = bench.runner.specs
    assert [mount.target for mount in spec.mounts if mount.read_only and "/input/" in mount.target] == [
        "/opt/ml/input/data/fast",
        "/opt/ml/input/data/none",
    ]


@pytest.mark.parametrize("uri", ["s3://bucket/data/train/", "s3://bucket/data/train/a.csv", "s3://bucket"])
def test_a_whole_folder_file_or_bucket_can_be_mounted(tmp_path: Path, uri: str) -> None:
    result = train(Bench(tmp_path), channel("train", uri))
    assert result.describe["TrainingJobStatus"] == "Completed"


def test_a_prefix_that_others_begin_with_fails_the_job_in_the_services_words(tmp_path: Path) -> None:
    result = train(Bench(tmp_path), channel("train", "s3://bucket/data/train"))
    reason = str(result.describe["FailureReason"])
    assert reason.startswith(
        "ClientError: Data download failed:Failed to download data. For FastFile mode, partial S3 prefix is "
        "not supported."
    )
    assert reason.endswith("Current S3 prefix: [data/train], found S3 object: [data/train-2/c.csv].")


def test_a_manifest_cannot_be_mounted(tmp_path: Path) -> None:
    result = train(Bench(tmp_path), channel("train", "s3://bucket/list", S3DataType="ManifestFile"))
    assert result.refusal == (
        "ValidationException: channel 'train': FastFile reads an S3Prefix, not a ManifestFile"
    )


def test_it_does_not_go_together_with_pipes(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    algorithm = {"TrainingImage": "image:1", "TrainingInputMode": "FastFile"}
    piped = channel("other", "s3://bucket/data/train/", mode="Pipe")
    result = bench.train(
        AlgorithmSpecification=algorithm,
        InputDataConfig=[channel("train", "s3://bucket/data/train/", mode=None), piped],
    )
    assert result.refusal is not None
    assert (
        "Cannot use both 'Pipe' and 'FastFile' TrainingInputMode on the same Training Job." in result.refusal
    )


def test_a_host_whose_share_is_nothing_has_an_empty_folder(tmp_path: Path) -> None:
    seen: list[list[str]] = []

    def program(inside: Inside) -> int:
        seen.append(sorted(path.name for path in inside.path("/opt/ml/input/data/train").iterdir()))
        return 0

    bench = Bench(tmp_path, program)
    bench.store.contents["bucket"] = {"data/a.csv": b"a"}
    sharded = channel("train", "s3://bucket/data/", S3DataDistributionType="ShardedByS3Key")
    result = bench.train(
        InputDataConfig=[sharded],
        ResourceConfig={"InstanceCount": 2, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30},
    )
    assert result.describe["TrainingJobStatus"] == "Completed", result.describe
    assert sorted(seen) == [[], ["a.csv"]]
