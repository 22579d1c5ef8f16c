"""Keeps the registry's manifest beside the execution and in the bucket; must not know who asks for it."""

from __future__ import annotations

import json
from pathlib import Path

from seatrial.errors import RecordError, StorageError
from seatrial.outputs.registry import S3OutputPathRegistry
from seatrial.ports.storage import ObjectStore, S3Uri

FILE_NAME = "manifest.json"


def manifest_uri(bucket: str, pipeline_name: str, execution_id: str) -> S3Uri:
    """Where the manifest of an execution lies in the store."""
    return S3Uri(bucket, f"{pipeline_name}/{execution_id}/{FILE_NAME}")


def save_manifest(registry: S3OutputPathRegistry, store: ObjectStore, bucket: str, folder: Path) -> S3Uri:
    """Write the manifest into the execution's folder, then into the bucket; where it lies there.

    The folder comes first, so that an execution whose store was lost still has its manifest.
    """
    metadata = registry.execution_metadata
    if metadata is None:
        raise RecordError(
            "a registry without execution has no manifest of its own",
            slug="registry-without-execution",
            hint="set execution_metadata first",
        )
    text = json.dumps(registry.export_to_manifest(), indent=2, sort_keys=False) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    half_written = folder / f".{FILE_NAME}"
    half_written.write_text(text, encoding="utf-8")
    half_written.replace(folder / FILE_NAME)
    target = manifest_uri(bucket, metadata.pipeline_name, metadata.execution_id)
    store.write(target, text.encode())
    return target


def load_manifest(store: ObjectStore, uri: S3Uri) -> S3OutputPathRegistry:
    """Read a manifest back from the store."""
    registry = S3OutputPathRegistry()
    registry.import_from_manifest(_parsed(store.read(uri), uri))
    return registry


def _parsed(data: bytes, uri: S3Uri) -> dict[str, object]:
    try:
        document = json.loads(data)
    except ValueError as broken:
        raise _not_a_manifest(uri) from broken
    if not isinstance(document, dict):
        raise _not_a_manifest(uri)
    return document


def _not_a_manifest(uri: S3Uri) -> StorageError:
    return StorageError(
        "the object is not a manifest of outputs",
        slug="invalid-manifest",
        where=str(uri),
        hint="write it again: seatrial outputs",
    )
