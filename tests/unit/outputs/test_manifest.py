"""The manifest is kept beside the execution and in the bucket, and read back as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from seatrial.errors import RecordError, RefusedError, StorageError
from seatrial.outputs import S3OutputPathRegistry, load_manifest, save_manifest
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import pipeline, training
from tests.adapters.simulated_run import simulate

BUCKET = "seatrial-state"


def test_the_manifest_lies_in_the_folder_and_in_the_bucket(tmp_path: Path) -> None:
    store = MemoryStore()
    registry = simulate(pipeline(training("Train"))).registry
    uri = save_manifest(registry, store, BUCKET, tmp_path / "execution")
    assert str(uri) == "s3://seatrial-state/cancer/abc123def456/manifest.json"
    assert json.loads((tmp_path / "execution/manifest.json").read_text()) == registry.export_to_manifest()
    assert load_manifest(store, uri) == registry
    assert [path.name for path in (tmp_path / "execution").iterdir()] == ["manifest.json"]


def test_a_store_that_is_lost_does_not_take_the_folder_with_it(tmp_path: Path) -> None:
    registry = simulate(pipeline(training("Train"))).registry
    with pytest.raises(StorageError):
        save_manifest(registry, MemoryStore(), "Not A Bucket", tmp_path)
    assert (tmp_path / "manifest.json").exists()


def test_a_registry_without_execution_has_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(RecordError):
        save_manifest(S3OutputPathRegistry(), MemoryStore(), BUCKET, tmp_path)


@pytest.mark.parametrize("content", [b"", b"[]", b"{"])
def test_an_object_that_is_no_manifest_is_said_to_be_none(content: bytes) -> None:
    store = MemoryStore()
    store.write(S3Uri("data", "manifest.json"), content)
    with pytest.raises(StorageError, match="not a manifest"):
        load_manifest(store, S3Uri("data", "manifest.json"))


def test_a_manifest_of_a_newer_version_is_refused() -> None:
    store = MemoryStore()
    store.write(S3Uri("data", "manifest.json"), b'{"schema_version": 99}')
    with pytest.raises(RefusedError, match="schema version 99"):
        load_manifest(store, S3Uri("data", "manifest.json"))
