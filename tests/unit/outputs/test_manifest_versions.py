"""Manifests that earlier versions wrote, kept here to the letter, are read and written on as the newest."""

from __future__ import annotations

import json

import pytest

from seatrial.errors import RefusedError
from seatrial.outputs import S3OutputPathRegistry
from seatrial.outputs.manifest_versions import SCHEMA_VERSION, UPGRADES

BEFORE_VERSIONS = """{
  "execution_metadata": {"pipeline_name": "cancer", "execution_id": "e1", "start_time": "2024-05-01T10:00:00",
    "end_time": null, "total_steps": 2, "completed_steps": 1},
  "step_outputs": {"Prep": {"train": {"logical_name": "train", "s3_uri": "s3://b/p/train",
    "property_path": "ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri", "data_type": "S3Uri",
    "step_name": "Prep", "job_type": "training", "timestamp": "2024-05-01T10:05:00.250000",
    "metadata": {"container_path": "/opt/ml/x", "timestamp": "mine"}}}}
}"""
VERSION_1 = """{
  "schema_version": 1,
  "step_outputs": {"Prep": {"train": {"logical_name": "train", "s3_uri": "s3://b/p/train",
    "property_path": "ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri", "data_type": "S3Uri",
    "step_name": "Prep", "job_type": null, "timestamp": "2026-03-01T12:00:00Z",
    "metadata": {"container_path": "/opt/ml/x", "count": 1, "bytes": 4, "formats": ["csv"],
      "objects": [{"bucket": "b", "key": "p/train/a.csv", "relative_key": "a.csv", "size": 4,
        "etag": "00000000000000000000000000000000"}], "members": [], "unheard_of": {"kept": true}}}}},
  "execution_metadata": {"pipeline_name": "cancer", "execution_id": "e1",
    "start_time": "2026-03-01T12:00:00Z",
    "end_time": null, "total_steps": 1, "completed_steps": 1}
}"""


def read(text: str) -> S3OutputPathRegistry:
    registry = S3OutputPathRegistry()
    registry.import_from_manifest(json.loads(text))
    return registry


def test_a_manifest_of_version_1_is_written_as_it_was_read() -> None:
    assert read(VERSION_1).export_to_manifest() == json.loads(VERSION_1)


def test_a_manifest_from_before_there_were_versions_is_read_with_its_times_in_utc() -> None:
    manifest = read(BEFORE_VERSIONS).export_to_manifest()
    assert manifest["schema_version"] == SCHEMA_VERSION
    assert manifest["execution_metadata"]["start_time"] == "2024-05-01T10:00:00Z"
    train = manifest["step_outputs"]["Prep"]["train"]
    assert train["timestamp"] == "2024-05-01T10:05:00.250000Z"
    assert train["metadata"] == {"container_path": "/opt/ml/x", "timestamp": "mine"}


@pytest.mark.parametrize("text", [BEFORE_VERSIONS, VERSION_1])
def test_a_second_round_trip_changes_nothing_more(text: str) -> None:
    once = read(text).export_to_manifest()
    assert read(json.dumps(once)).export_to_manifest() == once


def test_a_newer_manifest_is_refused_in_words() -> None:
    newer = {**json.loads(VERSION_1), "schema_version": SCHEMA_VERSION + 1}
    with pytest.raises(RefusedError, match=f"version {SCHEMA_VERSION + 1}; this seatrial reads up to"):
        read(json.dumps(newer))


def test_every_older_version_has_a_way_to_the_next() -> None:
    assert sorted(UPGRADES) == list(range(SCHEMA_VERSION))


def test_a_time_that_is_none_is_refused_with_its_place() -> None:
    broken = json.loads(BEFORE_VERSIONS)
    broken["execution_metadata"]["start_time"] = "yesterday"
    with pytest.raises(RefusedError) as refused:
        read(json.dumps(broken))
    assert refused.value.where == "/execution_metadata/start_time"
